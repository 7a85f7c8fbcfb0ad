"""The mean of two reader adapters, of which one was trained on from the other.

    python -m training.average ONE.gguf OTHER.gguf --out models/reader/adapter.gguf

Halfway between what it knew and what it learnt last, a model reads unseen papers
better than at either end ("model soups", arXiv 2203.05482).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from training.gemma import read_adapter, write_adapter
from training.train_reader import ALPHA, NAME


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("adapters", nargs=2, type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    one, other = map(read_adapter, options.adapters)
    write_adapter(options.out, {name: torch.lerp(one[name], other[name], 0.5) for name in one}, NAME, ALPHA)


if __name__ == "__main__":
    sys.exit(main())
