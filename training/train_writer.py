"""Train the writer: a LoRA adapter for digests, summaries, recommendations and translation.

    python -m training.train_writer --model BASE.gguf --volumes FOLDER --hold-out NAME… --out models/writer

Loss is on the reply alone. The softmax runs over the words that occur in the
training text: the base model already knows not to say the others, and the
whole head would cost about as much as all blocks together.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

import torch
from llama_cpp import Llama
from torch.nn import functional as F

from pipeline.language.glossary import load_glossary
from pipeline.language.hints import load_hints
from training.gemma import Gemma, load_adapter, save_adapter
from training.optimizer import Optimizer
from training.pairs import PROMPTS, Pair, all_tasks, own_pairs, writer_pairs

SEED = 7
RANK, ALPHA = 32, 64.0
LORA_FROM = 6
STEP_TOKENS = 2200  # of all sequences of one step
LONGEST = 1100  # tokens; longer pairs are left out
MEASURED = 12  # pairs of each task and held-out volume whose loss is measured
# Tokens of each task in one epoch, drawn anew for each: what the product writes most gets most.
BUDGET = {
    "digest": 24_000,
    "summary": 12_000,
    "recommendation": 24_000,
    "translate/en": 950_000,
    "translate/zh": 24_000,
}


def main() -> None:
    options = arguments()
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    vocabulary = Llama(str(options.model), vocab_only=True, verbose=False)
    encode = lambda text: vocabulary.tokenize(text.encode(), add_bos=False, special=False)
    hints, tasks = load_hints(PROMPTS, load_glossary(PROMPTS / "glossary.toml")), all_tasks()
    train, held_out = own_pairs(hints, tasks, rng), []
    for folder in sorted(options.volumes.iterdir()):
        if (folder / "gold").is_dir():
            pairs = writer_pairs(folder, hints, tasks, rng)
            if folder.name in options.hold_out:
                held_out += pairs
            else:
                train += pairs
    every = [encoded(p, encode, vocabulary.token_bos()) for p in train]
    epochs = [batches(within_budget(rng.sample(every, len(every))), rng) for _ in range(options.epochs)]
    measured = sample([encoded(p, encode, vocabulary.token_bos()) for p in held_out], rng)
    words = torch.tensor(sorted({t for _, prompt, reply in every + measured for t in prompt + reply}))
    print(
        f"{len(every)} pairs, {sum(len(p) + len(r) for _, p, r in every)} tokens, {len(words)} words; "
        f"{len(measured)} held out",
        flush=True,
    )

    model = Gemma(options.model, RANK, ALPHA, LORA_FROM)
    if options.start:
        load_adapter(model, options.start)
    for block in model.blocks:
        block.compile(dynamic=True)
    optimizer = Optimizer(model, sum(map(len, epochs)))
    report(model, measured, words, "before")
    for epoch, steps in enumerate(epochs):
        started, seen, losses = time.time(), 0, []
        for number, batch in enumerate(steps, 1):
            losses.append(optimizer.step(reply_loss(model, batch, words)))
            seen += sum(len(p) + len(r) for _, p, r in batch)
            if number % 20 == 0:
                rate = seen / (time.time() - started)
                loss = sum(losses[-20:]) / 20
                print(f"epoch {epoch + 1} step {number}/{len(steps)} loss {loss:.4f} {rate:.0f} tokens/s", flush=True)
            if number % 100 == 0:
                save_adapter(model, options.out / "adapter.gguf", "briefing writer", ALPHA)
        save_adapter(model, options.out / "adapter.gguf", "briefing writer", ALPHA)
        report(model, measured, words, f"epoch {epoch + 1}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="GGUF of the base model")
    parser.add_argument(
        "--volumes", type=Path, required=True, help="folder of folders with VOLUME.md, gold/ and digests/"
    )
    parser.add_argument("--hold-out", nargs="*", default=[], help="folders to measure on, never to train on")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--start", type=Path, help="adapter to go on from, instead of from nothing")
    parser.add_argument("--out", type=Path, required=True, help="folder that the adapter goes to")
    return parser.parse_args()


def encoded(pair: Pair, encode, begin: int):
    """(task, prompt ids, reply ids); the reply ends with the newline that stops it."""
    return pair.task, [begin] + encode(pair.prompt), encode(pair.reply + "\n")


def within_budget(examples):
    """The first of each task that keep its BUDGET of tokens."""
    left, kept = dict(BUDGET), []
    for task, prompt, reply in examples:
        key = task if task in left else task.split("/")[0]
        size = len(prompt) + len(reply)
        if size <= LONGEST and left[key] >= size:
            left[key] -= size
            kept.append((task, prompt, reply))
    return kept


def sample(examples, rng: random.Random):
    rng.shuffle(examples)
    kept, count = [], {}
    for example in examples:
        count[example[0]] = count.get(example[0], 0) + 1
        if count[example[0]] <= MEASURED and len(example[1]) + len(example[2]) <= LONGEST:
            kept.append(example)
    return kept


def batches(examples, rng: random.Random):
    """Steps of about STEP_TOKENS, examples of like length together, in random order."""
    ordered = sorted(examples, key=lambda e: len(e[1]) + len(e[2]) + rng.random() * 8)
    result, batch, longest = [], [], 0
    for example in ordered:
        size = len(example[1]) + len(example[2])
        if batch and max(longest, size) * (len(batch) + 1) > STEP_TOKENS:
            result.append(batch)
            batch, longest = [], 0
        batch.append(example)
        longest = max(longest, size)
    rng.shuffle(result := result + [batch])
    return result


def reply_loss(model: Gemma, batch, words: torch.Tensor) -> torch.Tensor:
    """Mean cross entropy of the reply tokens among `words`."""
    length = max(len(p) + len(r) for _, p, r in batch)
    tokens = torch.zeros(len(batch), length, dtype=torch.long)
    rows, columns, targets = [], [], []
    for row, (_, prompt, reply) in enumerate(batch):
        tokens[row, : len(prompt) + len(reply)] = torch.tensor(prompt + reply)
        rows += [row] * len(reply)
        columns += range(len(prompt) - 1, len(prompt) + len(reply) - 1)
        targets += reply
    hidden = model(tokens)[torch.tensor(rows), torch.tensor(columns)]
    return F.cross_entropy(model.logits(hidden, words), torch.searchsorted(words, torch.tensor(targets)))


@torch.no_grad()
def report(model: Gemma, measured, words: torch.Tensor, when: str) -> None:
    by_task: dict[str, list] = {}
    for example in measured:
        by_task.setdefault(example[0], []).append(example)
    line = "  ".join(
        f"{t} {sum(reply_loss(model, [e], words).item() for e in es) / len(es):.3f}"
        for t, es in sorted(by_task.items())
    )
    print(f"{when}: held-out loss {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
