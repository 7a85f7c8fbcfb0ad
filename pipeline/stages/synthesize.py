"""Across the papers: themes, recommendations that several make, priorities.

Nothing is worded anew here: what papers share is shown in the words of the
member that says most, with all its supporters named.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations

import jieba

from pipeline.language.glossary import CHINESE, Glossary
from pipeline.language.numbers import quantities
from pipeline.records import Brief, PaperBrief, Recommendation, Shared, Source, Text, Theme
from pipeline.source.segment import Volume

ALIKE = 0.42  # cosine of tf-idf over Chinese words; above it two recommendations are listed as shared
PRIORITIES = 10
jieba.setLogLevel(60)


def synthesize(
    source: Source, volume: Volume, papers: Sequence[PaperBrief], names: Mapping[str, Text], glossary: Glossary
) -> Brief:
    """The brief of the whole volume; `names` gives the themes in both languages."""
    shared = shared_recommendations(papers)
    return Brief(
        source=source,
        title=in_both(volume.title, glossary),
        host=in_both(volume.host, glossary),
        papers=tuple(papers),
        themes=themes(papers, names),
        shared=shared,
        priorities=priorities(papers, shared),
    )


def in_both(name: str, glossary: Glossary) -> Text:
    """A volume's or a place's name; "" in a language for which the glossary does not give it."""
    if not CHINESE.search(name):
        return Text(glossary.chinese.get(name, ""), name)
    return Text(name, glossary.english.get(name, ""))


def themes(papers: Sequence[PaperBrief], names: Mapping[str, Text]) -> tuple[Theme, ...]:
    """Every theme that has a recommendation, those of most papers first."""
    found = []
    for key, name in names.items():
        inside = [(p.paper.number, r) for p in papers for r in p.recommendations if r.theme == key]
        if inside:
            numbers = tuple(sorted({number for number, _ in inside}))
            found.append(Theme(key, name, numbers, tuple(r for _, r in inside)))
    return tuple(sorted(found, key=lambda t: (-len(t.papers), -len(t.recommendations), t.key)))


def shared_recommendations(papers: Sequence[PaperBrief]) -> tuple[Shared, ...]:
    """Groups of recommendations of different papers whose words are alike, most supporters first.

    A group is a recommendation and those that are ALIKE it and of its theme,
    so no chain of likenesses joins what is not alike.
    """
    all_ = [(p.paper.number, r) for p in papers for r in p.recommendations]
    vectors = tf_idf([" ".join([r.title.text.zh, *(m.text.zh for m in r.measures)]) for _, r in all_])
    near: dict[int, list[int]] = {i: [] for i in range(len(all_))}
    for i, j in combinations(range(len(all_)), 2):
        if (
            all_[i][0] != all_[j][0]
            and all_[i][1].theme == all_[j][1].theme
            and cosine(vectors[i], vectors[j]) >= ALIKE
        ):
            near[i].append(j)
            near[j].append(i)
    groups, used = [], set()
    for i in sorted(near, key=lambda i: (-len(near[i]), i)):
        others = [j for j in near[i] if j not in used]
        if i in used or not others:
            continue
        used |= {i, *others}
        members = tuple(sorted((all_[k][1] for k in (i, *others)), key=lambda r: not well_named(r)))
        groups.append(Shared(members[0].title.text, members[0].theme, members))
    return tuple(sorted(groups, key=lambda g: -supporters(g)))


def supporters(group: Shared) -> int:
    """How many papers make a shared recommendation."""
    return len({member.id.split(".")[0] for member in group.members})


def priorities(papers: Sequence[PaperBrief], shared: Sequence[Shared]) -> tuple[Recommendation, ...]:
    """The recommendations for the first table: support first, then a whole title, then how concrete.

    At most one of each shared group and two of each paper, so that the table
    shows the volume and not its longest paper.
    """
    support = {r.id: supporters(g) for g in shared for r in g.members}
    group = {r.id: g.members[0].id for g in shared for r in g.members}
    ranked = sorted(
        ((p.paper.number, r) for p in papers for r in p.recommendations),  # sorting keeps this order among equals
        key=lambda pr: (-support.get(pr[1].id, 1), not well_named(pr[1]), -concreteness(pr[1])),
    )
    chosen, groups, per_paper = [], set(), Counter()
    for number, recommendation in ranked:
        key = group.get(recommendation.id, recommendation.id)
        if key not in groups and per_paper[number] < 2 and len(chosen) < PRIORITIES:
            chosen.append(recommendation)
            groups.add(key)
            per_paper[number] += 1
    return tuple(chosen)


def well_named(recommendation: Recommendation) -> bool:
    """Whether its title is whole, in both languages."""
    title = recommendation.title
    return title.plain is None and "…" not in title.text.zh + title.text.en


def concreteness(recommendation: Recommendation) -> int:
    """Measures and figures that a recommendation names."""
    return len(recommendation.measures) + sum(len(quantities(m.text.zh, "zh")) for m in recommendation.measures)


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
