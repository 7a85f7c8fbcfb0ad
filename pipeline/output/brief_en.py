"""The English brief: bottom line first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.config import BriefConfig
from pipeline.output import parts
from pipeline.output.edition import Edition, open_edition
from pipeline.records import Brief, PaperBrief


def english_brief(brief: Brief, record: Mapping[str, Any], letterhead: BriefConfig) -> bytes:
    """The English Word file; the same arguments give the same bytes."""
    edition = open_edition("en", brief, record, letterhead)
    numbers = parts.Numbers()
    head(edition)
    bottom_line(edition)
    findings(edition)
    if brief.priorities:
        heading(edition, "priorities")
        parts.priorities(edition, numbers)
    confidence(edition)
    if brief.themes:
        heading(edition, "themes")
        parts.themes(edition, numbers)
    if brief.shared:
        heading(edition, "shared")
        parts.shared(edition)
    heading(edition, "digests")
    for paper in brief.papers:
        digest(edition, paper)
    annex(edition, "A", "recommendations")
    parts.all_recommendations(edition, numbers)
    annex(edition, "B", "accounting")
    parts.accounting(edition, numbers)
    annex(edition, "C", "sources")
    parts.sources(edition)
    return edition.word.to_bytes(parts.SOURCE_COLUMNS)


def heading(edition: Edition, key: str) -> None:
    edition.word.paragraph("Heading1", edition.say(f"heading.{key}"))


def head(edition: Edition) -> None:
    """Title, then office, issue and date on one line."""
    letterhead = edition.letterhead
    issue = edition.say("issue", number=letterhead.issue) if letterhead.issue else ""
    left = ". ".join(part for part in (letterhead.office, issue) if part)
    edition.word.paragraph("Title", edition.title)
    edition.word.paragraph("HeadLine", f"{left}\t{edition.day()}" if left else edition.day())


def bottom_line(edition: Edition) -> None:
    """What the brief is for and what it comes to, in a few sentences."""
    brief, say = edition.brief, edition.say
    heading(edition, "overview")
    host = edition.text(brief.host)
    key = "overview.counts" if host else "overview.counts_no_host"
    text = say("overview.purpose") + say(key, host=host, **edition.counts())
    if brief.themes:
        text += say("overview.top", themes=edition.top_themes(parts.LEADING_THEMES))
    edition.word.paragraph("BodyText", text.strip())
    if edition.recommendations:
        edition.word.paragraph("BodyText", say("overview.addressees", addressees=edition.by_addressee()))
    parts.silent_papers(edition)


def findings(edition: Edition) -> None:
    """Numbered sentences with their sources."""
    heading(edition, "findings")
    found = parts.findings(edition) or [[edition.say("no_recommendations")]]
    for position, inlines in enumerate(found, 1):
        edition.word.paragraph("Finding", f"{position}.\t", *inlines)


def confidence(edition: Edition) -> None:
    """How far the brief can be trusted, and what it may lack."""
    say, counts = edition.say, edition.record["accounting"]
    heading(edition, "confidence")
    text = say("confidence.quotes") + say(
        "confidence.reading",
        read=edition.counted("chunks", counts["chunks_read"]),
        failed=counts["chunks_failed"],
        truncated=counts["chunks_truncated"],
    )
    rejected = sum(len(paper.rejections) for paper in edition.brief.papers)
    if rejected:
        text += say("confidence.rejections", rejections=edition.counted("statements", rejected))
    edition.word.paragraph("BodyText", text + say("confidence.review"))
    edition.word.paragraph("BodyText", say("overview.notice"))


def digest(edition: Edition, paper: PaperBrief) -> None:
    """One paper: title, who, summary, recommendations, key facts."""
    word, say = edition.word, edition.say
    word.paragraph("Heading2", say("heading.digest", number=paper.paper.number, title=edition.text(paper.title)))
    if edition.byline(paper):
        word.paragraph("Byline", edition.byline(paper))
    parts.summary(edition, paper)
    word.paragraph("Heading3", say("digest.recommendations"))
    for recommendation in paper.recommendations:
        word.paragraph("Item", f"{recommendation.id}\t", *edition.cited(recommendation.title))
    if not paper.recommendations:
        word.paragraph("Digest", say("digest.no_recommendations"))
    if paper.key_facts:
        word.paragraph("Heading3", say("digest.facts"))
        for fact in paper.key_facts:
            word.paragraph("Item", "•\t", *edition.sentence(edition.text(fact.text), edition.cites(fact)))


def annex(edition: Edition, letter: str, key: str) -> None:
    """An annex on a new page."""
    title = edition.say(f"heading.{key}")
    edition.word.paragraph("AnnexTitle", edition.say("heading.annex", letter=letter, title=title))
