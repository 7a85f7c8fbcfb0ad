"""Whether a finished run holds, from its files alone; and whether an edited brief still does.

The folder has the text that was read (source.txt). Every quote must stand there word for word,
every statement must say no more than its quotes, by the same checks as in the run, and the
files must agree with one another. An edited brief is compared with the run's own: what is new
in it must be held by the sources that it cites.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.errors import StoreError
from pipeline.language.checks import unsupported
from pipeline.language.glossary import CHINESE, Glossary, load_glossary
from pipeline.language.likeness import bare
from pipeline.output.contract import validator
from pipeline.output.labels import PROMPTS
from pipeline.output.plain import abridged, plain
from pipeline.output.store import RECOMMENDATIONS, SOURCE, UNFINISHED
from pipeline.records import Language
from pipeline.source.read import read

BRIEFS: dict[Language, str] = {"zh": "brief.zh.docx", "en": "brief.en.docx"}
RUN = "run.json"
ITEM_CELL = re.compile(r"\| (\d+\.\d+) (?=\|)")  # of a table, as `read` gives it
CITED = re.compile(r"((?:\[\d+\])+)")
LISTED = re.compile(r"^\[(\d+)\]\s.*?“(.*)”$", re.MULTILINE)  # a source in the last annex
SENTENCE_END = re.compile(r"(?<=[。；！？])|(?<=[.;!?])\s")
LIST_NUMBER = re.compile(r"^\d+[.．]\s*")
MARKS = re.compile(r"[\s|（）().。;；,，:：、]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not hold: the file, the place in it, and the fault."""

    file: str
    place: str  # a recommendation's id, a statement, or the words at fault; "" is the whole file
    fault: str

    def __str__(self):
        return ": ".join(filter(None, (self.file, self.place, self.fault)))


@dataclass(frozen=True, slots=True)
class Said:
    """One wording of one statement, and the evidence under it as the file has it."""

    place: str
    language: Language
    text: str
    evidence: tuple[Mapping[str, Any], ...]

    @property
    def held(self) -> str:
        return "\n".join(e["quote"] for e in self.evidence)


@dataclass(frozen=True)
class Run:
    """The files of a finished run.

    Raises StoreError if one is missing or is no JSON.
    """

    folder: Path

    @cached_property
    def text(self) -> str:
        """The volume as it was read; newlines are never translated, since offsets count them."""
        return self.content(SOURCE)

    @cached_property
    def record(self) -> dict[str, Any]:
        return self.values(RUN)

    @cached_property
    def all(self) -> dict[str, Any]:
        """The recommendations of all papers in one list."""
        return self.values(RECOMMENDATIONS)

    @cached_property
    def papers(self) -> dict[str, dict[str, Any]]:
        """Each paper by the name of its file, in the order of the volume."""
        names = sorted(path.name for path in (self.folder / "papers").glob("*.json"))
        return {f"papers/{name}": self.values(f"papers/{name}") for name in names}

    def values(self, name: str) -> dict[str, Any]:
        try:
            return json.loads(self.content(name))
        except ValueError as error:
            raise StoreError(f"{self.folder / name}: is no JSON: {error}; give the run again") from error

    def content(self, name: str) -> str:
        try:
            return (self.folder / name).read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "is not UTF-8"
            raise StoreError(f"{self.folder / name}: {reason}; name the folder of a finished run") from error


def check_run(folder: Path) -> list[Finding]:
    """What does not hold in a run's folder; [] where all is well.

    Raises StoreError if files are missing, SourceError if a brief cannot be read.
    """
    run = Run(folder)
    if (folder / UNFINISHED).exists():
        return [Finding(UNFINISHED, "", "the run broke off; give its command again")]
    faulty = [*schema_faults(RUN, run.record, "run"), *schema_faults(RECOMMENDATIONS, run.all, "recommendations")]
    for name, paper in run.papers.items():
        faulty += schema_faults(name, paper, "paper")
    if faulty:
        return faulty  # what follows relies on the shape of the files
    glossary = load_glossary(PROMPTS / "glossary.toml")
    found = [finding for name, paper in run.papers.items() for finding in paper_faults(name, paper, run.text, glossary)]
    return [*found, *record_faults(run), *list_faults(run), *brief_faults(run)]


def schema_faults(name: str, values: Mapping[str, Any], schema: str) -> list[Finding]:
    errors = validator(schema).iter_errors(values)
    return [Finding(name, error.json_path, error.message) for error in errors]


def paper_faults(name: str, paper: Mapping[str, Any], text: str, glossary: Glossary) -> Iterator[Finding]:
    """Quotes that the text does not have, statements that say more than theirs, Chinese in English."""
    within, names = paper["span"], written_by(paper)
    for said in statements(paper):
        for evidence in said.evidence:
            yield from (Finding(name, said.place, fault) for fault in quote_faults(evidence, within, text))
        if bare(said.text) not in bare(said.held):  # the quote's own words say no more than it
            reasons = dict.fromkeys(unsupported(said.text, said.held, glossary, names))
            yield from (Finding(name, f"{said.place} ({said.language})", reason) for reason in reasons)
    english = [(said.place, said.text) for said in statements(paper) if said.language == "en"]
    english += [(key, paper[key]["en"]) for key in ("title", "organization")]
    english += [(f"author {key}", paper["author"][key]["en"]) for key in ("name", "position")]
    for place, words in english:
        if CHINESE.search(words):
            yield Finding(name, f"{place} (en)", f"Chinese characters: {words}")


def quote_faults(evidence: Mapping[str, Any], within: Mapping[str, int], text: str) -> Iterator[str]:
    start, end = evidence["start"], evidence["end"]
    if text[start:end] != evidence["quote"]:
        yield f"the source has other words at {start}–{end} than the quote: {evidence['quote'][:40]}"
    elif not within["start"] <= start < end <= within["end"]:
        yield f"the quote at {start}–{end} is outside the paper"
    elif evidence.get("line", line := text.count("\n", 0, start) + 1) != line:
        yield f"the quote at {start}–{end} is on line {line}, not {evidence['line']}"


def statements(paper: Mapping[str, Any]) -> Iterator[Said]:
    """Every statement of a paper in both languages."""
    for language in ("zh", "en"):
        for number, sentence in enumerate(paper["summary"][language], 1):
            yield Said(f"summary {number}", language, sentence["text"], tuple(sentence["evidence"]))
    for number, fact in enumerate(paper["key_facts"], 1):
        yield from both(f"fact {number}", fact["text"], fact)
    for recommendation in paper["recommendations"]:
        yield from both(recommendation["id"], recommendation["title"], recommendation)
        for number, measure in enumerate(recommendation["measures"], 1):
            yield from both(f"{recommendation['id']} measure {number}", measure["text"], measure)
    for number, contradiction in enumerate(paper.get("contradictions", ()), 1):
        for side in contradiction["sides"]:
            yield from both(f"contradiction {number}", side["text"], side)


def both(place: str, wording: Mapping[str, str], statement: Mapping[str, Any]) -> Iterator[Said]:
    for language in ("zh", "en"):
        yield Said(place, language, wording[language], tuple(statement["evidence"]))


def written_by(paper: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The names in Chinese and English that a paper itself gives: its organisation and authors."""
    authors = [re.split("[、,，] ?", paper["author"]["name"][language]) for language in ("zh", "en")]
    pairs = [(paper["organization"]["zh"], paper["organization"]["en"])]
    pairs += zip(*authors, strict=False)
    return tuple((zh, en) for zh, en in pairs if len(zh) > 1 and en)


def record_faults(run: Run) -> Iterator[Finding]:
    """Counts of run.json that the other files do not bear out."""
    papers = run.papers.values()
    found = [r for paper in papers for r in paper["recommendations"]]
    counts = {
        "papers": len(papers),
        "papers_without_recommendation": [p["number"] for p in papers if not p["recommendations"]],
        "recommendations": len(found),
        "contradictions": sum(len(paper.get("contradictions", ())) for paper in papers),
        "repeats_merged": sum(len(r["evidence"]) - 1 for r in found),
        "rejections": sum(len(paper.get("rejections", ())) for paper in papers),
    }
    told = run.record["accounting"]
    for key, count in counts.items():
        if told.get(key, count) != count:
            yield Finding(RUN, f"accounting.{key}", f"says {told[key]}, the papers have {count}")
    volume = run.record.get("input", {})
    if volume.get("characters", len(run.text)) != len(run.text):
        yield Finding(SOURCE, "", f"has {len(run.text)} characters, {RUN} says {volume['characters']}")
    if volume.get("sha256", run.all["volume"]["sha256"]) != run.all["volume"]["sha256"]:
        yield Finding(RECOMMENDATIONS, "volume", f"is of another volume than {RUN}")


def list_faults(run: Run) -> Iterator[Finding]:
    """Where the list of all recommendations differs from the papers, or names an item that is not there."""
    own = {r["id"]: r for paper in run.papers.values() for r in paper["recommendations"]}
    listed = {r["id"]: {k: v for k, v in r.items() if k in own.get(r["id"], r)} for r in run.all["recommendations"]}
    for id in dict.fromkeys((*own, *listed)):
        if own.get(id) != listed.get(id):
            yield Finding(RECOMMENDATIONS, id, "differs from the paper's own file")
    named = [id for theme in run.all["themes"] for id in theme["recommendations"]] + run.all["priorities"]
    named += [id for shared in run.all["shared"] for id in shared["members"]]
    yield from (Finding(RECOMMENDATIONS, id, "no such recommendation") for id in dict.fromkeys(named) if id not in own)


def brief_faults(run: Run) -> Iterator[Finding]:
    """Recommendations that the list of a brief leaves out, or has and no paper makes."""
    if "recommendations" not in run.record.get("config", {}).get("brief", {}).get("sections", ()):
        return
    own = {r["id"] for paper in run.papers.values() for r in paper["recommendations"]}
    for name in BRIEFS.values():
        printed = set(ITEM_CELL.findall(read(run.folder / name).text))
        yield from (Finding(name, id, "is not in the brief") for id in sorted(own - printed))
        yield from (Finding(name, id, "no such recommendation") for id in sorted(printed - own))


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence of a brief, or what of it stands before the sources cited behind it."""

    text: str
    cited: tuple[int, ...]  # the next ones
    near: tuple[int, ...]  # all of the paragraph up to there; behind the last ones, all of the paragraph


def check_brief(folder: Path, brief: Path) -> list[Finding]:
    """What an edited brief says that the sources it cites do not hold; [] where all is well.

    Only what the run's own briefs do not say is looked at. A figure or a name without a source is a fault.

    Raises StoreError if files of the run are missing or `brief` is one of them, SourceError if it cannot be read.
    """
    run, name = Run(folder), brief.name
    if any(brief.resolve() == (folder / own).resolve() for own in BRIEFS.values()):
        raise StoreError(f"{brief}: is the run's own brief; edit a copy, and name that")
    edited = read(brief).text
    known = {piece for own in BRIEFS.values() for piece in unplaced(pieces(read(folder / own).text))}
    quotes, glossary = listed_quotes(run, edited), load_glossary(PROMPTS / "glossary.toml")
    names = tuple(pair for paper in run.papers.values() for pair in written_by(paper))
    ids = [r["id"] for paper in run.papers.values() for r in paper["recommendations"]]
    found = [Finding(name, f"[{n}]", "the run has no such quote") for n, quote in quotes.items() if quote is None]
    for piece in pieces(edited):
        if (piece.text, piece.cited) in known:
            continue
        found += [Finding(name, f"[{n}]", "is not in the list of sources") for n in piece.cited if n not in quotes]
        held = "\n".join(quotes.get(n) or "" for n in piece.near)
        said = without_ids(piece.text, ids)
        reasons = unsupported(said, held, glossary, names) if bare(said) not in bare(held) else []
        found += [Finding(name, shortened(said), because(reason, piece)) for reason in dict.fromkeys(reasons)]
    return found


def listed_quotes(run: Run, brief: str) -> dict[int, str | None]:
    """By its number, the quote of which a source in the brief's list gives the first and last words; None if none."""
    most = run.record["config"]["brief"]["quote"]
    quotes: dict[str, list[str]] = {}
    for paper in run.papers.values():
        by = " ".join(word for pair in written_by(paper) for word in pair)  # a brief says whose advice it is
        for evidence in (e for said in statements(paper) for e in said.evidence):
            quotes.setdefault(abridged(plain(evidence["quote"]), most), []).append(f"{evidence['quote']}\n{by}")
    for evidence in (e for d in run.all["differences"] for side in d["sides"] for e in side["evidence"]):
        quotes.setdefault(abridged(plain(evidence["quote"]), most), []).append(evidence["quote"])
    listed = {int(number): quotes.get(words) for number, words in LISTED.findall(brief)}
    return {number: "\n".join(dict.fromkeys(held)) if held else None for number, held in listed.items()}


def pieces(brief: str) -> Iterator[Piece]:
    """The words of a brief, paragraph by paragraph and cell by cell, without its list of sources."""
    for line in LISTED.sub("", brief).split("\n"):
        for paragraph in line.strip("| ").split(" | "):
            parts = CITED.split(paragraph)
            near: tuple[int, ...] = ()
            for text, cites in zip(parts[::2], (*parts[1::2], ""), strict=True):
                cited = tuple(map(int, re.findall(r"\d+", cites)))
                near += cited
                said = (sentence.strip() for sentence in SENTENCE_END.split(text))
                yield from (Piece(sentence, cited, near) for sentence in said if MARKS.sub("", sentence))


def unplaced(found: Iterable[Piece]) -> set[tuple[str, tuple[int, ...]]]:
    return {(piece.text, piece.cited) for piece in found}


def without_ids(text: str, ids: Iterable[str]) -> str:
    """The words without the numbers of items that stand before them."""
    text = LIST_NUMBER.sub("", text)
    return re.sub(rf"(?<![\d.])(?:{'|'.join(map(re.escape, ids))})(?![\d.%％])", " ", text).strip()


def shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"


def because(reason: str, piece: Piece) -> str:
    return reason if piece.near else f"{reason}: no source is cited"
