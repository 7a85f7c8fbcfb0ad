"""A brief as plain values: the JSON files of a run, whose shape others rely on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

from jsonschema import Draft202012Validator

from pipeline.errors import PromptError, StoreError
from pipeline.output.labels import PROMPTS
from pipeline.records import Brief, Language, PaperBrief, Recommendation, Source, Statement, Text
from pipeline.source.text import UNSEEN

SCHEMAS = PROMPTS / "output"
TOKENS = 10_000  # of JSON that are put together at a time; those of a large file take ten times its room
# Written as their codes, since a terminal or an editor would obey them.
COMMANDS = re.compile(rf"[\x7f-\x9f\u2028\u2029]|{UNSEEN.pattern}")


def paper_values(paper: PaperBrief, source: Source) -> dict[str, Any]:
    """One paper as papers/NN-organisation.json holds it; offsets are characters of the source."""
    return {
        "number": paper.paper.number,
        "title": wording(paper.title),
        "organization": wording(paper.organisation),
        "author": {"name": wording(paper.author), "position": wording(paper.position)},
        "language": paper.paper.language,
        "span": {"start": paper.paper.span.start, "end": paper.paper.span.end},
        "summary": {"zh": sentences(paper, "zh", source), "en": sentences(paper, "en", source)},
        "key_facts": [fact_values(paper, fact, source) for fact in paper.key_facts],
        "recommendations": [recommendation_values(r, source) for r in paper.recommendations],
        "contradictions": [
            {"kind": c.kind, "sides": [statement_values(side, source) for side in c.sides]}
            for c in paper.contradictions
        ],
        "rejections": [
            {
                "stage": r.stage,
                "language": r.language,
                "claim": r.claim,
                "reason": r.reason,
                "replacement": r.replacement,
            }
            for r in paper.rejections
        ],
    }


def brief_values(brief: Brief) -> dict[str, Any]:
    """The recommendations of all papers as recommendations.json holds them."""
    return {
        "volume": {
            "title": wording(brief.title),
            "host": wording(brief.host),
            "file": brief.source.path.name,
            "sha256": brief.source.sha256,
        },
        "themes": [
            {
                "key": theme.key,
                "name": wording(theme.name),
                "papers": list(theme.papers),
                "recommendations": [r.id for r in theme.recommendations],
            }
            for theme in brief.themes
        ],
        "priorities": [r.id for r in brief.priorities],
        "shared": [
            {"title": wording(s.title), "theme": s.theme, "members": [r.id for r in s.members]} for s in brief.shared
        ],
        "differences": [
            {
                "kind": difference.kind,
                "sides": [{"paper": n, **statement_values(s, brief.source)} for n, s in difference.sides],
            }
            for difference in brief.differences
        ],
        "recommendations": [
            {
                "paper": paper.paper.number,
                "organization": wording(paper.organisation),
                **recommendation_values(r, brief.source),
            }
            for paper in brief.papers
            for r in paper.recommendations
        ],
    }


def recommendation_values(recommendation: Recommendation, source: Source) -> dict[str, Any]:
    return {
        "id": recommendation.id,
        "title": wording(recommendation.title.text),
        "addressee": recommendation.addressee,
        "theme": recommendation.theme,
        "evidence": evidence_values(recommendation.title, source),
        "measures": [statement_values(measure, source) for measure in recommendation.measures],
    }


def fact_values(paper: PaperBrief, fact: Statement, source: Source) -> dict[str, Any]:
    """A key fact, and whether it is a forecast or a target, and whether the paper contradicts it."""
    marked = {"outlook": fact.outlook, "contradicted": paper.contradicts(fact)}
    return statement_values(fact, source) | {key: value for key, value in marked.items() if value}


def statement_values(statement: Statement, source: Source) -> dict[str, Any]:
    marked = {"plain": statement.plain} if statement.plain else {}
    return {"text": wording(statement.text), "evidence": evidence_values(statement, source), **marked}


def sentences(paper: PaperBrief, language: Language, source: Source) -> list[dict[str, Any]]:
    """The summary in one language."""
    return [{"text": s.text.in_(language), "evidence": evidence_values(s, source)} for s in paper.summary.in_(language)]


def evidence_values(statement: Statement, source: Source) -> list[dict[str, Any]]:
    return [
        {"start": e.span.start, "end": e.span.end, "line": source.line_number(e.span.start), "quote": e.quote}
        for e in statement.evidence
    ]


def wording(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def json_text(values: Any, schema: str = "") -> str:
    """`values` as JSON, in their own order; `schema` names one of prompts/output that they must satisfy.

    Raises StoreError for values that do not satisfy it.
    """
    return "".join(json_pieces(checked(values, schema) if schema else values))


def checked(values: Any, schema: str) -> Any:
    """The values; raises StoreError if they do not satisfy prompts/output/`schema`.schema.json."""
    fault = next(iter(validator(schema).iter_errors(values)), None)
    if fault:
        where = f"{schema}.schema.json: {fault.json_path}"
        raise StoreError(f"{where}: {fault.message}; nothing of it was written, please report this")
    return values


def json_pieces(values: Any) -> Iterator[str]:
    """The text of `json_text`, piece by piece."""
    tokens = json.JSONEncoder(ensure_ascii=False, indent=2).iterencode(values)
    while piece := "".join(islice(tokens, TOKENS)):
        yield COMMANDS.sub(lambda match: json.dumps(match[0])[1:-1], piece)
    yield "\n"


@cache
def validator(schema: str) -> Draft202012Validator:
    """The checker of prompts/output/`schema`.schema.json. Raises PromptError if there is none."""
    path = SCHEMAS / f"{schema}.schema.json"
    try:
        return Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, json.JSONDecodeError) as error:
        raise PromptError(f"{path}: {error}; restore it from the project") from error
