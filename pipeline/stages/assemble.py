"""All statements of all papers in both languages, put together as paper briefs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.language.glossary import chinese_name, english_name
from pipeline.llm.engine import Progress
from pipeline.records import Grounded, Paper, PaperBrief, Recommendation, Rejection, Source, Statement, Text
from pipeline.stages.extract import Item
from pipeline.stages.ground import evidence_at
from pipeline.stages.translate import Translated, Translator, statement, translate

Summaries = Mapping[int, tuple[tuple[Grounded, ...], tuple[Rejection, ...]]]


def brief_papers(
    source: Source, papers: Sequence[Paper], summaries: Summaries, facts: Mapping[int, Sequence[Grounded]],
    items: Sequence[Item], earlier: Mapping[int, Sequence[Rejection]], with_: Translator, progress: Progress,
) -> list[PaperBrief]:
    """Translate every statement of every paper in one batch, then assemble them."""
    by_number = {p.number: p for p in papers}
    own = {p.number: [i for i in items if i.region.paper == p.number] for p in papers}
    names = {p.number: paper_names(p, with_) for p in papers}
    sentences = [s for p in papers for s in own_sentences(source, p, summaries, facts, own)]
    translated = iter(translate(sentences, by_number, names, with_, progress))
    return [
        assembled(source, p, summaries[p.number], facts[p.number], own[p.number], earlier[p.number], translated, with_)
        for p in papers
    ]


def own_sentences(source: Source, paper: Paper, summaries: Summaries, facts, own) -> Iterator[Grounded]:
    """The paper's sentences in the order in which `assembled` takes their translations."""
    yield Grounded(paper.number, paper.title, evidence_at(source, [paper.lines[0].span]))
    yield from summaries[paper.number][0]
    yield from facts[paper.number]
    for item in own[paper.number]:
        yield item.title
        yield from item.measures


def assembled(
    source: Source, paper: Paper, summary, facts: Sequence[Grounded], items: Sequence[Item],
    earlier: Sequence[Rejection], translated: Iterator[Translated], with_: Translator,
) -> PaperBrief:
    rejections = [*earlier, *summary[1], *(r for i in items for r in i.rejections)]

    def both(sentence: Grounded) -> Statement:
        other = next(translated)
        rejections.extend(other.rejections)
        return statement(sentence, paper.language, other.text)

    title = both(Grounded(paper.number, paper.title, evidence_at(source, [paper.lines[0].span])))
    sentences = tuple(both(s) for s in summary[0])
    key_facts = tuple(both(f) for f in facts)
    recommendations = tuple(
        Recommendation(
            id=f"{paper.number}.{index}",
            title=both(item.title),
            addressee=item.region.addressee,
            theme=item.region.theme,
            measures=tuple(both(m) for m in item.measures),
        )
        for index, item in enumerate(items, 1)
    )
    return PaperBrief(
        paper=paper,
        title=title.text,
        organisation=name(paper.organisation, paper, with_),
        author=name("、".join(paper.authors) if paper.language == "zh" else ", ".join(paper.authors), paper, with_, person=True),
        position=name(paper.position, paper, with_),
        summary=sentences,
        key_facts=key_facts,
        recommendations=recommendations,
        rejections=tuple(rejections),
    )


def paper_names(paper: Paper, with_: Translator) -> list[tuple[str, str]]:
    """The pairs (Chinese, English) that this paper adds to the glossary: who writes it."""
    pairs = [name(paper.organisation, paper, with_)]
    pairs += [name(author, paper, with_, person=True) for author in paper.authors]
    return [(p.zh, p.en) for p in pairs if len(p.zh) > 1 and p.en]


def name(printed: str, paper: Paper, with_: Translator, person: bool = False) -> Text:
    """A name in both languages: by the glossary, else by its sound; a Latin name stays as it is in Chinese."""
    if paper.language == "zh":
        return Text(printed, english_name(printed, with_.glossary, person) if printed else "")
    return Text(chinese_name(printed, with_.glossary) if printed else "", printed)
