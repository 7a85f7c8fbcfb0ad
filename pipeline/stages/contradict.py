"""Where a paper contradicts itself: two figures for one thing, or a share or a sum that is none.

Only what is plainly of one thing is compared. Two passages give figures for the same

- measure, if its name stands right before both, with the same unit, year, scope and direction;
- count, if one takes up what the other has introduced (`37家企业中`, `of the 37 firms`) or both
  tell how many were asked, and the noun behind is the same.

What is told in other words is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cached_property
from typing import Literal

from pipeline.language.figures import PIECE_END, Figure
from pipeline.language.lexicon import ADVICE, ADVISABLE, FUNCTION_EN, FUNCTION_ZH, MUST, PROSPECT, SHOULD, Words
from pipeline.language.likeness import features
from pipeline.language.sums import wrong_sums
from pipeline.language.wording import SENTENCE_END, Wording, stem
from pipeline.records import Grounded, Paper, Source, Span
from pipeline.source.text import readable, sentences
from pipeline.stages.differ import COMMON
from pipeline.stages.facts import pieces
from pipeline.stages.ground import Grounder

MEASURES = ("money", "percent", "points", "number", "multiple")
NAME, CLEAR = {"zh": 4, "en": 2}, {"zh": 6, "en": 4}  # characters or words of a measure's name: at least; that suffice
BESIDE = 2  # pairs of characters, words or figures that two sentences share besides a name that does not suffice
ITEM = 2  # characters of what is counted
ABOUT, EXACT = Decimal("0.1"), Decimal("0.05")  # apart from each other, and the rounder figure may stand for both
SLIP = Decimal("0.6")  # of the larger count; what is farther apart is a part of it, or something else


def _words(zh: str, en: str) -> Words:
    return {"zh": re.compile(zh), "en": re.compile(rf"\b(?:{en})", re.IGNORECASE)}


# The words right before a figure by which it is where a change begins or ends, or how far it goes.
_SOME = r"(?: (?:about|some|nearly|over|only|the))* $"
ROLES: dict[str, Words] = {
    "from": _words("[由从自][约近]?$|[由从自](?:目前|现在|现行)的?(?:平均)?$", rf"from{_SOME}"),
    "to": _words("(?:(?<!达)[到至]|[升增降减缩扩压提]为)[约近了]?$", rf"to{_SOME}"),
    "up": _words("(?:[增升提上扩涨][长加高升幅大涨]?)[了约近]?$", rf"(?:by|grew|rose|up|increased)(?: by)?{_SOME}"),
    "down": _words(
        "(?:[减下降缩压跌][少降低短缩跌幅]?)[了约近]?$", rf"(?:fell|down|cut|dropped|reduced)(?: by)?{_SOME}"
    ),
}
INTENDED = (PROSPECT, ADVICE, SHOULD, MUST, ADVISABLE)
TARGET = _words(
    "目标|将(?=由|从|达|增|提|降|新|建)|力[争求]|应[当该]|不[低少高多]于|不超过|[到至]20\\d\\d年|可(?=[降提增达升压])|让|使(?!用)",
    r"(?:will|would|could|targets?|goal|by 20\d\d|at least|at most)\b",
)
SUPPOSED = _words(
    "如果|假如|假设|倘若|[若如](?!何|此|今)|测算|推算|估算|例如|比如", r"(?:if|suppose\w*|assum\w+|say|for example)\b"
)
CONDITION = _words("[^，。；]{0,4}时(?!间)|的?[测计估]算", r" (?:or|and) (?:more|less)\b")
SCOPES = _words(
    "其中|[人户亩]均|[年日月]均|单位|累计|新增|新建|最[高低大小多少长短]|首批|[一二三四]期|全国|全球|国内|我国|世界|全省|全市|全区|本地|外地"
    "|去年|今年|前年|明年|上年|[上下]半年|季度|\\d月|[男女]|城镇|农村|进出?口|出口|[前后][一二三四五六七八九十\\d]|以[上下]|民营|外资|中小|大型|每|各",
    r"(?:of which|median|per|annual\w*|daily|monthly|cumulative|new|highest|lowest|national\w*|global\w*|world\w*"
    r"|last year|this year|first|second|third|men|women|urban|rural|imports?|exports?|small|large|half|quarter)\b",
)
REFERENCE = re.compile(r"https?:|www\.|^(?:\[\d+\]|<sup>|[（(]?[图表]|Fig|Table|资料|来源|参考文献)|\[[MJDRZN]\]")
CELL = re.compile(r"^\|\s*([^|]+?)\s*\|")
NOT_NAME = re.compile(
    "每[一-鿿]{1,5}$|力[争求]|争取|用?[一二两三四五六七八十]年(?:时间|内)?|年底前?|年内|[以之]?前|平均"
    "|只有|仅[有为]?|目前|现在|现行|约|高?达到?|已经?|不[过到足]|也?[是为有]|高 *$|[由从把将对的]|[（(「“”]"
)

COUNTER = "[个家名户件台座起项份条种篇栋辆艘张支套处所列类款]"
ITEM_ZH = re.compile(rf"{COUNTER}(?!月|工作日|小时|百分点)([一-鿿]{{2,10}})")
ITEM_BEFORE, ITEM_DONE = 6, re.compile(rf"{COUNTER}(?:[，。；、）]|$)")  # 洗消中心96个，: characters of the noun before
ITEM_END = re.compile("[的中里都全在有被为是把将与和及由从也均才已了进做之无逐]")
ITEM_EN = re.compile(r" ((?:[a-z-]+ ){0,2}?[a-z-]{4,})(?=[ ,.;:)]|$)")
COUNTED_EN = ("person", "machine", "other")  # what is counted in English, and not measured
WHOLES = frozenset(("全省", "全市", "全区", "全国", "本地"))  # scopes of which a count is all that there are
ASKED = _words(
    "走访|调查|调研|访谈|问卷|抽样|样本|抽查|受访|回访", r"(?:survey\w*|interview\w*|sampl\w+|asked|visited|respon\w+)"
)
TAKEN_UP: Words = {  # how a count is taken up again: words before it, and words behind the noun
    "zh": re.compile(r"(?:^|[，。；：！？]|[，。；：]?(?:在|对|把|将|为)?(?:这|上述)|(?:对|把|将))$"),
    "en": re.compile(r"\b(?:of(?: the| these| those)?|all(?: the)?|the|these|those) $", re.IGNORECASE),
}
ALL_OF = re.compile(rf"^{COUNTER}[一-鿿]{{1,8}}?(?:全部|逐[一个家]|中|里|之中|无一|都)")


@dataclass(frozen=True, slots=True)
class Clash:
    """What a paper says that cannot all be true, in its own words."""

    kind: Literal["figures", "sum"]
    sides: tuple[Grounded, ...]


@dataclass(frozen=True)
class Given:
    """A figure that a paper gives."""

    span: Span  # of its sentence
    figure: Figure

    @property
    def value(self) -> Decimal:
        return self.figure.quantity.numbers[-1]

    @property
    def language(self) -> str:
        return self.figure.language

    @cached_property
    def sentence(self) -> str:
        """Its sentence up to it."""
        text, start = self.figure.among.text, self.figure.quantity.start
        ends = [m.end() for m in SENTENCE_END[self.language].finditer(text, 0, start)]
        return text[max(ends, default=0) : start]

    @cached_property
    def clause(self) -> str:
        """Its clause up to it; in a table the name of its row."""
        if row := CELL.match(self.figure.among.text):
            return row[1]
        ends = [m.end() for m in PIECE_END[self.language].finditer(self.sentence)]
        return self.sentence[max(ends, default=0) :]

    @cached_property
    def role(self) -> str:
        """Where a change begins or ends, or how far it goes; "" of what is, as the baseline of a change."""
        if self.baseline:
            return ""
        return next((name for name, words in ROLES.items() if words[self.language].search(self.sentence[-40:])), "")

    @cached_property
    def baseline(self) -> bool:
        """Whether a change that is asked for begins there: it is so now, whatever the sentence aims at."""
        return self.asks and bool(ROLES["from"][self.language].search(self.sentence[-40:]))

    @cached_property
    def asks(self) -> bool:
        """Whether its sentence asks for something or foresees it."""
        sentence = Wording(self.sentence, self.language)
        return any(sentence.has(words) for words in (*INTENDED, TARGET))

    @property
    def year(self) -> int:
        """The year that it is of, 0 if none; what a change begins at is of no year that the sentence aims at."""
        return 0 if self.baseline else self.figure.year

    @property
    def intended(self) -> bool:
        return self.asks and not self.baseline

    @cached_property
    def supposed(self) -> bool:
        """Whether it is but an example, a guess or a condition."""
        guess = SUPPOSED[self.language].search(self.sentence) or CONDITION[self.language].match(self.figure.behind)
        return bool(guess) and not self.baseline

    @cached_property
    def scopes(self) -> frozenset[str]:
        return frozenset(m.group().lower() for m in SCOPES[self.language].finditer(self.clause))

    @cached_property
    def of(self) -> tuple:
        """What two measures must have in common to be compared."""
        figure = self.figure
        kind = figure.kind, figure.quantity.unit, self.unit
        return *kind, self.role, self.intended, self.scopes

    @property
    def unit(self) -> str:
        """What it is in; "" of a bare number, which may be anything."""
        return self.figure.unit_word if self.figure.kind == "number" else self.figure.kind

    @cached_property
    def name(self) -> str:
        """What is measured: the words before it, without those that any figure has before it."""
        bare = COMMON[self.language].sub(" ", self.clause)
        if self.language == "zh":
            return re.sub("[^一-鿿A-Za-z]", "", FUNCTION_ZH.sub("", NOT_NAME.sub("", bare)))
        words = (stem(w) for w in re.findall("[A-Za-z]+", bare) if w.lower() not in FUNCTION_EN)
        return " ".join(words)

    @cached_property
    def noun(self) -> str:
        """What a number counts, as it stands behind it; "" of a measure."""
        if self.figure.kind != "number" or self.language == "en" and self.figure.unit not in COUNTED_EN:
            return ""
        noun = (ITEM_ZH if self.language == "zh" else ITEM_EN).match(self.figure.behind)
        if not noun:
            return ""
        return ITEM_END.split(noun[1])[0] if self.language == "zh" else stem(noun[1].split(" ")[-1])

    @property
    def item(self) -> str:
        """What a number counts: the noun behind it, or where a clause ends with it the one before."""
        ends = self.figure.kind == "number" and ITEM_DONE.match(self.figure.behind)
        return self.noun or (self.name[-ITEM_BEFORE:] if ends else "")

    @cached_property
    def asked(self) -> bool:
        """Whether it tells how many were asked."""
        around = self.clause + self.figure.behind[:10]
        return bool(ASKED[self.language].search(around)) and not self.scopes

    @cached_property
    def taken_up(self) -> bool:
        """Whether it takes up a count that the paper has introduced."""
        before = TAKEN_UP[self.language].search(self.sentence)
        return bool(before) and (self.language == "en" or "这" in before[0] or bool(ALL_OF.match(self.figure.behind)))

    @cached_property
    def around(self) -> frozenset:
        """What its sentence speaks of, and its other figures."""
        others = (q.values for q in self.figure.among.figures if q.values != self.figure.quantity.values)
        return features(self.figure.among.text) - features(self.clause) | frozenset(others)


def clashes(paper: Paper, grounder: Grounder) -> list[Clash]:
    """What a paper says that cannot all be true, in the order of the paper."""
    given, sums = figures_of(grounder.source, paper)
    found: list[tuple[Given, ...]] = [*((one,) for one in sums), *measured_twice(given), *counted_twice(given)]
    once = {tuple(one.span for one in sides): sides for sides in found}
    ordered = sorted(once.values(), key=lambda sides: [one.span.start for one in sides])
    return [
        Clash("figures" if len(sides) > 1 else "sum", tuple(quoted(one, paper, grounder) for one in sides))
        for sides in ordered
    ]


def figures_of(source: Source, paper: Paper) -> tuple[list[Given], list[Given]]:
    """All figures of a paper but those of its references, and the first one of each sentence that has a wrong sum."""
    given: list[Given] = []
    wrong: list[Given] = []
    lines = paper.lines[paper.body :]
    for span in sentences(source, Span(lines[0].span.start, paper.span.end)) if lines else []:
        said = Wording(readable(source.slice(span)), paper.language)
        if not REFERENCE.search(said.text):
            given += [Given(span, Figure(quantity, said)) for quantity in said.figures]
            wrong += [Given(span, Figure(quantities[-1], said)) for quantities in wrong_sums(said)][:1]
    return given, wrong


def quoted(one: Given, paper: Paper, grounder: Grounder) -> Grounded:
    """The sentence that gives a figure; of a long one the clauses around the figure."""
    source, values = grounder.source, one.figure.quantity.values

    def worth(piece: Span) -> tuple[bool, int]:
        words = Wording(readable(source.slice(piece)), paper.language)
        return any(quantity.values == values for quantity in words.figures), len(words.figures)

    return grounder.quoted([max(pieces(source, one.span, paper.language), key=worth)], paper)


def measured_twice(given: Sequence[Given]) -> Iterator[tuple[Given, Given]]:
    """Two figures for one measure, each with the first that differs from it."""
    kept = [g for g in given if g.figure.kind in MEASURES and not g.noun and g.name and g.unit]
    for at, one in enumerate(kept):
        others = (o for o in kept[at + 1 :] if o.span != one.span and measures_alike(one, o))
        other = next((o for o in others if not (agree(one, o) or tells(one, o.value) or tells(o, one.value))), None)
        if other:
            yield one, other


def measures_alike(one: Given, other: Given) -> bool:
    """Whether two figures are of one measure, as it is, and of one year."""
    if one.of[:3] != other.of[:3] or not one_name(one, other):
        return False
    # Of a change or a target, another may be meant unless both name the year.
    dated = one.year == other.year and bool(one.year or not (one.role or one.intended))
    return dated and one.of == other.of and not one.supposed and not other.supposed and bounded(one, other)


def bounded(one: Given, other: Given) -> bool:
    """Whether both are figures, and no limits."""
    return all(g.figure.bound in ("", "about", "nearly", "above") for g in (one, other))


def one_name(one: Given, other: Given) -> bool:
    """Whether two names end alike and what stands before in both is not something else."""
    if one.language == "en":
        short, long = sorted((one.name.split(), other.name.split()), key=len)
        enough = len(short) >= CLEAR["en"] or short == long and len(short) > NAME["en"]
        enough = enough or len(short) >= NAME["en"] and len(one.around & other.around) >= BESIDE
        return enough and set(short) <= set(long) and len(long) <= len(short) + NAME["en"]
    end = common_end(one.name, other.name)
    if end < NAME["zh"]:
        return False
    rest, other_rest = one.name[:-end], other.name[:-end]
    # 北部山区连续覆盖率 and 连续覆盖率 are one; 省城发病率 and 县城发病率 are not.
    if not (stands(rest, other.sentence) or stands(other_rest, one.sentence)):
        return False
    clear = (
        end >= CLEAR["zh"] or rest and stands(rest, other.sentence) or other_rest and stands(other_rest, one.sentence)
    )
    return bool(clear) or rest == other_rest or len(one.around & other.around) >= BESIDE


def stands(words: str, text: str) -> bool:
    """Whether all of the words stand in a text."""
    return features(words) <= features(text) and words[-2:] in text


def common_end(one: str, other: str) -> int:
    """How many characters two names have in common at their end."""
    return next(
        (n for n, (a, b) in enumerate(zip(one[::-1], other[::-1], strict=False)) if a != b), min(len(one), len(other))
    )


def counted_twice(given: Sequence[Given]) -> Iterator[tuple[Given, Given]]:
    """A count that is taken up, or told again, as another one; neither stands anywhere else."""
    counts = [g for g in given if g.item and g.value > 2 and (g.taken_up or not (g.intended or g.supposed))]
    for at, one in enumerate(counts):
        if not (one.taken_up or one.asked) or any(tells(g, one.value) for g in given if g.span != one.span):
            continue
        for other in (*counts[:at][::-1], *counts[at + 1 :]):
            if other.span != one.span and counts_alike(one, other) and not agree(one, other):
                if not tells(other, one.value) and not tells(one, other.value):
                    yield tuple(sorted((one, other), key=lambda g: g.span.start))
                    break


def counts_alike(one: Given, other: Given) -> bool:
    """Whether two counts are of the same items, and near enough to be one."""
    small, large = sorted((one.value, other.value))
    same_word = one.language == "en" or one.figure.unit_word == other.figure.unit_word
    both_asked = one.asked and other.asked
    one_item = (
        one.item == other.item if one.language == "en" else shared(one.item, other.item) >= least_item(one, other)
    )
    return same_word and one_item and small >= SLIP * large and (both_asked or one.taken_up and other.scopes <= WHOLES)


def least_item(one: Given, other: Given) -> int:
    """Of a noun that is taken up all characters, up to four."""
    return max(ITEM, min(4, len(one.item), len(other.item)))


def shared(one: str, other: str) -> int:
    """The length of the longest piece that two texts have in common."""
    return SequenceMatcher(None, one, other, False).find_longest_match().size


def tells(one: Given, value: Decimal) -> bool:
    """Whether the sentence of a figure gives that value too."""
    return any(value in quantity.numbers for quantity in one.figure.among.quantities)


def agree(one: Given, other: Given) -> bool:
    """Whether two figures may be one that is rounded, or keep each other's bound."""
    small, large = sorted((one, other), key=lambda given: given.value)
    if small.value == large.value or small.figure.bound == "above" or large.figure.bound == "nearly":
        return True
    apart = (large.value - small.value) / abs(large.value)
    if "about" in (one.figure.bound, other.figure.bound) or one.figure.quantity.more or other.figure.quantity.more:
        return apart <= ABOUT
    digit = Decimal(1).scaleb(max(g.value.normalize().as_tuple().exponent for g in (one, other)))
    return large.value - small.value < digit and apart <= EXACT
