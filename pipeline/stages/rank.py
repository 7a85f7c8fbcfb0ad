"""Which recommendations to read first: by stated rules, not by taste."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from pipeline.language.figures import Figure
from pipeline.language.wording import Wording
from pipeline.records import Language, PaperBrief, Rating, Recommendation, Shared
from pipeline.stages.merge import supporters, well_named

PRIORITIES = 10
A_PAPER = 2  # of them that one paper may have
COUNTED_MEASURES = 3
OWNER = {
    "zh": re.compile(
        "牵头|(?<![自理])由[^，。；]{2,24}?(?:负责|组织|主导|承担|出资|配备|统一|发布|制定)"
        "|(?:[市区县]政府|[一-鿿]{2}(?:局|委|委员会|办公室|管委会|主管部门))(?:应|要|可|须|负责|组织|会同|联合)"
    ),
    "en": re.compile(
        r"\b(?:led|run|funded|owned|chaired) by\b|\b(?:commission|bureau|department|ministry|authority|agency|council"
        r"|municipality|city government)\b[^.;]{0,20}\b(?:should|could|must|may|can|to lead|leads?)\b",
        re.IGNORECASE,
    ),
}
TIME = {  # of an action; a year that is only foreseen, or that something took, is none
    "zh": re.compile(
        r"20\d\d ?年(?:底|末|初|[上下]半年|[1-4一二三四]?季度)?(?:之?前|以前)|(?<!预计)到 ?20\d\d ?年|自 ?20\d\d ?年起"
        r"|(?:\d+|[一二两三四五六七八九十半]+) ?(?:年|个月|周|天|日)(?:之?内|以内|时间|一次)"
        r"|用(?:\d+|[一二两三四五六七八九十]+) ?(?:年|个月)|(?:首|前|第)[一二两三]?年"
        r"|(?<!人)每(?:半|两)?(?:年|季度?|月|周)(?:定期|至少|举办|召开|开展|培训|发布|公布|评估|组织|安排|更新|检查|调查|实施|上门)"
    ),
    "en": re.compile(
        r"\b(?:by|before|from|until) (?:the )?(?:end of |start of )?(?:[A-Z][a-z]+ )?20\d\d\b"
        r"|\bwithin (?:the )?(?:next |first )?[\w-]+ (?:years?|months?|weeks?|days?)\b"
        r"|\b(?:every|each|per|a) (?:year|quarter|month|week)\b|\b(?:annually|yearly|quarterly|monthly)\b"
        r"|\b(?:first|next|for) (?:two|three|four|five|\d+) (?:years|months)\b",
    ),
}


def ratings(papers: Sequence[PaperBrief], shared: Sequence[Shared], points: Mapping[str, int]) -> tuple[Rating, ...]:
    """The rating of every recommendation; `points` are the weights of paper, measure, owner, time and figures."""
    support = {member.id: supporters(group.members) for group in shared for member in group.members}
    return tuple(
        rating(recommendation, paper.paper.language, support.get(recommendation.id, 1), points)
        for paper in papers
        for recommendation in paper.recommendations
    )


def rating(recommendation: Recommendation, language: Language, papers: int, points: Mapping[str, int]) -> Rating:
    """How well founded and concrete a recommendation is, read off its quotes."""
    measures = len(recommendation.measures)
    quotes = [e.quote for s in (recommendation.title, *recommendation.measures) for e in s.evidence]
    owner, time = (any(words[language].search(quote) for quote in quotes) for words in (OWNER, TIME))
    figures = any(says_how_much(m.text.in_(language), language) for m in recommendation.measures)
    total = points["paper"] * (papers - 1) + points["measure"] * min(measures, COUNTED_MEASURES)
    total += points["owner"] * owner + points["time"] * time + points["figures"] * figures
    return Rating(recommendation.id, papers, measures, owner, time, figures, total)


def says_how_much(text: str, language: Language) -> bool:
    """Whether a measure has a figure with a unit; names such as 5G have none."""
    among = Wording(text, language)
    return any(q.kind != "number" or Figure(q, among).unit not in ("", "other") for q in among.figures)


def priorities(
    papers: Sequence[PaperBrief], shared: Sequence[Shared], rated: Sequence[Rating]
) -> tuple[Recommendation, ...]:
    """The recommendations for the first table: those with a whole title first, then by points, then as they stand.

    One of each shared group, and two at most of those that a paper makes alone, so that the table shows the volume
    and not its longest paper.
    """
    points = {one.id: one.points for one in rated}
    leads = {member.id: group.members[0].id for group in shared for member in group.members}
    best = {lead: max(points[id] for id, of in leads.items() if of == lead) for lead in leads.values()}
    ranked = sorted(
        # A group stands in the words of its first member and has the points of its best.
        ((p.paper.number, r) for p in papers for r in p.recommendations if leads.get(r.id, r.id) == r.id),
        key=lambda pr: (not well_named(pr[1]), -best.get(pr[1].id, points[pr[1].id])),
    )
    chosen, per_paper = [], Counter()
    for number, recommendation in ranked:
        alone = recommendation.id not in leads
        if len(chosen) < PRIORITIES and not (alone and per_paper[number] == A_PAPER):
            chosen.append(recommendation)
            per_paper[number] += alone
    return tuple(chosen)
