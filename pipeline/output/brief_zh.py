"""The Chinese brief (专报)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.config import BriefConfig
from pipeline.output import parts
from pipeline.output.edition import Edition, numeral, open_edition
from pipeline.output.word import Inline, Strong
from pipeline.records import Brief, PaperBrief


def chinese_brief(brief: Brief, record: Mapping[str, Any], letterhead: BriefConfig) -> bytes:
    """The Chinese Word file; the same arguments give the same bytes."""
    edition = open_edition("zh", brief, record, letterhead)
    numbers = parts.Numbers()
    head(edition)
    findings(edition)
    overview(edition)
    sections = Sections(edition)
    if brief.themes:
        sections.open("themes")
        parts.themes(edition, numbers)
    if brief.shared:
        sections.open("shared")
        parts.shared(edition)
    if brief.priorities:
        sections.open("priorities")
        parts.priorities(edition, numbers)
    sections.open("digests")
    for paper in brief.papers:
        digest(edition, paper)
    annex(edition, 1, "recommendations")
    parts.all_recommendations(edition, numbers)
    annex(edition, 2, "accounting")
    parts.accounting(edition, numbers)
    annex(edition, 3, "sources")
    parts.sources(edition)
    return edition.word.to_bytes(parts.SOURCE_COLUMNS)


class Sections:
    """First-level headings, numbered as they come; the first one, 一、, is the overview."""

    def __init__(self, edition: Edition):
        self._edition = edition
        self._number = 1

    def open(self, key: str) -> None:
        self._number += 1
        heading = self._edition.say(f"heading.{key}", numeral=numeral(self._number))
        self._edition.word.paragraph("Heading1", heading)


def head(edition: Edition) -> None:
    """Red name, issue, office and date over the red line, title."""
    word, letterhead = edition.word, edition.letterhead
    word.paragraph("Masthead", edition.say("masthead"))
    if letterhead.issue:
        word.paragraph("Issue", edition.say("issue", number=letterhead.issue))
    word.paragraph("HeadLine", f"{letterhead.office}\t{edition.day()}")
    word.paragraph("Title", edition.title)


def findings(edition: Edition) -> None:
    """要点: what to know if nothing else is read."""
    word = edition.word
    found: list[list[Inline]] = []
    if edition.brief.themes:
        text = edition.say("finding.themes", themes=edition.top_themes(parts.LEADING_THEMES))
        found.append(edition.sentence(text, []))
    found += parts.findings(edition)
    if not found:
        found = [[edition.say("no_recommendations")]]
    word.paragraph("Heading1", edition.say("heading.findings"))
    for position, inlines in enumerate(found, 1):
        word.paragraph("Finding", f"{position}．", *inlines)


def overview(edition: Edition) -> None:
    """总体情况: the volume in numbers, and what stands out by its absence."""
    brief, word = edition.brief, edition.word
    volume = edition.text(brief.title)
    key = "counts" if volume else "counts_untitled"
    word.paragraph("Heading1", edition.say("heading.overview"))
    text = edition.say(f"overview.{key}", title=volume, **edition.counts())
    if edition.recommendations:
        text += edition.say("overview.addressees", addressees=edition.by_addressee())
    word.paragraph("BodyText", text)
    parts.silent_papers(edition)
    word.paragraph("BodyText", edition.say("overview.notice"))


def digest(edition: Edition, paper: PaperBrief) -> None:
    """One paper: title, who, summary, recommendations, key facts."""
    word, say = edition.word, edition.say
    number = numeral(paper.paper.number)
    word.paragraph("Heading2", say("heading.digest", numeral=number, title=edition.text(paper.title)))
    if edition.byline(paper):
        word.paragraph("Byline", edition.byline(paper))
    parts.summary(edition, paper)
    recommendations = run_in(edition, parts.items(edition, paper)) or [say("digest.no_recommendations")]
    word.paragraph("Digest", Strong(say("digest.recommendations")), *recommendations)
    if paper.key_facts:
        facts = [edition.cited(fact) for fact in paper.key_facts]
        word.paragraph("Digest", Strong(say("digest.facts")), *run_in(edition, facts))


def run_in(edition: Edition, items: list[list[Inline]]) -> list[Inline]:
    """Items as one sentence: divided by ；, closed by 。"""
    inlines: list[Inline] = []
    for position, item in enumerate(items, 1):
        inlines += [*item, edition.say("stop" if position == len(items) else "clause")]
    return inlines


def annex(edition: Edition, number: int, key: str) -> None:
    """附件 on a new page."""
    edition.word.paragraph("Annex", edition.say("heading.annex", number=number))
    edition.word.paragraph("AnnexTitle", edition.say(f"heading.{key}"))
