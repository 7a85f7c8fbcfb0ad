"""One paper on a Word page of its own, for those who work on it: everything in full, each quote whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipeline.config import BriefConfig
from pipeline.output.annexes import place
from pipeline.output.edition import Edition, open_edition
from pipeline.output.plain import plain
from pipeline.output.word import Inline, ItemMark, SourceMark, Strong
from pipeline.records import Brief, Language, PaperBrief, Recommendation

SECTIONS = ("digests", "facts", "recommendations")


def paper_page(
    language: Language, paper: PaperBrief, brief: Brief, record: Mapping[str, Any], letterhead: BriefConfig
) -> bytes:
    """The Word file of one paper; the same arguments give the same bytes."""
    alone = Brief(brief.source, brief.title, brief.host, (paper,), (), ())
    title = {"zh": "title", "en": "title_en"}[language]
    own = {title: paper.title.in_(language), "sections": SECTIONS, "template": "", "template_en": ""}
    edition = open_edition(language, alone, record, replace(letterhead, **own))
    word, say = edition.word, edition.say
    word.paragraph("Title", edition.title)
    if edition.byline(paper):
        word.paragraph("Byline", edition.byline(paper))
    summary = paper.summary.in_(language)
    if summary:
        word.paragraph("Heading1", say("paper_page.summary"))
        said = [edition.sentence(edition.text(s.text), edition.cites(s)) for s in summary]
        word.paragraph("Digest", *(inline for sentence in said for inline in sentence))
    if paper.key_facts:
        word.paragraph("Heading1", say("paper_page.facts"))
        for fact in paper.key_facts:
            word.paragraph("Digest", *edition.fact(paper, fact))
    word.paragraph("Heading1", say("paper_page.recommendations"))
    for recommendation in paper.recommendations:
        recommended(edition, recommendation)
    if not paper.recommendations:
        word.paragraph("Digest", say("digest.no_recommendations"))
    sources(edition)
    return word.to_bytes()


def recommended(edition: Edition, recommendation: Recommendation) -> None:
    """A recommendation, its theme and addressee, and its measures, one a paragraph."""
    title, *cites = edition.cited(recommendation.title)
    theme, who = edition.theme(recommendation.theme), edition.addressee(recommendation)
    field = edition.say("paper_page.field", theme=theme, who=who)
    edition.word.paragraph("Digest", ItemMark(recommendation.id), " ", Strong(str(title)), *cites, field)
    for measure in recommendation.measures:
        if not edition.untranslated(measure):
            edition.word.paragraph("Digest", *edition.cited(measure))
    left_out = sum(map(edition.untranslated, recommendation.measures))
    if left_out:
        words = edition.say("list.untranslated", measures=edition.counted("measures", left_out))
        edition.word.paragraph("Digest", words.strip())


def sources(edition: Edition) -> None:
    """The quotes that the page rests on, whole, in the order of the paper."""
    edition.word.paragraph("Heading1", edition.say("paper_page.sources"))
    for entry in edition.sources.entries:
        words: Inline = edition.say("quote", quote=plain(entry.evidence.quote))
        edition.word.paragraph("Note", SourceMark(entry.number), f"\u00a0{place(edition, entry.where)}{words}")
