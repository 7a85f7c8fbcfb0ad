"""A PDF with a text layer becomes text: what is printed on its pages, joined into paragraphs with headings.

It is read in a child process with bounds on time and memory, since a crafted
page keeps native code busy for ever.

    python -m pipeline.source.pdf NAME SECONDS <FILE
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from pipeline.errors import SourceError
from pipeline.source.blocks import with_levels, write
from pipeline.source.bounds import Reading
from pipeline.source.pdf_order import in_reading_order
from pipeline.source.pdf_pages import Page, printed_pages
from pipeline.source.pdf_paragraphs import paragraphs
from pipeline.source.pdf_running import without_running_lines

CHILD = "pipeline.source.pdf"
MEMORY = 2 << 30  # bytes of address space
SECONDS = 60  # of processor time, and as many again for each BYTES of the file
BYTES = 2_000_000


def read_pdf(raw: bytes, path: Path) -> Reading:
    """The text of a PDF, and where each page begins in it.

    Raises SourceError if it is damaged, encrypted or too large, or was scanned without a text layer.
    """
    seconds = SECONDS * (1 + len(raw) // BYTES)
    command = [sys.executable, "-m", CHILD, str(path), str(seconds)]
    child = subprocess.run(command, input=raw, capture_output=True, cwd=Path(__file__).parents[2])
    if child.returncode < 0 or b"MemoryError" in child.stderr:
        raise SourceError(
            f"{path}: PDFium broke off; the file is damaged, or needs more than {seconds} s or {MEMORY >> 30} GB; "
            "export it anew, or in parts"
        )
    if child.returncode:
        raise RuntimeError(f"{path}: {child.stderr.decode(errors='replace')}")  # a fault of ours, not of the file
    answer = json.loads(child.stdout)
    if "fault" in answer:
        raise SourceError(answer["fault"])
    return Reading(answer["text"], tuple(map(tuple, answer["pages"])), tuple(answer["warnings"]))


def read_here(raw: bytes, path: Path) -> Reading:
    """The same in this process, without bounds."""
    pages = printed_pages(raw, path)
    ordered = [in_reading_order(page) for page in without_running_lines(pages)]
    text, starts = write(with_levels(paragraphs(ordered)))
    return Reading(text, starts, _warnings(pages))


def _warnings(pages: Sequence[Page]) -> tuple[str, ...]:
    """Pages that show pictures and no text, by number."""
    scanned = [page.number for page in pages if page.is_scanned]
    if not scanned:
        return ()
    return (f"pages without a text layer were not read: {', '.join(map(str, scanned))}; recognise their text first",)


def main() -> None:
    """Read a PDF from standard input and write what it holds, or the fault, as JSON."""
    name, seconds = sys.argv[1:]
    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, int(seconds))):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    try:
        answer = asdict(read_here(sys.stdin.buffer.read(), Path(name)))
    except SourceError as error:
        answer = {"fault": str(error)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
