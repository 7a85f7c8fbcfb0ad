"""The order in which the lines of a page are read.

Word processors write a page in that order, cell by cell and column by column.
Where a file's order cannot be it, the columns of the page tell: the lines are
cut at gutters and sorted downwards (the recursive X-Y cut of Nagy and Seth,
1984, with one kind of cut).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.source.pdf_pages import Page, PrintedLine

GUTTER = 8.0  # points, the least width of the blank between two columns
LONG = 12.0  # widths of a character, from which on a line is no cell of a table
LEAST_ROWS = 6  # on either side of a gutter
CROSSING_SHARE = 0.3  # of the lines that may run across a gutter, such as titles
MISPLACED_SHARE = 0.1  # of the lines, from which on the order of the file is not trusted


def in_reading_order(page: Page) -> Page:
    """The page with its lines in the order in which they are read."""
    if len(page.lines) < 2 or not (_is_misplaced(page.lines) or _runs_across_columns(page.lines)):
        return page
    return replace(page, lines=tuple(_ordered(list(page.lines))))


def _is_misplaced(lines: Sequence[PrintedLine]) -> bool:
    """Whether lines follow that stand above earlier ones, in their column or to the left of it."""
    misplaced = 0
    lowest: list[PrintedLine] = []  # so far, of each stretch of the page's width
    for line in lines:
        if any((_overlap(line, low) or line.right < low.left) and _is_above(line, low) for low in lowest):
            misplaced += 1
        lowest = [low for low in lowest if not (_overlap(line, low) and line.base <= low.base)] + [line]
    return misplaced > MISPLACED_SHARE * len(lines)


def _is_above(line: PrintedLine, other: PrintedLine) -> bool:
    return line.base > other.base + other.size / 2


def _overlap(line: PrintedLine, other: PrintedLine) -> bool:
    shared = min(line.right, other.right) - max(line.left, other.left)
    return shared > 0.5 * min(line.right - line.left, other.right - other.left)


def _runs_across_columns(lines: Sequence[PrintedLine]) -> bool:
    """Whether the file goes from a line of one column to the line beside it, again and again."""
    pairs = sum(
        abs(line.base - after.base) < line.size / 2 and _is_long(line) and _is_long(after)
        for line, after in zip(lines, lines[1:], strict=False)
    )
    return pairs >= LEAST_ROWS and pairs > len(lines) / 4


def _is_long(line: PrintedLine) -> bool:
    return line.right - line.left > LONG * line.size


def _ordered(lines: list[PrintedLine]) -> list[PrintedLine]:
    gutter = _gutter(lines)
    if gutter is None:
        return _downwards(lines)
    ordered: list[PrintedLine] = []
    band: list[PrintedLine] = []
    for line in _downwards(lines):
        if line.left < gutter < line.right:  # runs across: what stands above it is read before it
            ordered += _both_sides(band, gutter) + [line]
            band = []
        else:
            band.append(line)
    return ordered + _both_sides(band, gutter)


def _both_sides(band: Sequence[PrintedLine], gutter: float) -> list[PrintedLine]:
    left, right = [line for line in band if line.right <= gutter], [line for line in band if line.right > gutter]
    return (_ordered(left) if left else []) + (_ordered(right) if right else [])


def _gutter(lines: Sequence[PrintedLine]) -> float | None:
    """The middle of the blank between two columns of long lines; None where there is none."""
    best: tuple[int, float] | None = None
    for at in sorted({line.left for line in lines}):
        left = [line for line in lines if line.right <= at - GUTTER]
        right = [line for line in lines if line.left >= at]
        crossing = len(lines) - len(left) - len(right)
        if min(sum(map(_is_long, left)), sum(map(_is_long, right))) < LEAST_ROWS:
            continue
        if crossing <= CROSSING_SHARE * len(lines) and (best is None or crossing < best[0]):
            best = (crossing, at - GUTTER / 2)
    return best[1] if best else None


def _downwards(lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """From top to bottom; lines at one height from left to right."""
    rows: list[list[PrintedLine]] = []
    for line in sorted(lines, key=lambda line: -line.base):
        if rows and rows[-1][0].base - line.base < rows[-1][0].size / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.left)]
