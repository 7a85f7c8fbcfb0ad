"""Parts that both briefs share: themes, tables, digests and annexes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pipeline.output.charts import WIDTH_MM, themes_chart
from pipeline.output.edition import Edition
from pipeline.output.plain import abridged, plain
from pipeline.output.sources import QUOTE_CHARACTERS, Entry
from pipeline.output.word import Back, Inline, SourceMark, Strong
from pipeline.records import PaperBrief, Recommendation, Shared

LEADING_THEMES = 3
FINDINGS = 5  # paragraphs of the findings on top, the one on themes included
SOURCE_COLUMNS = 2
# Counts of record["accounting"], in the order of printing.
ACCOUNTED = ("chunks", "chunks_read", "chunks_truncated", "chunks_failed", "retried", "repeats_merged", "claims")
KINDS = {"zh": {"table": "表", "figure": "图"}, "en": {"table": "Table", "figure": "Figure"}}


@dataclass
class Numbers:
    """How many tables and figures stand so far."""

    table: int = 0
    figure: int = 0


def caption(edition: Edition, numbers: Numbers, kind: str, text: str) -> None:
    """The next caption of a table or figure."""
    number = getattr(numbers, kind) + 1
    setattr(numbers, kind, number)
    style = "Caption" if kind == "table" else "PictureCaption"
    edition.word.caption(style, KINDS[edition.language][kind], number, text)


def findings(edition: Edition) -> list[list[Inline]]:
    """The few sentences that a hurried reader needs: what several papers share, then what comes first."""
    found: list[list[Inline]] = []
    seen: set[str] = set()
    for shared in edition.brief.shared:
        text = edition.say(
            "finding.shared", papers=edition.counted("papers", edition.papers_of(shared)), title=bare(edition, shared)
        )
        found.append(edition.sentence(text, edition.cites(*(r.title for r in shared.members))))
        seen.update(r.id for r in shared.members)
    for recommendation in edition.brief.priorities:
        if recommendation.id not in seen:
            text = edition.say(
                "finding.priority",
                who=edition.who(edition.papers[recommendation.id]),
                title=edition.cited(recommendation.title)[0],
            )
            found.append(edition.sentence(text, edition.cites(recommendation.title)))
    return found[: FINDINGS - 1]


def bare(edition: Edition, shared: Shared) -> str:
    """The title of a group without its full stop."""
    return edition.text(shared.title).rstrip("。.；;")


def silent_papers(edition: Edition) -> None:
    """Which papers recommend nothing, where there are some."""
    silent = [paper for paper in edition.brief.papers if not paper.recommendations]
    if silent:
        titles = edition.labels.joined([edition.say("work", title=edition.text(paper.title)) for paper in silent])
        count = edition.counted("papers", len(silent))
        edition.word.paragraph("BodyText", edition.say("overview.without", papers=count, titles=titles))


def themes(edition: Edition, numbers: Numbers) -> None:
    """What the themes are, as a sentence, a chart and a table."""
    brief, word = edition.brief, edition.word
    top = edition.top_themes(LEADING_THEMES)
    word.paragraph("BodyText", edition.say("themes.lead", themes=len(brief.themes), top=top))
    title = edition.say("themes.figure")
    alt = edition.say("themes.alt", themes=edition.top_themes(len(brief.themes)))
    word.picture(themes_chart(brief, edition.language), WIDTH_MM, title, alt)
    caption(edition, numbers, "figure", title)
    caption(edition, numbers, "table", edition.say("themes.table"))
    rows = [
        [
            [[edition.text(theme.name)]],
            [[str(len(theme.papers))]],
            [[str(len(theme.recommendations))]],
            [[edition.numbers(theme.papers)]],
        ]
        for theme in brief.themes
    ]
    styles = ["TableText", "TableNumber", "TableNumber", "TableText"]
    word.table(edition.say("themes.table"), (22, 11, 26, 41), edition.labels.get("themes.columns"), rows, styles)


def shared(edition: Edition) -> None:
    """Recommendations that several papers make, with who makes them."""
    for group in edition.brief.shared:
        count = edition.counted("papers", edition.papers_of(group))
        names = [f"{edition.who(edition.papers[r.id])} {r.id}" for r in group.members]
        text = edition.say("shared.item", title=bare(edition, group), papers=count)
        members = edition.say("shared.members", members=edition.labels.joined(names))
        cites = edition.cites(*(r.title for r in group.members))
        edition.word.paragraph("BodyText", *edition.sentence(f"{text}{edition.say('clause')}{members}", cites))


def priorities(edition: Edition, numbers: Numbers) -> None:
    """The table of priority recommendations."""
    rows = [
        [
            [[str(position)]],
            [[edition.cited(r.title)[0]]],
            [[edition.labels.joined([edition.who(paper) for paper in edition.supporters(r)])]],
            [[edition.theme(r.theme)]],
            [[edition.addressee(r)]],
            [[r.id, *edition.cites(r.title)]],
        ]
        for position, r in enumerate(edition.brief.priorities, 1)
    ]
    caption(edition, numbers, "table", edition.say("priorities.table"))
    styles = ["TableNumber", "TableText", "TableText", "TableText", "TableText", "TableText"]
    shares = (8, 30, 18, 18, 18, 14)
    edition.word.table(edition.say("priorities.table"), shares, edition.labels.get("priorities.columns"), rows, styles)


def summary(edition: Edition, paper: PaperBrief) -> None:
    """A paper's summary as one paragraph."""
    inlines: list[Inline] = []
    for statement in paper.summary.in_(edition.language):
        inlines += edition.sentence(edition.text(statement.text), edition.cites(statement))
    if inlines:
        edition.word.paragraph("Digest", *inlines)


def items(edition: Edition, paper: PaperBrief) -> list[list[Inline]]:
    """The recommendations of a paper: id, title, sources."""
    return [[f"{r.id}\u2002", *edition.cited(r.title)] for r in paper.recommendations]


def recommendation_rows(edition: Edition) -> list:
    """All recommendations with their measures, as rows of a table."""

    def content(recommendation: Recommendation) -> list:
        inlines: list[Inline] = []
        for position, measure in enumerate(recommendation.measures, 1):
            inlines.append(edition.say("list.measure", number=position))
            inlines += edition.cited(measure)
            inlines.append(edition.say("stop" if position == len(recommendation.measures) else "clause"))
        title, *cites = edition.cited(recommendation.title)
        words = {"theme": edition.theme(recommendation.theme), "addressee": edition.addressee(recommendation)}
        lead = [Strong(title), *cites, edition.say("list.class", **words)]
        return [lead, inlines] if inlines else [lead]

    return [[[[r.id]], content(r)] for r in edition.recommendations]


def all_recommendations(edition: Edition, numbers: Numbers) -> None:
    """The table of all recommendations."""
    title = edition.say("list.table")
    caption(edition, numbers, "table", title)
    columns = edition.labels.get("list.columns")
    edition.word.table(title, (8, 92), columns, recommendation_rows(edition), ["ListText"] * 2)


def accounting(edition: Edition, numbers: Numbers) -> None:
    """What was processed, what was not used and why, and what a machine made."""
    word, say = edition.word, edition.say
    counts = edition.record["accounting"]
    model = edition.record["model"]["name"]
    rejections = [r for paper in edition.brief.papers for r in paper.rejections]
    word.paragraph("BodyText", say("accounting.made", model=model))
    source = edition.brief.source
    rows = [
        (say("accounting.papers"), len(edition.brief.papers)),
        *((say(f"accounting.{key}"), counts[key]) for key in ACCOUNTED),
        (say("accounting.rejections"), len(rejections)),
        (say("accounting.model"), model),
        (say("accounting.source"), plain(source.path.name)),
        (say("accounting.source_sha256"), source.sha256),
    ]
    caption(edition, numbers, "table", say("accounting.table"))
    cells = [[[[name]], [[str(value)]]] for name, value in rows]
    columns = edition.labels.get("accounting.columns")
    word.table(say("accounting.table"), (40, 60), columns, cells, ["ListText"] * 2)
    if not rejections:
        word.paragraph("BodyText", say("accounting.no_rejections"))
        return
    caption(edition, numbers, "table", say("accounting.reasons"))
    columns = edition.labels.get("accounting.reason_columns")
    rows = rejection_rows(edition, rejections)
    word.table(say("accounting.reasons"), (18, 50, 20, 12), columns, rows, ["ListText"] * 4)


def rejection_rows(edition: Edition, rejections) -> list:
    """Rejections by stage, reason and what replaced them, most first; one with two reasons counts for both."""
    stages, replacements = edition.labels.get("stage"), edition.labels.get("replacement")
    groups = Counter(
        (stages.get(r.stage, r.stage), edition.labels.reason(reason), replacements.get(r.replacement, r.replacement))
        for r in rejections
        for reason in r.reason.split("; ")
    )
    ordered = sorted(groups.items(), key=lambda group: (-group[1], group[0]))
    return [[[[plain(part)]] for part in group] + [[[str(n)]]] for group, n in ordered]


def sources(edition: Edition) -> None:
    """The list of sources: by paper, each with line and quote; citations lead here, arrows lead back."""
    edition.word.paragraph("Note", edition.say("sources.note", characters=QUOTE_CHARACTERS), ends_section=True)
    entries: dict[int, list[Entry]] = {}
    for entry in edition.sources.entries:
        entries.setdefault(entry.paper, []).append(entry)
    for paper in edition.brief.papers:
        if paper.paper.number in entries:
            edition.word.paragraph("SourcePaper", source_head(edition, paper))
        for entry in entries.get(paper.paper.number, ()):
            quote = edition.say("quote", quote=abridged(plain(entry.evidence.quote), QUOTE_CHARACTERS))
            edition.word.paragraph(
                "Source", SourceMark(entry.number), f" {lines(edition, entry)} {quote} ", Back(entry.number)
            )


def source_head(edition: Edition, paper: PaperBrief) -> str:
    """Which paper and whose the sources below are."""
    author = edition.text(paper.author)
    who = edition.who(paper)
    who = edition.say("person", name=who, position=author) if author and author != who else who
    return edition.say("sources.paper", number=paper.paper.number, who=who, title=edition.text(paper.title))


def lines(edition: Edition, entry: Entry) -> str:
    """Where in the volume a source stands."""
    key = "line" if entry.first_line == entry.last_line else "lines"
    return edition.say(key, first=entry.first_line, last=entry.last_line)
