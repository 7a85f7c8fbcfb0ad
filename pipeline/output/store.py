"""The folder of a run: what is in it, and whether it is finished."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import time
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from pipeline.config import BriefConfig
from pipeline.errors import StoreError
from pipeline.output.brief_en import english_brief
from pipeline.output.brief_zh import chinese_brief
from pipeline.output.contract import brief_values, checked, json_pieces, paper_values
from pipeline.output.labels import unfinished_line
from pipeline.output.markdown import paper_markdown
from pipeline.output.page import paper_page
from pipeline.output.workbook import recommendations_workbook
from pipeline.records import Brief, PaperBrief, Source

UNFINISHED = "UNFINISHED"  # the marker that stands in a folder from its opening to its end
RECOMMENDATIONS = "recommendations.json"
SOURCE = "source.txt"  # the volume as it was read, for whoever checks the quotes
NAME_CHARACTERS = 40  # of an organisation in a file name; three bytes each keep within every system's limit
PAPER_FILE = re.compile(r"\d{2,}(-.*)?\.(json|md|docx)(\.part)?")
FIRST_YEAR = 1980  # of the dates in a ZIP archive, which a Word file is
FULL = (errno.ENOSPC, errno.EDQUOT)
PRIVATE = 0o700  # of a folder that a run makes; one that was there keeps its mode, for offices that share it


@contextmanager
def open_run(folder: Path, source: Source) -> Iterator[Path]:
    """Make the folder of a run on `source`, mark it as unfinished, and keep other runs out of it.

    Raises StoreError if it cannot be written, holds the briefs of another
    volume, or another run is at work there.
    """
    mark(folder, source)
    marker = folder / UNFINISHED
    with marker.open("a") as file:
        if not locked(file, marker):
            raise StoreError(
                f"{folder}: another run is at work there; wait until it ends or name another folder with --out"
            )
        yield folder


def mark(folder: Path, source: Source) -> None:
    """Make the folder, with the marker of an unfinished run.

    Raises StoreError if it cannot be written or holds the briefs of another
    volume, and where the clock stands at a time that no Word file can have.
    """
    refuse_other(folder, source)
    if time.localtime().tm_year < FIRST_YEAR:
        raise StoreError(
            f"{folder}: the clock of this machine stands before {FIRST_YEAR}, which Word files cannot be dated; "
            "set it and give the same command again"
        )
    try:
        folder.mkdir(PRIVATE, parents=True, exist_ok=True)
        (folder / "papers").mkdir(exist_ok=True)
        # In place: a run holds its lock on the file that is there.
        (folder / UNFINISHED).write_text(unfinished_line(folder) + "\n", encoding="utf-8")
    except OSError as error:
        raise unwritable(folder, error) from error


def locked(file: IO[str], marker: Path) -> bool:
    """Lock the open file, until this process closes it or ends; False if another has, or had a moment ago.

    Raises StoreError if the file system has no locks.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # A run that has just ended took its marker away: then this is a lock on nothing.
        return os.path.samestat(os.fstat(file.fileno()), marker.stat())
    except (BlockingIOError, FileNotFoundError):
        return False
    except OSError as error:
        raise unwritable(marker, error) from error


def refuse_other(folder: Path, source: Source) -> None:
    """Raise StoreError if a run on another volume has left its recommendations in `folder`."""
    path = folder / RECOMMENDATIONS
    try:
        other = json.loads(path.read_text(encoding="utf-8"))["volume"]
        same = other["sha256"] == source.sha256
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error.strerror}; name another folder with --out") from error
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{path}: not of a run; move it away or name another folder with --out") from error
    if not same:
        raise StoreError(
            f"{folder}: holds the briefs of another volume, {other['file']}; remove it or use another --out"
        )


def write_run(folder: Path, brief: Brief, record: Mapping[str, Any], letterhead: BriefConfig) -> None:
    """Write all files of a finished run and take its marker away, last of all.

    `record` becomes run.json; the briefs print its "model" and "accounting".
    The same arguments give the same bytes.

    Raises StoreError if the folder has gone or cannot be written, or a value does not fit its schema.
    """
    if not folder.is_dir():
        raise StoreError(f"{folder}: was removed while the run was at work; give the same command again")
    mark(folder, brief.source)
    written = set()
    for name, content in run_files(brief, record, letterhead):
        write(folder / name, content)
        written.add(name)
    try:
        for path in (folder / "papers").iterdir():
            # Of an earlier run into this folder: it would pass for this one's.
            if PAPER_FILE.fullmatch(path.name) and f"papers/{path.name}" not in written:
                path.unlink()
        (folder / UNFINISHED).unlink()
    except OSError as error:
        raise unwritable(folder, error) from error


def run_files(brief: Brief, record: Mapping[str, Any], letterhead: BriefConfig) -> Iterator[tuple[str, str | bytes]]:
    """The files of a run by their path in its folder, one after the other, since together they fill the memory.

    Raises StoreError for a value that does not fit its schema; of the record, before the first file.
    """
    letterhead = replace(letterhead, date=letterhead.day().isoformat())  # one day for all, whenever midnight comes
    checked(sorted_keys(record), "run")
    yield SOURCE, brief.source.text
    for paper in brief.papers:
        name = f"papers/{paper_name(paper)}"
        yield f"{name}.json", encoded(checked(paper_values(paper, brief.source), "paper"))
        yield f"{name}.md", paper_markdown(paper, brief.source)
        for language in letterhead.paper_pages:
            yield f"{name}.{language}.docx", paper_page(language, paper, brief, record, letterhead)
    yield RECOMMENDATIONS, encoded(checked(brief_values(brief), "recommendations"))
    yield "recommendations.xlsx", recommendations_workbook(brief, letterhead)
    yield "brief.zh.docx", chinese_brief(brief, record, letterhead)
    yield "brief.en.docx", english_brief(brief, record, letterhead)
    yield "run.json", encoded(sorted_keys(record))


def encoded(values: Any) -> bytes:
    """Values as a JSON file."""
    return b"".join(piece.encode("utf-8") for piece in json_pieces(values))


def paper_name(paper: PaperBrief) -> str:
    """NN-organisation, safe as a file name on every system."""
    name = unicodedata.normalize("NFKC", paper.organisation.zh or paper.organisation.en)
    name = re.sub(r"[^\w]+", "-", name).strip("-_")[:NAME_CHARACTERS].rstrip("-_")
    number = f"{paper.paper.number:02d}"
    return f"{number}-{name}" if name else number


def sorted_keys(value: Any) -> Any:
    """Plain values with the keys of every table in order."""
    if isinstance(value, Mapping):
        return {key: sorted_keys(value[key]) for key in sorted(value)}
    if isinstance(value, (list, tuple)):
        return [sorted_keys(item) for item in value]
    return value


def write(path: Path, content: str | bytes) -> None:
    """Write a file under another name first, so that it is whole or not there."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(data)
        os.replace(part, path)
    except OSError as error:
        with suppress(OSError):  # where nothing can be written, often nothing can be deleted
            part.unlink(missing_ok=True)
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> StoreError:
    remedy = "make room and give the same command again, or " if error.errno in FULL else ""
    return StoreError(f"{path}: cannot be written: {error.strerror}; {remedy}name another folder with --out")
