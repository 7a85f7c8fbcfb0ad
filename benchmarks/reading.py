"""How time and memory of reading grow with a volume, and what files do that no office writes.

    python -m benchmarks.reading FOLDER                 the volumes of a folder repeated to 250 … 2,000 papers
    python -m benchmarks.reading FOLDER 22 220          to other numbers of papers
    python -m benchmarks.reading --hostile              hostile files, each refused or read

Each row is measured in a process of its own, in seconds of processor time and in MB at the highest.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from time import process_time

from benchmarks.hostile_files import FILES
from pipeline.errors import SourceError
from pipeline.source.read import KINDS, READERS, read
from pipeline.source.segment import segment

SIZES = (250, 500, 1000, 2000)
MOST_SECONDS = 600  # of one file; far beyond what any should take
MEASURE = "--measure"


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper of a given volume."""

    title: str
    organisation: str
    text: str


def given(folder: Path) -> list[Printed]:
    """The papers of all volumes in a folder, in the order of their paths."""
    papers = []
    for path in sorted(path for path in folder.rglob("?*.*") if path.suffix in READERS):
        try:
            source = read(path)
            papers += [Printed(p.title, p.organisation, source.slice(p.span)) for p in segment(source).papers]
        except SourceError as error:
            print(f"left out: {error}", file=sys.stderr)
    return papers


def listed(papers: Sequence[Printed]) -> str:
    """One volume whose contents page lists all papers."""
    entries = (f"{n}. {p.title} …… {p.organisation} ({n})" for n, p in enumerate(papers, start=1))
    return "\n\n".join(["# CONTENTS", *entries, *(paper.text for paper in papers)])


def unlisted(papers: Sequence[Printed]) -> str:
    """One volume without a contents page."""
    return "\n\n".join(paper.text for paper in papers)


LAYOUTS: dict[str, Callable[[Sequence[Printed]], str]] = {"listed": listed, "unlisted": unlisted}


def measure(path: Path) -> dict:
    """What reading and segmenting a file takes in this process, and what comes of it."""
    started = process_time()
    try:
        source = read(path)
        been_read = process_time()
        found = segment(source)
        counts = {"characters": len(source.text), "papers": len(found.papers), "read": been_read - started}
        result = {**counts, "segment": process_time() - been_read, "outcome": f"{len(found.papers):,} papers"}
    except SourceError as error:
        result = {"outcome": str(error).removeprefix(f"{path}: ")}
    here, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    seconds = process_time() - started + children.ru_utime + children.ru_stime
    return {**result, "seconds": seconds, "mb": max(here.ru_maxrss, children.ru_maxrss) >> 10}


def measured(path: Path) -> dict:
    """The same in a process of its own, which is ended after MOST_SECONDS of processor time."""
    limit = lambda: resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    command = [sys.executable, "-m", "benchmarks.reading", MEASURE, str(path)]
    child = subprocess.run(command, capture_output=True, text=True, preexec_fn=limit, cwd=Path(__file__).parents[1])
    if child.returncode:
        last = child.stderr.strip().splitlines()[-1:] or [f"ended by signal {-child.returncode}"]
        return {"outcome": f"FAILED: {last[0]}", "seconds": float("nan"), "mb": 0}
    return json.loads(child.stdout)


def growth(folder: Path, sizes: Sequence[int]) -> Iterator[str]:
    """The table of repeated volumes."""
    papers = given(folder)
    if not papers:
        raise SourceError(f"{folder}: no volume in this folder can be read; {KINDS}")
    yield f"{'layout':10}{'papers':>8}{'characters':>13}{'found':>8}{'read s':>9}{'segment s':>11}{'MB':>7}"
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "volume.md"
        for name, layout in LAYOUTS.items():
            for size in sizes:
                path.write_text(layout(list(islice(cycle(papers), size))), encoding="utf-8")
                row = measured(path)
                if "papers" not in row:
                    yield f"{name:10}{size:8,}  {row['outcome']}"
                    continue
                yield (
                    f"{name:10}{size:8,}{row['characters']:13,}{row['papers']:8,}"
                    f"{row['read']:9.2f}{row['segment']:11.2f}{row['mb']:7,}"
                )


def hostile() -> Iterator[str]:
    """The table of hostile files."""
    yield f"{'file':28}{'bytes':>13}{'s':>7}{'MB':>7}  outcome"
    with tempfile.TemporaryDirectory() as place:
        for name, make in FILES.items():
            path = Path(place) / name
            path.write_bytes(make())
            row = measured(path)
            yield f"{name:28}{path.stat().st_size:13,}{row['seconds']:7.1f}{row['mb']:7,}  {row['outcome']}"
            path.unlink()


def main() -> None:
    """Print a table, line by line as it is measured."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path, nargs="?", metavar="FOLDER")
    options.add_argument("sizes", type=int, nargs="*", metavar="PAPERS")
    options.add_argument("--hostile", action="store_true")
    options.add_argument(MEASURE, type=Path, help=argparse.SUPPRESS)
    given_ = options.parse_args()
    if given_.measure:
        print(json.dumps(measure(given_.measure)))
        return
    if not given_.hostile and not given_.folder:
        options.error("name a folder with volumes, or --hostile")
    for line in hostile() if given_.hostile else growth(given_.folder, given_.sizes or SIZES):
        print(line, flush=True)


if __name__ == "__main__":
    main()
