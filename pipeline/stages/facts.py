"""From labelled lines to the key facts of a paper: the sentences with figures that an official would note."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pipeline.language.numbers import quantities
from pipeline.llm.engine import LineLabels
from pipeline.records import Grounded, Language, Paper, Source, Span
from pipeline.source.text import readable, sentences
from pipeline.stages.extract import CLAUSE_MARK
from pipeline.stages.ground import QUOTE_CHARACTERS, Grounder

FACTS = (6, 12)  # a paper; fewer than the first only where it has no more sentences
Figures = frozenset[tuple[Decimal, ...]]


def key_facts(paper: Paper, labels: Sequence[LineLabels], grounder: Grounder) -> list[Grounded]:
    """The key facts in the order of the paper, each in its own words."""
    source, (least, most) = grounder.source, FACTS
    likely = likely_facts(source, paper, labels)
    chosen = with_figures(source, likely, paper.language, most)
    bare = [s for s in likely if s not in chosen and not figures(source.slice(s), paper.language)]
    bare.sort(key=lambda s: -likely[s])
    chosen += bare[: max(0, least - len(chosen))]
    shown = (densest(source, s, paper.language) for s in sorted(chosen, key=lambda s: s.start))
    # The two parts of a sentence that a page break parted are one fact.
    return list(dict.fromkeys(grounder.quoted([span], paper) for span in shown))


def likely_facts(source: Source, paper: Paper, labels: Sequence[LineLabels]) -> dict[Span, float]:
    """The sentences of the body, and the probability that they hold a fact: the highest of their lines."""
    found: dict[Span, float] = {}
    rows = [i for i in range(paper.body, len(labels)) if not paper.lines[i].level]
    for said in sentences(source, Span(paper.lines[rows[0]].span.start, paper.span.end)) if rows else []:
        on = [i for i in rows if paper.lines[i].span.start < said.end and said.start < paper.lines[i].span.end]
        if on:
            found[said] = max(labels[i].fact["yes"] for i in on)
    return found


def with_figures(source: Source, likely: dict[Span, float], language: Language, most: int) -> list[Span]:
    """The sentences worth most: by their probability, times the figures that no better one gives.

    So the abstract and the conclusion do not say a fact again, and of two sentences on a line
    the one with more figures leads.
    """
    held = {span: figures(source.slice(span), language) for span in likely}
    chosen: list[Span] = []
    given: Figures = frozenset()
    while len(chosen) < most:
        worth = {span: likely[span] * len(held[span] - given) for span in held}
        best = max(worth, key=lambda span: worth[span], default=None)
        if best is None or not worth[best]:
            break
        chosen.append(best)
        given |= held.pop(best)
    return chosen


def figures(text: str, language: Language) -> Figures:
    """The figures and dates of a text, of a date its year alone."""
    found = (q for q in quantities(text, language) if q.figure)
    return frozenset(q.numbers[:1] if q.date else q.numbers for q in found)


def densest(source: Source, span: Span, language: Language) -> Span:
    """The sentence, or where it is too long to print, those of its clauses that hold most of its figures."""
    return max(pieces(source, span, language), key=lambda p: len(figures(source.slice(p), language)))


def pieces(source: Source, span: Span, language: Language) -> list[Span]:
    """The sentence, or where it is too long to print, runs of its clauses that are not, from each clause on."""
    room = QUOTE_CHARACTERS[language]
    if len(readable(source.slice(span))) <= room:
        return [span]
    ends = [m.end() for m in CLAUSE_MARK.finditer(source.text, span.start, span.end)]
    found = []
    for start in (span.start, *ends):
        end = max((e for e in (*ends, span.end) if start < e <= start + room), default=None)
        if end:
            found.append(Span(start, end))
    return found or [span]
