"""The Chinese brief (专报)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from pipeline.config import BriefConfig
from pipeline.output import annexes, parts
from pipeline.output.edition import Edition, numeral, open_edition
from pipeline.output.plain import width
from pipeline.output.styles import FOOT_LINE
from pipeline.records import Brief, PaperBrief

# Widths are in Chinese characters.
LINE_WIDTH, TITLE_WIDTH, FOOT_WIDTH = 28, 20, 29
FINDING_INDENT, CITE_WIDTH = 4.5, 1.3  # two characters, number and full stop; a superscript number
PAGE_ONE_LINES = 15  # of 要点, were there neither title nor issue


def chinese_brief(brief: Brief, record: Mapping[str, Any], letterhead: BriefConfig) -> bytes:
    """The Chinese Word file; the same arguments give the same bytes."""
    edition = open_edition("zh", brief, record, letterhead)
    numbers = parts.Numbers()
    if not edition.filled:
        head(edition)
    findings(edition)
    overview(edition)
    sections = Sections(edition)
    if parts.agreed(edition):
        sections.open("agreement")
        parts.agreement(edition, numbers, Subsections(edition).open)
    if edition.has("differences"):
        sections.open("differences")
        parts.differences(edition)
    if brief.priorities and edition.has("priorities"):
        sections.open("priorities")
        parts.caption(edition, numbers, "table", edition.say("priorities.table"))
        parts.priorities(edition, brief.priorities)
    if edition.has("digests"):
        sections.open("digests")
        for paper in brief.papers:
            digest(edition, paper)
    titles = annex_titles(edition)
    annex_note(edition, titles)
    if edition.has("recommendations"):
        annex(edition, titles, "recommendations")
        annexes.all_recommendations(edition, numbers)
    annex(edition, titles, "accounting")
    subsections = Subsections(edition)
    subsections.open("sources")
    annexes.sources(edition)
    subsections.open("made")
    annexes.accounting(edition, numbers)
    if edition.filled:
        edition.into_template()
    else:
        foot(edition)
    return edition.word.to_bytes()


class Sections:
    """First-level headings, numbered as they come; the first one, 一、, is the overview."""

    def __init__(self, edition: Edition):
        self._edition = edition
        self._number = 1

    def open(self, key: str) -> None:
        self._number += 1
        heading = self._edition.say(f"heading.{key}", numeral=numeral(self._number))
        self._edition.word.paragraph("Heading1", heading)


class Subsections:
    """Second-level headings, numbered as they come."""

    def __init__(self, edition: Edition):
        self._edition = edition
        self._number = 0

    def open(self, key: str) -> None:
        self._number += 1
        heading = self._edition.say(f"heading.{key}", numeral=numeral(self._number))
        self._edition.word.paragraph("Heading2", heading)


def head(edition: Edition) -> None:
    """Red name, issue, office and date over the red line, title."""
    word, letterhead = edition.word, edition.letterhead
    if letterhead.classification:
        word.paragraph("Classification", letterhead.classification)
    word.paragraph("Masthead", letterhead.masthead or edition.say("masthead"))
    if letterhead.issue:
        word.paragraph("Issue", edition.say("issue", number=letterhead.issue))
    word.paragraph("HeadLine", f"{edition.office}\t{edition.day()}")
    word.paragraph("Title", edition.title)


def findings(edition: Edition) -> None:
    """要点: what to know if nothing else is read."""
    found = parts.themes_finding(edition) + parts.difference_findings(edition)
    found += parts.shared_findings(edition) + parts.priority_findings(edition)
    found = on_page_one(edition, parts.short(edition, found))
    edition.word.paragraph("Heading1", edition.say("heading.findings"))
    for position, (words, cites) in enumerate(found or [(edition.say("no_recommendations"), [])], 1):
        edition.word.paragraph("Finding", f"{position}．", *edition.sentence(words, cites))


def on_page_one(edition: Edition, found: list[parts.Finding]) -> list[parts.Finding]:
    """Those of the findings that stand on the first page, by an estimate of their lines."""
    letterhead = edition.letterhead
    room = PAGE_ONE_LINES - bool(letterhead.issue) - bool(letterhead.classification)
    room -= math.ceil(width(edition.title) / TITLE_WIDTH)
    for count, (words, cites) in enumerate(found):
        room -= math.ceil((FINDING_INDENT + width(words) + CITE_WIDTH * len(cites)) / LINE_WIDTH)
        if room < 0:
            return found[:count]
    return found


def overview(edition: Edition) -> None:
    """总体情况: the volume in numbers, and what stands out by its absence."""
    word = edition.word
    volume = edition.text(edition.brief.title)
    key = "counts" if volume else "counts_untitled"
    word.paragraph("Heading1", edition.say("heading.overview"))
    text = edition.say(f"overview.{key}", title=volume, **edition.counts())
    if edition.recommendations:
        text += edition.say("overview.addressees", addressees=edition.by_addressee())
    word.paragraph("BodyText", text + parts.left_out(edition) + parts.silent_papers(edition))
    last = annex_mark(edition, annex_titles(edition), "accounting")
    word.paragraph("BodyText", edition.say("overview.notice", annex=last))


def digest(edition: Edition, paper: PaperBrief) -> None:
    """One paper under its heading."""
    word, say = edition.word, edition.say
    number = numeral(paper.paper.number)
    word.paragraph("Heading2", say("heading.digest", numeral=number, title=edition.text(paper.title)))
    if edition.byline(paper):
        word.paragraph("Byline", edition.byline(paper))
    parts.digest(edition, paper)


def annex_titles(edition: Edition) -> list[str]:
    """The titles of the annexes in their order."""
    keys = ["recommendations"] if edition.has("recommendations") else []
    return [edition.say(f"heading.{key}") for key in (*keys, "accounting")]


def annex_note(edition: Edition, titles: list[str]) -> None:
    """附件说明 after the text: no mark at the end of a name."""
    for number, title in enumerate(titles, 1):
        text = f"{number}.{title}" if len(titles) > 1 else title
        style = "AnnexNoteNext" if number > 1 else "AnnexNote"
        edition.word.paragraph(style, text if number > 1 else edition.say("annex_note", text=text))


def annex(edition: Edition, titles: list[str], key: str) -> None:
    """附件 on a new page."""
    edition.word.paragraph("Annex", annex_mark(edition, titles, key))
    edition.word.paragraph("AnnexTitle", edition.say(f"heading.{key}"))


def annex_mark(edition: Edition, titles: list[str], key: str) -> str:
    """附件 with its number; one alone has none."""
    number = titles.index(edition.say(f"heading.{key}")) + 1 if len(titles) > 1 else ""
    return edition.say("heading.annex", number=number)


def foot(edition: Edition) -> None:
    """版记 at the foot of the last page: who receives the brief, who prints it and when."""
    lines = []
    if edition.letterhead.recipients:
        lines.append(edition.say("foot.recipients", recipients=edition.letterhead.recipients.rstrip("。")))
    if edition.office:
        lines.append(edition.say("foot.printed", office=edition.office, date=edition.day()))
    if not lines:
        return
    styles = ["FootOnly"] if len(lines) == 1 else ["FootFirst", "FootLast"]
    height = FOOT_LINE * sum(1 + int(width(line) // FOOT_WIDTH) for line in lines)
    edition.word.at_foot(list(zip(styles, lines, strict=True)), height, edition.say("foot.title"))
