"""Figures of one sentence that do not fit each other: a share that is none of its parts, parts that are not their sum.

A figure stands for all that is rounded to it, so what can be true is let pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from pipeline.language.figures import Figure
from pipeline.language.lexicon import Words
from pipeline.language.numbers import Quantity
from pipeline.language.wording import Wording

WHOLE = Decimal(100)
COUNTED = Decimal(10_000)  # below which a whole number was counted; what is larger is often rounded
# A share of what was named right before it, and of nothing else.
SHARE: Words = {
    "zh": re.compile(
        r"^[个家人名户次件台亩座起项份条种篇栋辆艘]?人?[，,（(]?(?:占比?|占总[数量]的?|占[其当]中的?)为?$"
    ),
    "en": re.compile(r"^(?: [a-z]+){0,2},? \(?(?:or|that is) $|^(?: [a-z]+){0,2} \($"),
}
PART_OF: Words = {
    "zh": re.compile(r"其中|(?<![只没])有|仍|里|中"),
    "en": re.compile(r"\bof (?:them|which|whom|these|those)\b"),
}
# A share of a whole, which it cannot exceed.
OF_WHOLE: Words = {
    "zh": re.compile(r"(?:占比|比重|份额|占[^，。；\d]{0,12}的?)(?:[已约近达为到高了]|超过)*$"),
    "en": re.compile(
        r"\b(?:share of|accounts? for|accounted for|makes? up|made up) (?:about |some |nearly |over )?$", re.I
    ),
}
GROWN = re.compile("[升增提涨扩涨长]|同比|比上年|的?\\d|倍")  # 占比提高120%: what a share grows by
TOTAL: Words = {
    "zh": re.compile(r"(?:共计|合计|总计|总共|一共|共有?)[^，。；：\d]{0,8}$"),
    "en": re.compile(r"\b(?:total of|in total|altogether|totall?ing) $", re.I),
}
REST: Words = {
    "zh": re.compile("其余|余下|剩下"),
    "en": re.compile(r"\b(?:the rest|the remaining|the remainder)\b", re.I),
}


def wrong_sums(said: Wording) -> Iterator[tuple[Quantity, ...]]:
    """The figures of each clash in a text of one sentence."""
    figures = [Figure(quantity, said) for quantity in said.figures]
    yield from impossible_shares(said, figures)
    yield from wrong_shares(said, figures)
    yield from wrong_totals(said, figures)


def impossible_shares(said: Wording, figures: Sequence[Figure]) -> Iterator[tuple[Quantity, ...]]:
    """Shares of more than all."""
    for figure in figures:
        held = OF_WHOLE[said.language].search(figure.before)
        if figure.kind == "percent" and figure.quantity.values[-1] > WHOLE and held:
            if said.language == "en" or not GROWN.search(held[0]):
                yield (figure.quantity,)


def wrong_shares(said: Wording, figures: Sequence[Figure]) -> Iterator[tuple[Quantity, ...]]:
    """412个项目，其中187个，占54%: a share that is not the part of the whole."""
    for (whole, part), share in zip(pairwise(figures), figures[2:], strict=False):
        between = said.text[part.quantity.end : share.quantity.start]
        link = said.text[whole.quantity.end : part.quantity.start]
        if (
            counted_alike(whole, part)
            and share.kind == "percent"
            and share.bound in ("", "about")
            and not whole.bound + part.bound
            and part.quantity.values[0] < whole.quantity.values[0]
            and SHARE[said.language].search(between)
            and PART_OF[said.language].search(link)
            and len(link) < 40
        ):
            lowest = least(part) / most(whole) * WHOLE
            highest = most(part) / least(whole) * WHOLE
            if most(share) < lowest or highest < least(share):
                yield whole.quantity, part.quantity, share.quantity


def wrong_totals(said: Wording, figures: Sequence[Figure]) -> Iterator[tuple[Quantity, ...]]:
    """共58张，其中19张、22张，其余20张: parts that are more than their sum, or all parts that are less."""
    for at, total in enumerate(figures):
        if not TOTAL[said.language].search(said.text[: total.quantity.start]) or total.bound:
            continue
        end = said.text.find("。", total.quantity.end)
        behind = said.text[total.quantity.end : end if end > 0 else None]
        parts = [f for f in figures[at + 1 :] if counted_alike(total, f)]
        if len(parts) < 2 or len(parts) != len(figures) - at - 1 or not PART_OF[said.language].search(behind):
            continue
        lowest, highest = sum(map(least, parts)), sum(map(most, parts))
        if lowest > most(total) or REST[said.language].search(behind) and highest < least(total):
            yield total.quantity, *(part.quantity for part in parts)


def counted_alike(one: Figure, other: Figure) -> bool:
    """Whether two figures count the same: the same kind, currency and word behind."""
    same = (one.kind, one.quantity.unit, one.unit_word) == (other.kind, other.quantity.unit, other.unit_word)
    return same and one.kind in ("number", "money") and bool(one.unit_word or one.kind == "money")


def least(figure: Figure) -> Decimal:
    value = figure.quantity.values[0]
    return value - slack(figure.kind, value)


def most(figure: Figure) -> Decimal:
    value = figure.quantity.values[-1]
    return value + slack(figure.kind, value)


def slack(kind: str, value: Decimal) -> Decimal:
    """How far what is meant may be from a figure: one of its last digit that is not 0; nothing for what was counted."""
    if kind == "number" and value == int(value) and value < COUNTED:
        return Decimal(0)
    return Decimal(1).scaleb(value.normalize().as_tuple().exponent)
