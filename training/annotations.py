"""Annotated papers as the reader learns them: lines and the labels of each line.

Reads a volume and its gold files (one `NN.json` a paper: the paper's lines,
its recommendations with their lines, themes and addressees, its key facts with
their evidence), and where there are some its digests of blocks of lines. Places
that repeat a recommendation are left out of the loss: they are neither a new recommendation nor anything else.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.language.likeness import contained, features
from pipeline.source.lines import heading_text, printed_lines
from pipeline.source.text import readable, split_sentences

OWN = Path(__file__).parent / "recommendations"  # NAME.tsv: theme, addressee, text with \\n between its lines
A_PAGE = 10  # recommendations of our own that are read together
IGNORE = -100  # torch's cross entropy skips it
HELD = 0.35  # of a digest sentence's features, in the line that it was made from
BLANK = re.compile(r"\s+")


@dataclass(frozen=True)
class LabelledPaper:
    """Lines of one paper with one label of each question per line (None: not asked)."""

    name: str  # volume/number
    title: str
    headings: tuple[str, ...]
    lines: tuple[str, ...]
    kind: tuple[str | None, ...]
    theme: tuple[str | None, ...]
    addressee: tuple[str | None, ...]
    fact: tuple[str | None, ...]
    gist: tuple[str | None, ...]


def labelled_papers(volume: Path, gold: Path) -> list[LabelledPaper]:
    """All papers of `volume` that have a file in the folder `gold`."""
    text = volume.read_text(encoding="utf-8").replace("\r\n", "\n")
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    read = lambda path: json.loads(path.read_text(encoding="utf-8"))
    digests = {path.stem: read(path)["digests"] for path in (gold.parent / "digests").glob("[0-9][0-9].json")}
    return [
        labelled(f"{volume.parent.name}/{path.stem}", text, starts, read(path), digests.get(path.stem))
        for path in sorted(gold.glob("[0-9][0-9].json"))
    ]


def own_recommendations(rng: random.Random) -> list[LabelledPaper]:
    """The project's own recommendations, mixed anew at each call: they teach theme and addressee, nothing else."""
    rows = own_rows()
    rng.shuffle(rows)
    return [page(number, rows[at : at + A_PAGE]) for number, at in enumerate(range(0, len(rows), A_PAGE))]


def own_rows() -> list[list[str]]:
    """Theme, addressee and text of each of the project's own recommendations."""
    return [row.split("\t") for path in sorted(OWN.glob("*.tsv")) for row in path.read_text("utf-8").splitlines()]


def page(number: int, rows: list[list[str]]) -> LabelledPaper:
    """Recommendations (theme, addressee, text) one after the other, as a paper."""
    lines = [(line, theme, addressee) for theme, addressee, text in rows for line in text.split("\\n")]
    texts, themes, addressees = (tuple(column) for column in zip(*lines, strict=True))
    unasked = (None,) * len(lines)
    return LabelledPaper(f"own/{number}", texts[0][:20], (), texts, unasked, themes, addressees, unasked, unasked)


def labelled(name: str, text: str, starts: list[int], gold: dict, digests: list[dict] | None) -> LabelledPaper:
    first, last = gold["lines"]
    lines = printed_lines(text, starts[first - 1], starts[last] - 1)
    number = {line.span.start: text.count("\n", 0, line.span.start) + 1 for line in lines}
    kind, theme, addressee = {}, {}, {}
    for rec in gold["recommendations"]:
        for a, b in rec.get("also", []):
            kind.update({n: None for n in range(a, b + 1)})
    for rec in gold["recommendations"]:
        a, b = rec["lines"]
        printed = [n for n in number.values() if a <= n <= b]
        for n in printed:
            kind[n] = "begins" if n == printed[0] else "continues"
            theme[n], addressee[n] = rec["theme"], rec["addressee"]
    evidence = [BLANK.sub("", fact["evidence"]) for fact in gold["key_facts"]]
    texts = [text[line.span.start : line.span.end] for line in lines]
    bare = [BLANK.sub("", t) for t in texts]
    numbers = [number[line.span.start] for line in lines]
    language = "zh" if re.search("[\u4e00-\u9fff]", texts[0]) else "en"
    gist = None if digests is None else digested(digests, dict(zip(numbers, texts, strict=True)), language)
    return LabelledPaper(
        name=name,
        title=gold[f"title_{language}"],
        headings=tuple(heading_text(t) for t, line in zip(texts, lines, strict=True) if line.level),
        lines=tuple(texts),
        kind=tuple(kind.get(n, "outside") for n in numbers),
        theme=tuple(theme.get(n) for n in numbers),
        addressee=tuple(addressee.get(n) for n in numbers),
        gist=tuple(None if gist is None else "yes" if n in gist else "no" for n in numbers),
        fact=tuple("yes" if any(e in b or (len(b) > 15 and b in e) for e in evidence) else "no" for b in bare),
    )


def digested(digests: list[dict], texts: dict[int, str], language: str) -> set[int]:
    """Numbers of the lines that the digests were made from: for each sentence, the line that holds most of it."""
    found = set()
    for digest in digests:
        first, last = digest["lines"]
        block = {n: features(readable(text)) for n, text in texts.items() if first <= n <= last}
        for sentence in split_sentences(digest[f"digest_{language}"].replace("；", "。")):
            held = {n: contained(features(sentence), words) for n, words in block.items()}
            best = max(held, key=held.get, default=None)
            if best is not None and held[best] >= HELD:
                found.add(best)
    return found
