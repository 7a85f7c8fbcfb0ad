"""Running heads, running feet and page numbers: what is printed on a page and is no part of the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.source.letters import letters
from pipeline.source.pdf_pages import Page, PrintedLine

NEAR = 2  # pages; heads of left and right pages alternate
SAME_PLACE = 3.0  # points
DEEPEST = 3  # lines of a running head or foot
SHORTEST = 6  # letters; a shorter line must stand on three pages, since 摘要 may head two
PAGE_NUMBER = re.compile(
    r"^(?:[—–\-·•\s]*\d{1,4}[—–\-·•\s]*|(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})|第\s*\d{1,4}\s*页(?:\s*[/，,]?\s*共\s*\d{1,4}\s*页)?"
    r"|(?:page|p\.)\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?|\d{1,4}\s*/\s*\d{1,4})$",
    re.I,
)
BARE = re.compile(r"^\d{1,4}$")
DIGITS = re.compile(r"\d+")


def without_running_lines(pages: Sequence[Page]) -> list[Page]:
    """The pages without their outermost lines that are printed at one place on neighbouring pages, or are numbers."""
    numbered = _shift(pages)
    kept = list(pages)
    for top in (True, False):
        for _ in range(DEEPEST):
            outer = [_outermost(page, top) for page in kept]
            kept = [
                _without(page, rows) if rows and _runs(outer, index, page, numbered) else page
                for index, (page, rows) in enumerate(zip(kept, outer, strict=True))
            ]
    return kept


def _outermost(page: Page, top: bool) -> list[PrintedLine]:
    """The highest or lowest row of a page; a head may have a part at each side."""
    if not page.lines:
        return []
    base = (max if top else min)(line.base for line in page.lines)
    return sorted((line for line in page.lines if abs(line.base - base) < SAME_PLACE), key=lambda line: line.left)


def _without(page: Page, rows: Sequence[PrintedLine]) -> Page:
    return replace(page, lines=tuple(line for line in page.lines if line not in rows))


def _runs(outer: Sequence[list[PrintedLine]], index: int, page: Page, numbered: int | None) -> bool:
    """Whether the outermost row of a page is a running head, a running foot or a page number."""
    words = " ".join(line.text for line in outer[index])
    if PAGE_NUMBER.match(words):
        return not BARE.match(words) or (numbered is not None and int(words) - page.number == numbered)
    near = [other for at, other in enumerate(outer) if at != index and abs(at - index) <= NEAR and other]
    repeats = sum(_same(outer[index], other) for other in near)
    return repeats >= (1 if len(letters(DIGITS.sub("", words))) >= SHORTEST else 2)


def _same(rows: Sequence[PrintedLine], others: Sequence[PrintedLine]) -> bool:
    """Whether two rows stand at one height and differ in nothing but numbers."""
    if abs(rows[0].base - others[0].base) > SAME_PLACE:
        return False
    words, other = (letters(DIGITS.sub("", " ".join(line.text for line in row))) for row in (rows, others))
    return bool(words) and words == other


def _shift(pages: Sequence[Page]) -> int | None:
    """What most bare numbers at the edge of a page are more than the number of the page; None if they do not count."""
    shifts: Counter[int] = Counter()
    for page in pages:
        for top in (True, False):
            words = " ".join(line.text for line in _outermost(page, top))
            if BARE.match(words):
                shifts[int(words) - page.number] += 1
    shift, pages_counted = max(shifts.items(), key=lambda item: item[1], default=(None, 0))
    return shift if pages_counted > 1 else None
