"""Parts that both briefs share: findings, agreement, differences, priorities, digests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.output.charts import WIDTH_MM, matrix_chart, support_chart
from pipeline.output.edition import Edition
from pipeline.output.labels import load_themes
from pipeline.output.plain import leading, plain, width, within
from pipeline.output.word import Inline, Strong
from pipeline.records import Contradiction, Difference, Fault, PaperBrief, Recommendation, Shared, Statement

LEADING_THEMES = 3
GAPS = 4  # themes, of one kind, that are worth naming
NAMED = 3  # supporters of a recommendation whose names a table has room for
NAME_WIDTH = 7  # of an organisation in a picture, in Chinese characters
TITLE_WIDTH = 24  # of a recommendation in a picture
MATRIX_PAPERS = 60  # so many names stand side by side over a picture and can be read
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
            who, title = edition.who(edition.papers[recommendation.id]), bare_title(edition, recommendation)
            words = edition.say("finding.priority", who=who, title=title)
            found.append((words, edition.cites(recommendation.title)))
    return found


def difference_findings(edition: Edition) -> list[Finding]:
    """That papers contradict each other, where they do."""
    found = edition.brief.differences
    if not found or not edition.has("differences"):
        return []
    return [(edition.say("finding.differences", differences=edition.counted("differences", len(found))), [])]


def short(edition: Edition, found: list[Finding]) -> list[Finding]:
    """The first of the findings, as many as the office wants to read; none is cut."""
    most = getattr(edition.letterhead, f"findings_{edition.language}")
    return found[: within([words for words, _ in found], most, edition.language)]


def bare(edition: Edition, shared: Shared) -> str:
    """The title of a group without its full stop."""
    return edition.text(shared.title).rstrip("。.；;")


def left_out(edition: Edition) -> str:
    """Which papers and files are not in the brief, as a sentence; "" where all are."""
    names = [named(edition, fault) for fault in edition.brief.faults]
    return edition.say("overview.left_out", names=edition.labels.joined(names)) if names else ""


def named(edition: Edition, fault: Fault) -> str:
    """A paper or file that is not in the brief."""
    return edition.say("work", title=plain(fault.name)) if fault.paper else plain(fault.name)


def silent_papers(edition: Edition) -> str:
    """Which papers recommend nothing, as a sentence; "" where all recommend something."""
    silent = [paper for paper in edition.brief.papers if not paper.recommendations]
    if not silent:
        return ""
    titles = edition.labels.joined([edition.say("work", title=edition.text(paper.title)) for paper in silent])
    return edition.say("overview.without", papers=edition.counted("papers", len(silent)), titles=titles)


def agreement(edition: Edition, numbers: Numbers, heading: Callable[[str], None]) -> None:
    """What several papers recommend, and the themes that they meet in; `heading` opens a part by its key."""
    if edition.brief.shared and edition.has("shared"):
        heading("shared")
        shared(edition, numbers)
    if edition.brief.themes and edition.has("themes"):
        heading("themes")
        themes(edition, numbers)


def agreed(edition: Edition) -> bool:
    """Whether there is anything to say under the heading of what the papers agree on."""
    brief = edition.brief
    return bool(brief.shared and edition.has("shared") or brief.themes and edition.has("themes"))


def themes(edition: Edition, numbers: Numbers) -> None:
    """What the themes are, as a sentence, a table of numbers, and a picture of who takes them up."""
    brief, word = edition.brief, edition.word
    places = {"table": numbers.table + 1, "figure": numbers.figure + 1}
    top = edition.top_themes(LEADING_THEMES)
    drawn = len(brief.papers) <= MATRIX_PAPERS
    lead = "themes.lead" if drawn else "themes.lead_undrawn"
    word.paragraph("BodyText", edition.say(lead, themes=len(brief.themes), top=top, **places))
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
    if drawn:
        matrix(edition, numbers)


def matrix(edition: Edition, numbers: Numbers) -> None:
    """A picture of who recommends how much in each theme."""
    brief, word = edition.brief, edition.word
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
    """Recommendations that several papers make: who makes each, in words of their own where they have others."""
    groups = edition.brief.shared
    for group in groups:
        count = edition.counted("papers", edition.papers_of(group))
        inlines: list[Inline] = [Strong(edition.say("shared.item", title=bare(edition, group), papers=count))]
        inlines += run_in(edition, [member_words(edition, group, member) for member in group.members])
        edition.word.paragraph("BodyText", *inlines)
    if len(groups) in SUPPORT_BARS:
        support(edition, numbers)


def member_words(edition: Edition, group: Shared, member: Recommendation) -> list[Inline]:
    """One of those who recommend the same: who, where, and how it is put there."""
    inlines: list[Inline] = [f"{edition.who(edition.papers[member.id])}\u00a0", edition.item(member)]
    if member != group.members[0] and not edition.untranslated(member.title):
        opening, closing = edition.labels.get("shared.inner")
        title = bare_title(edition, member).replace("“", opening).replace("”", closing)
        inlines.append(edition.say("shared.own", title=title))
    return [*inlines, *edition.cites(member.title)]


def differences(edition: Edition) -> None:
    """Where the papers contradict each other, what only one sees, what none does, and what is left open."""
    said = [*contradictions(edition)] or [[edition.say("differences.none")]]
    said += [part for part in (single(edition), missing(edition), unsettled(edition)) if part]
    for inlines in said:
        edition.word.paragraph("BodyText", *inlines)


def contradictions(edition: Edition) -> Iterator[list[Inline]]:
    """Each difference as a paragraph: what each side says, and its source."""
    for difference in edition.brief.differences:
        yield [Strong(edition.say(f"differences.{difference.kind}")), *sides(edition, difference)]
    for paper in edition.brief.papers:
        for contradiction in paper.contradictions:
            kind = edition.say(f"differences.own_{contradiction.kind}")
            yield [Strong(kind), *own_sides(edition, paper, contradiction)]


def sides(edition: Edition, difference: Difference) -> Iterator[Inline]:
    papers = {paper.paper.number: paper for paper in edition.brief.papers}
    for number, statement in difference.sides:
        yield edition.say("differences.side", who=edition.who(papers[number]))
        yield from edition.sentence(edition.text(statement.text), edition.cites(statement))
    yield edition.say("differences.check")


def own_sides(edition: Edition, paper: PaperBrief, contradiction: Contradiction) -> Iterator[Inline]:
    """What one paper says in two places, or in one that does not add up."""
    for position, statement in enumerate(contradiction.sides):
        key = "differences.again" if position else "differences.side"
        yield edition.say(key, who=edition.who(paper))
        yield from edition.sentence(edition.text(statement.text), edition.cites(statement))
    yield edition.say("differences.check")


def single(edition: Edition) -> list[Inline]:
    """What only one paper sees: how many recommendations, and the themes, if they are few."""
    if not edition.brief.themes:
        return []
    say, every = edition.say, edition.recommendations
    shared_ids = {member.id for group in edition.brief.shared for member in group.members}
    alone = sum(r.id not in shared_ids for r in every)
    counts = {"recommendations": len(every), "alone": alone}
    words = say("differences.alone", **{k: edition.counted("recommendations", n) for k, n in counts.items()})
    inlines: list[Inline] = [Strong(say("differences.single")), words]
    fields = [theme for theme in edition.brief.themes if len(theme.papers) == 1]
    if 0 < len(fields) <= GAPS:
        named = [[f"{edition.text(t.name)}\u00a0", *item_links(edition, t.recommendations)] for t in fields]
        inlines += [say("differences.fields"), *run_in(edition, named)]
    return inlines


def missing(edition: Edition) -> list[Inline]:
    """The themes that no paper takes up, if they are few enough to mean something."""
    taken = {theme.key for theme in edition.brief.themes}
    absent = [edition.text(name) for key, name in load_themes().items() if key not in taken]
    if not taken or not 0 < len(absent) <= GAPS:
        return []
    words = edition.say("differences.absent", themes=edition.labels.joined(absent))
    return [Strong(edition.say("differences.missing")), words]


def unsettled(edition: Edition) -> list[Inline]:
    """How many recommendations say who leads, by when and how much."""
    rated = edition.brief.ratings
    if not rated:
        return []
    counts = {name: sum(getattr(rating, name) for rating in rated) for name in ("owner", "time", "figures")}
    words = {name: edition.counted("recommendations", n) for name, n in counts.items()}
    words["recommendations"] = edition.counted("recommendations", len(rated))
    if edition.language == "en":  # 9 say who should lead
        words |= {name: str(n) for name, n in counts.items()}
    return [Strong(edition.say("differences.ready")), edition.say("differences.counts", **words)]


def support(edition: Edition, numbers: Numbers) -> None:
    """A picture of how many papers stand behind what several recommend."""
    titles, papers = [], []
    for group in edition.brief.shared:
        name = bare(edition, group)
        titles.append(on_two_lines(name))
        papers.append(edition.papers_of(group))
    title = edition.say("support.figure")
    words = [
        edition.say("of_count", name=bare(edition, group), count=edition.counted("papers", n))
        for group, n in zip(edition.brief.shared, papers, strict=True)
    ]
    alt = edition.say("support.alt", titles=edition.labels.joined(words))
    edition.word.picture(support_chart(titles, papers, edition.language), WIDTH_MM, title, alt)
    caption(edition, numbers, "figure", title)


def on_two_lines(title: str) -> str:
    """A title as it stands beside a bar: on two lines at most, then broken off."""
    if width(title) <= TITLE_WIDTH:
        return title
    first = leading(title, TITLE_WIDTH)
    rest = title[len(first) :].strip()
    if width(rest) > TITLE_WIDTH:
        rest = f"{leading(rest, TITLE_WIDTH - 1).rstrip()}…"
    return f"{first.rstrip()}\n{rest}"


def made_by(edition: Edition, recommendation: Recommendation) -> str:
    """Those who recommend this, as a list; of many the first and how many."""
    names = [edition.who(paper) for paper in edition.supporters(recommendation)]
    if len(names) <= NAMED:
        return edition.labels.joined(names)
    first = names[: NAMED - 1]
    more = len(names) if edition.language == "zh" else len(names) - len(first)
    return edition.say("priorities.many", first=edition.labels.joined(first), n=more)


def priorities(edition: Edition, recommendations: Sequence[Recommendation]) -> None:
    """The table of priority recommendations."""
    rows = []
    for position, recommendation in enumerate(recommendations, 1):
        # The English page has no room for the theme.
        theme = [[[edition.theme(recommendation.theme)]]] if edition.language == "zh" else []
        titles = (member.title for member in edition.members(recommendation))
        rows.append(
            [
                [[str(position)]],
                [[bare_title(edition, recommendation)]],
                [[made_by(edition, recommendation)]],
                *theme,
                [[edition.addressee(recommendation)]],
                [[edition.item(recommendation), *edition.cites(*titles)]],
            ]
        )
    shares = (7, 33, 18, 13.5, 13.5, 15) if edition.language == "zh" else (6, 49, 18, 15, 12)
    styles = ["TableNumber", *["TableText"] * (len(shares) - 1)]
    edition.word.table(edition.say("priorities.table"), shares, edition.labels.get("priorities.columns"), rows, styles)


def bare_title(edition: Edition, recommendation: Recommendation) -> str:
    """The title of a recommendation without its full stop."""
    return edition.text(recommendation.title.text).rstrip("。.；;")


def rule(edition: Edition) -> str:
    """By what the priority recommendations are ranked, and the points of each."""
    points = {rating.id: rating.points for rating in edition.brief.ratings}
    best = [max(points[m.id] for m in edition.members(r)) for r in edition.brief.priorities if r.id in points]
    listed = edition.labels.joined([str(n) for n in best])
    return edition.say("priorities.rule", points=listed, **edition.letterhead.points())


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
        facts = run_in(edition, [edition.fact(paper, fact) for fact in paper.key_facts])
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
