"""Papers that recommend something, built without a model."""

from __future__ import annotations

from dataclasses import replace

from pipeline.records import Evidence, PaperBrief, Recommendation, Span, Statement, Summary, Text
from tests.stages.volume import one_paper


def says(text: str, plain: str | None = None, english: str = "English", at: int = 0) -> Statement:
    """A statement that is its own quote."""
    return Statement(Text(text, english), (Evidence(Span(at, at + len(text)), text),), plain)


def recommendation(
    id_: str, zh: str, theme: str = "green", measures: tuple[str, ...] = (), plain: str | None = None
) -> Recommendation:
    return Recommendation(id_, says(zh, plain), "government", theme, tuple(says(m, plain) for m in measures))


def paper_brief(number: int, *recommendations: Recommendation, facts: tuple[Statement, ...] = ()) -> PaperBrief:
    paper = replace(one_paper()[1], number=number)
    return PaperBrief(paper, Text("题", "T"), Text("甲", "A"), Text(), Text(), Summary(), facts, recommendations)
