"""What a statement says beyond its evidence, or otherwise.

Numbers, names and organisations are looked up here; what is denied in
`denial`, what points the other way in `senses`, what is said of a figure in
`figures`. The checks know words, not meaning: a reason is a good ground for
doubt, and an empty list no proof.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from pipeline.language.casing import CAPITALISED, SHORT, TITLE, WORD, capitals
from pipeline.language.denial import denial, exception
from pipeline.language.figures import figures, rates
from pipeline.language.finds import LATIN_IN_CHINESE, UNITS, plans
from pipeline.language.glossary import CHINESE, NAMED, Glossary, pinyin_word
from pipeline.language.lexicon import ALIASES, ORDINARY, TITLE_WORDS
from pipeline.language.numbers import Quantity, quantities
from pipeline.language.numerals import CHINESE_SCALES, ENGLISH_SCALES, chinese_value, english_value, plain, rounded
from pipeline.language.senses import direction, duty, plan, roles, speaker
from pipeline.language.wording import Wording, stem
from pipeline.records import Language

DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
RANGE = re.compile(r"^\s*(?:-|–|—|~|至|到|to)\s*\d+(?:,\d{3})*(?:\.\d+)?")
NUMBER_ZH = r"(\d+|[一二两三四五六七八九十百]+)"
SHARE_ZH = re.compile(rf"{NUMBER_ZH}[^，。；\d]{{1,12}}?[中里][^，。；\d]{{0,8}}?{NUMBER_ZH}")
NUMERAL = re.compile("[零一二三四五六七八九两十百千万亿]+")
GROWN = ("growth", "multiple")
SHARES = ("percent", "points", "fraction")  # which digits may print for other digits, or for words
PERCENT = ("percent", "points", "fraction", "growth", "discount")
CAPITAL = re.compile(r"(?<![A-Za-z\d])[A-Z][\w’'.&+-]*")
SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s+|[\"“‘(]|\n)$")
# Letters of other scripts, some of which look like Latin ones: Greek, Cyrillic, Arabic, Thai, Korean and so on.
FOREIGN_WORD = re.compile(
    "[\u0370-\u1dff\u1f00-\u1fff\u2c00-\u2dff\u3041-\u30ff\ua4d0-\uabff\uac00-\ud7ff\ufb50-\ufdff\U00010000-\U0001eeff]+"
)
LATIN_WORD = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ0-9_’'.&+-]*|\d[A-Z](?![A-Za-z])")
SENSES = (denial, exception, direction, plan, duty, roles, speaker, figures, rates)

Names = tuple[tuple[str, str], ...]


def unsupported(statement: str, evidence: str, glossary: Glossary, names: Iterable[tuple[str, str]] = ()) -> list[str]:
    """Reasons why a statement says more than its evidence, or other than it, [] if none is found.

    Both may be Chinese or English, the same or not. names: (Chinese, English) pairs that the
    paper itself gives for organisations and persons.
    """
    said, held = Wording(statement, _language(statement)), Wording(evidence, _language(evidence))
    known = tuple(names)
    return [
        *_numbers(statement, evidence, said.language),
        *_organisations(statement, evidence, said.language, _lookup(glossary, known)),
        *_latin(statement, evidence, said.language, glossary, known),
        *_foreign(statement, evidence),
        *(reason for sense in SENSES for reason in sense(said, held)),
    ]


def _language(text: str) -> Language:
    return "zh" if CHINESE.search(text) else "en"


def _numbers(statement: str, evidence: str, language: Language) -> Iterator[str]:
    held = [*quantities(evidence, "zh"), *quantities(evidence, "en"), *_shares(evidence)]
    said, spelled = quantities(statement, language), set(_spelled(evidence))
    known = {n for q in held for n in (*_stated(q), *q.values)} | spelled
    known |= {n for q in said if _same_growth(q, held) for n in q.numbers}
    missing = {
        plain(rounded(number, 4)): None
        for quantity in said
        if quantity.figure
        for number in quantity.numbers
        if number not in known and (number or quantity.kind != "ratio")  # 21:00 is 二十一点
    }
    scales = CHINESE_SCALES if language == "zh" else ENGLISH_SCALES
    printed = {n for s in (CHINESE_SCALES, ENGLISH_SCALES) for pair in _printed(evidence, s) for n in pair}
    printed |= spelled | {n for q in held if q.kind in SHARES for n in q.numbers if q.kind != "fraction" or n >= 1}
    for value, scaled in _printed(statement, scales):
        if not {value, scaled} & printed and plain(scaled) not in missing:
            missing[plain(value)] = None
    yield from (f"number {number} not in evidence" for number in missing)
    yield from _factors(said, held)
    yield from _units(said, held)


def _stated(quantity: Quantity) -> tuple[Decimal, ...]:
    """The numbers that a statement may print for a quantity of its evidence."""
    if quantity.kind == "discount":  # 八折: 20% off, or 80% of the price
        return (*quantity.numbers, 100 - quantity.values[0])
    if quantity.kind == "fraction":  # 千分之五: 0.5%, or 5 per thousand
        part, whole = quantity.values
        return quantity.numbers if whole < 100 else (*quantity.numbers, part)
    return quantity.numbers if quantity.kind in PERCENT or quantity.date else quantity.values


def _shares(evidence: str) -> Iterator[Quantity]:
    """The share that 十名报考者中只录取一名 states: "one in ten" is read as 10%."""
    for match in SHARE_ZH.finditer(evidence):
        whole, part = (Decimal(n) if n.isdigit() else chinese_value(n) for n in match.groups())
        if whole and part and part < whole:
            yield Quantity(*match.span(), "fraction", (part, whole))


def _same_growth(said: Quantity, held: Iterable[Quantity]) -> bool:
    """Whether the evidence says how much something has grown, perhaps in another way: 增长四倍 is "fivefold"."""
    known = {value for q in held if q.kind in GROWN for value in (q.values[0], q.values[0] + 1, q.values[0] - 1)}
    return said.kind in GROWN and said.values[0] in known


def _factors(said: Iterable[Quantity], held: list[Quantity]) -> Iterator[str]:
    """What has doubled in the statement and quadrupled in the evidence."""
    if any(q.kind in GROWN for q in held):
        for quantity in said:
            if quantity.kind == "growth" and not quantity.figure and not _same_growth(quantity, held):
                yield f"growth by {plain(quantity.values[0])} times not in evidence"


def _units(said: list[Quantity], held: list[Quantity]) -> Iterator[str]:
    """Money in another currency, and a percentage where the evidence has none at all."""
    for quantity in said:
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
        if match.group() == "00" or text.startswith("折", match.end()):  # the minutes of 21:00; 8折 is 20% off
            continue
        value = Decimal(match.group().replace(",", ""))
        tail = RANGE.sub("", text[match.end() : match.end() + 24]).lstrip(" +-–").lower()
        yield value, value * next((scales[w] for w in words if tail.startswith(w)), 1)


def _spelled(text: str) -> Iterator[Decimal]:
    """Numbers in words: 三十, 三成 (30), twenty-three, two hundred."""
    # 万 alone, as in 万分之三, is a scale.
    yield from filter(None, (chinese_value(n) for n in NUMERAL.findall(text) if n[0] not in "万亿"))
    yield from (chinese_value(n) * 10 for n in re.findall("([一二两三四五六七八九])成", text))
    yield from (number for language in ("zh", "en") for _, number in plans(text, language))
    for quantity in quantities(text, "en"):
        if quantity.kind == "number" and not any(c.isdigit() for c in text[quantity.start : quantity.end]):
            words = text[quantity.start : quantity.end]
            if not re.match("an? ", words, re.I):
                yield english_value(words) or Decimal(0)
        elif quantity.date:
            yield Decimal(quantity.date.month)


@dataclass(frozen=True)
class _Lookup:
    """Known names, the longest first in either language, and the Chinese forms of each English one."""

    longest: dict[Language, list[tuple[str, str]]]
    forms: dict[str, set[str]]


@lru_cache(maxsize=64)  # one a paper
def _lookup(glossary: Glossary, names: Names) -> _Lookup:
    pairs = (*names, *((zh, en) for section in (*NAMED, "countries") for zh, en in glossary.sections[section].items()))
    bare = [(zh, en.removeprefix("the ")) for zh, en in pairs]
    forms: dict[str, set[str]] = {}
    words = [(zh, word) for zh, en in ALIASES for word in en.split()]
    for zh, en in (*bare, *ALIASES, *words):
        forms.setdefault(en, set()).add(zh)
    longest = lambda side: sorted(bare, key=lambda pair: len(pair[side]), reverse=True)
    return _Lookup({"zh": longest(0), "en": longest(1)}, forms)


def _organisations(statement: str, evidence: str, language: Language, lookup: _Lookup) -> Iterator[str]:
    """Known names of the statement that the evidence has in neither language."""
    lowered, rest = evidence.lower(), statement
    edges = (r"\b", r"\b") if language == "en" else ("", "(?!门)")
    for zh, english in lookup.longest[language]:
        name = zh if language == "zh" else english
        if name not in rest or not re.search(f"{edges[0]}{re.escape(name)}{edges[1]}", rest):
            continue
        rest = rest.replace(name, " ")
        if english.lower() not in lowered and not any(form in evidence for form in lookup.forms[english]):
            yield f"name {name} not in evidence"


def _latin(statement: str, evidence: str, language: Language, glossary: Glossary, names: Names) -> Iterator[str]:
    if language == "zh":
        words = [w for m in LATIN_IN_CHINESE.finditer(statement) for w in m.group().split() if w not in UNITS]
    else:
        words = list(_names(statement))
        if _is_title(statement) and CHINESE.search(evidence):
            words = [word for word in words if not all(_ordinary(piece, glossary) for piece in re.split("[-–]", word))]
    if not words:
        return
    allowed = _allowed(evidence, glossary, names)
    strange = [word for word in dict.fromkeys(words) if not _accounted(word, allowed)]
    spoken = "".join(pinyin_word(run).lower() for run in CHINESE.findall(evidence)).replace("'", "") if strange else ""
    for word in strange:
        if not all(p in allowed or p.replace("'", "") in spoken and len(p) > 1 for p in _pieces(word)):
            yield f"name {word} not in evidence"


def _foreign(statement: str, evidence: str) -> Iterator[str]:
    """Words in other scripts than Latin and Chinese that the evidence does not have."""
    held = evidence.lower()
    yield from (f"name {word} not in evidence" for word in FOREIGN_WORD.findall(statement) if word.lower() not in held)


def _accounted(word: str, allowed: set[str]) -> bool:
    return _bare(word) in allowed or all(piece in allowed for piece in _pieces(word))


def _pieces(word: str) -> list[str]:
    """The parts of a word that may be names: of AI-assisted the first alone."""
    pieces = [piece for piece in re.split(r"[-–/&]", word) if piece]
    named = [piece for piece in pieces if piece != piece.lower()]
    return [_bare(piece) for piece in named or pieces]


def _is_title(statement: str) -> bool:
    """Whether most words have a capital, so that none says which is a name."""
    behind = [word for word in WORD.findall(statement)[1:] if len(word) > SHORT]
    return len(behind) > 2 and sum(word[0].isupper() for word in behind) >= TITLE * len(behind)


def _ordinary(word: str, glossary: Glossary) -> bool:
    """Whether a capitalised word is in small letters elsewhere, so that in a title it is no name."""
    if not CAPITALISED.match(word) or word in capitals(glossary):
        return False
    return word.lower() in TITLE_WORDS or stem(_bare(word)) in _small_words(glossary)


@lru_cache(maxsize=2)
def _small_words(glossary: Glossary) -> frozenset[str]:
    """The stems of all words that the glossary has in small letters."""
    english = " ".join(en for table in glossary.sections.values() for en in table.values())
    return frozenset(map(stem, re.findall(r"\b[a-z]+\b", english)))


def _names(statement: str) -> Iterator[str]:
    """Capitalised words of an English text, but for the first word of a sentence and titles."""
    for match in CAPITAL.finditer(statement):
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


def _allowed(evidence: str, glossary: Glossary, names: Names) -> set[str]:
    """Words in lower case that the evidence accounts for."""
    english = [en for zh, en in glossary.english.items() if zh in evidence]
    english += [en for zh, en in glossary.sections["demonyms"].items() if zh in evidence]
    english += [en for zh, en in ALIASES if zh in evidence]
    english += [en for zh, en in names if zh in evidence or en in evidence]
    bare = {_bare(w) for w in LATIN_WORD.findall(" ".join((evidence, *english)))}
    plural = {w + "s" for w in bare} | {w[:-1] for w in bare if w.endswith("s")}
    initials = {
        "".join(w[0] for w in re.findall("[A-Za-z]+", en) if w not in ("and", "of", "the")).lower() for en in english
    }
    return bare | _generic(glossary) | plural | initials | {p for w in bare for p in re.split(r"[-–/&]", w)} | ORDINARY


@lru_cache(maxsize=2)
def _generic(glossary: Glossary) -> frozenset[str]:
    """Words of which names are composed."""
    return frozenset(_bare(word) for en in glossary.sections["parts"].values() for word in en.split())
