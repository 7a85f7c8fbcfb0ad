"""From a model's word to a statement that the source holds, or to its quote.

The only place that makes an `Evidence`. A sentence is looked up among the
sentences that the model was shown; what shares too little with them, or names
a number, name or organisation that they do not, is not printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.language.checks import unsupported
from pipeline.language.likeness import features
from pipeline.records import Claim, Evidence, Grounded, Language, Rejection, Source, Span
from pipeline.source.text import readable

EVIDENCE_SENTENCES = 3  # that one statement may rest on
LEAST_SHARED = 0.4  # of a statement's features must stand in its evidence
QUOTE_CHARACTERS = {"zh": 120, "en": 360}  # of a quote printed in a statement's place
CLAUSE_END = {"zh": "。；！？，", "en": ".;,"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of the source that a claim may rest on."""

    span: Span
    features: frozenset[str]


def candidates(source: Source, spans: Sequence[Span]) -> list[Candidate]:
    """The sentences at `spans`, ready to be compared."""
    return [Candidate(span, features(readable(source.slice(span)))) for span in spans]


def rest(text: str, among: Sequence[Candidate]) -> tuple[Claim, float]:
    """The sentence with those candidates that cover most of it, and the share covered.

    Greedy: the candidate that adds most, at most EVIDENCE_SENTENCES of them.
    """
    wanted = features(text)
    left, chosen = set(wanted), []
    while left and len(chosen) < EVIDENCE_SENTENCES:
        best = max(among, key=lambda c: len(left & c.features), default=None)
        gain = len(left & best.features) if best else 0
        if not gain or (chosen and gain < 2 and not any(f[0].isdigit() for f in left & best.features)):
            break
        chosen.append(best)
        left -= best.features
    covered = 1 - len(left) / len(wanted) if wanted else 0.0
    return Claim(text, tuple(sorted((c.span for c in chosen), key=lambda s: s.start))), covered


def ground(claim: Claim, covered: float, source: Source, paper: int, language: Language, stage: str) -> Grounded | Rejection:
    """The claim with its evidence, or why it may not be printed."""
    reasons = []
    if not claim.spans or covered < LEAST_SHARED:
        reasons.append("says what the source does not")
    evidence = evidence_at(source, claim.spans)
    reasons += unsupported(claim.text, "\n".join(e.quote for e in evidence))
    if reasons:
        return Rejection(paper, stage, language, claim.text, "; ".join(reasons), "quote" if evidence else "dropped")
    return Grounded(paper, claim.text, evidence)


def evidence_at(source: Source, spans: Sequence[Span]) -> tuple[Evidence, ...]:
    """The source's own words at `spans`."""
    return tuple(Evidence(span, source.slice(span)) for span in spans)


def quoted(source: Source, spans: Sequence[Span], paper: int, language: Language) -> Grounded:
    """The source's own words as a statement, cut at a clause if they are long."""
    text = clipped(readable(" ".join(source.slice(span) for span in spans)), language)
    return Grounded(paper, text, evidence_at(source, spans))


def clipped(text: str, language: Language, most: int | None = None) -> str:
    """`text` up to the last clause that ends within `most` characters (QUOTE_CHARACTERS if None)."""
    most = most or QUOTE_CHARACTERS[language]
    if len(text) <= most:
        return text
    cut = max(text.rfind(mark, 0, most) for mark in CLAUSE_END[language])
    return text[: cut if cut > most // 3 else most].rstrip(" ，,；;") + "……"[: 2 if language == "zh" else 1]
