"""Recommendations of different papers that mean the same."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from heapq import heappop, heappush
from itertools import combinations

from pipeline.language.words import cut
from pipeline.records import PaperBrief, Recommendation, Shared

# In nine volumes, pairs from 0.34 on mean the same; from 0.33 on some share only their subject.
ALIKE = 0.34
TITLE = 3  # how much more a word of the title weighs than one of a measure
Group = tuple[int, ...]  # indices of recommendations
Likeness = Callable[[int, int], float]  # of two, the first index below the second


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


def likenesses(every: Sequence[Recommendation]) -> Likeness:
    """How alike two of them are, from 0 to 1: the geometric mean of the likeness of titles and of titles with measures.

    A common subject makes the measures alike, a common turn of phrase the titles; a common meaning both.
    """
    titles = tf_idf([r.title.text.zh for r in every])
    whole = tf_idf([" ".join([r.title.text.zh] * TITLE + [m.text.zh for m in r.measures]) for r in every])

    def likeness(i: int, j: int) -> float:
        of_titles = cosine(titles[i], titles[j])
        return math.sqrt(of_titles * cosine(whole[i], whole[j])) if of_titles else 0.0

    return likeness


def joined(likeness: Likeness, count: int) -> list[Group]:
    """Groups of `count` things whose average likeness is ALIKE or more, the most alike joined first."""
    groups = Groups(likeness, count)
    while pair := groups.most_alike():
        groups.join(*pair)
    return list(groups.members.values())


class Groups:
    """Things in groups, and the sums of likenesses between groups.

    Groups cannot be ALIKE on average unless two of their members are. Such
    pairs are few; the others are not kept, since together they fill the memory.
    """

    def __init__(self, likeness: Likeness, count: int):
        self.members: dict[int, Group] = {i: (i,) for i in range(count)}  # by the first of them
        self._likeness = likeness
        self._sums: dict[int, dict[int, float]] = {i: {} for i in self.members}
        self._alike: list[tuple[float, int, int, Group, Group]] = []  # a heap; numbers have their sign turned
        for i, j in combinations(self.members, 2):
            if (value := likeness(i, j)) >= ALIKE:
                self._near(i, j, value)

    def most_alike(self) -> tuple[int, int] | None:
        """The two groups that are most alike; None if none are ALIKE."""
        while self._alike:
            _, one, other, *members = heappop(self._alike)
            if members == [self.members.get(-one), self.members.get(-other)]:  # neither has been joined since
                return -one, -other
        return None

    def join(self, one: int, other: int) -> None:
        """Make one group of two, of which `one` has the first member."""
        others = (self._sums[one] | self._sums[other]).keys() - {one, other}
        sums = {rest: self._sum(one, rest) + self._sum(other, rest) for rest in others}
        for rest in self._sums.pop(other):
            del self._sums[rest][other]
        self._sums[one] = {}
        self.members[one] = tuple(sorted((*self.members.pop(one), *self.members.pop(other))))
        for rest, total in sums.items():
            self._near(*sorted((one, rest)), total)

    def _near(self, one: int, other: int, total: float) -> None:
        self._sums[one][other] = self._sums[other][one] = total
        members = self.members[one], self.members[other]
        if (average := total / (len(members[0]) * len(members[1]))) >= ALIKE:
            heappush(self._alike, (-average, -one, -other, *members))

    def _sum(self, one: int, other: int) -> float:
        if other in self._sums[one]:
            return self._sums[one][other]
        pairs = (sorted((i, j)) for i in self.members[one] for j in self.members[other])
        return sum(self._likeness(i, j) for i, j in pairs)


def tf_idf(texts: Sequence[str]) -> list[dict[str, float]]:
    """Unit vectors of the texts' words of two characters and more."""
    counts = [Counter(w for w in cut(text) if len(w) > 1) for text in texts]
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
