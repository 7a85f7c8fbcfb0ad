"""Train the reader: a LoRA adapter that labels each line of a paper.

    python -m training.train_reader --model BASE.gguf --volumes FOLDER --hold-out NAME… --out models/reader

Each folder of `--volumes` holds VOLUME.md and gold/NN.json. Held-out volumes
are never trained on; after each epoch they are measured, and the adapter of
the best epoch is kept.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import tomllib
from pathlib import Path

import torch
from llama_cpp import Llama
from torch.nn import functional as F

from pipeline.llm.window import TRAIN_TOKENS, Window, windows
from training.annotations import IGNORE, LabelledPaper, labelled_papers
from training.damage import damaged
from training.gemma import Gemma, save_adapter
from training.optimizer import Optimizer

SEED = 7
RANK, ALPHA = 16, 32.0
LORA_FROM = 6  # blocks under it only see words; leaving them alone makes an epoch a third shorter
EPOCHS = 2
WINDOWS_A_STEP = 2
DAMAGE = 0.15  # chance of each kind, per paper and epoch
WEIGHTS = {"kind": 1.0, "fact": 0.4, "theme": 0.3, "addressee": 0.2}
QUESTIONS = tuple(WEIGHTS)


def main() -> None:
    options = arguments()
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    vocabulary = Llama(str(options.model), vocab_only=True, verbose=False)
    tokenize = lambda text: vocabulary.tokenize(text.encode(), add_bos=False, special=False)
    labels = tomllib.loads((options.out / "labels.toml").read_text(encoding="utf-8"))
    words = {q: torch.tensor([tokenize(w)[0] for w in labels[q].values()]) for q in QUESTIONS}
    classes = {q: {name: i for i, name in enumerate(labels[q])} for q in QUESTIONS}
    train, held_out = [], {}
    for folder in sorted(options.volumes.glob("*/gold")):
        papers = labelled_papers(folder.parent / "VOLUME.md", folder)
        if folder.parent.name in options.hold_out:
            held_out[folder.parent.name] = papers
        else:
            train += papers
    if options.extra:
        held_out["extra"] = labelled_papers(*options.extra)
    assert not {p.name for p in train} & {p.name for ps in held_out.values() for p in ps}
    print(f"{len(train)} papers to train on; held out: {', '.join(held_out)}", flush=True)

    model = Gemma(options.model, RANK, ALPHA, LORA_FROM)
    for block in model.blocks:
        block.compile(dynamic=True)
    count = sum(len(windows(p.title, p.headings, p.lines, tokenize, TRAIN_TOKENS)) for p in train)
    steps = EPOCHS * count // WINDOWS_A_STEP
    optimizer = Optimizer(model, steps)
    best = -1.0
    for epoch in range(EPOCHS):
        model.train()
        examples = [e for p in train for e in paper_examples(p, classes, tokenize, rng)]
        rng.shuffle(examples)
        started, seen, losses = time.time(), 0, []
        for at in range(0, len(examples), WINDOWS_A_STEP):
            batch = examples[at : at + WINDOWS_A_STEP]
            losses.append(optimizer.step(batch_loss(model, batch, words)))
            seen += sum(len(w.tokens) for w, _ in batch)
            if len(losses) % 10 == 0:
                rate = seen / (time.time() - started)
                print(
                    f"epoch {epoch + 1} window {at + len(batch)}/{len(examples)} "
                    f"loss {sum(losses[-10:]) / 10:.4f} {rate:.0f} tokens/s",
                    flush=True,
                )
        scores = {name: measure(model, papers, words, classes, tokenize) for name, papers in held_out.items()}
        for name, score in scores.items():
            print(f"epoch {epoch + 1} {name:10} " + "  ".join(f"{k} {v:.3f}" for k, v in score.items()), flush=True)
        chosen = [s["line_f1"] for name, s in scores.items() if name != "extra"]
        mean = sum(chosen) / len(chosen) if chosen else epoch
        if mean > best:
            best = mean
            save_adapter(model, options.out / "adapter.gguf", "briefing reader", ALPHA)
            print(f"epoch {epoch + 1} kept, mean line F1 {mean:.3f}", flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="GGUF of the base model")
    parser.add_argument("--volumes", type=Path, required=True, help="folder of folders with VOLUME.md and gold/")
    parser.add_argument("--hold-out", nargs="*", default=[], help="folders to measure on, never to train on")
    parser.add_argument("--extra", nargs=2, type=Path, help="one more volume and its gold folder, measured only")
    parser.add_argument("--out", type=Path, required=True, help="folder with labels.toml; the adapter goes there")
    return parser.parse_args()


def paper_examples(paper: LabelledPaper, classes: dict, tokenize, rng: random.Random | None):
    """(window, labels by question and read) of one paper; damaged where `rng` is given."""
    lines, headings, first = list(paper.lines), paper.headings, TRAIN_TOKENS
    if rng:
        lines = damaged(paper.lines, DAMAGE, rng)
        headings = () if rng.random() < DAMAGE else headings
        first = rng.randint(TRAIN_TOKENS // 3, TRAIN_TOKENS)
    for window in windows(paper.title, headings, lines, tokenize, TRAIN_TOKENS, first):
        targets = {q: [classes[q].get(getattr(paper, q)[line], IGNORE) for _, line in window.reads] for q in QUESTIONS}
        yield window, targets


def padded(batch: list[tuple[Window, dict]]):
    """Token ids (batch, length), and row and column of each read."""
    length = max(len(w.tokens) for w, _ in batch)
    tokens = torch.zeros(len(batch), length, dtype=torch.long)
    rows, columns = [], []
    for row, (window, _) in enumerate(batch):
        tokens[row, : len(window.tokens)] = torch.tensor(window.tokens)
        rows += [row] * len(window.reads)
        columns += [at for at, _ in window.reads]
    return tokens, torch.tensor(rows), torch.tensor(columns)


def batch_loss(model: Gemma, batch, words) -> torch.Tensor:
    tokens, rows, columns = padded(batch)
    hidden = model(tokens)[rows, columns]
    loss = hidden.sum() * 0.0
    for question, weight in WEIGHTS.items():
        targets = torch.tensor([t for _, targets in batch for t in targets[question]])
        if (targets != IGNORE).any():
            loss = loss + weight * F.cross_entropy(model.logits(hidden, words[question]), targets, ignore_index=IGNORE)
    return loss


@torch.no_grad()
def measure(model: Gemma, papers: list[LabelledPaper], words, classes, tokenize) -> dict[str, float]:
    """Line F1 of recommendations, F1 of their first lines and of facts, accuracy of themes and addressees."""
    model.eval()
    pairs = {q: [] for q in QUESTIONS}
    examples = [e for p in papers for e in paper_examples(p, classes, tokenize, None)]
    for at in range(0, len(examples), WINDOWS_A_STEP):
        batch = examples[at : at + WINDOWS_A_STEP]
        tokens, rows, columns = padded(batch)
        hidden = model(tokens)[rows, columns]
        for q in QUESTIONS:
            predicted = model.logits(hidden, words[q]).argmax(-1).tolist()
            gold = [t for _, targets in batch for t in targets[q]]
            pairs[q] += [(p, g) for p, g in zip(predicted, gold, strict=True) if g != IGNORE]
    begins = classes["kind"]["begins"]
    accuracy = lambda q: sum(p == g for p, g in pairs[q]) / max(1, len(pairs[q]))
    return {
        "line_f1": f1([(p > 0, g > 0) for p, g in pairs["kind"]]),
        "begin_f1": f1([(p == begins, g == begins) for p, g in pairs["kind"]]),
        "fact_f1": f1([(p > 0, g > 0) for p, g in pairs["fact"]]),
        "theme": accuracy("theme"),
        "addressee": accuracy("addressee"),
    }


def f1(pairs) -> float:
    right = sum(p and g for p, g in pairs)
    return 2 * right / max(1, sum(p for p, _ in pairs) + sum(g for _, g in pairs))


if __name__ == "__main__":
    sys.exit(main())
