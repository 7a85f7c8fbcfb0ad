"""Which statements make a paper's summary, so that it has the wanted length in each language.

What the reduce said comes first. What is missing is filled by the titles of what
the paper recommends, by further digests, by facts, then by measures; in a language
into which a sentence could not be translated, others take its place, and outlines
where these do not suffice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import PromptError
from pipeline.language.likeness import contained, features
from pipeline.llm.prompt import JINJA, load_toml
from pipeline.records import Language, Statement, Summary, Text

SAID = 0.7  # a statement that shares this much with a summary adds nothing to it
CLOSING_ITEMS = 10  # titles and measures in the closing sentence
LENGTHS = Mapping[Language, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Parts:
    """Statements of one paper, best first, that its summary may be made of."""

    language: Language  # of the paper
    said: Sequence[Statement]  # by the reduce, in order
    titles: Sequence[Statement]  # of the paper's recommendations
    measures: Sequence[Statement]  # of all of them
    spare: Sequence[Statement]  # from the digests
    facts: Sequence[Statement]


def summary_of(parts: Parts, lengths: LENGTHS, closing: Text) -> Summary:
    """The summary in each language, within `lengths` (Chinese characters, English words) as far as parts suffice."""
    return Summary(*(tuple(chosen(parts, own, *lengths[own], closing)) for own in ("zh", "en")))


def chosen(parts: Parts, own: Language, least: int, most: int, closing: Text) -> list[Statement]:
    """The statements of one language: as said, then in the order of the paper, what it recommends last."""
    worded = lambda statements: [s for s in statements if s.plain != own]
    said = added(worded(parts.said), [], own, most, most)
    last = closing_of(worded(parts.titles), said, own, least, most, closing)
    fill = added((*worded(parts.spare), *worded(parts.facts)), [*said, *last], own, least, most)
    last = closing_of([*worded(parts.titles), *worded(parts.measures)], [*said, *fill], own, least, most, closing)
    outlines = [s for s in (*parts.said, *parts.spare, *parts.facts) if s.plain == own]
    fill += added(outlines, [*said, *fill, *last], own, least, most)
    result = [*said, *sorted(fill, key=lambda s: s.evidence[0].span.start), *last]
    return result or list(parts.said[:1] or parts.spare[:1])


def added(among: Iterable[Statement], to: Sequence[Statement], own: Language, least: int, most: int) -> list[Statement]:
    """Those that are new and have room, until the summary is `least` long."""
    kept: list[Statement] = []
    for statement in among:
        total = sum(size(s.text, own) for s in (*to, *kept))
        if total >= least:
            break
        if total + size(statement.text, own) <= most and not told(statement, (*to, *kept), own):
            kept.append(statement)
    return kept


def closing_of(
    titles: Sequence[Statement], said: Sequence[Statement], own: Language, least: int, most: int, closing: Text
) -> list[Statement]:
    """One statement of the recommendations that `said` leaves out, none where it is long enough."""
    total, best = sum(size(s.text, own) for s in said), []
    new = [title for title in titles if not told(title, said, own)][:CLOSING_ITEMS]
    for count in range(1, len(new) + 1):
        sentence = closed(new[:count], closing)
        if total >= least or total + size(sentence.text, own) > most:
            break
        best = [sentence]
        if total + size(sentence.text, own) >= least:
            break
    return best


def closed(titles: Sequence[Statement], closing: Text) -> Statement:
    """Titles as one sentence that rests on the evidence of all."""

    def sentence(own: Language) -> str:
        wordings = [t.text.in_(own).rstrip("。.；;") for t in titles]
        return JINJA.from_string(closing.in_(own)).render(titles=wordings)

    plain = next((t.plain for t in titles if t.plain), None)
    evidence = dict.fromkeys(e for t in titles for e in t.evidence)
    return Statement(Text(sentence("zh"), sentence("en")), tuple(evidence), plain)


def told(statement: Statement, among: Sequence[Statement], own: Language) -> bool:
    """Whether the summary says most of it already."""
    held = frozenset().union(*(features(s.text.in_(own)) for s in among))
    return contained(features(statement.text.in_(own)), held) >= SAID


def size(text: Text, own: Language) -> int:
    """Length as a summary's is counted: Chinese characters, English words."""
    return len(text.zh) if own == "zh" else len(text.en.split())


def load_closing(root: Path) -> Text:
    """The template of the closing sentence. Raises PromptError if it is not there."""
    path = root / "summary" / "closing.toml"
    templates = load_toml(path)
    if templates.keys() != {"zh", "en"}:
        raise PromptError(f"{path}: needs exactly zh and en")
    return Text(**templates)
