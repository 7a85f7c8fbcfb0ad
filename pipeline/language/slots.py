"""Numbers, dates and names as single glyphs, so that no model can get them wrong.

A model reads and writes "投资①建设β" and code puts in the wording of each glyph:
①②③ numbers, ❶❷❸ dates, αβγ names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from pipeline.language.finds import disjoint, figure_finds, name_finds
from pipeline.language.glyphs import GLYPHS, NAME_GLYPHS, Slot, Slotted, fill, replace, without_glyphs, write
from pipeline.language.numbers import SMALL, Quantity, in_words, quantities
from pipeline.records import Language

__all__ = ["GLYPHS", "NAME_GLYPHS", "Slot", "Slotted", "fill", "paired", "slotted", "without_glyphs"]

OVER = re.compile(
    r"(?<!no )(?<!not )\b(?:more than|over|above|upwards of|in excess of) $|(?:超过?|逾|多于)$", re.IGNORECASE
)
YEAR = 1000  # a bare number above it may be a year in the other language


def slotted(
    text: str, language: Language, names: Iterable[tuple[str, str]] = (), extra: Iterable[tuple[str, str]] = ()
) -> Slotted:
    """The text with a glyph for every figure, date and name.

    names, extra: (Chinese, English) pairs; an extra pair wins over a longer name.
    The same name has the same glyph wherever it stands; every figure has its own.
    What no glyph is left for stays as printed.
    """
    text = without_glyphs(text)
    figures = [q for q in quantities(text, language) if q.figure]
    finds = [*name_finds(text, language, tuple(names), tuple(extra)), *figure_finds(text, language, figures)]
    return write(text, disjoint(finds))[0]


def paired(
    source: str,
    target: str,
    source_language: Language,
    target_language: Language,
    names: Iterable[tuple[str, str]] = (),
    extra: Iterable[tuple[str, str]] = (),
) -> tuple[Slotted, Slotted] | None:
    """A text and its rendering in another language (or the same) with the same glyphs.

    A figure, date or name has a slot in the target where the source says the same value,
    in whatever words. Small numbers in words are slots only if the other side prints digits.
    None if the target prints a number in digits that the source does not hold.
    """
    source, target = without_glyphs(source), without_glyphs(target)
    names, extra = tuple(names), tuple(extra)
    for source_ranges, target_ranges in ((True, True), (False, False), (True, False), (False, True)):
        left = quantities(source, source_language, source_ranges)
        right = quantities(target, target_language, target_ranges)
        matches = _match(left, right)
        if any(q.figure and i not in matches and _digits(target, q) for i, q in enumerate(right)):
            continue
        return _write_pair(
            (source, source_language, left), (target, target_language, right), matches, names + extra, extra
        )
    return None


def _write_pair(source, target, matches, names, extra) -> tuple[Slotted, Slotted]:
    """Both texts with the glyphs of the matches; source and target are (text, language, quantities)."""
    (text, language, left), (other, other_language, right) = source, target
    small = {i for i, j in matches.items() if not left[j].figure and _countable(right[i], other)}
    used = {j for i, j in matches.items() if i not in small}
    finds, others = (name_finds(t, lang, names, extra) for t, lang in ((text, language), (other, other_language)))
    shared = {f.key for f in finds} & {f.key for f in others}
    figures = figure_finds(text, language, [q for j, q in enumerate(left) if q.figure or j in used])
    first, glyphs = write(text, disjoint([*(f for f in finds if f.key in shared), *figures]))
    places = [(f.start, f.end, glyphs[f.key]) for f in others if f.key in shared and f.key in glyphs]
    for i, j in matches.items():
        spelled = in_words(right[i].values[0], other_language) if i in small else None
        words = spelled or glyphs.get((left[j].start, left[j].end))
        if words:
            places.append((*_covered(right[i], left[j], other), words))
    return first, Slotted(replace(other, _apart(places)), first.slots)


def _countable(quantity: Quantity, text: str) -> bool:
    """Whether the sentence can hold the number in words, as 两家 and "two firms" do, and (1) cannot."""
    if text[: quantity.start].endswith(("(", "（")):
        return False
    return quantity.kind == "number" and len(quantity.values) == 1 and quantity.values[0] <= SMALL


def _covered(target: Quantity, source: Quantity, text: str) -> tuple[int, int]:
    """What of the target the source's slot covers: no unit that the source does not print, but its "over" and "off"."""
    if source.kind == "number" != target.kind and target.bare:
        return target.bare
    if source.kind == "discount" and text.startswith(" off", target.end):
        return target.start, target.end + len(" off")
    over = OVER.search(text[: target.start]) if source.more and not target.more else None
    return over.start() if over else target.start, target.end


def _apart(places: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The places that overlap no earlier one of the list."""
    kept: list[tuple[int, int, str]] = []
    for start, end, words in places:
        if all(end <= s or e <= start for s, e, _ in kept):
            kept.append((start, end, words))
    return kept


def _digits(text: str, quantity: Quantity) -> bool:
    return any(c.isdigit() for c in text[quantity.start : quantity.end])


def _match(left: list[Quantity], right: list[Quantity]) -> dict[int, int]:
    """Index in `right` to index in `left` of the same value, each used once, best first."""
    ends = [max((q.end for q in side), default=1) for side in (left, right)]
    scored = [
        (-likeness, abs(r.start / ends[1] - q.start / ends[0]), i, j)
        for i, r in enumerate(right)
        for j, q in enumerate(left)
        if (r.figure or q.figure) and not (_verb(q) or _verb(r)) and (likeness := _likeness(q, r))
    ]
    matches: dict[int, int] = {}
    for _, _, i, j in sorted(scored):
        if i not in matches and j not in matches.values():
            matches[i] = j
    return matches


def _verb(quantity: Quantity) -> bool:
    """Whether it is a verb (翻一番, doubled), for which no figure can stand."""
    return quantity.kind == "growth" and not quantity.figure


def _likeness(a: Quantity, b: Quantity) -> int:
    """3 for the same quantity, 2 for the same value, 1 for the same year or month, else 0."""
    if a.kind == b.kind and (a.values, a.date) == (b.values, b.date):
        return 3
    if bool(a.date) != bool(b.date):
        return 2 * (a.numbers == b.numbers and a.numbers[0] > YEAR)
    if a.date:
        return int(not (a.date.until or b.date.until) and (_says_less(b, a) or _says_less(a, b)))
    if "fraction" in (a.kind, b.kind) and min(a.numbers[0], b.numbers[0]) > 1:  # a third is printed as 33%
        return 2 * ([*map(round, a.numbers)] == [*map(round, b.numbers)])
    if {a.kind, b.kind} == {"growth", "multiple"}:  # 增长四倍: by 4 times, or fivefold
        return 2 * (a.values == b.values) or int(_whole(a) == _whole(b))
    return 2 * (a.numbers == b.numbers)


def _whole(quantity: Quantity) -> tuple[Decimal, ...]:
    """How many times as much there is."""
    return tuple(value + (quantity.kind == "growth") for value in quantity.values)


def _says_less(a: Quantity, b: Quantity) -> bool:
    """Whether date `a` says a part of what `b` says, a year or a month at least."""
    pairs = [(getattr(a.date, f), getattr(b.date, f)) for f in ("year", "month", "day", "part")]
    return all(x == y or not x for x, y in pairs) and any(x == y and x for x, y in pairs[:2])
