"""One brief in one language: what its parts say of papers, themes and statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.config import BriefConfig, Section
from pipeline.output.labels import Labels, load_labels, load_themes
from pipeline.output.plain import plain
from pipeline.output.sources import SourceList, list_sources
from pipeline.output.word import Cite, Inline, ItemLink, Properties, WordFile
from pipeline.records import Brief, Language, PaperBrief, Recommendation, Shared, Statement, Text

FULL_STOPS = {"zh": "。！？；…”", "en": '.!?;…”"'}
DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True)
class Edition:
    """A brief, the run's record and the words of one language, with the file that they go into."""

    language: Language
    brief: Brief
    record: Mapping[str, Any]
    letterhead: BriefConfig
    labels: Labels
    sources: SourceList
    word: WordFile
    title: str  # that stands on top
    office: str  # that issues the brief; "" is not printed
    papers: Mapping[str, PaperBrief] = field(repr=False)  # by the id of a recommendation
    filled: bool = False  # into a template of the office, which has head and foot

    def has(self, section: Section) -> bool:
        """Whether the office wants this section."""
        return section in self.letterhead.sections

    def text(self, text: Text) -> str:
        """A wording in the brief's language, on one line."""
        return plain(text.in_(self.language))

    def say(self, key: str, **fields: object) -> str:
        return self.labels.say(key, **fields)

    def counted(self, kind: str, n: int) -> str:
        return self.labels.counted(kind, n)

    def cites(self, *statements: Statement) -> list[Inline]:
        """The numbers of the sources of statements."""
        return [Cite(number) for number in self.sources.of(*statements)]

    def cited(self, statement: Statement) -> list[Inline]:
        """A statement without a full stop, and its sources."""
        return [self.text(statement.text).rstrip("。.；;"), *self.cites(statement)]

    def fact(self, paper: PaperBrief, fact: Statement) -> list[Inline]:
        """A key fact without a full stop, what it is if not simply so, and its sources."""
        text, *cites = self.cited(fact)
        return [f"{text}{self.labels.marks(paper, fact)}", *cites]

    def untranslated(self, statement: Statement) -> bool:
        """Whether the brief's language only names verified parts of a statement."""
        return statement.plain == self.language

    def item(self, recommendation: Recommendation) -> Inline:
        """The number of a recommendation; it opens the full list where there is one."""
        return ItemLink(recommendation.id) if self.has("recommendations") else recommendation.id

    def sentence(self, text: str, cites: list[Inline]) -> list[Inline]:
        """A whole sentence; Chinese cites before its last mark, English after it."""
        marks = FULL_STOPS[self.language]
        body, mark = (text[:-1], text[-1]) if text and text[-1] in marks[:-1] else (text, self.say("stop"))
        if text.endswith(("”", "……", '"')):
            body, mark = text, ""
        return [body, *cites, mark] if self.language == "zh" else [body + mark, *cites, " "]

    def who(self, paper: PaperBrief) -> str:
        """The organisation, else the author, else the number of a paper."""
        return self.text(paper.organisation) or self.text(paper.author) or self.say("nobody", number=paper.paper.number)

    def byline(self, paper: PaperBrief) -> str:
        """Organisation, author and position, as far as the paper names them."""
        author, position = self.text(paper.author), self.text(paper.position)
        person = self.say("person", name=author, position=position) if author and position else author or position
        gap = "　" if self.language == "zh" else ". "
        return gap.join(part for part in (self.text(paper.organisation), person.rstrip(",，、 ")) if part)

    def numbers(self, numbers: Iterable[int]) -> str:
        """Numbers as a list, those that follow each other as a range."""
        ranges: list[list[int]] = []
        for number in sorted(numbers):
            if ranges and number == ranges[-1][-1] + 1:
                ranges[-1].append(number)
            else:
                ranges.append([number])
        words = []
        for run in ranges:
            words += [self.say("range", first=run[0], last=run[-1])] if len(run) > 2 else [str(n) for n in run]
        return self.labels.joined(words)

    def theme(self, key: str) -> str:
        """The name of a theme, as the brief names it, else the default."""
        for theme in self.brief.themes:
            if theme.key == key:
                return self.text(theme.name)
        defaults = load_themes()
        return self.text(defaults[key]) if key in defaults else key

    def addressee(self, recommendation: Recommendation) -> str:
        return self.labels.get("addressee")[recommendation.addressee]

    def members(self, recommendation: Recommendation) -> tuple[Recommendation, ...]:
        """All recommendations that mean the same as this one, itself among them."""
        return next((s.members for s in self.brief.shared if recommendation in s.members), (recommendation,))

    def supporters(self, recommendation: Recommendation) -> list[PaperBrief]:
        """The papers that recommend this, its own first."""
        own = self.papers[recommendation.id]
        others = {self.papers[r.id].paper.number: self.papers[r.id] for r in self.members(recommendation)}
        return [own, *(paper for number, paper in others.items() if number != own.paper.number)]

    def papers_of(self, shared: Shared) -> int:
        """How many papers recommend this."""
        return len({self.papers[r.id].paper.number for r in shared.members})

    @property
    def recommendations(self) -> list[Recommendation]:
        return [r for paper in self.brief.papers for r in paper.recommendations]

    def counts(self) -> dict[str, str]:
        """The volume in numbers, worded."""
        papers = self.brief.papers
        numbers = {
            "papers": len(papers),
            "organisations": len({self.who(paper) for paper in papers}),
            "recommendations": len(self.recommendations),
            "measures": sum(len(r.measures) for r in self.recommendations),
        }
        return {kind: self.counted(kind, n) for kind, n in numbers.items()}

    def top_themes(self, most: int) -> str:
        """The themes of most papers with their counts, as a list."""
        return self.labels.joined(
            [
                self.say("of_count", name=self.text(t.name), count=self.counted("papers", len(t.papers)))
                for t in self.brief.themes[:most]
            ]
        )

    def by_addressee(self) -> str:
        """Addressees with the number of their recommendations, most first."""
        names = Counter(self.addressee(r) for r in self.recommendations)
        counts = [(name, self.counted("recommendations", n)) for name, n in names.most_common()]
        return self.labels.joined([self.say("of_count", name=name, count=count) for name, count in counts])

    def into_template(self) -> None:
        """Fill in the marks of the office's template."""
        letterhead = self.letterhead
        values = {
            "title": self.title,
            "office": self.office,
            "date": self.day(),
            "issue": self.say("issue", number=letterhead.issue) if letterhead.issue else "",
            "classification": letterhead.classification,
            "recipients": letterhead.recipients,
        }
        self.word.fill(values)

    def day(self) -> str:
        """The day of issue in words."""
        day = self.letterhead.day()
        month = day.month if self.language == "zh" else self.labels.get("months")[day.month - 1]
        return self.say("date", year=day.year, month=month, day=day.day)


def open_edition(language: Language, brief: Brief, record: Mapping[str, Any], letterhead: BriefConfig) -> Edition:
    """An empty edition of a brief.

    Raises PromptError if the labels cannot be used, ConfigError if the office's template cannot be filled.
    """
    labels = load_labels(language)
    volume = plain(brief.title.in_(language))
    if language == "zh":
        chosen, office, template = letterhead.title, letterhead.office, letterhead.template
    else:
        chosen, office, template = letterhead.title_en, letterhead.office_en, letterhead.template_en
    title = plain(chosen) or (labels.say("title", title=volume) if volume else labels.say("untitled"))
    properties = Properties(title, labels.get("subject"), office, letterhead.day())
    statements = {paper.paper.number: printed(paper, brief, language, letterhead.sections) for paper in brief.papers}
    return Edition(
        language,
        brief,
        record,
        letterhead,
        labels,
        list_sources(brief.source, statements),
        WordFile(language, letterhead.fonts, properties, Path(template) if template else None),
        title,
        plain(office),
        {r.id: paper for paper in brief.papers for r in paper.recommendations},
        bool(template),
    )


def printed(paper: PaperBrief, brief: Brief, language: Language, sections: Sequence[Section]) -> Iterator[Statement]:
    """What the sections of a brief say of one paper."""
    leading = {*brief.priorities, *(member for group in brief.shared for member in group.members)}
    if "digests" in sections:
        yield from paper.summary.in_(language)
    if "facts" in sections:
        yield from paper.key_facts
    if "differences" in sections:
        sides = (side for difference in brief.differences for side in difference.sides)
        yield from (statement for number, statement in sides if number == paper.paper.number)
        yield from (side for contradiction in paper.contradictions for side in contradiction.sides)
    for recommendation in paper.recommendations:
        if recommendation in leading or {"digests", "recommendations"} & set(sections):
            yield recommendation.title
        if "recommendations" in sections:
            yield from (m for m in recommendation.measures if m.plain != language)


def numeral(n: int) -> str:
    """A Chinese numeral, as headings count; digits from 10,000, which no heading reaches."""
    if n >= 10_000:
        return str(n)
    words = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, n = divmod(n, unit)
        if digit:
            words += DIGITS[digit] + name
        elif words and n and not words.endswith("零"):
            words += "零"
    return words.removeprefix("一") if words.startswith("一十") else words
