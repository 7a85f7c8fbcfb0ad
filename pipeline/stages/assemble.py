"""All statements of all papers in both languages, put together as paper briefs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.language.glossary import CHINESE, Glossary, english_name
from pipeline.language.outlook import outlook
from pipeline.language.wording import Wording
from pipeline.llm.engine import Progress
from pipeline.records import Contradiction, Grounded, Paper, PaperBrief, Recommendation, Rejection, Statement, Text
from pipeline.stages.choose import LENGTHS, Parts, summary_of
from pipeline.stages.contradict import Clash
from pipeline.stages.extract import Item
from pipeline.stages.ground import Grounder
from pipeline.stages.summarize import Digest, Draft
from pipeline.stages.translate import Topic, Translated, Translator, statement, translate

POSITION_GAP = re.compile("；|; ")  # between those of several authors


@dataclass(frozen=True, slots=True)
class Material:
    """What the stages found of one paper, in its own language."""

    paper: Paper
    draft: Draft
    facts: Sequence[Grounded]
    items: Sequence[Item]
    rejections: Sequence[Rejection]  # of the digests
    clashes: Sequence[Clash] = ()

    def sentences(self, themes: Mapping[str, Text], with_: Translator) -> Iterator[tuple[Grounded, Topic]]:
        """Every sentence to translate, and what it is about, in the order in which `assembled` takes them."""
        organisation = name(self.paper.organisation, with_.grounder.glossary)
        yield title_of(self.paper, with_.grounder), with_.title_topic(organisation) if organisation.zh else Topic()
        for sentence in (*self.draft.said, *self.draft.spare, *self.facts):
            yield sentence, Topic()
        for item in self.items:
            for sentence in (item.title, *item.measures):
                yield sentence, Topic(themes.get(item.region.theme, Text()), advises=True)
        for clash in self.clashes:
            for sentence in clash.sides:
                yield sentence, Topic()


def gathered(
    papers: Sequence[Paper],
    digests: Sequence[Digest],
    drafts: Mapping[int, Draft],
    facts: Mapping[int, Sequence[Grounded]],
    items: Sequence[Item],
    clashes: Mapping[int, Sequence[Clash]],
) -> list[Material]:
    """What was found, paper by paper."""
    return [
        Material(
            paper=p,
            draft=drafts[p.number],
            facts=facts[p.number],
            items=[i for i in items if i.region.paper == p.number],
            rejections=[r for d in digests if d.chunk.paper == p.number for r in d.rejections],
            clashes=clashes.get(p.number, ()),
        )
        for p in papers
    ]


def brief_papers(
    material: Sequence[Material],
    themes: Mapping[str, Text],
    lengths: LENGTHS,
    closing: Text,
    with_: Translator,
    progress: Progress,
) -> list[PaperBrief]:
    """Translate every statement of every paper in one batch, then assemble them."""
    papers = {m.paper.number: m.paper for m in material}
    said = [pair for m in material for pair in m.sentences(themes, with_)]
    translated = iter(translate([s for s, _ in said], [topic for _, topic in said], papers, with_, progress))
    return [assembled(m, translated, lengths, closing, with_.grounder) for m in material]


def title_of(paper: Paper, grounder: Grounder) -> Grounded:
    """A paper's title as a sentence that rests on its printed lines."""
    return Grounded(
        paper.number, paper.title, grounder.evidence([line.span for line in paper.lines[: max(1, paper.body)]])
    )


def assembled(
    found: Material, translated: Iterator[Translated], lengths: LENGTHS, closing: Text, grounder: Grounder
) -> PaperBrief:
    paper, glossary = found.paper, grounder.glossary
    rejections = [*found.rejections, *found.draft.rejections, *(r for i in found.items for r in i.rejections)]

    def both(sentence: Grounded) -> Statement:
        other = next(translated)
        rejections.extend(other.rejections)
        return statement(sentence, paper.language, other, glossary)

    title = both(title_of(paper, grounder))
    said, spare = ([both(s) for s in sentences] for sentences in (found.draft.said, found.draft.spare))
    key_facts = tuple(replace(both(f), outlook=outlook(Wording(f.text, paper.language))) for f in found.facts)
    recommendations = tuple(
        Recommendation(
            id=f"{paper.number}.{index}",
            title=both(item.title),
            addressee=item.region.addressee,
            theme=item.region.theme,
            measures=tuple(both(m) for m in item.measures),
        )
        for index, item in enumerate(found.items, 1)
    )
    contradictions = tuple(Contradiction(c.kind, tuple(both(s) for s in c.sides)) for c in found.clashes)
    titles, measures = [r.title for r in recommendations], [m for r in recommendations for m in r.measures]
    parts = Parts(paper.language, said, titles, measures, spare, key_facts)
    return PaperBrief(
        paper=paper,
        title=title.text,
        organisation=name(paper.organisation, glossary),
        author=authors(paper, glossary),
        position=positions(paper, glossary),
        summary=summary_of(parts, lengths, closing),
        key_facts=key_facts,
        recommendations=recommendations,
        rejections=tuple(rejections),
        contradictions=contradictions,
    )


def paper_names(paper: Paper, glossary: Glossary) -> tuple[tuple[str, str], ...]:
    """The pairs (Chinese, English) that this paper adds to the glossary: who writes it."""
    pairs = [name(paper.organisation, glossary)]
    pairs += [name(author, glossary, person=True) for author in paper.authors]
    return tuple((p.zh, p.en) for p in pairs if len(p.zh) > 1 and p.en)


def name(printed: str, glossary: Glossary, person: bool = False) -> Text:
    """A name in both languages: by the glossary, else by its sound; a Latin name stays as it is in Chinese."""
    if not printed:
        return Text()
    if CHINESE.search(printed):  # also over an English paper, from a Chinese contents page
        return Text(printed, english_name(printed, glossary, person))
    return Text(glossary.chinese.get(printed, printed), printed)


def authors(paper: Paper, glossary: Glossary) -> Text:
    """All who write a paper, in both languages."""
    named = [name(author, glossary, person=True) for author in paper.authors]
    *others, last = [n.en for n in named] or [""]
    return Text("、".join(n.zh for n in named), f"{', '.join(others)} and {last}" if others else last)


def positions(paper: Paper, glossary: Glossary) -> Text:
    """The positions of those who write a paper, in both languages."""
    held = [position(printed, paper, glossary) for printed in POSITION_GAP.split(paper.position)]
    return Text("；".join(p.zh for p in held), "; ".join(p.en for p in held))


def position(printed: str, paper: Paper, glossary: Glossary) -> Text:
    """A position in both languages; English puts the office before the organisation."""
    held = next(
        (zh for zh in sorted(glossary.sections["positions"], key=len, reverse=True) if printed.endswith(zh)), ""
    )
    before = printed.removesuffix(held).strip()
    if paper.language == "en" or not held or not before:
        return name(printed, glossary)
    office = english_name(held, glossary)
    return Text(printed, f"{office[:1].upper()}{office[1:]}, {english_name(before, glossary)}")
