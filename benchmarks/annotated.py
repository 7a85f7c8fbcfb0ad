"""Annotated volumes as the product reads them, for benchmarks.

GOLD, a folder, has one file a paper (`NN.json`, see training/README.md): its lines, its recommendations with
their lines and measures, its key facts with their evidence, its summary, all in both languages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipeline.config import Config
from pipeline.language.glossary import Glossary
from pipeline.records import Grounded, Paper, Span
from pipeline.source.corrections import load_corrections
from pipeline.source.read import read
from pipeline.source.segment import segment
from pipeline.stages.assemble import paper_names
from pipeline.stages.extract import located
from pipeline.stages.ground import Grounder
from pipeline.stages.group import Region
from pipeline.stages.translate import OTHER


@dataclass(frozen=True)
class Volume:
    """A volume as the product reads it, and the annotated ones of its papers by number."""

    grounder: Grounder
    papers: dict[int, Paper]
    gold: dict[int, dict]

    @cached_property
    def line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n|$", self.grounder.source.text))]

    def span(self, lines: Sequence[int]) -> Span:
        """Where lines stand, the first and the last one counted from 1."""
        return Span(self.line_starts[lines[0] - 1], self.line_starts[lines[1]])

    def some(self, count: int) -> Volume:
        """The same volume with its first annotated papers, `count` of them."""
        first = list(self.papers)[:count]
        return Volume(self.grounder, {n: self.papers[n] for n in first}, {n: self.gold[n] for n in first})

    def place(self, quote: str, lines: Sequence[int]) -> Span | None:
        """Where a quote stands inside of lines; None if nowhere."""
        return located(self.grounder.source, self.span(lines), quote)


def load_volume(text: Path, gold: Path, glossary: Glossary, config: Config) -> Volume:
    """The volume and those of its papers that have a file in the folder `gold`. Raises SourceError."""
    source = read(text)
    parsed = segment(source, load_corrections(text))
    names = {p.number: paper_names(p, glossary) for p in parsed.papers}
    volume = Volume(Grounder(source, glossary, names, config.write.verbatim), {}, {})
    for path in sorted(gold.glob("[0-9][0-9].json")):
        annotated = json.loads(path.read_text(encoding="utf-8"))
        where = volume.span(annotated["lines"])
        paper = max(parsed.papers, key=lambda p: overlap(p.span, where))
        volume.papers[paper.number], volume.gold[paper.number] = paper, annotated
    return volume


def overlap(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


@dataclass(frozen=True, slots=True)
class Annotated:
    """An expert's statement in its paper's language, on its evidence, and the expert's translation."""

    kind: str
    sentence: Grounded
    held: str


def statements(volume: Volume) -> Iterator[Annotated]:
    """What is annotated in both languages, and the quotes that measures are made from.

    What rests on a quote that the product's text does not have is left out.
    """
    for number, gold in volume.gold.items():
        own = volume.papers[number].language
        both = lambda kind, of: (kind, of[f"{kind}_{own}"], of[f"{kind}_{OTHER[own]}"])  # noqa: B023
        found = [(*both("fact", fact), volume.place(fact["evidence"], gold["lines"])) for fact in gold["key_facts"]]
        for item in gold["recommendations"]:
            found.append((*both("title", item), volume.span(item["lines"])))
            for measure in item["measures"]:
                place = volume.place(measure["evidence"], item["lines"])
                found.append((*both("measure", measure), place))
                if place:
                    quote = volume.grounder.quoted([place], volume.papers[number])
                    found.append(("quote", quote.text, measure[f"measure_{OTHER[own]}"], place))
        for kind, said, held, place in found:
            if place:
                yield Annotated(kind, Grounded(number, said, volume.grounder.evidence([place])), held)


def regions(volume: Volume, number: int) -> list[tuple[Region, dict]]:
    """The recommendations where the expert sees them, with the annotation of each."""
    paper, found = volume.papers[number], []
    for item in volume.gold[number]["recommendations"]:
        where = volume.span(item["lines"])
        rows = [i for i, line in enumerate(paper.lines) if overlap(line.span, where)]
        if rows:
            found.append((Region(number, rows[0], rows[-1], item["theme"], item["addressee"]), item))
    return found


def facts(volume: Volume, number: int) -> list[tuple[Grounded, dict]]:
    """The expert's key facts in the paper's own words."""
    gold, paper = volume.gold[number], volume.papers[number]
    placed = [(volume.place(fact["evidence"], gold["lines"]), fact) for fact in gold["key_facts"]]
    return [(volume.grounder.quoted([place], paper), fact) for place, fact in placed if place]
