"""From the labels of lines to recommendations: which lines make one item.

The reader says line by line what recommends something; layout says what
belongs together. A list under a heading or a colon is either a list of
recommendations or the measures of one, and the line over it decides which.
A heading that recommends nothing parts what stands over it from what stands
under it, and one that occurs again (背景, 建议) names a part of an item.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import log

from pipeline.language.likeness import features
from pipeline.llm.engine import LineLabels
from pipeline.records import Paper, Source, Span
from pipeline.source.lines import heading_text
from pipeline.source.text import continues, readable, unmarked
from pipeline.stages.theme import ThemeWords

GAP_LINES = 1  # lines that the reader left out inside an item: a page number, a caption
REPEATED = 0.25  # an item that shares this much of what is rare in the paper with another repeats it
SHORTEST_ITEM = 10  # characters; less is a bare heading such as 建议
LIST_ITEM = re.compile(r"^(?:——|[•·●◆■□✓►▶➢➤–—○▪★☆]|[-*] |[①-⑳]|[（(]\d+[）)]|\d+[.、）)](?!\d))")
NUMBER = re.compile(r"^[\W\d_]+")
INTRODUCES = re.compile(r"[:：]\**$")


@dataclass(frozen=True, slots=True)
class Region:
    """The lines of one recommendation, first to last, and where else the paper says it."""

    paper: int
    first: int  # index in Paper.lines
    last: int  # the last one, included
    theme: str
    addressee: str
    also: tuple[Span, ...] = ()


def regions(
    source: Source, paper: Paper, labels: Sequence[LineLabels], threshold: float, words: ThemeWords
) -> list[Region]:
    """The recommendations of a paper in order, repeated ones merged.

    `labels` has one entry a line of `paper.lines`; a line belongs to a
    recommendation where its probability of doing so reaches `threshold`.
    """
    parting = parting_headings(source, paper)
    found: list[list[int]] = []
    for index in inside(paper, labels, threshold):
        follows = bool(found) and index - found[-1][-1] <= 1 + GAP_LINES
        parted = follows and any(line in parting for line in range(found[-1][-1] + 1, index))
        if follows and not parted and not begins(source, paper, labels, index, threshold, parting):
            found[-1].append(index)
        else:
            found.append([index])
    items = [rows for rows in found if says_something(source, paper, rows) and not names_a_section(paper, rows)]
    return merged(source, paper, [region(source, paper, rows, labels, words) for rows in items])


def parting_headings(source: Source, paper: Paper) -> set[int]:
    """The headings whose words occur but once: the others name a part of each item."""
    words = {i: heading_words(source.slice(line.span)) for i, line in enumerate(paper.lines) if line.level}
    times = Counter(words.values())
    return {i for i, heading in words.items() if times[heading] == 1}


def heading_words(line: str) -> str:
    """A heading without marks and numbers, so that 1) 建议 and （2）建议 are the same."""
    return NUMBER.sub("", unmarked(heading_text(line), heading=True))


def inside(paper: Paper, labels: Sequence[LineLabels], threshold: float) -> list[int]:
    """The lines of the body that recommend something."""
    return [i for i in range(paper.body, len(labels)) if 1 - labels[i].kind["outside"] >= threshold]


def begins(
    source: Source, paper: Paper, labels: Sequence[LineLabels], index: int, threshold: float, parting: set[int]
) -> bool:
    """Whether a recommending line starts a new item: never inside a sentence or at a heading that does not
    part, in a list by the line over it, else by the reader.

    In annotated volumes, of list items under a recommending heading or colon
    147 of 147 go on with it; under any other heading or colon 107 of 111 begin.
    """
    if continues(source, paper.lines[index - 1], paper.lines[index]):
        return False
    if paper.lines[index].level and index not in parting:
        return False
    if LIST_ITEM.match(source.slice(paper.lines[index].span)):
        over = lead(source, paper, index)
        if over is not None and (paper.lines[over].level or INTRODUCES.search(source.slice(paper.lines[over].span))):
            return 1 - labels[over].kind["outside"] < threshold
    return labels[index].kind["begins"] > labels[index].kind["continues"]


def lead(source: Source, paper: Paper, index: int) -> int | None:
    """The nearest line over a list item that is no list item itself."""
    rows = range(index - 1, paper.body - 1, -1)
    return next((i for i in rows if not LIST_ITEM.match(source.slice(paper.lines[i].span))), None)


def region(
    source: Source, paper: Paper, rows: Sequence[int], labels: Sequence[LineLabels], words: ThemeWords
) -> Region:
    """An item of these lines: its theme by the reader and the words, its addressee by the sum of probabilities."""
    text = source.slice(Span(paper.lines[rows[0]].span.start, paper.lines[rows[-1]].span.end))
    theme = words.likeliest([labels[row].theme for row in rows], text)
    answers = labels[rows[0]].addressee
    addressee = max(answers, key=lambda answer: sum(labels[row].addressee[answer] for row in rows))
    return Region(paper.number, rows[0], rows[-1], theme, addressee)


def says_something(source: Source, paper: Paper, rows: Sequence[int]) -> bool:
    return sum(len(readable(source.slice(paper.lines[row].span))) for row in rows) >= SHORTEST_ITEM


def names_a_section(paper: Paper, rows: Sequence[int]) -> bool:
    """Whether these are headings alone, over another heading: what is under that one recommends, not they."""
    below = paper.lines[rows[-1] + 1 : rows[-1] + 2]
    return all(line.level for line in (*(paper.lines[row] for row in rows), *below)) and bool(below)


def span_of(paper: Paper, item: Region) -> Span:
    """The characters from an item's first line to its last."""
    return Span(paper.lines[item.first].span.start, paper.lines[item.last].span.end)


def merged(source: Source, paper: Paper, items: Sequence[Region]) -> list[Region]:
    """Items that repeat one another become one: the fullest leads, the others are `also`.

    In annotated volumes this finds 72 of 127 places that repeat one recommendation in other
    words, and takes 11 of 2,485 pairs of different ones for the same.
    """
    words = {item: features(readable(source.slice(span_of(paper, item)))) for item in items}
    weight = rarity(source, paper)
    kept: dict[Region, list[Span]] = {}
    for item in sorted(items, key=lambda i: (-len(words[i]), i.first)):
        total = sum(map(weight, words[item]))
        shared = {k: sum(map(weight, words[item] & words[k])) for k in kept}
        nearest = max(shared, key=lambda k: shared[k], default=None)
        if nearest is None or shared[nearest] <= REPEATED * total:
            kept[item] = []
        else:
            kept[nearest].append(span_of(paper, item))
    full = (replace(item, also=tuple(sorted(also, key=lambda s: s.start))) for item, also in kept.items())
    return sorted(full, key=lambda i: i.first)


def rarity(source: Source, paper: Paper) -> Callable[[str], float]:
    """How much a feature tells the lines of a paper apart: its inverse document frequency (Spärck Jones, 1972)."""
    held = Counter(f for line in paper.lines for f in features(readable(source.slice(line.span))))
    return lambda feature: log(len(paper.lines) / max(1, held[feature]))
