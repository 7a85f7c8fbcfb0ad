"""The English brief: bottom line first, on a page that stands alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from pipeline.config import BriefConfig
from pipeline.output import annexes, parts
from pipeline.output.edition import Edition, open_edition
from pipeline.records import Brief, PaperBrief, Recommendation

SHARED_FINDINGS = 2  # on page one; all stand in a section of their own
# The first page in points; what a line of each style takes and holds (height, letters). Estimates on the safe side.
PAGE, HEADINGS, TABLE_HEAD, BETWEEN = 711, 4 * 30 + 20, 27, 3
LINES = {"Title": (24.5, 40), "BodyText": (14.6, 84), "Finding": (14.0, 78)}
ROW_LINE, TITLE_LETTERS, WHO_LETTERS = 11.6, 48, 16


def english_brief(brief: Brief, record: Mapping[str, Any], letterhead: BriefConfig) -> bytes:
    """The English Word file; the same arguments give the same bytes."""
    edition = open_edition("en", brief, record, letterhead)
    numbers = parts.Numbers()
    page_one(edition)
    if parts.agreed(edition):
        heading(edition, "agreement")
        parts.agreement(edition, numbers, lambda key: heading(edition, key, "Heading2"))
    if edition.has("differences"):
        heading(edition, "differences")
        parts.differences(edition)
    if edition.has("digests"):
        heading(edition, "digests")
        for paper in brief.papers:
            digest(edition, paper)
    if edition.has("recommendations"):
        annex(edition, "A", "recommendations")
        annexes.all_recommendations(edition, numbers)
    annex(edition, last_annex(edition), "accounting")
    heading(edition, "sources", "Heading2")
    annexes.sources(edition)
    heading(edition, "made", "Heading2")
    annexes.accounting(edition, numbers)
    if edition.filled:
        edition.into_template()
    return edition.word.to_bytes()


def heading(edition: Edition, key: str, style: str = "Heading1") -> None:
    edition.word.paragraph(style, edition.say(f"heading.{key}"))


def page_one(edition: Edition) -> None:
    """Bottom line, findings, what to read first, how far to trust it: a page that stands alone."""
    word, found = edition.word, findings(edition)
    leading = []
    if edition.has("priorities"):
        texts = [("Title", edition.title), ("BodyText", bottom_line(edition, len(edition.brief.priorities)))]
        texts += [("Finding", words) for words, _ in found] + [("BodyText", confidence(edition))]
        leading = that_fit(edition, PAGE - HEADINGS - TABLE_HEAD - sum(height(*text) for text in texts))
    if not edition.filled:
        head(edition)
    heading(edition, "overview")
    word.paragraph("BodyText", bottom_line(edition, len(leading)))
    heading(edition, "findings")
    for position, (words, cites) in enumerate(found, 1):
        word.paragraph("Finding", f"{position}.\t", *edition.sentence(words, cites))
    if leading:
        heading(edition, "priorities")
        parts.priorities(edition, leading)
    heading(edition, "confidence")
    word.paragraph("BodyText", confidence(edition))


def height(style: str, text: str) -> float:
    """About how many points a paragraph takes."""
    line, letters = LINES[style]
    return line * math.ceil(len(text) / letters) + BETWEEN


def that_fit(edition: Edition, room: float) -> list[Recommendation]:
    """The first priorities whose rows take no more than `room` points."""
    kept = []
    for recommendation in edition.brief.priorities:
        title, who = edition.text(recommendation.title.text), parts.made_by(edition, recommendation)
        lines = max(math.ceil(len(title) / TITLE_LETTERS), math.ceil(len(who) / WHO_LETTERS))
        room -= lines * ROW_LINE + BETWEEN
        if room < 0:
            break
        kept.append(recommendation)
    return kept


def head(edition: Edition) -> None:
    """Title, then office, issue and date on one line."""
    letterhead = edition.letterhead
    issue = edition.say("issue", number=letterhead.issue) if letterhead.issue else ""
    left = ". ".join(part for part in (edition.office, issue) if part)
    edition.word.paragraph("Title", edition.title)
    edition.word.paragraph("HeadLine", f"{left}\t{edition.day()}" if left else edition.day())


def bottom_line(edition: Edition, leading: int) -> str:
    """What the brief is for and what it comes to; `leading` recommendations stand on the page."""
    brief, say = edition.brief, edition.say
    host = edition.text(brief.host)
    text = say("overview.purpose")
    text += say("overview.counts" if host else "overview.counts_no_host", host=host, **edition.counts())
    if brief.shared:
        text += say("overview.shared", shared=edition.counted("shared", len(brief.shared)))
    if leading:
        text += say("overview.priorities", leading=edition.counted("leading", leading))
    return (text + parts.left_out(edition) + parts.silent_papers(edition)).strip()


def findings(edition: Edition) -> list[parts.Finding]:
    """What is true of the whole; what one paper recommends stands in the table below."""
    found = parts.themes_finding(edition) + parts.shared_findings(edition)[:SHARED_FINDINGS]
    found += parts.difference_findings(edition)
    if edition.recommendations:
        found.append((edition.say("finding.addressees", addressees=edition.by_addressee()), []))
    return parts.short(edition, found) or [(edition.say("no_recommendations"), [])]


def confidence(edition: Edition) -> str:
    """How far the brief can be trusted, and what it may lack."""
    say, counts = edition.say, edition.record["accounting"]
    read = edition.counted("chunks", counts["chunks_read"])
    text = say("confidence.quotes") + say("confidence.reading", read=read, failed=counts["chunks_failed"])
    rejected = sum(len(paper.rejections) for paper in edition.brief.papers)
    if rejected:
        statements = edition.counted("statements", rejected)
        text += say("confidence.rejections", rejections=statements, annex=last_annex(edition))
    untranslated = sum(edition.untranslated(r.title) for r in edition.recommendations)
    if untranslated:
        text += say("confidence.untranslated", recommendations=edition.counted("titles", untranslated))
    return text + say("confidence.review")


def digest(edition: Edition, paper: PaperBrief) -> None:
    """One paper under its heading."""
    word, say = edition.word, edition.say
    word.paragraph("Heading2", say("heading.digest", number=paper.paper.number, title=edition.text(paper.title)))
    if edition.byline(paper):
        word.paragraph("Byline", edition.byline(paper))
    parts.digest(edition, paper)


def annex(edition: Edition, letter: str, key: str) -> None:
    """An annex on a new page."""
    title = edition.say(f"heading.{key}")
    edition.word.paragraph("AnnexTitle", edition.say("heading.annex", letter=letter, title=title))


def last_annex(edition: Edition) -> str:
    """The letter of the annex that accounts for the run."""
    return "B" if edition.has("recommendations") else "A"
