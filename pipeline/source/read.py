"""A file, or a folder of files, becomes a Source: Unicode text, or one line that says why not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.errors import SourceError
from pipeline.records import Fault, Place, Source
from pipeline.source.bounds import MOST_CHARACTERS, MOST_LINES, Reading
from pipeline.source.decode import decode
from pipeline.source.pdf import read_pdf
from pipeline.source.word import read_word

REMEDIES = {
    ".doc": "open it in Word and save it as .docx",
    ".wps": "open it in WPS and save it as .docx",
    ".rtf": "open it in Word and save it as .docx",
    ".odt": "open it in LibreOffice and save it as .docx",
}
KINDS = "give the volume as .md, .txt, .docx or .pdf"
MOST_BYTES = 1 << 30  # of one file, pictures among them


def read(path: Path) -> Source:
    """The text of a Markdown, text, Word or PDF file, or of all such files of a folder in the order of their names.

    Text files are in UTF-8, UTF-16 with its mark, or GB18030. Raises
    SourceError for a path that holds no such file, and for a file that has no
    words, cannot be decoded, or is damaged, encrypted or too large; of a
    folder such files are left out and told, unless there are no others.
    """
    path = Path(path)
    if not path.is_dir():
        raw = _bytes(path)
        return _source(path, [(path, _reading(raw, path))], hashlib.sha256(raw).hexdigest())
    files, others = _files(path)
    digest = hashlib.sha256()
    readings, faults = [], []
    for file in files:
        digest.update(file.name.encode(errors="surrogateescape") + b"\0")
        try:
            raw = _bytes(file)
            digest.update(hashlib.sha256(raw).digest())
            readings.append((file, _reading(raw, file)))
        except SourceError as error:
            if file == files[-1] and not readings:
                raise
            faults.append(Fault(0, file.name, "read", str(error).removeprefix(f"{file}: ")))
    unread = [f"{other.name} was not read; {REMEDIES.get(other.suffix.lower(), KINDS)}" for other in others]
    unread += [f"{fault.name} was not read; {fault.reason}" for fault in faults]
    return _source(path, readings, digest.hexdigest(), tuple(unread), tuple(faults))


def _source(
    path: Path,
    readings: Sequence[tuple[Path, Reading]],
    sha256: str,
    warnings: tuple[str, ...] = (),
    faults: tuple[Fault, ...] = (),
) -> Source:
    """One text of all files, a blank line between each and the next."""
    parts: list[str] = []
    places: list[Place] = []
    length = 0
    for file, reading in readings:
        if parts:
            parts.append("\n\n")
            length += 2
        places += [Place(length + start, file.name, page) for start, page in reading.pages or ((0, 0),)]
        parts.append(reading.text)
        length += len(reading.text)
        warnings += tuple(f"{file.name}: {warning}" for warning in reading.warnings)
    text = "".join(parts)
    if length > MOST_CHARACTERS or text.count("\n") > MOST_LINES:
        raise SourceError(
            f"{path}: has more than {MOST_CHARACTERS:,} characters or {MOST_LINES:,} lines; split the volume"
        )
    return Source(path, text, sha256, tuple(places), warnings, faults)


def _files(folder: Path) -> tuple[list[Path], list[Path]]:
    """The files of a folder that can be read and those that cannot, paper2 before paper10."""
    entries = sorted((p for p in folder.iterdir() if p.name[0] not in ".~" and p.is_file()), key=_by_name)
    files = [entry for entry in entries if entry.suffix.lower() in READERS]
    if not files:
        raise SourceError(f"{folder}: no file in this folder can be read; {KINDS}")
    return files, [entry for entry in entries if entry not in files]


def _by_name(path: Path) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", path.name.lower())]


def _bytes(path: Path) -> bytes:
    suffix = path.suffix.lower()
    if suffix not in READERS:
        raise SourceError(f"{path}: {suffix} files cannot be read; {REMEDIES.get(suffix, KINDS)}")
    try:
        size = path.stat().st_size
        if size > (MOST_BYTES if suffix in (".docx", ".pdf") else 4 * MOST_CHARACTERS):
            raise SourceError(f"{path}: {size >> 20} MB is more than a volume has; split it")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError(f"{path}: there is no such file; check the path of the volume") from error
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}); check the file and its permissions") from error


def _reading(raw: bytes, path: Path) -> Reading:
    reading = READERS[path.suffix.lower()](raw, path)
    if not reading.text.strip():
        raise SourceError(f"{path}: the file is empty; give a volume with text in it")
    return reading


def _read_text(raw: bytes, path: Path) -> Reading:
    return Reading(decode(raw, path))


READERS: dict[str, Callable[[bytes, Path], Reading]] = {
    **dict.fromkeys((".md", ".markdown", ".txt", ".text", ""), _read_text),
    ".docx": read_word,
    ".pdf": read_pdf,
}
