"""Across the papers: themes, what several recommend, where they differ, what to read first.

Nothing is worded anew here: what papers share is shown in the words of the
member that says most, with all its supporters named, and differences in the
papers' own statements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.language.glossary import CHINESE, Glossary, english_name
from pipeline.records import Brief, PaperBrief, Source, Text, Theme
from pipeline.source.segment import Volume
from pipeline.stages.differ import differences
from pipeline.stages.merge import shared_recommendations
from pipeline.stages.rank import priorities, ratings


def synthesize(
    source: Source,
    volume: Volume,
    papers: Sequence[PaperBrief],
    names: Mapping[str, Text],
    glossary: Glossary,
    points: Mapping[str, int],
) -> Brief:
    """The brief of the whole volume; `names` gives the themes in both languages, `points` the weights of priorities."""
    shared = shared_recommendations(papers)
    rated = ratings(papers, shared, points)
    return Brief(
        source=source,
        title=volume_title(volume, glossary),
        host=host(volume, glossary),
        papers=tuple(papers),
        themes=themes(papers, names),
        shared=shared,
        priorities=priorities(papers, shared, rated),
        differences=differences(papers),
        ratings=rated,
    )


def volume_title(volume: Volume, glossary: Glossary) -> Text:
    """By the glossary, or else as the cover prints it; "" in a language in which neither names it."""
    if not CHINESE.search(volume.title):
        return Text(glossary.chinese.get(volume.title, ""), volume.title)
    return Text(volume.title, glossary.english.get(volume.title, volume.title_en))


def host(volume: Volume, glossary: Glossary) -> Text:
    """The place advised; in English by the glossary, or else by its sound, as Chinese places are named abroad."""
    if not CHINESE.search(volume.host):
        return Text(glossary.chinese.get(volume.host, ""), volume.host)
    return Text(volume.host, english_name(volume.host, glossary))


def themes(papers: Sequence[PaperBrief], names: Mapping[str, Text]) -> tuple[Theme, ...]:
    """Every theme that has a recommendation, those of most papers first."""
    found = []
    for key, name in names.items():
        inside = [(p.paper.number, r) for p in papers for r in p.recommendations if r.theme == key]
        if inside:
            numbers = tuple(sorted({number for number, _ in inside}))
            found.append(Theme(key, name, numbers, tuple(r for _, r in inside)))
    return tuple(sorted(found, key=lambda t: (-len(t.papers), -len(t.recommendations), t.key)))
