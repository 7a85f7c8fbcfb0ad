"""From grouped lines to recommendations.

The writer names each recommendation and marks its measures as JSON whose
quotes can be nothing but source text. A poor name falls back to the item's own
words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jsonschema import Draft202012Validator

from pipeline.language.glossary import Glossary
from pipeline.language.likeness import features, same
from pipeline.llm.engine import Completion, Engine, Progress, Quotes, Request
from pipeline.llm.prompt import Task
from pipeline.records import Claim, Grounded, Language, Paper, Rejection, Source, Span
from pipeline.source.lines import heading_level, heading_text
from pipeline.source.text import UNSEEN, continues, readable, sentences, unmarked
from pipeline.stages.ground import Grounder, because, clipped
from pipeline.stages.group import Region, span_of

REGION_CHARACTERS = 900  # of an item that the writer sees
CLAUSE_MARK = re.compile(r"[，；。！？：]|(?<!\d)[,;:](?!\d)")
FIRST_SENTENCES = 4  # of an item whose measures the writer did not mark
LEADING = re.compile("(?:建议|应当?|可以?|需要?|要|并且?|同时|进一步|积极|大力|持续|全面|着力|继续|尽快|逐步)*")
SHORTEST_TITLE = 6  # characters of a clause that can be a title
TITLE_CHARACTERS = {"zh": 40, "en": 140}


@dataclass(frozen=True, slots=True)
class Item:
    """One recommendation in its paper's language."""

    region: Region
    title: Grounded
    measures: tuple[Grounded, ...]
    rejections: tuple[Rejection, ...]


def extract(
    papers: Mapping[int, Paper],
    found: Sequence[Region],
    tasks: Mapping[Language, Task],
    schema: Mapping,
    engine: Engine,
    trained: bool,
    grounder: Grounder,
    progress: Progress,
) -> list[Item]:
    """Name each item and mark its measures, all in one batch."""
    requests = [item_request(grounder.source, papers[r.paper], r, tasks, schema, trained) for r in found]
    completions = engine.complete(requests, progress)
    validator = Draft202012Validator(schema)
    return [item(papers[r.paper], r, done, validator, grounder) for r, done in zip(found, completions, strict=True)]


def item_request(source: Source, paper: Paper, found: Region, tasks, schema: Mapping, trained: bool) -> Request:
    text = region_text(source, paper, found)[:REGION_CHARACTERS]
    constraint = Quotes(json.dumps(schema, ensure_ascii=False), tuple(text.split("\n")))
    return tasks[paper.language].request(trained, constraint=constraint, text=text)


def region_text(source: Source, paper: Paper, found: Region) -> str:
    """The item's lines, those that the conversion broke joined; quotes are pieces of exactly this text."""
    text, gap = "", {"zh": "", "en": " "}[paper.language]
    for index in range(found.first, found.last + 1):
        line = paper.lines[index]
        broken = index > found.first and continues(source, paper.lines[index - 1], line)
        text += (gap if broken else "\n") + source.slice(line.span)
    return UNSEEN.sub("", text).strip("\n")


def item(paper: Paper, found: Region, completion: Completion, validator, grounder: Grounder) -> Item:
    reply, fault = parsed(completion, validator)
    refused = lambda claim, reason, instead: Rejection(paper.number, "extract", paper.language, claim, reason, instead)
    rejections = [refused(completion.text, because([fault]), "quote")] if fault else []
    if unseen := region_text(grounder.source, paper, found)[REGION_CHARACTERS:]:
        rejections.append(refused(unseen, "beyond what the writer is shown of an item", "quote"))
    whole = span_of(paper, found)
    title = own_title(paper, found, grounder)
    if reply:
        said = said_once(reply["title"].strip().rstrip("。.；;"), paper.language)
        result = grounder.ground(Claim(said, (whole, *found.also)), paper, "extract", "quote")
        if isinstance(result, Rejection):
            rejections.append(result)
        else:
            title = result
    spans, lost = measure_spans(grounder.source, paper, whole, reply["measures"] if reply else [])
    rejections += [refused(quote, "a measure already quoted", "dropped") for quote in lost]
    return Item(found, title, tuple(grounder.quoted([span], paper) for span in spans), tuple(rejections))


def parsed(completion: Completion, validator) -> tuple[dict | None, str]:
    """The reply as the schema wants it, or None and what is wrong with it."""
    if completion.finish_reason != "stop":
        return None, "reply cut at its limit"
    try:
        reply = json.loads(completion.text)
        json.dumps(reply, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    except json.JSONDecodeError as error:
        return None, f"reply is not JSON: {error.msg}"
    except (ValueError, RecursionError) as error:
        return None, f"reply is not JSON: {type(error).__name__}"
    fault = next((e.message for e in validator.iter_errors(reply)), "")
    return (None, f"reply against the schema: {fault}") if fault else (reply, "")


def said_once(title: str, language: Language) -> str:
    """The title without clauses that say what an earlier one says."""
    kept: list[str] = []
    for clause in re.split("(?<=，)" if language == "zh" else r"(?<=[,;]) ", title):
        if not any(same(clause, earlier) for earlier in kept):
            kept.append(clause)
    return {"zh": "", "en": " "}[language].join(kept).rstrip("，,; ")


def own_title(paper: Paper, found: Region, grounder: Grounder) -> Grounded:
    """The item's heading, else its first clause that calls for something, else its first line that says something."""
    lines = region_text(grounder.source, paper, found).split("\n")
    bare = [readable(unmarked(heading_text(line), heading=heading_level(line) > 0)) for line in lines]
    said = [text for text in bare if features(text)] or lines
    if not heading_level(lines[0]) and (called := calling(said, grounder.glossary)):
        said = [called]
    text = clipped(said[0], paper.language, TITLE_CHARACTERS[paper.language]).rstrip("。.；;：:")
    return Grounded(paper.number, text, grounder.evidence((span_of(paper, found), *found.also)))


def calling(texts: Sequence[str], glossary: Glossary) -> str:
    """The first Chinese clause that begins with a known action, without the words that lead to it; "" if none does."""
    for clause in (c for text in texts for c in CLAUSE_MARK.split(text)):
        start = LEADING.match(clause).end()
        if len(clause) - start >= SHORTEST_TITLE and glossary.action_pattern.match(clause, start):
            return clause[start:]
    return ""


def measure_spans(source: Source, paper: Paper, whole: Span, quotes: Sequence[str]) -> tuple[list[Span], list[str]]:
    """Where the item states its measures, and the quotes that add none.

    A quote may begin or end inside a number, or leave out the 不 before it, so
    each is widened to whole clauses. Without quotes: the item's first sentences.
    """
    said = [s for s in sentences(source, whole) if features(readable(source.slice(s)))]
    spans: list[Span] = []
    lost = []
    for quote in quotes:
        span = located(source, whole, quote)
        span = span and widened(source, span, said, paper.language)
        if span and not any(span.start < s.end and s.start < span.end for s in spans):
            spans.append(span)
        else:
            lost.append(quote)
    return spans or said[:FIRST_SENTENCES], lost


def widened(source: Source, span: Span, said: Sequence[Span], language: Language) -> Span | None:
    """The clauses that a span touches, in Chinese; in English, where a comma parts less, its sentences."""
    touched = [s for s in said if s.start < span.end and span.start < s.end]
    if not touched:
        return None
    start, end = touched[0].start, touched[-1].end
    if language == "zh":
        start = max((m.end() for m in CLAUSE_MARK.finditer(source.text, start, span.start)), default=start)
        mark = CLAUSE_MARK.search(source.text, span.end - 1, end)
        end = mark.start() if mark else end
    words = source.text[start:end]
    return Span(start + len(words) - len(words.lstrip()), start + len(words.rstrip()))


def located(source: Source, within: Span, quote: str) -> Span | None:
    """Where the source says `quote`, whatever blanks, line breaks and unseen signs stand inside; None if nowhere."""
    seen = lambda character: not (character.isspace() or UNSEEN.match(character))
    places = [i for i in range(within.start, within.end) if seen(source.text[i])]
    wanted = "".join(quote.split())
    at = "".join(source.text[i] for i in places).find(wanted)
    return Span(places[at], places[at + len(wanted) - 1] + 1) if wanted and at >= 0 else None
