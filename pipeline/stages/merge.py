"""Recommendations of different papers that mean the same."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import jieba

from pipeline.records import PaperBrief, Recommendation, Shared

# In nine volumes, pairs from 0.34 on mean the same; from 0.33 on some share only their subject.
ALIKE = 0.34
TITLE = 3  # how much more a word of the title weighs than one of a measure
Group = tuple[int, ...]  # indices of recommendations
jieba.setLogLevel(60)


def shared_recommendations(papers: Sequence[PaperBrief]) -> tuple[Shared, ...]:
    """Groups of recommendations of several papers that mean the same, most supporters first.

    Groups join by their average likeness (UPGMA; Sokal and Michener 1958), so no chain of likenesses joins what
    is not alike, while what is alike.
    """
    every = [r for paper in papers for r in paper.recommendations]
    groups = []
    for group in joined(likenesses(every), len(every)):
        members = tuple(sorted((every[i] for i in group), key=lambda r: not well_named(r)))
        if supporters(members) > 1:
            groups.append(Shared(members[0].title.text, members[0].theme, members))
    return tuple(sorted(groups, key=lambda g: -supporters(g.members)))


def supporters(members: Sequence[Recommendation]) -> int:
    """How many papers make these recommendations."""
    return len({member.id.split(".")[0] for member in members})


def well_named(recommendation: Recommendation) -> bool:
    """Whether its title is whole, in both languages."""
    title = recommendation.title
    return title.plain is None and "…" not in title.text.zh + title.text.en


def likenesses(every: Sequence[Recommendation]) -> dict[tuple[int, int], float]:
    """How alike each two are, from 0 to 1: the geometric mean of the likeness of titles and of titles with measures.

    A common subject makes the measures alike, a common turn of phrase the titles; a common meaning both.
    """
    titles = tf_idf([r.title.text.zh for r in every])
    whole = tf_idf([" ".join([r.title.text.zh] * TITLE + [m.text.zh for m in r.measures]) for r in every])
    return {
        (i, j): math.sqrt(likeness * cosine(whole[i], whole[j]))
        for i, j in combinations(range(len(every)), 2)
        if (likeness := cosine(titles[i], titles[j]))
    }


def joined(likeness: Mapping[tuple[int, int], float], count: int) -> list[Group]:
    """Groups of `count` things whose average likeness is ALIKE or more, the most alike joined first."""
    groups: list[Group] = [(i,) for i in range(count)]
    # Sums of likenesses between groups; those that are not alike at all have none.
    sums = {frozenset(((i,), (j,))): value for (i, j), value in likeness.items()}
    while close := [(average(pair, sums[pair]), sorted(pair)) for pair in sums if average(pair, sums[pair]) >= ALIKE]:
        one, other = max(close)[1]
        together = tuple(sorted((*one, *other)))
        groups = [g for g in groups if g not in (one, other)] + [together]
        sums = dict(after_joining(sums, one, other, together))
    return groups


def average(pair: frozenset[Group], total: float) -> float:
    """The average likeness between the members of two groups."""
    one, other = pair
    return total / (len(one) * len(other))


def after_joining(
    sums: Mapping[frozenset[Group], float], one: Group, other: Group, together: Group
) -> Iterator[tuple[frozenset[Group], float]]:
    """The sums of likenesses once two groups are one."""
    gathered: Counter[Group] = Counter()
    for pair, total in sums.items():
        rest = pair - {one, other}
        if len(rest) == 2:
            yield pair, total
        elif rest:
            gathered[next(iter(rest))] += total
    yield from ((frozenset((together, group)), total) for group, total in gathered.items())


def tf_idf(texts: Sequence[str]) -> list[dict[str, float]]:
    """Unit vectors of the texts' words of two characters and more."""
    counts = [Counter(w for w in jieba.cut(text) if len(w) > 1) for text in texts]
    in_texts = Counter(word for count in counts for word in count)
    vectors = []
    for count in counts:
        weights = {w: n * (1 + math.log((1 + len(texts)) / (1 + in_texts[w]))) for w, n in count.items()}
        norm = math.sqrt(sum(x * x for x in weights.values())) or 1.0
        vectors.append({w: x / norm for w, x in weights.items()})
    return vectors


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum(x * other[w] for w, x in one.items() if w in other)
