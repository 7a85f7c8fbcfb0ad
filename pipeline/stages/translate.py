"""Every statement in the other language, or a plain one made of verified parts.

Numbers, dates and names are slots while the model writes; code fills them in.
What fails the checks is tried again clause by clause; what fails again is
replaced and recorded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.language.checks import unsupported
from pipeline.language.glossary import Glossary
from pipeline.language.slots import Slotted, fill, slotted
from pipeline.llm.engine import Completion, Engine, Progress, Slots
from pipeline.llm.prompt import JINJA, Task
from pipeline.records import Grounded, Language, Paper, Rejection, Statement, Text

CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff\u3000-\u303f\uff00-\uffef]")
CLAUSE = {"zh": re.compile(r"[^，；。！？]+[，；。！？]?"), "en": re.compile(r"[^,;.!?]+(?:[,;.!?](?=\s|$))?|[^\s]")}
SHORTEST_CLAUSE = {"zh": 8, "en": 24}  # characters; a shorter one stays with its neighbour
# Length of a faithful translation against its source in characters, measured on pairs of an expert: 2nd to 98th percentile is inside.
RATIO = {"en": (1.3, 6.5), "zh": (0.15, 0.75)}
OTHER: dict[Language, Language] = {"zh": "en", "en": "zh"}
TERMS = 4  # in a plain statement


@dataclass(frozen=True, slots=True)
class Translator:
    """What translating needs besides the sentences: the model, its tasks, the names."""

    engine: Engine
    tasks: Mapping[Language, Task]  # by target language
    plain: Mapping[Language, str]  # templates of plain statements
    glossary: Glossary
    trained: bool


@dataclass(frozen=True, slots=True)
class Translated:
    """A sentence in the other language, and what was rejected on the way."""

    text: str
    rejections: tuple[Rejection, ...]


def translate(
    sentences: Sequence[Grounded], papers: Mapping[int, Paper], names: Mapping[int, Sequence[tuple[str, str]]],
    with_: Translator, progress: Progress,
) -> list[Translated]:
    """Each sentence in the language that its paper is not written in, in one batch and one retry.

    `names` gives, by paper, pairs (Chinese, English) that this paper adds to the glossary.
    """
    languages = [papers[s.paper].language for s in sentences]
    whole = [slotted(s.text, l, with_.glossary, tuple(names[s.paper])) for s, l in zip(sentences, languages)]
    first = complete(whole, languages, with_, progress)
    tried = [attempt(s, l, [w], [c]) for s, l, w, c in zip(sentences, languages, whole, first)]
    again = [i for i, (_, faults) in enumerate(tried) if faults]
    parts = [
        [slotted(c, languages[i], with_.glossary, tuple(names[sentences[i].paper])) for c in clauses(sentences[i].text, languages[i])]
        for i in again
    ]
    flat = [(languages[i], part) for i, ps in zip(again, parts) for part in ps]
    second = iter(complete([p for _, p in flat], [l for l, _ in flat], with_, lambda done, total: None))
    results = [Translated(text, ()) for text, _ in tried]
    for i, ps in zip(again, parts):
        retried, faults = attempt(sentences[i], languages[i], ps, [next(second) for _ in ps])
        results[i] = settled(sentences[i], languages[i], tried[i], whole[i], retried, faults, with_)
    return results


def complete(parts: Sequence[Slotted], languages: Sequence[Language], with_: Translator, progress: Progress) -> list[Completion]:
    requests = []
    for part, language in zip(parts, languages):
        target = OTHER[language]
        limits = Slots(tuple(slot.glyph for slot in part.slots), target)
        requests.append(with_.tasks[target].request(with_.trained, constraint=limits, text=part.text))
    return with_.engine.complete(requests, progress)


def attempt(sentence: Grounded, language: Language, parts: Sequence[Slotted], replies: Sequence[Completion]) -> tuple[str, list[str]]:
    """The translation put together from its parts, and what is wrong with it."""
    target = OTHER[language]
    faults = [fault for part, reply in zip(parts, replies) for fault in slot_faults(part, reply)]
    filled = [fill(r.text.strip(), p.slots, target) for p, r in zip(parts, replies)]
    text = filled[0] if len(filled) == 1 else joined(filled, target)
    if target == "en" and CHINESE.search(text):
        faults.append("Chinese characters left")
    least, most = RATIO[target]
    if not least * len(sentence.text) <= len(text) <= most * len(sentence.text) + 20:
        faults.append("too short or too long for its source")
    faults += unsupported(text, "\n".join((sentence.text, *(e.quote for e in sentence.evidence))))
    return text, faults


def slot_faults(part: Slotted, reply: Completion) -> list[str]:
    faults = [] if reply.finish_reason == "stop" else ["translation cut at its limit"]
    for slot in part.slots:
        count = reply.text.count(slot.glyph)
        if count != 1:
            faults.append(f"{slot.zh} {'lost' if not count else 'repeated'}")
    return faults


def clauses(text: str, language: Language) -> list[str]:
    """The sentence cut at its commas, the shortest pieces left with their neighbours."""
    result: list[str] = []
    for piece in CLAUSE[language].findall(text):
        if result and min(len(piece), len(result[-1])) < SHORTEST_CLAUSE[language]:
            result[-1] += piece
        elif piece.strip():
            result.append(piece)
    return [r.strip().rstrip("，；,;") for r in result] or [text]


def joined(parts: Sequence[str], target: Language) -> str:
    """Clauses as one sentence."""
    bare = [p.strip().rstrip(".;,。；，") for p in parts if p.strip()]
    if target == "zh":
        return "，".join(bare) + "。"
    rest = [p if p[:2].isupper() or p[:1] in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" and p[1:2].isupper() else p for p in bare[1:]]
    return "; ".join([bare[0], *rest]) + "." if bare else ""


def settled(
    sentence: Grounded, language: Language, first: tuple[str, list[str]], whole: Slotted,
    retried: str, faults: list[str], with_: Translator,
) -> Translated:
    """The second try if it holds, else a plain statement; either way the first is on record."""
    said, reasons = first
    record = lambda text, why, instead: Rejection(sentence.paper, "translate", OTHER[language], text, "; ".join(why), instead)
    if not faults:
        return Translated(retried, (record(said, reasons, "second try"),))
    return Translated(plain(whole, language, with_), (record(said, reasons, "plain statement"),))


def plain(whole: Slotted, language: Language, with_: Translator) -> str:
    """A statement of verified parts: terms by the glossary, figures by their slots."""
    target = OTHER[language]
    terms = [t for t in with_.glossary.terms_in(whole.text, language) if not CHINESE.search(t) or target == "zh"]
    figures = [slot.in_(target) for slot in whole.slots]
    return JINJA.from_string(with_.plain[target].strip()).render(terms=list(dict.fromkeys(terms))[:TERMS], figures=figures)


def statement(sentence: Grounded, language: Language, other: str) -> Statement:
    """Both wordings over the same evidence."""
    text = Text(sentence.text, other) if language == "zh" else Text(other, sentence.text)
    return Statement(text, sentence.evidence)
