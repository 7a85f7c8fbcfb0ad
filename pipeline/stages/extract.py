"""From grouped lines to recommendations, and from labelled ones to key facts.

The writer names each recommendation and marks its measures as JSON whose
quotes can be nothing but source text. A poor name falls back to the item's own
words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jsonschema import Draft202012Validator

from pipeline.language.likeness import contained, features
from pipeline.language.numbers import quantities
from pipeline.llm.engine import Completion, Engine, Progress, Quotes, Request
from pipeline.llm.prompt import Task
from pipeline.llm.engine import LineLabels
from pipeline.records import Claim, Grounded, Language, Paper, Rejection, Source, Span
from pipeline.source.lines import heading_text
from pipeline.source.text import readable, sentences
from pipeline.stages.ground import clipped, evidence_at, ground, quoted
from pipeline.stages.group import Region, span_of

REGION_CHARACTERS = 900  # of an item that the writer sees
FACTS = (6, 12)  # a paper
TITLE_CHARACTERS = {"zh": 40, "en": 140}


@dataclass(frozen=True, slots=True)
class Item:
    """One recommendation in its paper's language."""

    region: Region
    title: Grounded
    measures: tuple[Grounded, ...]
    rejections: tuple[Rejection, ...]
    finish_reason: str


def extract(
    source: Source, papers: Mapping[int, Paper], found: Sequence[Region], tasks: Mapping[Language, Task],
    schema: Mapping, engine: Engine, trained: bool, progress: Progress,
) -> list[Item]:
    """Name each item and mark its measures, all in one batch."""
    requests = [item_request(source, papers[r.paper], r, tasks, schema, trained) for r in found]
    completions = engine.complete(requests, progress)
    validator = Draft202012Validator(schema)
    return [item(source, papers[r.paper], r, done, validator) for r, done in zip(found, completions)]


def item_request(source: Source, paper: Paper, found: Region, tasks, schema: Mapping, trained: bool) -> Request:
    text = region_text(source, paper, found)
    constraint = Quotes(json.dumps(schema, ensure_ascii=False), tuple(text.split("\n")))
    return tasks[paper.language].request(trained, constraint=constraint, text=text)


def region_text(source: Source, paper: Paper, found: Region) -> str:
    """The item's printed lines; quotes are pieces of exactly this text."""
    lines = (source.slice(line.span) for line in paper.lines[found.first : found.last + 1])
    return "\n".join(lines)[:REGION_CHARACTERS]


def item(source: Source, paper: Paper, found: Region, completion: Completion, validator) -> Item:
    reply, fault = parsed(completion, validator)
    rejections = [Rejection(paper.number, "extract", paper.language, completion.text, fault, "quote")] if fault else []
    whole = span_of(paper, found)
    spans = (whole, *found.also)
    title = own_title(source, paper, found, spans)
    if reply:
        said = reply["title"].strip().rstrip("。.；;")
        covered = contained(features(said), features(readable(source.slice(whole))))
        result = ground(Claim(said, spans), covered, source, paper.number, paper.language, "extract")
        if isinstance(result, Rejection):
            rejections.append(result)
        else:
            title = result
    quotes = reply["measures"] if reply else []
    measures = measure_statements(source, paper, whole, quotes)
    return Item(found, title, measures, tuple(rejections), completion.finish_reason)


def parsed(completion: Completion, validator) -> tuple[dict | None, str]:
    """The reply as the schema wants it, or None and what is wrong with it."""
    if completion.finish_reason != "stop":
        return None, "reply cut at its limit"
    try:
        reply = json.loads(completion.text)
    except json.JSONDecodeError as error:
        return None, f"reply is not JSON: {error.msg}"
    fault = next((e.message for e in validator.iter_errors(reply)), "")
    return (None, f"reply against the schema: {fault}") if fault else (reply, "")


def own_title(source: Source, paper: Paper, found: Region, spans: tuple[Span, ...]) -> Grounded:
    """The item's heading, or its first clause."""
    text = readable(heading_text(source.slice(paper.lines[found.first].span)))
    most = TITLE_CHARACTERS[paper.language]
    if len(text) > most:
        text = clipped(text, paper.language, most)
    return Grounded(paper.number, text.rstrip("。.；;：:"), evidence_at(source, spans))


def measure_statements(source: Source, paper: Paper, whole: Span, quotes: Sequence[str]) -> tuple[Grounded, ...]:
    """The quotes as statements; without any, the item's sentences."""
    spans = []
    for quote in quotes:
        at = source.text.find(quote, whole.start, whole.end)
        if at >= 0 and not any(at < s.end and s.start < at + len(quote) for s in spans):
            spans.append(Span(at, at + len(quote)))
    return tuple(quoted(source, [s], paper.number, paper.language) for s in spans or sentences(source, whole)[:4])


def key_facts(source: Source, paper: Paper, labels: Sequence[LineLabels], threshold: float) -> list[Grounded]:
    """The sentences with figures of the lines that hold facts, likeliest first, in the order of the paper."""
    ranked = sorted(range(paper.body, len(labels)), key=lambda i: -labels[i].fact["yes"])
    least, most = FACTS
    facts: list[tuple[Span, Grounded]] = []
    for index in ranked:
        if len(facts) >= most or (len(facts) >= least and labels[index].fact["yes"] < threshold):
            break
        span = fullest(source, paper, index)
        if span and not any(s == span for s, _ in facts):
            facts.append((span, quoted(source, [span], paper.number, paper.language)))
    return [fact for _, fact in sorted(facts, key=lambda f: f[0].start)]


def fullest(source: Source, paper: Paper, index: int) -> Span | None:
    """The sentence of a line with most figures, the first of equals; None if the line has no words."""
    found = sentences(source, paper.lines[index].span)
    return max(found, key=lambda s: len(quantities(source.slice(s), paper.language)), default=None)
