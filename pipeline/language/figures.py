"""What is said of a figure: its bound, its unit and rate, its year, and what it is a figure of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from pipeline.language.lexicon import BOUNDS_BEFORE, BOUNDS_BEHIND, FAMILIES, HALF, RATES, UNIT_BEHIND
from pipeline.language.likeness import features
from pipeline.language.numbers import Quantity
from pipeline.language.numerals import plain, rounded
from pipeline.language.wording import SENTENCE_END, Wording

WINDOW = {"zh": 12, "en": 32}  # characters in which a bound or a unit stands
# Bounds of the evidence against which a bound of the statement stands; "" is the bare figure.
AGAINST = {
    "": {"below"},
    "below": {"above", "at least"},
    "under": {"above", "at least"},
    "at most": {"above", "at least"},
    "above": {"below", "under", "at most", "nearly"},
    "at least": {"below", "under", "at most", "nearly"},
    "nearly": {"above", "at least"},
    "about": set(),
}
SHARES = ("percent", "points", "fraction", "growth", "discount")
MEASURES = UNIT_BEHIND.keys() - {"person", "machine", "year", "day"}  # for which no other noun stands
PIECE_END = {"zh": re.compile("[，。；、\n]"), "en": re.compile(r"[,;.](?!\d)|\n|\b(?:and|but|while|against)\b")}
COUNTER = re.compile("[个家人名户次件天年吨亩台座岁元]?(?:人|次|月|小时)?")
NOUN = re.compile(r" (?!last|this|next|more|fewer|less|times|years? )(?:[a-z]{4,} )?(?=[A-Za-z]{4,})")
UNIT_WORD = re.compile("[一-鿿]|[ -][A-Za-z-]{3,}")
PLACE = re.compile(r" (?:in|for|at|among|on) (?:the |its |their )?([a-z]{3,})")


@dataclass(frozen=True)
class Figure:
    """A figure where it stands."""

    quantity: Quantity
    among: Wording

    @property
    def language(self) -> str:
        return self.among.language

    @property
    def kind(self) -> str:
        return self.quantity.kind

    @cached_property
    def before(self) -> str:
        return self.among.text[max(0, self.quantity.start - WINDOW[self.language]) : self.quantity.start]

    @cached_property
    def behind(self) -> str:
        return self.among.text[self.quantity.end : self.quantity.end + WINDOW[self.language]]

    @cached_property
    def bound(self) -> str:
        """A key of AGAINST."""
        measured = COUNTER.sub("", self.behind, count=1) if self.language == "zh" else self.behind
        for name, words in BOUNDS_BEHIND.items():
            if words[self.language].match(self.behind) or words[self.language].match(measured):
                return name
        found = (name for name, words in BOUNDS_BEFORE.items() if words[self.language].search(self.before))
        return next(found, "above" if self.quantity.more else "")

    @cached_property
    def alone(self) -> bool:
        """Whether it stands between two marks of punctuation and nothing is said of it, as in an outline."""
        before, behind = self.before.rstrip()[-1:], self.behind.lstrip()[:1]
        return before != "" != behind and before in "(（–;；,，、:：" and behind in "(（)）;；,，、"

    @cached_property
    def unit(self) -> str:
        """The class of the unit behind a plain number: "" if there is none, "other" if it is none of UNIT_BEHIND."""
        unit = lambda behind: next((n for n, words in UNIT_BEHIND.items() if words[self.language].match(behind)), "")
        if self.language == "zh" or unit(self.behind):
            return unit(self.behind)
        noun = NOUN.match(self.behind)
        return (unit(self.behind[noun.end() - 1 :]) or "other") if noun else ""

    @cached_property
    def unit_word(self) -> str:
        """The first character or the first word behind."""
        match = UNIT_WORD.match(self.behind)
        return match.group().strip(" -") if match and match.group() not in "的至到和与" else ""

    @cached_property
    def place(self) -> str:
        """What an English figure is said to be in, for or among."""
        match = PLACE.match(self.behind) if self.language == "en" else None
        return match[1] if match else ""

    @cached_property
    def year(self) -> int:
        """The year that it is said of: in English the one right behind it, else the last before it; 0 if none."""
        dates = [q for q in self.among.quantities if q.date and q.date.year]
        text, start, end = self.among.text, self.quantity.start, self.quantity.end
        if self.language == "en":
            rest = [q for q in self.among.quantities if q.start >= end]
            if rest and rest[0] in dates and not PIECE_END["en"].search(text, end, rest[0].start):
                return rest[0].date.year
        before = [q for q in dates if q.end <= start and not SENTENCE_END[self.language].search(text, q.end, start)]
        return before[-1].date.year if before else 0

    @cached_property
    def piece(self) -> Wording:
        """The piece of the sentence in which it stands, up to the next mark or "and"."""
        text, end = self.among.text, PIECE_END[self.language]
        first = max((m.end() for m in end.finditer(text, 0, self.quantity.start)), default=0)
        last = next((m.start() for m in end.finditer(text, self.quantity.end)), len(text))
        return Wording(text[first:last], self.language)

    @cached_property
    def lead(self) -> Wording:
        """The words of a Chinese sentence from the figure before it on; of an English one its piece."""
        if self.language == "en":
            return self.piece
        start = self.quantity.start
        ends = [q.end for q in self.among.figures if q.end <= start]
        ends += [m.end() for m in SENTENCE_END["zh"].finditer(self.among.text, 0, start)]
        return Wording(self.among.text[max(ends, default=0) : start], "zh")

    def member(self, family: dict) -> str:
        """The one of a family that stands with it, "" if it is not one alone."""
        found = [name for name, words in family.items() if self.piece.has(words)]
        return found[0] if len(found) == 1 else ""


def figures(said: Wording, held: Wording) -> Iterator[str]:
    """Reasons why the statement says something else of a figure than its evidence, whose numbers it has."""
    theirs = all_figures(held)
    for figure in all_figures(said):
        number = figure.quantity.numbers[0]
        same = [f for f in theirs if number in f.quantity.numbers and (f.kind in SHARES) == (figure.kind in SHARES)]
        if same:
            others = [f for f in theirs if f not in same]
            yield from (f"{fault(plain(rounded(number, 4)))} in evidence" for fault in faults(figure, same, others))


def all_figures(wording: Wording) -> list[Figure]:
    """The figures of a text, and each "half" as a fraction."""
    found = HALF[wording.language].finditer(wording.text)
    halves = [Quantity(*match.span(), "fraction", (Decimal(1), Decimal(2))) for match in found]
    return [Figure(quantity, wording) for quantity in (*wording.figures, *halves)]


def faults(figure: Figure, same: Sequence[Figure], others: Sequence[Figure]) -> Iterator[Callable[[str], str]]:
    """How the words about a figure differ from those about the `same` in the evidence."""
    if not figure.alone and {f.bound for f in same} <= AGAINST[figure.bound]:
        yield "bound of {} not".format
    if {figure.kind, *(f.kind for f in same)} == {"percent", "points"} and figure.kind not in {f.kind for f in same}:
        yield "percentage {} not".format
    if other_unit(figure, same, others):
        yield "unit of {} not".format
    mine_alone = lambda of: of(figure) and all(of(f) for f in same) and of(figure) not in map(of, same)
    of_other = lambda of: mine_alone(of) and of(figure) in map(of, others)
    if of_other(lambda f: f.year):
        yield "year of {} not".format
    elif any(of_other(lambda f, family=family: f.member(family)) for family in FAMILIES):
        yield "figure {} of something else".format
    elif figure.language == same[0].language and (of_other(lambda f: f.place) or other_label(figure, same, others)):
        yield "figure {} of something else".format


def other_unit(figure: Figure, same: Sequence[Figure], others: Sequence[Figure]) -> bool:
    """Whether the unit is another one there, or the one of another figure."""
    if any(f.kind != "number" for f in (figure, *same)):
        return False
    unit, units = figure.unit, {f.unit for f in same}
    numbers = [f for f in others if f.kind == "number"]
    if unit not in ("", "other") and not units & {unit, ""}:
        if "other" not in units or unit in MEASURES & {f.unit for f in numbers}:
            return True
    if figure.language != same[0].language:
        return False
    word, words = figure.unit_word, {f.unit_word for f in same}
    return bool(word) and not words & {word, ""} and word in {f.unit_word for f in numbers}


def other_label(figure: Figure, same: Sequence[Figure], others: Sequence[Figure]) -> bool:
    """Whether the words before a figure are those before another figure of the evidence."""
    return all(any(taken(figure.lead, own.lead, other.lead) for other in others) for own in same)


def taken(words: Wording, own: Wording, other: Wording) -> bool:
    """Whether the words are those of the other figure rather than its own."""
    if words.language == "en":
        new = own.content & other.content and (other.content - own.content) & words.content
        return bool(new) and first_of(own, other) not in words.content and first_of(other, own) in words.content
    last = words.clauses[-1].text if words.clauses else ""
    if abreast(own, other) and head(other) in last and head(own) not in last:
        return True
    tail = lambda wording: re.sub("[^一-鿿]", "", wording.text)[-2:]
    if tail(own) != tail(other) and tail(words) != tail(other):
        return False
    mine, theirs, said = (features(wording.text) for wording in (own, other, words))
    return bool((theirs - mine) & said) and not (mine - theirs) & said


def abreast(one: Wording, other: Wording) -> bool:
    """Whether two leads begin with names of one make: 上城, 下城; 一期, 二期."""
    pairs = list(zip(head(one), head(other), strict=False))
    # Of a single character, as 和 between two figures, there is no make.
    return head(one) != head(other) and len(pairs) == 2 and any(a == b for a, b in pairs)


def head(lead: Wording) -> str:
    """The first two characters of the last clause before a figure."""
    return re.sub("[^一-鿿]", "", lead.clauses[-1].text if lead.clauses else "")[:2]


def first_of(wording: Wording, beside: Wording) -> str:
    """The first that a piece speaks of and another does not."""
    return next((unit for unit in wording.row if unit not in beside.content), "")


def rates(said: Wording, held: Wording) -> Iterator[str]:
    """A reason if a rate is exchanged for another: a week where the evidence has a month."""
    mine, theirs = ({name for name, words in RATES.items() if wording.has(words)} for wording in (said, held))
    if mine - theirs and theirs - mine:
        yield f"rate a {min(mine - theirs)} not in evidence"
