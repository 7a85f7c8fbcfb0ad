"""The margins of a page, from where its lines begin and end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.source.pdf_pages import PrintedLine

NEAR = 3.0  # points in which the ends of lines at one margin differ
STRONG = 3  # lines at least that make a margin
STRONG_SHARE = 0.15  # of the lines of a page
COLUMN = 10.0  # widths of a character, the least distance of the left margins of two columns


@dataclass(frozen=True, slots=True)
class Margins:
    """Where the columns of a page begin, and where its lines end."""

    lefts: tuple[float, ...]  # of columns
    rights: tuple[float, ...]
    widest: float  # the right end of the longest line, or what leaves a margin like the left one

    def indent(self, line: PrintedLine) -> float:
        """How far behind the margin of its column a line begins."""
        return line.left - max((edge for edge in self.lefts if edge <= line.left + line.size / 2), default=line.left)

    def room(self, line: PrintedLine) -> float:
        """How much a line leaves of the width of its column."""
        edge = min((edge for edge in self.rights if edge >= line.right - line.size), default=self.widest)
        return edge - line.right


def margins_of(lines: Sequence[PrintedLine], width: float, size: float) -> Margins:
    """The margins of a page of `width` points whose running text has `size` points."""
    if not lines:
        return Margins((), (), width)
    leftmost = min(line.left for line in lines)
    lefts = _strong((line.left for line in lines), len(lines)) or [leftmost]
    columns = [left for at, left in enumerate(lefts) if at == 0 or left - lefts[at - 1] > COLUMN * size]
    rights = _strong((line.right for line in lines if line.right - line.left > COLUMN * size), len(lines))
    return Margins(tuple(columns), tuple(rights), max(width - leftmost, *(line.right for line in lines)))


def _strong(edges: Iterable[float], count: int) -> list[float]:
    """Edges at which many lines begin or end, ascending."""
    found: Counter[float] = Counter(round(edge / NEAR) * NEAR for edge in edges)
    return sorted(edge for edge, lines in found.items() if lines >= max(STRONG, STRONG_SHARE * count))
