"""Numbers, dates and names as single glyphs, so that no model can get them wrong.

A model reads and writes "投资①建设β" and code puts in the wording of each glyph:
①②③ numbers, ❶❷❸ dates, αβγ names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.language.numbers import SMALL, Quantity, in_words, quantities, render
from pipeline.records import Language

NUMBER_GLYPHS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
DATE_GLYPHS = "❶❷❸❹❺❻❼❽❾❿⓫⓬⓭⓮⓯⓰⓱⓲⓳⓴"
NAME_GLYPHS = "αβγδεζηθικλμνξπρστυφχψω"
GLYPHS = NUMBER_GLYPHS + DATE_GLYPHS + NAME_GLYPHS
_PLAIN = {ord(c): f"({i})" for glyphs in (NUMBER_GLYPHS, DATE_GLYPHS) for i, c in enumerate(glyphs, 1)}
_PLAIN |= dict(zip(map(ord, NAME_GLYPHS), "abgdezhtiklmnxprstufcyw", strict=True))

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
class Slot:
    """A glyph and what stands for it in each language, without blanks around it."""

    glyph: str
    zh: str
    en: str

    def in_(self, language: Language) -> str:
        return getattr(self, language)


@dataclass(frozen=True, slots=True)
class Slotted:
    """A text with glyphs, and the slots in order of first appearance in the source text."""

    text: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class _Find:
    """A piece of a text that becomes a slot; `key` is equal for the same name."""

    start: int
    end: int
    zh: str
    en: str
    quantity: Quantity | None = None

    @property
    def key(self) -> tuple[str, str] | None:
        return None if self.quantity else (self.zh, self.en)


def without_glyphs(text: str) -> str:
    """The text with (1) for ① and a for α, so that every glyph in it is a slot."""
    return text.translate(_PLAIN)


def slotted(
    text: str, language: Language, names: Iterable[tuple[str, str]] = (), extra: Iterable[tuple[str, str]] = ()
) -> Slotted:
    """The text with a glyph for every figure, date and name.

    names, extra: (Chinese, English) pairs; an extra pair wins over a longer name.
    The same name has the same glyph wherever it stands; every figure has its own.
    What no glyph is left for stays as printed.
    """
    text = without_glyphs(text)
    finds = _finds(text, language, tuple(names), tuple(extra))
    return _write(text, finds, {})[0]


def fill(text: str, slots: Sequence[Slot], language: Language) -> str:
    """The text with the wording of every slot in `language`; unknown glyphs stay."""
    wording = {slot.glyph: slot.in_(language) for slot in slots}
    if language == "en":
        text = _space(text, wording)
    for glyph, words in wording.items():
        text = _join(text, glyph, words)
    if language == "en" and text[:1].islower():
        text = _capital(text, wording)
    return text


def paired(
    source: str,
    target: str,
    source_language: Language,
    target_language: Language,
    names: Iterable[tuple[str, str]] = (),
    extra: Iterable[tuple[str, str]] = (),
) -> tuple[Slotted, Slotted] | None:
    """A text and its rendering in another language (or the same) with the same glyphs.

    A figure, date or name has a slot in the target where the source says the same value,
    in whatever words. Small numbers in words are slots only if the other side prints digits.
    None if the target prints a number in digits that the source does not hold.
    """
    source, target = without_glyphs(source), without_glyphs(target)
    names, extra = tuple(names), tuple(extra)
    for source_ranges, target_ranges in ((True, True), (False, False), (True, False), (False, True)):
        left = quantities(source, source_language, source_ranges)
        right = quantities(target, target_language, target_ranges)
        matches = _match(left, right)
        if any(q.figure and i not in matches and _digits(target, q) for i, q in enumerate(right)):
            continue
        return _write_pair(
            (source, source_language, left), (target, target_language, right), matches, names + extra, extra
        )
    return None


def _write_pair(source, target, matches, names, extra) -> tuple[Slotted, Slotted]:
    (text, language, left), (other, other_language, right) = source, target
    small = {i for i, j in matches.items() if not left[j].figure and _countable(right[i], other)}
    used = {j for i, j in matches.items() if i not in small}
    kept = [q for j, q in enumerate(left) if q.figure or j in used]
    finds, others = (_name_finds(t, lang, names, extra) for t, lang in ((text, language), (other, other_language)))
    shared = {f.key for f in finds} & {f.key for f in others}
    finds = _disjoint([*_figure_finds(text, language, kept), *(f for f in finds if f.key in shared)])
    first, glyphs = _write(text, finds, {})
    places = [(f.start, f.end, glyphs[f.key]) for f in others if f.key in shared and f.key in glyphs]
    for i, j in matches.items():
        spelled = in_words(right[i].values[0], other_language) if i in small else None
        words = spelled or glyphs.get((left[j].start, left[j].end))
        if words:
            places.append((*_covered(right[i], left[j]), words))
    return first, Slotted(_replace(other, _apart(places)), first.slots)


def _countable(quantity: Quantity, text: str) -> bool:
    """Whether the sentence can hold the number in words, as 两家 and "two firms" do, and (1) cannot."""
    if text[: quantity.start].endswith(("(", "（")):
        return False
    return quantity.kind == "number" and len(quantity.values) == 1 and quantity.values[0] <= SMALL


def _covered(target: Quantity, source: Quantity) -> tuple[int, int]:
    """What of the target the source's slot covers: no unit that the source does not print."""
    if source.kind == "number" != target.kind and target.bare:
        return target.bare
    return target.start, target.end


def _apart(places: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The places that overlap no earlier one of the list."""
    kept: list[tuple[int, int, str]] = []
    for start, end, words in places:
        if all(end <= s or e <= start for s, e, _ in kept):
            kept.append((start, end, words))
    return kept


def _digits(text: str, quantity: Quantity) -> bool:
    return any(c.isdigit() for c in text[quantity.start : quantity.end])


def _match(left: list[Quantity], right: list[Quantity]) -> dict[int, int]:
    """Index in `right` to index in `left` of the same value, each used once, best first."""
    ends = [max((q.end for q in side), default=1) for side in (left, right)]
    scored = [
        (-likeness, abs(r.start / ends[1] - q.start / ends[0]), i, j)
        for i, r in enumerate(right)
        for j, q in enumerate(left)
        if (r.figure or q.figure) and (likeness := _likeness(q, r))
    ]
    matches: dict[int, int] = {}
    for _, _, i, j in sorted(scored):
        if i not in matches and j not in matches.values():
            matches[i] = j
    return matches


def _likeness(a: Quantity, b: Quantity) -> int:
    """3 for the same quantity, 2 for the same value, 1 for the same year or month, else 0."""
    same_kind = a.kind == b.kind
    if same_kind and (a.values, a.date) == (b.values, b.date):
        return 3
    if a.numbers == b.numbers or _rounded(a) == _rounded(b) != ():
        return 2
    if a.date and b.date and not (a.date.until or b.date.until):
        return int(_says_less(b, a) or _says_less(a, b))
    return 0


def _rounded(quantity: Quantity) -> tuple:
    """A fraction and a percentage compare as whole per cents."""
    if quantity.kind in ("fraction", "percent"):
        return tuple(round(n) for n in quantity.numbers)
    return ()


def _says_less(a: Quantity, b: Quantity) -> bool:
    """Whether date `a` says a part of what `b` says."""
    pairs = [(getattr(a.date, f), getattr(b.date, f)) for f in ("year", "month", "day", "part")]
    return all(x == y or not x for x, y in pairs)


def _finds(text: str, language: Language, names: tuple, extra: tuple) -> list[_Find]:
    figures = [q for q in quantities(text, language, True) if q.figure]
    return _disjoint([*_name_finds(text, language, names, extra), *_figure_finds(text, language, figures)])


def _figure_finds(text: str, language: Language, found: Iterable[Quantity]) -> list[_Find]:
    finds = []
    for quantity in found:
        words = {"zh": render(quantity, "zh"), "en": render(quantity, "en")}
        words[language] = text[quantity.start : quantity.end]
        finds.append(_Find(quantity.start, quantity.end, words["zh"], words["en"], quantity))
    return finds


def _name_finds(text: str, language: Language, names: tuple, extra: tuple) -> list[_Find]:
    finds = []
    for pairs in (extra, names):
        if not pairs:
            continue
        pattern, table = _index(pairs, language)
        for match in pattern.finditer(text):
            finds.append(_Find(*match.span(), *table[match["name"]]))
    pattern = LATIN_IN_CHINESE if language == "zh" else CODE_IN_ENGLISH
    for match in pattern.finditer(text):
        if match.group() not in UNITS:
            finds.append(_Find(*match.span(), match.group(), match.group()))
    return _disjoint(finds)


@lru_cache(maxsize=64)
def _index(pairs: tuple[tuple[str, str], ...], language: Language) -> tuple[re.Pattern, dict]:
    """A pattern of all names of a language, the longest first, and name → pair.

    An English name is found with and without its article.
    """
    side = 0 if language == "zh" else 1
    table = {pair[side].removeprefix("the "): pair for pair in reversed(pairs) if pair[0] and pair[1]}
    words = "|".join(map(re.escape, sorted(table, key=len, reverse=True)))
    edges = (r"(?<!\w)(?:[Tt]he )?", r"(?!\w)") if language == "en" else ("", "(?!门)")  # 商务部门 is no ministry
    return re.compile(f"{edges[0]}(?P<name>{words}){edges[1]}"), table


def _disjoint(finds: list[_Find]) -> list[_Find]:
    """The finds that overlap none before them in the list, in order of the text."""
    kept: list[_Find] = []
    for find in finds:
        if all(find.end <= k.start or k.end <= find.start for k in kept):
            kept.append(find)
    return sorted(kept, key=lambda f: f.start)


def _write(text: str, finds: list[_Find], glyphs: dict) -> tuple[Slotted, dict]:
    """The text with glyphs, and the glyph of each name key and figure span."""
    left = {"number": iter(NUMBER_GLYPHS), "date": iter(DATE_GLYPHS), "name": iter(NAME_GLYPHS)}
    slots, places = [], []
    for find in finds:
        key = find.key or (find.start, find.end)
        if key not in glyphs:
            glyph = next(left[_family(find)], None)
            if glyph is None:
                continue
            glyphs[key] = glyph
            slots.append(Slot(glyph, find.zh, find.en))
        places.append((find.start, find.end, glyphs[key]))
    return Slotted(_replace(text, places), tuple(slots)), glyphs


def _family(find: _Find) -> str:
    if not find.quantity:
        return "name"
    return "date" if find.quantity.kind == "date" else "number"


def _replace(text: str, places: Iterable[tuple[int, int, str]]) -> str:
    for start, end, words in sorted(places, reverse=True):
        text = text[:start] + words + text[end:]
    return text


def _space(text: str, glyphs: Iterable[str]) -> str:
    """Blanks between a glyph and the words beside it; none before 14th's th."""
    any_glyph = "[" + re.escape("".join(glyphs)) + "]" if glyphs else "(?!)"
    text = re.sub(rf"(?<=[A-Za-z\d,;.])(?={any_glyph})", " ", text)
    text = re.sub(rf"(?<={any_glyph})(?={any_glyph})", " ", text)
    return re.sub(rf"(?<={any_glyph})(?!(?:st|nd|rd|th|s|[A-Z]{{1,3}})\b)(?=[A-Za-z\d])", " ", text)


def _join(text: str, glyph: str, words: str) -> str:
    """Put in the words, leaving out unit words and articles that they hold themselves."""
    first, last = words.split(" ")[0], words.split(" ")[-1]
    if first == "the":
        text = re.sub(rf"\b[Tt]he {glyph}", glyph, text)
    if re.match(r"RMB|.*yuan$", words):
        text = re.sub(rf"(?:RMB|CNY) ?{glyph}|{glyph} (?:yuan|RMB)\b", glyph, text)
    for unit in ("%", "个百分点", "元", "美元", "倍", "年"):
        if words.endswith(unit):
            text = re.sub(f"{glyph}{unit}(?![年内底初末])", glyph, text)
    if last in ("points", "point", "times") or words.endswith("%"):
        text = re.sub(rf"{glyph}(?: per cent| percent| percentage points?| times)\b", glyph, text)
    return text.replace(glyph, words)


def _capital(text: str, wording: dict[str, str]) -> str:
    """A sentence that starts with "the end of June 2026" gets its capital."""
    starts = any(
        words and text.startswith(words) and words.startswith(("the ", "over ", "one-", "two-"))
        for words in wording.values()
    )
    return text[0].upper() + text[1:] if starts else text
