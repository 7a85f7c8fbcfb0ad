"""Parts that both briefs share: findings, themes, what is shared, priorities, digests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.output.charts import WIDTH_MM, matrix_chart, support_chart
from pipeline.output.edition import Edition
from pipeline.output.labels import load_themes
from pipeline.output.plain import leading, width, within
from pipeline.output.word import Inline, Strong
from pipeline.records import PaperBrief, Recommendation, Shared, Statement

LEADING_THEMES = 3
GAPS = 4  # themes, of one kind, that are worth naming
NAME_WIDTH = 7  # of an organisation in a picture, in Chinese characters
TITLE_WIDTH = 24  # of a recommendation in a picture
SUPPORT_BARS = range(3, 9)  # so many groups make a picture; two are read faster as text
Finding = tuple[str, list[Inline]]  # a sentence and its sources
KINDS = {"zh": {"table": "表", "figure": "图"}, "en": {"table": "Table", "figure": "Figure"}}


@dataclass
class Numbers:
    """How many tables and figures stand so far."""

    table: int = 0
    figure: int = 0


def caption(edition: Edition, numbers: Numbers, kind: str, text: str) -> None:
    """The next caption of a table or figure."""
    number = getattr(numbers, kind) + 1
    setattr(numbers, kind, number)
    style = "Caption" if kind == "table" else "PictureCaption"
    edition.word.caption(style, KINDS[edition.language][kind], number, text)


def themes_finding(edition: Edition) -> list[Finding]:
    """How much is recommended, and in which themes most; nothing where nothing is."""
    if not edition.brief.themes:
        return []
    words = edition.say("finding.themes", themes=edition.top_themes(LEADING_THEMES), **edition.counts())
    return [(words, [])]


def shared_findings(edition: Edition) -> list[Finding]:
    """What several papers recommend, most supporters first, if the brief's language has words for it."""
    found = []
    for group in edition.brief.shared:
        if not edition.untranslated(group.members[0].title):
            count = edition.counted("papers", edition.papers_of(group))
            words = edition.say("finding.shared", papers=count, title=bare(edition, group))
            found.append((words, edition.cites(*(r.title for r in group.members))))
    return found


def priority_findings(edition: Edition) -> list[Finding]:
    """What comes first of that which one paper recommends, if the brief's language has words for it."""
    found = []
    shared = {member.id for group in edition.brief.shared for member in group.members}
    for recommendation in edition.brief.priorities:
        if recommendation.id not in shared and not edition.untranslated(recommendation.title):
            who, title = edition.who(edition.papers[recommendation.id]), edition.cited(recommendation.title)[0]
            words = edition.say("finding.priority", who=who, title=title)
            found.append((words, edition.cites(recommendation.title)))
    return found


def short(edition: Edition, found: list[Finding]) -> list[Finding]:
    """The first of the findings, as many as the office wants to read; none is cut."""
    most = getattr(edition.letterhead, f"findings_{edition.language}")
    return found[: within([words for words, _ in found], most, edition.language)]


def bare(edition: Edition, shared: Shared) -> str:
    """The title of a group without its full stop."""
    return edition.text(shared.title).rstrip("。.；;")


def silent_papers(edition: Edition) -> str:
    """Which papers recommend nothing, as a sentence; "" where all recommend something."""
    silent = [paper for paper in edition.brief.papers if not paper.recommendations]
    if not silent:
        return ""
    titles = edition.labels.joined([edition.say("work", title=edition.text(paper.title)) for paper in silent])
    return edition.say("overview.without", papers=edition.counted("papers", len(silent)), titles=titles)


def gaps(edition: Edition) -> str:
    """What only one paper sees and what none does, as sentences; "" where that is nothing, or too much to mean much."""
    if not edition.brief.themes:
        return ""
    alone = [edition.text(theme.name) for theme in edition.brief.themes if len(theme.papers) == 1]
    taken = {theme.key for theme in edition.brief.themes}
    absent = [edition.text(name) for key, name in load_themes().items() if key not in taken]
    text = ""
    for key, names in (("alone", alone), ("absent", absent)):
        if 0 < len(names) <= GAPS:
            text += edition.say(f"themes.{key}", themes=edition.labels.joined(names))
    return text


def themes(edition: Edition, numbers: Numbers) -> None:
    """What the themes are, as a sentence, a table of numbers, and a picture of who takes them up."""
    brief, word = edition.brief, edition.word
    top = edition.top_themes(LEADING_THEMES)
    lead = edition.say("themes.lead", themes=len(brief.themes), top=top, table=numbers.table + 1)
    word.paragraph("BodyText", lead + (gaps(edition) if edition.language == "zh" else ""))
    # The table first: it goes on over a page break, where the picture would leave a gap.
    caption(edition, numbers, "table", edition.say("themes.table"))
    rows = [
        [
            [[edition.text(theme.name)]],
            [[str(len(theme.papers))]],
            [[str(len(theme.recommendations))]],
            [item_links(edition, theme.recommendations)],
        ]
        for theme in brief.themes
    ]
    styles = ["TableText", "TableNumber", "TableNumber", "TableText"]
    shares = (22, 9, 9, 60) if edition.language == "zh" else (26, 10, 12, 52)
    word.table(edition.say("themes.table"), shares, edition.labels.get("themes.columns"), rows, styles)
    title = edition.say("themes.figure")
    names = [leading(edition.who(paper), NAME_WIDTH) for paper in brief.papers]
    picture = matrix_chart(brief, edition.language, names)
    word.picture(picture, WIDTH_MM, title, edition.say("themes.alt", themes=theme_words(edition)))
    caption(edition, numbers, "figure", title)


def theme_words(edition: Edition) -> str:
    """Every theme with the papers that take it up, for who cannot see the picture."""
    words = []
    for theme in edition.brief.themes:
        key = "paper_number" if len(theme.papers) == 1 else "paper_numbers"
        papers = edition.say(key, number=edition.numbers(theme.papers))
        words.append(edition.say("of_count", name=edition.text(theme.name), count=papers))
    return edition.labels.joined(words)


def item_links(edition: Edition, recommendations: tuple[Recommendation, ...]) -> list[Inline]:
    """Numbers of recommendations as a list."""
    inlines: list[Inline] = []
    for recommendation in recommendations:
        inlines += [edition.item(recommendation), edition.say("list.gap")]
    return inlines[:-1]


def shared(edition: Edition, numbers: Numbers) -> None:
    """Recommendations that several papers make, with who makes them."""
    groups = edition.brief.shared
    for group in groups:
        count = edition.counted("papers", edition.papers_of(group))
        text = edition.say("shared.item", title=bare(edition, group), papers=count)
        inlines: list[Inline] = [f"{text}{edition.say('shared.members')}"]
        for member in group.members:
            inlines += [f"{edition.who(edition.papers[member.id])}\u00a0", edition.item(member)]
            inlines += [*edition.cites(member.title), edition.say("separator")]
        edition.word.paragraph("BodyText", *inlines[:-1], edition.say("stop"))
    if len(groups) in SUPPORT_BARS:
        support(edition, numbers)


def support(edition: Edition, numbers: Numbers) -> None:
    """A picture of how many papers stand behind what several recommend."""
    titles, papers = [], []
    for group in edition.brief.shared:
        name = bare(edition, group)
        titles.append(name if width(name) <= TITLE_WIDTH else f"{leading(name, TITLE_WIDTH - 1).rstrip()}…")
        papers.append(edition.papers_of(group))
    title = edition.say("shared.figure")
    words = [
        edition.say("of_count", name=name, count=edition.counted("papers", n))
        for name, n in zip(titles, papers, strict=True)
    ]
    alt = edition.say("shared.alt", titles=edition.labels.joined(words))
    edition.word.picture(support_chart(titles, papers, edition.language), WIDTH_MM, title, alt)
    caption(edition, numbers, "figure", title)


def made_by(edition: Edition, recommendation: Recommendation) -> str:
    """Everyone who recommends this, as a list."""
    return edition.labels.joined([edition.who(paper) for paper in edition.supporters(recommendation)])


def priorities(edition: Edition, recommendations: Sequence[Recommendation]) -> None:
    """The table of priority recommendations."""
    rows = []
    for position, recommendation in enumerate(recommendations, 1):
        # The English page has no room for the theme.
        theme = [[[edition.theme(recommendation.theme)]]] if edition.language == "zh" else []
        rows.append(
            [
                [[str(position)]],
                [edition.cited(recommendation.title)],
                [[made_by(edition, recommendation)]],
                *theme,
                [[edition.addressee(recommendation)]],
                [[edition.item(recommendation)]],
            ]
        )
    shares = (8, 35, 18, 14.5, 14, 10.5) if edition.language == "zh" else (6, 53, 18, 15, 8)
    styles = ["TableNumber", *["TableText"] * (len(shares) - 1)]
    edition.word.table(edition.say("priorities.table"), shares, edition.labels.get("priorities.columns"), rows, styles)


def digest(edition: Edition, paper: PaperBrief) -> None:
    """What is said of one paper: a summary, what it recommends, key facts."""
    say = edition.say
    said: list[Inline] = []
    for statement in paper.summary.in_(edition.language):
        if restates(edition, statement, paper.recommendations):
            continue
        said += edition.sentence(edition.text(statement.text), edition.cites(statement))
    if said:
        edition.word.paragraph("Digest", *said)
    items = [[edition.item(r), "\u00a0", *edition.cited(r.title)] for r in paper.recommendations]
    if items:
        edition.word.paragraph("Digest", Strong(say("digest.recommendations")), *run_in(edition, items))
    else:
        edition.word.paragraph("Digest", say("digest.no_recommendations"))
    if paper.key_facts and edition.has("facts"):
        facts = run_in(edition, [edition.cited(fact) for fact in paper.key_facts])
        edition.word.paragraph("Digest", Strong(say("digest.facts")), *facts)


def restates(edition: Edition, statement: Statement, recommendations: Sequence[Recommendation]) -> bool:
    """Whether a statement is nothing but titles of recommendations, which follow in any case."""
    words = edition.text(statement.text)
    titles = [r.title for r in recommendations if edition.text(r.title.text).rstrip("。.；;") in words]
    return bool(titles) and {e for t in titles for e in t.evidence} == set(statement.evidence)


def run_in(edition: Edition, items: list[list[Inline]]) -> list[Inline]:
    """Items as one sentence."""
    inlines: list[Inline] = []
    for position, item in enumerate(items, 1):
        inlines += [*item, edition.say("stop" if position == len(items) else "clause")]
    return inlines
