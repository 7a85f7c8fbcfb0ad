"""Annotated papers as the reader learns them: lines and the labels of each line.

Reads a volume and its gold files (one `NN.json` a paper: the paper's lines,
its recommendations with their lines, themes and addressees, its key facts with
their evidence). Places that repeat a recommendation are left out of the loss:
they are neither a new recommendation nor anything else.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.source.lines import heading_text, printed_lines

IGNORE = -100  # torch's cross entropy skips it
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


def labelled_papers(volume: Path, gold: Path) -> list[LabelledPaper]:
    """All papers of `volume` that have a file in the folder `gold`."""
    text = volume.read_text(encoding="utf-8").replace("\r\n", "\n")
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return [
        labelled(f"{volume.parent.name}/{path.stem}", text, starts, json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(gold.glob("[0-9][0-9].json"))
    ]


def labelled(name: str, text: str, starts: list[int], gold: dict) -> LabelledPaper:
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
    return LabelledPaper(
        name=name,
        title=gold["title_zh"] if re.search("[\u4e00-\u9fff]", texts[0]) else gold["title_en"],
        headings=tuple(heading_text(t) for t, line in zip(texts, lines, strict=True) if line.level),
        lines=tuple(texts),
        kind=tuple(kind.get(n, "outside") for n in numbers),
        theme=tuple(theme.get(n) for n in numbers),
        addressee=tuple(addressee.get(n) for n in numbers),
        fact=tuple("yes" if any(e in b or (len(b) > 15 and b in e) for e in evidence) else "no" for b in bare),
    )
