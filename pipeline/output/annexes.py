"""The annexes of both briefs: all recommendations, what was processed, the sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from pipeline.output.edition import Edition
from pipeline.output.parts import Numbers, caption, item_links, named, rule
from pipeline.output.plain import abridged, clauses, plain
from pipeline.output.sources import Where
from pipeline.output.word import Inline, ItemMark, SourceMark, Strong
from pipeline.records import PaperBrief, Recommendation, Rejection

SOURCE_COLUMNS = 3
# Counts of record["accounting"], in the order of printing.
ACCOUNTED = (
    "characters_read",
    "characters_digested",
    "chunks",
    "chunks_read",
    "chunks_truncated",
    "chunks_failed",
    "retried",
    "repeats_merged",
    "claims",
)
STAGES = ("digest", "summary", "extract", "translate")


def all_recommendations(edition: Edition, numbers: Numbers) -> None:
    """The table of all recommendations with the first words of their measures, paper by paper."""
    title = edition.say("list.table")
    caption(edition, numbers, "table", title)
    shares = (7.6, 72, 10.2, 10.2) if edition.language == "zh" else (6, 68, 14, 12)
    edition.word.table(title, shares, edition.labels.get("list.columns"), listed(edition), ["ListText"] * 4)


def listed(edition: Edition) -> Iterator[list[list[list[Inline]]]]:
    """The rows of all recommendations, under a heading for each paper, made as they are asked for."""
    for paper in edition.brief.papers:
        if paper.recommendations:
            head = edition.say("list.paper", number=paper.paper.number, who=edition.who(paper))
            yield [[[head]]]
        for r in paper.recommendations:
            yield [[[ItemMark(r.id)]], [content(edition, r)], [[edition.theme(r.theme)]], [[edition.addressee(r)]]]


def content(edition: Edition, recommendation: Recommendation) -> list[Inline]:
    """A recommendation and the first words of its measures, as a paragraph."""
    say = edition.say
    title, *cites = edition.cited(recommendation.title)
    measures = [m for m in recommendation.measures if not edition.untranslated(m)]
    inlines: list[Inline] = [Strong(title), *cites]
    most = getattr(edition.letterhead, f"measure_{edition.language}")
    for position, measure in enumerate(measures):
        words = clauses(edition.cited(measure)[0], most, edition.language)
        # What stands inside the quote of the recommendation has its number already.
        own = [cite for cite in edition.cites(measure) if cite not in cites]
        inlines += [say("clause" if position else "list.measures"), words, *own]
    if not str(inlines[-1]).endswith("…"):
        inlines.append(say("stop"))
    left_out = len(recommendation.measures) - len(measures)
    if left_out:
        inlines.append(say("list.untranslated", measures=edition.counted("measures", left_out)))
    others = tuple(r for r in edition.members(recommendation) if r != recommendation)
    if others:
        before, after = say("list.same", items="\n").split("\n")
        inlines += [before, *item_links(edition, others), after]
    return inlines


def accounting(edition: Edition, numbers: Numbers) -> None:
    """What was processed, what was not used and why, and what a machine made."""
    word, say = edition.word, edition.say
    source = edition.brief.source
    model = edition.record["model"]["name"]
    rejections = [r for paper in edition.brief.papers for r in paper.rejections]
    word.paragraph("Note", say("accounting.made", model=model, date=edition.day()))
    if edition.has("priorities"):
        word.paragraph("Note", rule(edition))
    word.paragraph("Note", say("accounting.source", file=plain(source.path.name), sha256=source.sha256))
    counts = edition.record["accounting"]
    cells = [
        (say("accounting.papers"), len(edition.brief.papers) + sum(fault.paper > 0 for fault in edition.brief.faults)),
        (say("accounting.left_out"), len(edition.brief.faults)),
        *((say(f"accounting.{key}"), counts[key]) for key in ACCOUNTED),
        (say("accounting.rejections"), len(rejections)),
    ]
    caption(edition, numbers, "table", say("accounting.table"))
    columns = edition.labels.get("accounting.columns")
    rows = [[[[text]] for text in row] for row in side_by_side(cells)]
    word.table(say("accounting.table"), (38, 12, 38, 12), columns * 2, rows, ["ListText", "ListNumber"] * 2)
    for fault in edition.brief.faults:
        name, stage, reason = named(edition, fault), say(f"stage.{fault.stage}"), plain(fault.reason)
        word.paragraph("Note", say("accounting.fault", name=name, stage=stage, reason=reason))
    if not rejections:
        word.paragraph("ClosingNote", say("accounting.no_rejections"))
        return
    caption(edition, numbers, "table", say("accounting.reasons"))
    stages = edition.labels.get("stage")
    columns = [say("accounting.reason"), *(stages[stage] for stage in STAGES)]
    rows = [[[[text]] for text in row] for row in reason_rows(edition, rejections)]
    word.table(say("accounting.reasons"), (44, 14, 14, 14, 14), columns, rows, ["ListText", *["ListNumber"] * 4])
    word.paragraph("ClosingNote", say("accounting.replaced", replacements=replaced(edition, rejections)))


def side_by_side(cells: Sequence[tuple[str, int]]) -> list[list[str]]:
    """Names and numbers in two columns, read downwards."""
    half = -(-len(cells) // 2)
    left = [[name, str(number)] for name, number in cells[:half]]
    right = [[name, str(number)] for name, number in cells[half:]]
    right += [["", ""]] * (half - len(right))
    return [[*one, *other] for one, other in zip(left, right, strict=True)]


def reason_rows(edition: Edition, rejections: Sequence[Rejection]) -> list[list[str]]:
    """Reasons, most frequent first, with the count of each stage; a statement with two reasons counts for both."""
    found = Counter(
        (plain(edition.labels.reason(reason)), r.stage) for r in rejections for reason in r.reason.split("; ")
    )
    totals: Counter[str] = Counter()
    for (reason, _), count in found.items():
        totals[reason] += count
    ordered = sorted(totals, key=lambda reason: (-totals[reason], reason))
    return [[reason, *(str(found[reason, stage] or "") for stage in STAGES)] for reason in ordered]


def replaced(edition: Edition, rejections: Sequence[Rejection]) -> str:
    """What stands in the place of statements that were not used, most frequent first."""
    names = edition.labels.get("replacement")
    counts = Counter(names.get(r.replacement, r.replacement) for r in rejections)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return edition.labels.joined([edition.say("of_count", name=name, count=count) for name, count in ordered])


def sources(edition: Edition) -> None:
    """The list of sources: by paper, each with place and quote; citations lead here, their numbers lead back."""
    word = edition.word
    word.paragraph("Note", edition.say("sources.note"))
    word.columns(SOURCE_COLUMNS)
    papers = {paper.paper.number: paper for paper in edition.brief.papers}
    for number, entries in groupby(edition.sources.entries, lambda entry: entry.paper):
        for position, entry in enumerate(entries):
            quote = abridged(plain(entry.evidence.quote), edition.letterhead.quote)
            words = f"{place(edition, entry.where)}{edition.say('quote', quote=quote)}"
            # The head is a line of the first source: kept with the next paragraph, it unbalances the columns.
            head = [] if position else [Strong(source_head(edition, papers[number])), "\n"]
            word.paragraph("Source" if position else "SourceFirst", *head, SourceMark(entry.number), f"\u00a0{words}")
    word.columns(1)


def source_head(edition: Edition, paper: PaperBrief) -> str:
    """Which paper and whose the sources below are."""
    who, author = edition.who(paper), edition.text(paper.author)
    who = edition.say("person", name=who, position=author) if author and author != who else who
    return edition.say("sources.paper", number=paper.paper.number, who=who)


def place(edition: Edition, where: Where) -> str:
    """Where in the volume a source stands, in words."""
    key = where.unit if where.first == where.last else f"{where.unit}s"
    words = edition.say(key, first=where.first, last=where.last)
    return edition.say("in_file", file=plain(where.file), place=words) if where.file else words
