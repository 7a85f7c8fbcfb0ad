"""Pieces of a text that become slots: figures, dates, names, Latin words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from pipeline.language.numbers import Quantity, numeral, render
from pipeline.language.numerals import chinese_value
from pipeline.language.patterns import CALLED, PLANS
from pipeline.records import Language

# Latin words in Chinese text; units of measure stay with the model.
_STANDARD = r"(?:ISO|IEC|GB|IEEE|EN|UL)(?:/[A-Z]+)? ?\d[\d.:-]*\d"
_LATIN = r"[A-Za-z][A-Za-z0-9]*(?:[-+./&'·][A-Za-z0-9]+)*\+*|\d[A-Z](?![A-Za-z])"
LATIN_IN_CHINESE = re.compile(rf"(?<![A-Za-z0-9.])(?:{_STANDARD}|(?:{_LATIN})(?: (?:{_LATIN}))*)")
CODE_IN_ENGLISH = re.compile(
    rf"\b(?:{_STANDARD}|[A-Z][A-Z0-9]+s?|[A-Za-z]+\d[\w-]*|\d[GDK]|[a-z]+[A-Z]\w*)(?:-[A-Z0-9]+)*\b"
)
UNITS = frozenset(
    "GJ TJ MJ kJ kW MW GW TW kWh MWh GWh TWh km m cm mm nm kg t g L ml km2 m2 Hz kHz MHz GHz TB GB MB PB ms s h "
    "Gbps Mbps Tbps EFLOPS PFLOPS TOPS V kV mAh dB bar MPa ppm C K P E km/h TEU GT "
    "RMB CNY USD EUR GBP HKD US UK EU UAE I A".split()
)


@dataclass(frozen=True, slots=True)
class Find:
    """A piece of a text that becomes a slot; `key` is equal for the same name, however it is worded."""

    start: int
    end: int
    zh: str
    en: str
    quantity: Quantity | None = None
    name: str = ""  # where a language has several wordings

    @property
    def key(self) -> tuple[str, ...] | None:
        if self.quantity:
            return None
        return (self.name,) if self.name else (self.zh, self.en)


def figure_finds(text: str, language: Language, found: Iterable[Quantity]) -> list[Find]:
    """The quantities with their wording as printed and in the other language."""
    finds = []
    for quantity in found:
        words = {"zh": render(quantity, "zh"), "en": render(quantity, "en")}
        words[language] = text[quantity.start : quantity.end]
        finds.append(Find(quantity.start, quantity.end, words["zh"], words["en"], quantity))
    return finds


def name_finds(
    text: str, language: Language, names: tuple[tuple[str, str], ...], extra: tuple[tuple[str, str], ...]
) -> list[Find]:
    """Names of (Chinese, English) pairs, those of `extra` first, then Latin words and codes."""
    finds = [*_plan_finds(text, language), *_called_finds(text, language)]
    for pairs in (extra, names):
        if not pairs:
            continue
        pattern, table = _index(pairs, language)
        for match in pattern.finditer(text):
            finds.append(Find(*match.span(), *table[match["name"]]))
    pattern = LATIN_IN_CHINESE if language == "zh" else CODE_IN_ENGLISH
    for match in pattern.finditer(text):
        if match.group() not in UNITS:
            finds.append(Find(*match.span(), match.group(), match.group()))
    return disjoint(finds)


def plans(text: str, language: Language) -> Iterator[tuple[re.Match, Decimal]]:
    """Each five-year plan that a text names, and its number: of “十五五” and 第十五个五年规划 15."""
    for match in PLANS[language].finditer(text):
        number = next(filter(None, match.groups()))
        yield match, Decimal(number) if language == "en" else chinese_value(number)


def _plan_finds(text: str, language: Language) -> Iterator[Find]:
    for match, number in plans(text, language):
        ordinal = {1: "1st", 2: "2nd", 3: "3rd"}.get(int(number), f"{number}th")
        words = {"zh": f"“{numeral(number)}五”", "en": f"the {ordinal} Five-Year Plan"}
        if not text.startswith(" period", match.end()):
            words["zh"] += "规划"
        if language == "zh":
            words["zh"] = match.group()
        yield Find(*match.span(), words["zh"], words["en"], name=f"plan {number}")


def _called_finds(text: str, language: Language) -> Iterator[Find]:
    for match in CALLED[language].finditer(text):
        words = {"clock": ("7×24小时", "24/7"), "document": ("一号文件", "the No. 1 document")}
        yield Find(*match.span(), *words.get(match.lastgroup, (match.group(),) * 2))


@lru_cache(maxsize=64)
def _index(pairs: tuple[tuple[str, str], ...], language: Language) -> tuple[re.Pattern, dict]:
    """A pattern of all names of a language, the longest first, and name → pair.

    An English name is found with and without its article.
    """
    side = 0 if language == "zh" else 1
    table = {pair[side].removeprefix("the "): pair for pair in reversed(pairs) if pair[0] and pair[1]}
    words = "|".join(map(re.escape, sorted(table, key=len, reverse=True)))
    # 商务部门 is no ministry and 形成都市圈 no city.
    edges = (r"(?<!\w)(?:[Tt]he )?", r"(?!\w)") if language == "en" else ("(?:(?!成)|(?<![形完构]))", "(?!门)")
    return re.compile(f"{edges[0]}(?P<name>{words}){edges[1]}"), table


def disjoint(finds: list[Find]) -> list[Find]:
    """The finds that overlap none before them in the list, in order of the text."""
    kept: list[Find] = []
    for find in finds:
        if all(find.end <= k.start or k.end <= find.start for k in kept):
            kept.append(find)
    return sorted(kept, key=lambda f: f.start)
