"""What a statement says beyond its evidence: numbers, names, negation, duty.

The checks know words, not meaning: a reason is a good ground for doubt,
and an empty list no proof.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal

from pipeline.language.finds import LATIN_IN_CHINESE, UNITS
from pipeline.language.glossary import CHINESE, NAMED, Glossary, pinyin_word
from pipeline.language.lexicon import A_NOT_A, DENIAL_REACH, DENIED, DUTY, HINT, LEAVE, NEGATION, ORDINARY, STRONG
from pipeline.language.numbers import Quantity, quantities
from pipeline.language.numerals import CHINESE_SCALES, ENGLISH_SCALES, chinese_value, english_value, plain
from pipeline.records import Language

DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
RANGE = re.compile(r"^\s*(?:-|–|—|~|至|到|to)\s*\d+(?:,\d{3})*(?:\.\d+)?")
NUMERAL = re.compile("[零一二三四五六七八九两十百千万亿]+")
PERCENT = ("percent", "points", "fraction")
CAPITAL = re.compile(r"[A-Z][\w’'.&-]*")
SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s+|[\"“‘(]|\n)$")


def unsupported(statement: str, evidence: str, glossary: Glossary, names: Iterable[tuple[str, str]] = ()) -> list[str]:
    """Reasons why a statement says more than its evidence, [] if none is found.

    Both may be Chinese or English, the same or not. names: (Chinese, English) pairs that the
    paper itself gives for organisations and persons.
    """
    language = _language(statement)
    pairs = (*names, *((zh, en) for section in (*NAMED, "countries") for zh, en in glossary.sections[section].items()))
    return [
        *_numbers(statement, evidence, language),
        *_organisations(statement, evidence, language, pairs),
        *_latin(statement, evidence, language, glossary, tuple(names)),
        *_negation(statement, evidence, language),
        *_duty(statement, evidence, language),
    ]


def _language(text: str) -> Language:
    return "zh" if CHINESE.search(text) else "en"


def _numbers(statement: str, evidence: str, language: Language) -> Iterator[str]:
    held = [*quantities(evidence, "zh"), *quantities(evidence, "en")]
    known = {n for q in held for n in q.numbers} | {n for q in held for n in q.values}
    missing = {
        plain(round(number, 4)): None
        for quantity in quantities(statement, language)
        if quantity.figure
        for number in quantity.numbers
        if number not in known
    }
    scales = CHINESE_SCALES if language == "zh" else ENGLISH_SCALES
    printed = {n for s in (CHINESE_SCALES, ENGLISH_SCALES) for pair in _printed(evidence, s) for n in pair}
    printed |= set(_spelled(evidence))
    for value, scaled in _printed(statement, scales):
        if not {value, scaled} & printed and plain(scaled) not in missing:
            missing[plain(value)] = None
    yield from (f"number {number} not in evidence" for number in missing)
    yield from _units(statement, language, held)


def _units(statement: str, language: Language, held: list[Quantity]) -> Iterator[str]:
    """Money in another currency, and a percentage where the evidence has none at all."""
    for quantity in quantities(statement, language):
        if quantity.kind == "money":
            units = {q.unit for q in held if q.kind == "money" and set(q.values) & set(quantity.values)}
            if units and quantity.unit not in units:
                yield f"currency {quantity.unit} not in evidence"
        if quantity.kind == "percent" and not any(q.kind in PERCENT for q in held):
            yield f"percentage {plain(quantity.values[0])}% not in evidence"


def _printed(text: str, scales: dict[str, int]) -> Iterator[tuple[Decimal, Decimal]]:
    """Every number in digits: as printed, and with the scale word behind it or behind its range."""
    text = unicodedata.normalize("NFKC", text)
    words = sorted((w for w in scales if w not in ("m", "mn", "bn", "tn", "hundred")), key=len, reverse=True)
    for match in DIGITS.finditer(text):
        value = Decimal(match.group().replace(",", ""))
        tail = RANGE.sub("", text[match.end() : match.end() + 24]).lstrip(" +-–").lower()
        yield value, value * next((scales[w] for w in words if tail.startswith(w)), 1)


def _spelled(text: str) -> Iterator[Decimal]:
    """Numbers in words: 三十, 三成 (30), twenty-three, two hundred."""
    # 万 alone, as in 万分之三, is a scale.
    yield from filter(None, (chinese_value(n) for n in NUMERAL.findall(text) if n[0] not in "万亿"))
    yield from (chinese_value(n) * 10 for n in re.findall("([一二两三四五六七八九])成", text))
    for quantity in quantities(text, "en"):
        if quantity.kind == "number" and not any(c.isdigit() for c in text[quantity.start : quantity.end]):
            words = text[quantity.start : quantity.end]
            if not re.match("an? ", words, re.I):
                yield english_value(words) or Decimal(0)
        elif quantity.date:
            yield Decimal(quantity.date.month)


def _organisations(
    statement: str, evidence: str, language: Language, pairs: tuple[tuple[str, str], ...]
) -> Iterator[str]:
    """Known names of the statement that the evidence has in neither language."""
    side = 0 if language == "zh" else 1
    forms: dict[str, set[str]] = {}
    for zh, en in pairs:
        forms.setdefault(en.removeprefix("the "), set()).add(zh)
    lowered, rest = evidence.lower(), statement
    for pair in sorted(pairs, key=lambda p: len(p[side]), reverse=True):
        name = pair[side].removeprefix("the ")
        edges = (r"\b", r"\b") if language == "en" else ("", "(?!门)")
        if name not in rest or not re.search(f"{edges[0]}{re.escape(name)}{edges[1]}", rest):
            continue
        rest = rest.replace(name, " ")
        english = pair[1].removeprefix("the ")
        if english.lower() not in lowered and not any(zh in evidence for zh in forms[english]):
            yield f"name {name} not in evidence"


def _latin(
    statement: str, evidence: str, language: Language, glossary: Glossary, names: tuple[tuple[str, str], ...]
) -> Iterator[str]:
    allowed = _allowed(evidence, glossary, names)
    if language == "zh":
        words = (w for m in LATIN_IN_CHINESE.finditer(statement) for w in m.group().split() if w not in UNITS)
    else:
        words = _names(statement)
    spoken = "".join(pinyin_word(run).lower() for run in CHINESE.findall(evidence)).replace("'", "")
    for word in dict.fromkeys(words):
        plain_word = _bare(word)
        parts = [p for p in re.split(r"[-–/&]", plain_word) if p]
        if plain_word in allowed or all(p in allowed or p.replace("'", "") in spoken and len(p) > 1 for p in parts):
            continue
        yield f"name {word} not in evidence"


def _names(statement: str) -> Iterator[str]:
    """Capitalised words of an English text, but for the first word of a sentence and titles."""
    words = [m for m in CAPITAL.finditer(statement)]
    for match in words:
        word = match.group().rstrip(".'’-")
        first = SENTENCE_START.search(statement[: match.start()])
        if first and not (len(word) > 1 and word.isupper()):
            # The first word may be any; what is hyphenated to it and has a capital is a name.
            yield from (part for part in word.split("-")[1:] if part[:1].isupper())
            continue
        if word not in UNITS:
            yield word


def _bare(word: str) -> str:
    word = word.lower().replace("’", "'").strip(".,")
    return word.removesuffix("'s").removesuffix("'")


def _allowed(evidence: str, glossary: Glossary, names: tuple[tuple[str, str], ...]) -> set[str]:
    """Words in lower case that the evidence accounts for."""
    english = [en for zh, en in glossary.english.items() if zh in evidence]
    english += [en for zh, en in glossary.sections["demonyms"].items() if zh in evidence]
    english += [en for zh, en in names if zh in evidence or en in evidence]
    words = re.findall(r"[A-Za-zÀ-ÿ][\w’'.&-]*|\d[A-Z]\b", " ".join((evidence, *english)))
    bare = {_bare(w) for w in words}
    plural = {w + "s" for w in bare} | {w[:-1] for w in bare if w.endswith("s")}
    initials = {
        "".join(w[0] for w in re.findall("[A-Za-z]+", en) if w not in ("and", "of", "the")).lower() for en in english
    }
    generic = {_bare(w) for en in glossary.sections["parts"].values() for w in en.split()}
    return bare | generic | plural | initials | {p for w in bare for p in re.split(r"[-–/&]", w)} | ORDINARY


def _negation(statement: str, evidence: str, language: Language) -> Iterator[str]:
    source = _language(evidence)
    spoken, held = _denies(statement, language), _denies(evidence, source)
    clauses = [c for c in re.split("[，。；：！？,.;:!?]", evidence) if c.strip()]
    if source == language and _turned(evidence, statement, language):
        yield "negation of evidence lost"
    elif held == "yes" and spoken == "none" and len(clauses) <= 1:
        yield "negation of evidence lost"
    if (spoken == "yes" and held == "none") or (source == language and _turned(statement, evidence, language)):
        yield "negation not in evidence"


def _turned(denying: str, asserting: str, language: Language) -> bool:
    """Whether a word that one text only denies is said in the other without any denial near it."""
    for word in set(DENIED[language].findall(A_NOT_A.sub("", denying))):
        found = _contexts(word, asserting)
        if found and all(_denies(c, language) == "none" for c in found):
            if all(_denies(c, language) != "none" for c in _contexts(word, denying)):
                return True
    return False


def _contexts(word: str, text: str) -> list[str]:
    """The clause so far, up to DENIAL_REACH characters, before each place of a word."""
    places = (m.start() for m in re.finditer(re.escape(word), text, re.IGNORECASE))
    return [re.split("[，。；：！？,.;:!?]", text[max(0, i - DENIAL_REACH) : i])[-1] for i in places]


def _denies(text: str, language: Language) -> str:
    """ "yes" for a clear denial, "perhaps" for words that may be one, else "none"."""
    if NEGATION[language].search(A_NOT_A.sub("", text)):
        return "yes"
    return "perhaps" if HINT[language].search(text) else "none"


def _duty(statement: str, evidence: str, language: Language) -> Iterator[str]:
    source = _language(evidence)
    if STRONG[language].search(statement) and not DUTY[source].search(evidence) and LEAVE[source].search(evidence):
        yield "duty stronger than in evidence"
