"""Glyphs that stand for figures, dates and names: writing them in, and their wording back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.language.finds import Find
from pipeline.records import Language

NUMBER_GLYPHS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
DATE_GLYPHS = "❶❷❸❹❺❻❼❽❾❿⓫⓬⓭⓮⓯⓰⓱⓲⓳⓴"
NAME_GLYPHS = "αβγδεζηθικλμνξπρστυφχψω"
GLYPHS = NUMBER_GLYPHS + DATE_GLYPHS + NAME_GLYPHS
_PLAIN = {ord(c): f"({i})" for glyphs in (NUMBER_GLYPHS, DATE_GLYPHS) for i, c in enumerate(glyphs, 1)}
_PLAIN |= dict(zip(map(ord, NAME_GLYPHS), "abgdezhtiklmnxprstufcyw", strict=True))


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


def without_glyphs(text: str) -> str:
    """The text with (1) for ① and a for α, so that every glyph in it is a slot."""
    return text.translate(_PLAIN)


def write(text: str, finds: list[Find]) -> tuple[Slotted, dict]:
    """The text with glyphs, and the glyph of each name key and figure span."""
    left = {"number": iter(NUMBER_GLYPHS), "date": iter(DATE_GLYPHS), "name": iter(NAME_GLYPHS)}
    slots, places, glyphs = [], [], {}
    for find in finds:
        key = find.key or (find.start, find.end)
        if key not in glyphs:
            glyph = next(left[_family(find)], None)
            if glyph is None:
                continue
            glyphs[key] = glyph
            slots.append(Slot(glyph, find.zh, find.en))
        places.append((find.start, find.end, glyphs[key]))
    return Slotted(replace(text, places), tuple(slots)), glyphs


def _family(find: Find) -> str:
    if not find.quantity:
        return "name"
    return "date" if find.quantity.kind == "date" else "number"


def replace(text: str, places: Iterable[tuple[int, int, str]]) -> str:
    """The text with other words at (start, end, words); places do not overlap."""
    for start, end, words in sorted(places, reverse=True):
        text = text[:start] + words + text[end:]
    return text


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
    if last in ("points", "point", "times", "twice") or words.endswith("%"):
        text = re.sub(rf"{glyph}(?: per cent| percent| percentage points?| times)\b", glyph, text)
    if words.endswith("% off"):
        text = re.sub(f"{glyph} off\\b", glyph, text)
    # 千亿级 is "a ①-level industry": before a hyphen the number is one word.
    hyphened = re.sub(r"(?<=\d) (?=[mbt]r?illion$)", "-", words)
    text = re.sub(f"{glyph}(?=-[a-z])", lambda _: hyphened, text)  # a name may hold backslashes
    return text.replace(glyph, words)


def _capital(text: str, wording: dict[str, str]) -> str:
    """A sentence that starts with "the end of June 2026" gets its capital."""
    starts = any(
        words and text.startswith(words) and words.startswith(("the ", "over ", "one-", "two-"))
        for words in wording.values()
    )
    return text[0].upper() + text[1:] if starts else text
