"""Train the reader: a LoRA adapter that labels each line of a paper.

    python -m training.train_reader --model BASE.gguf --volumes FOLDER --hold-out NAME… --out models/reader

Each folder of `--volumes` holds VOLUME.md and gold/NN.json. Held-out volumes
are never trained on; after each epoch they are measured, and the adapter of
the best epoch is kept. With `--extra` one more volume is measured, or with
`--learn-extra` learnt as well, for the adapter that ships.
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

from pipeline.llm.window import READ_TOKENS, Window, windows
from training.annotations import IGNORE, LabelledPaper, labelled_papers, own_recommendations
from training.damage import damaged
from training.gemma import Gemma, load_adapter, save_adapter
from training.optimizer import Optimizer

SEED = 7
NAME = "briefing reader"
RANK, ALPHA = 16, 32.0
LORA_FROM = 6  # blocks under it only see words; leaving them alone makes an epoch a third shorter
WINDOWS_A_STEP = 2
SHORTEST, LONGEST = 800, 2400  # tokens of the lines that a window labels in training; longer ones train slower
DAMAGE = 0.15  # chance of each kind, per paper and epoch
WEIGHTS = {"kind": 1.0, "fact": 0.5, "theme": 0.5, "addressee": 0.2, "gist": 0.4}
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
        extra = labelled_papers(*options.extra)
        if options.learn_extra:
            train += extra
        else:
            held_out["extra"] = extra
    assert not {p.name for p in train} & {p.name for ps in held_out.values() for p in ps}
    print(f"{len(train)} papers to train on; held out: {', '.join(held_out)}", flush=True)

    model = Gemma(options.model, RANK, ALPHA, LORA_FROM)
    for block in model.blocks:
        block.compile(dynamic=True)
    if options.start:
        load_adapter(model, options.start)
    draws = [p for p in train for _ in range(2 if p.name.split("/")[0] in options.twice else 1)]
    drawn = lambda: rng.sample(draws, int(options.share * len(draws))) + own_recommendations(rng)
    epochs = [[e for p in drawn() for e in paper_examples(p, classes, tokenize, rng)] for _ in range(options.epochs)]
    optimizer = Optimizer(model, sum(-(-len(examples) // WINDOWS_A_STEP) for examples in epochs))
    best = -1.0
    for epoch, examples in enumerate(epochs):
        model.train()
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
            save_adapter(model, options.out / "adapter.gguf", NAME, ALPHA)
            print(f"epoch {epoch + 1} kept, mean line F1 {mean:.3f}", flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="GGUF of the base model")
    parser.add_argument("--volumes", type=Path, required=True, help="folder of folders with VOLUME.md and gold/")
    parser.add_argument("--hold-out", nargs="*", default=[], help="folders to measure on, never to train on")
    parser.add_argument("--extra", nargs=2, type=Path, help="one more volume and its gold folder, measured only")
    parser.add_argument("--learn-extra", action="store_true", help="train on --extra, too")
    parser.add_argument("--twice", nargs="*", default=[], help="folders that each epoch shows twice")
    parser.add_argument("--share", type=float, default=1.0, help="of the papers, in an epoch; our own are always all")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--start", type=Path, help="adapter to go on from, instead of from nothing")
    parser.add_argument("--out", type=Path, required=True, help="folder with labels.toml; the adapter goes there")
    return parser.parse_args()


def paper_examples(paper: LabelledPaper, classes: dict, tokenize, rng: random.Random | None):
    """(window, labels by question and read) of one paper; damaged where `rng` is given."""
    lines, headings, room, first = list(paper.lines), paper.headings, READ_TOKENS, READ_TOKENS
    if rng:
        lines = damaged(paper.lines, DAMAGE, rng)
        headings = () if rng.random() < DAMAGE else headings
        room = rng.randint(SHORTEST, LONGEST)
        first = rng.randint(SHORTEST // 3, room)
    for window in windows(paper.title, headings, lines, tokenize, room, first):
        targets = {q: [classes[q].get(getattr(paper, q)[line], IGNORE) for _, line in window.reads] for q in QUESTIONS}
        yield window, targets


def read_states(model: Gemma, window: Window) -> torch.Tensor:
    """Hidden states (reads, width) where the labels of a window are read."""
    return model(torch.tensor([window.tokens]))[0, [at for at, _ in window.reads]]


def batch_loss(model: Gemma, batch: list[tuple[Window, dict]], words) -> torch.Tensor:
    """Weighted cross entropy of all questions; windows one by one, since lengths differ too much to pad them."""
    hidden = torch.cat([read_states(model, window) for window, _ in batch])
    loss = hidden.sum() * 0.0
    for question, weight in WEIGHTS.items():
        targets = torch.tensor([t for _, targets in batch for t in targets[question]])
        if (targets != IGNORE).any():
            loss = loss + weight * F.cross_entropy(model.logits(hidden, words[question]), targets, ignore_index=IGNORE)
    return loss


@torch.no_grad()
def measure(model: Gemma, papers: list[LabelledPaper], words, classes, tokenize) -> dict[str, float]:
    """F1 of recommendations' lines and first lines, of digests' and of facts' lines, accuracy of the rest."""
    model.eval()
    pairs = {q: [] for q in QUESTIONS}
    for window, targets in (e for p in papers for e in paper_examples(p, classes, tokenize, None)):
        hidden = read_states(model, window)
        for q in QUESTIONS:
            predicted = model.logits(hidden, words[q]).argmax(-1).tolist()
            pairs[q] += [(p, g) for p, g in zip(predicted, targets[q], strict=True) if g != IGNORE]
    begins = classes["kind"]["begins"]
    accuracy = lambda q: sum(p == g for p, g in pairs[q]) / max(1, len(pairs[q]))
    return {
        "line_f1": f1([(p > 0, g > 0) for p, g in pairs["kind"]]),
        "begin_f1": f1([(p == begins, g == begins) for p, g in pairs["kind"]]),
        "gist_f1": f1([(p > 0, g > 0) for p, g in pairs["gist"]]),
        "fact_f1": f1([(p > 0, g > 0) for p, g in pairs["fact"]]),
        "theme": accuracy("theme"),
        "addressee": accuracy("addressee"),
    }


def f1(pairs) -> float:
    right = sum(p and g for p, g in pairs)
    return 2 * right / max(1, sum(p for p, _ in pairs) + sum(g for _, g in pairs))


if __name__ == "__main__":
    sys.exit(main())
