"""From a model's word to a statement that the source holds, or to its quote.

The only place that makes an `Evidence`. A sentence is looked up among the
sentences that the model was shown; what shares too little with them, or names
a number, name or organisation that they do not, is not printed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.language.checks import unsupported
from pipeline.language.glossary import Glossary
from pipeline.language.likeness import contained, features, verbatim
from pipeline.records import Claim, Evidence, Grounded, Language, Paper, Rejection, Source, Span
from pipeline.source.text import readable, unmarked, whole

EVIDENCE_SENTENCES = 3  # that one statement may rest on
LEAST_SHARED = 0.4  # of a statement's features must stand in its evidence
LEAST_NEAR = 0.3  # of a sentence's features, for a source sentence that takes its place
QUOTE_CHARACTERS = {"zh": 120, "en": 360}  # of a quote printed in a statement's place
CLAUSE_END = {"zh": re.compile("[。；！？，]"), "en": re.compile(r"[.;,](?=\s)")}
UNBROKEN = re.compile(
    r"[A-Za-z\d.,%]{2}|\d[万亿千百十]|[万亿千百十]{2}|[万亿][元美欧]"
)  # two characters of one word or number


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of the source that a claim may rest on."""

    span: Span
    features: frozenset[str]


@dataclass(frozen=True)
class Grounder:
    """The source, and the names that may stand in either language."""

    source: Source
    glossary: Glossary
    names: Mapping[int, tuple[tuple[str, str], ...]]  # by paper: (Chinese, English) of who writes it
    least_verbatim: float = 0.0  # share of a sentence in clauses that its evidence has word for word

    def candidates(self, spans: Sequence[Span]) -> list[Candidate]:
        """The sentences at `spans` that say something, ready to be compared."""
        found = (Candidate(span, features(readable(self.source.slice(span)))) for span in spans)
        return [candidate for candidate in found if candidate.features]

    def evidence(self, spans: Sequence[Span]) -> tuple[Evidence, ...]:
        """The source's own words at `spans`."""
        return tuple(Evidence(span, self.source.slice(span)) for span in spans)

    def beyond(self, text: str, held: str, paper: int) -> list[str]:
        """What `text` says beyond the words `held`, each in either language."""
        return list(dict.fromkeys(unsupported(text, held, self.glossary, self.names[paper])))

    def ground(
        self, claim: Claim, paper: Paper, stage: str, instead: str, least_verbatim: float = 0.0
    ) -> Grounded | Rejection:
        """The claim with its evidence, or why it may not be printed and what stands `instead`."""
        evidence = self.evidence(claim.spans)
        reasons = self.beyond(claim.text, "\n".join(e.quote for e in evidence), paper.number)
        held = " ".join(readable(e.quote) for e in evidence)
        if contained(features(claim.text), features(held)) < LEAST_SHARED:
            reasons.insert(0, "says what the source does not")
        elif verbatim(claim.text, held) < least_verbatim:
            reasons.insert(0, "strays from the words of the source")
        if not reasons:
            return Grounded(paper.number, claim.text, evidence)
        return Rejection(paper.number, stage, paper.language, claim.text, because(reasons), instead)

    def quoted(self, spans: Sequence[Span], paper: Paper) -> Grounded:
        """The source's own words as a statement, sentences in all their parts, cut at a clause if they are long."""
        spans = tuple(dict.fromkeys(part for span in spans for part in whole(self.source, span, paper.span)))
        words = printed = " ".join(self.source.slice(span) for span in spans)
        line_start = self.source.text.rfind("\n", 0, spans[0].start) + 1
        if not self.source.text[line_start : spans[0].start].strip():
            words = unmarked(words)
        words = readable(words) or printed  # which may be nothing but marks
        return Grounded(paper.number, clipped(words, paper.language), self.evidence(spans))


def because(reasons: Sequence[str]) -> str:
    """Reasons as they are recorded; a word of the paper inside one does not part it."""
    return "; ".join(reason.replace(";", ",") for reason in reasons)


def rest(text: str, among: Sequence[Candidate]) -> Claim:
    """The sentence with those candidates that cover most of it.

    Greedy: the candidate that adds most, at most EVIDENCE_SENTENCES of them.
    """
    left, chosen = set(features(text)), []
    while left and among and len(chosen) < EVIDENCE_SENTENCES:
        best = max(among, key=lambda c: len(left & c.features))
        gained = left & best.features
        if not gained or (chosen and len(gained) < 2 and not any(f[0].isdigit() for f in gained)):
            break
        chosen.append(best)
        left -= gained
    return Claim(text, tuple(sorted((c.span for c in chosen), key=lambda span: span.start)))


def nearest(text: str, among: Sequence[Candidate]) -> Candidate | None:
    """The candidate that shares most with the sentence, the first of equals; None if none is about the same."""
    wanted = features(text)
    best = max(among, key=lambda c: len(wanted & c.features), default=None)
    return best if best and contained(wanted, best.features) >= LEAST_NEAR else None


def clipped(text: str, language: Language, most: int | None = None) -> str:
    """`text` up to the last clause that ends within `most` characters (QUOTE_CHARACTERS if None).

    Without such a clause it is cut before a word or a number, never inside one.
    """
    most = most or QUOTE_CHARACTERS[language]
    if len(text) <= most:
        return text
    ends = [match.start() for match in CLAUSE_END[language].finditer(text, 0, most)]
    cut = ends[-1] if ends and ends[-1] > most // 3 else most
    while cut > 1 and UNBROKEN.match(text[cut - 1 : cut + 1]):
        cut -= 1
    return text[:cut].rstrip(" ，,；;") + {"zh": "……", "en": "…"}[language]
