"""The records of a run: frozen values that travel one way.

    Source → Paper → Chunk → Claim → Grounded or Rejection → Statement → PaperBrief → Brief

Trust changes the type: a `Claim` is a model's word; only `stages/ground.py`
turns it into something `Grounded`, which always carries `Evidence`; put into
the second language and checked again it is a `Statement`.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Language = Literal["zh", "en"]
Addressee = Literal["government", "enterprises", "education", "joint"]


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of characters in `Source.text`.

    Raises ValueError if it is empty, reversed or negative.
    """

    start: int
    end: int

    def __post_init__(self):
        if not 0 <= self.start < self.end:
            raise ValueError(f"empty or reversed span {self.start}:{self.end}")

    def __len__(self):
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Place:
    """A file, or a page of one, whose text begins at `start` and ends where the next place begins."""

    start: int
    file: str
    page: int = 0  # 1-based; 0 where the format has no pages


@dataclass(frozen=True, slots=True)
class Source:
    """A volume as read: Unicode text whose newlines are all `\\n`. It never changes."""

    path: Path
    text: str
    sha256: str  # of the file's bytes
    places: tuple[Place, ...] = ()  # in the order of the text
    warnings: tuple[str, ...] = ()  # what the files hold that was not read
    faults: tuple[Fault, ...] = ()  # files that could not be read at all

    def slice(self, span: Span) -> str:
        """The characters that a span names."""
        return self.text[span.start : span.end]

    def line_number(self, offset: int) -> int:
        """The 1-based line of its file that holds the character at `offset`."""
        file = self.place(offset).file
        start = next((place.start for place in self.places if place.file == file), 0)
        return self.text.count("\n", start, offset) + 1

    def place(self, offset: int) -> Place:
        """The file and page that hold the character at `offset`."""
        index = bisect_right(self.places, offset, key=lambda place: place.start)
        return self.places[index - 1] if index else Place(0, self.path.name)


@dataclass(frozen=True, slots=True)
class Text:
    """One wording in both languages; a field is "" only where the source has nothing to say."""

    zh: str = ""
    en: str = ""

    def in_(self, language: Language) -> str:
        return getattr(self, language)


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line of a paper that is not blank, without the blanks around it."""

    span: Span
    level: int  # of a heading, 1 the highest; 0 is running text


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of the volume. Papers do not overlap; front matter and contents belong to none."""

    number: int  # as the contents page counts, from 1
    title: str  # as printed, sub-title joined with ——
    organisation: str  # as printed; "" where none is
    authors: tuple[str, ...]  # names as printed, without degrees and positions
    position: str  # as printed; of each author who has one of their own, with ； between, else of the first
    language: Language
    span: Span
    lines: tuple[Line, ...]  # of the whole span, in order
    body: int  # index in `lines` of the first one after title and author


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a paper that fits a prompt; the chunks of a paper tile its span."""

    paper: int  # Paper.number
    index: int  # from 0
    headings: tuple[str, ...]  # path of headings that stand over its first character
    span: Span


@dataclass(frozen=True, slots=True)
class Claim:
    """What a model says, with the spans it says it of. Not trusted."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A contiguous piece of the source: `source.text[span.start:span.end] == quote`."""

    span: Span
    quote: str


@dataclass(frozen=True, slots=True)
class Grounded:
    """A sentence in its paper's own language that its evidence holds."""

    paper: int  # Paper.number
    text: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that its evidence holds, in both languages.

    Raises ValueError without evidence or without words.
    """

    text: Text
    evidence: tuple[Evidence, ...]
    plain: Language | None = None  # the language in which it only names verified parts, in place of a translation
    outlook: Literal["forecast", "target"] | None = None  # of a key fact that has figures of what is not yet so

    def __post_init__(self):
        if not self.evidence:
            raise ValueError(f"statement without evidence: {self.text.zh or self.text.en}")
        if not (self.text.zh.strip() and self.text.en.strip()):
            raise ValueError(f"statement without words in one language: {self.text}")


@dataclass(frozen=True, slots=True)
class Summary:
    """What a paper says, sentence by sentence. Each language has its own choice of them, for its own length."""

    zh: tuple[Statement, ...] = ()
    en: tuple[Statement, ...] = ()

    def in_(self, language: Language) -> tuple[Statement, ...]:
        return getattr(self, language)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Those of either language, each once."""
        return tuple(dict.fromkeys((*self.zh, *self.en)))


@dataclass(frozen=True, slots=True)
class Recommendation:
    """An action that a paper proposes to the host."""

    id: str  # "paper.item", the same in both briefs
    title: Statement
    addressee: Addressee
    theme: str  # a key of prompts/themes.toml
    measures: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A claim that was not printed, and what stands in its place."""

    paper: int
    stage: str  # digest, summary, extract, translate
    language: Language
    claim: str
    reason: str  # e.g. "number 30 not in evidence"
    replacement: str  # "quote", "second try", "omission mark", "plain statement", "dropped"


@dataclass(frozen=True, slots=True)
class Fault:
    """A paper, or a file of a folder, that is not in the briefs, and why."""

    paper: int  # Paper.number; 0 for a file
    name: str  # the title as printed, or the file's name
    stage: str  # read, label, digest, summary, recommendation, translate
    reason: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What a paper says that cannot all be true: statements with different figures for one thing, or one wrong sum."""

    kind: Literal["figures", "sum"]
    sides: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class PaperBrief:
    """All that the brief says of one paper."""

    paper: Paper
    title: Text
    organisation: Text
    author: Text
    position: Text
    summary: Summary
    key_facts: tuple[Statement, ...]
    recommendations: tuple[Recommendation, ...]
    rejections: tuple[Rejection, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()  # in the order of the paper

    def contradicts(self, statement: Statement) -> bool:
        """Whether a figure of what a statement rests on is contradicted elsewhere in the paper."""
        spans = {e.span for c in self.contradictions for side in c.sides for e in side.evidence}
        return any(e.span.start < s.end and s.start < e.span.end for e in statement.evidence for s in spans)


@dataclass(frozen=True, slots=True)
class Shared:
    """Recommendations of several papers that mean the same."""

    title: Text
    theme: str
    members: tuple[Recommendation, ...]  # the first is the one whose title leads


@dataclass(frozen=True, slots=True)
class Difference:
    """What papers say differently of one thing: two or more statements, each of another paper."""

    kind: Literal["figures", "advice"]
    sides: tuple[tuple[int, Statement], ...]  # Paper.number and what it says


@dataclass(frozen=True, slots=True)
class Rating:
    """How many make a recommendation and how concrete it is; what has more points is read first."""

    id: str  # Recommendation.id
    papers: int  # that make it
    measures: int
    owner: bool  # whether its quotes name who leads it
    time: bool  # whether they say when
    figures: bool  # whether they say how much
    points: int


@dataclass(frozen=True, slots=True)
class Theme:
    """A field of policy and what the papers recommend in it."""

    key: str
    name: Text
    papers: tuple[int, ...]  # numbers of the papers that recommend something in it
    recommendations: tuple[Recommendation, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """The whole volume, ready to be written."""

    source: Source
    title: Text  # of the volume
    host: Text  # the city or province advised
    papers: tuple[PaperBrief, ...]
    themes: tuple[Theme, ...]  # most papers first
    shared: tuple[Shared, ...]  # most supporters first
    priorities: tuple[Recommendation, ...] = field(default=())  # for the table on top
    differences: tuple[Difference, ...] = ()
    ratings: tuple[Rating, ...] = ()  # of every recommendation, in the order of the papers
    faults: tuple[Fault, ...] = ()  # what is not in it
