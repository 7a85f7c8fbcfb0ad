"""Official English of Chinese names and terms, and pinyin where there is none."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pypinyin import Style, lazy_pinyin

from pipeline.errors import PromptError

WORDED = ("places", "countries", "programmes", "organisations", "terms", "positions")  # for texts
SECTIONS = (*WORDED, "parts", "demonyms", "actions")
NAMED = ("places", "programmes", "organisations")  # what becomes slots
CHINESE = re.compile(r"[㐀-鿿]+")
COMPOUND_SURNAMES = frozenset("欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 夏侯 司徒 长孙 宇文".split())
SURNAMES = {"单": "Shan", "曾": "Zeng", "解": "Xie", "仇": "Qiu", "查": "Zha", "朴": "Piao", "盖": "Ge"}
SURNAMES |= {"任": "Ren", "华": "Hua", "万": "Wan", "区": "Ou", "尉迟": "Yuchi", "长孙": "Zhangsun", "覃": "Qin"}


@dataclass(frozen=True)
class Glossary:
    """Chinese → English, by section of the file: every key of SECTIONS is there."""

    sections: dict[str, dict[str, str]] = field(hash=False)

    @cached_property
    def english(self) -> dict[str, str]:
        """Every Chinese form and its English; a whole name before a part of one."""
        return {zh: en for name in ("parts", *WORDED) for zh, en in self.sections[name].items()}

    @cached_property
    def chinese(self) -> dict[str, str]:
        """Every English form and its Chinese."""
        return {en: zh for zh, en in self.english.items()}

    @cached_property
    def names(self) -> tuple[tuple[str, str], ...]:
        """(Chinese, English) of the places, programmes and organisations: what slots hold."""
        return tuple(pair for name in NAMED for pair in self.sections[name].items())

    def found(self, text: str, sections: tuple[str, ...] = WORDED) -> list[tuple[str, str]]:
        """(Chinese, English) of the entries in a Chinese text in order, the longest where they overlap."""
        pairs = {zh: en for name in sections for zh, en in self.sections[name].items()}
        return [(zh, pairs[zh]) for zh in self.pattern.findall(text) if zh in pairs]

    def terms_in(self, text: str, language: str) -> list[str]:
        """What the text names, in the other language: whole words of English, with their capitals."""
        if language == "zh":
            return [en for _, en in self.found(text)]
        return [self.chinese[en] for en in dict.fromkeys(self.english_pattern.findall(text))]

    def action(self, text: str) -> str:
        """What a Chinese text is the first to call for, as an English verb; "" where it names no known action."""
        found = self.action_pattern.search(text)
        return self.sections["actions"][found.group()] if found else ""

    @cached_property
    def english_pattern(self) -> re.Pattern:
        """Matches every English form of WORDED as whole words, the longest first."""
        forms = {en for name in WORDED for en in self.sections[name].values()}
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(forms, key=len, reverse=True)))})(?!\w)")

    @cached_property
    def action_pattern(self) -> re.Pattern:
        """Matches every action that is not denied just before, the longest first."""
        return re.compile("(?<![不未勿禁免止])" + _longest_first(self.sections["actions"]).pattern)

    @cached_property
    def pattern(self) -> re.Pattern:
        """Matches every Chinese form, the longest first."""
        return _longest_first(self.english)


def load_glossary(path: Path) -> Glossary:
    """The glossary of a TOML file with the sections of SECTIONS.

    Raises PromptError if the file or a section is missing, unknown or no table of texts.
    """
    data = load_table(path)
    if data.keys() != set(SECTIONS):
        wrong = ", ".join(sorted(data.keys() ^ set(SECTIONS)))
        raise PromptError(f"{path}: missing or unknown section {wrong}; it has {', '.join(SECTIONS)}")
    for section, table in data.items():
        for zh, en in table.items():
            if not (isinstance(en, str) and zh and (en or section == "parts")) or CHINESE.search(en):
                raise PromptError(f"{path}: [{section}] {zh!r}: give its English as a text")
    return Glossary(data)


def load_table(path: Path) -> dict[str, Any]:
    """What a TOML file of words holds. Raises PromptError if it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise PromptError(f"{path}: {error}; restore the file of the release") from error


def pinyin_name(zh: str) -> str:
    """A person's or place's name in pinyin: 杜卓伦 is "Du Zhuolun", 阿勒坦 a place of one word.

    Two to four characters are a person's surname and given name; use `pinyin_word` for places.
    """
    if not 2 <= len(zh) <= 4:
        return pinyin_word(zh)
    cut = 2 if zh[:2] in COMPOUND_SURNAMES and len(zh) > 2 else 1
    return f"{SURNAMES.get(zh[:cut]) or pinyin_word(zh[:cut])} {pinyin_word(zh[cut:])}"


def pinyin_word(zh: str) -> str:
    """Chinese characters as one capitalised word: 璧山 is "Bishan", 西安 "Xi'an"."""
    return _joined(lazy_pinyin(zh, style=Style.NORMAL, v_to_u=True))


def _joined(syllables: list[str]) -> str:
    word = ""
    for syllable in syllables:
        word += ("'" if word and syllable[0] in "aeo" else "") + syllable
    return word.capitalize()


def english_name(zh: str, glossary: Glossary, person: bool = False) -> str:
    """English for a Chinese name with no Chinese character left in it.

    The glossary's, else composed of its parts and pinyin: 璧山区 is "Bishan District",
    杜卓伦 as a person "Du Zhuolun", ABB集团 "ABB Group".
    """
    if zh in glossary.english:
        return glossary.english[zh]
    if person:
        name = pinyin_word if "·" in zh else pinyin_name
        words = CHINESE.sub(lambda m: name(m.group()), zh)
    else:
        words = CHINESE.sub(lambda m: f" {_composed(m.group(), glossary)} ", zh)
    for mark, latin in {"·": " ", "（": " (", "）": ") ", "，": ", ", "、": ", ", "—": "–"}.items():
        words = words.replace(mark, latin)
    return re.sub(r"\s+([,)])", r"\1", re.sub(r"\s+", " ", words.replace("( ", "("))).strip()


def _composed(zh: str, glossary: Glossary) -> str:
    if zh in glossary.english:
        return glossary.english[zh]
    pieces, position = [], 0
    for match in glossary.pattern.finditer(zh):
        # 江 is River at the end of a name only, 市 stands behind a known place too.
        last = match.end() == len(zh) and match.start() > 0
        behind = match.group() in "省市区县" and match.start() == position > 0
        if len(match.group()) == 1 and not (last or behind):
            continue
        pieces += [pinyin_word(zh[position : match.start()]), _title(glossary.english[match.group()])]
        position = match.end()
    return " ".join(p for p in (*pieces, pinyin_word(zh[position:])) if p.strip())


def _title(words: str) -> str:
    """A term inside a name: without article, with capitals."""
    words = words.removeprefix("the ")
    return " ".join(w if w in ("and", "of", "for") else w[:1].upper() + w[1:] for w in words.split(" "))


def _longest_first(table: dict[str, str]) -> re.Pattern:
    # 商务部门 is no ministry.
    return re.compile("(?:" + "|".join(map(re.escape, sorted(table, key=len, reverse=True))) + ")(?!门)")
