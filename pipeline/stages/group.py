"""From the labels of lines to recommendations: which lines make one item.

The reader says line by line what recommends something; layout says what
belongs together. A list under a heading or a colon is either a list of
recommendations or the measures of one, and the line over it decides which.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.language.likeness import contained, features
from pipeline.llm.engine import LineLabels
from pipeline.records import Paper, Source, Span
from pipeline.source.text import continues, readable

GAP_LINES = 1  # lines that the reader left out inside an item: a page number, a caption
REPEATED = 0.6  # an item that shares this much of its features with another repeats it
SHORTEST_ITEM = 10  # characters; less is a bare heading such as 建议
LIST_ITEM = re.compile(r"^(?:——|[•·●◆■□✓►▶➢➤–—○▪★☆]|[-*] |[①-⑳]|[（(]\d+[）)]|\d+[.、）)](?!\d))")
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


def regions(source: Source, paper: Paper, labels: Sequence[LineLabels], threshold: float) -> list[Region]:
    """The recommendations of a paper in order, repeated ones merged.

    `labels` has one entry a line of `paper.lines`; a line belongs to a
    recommendation where its probability of doing so reaches `threshold`.
    """
    found: list[list[int]] = []
    for index in inside(paper, labels, threshold):
        follows = bool(found) and index - found[-1][-1] <= 1 + GAP_LINES
        if follows and not begins(source, paper, labels, index, threshold):
            found[-1].append(index)
        else:
            found.append([index])
    return merged(source, paper, [region(paper, rows, labels) for rows in found if says_something(source, paper, rows)])


def inside(paper: Paper, labels: Sequence[LineLabels], threshold: float) -> list[int]:
    """The lines of the body that recommend something."""
    return [i for i in range(paper.body, len(labels)) if 1 - labels[i].kind["outside"] >= threshold]


def begins(source: Source, paper: Paper, labels: Sequence[LineLabels], index: int, threshold: float) -> bool:
    """Whether a recommending line starts a new item: never inside a sentence, in a list by the
    line over it, else by the reader.

    In annotated volumes, of list items under a recommending heading or colon
    147 of 147 go on with it; under any other heading or colon 107 of 111 begin.
    """
    if continues(source, paper.lines[index - 1], paper.lines[index]):
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


def region(paper: Paper, rows: Sequence[int], labels: Sequence[LineLabels]) -> Region:
    """An item of these lines; theme and addressee by the sum of their probabilities."""

    def likeliest(question: str) -> str:
        answers = getattr(labels[rows[0]], question)
        return max(answers, key=lambda answer: sum(getattr(labels[row], question)[answer] for row in rows))

    return Region(paper.number, rows[0], rows[-1], likeliest("theme"), likeliest("addressee"))


def says_something(source: Source, paper: Paper, rows: Sequence[int]) -> bool:
    return sum(len(readable(source.slice(paper.lines[row].span))) for row in rows) >= SHORTEST_ITEM


def span_of(paper: Paper, item: Region) -> Span:
    """The characters from an item's first line to its last."""
    return Span(paper.lines[item.first].span.start, paper.lines[item.last].span.end)


def merged(source: Source, paper: Paper, items: Sequence[Region]) -> list[Region]:
    """Items that repeat one another become one: the fullest leads, the others are `also`."""
    words = {item: features(readable(source.slice(span_of(paper, item)))) for item in items}
    kept: dict[Region, list[Span]] = {}
    for item in sorted(items, key=lambda i: (-len(words[i]), i.first)):
        same = (k for k in kept if contained(words[item], words[k]) >= REPEATED)
        fullest = next(same, None)
        if fullest is None:
            kept[item] = []
        else:
            kept[fullest].append(span_of(paper, item))
    full = (replace(item, also=tuple(sorted(also, key=lambda s: s.start))) for item, also in kept.items())
    return sorted(full, key=lambda i: i.first)
