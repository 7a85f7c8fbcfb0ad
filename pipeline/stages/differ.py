"""Where papers differ: another figure for the same thing and year, or the opposite advice.

Only what is plainly of one thing is compared, so that a difference which is
printed is one; those that are told in other words are not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, combinations

from pipeline.language.figures import Figure
from pipeline.language.lexicon import Words
from pipeline.language.likeness import contained
from pipeline.language.senses import turned_axes
from pipeline.language.wording import Wording, alike
from pipeline.records import Difference, Language, PaperBrief, Statement

SAME_SUBJECT = 0.7  # of what either of two clauses speaks of stands in the other
SUBJECT = 3  # pairs of characters or words that a subject has, if it is to be known again
ROUNDED, ROUGH = Decimal("0.02"), Decimal("0.1")  # apart from each other, and the figures still agree
AT_LEAST, AT_MOST = ("above", "at least"), ("below", "under", "at most")
COMMON = {  # what figures of any subject are said to be
    "zh": re.compile(
        "年均|复合|增长率|增速|同比|增长|增加|增至|占比|比重|比例|市场|规模|总量|总额|达到?|预计|预测|约为?|超过?|突破|有望|将|从|由|到|至|为"
    ),
    "en": re.compile(
        r"\b(?:annual|average|compound|growth|rate|grow\w*|ris\w*|rose|increas\w*|share|market|size|total|reach\w*"
        r"|expected|forecast|about|over|will|from|the|its|year)\b",
        re.IGNORECASE,
    ),
}


def _pole(zh: str, en: str) -> Words:
    return {"zh": re.compile(zh), "en": re.compile(rf"\b(?:{en})\b", re.IGNORECASE)}


OPPOSITES: tuple[tuple[Words, Words], ...] = (
    (_pole("设立|建立|新建|扩大|恢复|保留|延长|实行", "set up|establish|build|extend|restore|keep|introduce"),
     _pole("取消|停止|暂停|废止|撤销|关闭|停建", "abolish|end|stop|suspend|scrap|close|withdraw")),
    (_pole("提高|上调|增加|加大|加快|提前", "raise|increase|speed up|bring forward"),
     _pole("降低|下调|减少|缩减|压缩|放缓|推迟", "lower|cut|reduce|slow|delay|put off")),
    (_pole("放宽|放开|松绑", "relax|loosen|open"), _pole("收紧|从严|加严|限制", "tighten|restrict|limit")),
    (_pole("强制|必须|一律", "require|oblige|must"), _pole("自愿|鼓励|引导", "voluntary|encourage|invite")),
    (_pole("集中|统一", "central\\w*|single"), _pole("分散|各自|分别", "decentral\\w*|separate")),
    (_pole("免费|无偿", "free"), _pole("收费|付费|有偿", "charge\\w*|paid")),
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """A statement of a paper in one language."""

    paper: int
    statement: Statement
    wording: Wording


@dataclass(frozen=True)
class Measured:
    """A figure that a paper gives of a subject."""

    said: Said
    figure: Figure
    subject: frozenset[str]

    @property
    def of(self) -> tuple:
        """What two figures must have in common to be compared: kind, unit and year."""
        figure = self.figure
        return figure.kind, figure.quantity.unit, figure.unit, figure.year

    @property
    def value(self) -> Decimal:
        return self.figure.quantity.numbers[-1]


def differences(papers: Sequence[PaperBrief]) -> tuple[Difference, ...]:
    """Every difference that is found, opposite advice first, then in the order of the papers."""
    found: dict[frozenset[Statement], Difference] = {}
    for language in ("zh", "en"):
        advice = [said for paper in papers for said in advised(paper, language)]
        facts = (said for paper in papers for said in stated(paper, language))  # most have no figure to compare
        for difference in (*opposite_advice(advice), *other_figures(chain(facts, advice))):
            found.setdefault(frozenset(statement for _, statement in difference.sides), difference)
    return tuple(sorted(found.values(), key=lambda d: (d.kind != "advice", [paper for paper, _ in d.sides])))


def advised(paper: PaperBrief, language: Language) -> Iterator[Said]:
    """What a paper recommends."""
    for recommendation in paper.recommendations:
        yield from worded(paper, (recommendation.title, *recommendation.measures), language)


def stated(paper: PaperBrief, language: Language) -> Iterator[Said]:
    """What a paper says is so."""
    yield from worded(paper, (*paper.key_facts, *paper.summary.statements), language)


def worded(paper: PaperBrief, statements: Sequence[Statement], language: Language) -> Iterator[Said]:
    """Statements in `language`; Chinese is what all papers can be compared in, English what English ones are."""
    if language == "zh" or paper.paper.language == "en":
        for statement in statements:
            if statement.plain != language:
                text = statement.text.in_(language)
                yield Said(paper.paper.number, statement, Wording(text, language))


def other_figures(every: Iterable[Said]) -> Iterator[Difference]:
    """Different figures of one subject for one year."""
    figures = [one for said in every for one in measured(said)]
    taken: set[int] = set()
    for at, one in enumerate(figures):
        same = [o for o in figures[at + 1 :] if o.of == one.of and alike(o.subject, one.subject, SAME_SUBJECT)]
        other = {o.said.paper: o for o in reversed(same) if o.said.paper != one.said.paper and id(o) not in taken}
        # A paper that gives a range, or both figures, does not contradict the other.
        agreeing = {o.said.paper for o in same if agree(one, o)}
        sides = [one, *(o for paper, o in sorted(other.items()) if paper not in agreeing)]
        if len(sides) > 1:
            taken |= {id(o) for o in sides}
            yield Difference("figures", tuple((o.said.paper, o.said.statement) for o in sides))


def measured(said: Said) -> Iterator[Measured]:
    """The figures of a statement that are of a year and of a subject that can be known again."""
    among = said.wording
    for quantity in among.figures:
        figure = Figure(quantity, among)
        subject = subject_of(figure)
        if figure.year and quantity.kind in ("money", "percent", "number") and len(subject) >= SUBJECT:
            yield Measured(said, figure, subject)


def subject_of(figure: Figure) -> frozenset[str]:
    """What the clause of a figure speaks of, up to the figure in Chinese, without dates and words of growth."""
    among, language = figure.among, figure.language
    marks = [m.end() for m in re.finditer(r"[，。；：！？,;!?\n]", among.text[: figure.quantity.start])]
    start = max(marks, default=0)
    end = figure.quantity.start if language == "zh" else start + len(figure.piece.text)
    text = among.text[start:end]
    for quantity in sorted(Wording(text, language).quantities, key=lambda q: -q.start):
        text = f"{text[: quantity.start]} {text[quantity.end :]}"
    return Wording(COMMON[language].sub(" ", text), language).content


def agree(one: Measured, other: Measured) -> bool:
    """Whether two figures can both be true: near each other, or within the bound that one of them is."""
    apart = abs(one.value - other.value) / (max(abs(one.value), abs(other.value)) or 1)
    bounds = {one.figure.bound, other.figure.bound}
    if apart <= (ROUGH if bounds & {"about", "nearly"} else ROUNDED):
        return True
    return holds_bound(one, other.value) or holds_bound(other, one.value)


def holds_bound(one: Measured, value: Decimal) -> bool:
    bound = one.figure.bound
    return bound in AT_LEAST and value >= one.value or bound in AT_MOST and value <= one.value


def opposite_advice(every: Sequence[Said]) -> Iterator[Difference]:
    """Advice on one thing that points the other way."""
    clauses = [(said, clause) for said in every for clause in said.wording.clauses if len(clause.content) >= SUBJECT]
    for (one, clause), (other, against) in combinations(clauses, 2):
        if one.paper != other.paper and contained(clause.content, against.content) >= 0.4 and opposed(clause, against):
            yield Difference("advice", ((one.paper, one.statement), (other.paper, other.statement)))


def opposed(one: Wording, other: Wording) -> bool:
    """Whether two clauses say the opposite of the same: by a pair of opposites, a direction, or a denial."""
    for up, down in OPPOSITES:
        for first, second in ((up, down), (down, up)):
            if one.has(first) and other.has(second) and not one.has(second) and not other.has(first):
                return of_one_thing(without(one, first), without(other, second))
    if not of_one_thing(one, other):
        return False
    return one.denies != other.denies or next(turned_axes(one, other), None) is not None


def without(clause: Wording, words: Words) -> Wording:
    return Wording(words[clause.language].sub(" ", clause.text), clause.language)


def of_one_thing(one: Wording, other: Wording) -> bool:
    """Whether two clauses speak of the same."""
    enough = min(len(one.content), len(other.content)) >= SUBJECT
    return enough and alike(one.content, other.content, SAME_SUBJECT)
