"""All statements of all papers in both languages, put together as paper briefs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.language.glossary import CHINESE, Glossary, english_name
from pipeline.llm.engine import Progress
from pipeline.records import Grounded, Paper, PaperBrief, Recommendation, Rejection, Statement, Text
from pipeline.stages.extract import Item
from pipeline.stages.ground import Grounder
from pipeline.stages.translate import Translated, Translator, statement, translate

Summaries = Mapping[int, tuple[tuple[Grounded, ...], tuple[Rejection, ...]]]


def brief_papers(
    papers: Sequence[Paper],
    summaries: Summaries,
    facts: Mapping[int, Sequence[Grounded]],
    items: Sequence[Item],
    earlier: Mapping[int, Sequence[Rejection]],
    themes: Mapping[str, Text],
    with_: Translator,
    progress: Progress,
) -> list[PaperBrief]:
    """Translate every statement of every paper in one batch, then assemble them."""
    by_number = {p.number: p for p in papers}
    own = {p.number: [i for i in items if i.region.paper == p.number] for p in papers}
    said = [pair for p in papers for pair in own_sentences(p, summaries, facts, own, themes, with_)]
    translated = iter(translate([s for s, _ in said], [topic for _, topic in said], by_number, with_, progress))
    return [
        assembled(p, summaries[p.number], facts[p.number], own[p.number], earlier[p.number], translated, with_.grounder)
        for p in papers
    ]


def title_of(paper: Paper, grounder: Grounder) -> Grounded:
    """A paper's title as a sentence that rests on its printed lines."""
    return Grounded(
        paper.number, paper.title, grounder.evidence([line.span for line in paper.lines[: max(1, paper.body)]])
    )


def own_sentences(
    paper: Paper, summaries: Summaries, facts, own, themes: Mapping[str, Text], with_: Translator
) -> Iterator[tuple[Grounded, Text]]:
    """The paper's sentences and their topics, in the order in which `assembled` takes their translations."""
    organisation = name(paper.organisation, with_.grounder.glossary)
    yield title_of(paper, with_.grounder), with_.title_topic(organisation) if paper.organisation else Text()
    for sentence in (*summaries[paper.number][0], *facts[paper.number]):
        yield sentence, Text()
    for item in own[paper.number]:
        for sentence in (item.title, *item.measures):
            yield sentence, themes.get(item.region.theme, Text())


def assembled(
    paper: Paper,
    summary,
    facts: Sequence[Grounded],
    items: Sequence[Item],
    earlier: Sequence[Rejection],
    translated: Iterator[Translated],
    grounder: Grounder,
) -> PaperBrief:
    glossary = grounder.glossary
    rejections = [*earlier, *summary[1], *(r for i in items for r in i.rejections)]

    def both(sentence: Grounded) -> Statement:
        other = next(translated)
        rejections.extend(other.rejections)
        return statement(sentence, paper.language, other.text, glossary)

    title = both(title_of(paper, grounder))
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
        organisation=name(paper.organisation, glossary),
        author=name(", ".join(paper.authors), glossary, person=True),
        position=position(paper, glossary),
        summary=sentences,
        key_facts=key_facts,
        recommendations=recommendations,
        rejections=tuple(rejections),
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
        return Text(printed.replace(", ", "、"), english_name(printed, glossary, person))
    return Text(glossary.chinese.get(printed, printed), printed)


def position(paper: Paper, glossary: Glossary) -> Text:
    """A position in both languages; English puts the office before the organisation."""
    held = next(
        (zh for zh in sorted(glossary.sections["positions"], key=len, reverse=True) if paper.position.endswith(zh)), ""
    )
    before = paper.position.removesuffix(held).strip()
    if paper.language == "en" or not held or not before:
        return name(paper.position, glossary)
    office = english_name(held, glossary)
    return Text(paper.position, f"{office[:1].upper()}{office[1:]}, {english_name(before, glossary)}")
