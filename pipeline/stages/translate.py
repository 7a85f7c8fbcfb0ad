"""Every statement in the other language, or a plain one made of verified parts.

Numbers, dates and names are slots while the model writes; code fills them in.
What fails the checks is tried again clause by clause. Where most clauses hold
the others are left out, marked as an omission; else a plain statement stands
in. Everything that is not printed is recorded.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import PromptError
from pipeline.language.casing import sentence_case
from pipeline.language.glossary import Glossary, english_name
from pipeline.language.glyphs import NAME_GLYPHS
from pipeline.language.hints import Hints
from pipeline.language.slots import Slotted, fill, slotted
from pipeline.llm.engine import Completion, Engine, Progress, Slots
from pipeline.llm.prompt import JINJA, Task, load_toml
from pipeline.records import Grounded, Language, Paper, Rejection, Statement, Text
from pipeline.stages.ground import Grounder, because

CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff\u3000-\u303f\uff00-\uffef]")
# "a" before a vowel that is spoken as one: not before "unit", "use", "EU", "one" or "UAV".
VOWEL_AHEAD = re.compile(r"\b([Aa]) (?=[aeioAEIO]|u(?!ni|s|ti|r[aeiou]))(?![Oo]ne|[Oo]nce|[Ee][Uu])")
CLAUSE_END = {"zh": re.compile(r"(?<=[，；。！？])"), "en": re.compile(r"(?<=[,;.!?])\s+")}
SHORTEST_CLAUSE = {"zh": 8, "en": 24}  # characters; a shorter one stays with its neighbour
# Characters of a faithful translation for one of its source; an expert's pairs lie inside.
RATIO = {"en": (1.3, 6.5), "zh": (0.15, 0.75)}
OTHER: dict[Language, Language] = {"zh": "en", "en": "zh"}
OUTLINED = 14  # names, terms, words and figures in a plain statement, at most
CLAUSE_MARK = re.compile("[，；。：！？,;:]")
LEAST_KEPT = 0.5  # of a sentence's characters, in clauses that hold, for a translation with omissions
HOPE = 0.9  # of the confidence that is asked for; below it clauses saved 1 sentence in 13, above 1 in 6
UNSURE = "the model is unsure"
OMISSION: dict[Language, str] = {"zh": "［……］", "en": "[…]"}


@dataclass(frozen=True, slots=True)
class Translator:
    """What translating needs besides the sentences: the model, its tasks, the names."""

    engine: Engine
    tasks: Mapping[Language, Task]  # by target language
    plain: Mapping[str, Any]  # the templates of prompts/translate/plain.toml
    grounder: Grounder
    hints: Hints
    trained: bool
    least_confidence: float  # of a translation, as Completion.confidence

    def title_topic(self, organisation: Text) -> Topic:
        """What a paper's title is about, where it cannot be translated."""
        render = lambda own: JINJA.from_string(self.plain["title"][own]).render(organisation=organisation.in_(own))
        return Topic(Text(render("zh"), render("en")))

    def slotted(self, text: str, language: Language, paper: int) -> Slotted:
        """The text as the model sees it."""
        return slotted(text, language, self.grounder.glossary.names, self.grounder.names[paper])


@dataclass(frozen=True, slots=True)
class Topic:
    """What a sentence is about, for a plain statement in its place."""

    name: Text = Text()
    advises: bool = False  # the sentence calls for something to be done


@dataclass(frozen=True, slots=True)
class Translated:
    """A sentence in the other language, and what was rejected on the way."""

    text: str
    rejections: tuple[Rejection, ...] = ()
    plain: bool = False  # the text only names verified parts of the sentence


def translate(
    sentences: Sequence[Grounded],
    topics: Sequence[Topic],
    papers: Mapping[int, Paper],
    with_: Translator,
    progress: Progress,
) -> list[Translated]:
    """Each sentence in the language that its paper is not written in, in one batch and one retry."""
    languages = [papers[s.paper].language for s in sentences]
    whole = [with_.slotted(s.text, own, s.paper) for s, own in zip(sentences, languages, strict=True)]
    first = complete(whole, languages, with_, progress)
    hope = HOPE * with_.least_confidence
    tried = [
        attempt(w, reply, own, evidence_of(s), s.paper, with_)
        for s, own, w, reply in zip(sentences, languages, whole, first, strict=True)
    ]
    again = {
        i: by_clause(sentences[i], languages[i], with_) if first[i].confidence >= hope else []
        for i, (_, faults) in enumerate(tried)
        if faults
    }
    flat = [(part, languages[i]) for i, parts in again.items() for part in parts]
    second = iter(complete([part for part, _ in flat], [own for _, own in flat], with_, None))
    results = [Translated(text) for text, _ in tried]
    for i, parts in again.items():
        own, paper = languages[i], sentences[i].paper
        said = [fill(part.text, part.slots, own) for part in parts]
        pieces = [
            (clause, *attempt(part, next(second), own, clause, paper, with_))
            for part, clause in zip(parts, said, strict=True)
        ]
        results[i] = settled(sentences[i], topics[i], own, whole[i], tried[i], pieces, with_)
    return results


def evidence_of(sentence: Grounded) -> str:
    return "\n".join(e.quote for e in sentence.evidence)


def by_clause(sentence: Grounded, language: Language, with_: Translator) -> list[Slotted]:
    """The clauses to try a failed translation again with; none where that may mislead.

    A single clause would fail again. Figures need their whole sentence: alone
    a clause says of the wrong thing that it grew by 9.4%.
    """
    parts = [with_.slotted(clause, language, sentence.paper) for clause in clauses(sentence.text, language)]
    figures = any(slot.glyph not in NAME_GLYPHS for part in parts for slot in part.slots)
    return parts if len(parts) > 1 and not figures else []


def complete(
    parts: Sequence[Slotted], languages: Sequence[Language], with_: Translator, progress: Progress | None
) -> list[Completion]:
    requests = []
    for part, language in zip(parts, languages, strict=True):
        target = OTHER[language]
        limits = Slots(tuple(slot.glyph for slot in part.slots), target)
        hints = with_.hints.of(part.text, language)
        requests.append(with_.tasks[target].request(with_.trained, constraint=limits, text=part.text, hints=hints))
    return with_.engine.complete(requests, progress)


def attempt(
    part: Slotted, reply: Completion, language: Language, evidence: str, paper: int, with_: Translator
) -> tuple[str, list[str]]:
    """The translation of a sentence or a clause, and what is wrong with it."""
    target = OTHER[language]
    said = reply.text.strip()
    said = sentence_case(said, with_.grounder.glossary) if target == "en" else said
    text = fill(said, part.slots, target)
    text = VOWEL_AHEAD.sub(r"\1n ", text) if target == "en" else text  # "a α" may be "a AI firm" once filled
    faults = slot_faults(part, reply)
    if reply.confidence < with_.least_confidence:
        faults.append(f"{UNSURE} ({reply.confidence:.2f})")
    if target == "en" and CHINESE.search(text):
        faults.append("Chinese characters left")
    least, most = (ratio * len(fill(part.text, part.slots, language)) for ratio in RATIO[target])
    if not least <= len(text) <= most + 20:
        faults.append("too short or too long for its source")
    return text, faults + with_.grounder.beyond(text, evidence, paper)


def slot_faults(part: Slotted, reply: Completion) -> list[str]:
    faults = [] if reply.finish_reason == "stop" else ["translation cut at its limit"]
    for slot in part.slots:
        if slot.glyph not in reply.text:
            faults.append(f"{slot.zh} lost")
    return faults


def clauses(text: str, language: Language) -> list[str]:
    """The sentence cut at its commas, the shortest pieces left with their neighbours."""
    result: list[str] = []
    for piece in CLAUSE_END[language].split(text):
        if result and min(len(piece), len(result[-1])) < SHORTEST_CLAUSE[language]:
            result[-1] += {"zh": "", "en": " "}[language] + piece
        elif piece.strip():
            result.append(piece)
    return [r.strip().rstrip("，；。,;.") for r in result] or [text]


def joined(parts: Sequence[str | None], target: Language) -> str:
    """Clauses as one sentence; each run of None is an omission."""
    bare = [p.strip().rstrip(".;,。；，") if p else OMISSION[target] for p in parts if p is None or p.strip()]
    kept = [p for i, p in enumerate(bare) if i == 0 or p != OMISSION[target] or bare[i - 1] != p]
    return {"zh": "，", "en": "; "}[target].join(kept) + {"zh": "。", "en": "."}[target]


def settled(
    sentence: Grounded,
    topic: Topic,
    language: Language,
    whole: Slotted,
    first: tuple[str, list[str]],
    pieces: Sequence[tuple[str, str, list[str]]],
    with_: Translator,
) -> Translated:
    """What is printed after a first try that does not hold, with every try that does not on record.

    `pieces` are clauses, their translations and what is wrong with these.
    """
    target = OTHER[language]
    refused = lambda text, faults, instead: Rejection(
        sentence.paper, "translate", target, text, because(faults), instead
    )
    kept = sum(len(clause) for clause, _, faults in pieces if not faults)
    if kept >= LEAST_KEPT * sum(len(clause) for clause, _, _ in pieces) > 0:
        text = joined([None if faults else said for _, said, faults in pieces], target)
        omitted = [refused(said, faults, "omission mark") for _, said, faults in pieces if faults]
        return Translated(text, (refused(*first, "second try"), *omitted))
    said = plain(sentence, topic, language, whole, with_)
    return Translated(said, (refused(*first, "plain statement"),), plain=True)


def plain(sentence: Grounded, topic: Topic, language: Language, whole: Slotted, with_: Translator) -> str:
    """A statement of verified parts: terms and figures, clause by clause; figures alone if that misleads."""
    target = OTHER[language]
    template = JINJA.from_string(with_.plain[target].strip())
    action = with_.grounder.glossary.action(whole.text) if topic.advises and target == "en" else ""
    figures = [[slot.in_(target) for slot in whole.slots if slot.glyph not in NAME_GLYPHS]]
    for shown in (outlined(whole, language, with_), figures):
        clauses = [[words for words in clause if words != action.lower()] for clause in shown]
        text = template.render(action=action, topic=topic.name.in_(target), clauses=[c for c in clauses if c])
        text = text[:1].upper() + text[1:]
        if not with_.grounder.beyond(text, evidence_of(sentence), sentence.paper):
            return text
    return template.render(action="", topic=topic.name.in_(target), clauses=[])


def outlined(whole: Slotted, language: Language, with_: Translator) -> list[list[str]]:
    """What is known of each clause, in its order: names and figures by their slots, terms and words by the lists."""
    target, text = OTHER[language], whole.text
    known = [(text.index(slot.glyph), slot.in_(target)) for slot in whole.slots]
    if language == "zh":
        known += with_.hints.gloss(text)
    else:
        known += [(text.index(en), zh) for en, zh in with_.hints.of(text, language)]
    ends = [mark.start() for mark in CLAUSE_MARK.finditer(text)]
    clauses: list[list[str]] = [[] for _ in range(len(ends) + 1)]
    first_places = {words: at for at, words in sorted(known, reverse=True)}
    for words, at in sorted(first_places.items(), key=lambda item: item[1])[:OUTLINED]:
        clauses[bisect(ends, at)].append(words)
    return clauses


def statement(sentence: Grounded, language: Language, other: Translated, glossary: Glossary) -> Statement:
    """Both wordings over the same evidence; Chinese words that an English paper prints are given in English."""
    plain = OTHER[language] if other.plain else None
    if language == "zh":
        return Statement(Text(sentence.text, other.text), sentence.evidence, plain)
    own = english_name(sentence.text, glossary) if CHINESE.search(sentence.text) else sentence.text
    return Statement(Text(other.text, own), sentence.evidence, plain)


def load_plain(root: Path) -> dict[str, Any]:
    """The templates of plain statements and of titles. Raises PromptError if they are not there."""
    path = root / "translate" / "plain.toml"
    templates = load_toml(path)
    if templates.keys() != {"en", "zh", "title"} or templates["title"].keys() != OTHER.keys():
        raise PromptError(f"{path}: needs exactly en and zh, above and under [title]")
    return templates
