"""Rows of tables: cells that stand beside one another, each of one line or several.

Word processors write a table cell by cell, so that a line which stands to the
right of those before it, and not below them, begins a further cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.source.blocks import SAME_SIZE
from pipeline.source.pdf_pages import PrintedLine

MOST_LINES = 12  # of one cell; more are a column of the page
LEADING = 1.6  # sizes of a character, up to which a line belongs to the cell above it
SLACK = 1.0  # points


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table as its cells, from left to right, each as its lines."""

    cells: tuple[tuple[PrintedLine, ...], ...]

    def text(self, join: Callable[[str, str], str]) -> str:
        """The words of the row, with a tab between two cells; `join` makes one text of two lines."""
        texts = []
        for first, *further in self.cells:
            text = first.text
            for line in further:
                text = join(text, line.text)
            texts.append(text)
        return "\t".join(texts)


def with_rows(lines: Sequence[PrintedLine]) -> Iterator[PrintedLine | Row]:
    """The lines of a page in order, those of each row of a table together."""
    at = 0
    while at < len(lines):
        cells, after = _row(lines, at)
        if len(cells) > 1:
            yield Row(tuple(map(tuple, cells)))
            at = after
        else:
            yield lines[at]
            at += 1


def _row(lines: Sequence[PrintedLine], first: int) -> tuple[list[list[PrintedLine]], int]:
    """The cells that follow one another from line `first` on, and the line behind them."""
    cells = [[lines[first]]]
    left = float("-inf")  # margin of the cell that grows: what stands before it belongs to the cells to its left
    at = first + 1
    while at < len(lines):
        line, cell = lines[at], cells[-1]
        drop = cell[-1].base - line.base
        edge = max(held.right for held in cell)
        if line.left >= edge - SLACK and line.base > _bottom(cells) - line.size / 3 and drop > -_height(cells):
            left = edge
            cells.append([line])
        elif _goes_on(cell, line) and left - SLACK <= line.left < edge:
            cell.append(line)
        else:
            break
        at += 1
    return cells, at


def _goes_on(cell: Sequence[PrintedLine], line: PrintedLine) -> bool:
    """Whether a line stands right under those of a cell, in the same print."""
    drop = cell[-1].base - line.base
    alike = abs(line.size - cell[-1].size) <= SAME_SIZE and line.opens_bold == cell[-1].bold
    return alike and len(cell) < MOST_LINES and 0 < drop < LEADING * line.size


def _bottom(cells: Sequence[Sequence[PrintedLine]]) -> float:
    return min(line.base for cell in cells for line in cell)


def _height(cells: Sequence[Sequence[PrintedLine]]) -> float:
    """How far above the last line a further cell may begin."""
    return MOST_LINES * LEADING * cells[0][0].size
