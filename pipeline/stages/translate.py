"""Every statement in the other language, or a plain one made of verified parts.

Numbers, dates and names are slots while the model writes; code fills them in.
What fails the checks is tried again clause by clause; what fails again is
replaced and recorded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import PromptError
from pipeline.language.glossary import Glossary, english_name
from pipeline.language.glyphs import NAME_GLYPHS
from pipeline.language.slots import Slotted, fill, slotted
from pipeline.llm.engine import Completion, Engine, Progress, Slots
from pipeline.llm.prompt import JINJA, Task, load_toml
from pipeline.records import Grounded, Language, Paper, Rejection, Statement, Text
from pipeline.stages.ground import Grounder

CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff\u3000-\u303f\uff00-\uffef]")
CLAUSE_END = {"zh": re.compile(r"(?<=[，；。！？])"), "en": re.compile(r"(?<=[,;.!?])\s+")}
SHORTEST_CLAUSE = {"zh": 8, "en": 24}  # characters; a shorter one stays with its neighbour
# Characters of a faithful translation for one of its source; an expert's pairs lie inside.
RATIO = {"en": (1.3, 6.5), "zh": (0.15, 0.75)}
OTHER: dict[Language, Language] = {"zh": "en", "en": "zh"}
TERMS = 4  # in a plain statement
UNSURE = "the model is unsure"


@dataclass(frozen=True, slots=True)
class Translator:
    """What translating needs besides the sentences: the model, its tasks, the names."""

    engine: Engine
    tasks: Mapping[Language, Task]  # by target language
    plain: Mapping[str, Any]  # the templates of prompts/translate/plain.toml
    grounder: Grounder
    trained: bool
    least_confidence: float  # of a translation, as Completion.confidence

    def title_topic(self, organisation: Text) -> Text:
        """What a paper's title is about, where it cannot be translated."""
        render = lambda own: JINJA.from_string(self.plain["title"][own]).render(organisation=organisation.in_(own))
        return Text(render("zh"), render("en"))

    def slotted(self, text: str, language: Language, paper: int) -> Slotted:
        """The text as the model sees it."""
        return slotted(text, language, self.grounder.glossary.names, self.grounder.names[paper])


@dataclass(frozen=True, slots=True)
class Translated:
    """A sentence in the other language, and what was rejected on the way."""

    text: str
    rejections: tuple[Rejection, ...] = ()
    plain: bool = False  # the text only names verified parts of the sentence


def translate(
    sentences: Sequence[Grounded],
    topics: Sequence[Text],
    papers: Mapping[int, Paper],
    with_: Translator,
    progress: Progress,
) -> list[Translated]:
    """Each sentence in the language that its paper is not written in, in one batch and one retry.

    `topics` says for each sentence what it is about, for a plain statement that has no terms.
    """
    languages = [papers[s.paper].language for s in sentences]
    whole = [with_.slotted(s.text, own, s.paper) for s, own in zip(sentences, languages, strict=True)]
    first = complete(whole, languages, with_, progress)
    tried = [attempt(s, own, [w], [c], with_) for s, own, w, c in zip(sentences, languages, whole, first, strict=True)]
    parts = {i: by_clause(sentences[i], languages[i], faults, with_) for i, (_, faults) in enumerate(tried) if faults}
    flat = [(part, languages[i]) for i in parts for part in parts[i]]
    second = iter(complete([p for p, _ in flat], [own for _, own in flat], with_, None))
    results = [Translated(text) for text, _ in tried]
    for i in parts:
        tries = [tried[i]]
        if parts[i]:
            tries.append(attempt(sentences[i], languages[i], parts[i], [next(second) for _ in parts[i]], with_))
        results[i] = settled(sentences[i], topics[i], languages[i], whole[i], tries, with_)
    return results


def by_clause(sentence: Grounded, language: Language, faults: Sequence[str], with_: Translator) -> list[Slotted]:
    """The clauses to try a failed translation again with; none where that would not help.

    A sentence of one clause would be asked the same again, and what the model
    is unsure of it is seldom sure of in pieces.
    """
    found = clauses(sentence.text, language)
    if len(found) == 1 or any(fault.startswith(UNSURE) for fault in faults):
        return []
    return [with_.slotted(clause, language, sentence.paper) for clause in found]


def complete(
    parts: Sequence[Slotted], languages: Sequence[Language], with_: Translator, progress: Progress | None
) -> list[Completion]:
    requests = []
    for part, language in zip(parts, languages, strict=True):
        target = OTHER[language]
        limits = Slots(tuple(slot.glyph for slot in part.slots), target)
        requests.append(with_.tasks[target].request(with_.trained, constraint=limits, text=part.text))
    return with_.engine.complete(requests, progress)


def attempt(
    sentence: Grounded, language: Language, parts: Sequence[Slotted], replies: Sequence[Completion], with_: Translator
) -> tuple[str, list[str]]:
    """The translation put together from its parts, and what is wrong with it."""
    target = OTHER[language]
    faults = [fault for part, reply in zip(parts, replies, strict=True) for fault in slot_faults(part, reply)]
    confidence = min(reply.confidence for reply in replies)
    if confidence < with_.least_confidence:
        faults.append(f"{UNSURE} ({confidence:.2f})")
    filled = [fill(r.text.strip(), p.slots, target) for p, r in zip(parts, replies, strict=True)]
    text = filled[0] if len(filled) == 1 else joined(filled, target)
    if target == "en" and CHINESE.search(text):
        faults.append("Chinese characters left")
    least, most = RATIO[target]
    if not least * len(sentence.text) <= len(text) <= most * len(sentence.text) + 20:
        faults.append("too short or too long for its source")
    faults += with_.grounder.faults(text, sentence.evidence, sentence.paper)
    return text, faults


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


def joined(parts: Sequence[str], target: Language) -> str:
    """Clauses as one sentence."""
    bare = [p.strip().rstrip(".;,。；，") for p in parts if p.strip()]
    if target == "zh":
        return "，".join(bare) + "。"
    return "; ".join(bare) + "." if bare else ""


def settled(
    sentence: Grounded,
    topic: Text,
    language: Language,
    whole: Slotted,
    tries: Sequence[tuple[str, list[str]]],
    with_: Translator,
) -> Translated:
    """The last try if it holds, else a plain statement; every try that does not hold is on record."""
    holds = not tries[-1][1]
    said = tries[-1][0] if holds else plain(sentence, topic, language, whole, with_)
    rejections = []
    for number, (text, faults) in enumerate(tries, 1):
        if faults:
            instead = "second try" if number < len(tries) else "plain statement"
            rejections.append(Rejection(sentence.paper, "translate", OTHER[language], text, "; ".join(faults), instead))
    return Translated(said, tuple(rejections), plain=not holds)


def plain(sentence: Grounded, topic: Text, language: Language, whole: Slotted, with_: Translator) -> str:
    """A statement of verified parts: terms by the glossary, figures by their slots; without terms if they mislead."""
    target = OTHER[language]
    terms = with_.grounder.glossary.terms_in(whole.text, language)
    names = [slot.in_(target) for slot in whole.slots if slot.glyph in NAME_GLYPHS]
    figures = [slot.in_(target) for slot in whole.slots if slot.glyph not in NAME_GLYPHS]
    template = JINJA.from_string(with_.plain[target].strip())
    for shown in (list(dict.fromkeys((*names, *terms)))[:TERMS], []):
        text = template.render(topic=topic.in_(target), terms=shown, figures=figures)
        if not with_.grounder.faults(text, sentence.evidence, sentence.paper):
            return text
    return template.render(topic=topic.in_(target), terms=[], figures=[])


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
