"""A text as the checks read it: clauses, figures, what it speaks of; each read once."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from pipeline.language.lexicon import DENIALS, FUNCTION_EN, FUNCTION_ZH, Words
from pipeline.language.likeness import contained, features
from pipeline.language.numbers import Quantity, quantities
from pipeline.records import Language

SENTENCE_END = {"zh": re.compile(r"[。！？\n]"), "en": re.compile(r"[.!?](?=\s|$)|\n")}
CLAUSE_END = {
    "zh": re.compile(r"[，。；：！？,;:!?\n—]|(?=而[是在要应不非]|(?<!不)但|却|反而)"),
    "en": re.compile(r"[,.;:!?](?!\d)|\n|\b(?:(?<!nothing )but|(?<!not )because|while|whereas|although|though)\b"),
}
PART_END = {  # of the members of a list too
    "zh": re.compile(r"[，。；：！？、,;:!?\n—]"),
    "en": re.compile(r"[,.;:!?](?!\d)|\n|\b(?:and|but|while|whereas|against)\b"),
}
SINGLE = re.compile(r"(?<![一-鿿])[一-鿿](?![一-鿿])")  # 贵 of 不怕贵: a word of one character
WORD = re.compile(r"[A-Za-z]+|\d[\d,.]*")
SUFFIX = re.compile("(?:ations?|ions?|ings?|ied|ies|ed|ers?|es|s|e|y)$")
STEM = 7  # letters that tell an English word from another


@dataclass(frozen=True)
class Wording:
    """A text in one language."""

    text: str
    language: Language

    def has(self, words: Words) -> bool:
        return bool(words[self.language].search(self.text))

    @cached_property
    def quantities(self) -> list[Quantity]:
        """Its figures and dates; the two ends of a range apart, since "by 2 points to 9%" is no range."""
        return quantities(self.text, self.language, ranges=False)

    @cached_property
    def figures(self) -> list[Quantity]:
        return [quantity for quantity in self.quantities if quantity.figure and not quantity.date]

    @cached_property
    def sentences(self) -> list[Wording]:
        return self._split(SENTENCE_END)

    @cached_property
    def clauses(self) -> list[Wording]:
        return self._split(CLAUSE_END)

    @cached_property
    def parts(self) -> list[Wording]:
        """Smaller than clauses: the members of a list are parts of their own."""
        return self._split(PART_END)

    def _split(self, end: Words) -> list[Wording]:
        return [Wording(piece, self.language) for piece in end[self.language].split(self.text) if piece.strip()]

    @cached_property
    def content(self) -> frozenset[str]:
        """What it speaks of, without denials and function words: pairs of characters, or stems of words."""
        bare = DENIALS[self.language].sub(lambda m: " " if m["denial"] else m.group(), self.text)
        if self.language == "zh":
            bare = FUNCTION_ZH.sub(" ", bare)
            return features(bare) | frozenset(SINGLE.findall(bare))
        return frozenset(stem(word) for word in WORD.findall(bare) if word.lower() not in FUNCTION_EN)

    @cached_property
    def row(self) -> list[str]:
        """What it speaks of, in order: each pair of characters or stem that stands in it once."""
        if self.language == "zh":
            units = [self.text[i : i + 2] for i in range(len(self.text) - 1)]
        else:
            units = [stem(word) for word in WORD.findall(self.text)]
        times = Counter(units)
        return [unit for unit in units if unit in self.content and times[unit] == 1]

    @cached_property
    def marks(self) -> list[re.Match]:
        """The words that deny or may deny, in order."""
        return [m for m in DENIALS[self.language].finditer(self.text) if m.lastgroup and m.lastgroup != "asked"]

    @cached_property
    def denials(self) -> list[re.Match]:
        return [mark for mark in self.marks if mark["denial"]]

    @cached_property
    def hints(self) -> list[re.Match]:
        return [mark for mark in self.marks if not mark["denial"]]

    @property
    def denies(self) -> bool:
        """Whether a clause denies on the whole: two denials assert."""
        return len(self.denials) % 2 == 1

    @cached_property
    def denied(self) -> frozenset[str]:
        """What stands behind the first denial of a clause: all that it can deny."""
        return Wording(self.text[self.denials[0].end() :], self.language).content


def stem(word: str) -> str:
    """An English word without its ending, so that "closed" is "closing"; a number as it is."""
    bare = word.lower()
    return SUFFIX.sub("", bare)[:STEM] if len(bare) > 3 else bare


def holds(whole: frozenset[str], part: frozenset[str], least: float) -> bool:
    """Whether at least that share of `part` stands in `whole`; of nothing, none does."""
    return contained(part, whole) >= least


def alike(one: frozenset[str], other: frozenset[str], least: float) -> bool:
    """Whether at least that share of either stands in the other."""
    return holds(one, other, least) and holds(other, one, least)


def basis(said: Wording, held: Wording) -> Wording | None:
    """What a statement rests on: of another language, the sentences with its figures; None if that cannot be told."""
    if said.language == held.language or len(held.sentences) == 1:
        return held
    numbers = {n for quantity in said.figures for n in quantity.numbers}
    found = [s for s in held.sentences if any(set(q.numbers) & numbers for q in s.figures)]
    return Wording("\n".join(s.text for s in found), held.language) if found else None
