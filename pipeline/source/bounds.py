"""What a reader of files returns, and how large it may be: a bound on time and memory whatever file comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pipeline.errors import SourceError

# 2,000 papers of 7,500 characters have half of the characters and two thirds of the lines.
MOST_CHARACTERS = 30_000_000
MOST_LINES = 500_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of one file."""

    text: str
    pages: tuple[tuple[int, int], ...] = ()  # (offset, page from there on); () where the format has no pages
    warnings: tuple[str, ...] = ()


def bounded(lines: Iterable[T], path: Path) -> Iterator[T]:
    """The same lines. Raises SourceError when they are more than a volume may have."""
    for count, line in enumerate(lines):
        if count >= MOST_LINES:
            raise SourceError(f"{path}: has more than {MOST_LINES:,} lines; split the volume")
        yield line
