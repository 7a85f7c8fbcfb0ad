"""What a user knows better: a TOML file beside the volume that corrects its papers.

Beside spring.docx, spring.toml may say

    title = "Papers of the Third Meeting"
    host = "青岩市"

    [papers.2]
    title = "公交先行：夜班线路的开行办法"
    organisation = "北岸公交"
    authors = ["安娜·霍尔姆"]
    position = "总裁"
    begin = "公交先行"      # the paper's first line by its first words, or by its number
    end = 310               # the paper's last line likewise

    [papers.3]
    drop = true             # no paper

Any line may be left out. A number that the volume does not have adds a paper,
which needs `begin`. Lines are those that `briefing inspect` counts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import SourceError


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be changed in one paper; None leaves it as it was read."""

    title: str | None = None
    organisation: str | None = None
    authors: tuple[str, ...] | None = None
    position: str | None = None
    begin: int | str | None = None  # number or first words of the first line
    end: int | str | None = None  # number or first words of the last line
    drop: bool = False

    @property
    def moves(self) -> bool:
        """Whether it changes where the paper begins or ends."""
        return self.begin is not None or self.end is not None


@dataclass(frozen=True, slots=True)
class Corrections:
    """All that a file corrects."""

    path: Path | None = None
    title: str = ""
    host: str = ""
    papers: Mapping[int, Correction] = field(default_factory=dict)


NONE = Corrections()
VOLUME = {"title": str, "host": str, "papers": dict}
PAPER = {
    "title": str,
    "organisation": str,
    "authors": list,
    "position": str,
    "begin": (int, str),
    "end": (int, str),
    "drop": bool,
}


def load_corrections(volume: Path) -> Corrections:
    """The corrections beside a volume; none where there is no such file.

    Raises SourceError for a file that is no TOML, or says what it cannot say.
    """
    path = volume.with_suffix(".toml")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return NONE
    except (OSError, ValueError) as error:  # tomllib's and UTF-8's faults are ValueErrors
        raise SourceError(f"{path}: {error}; mend it, or move it away from {volume.name}") from error
    _check(path, "", table, VOLUME)
    papers = {}
    for number, values in table.get("papers", {}).items():
        if not number.isdecimal() or not isinstance(values, dict):
            raise SourceError(f"{path}: [papers.{number}] is no table of a paper's number; write [papers.1]")
        _check(path, f"[papers.{number}] ", values, PAPER)
        authors = {"authors": tuple(map(str, values["authors"]))} if "authors" in values else {}
        papers[int(number)] = Correction(**{**values, **authors})
    return Corrections(path, table.get("title", ""), table.get("host", ""), papers)


def _check(path: Path, where: str, values: Mapping[str, Any], kinds: Mapping[str, type | tuple[type, ...]]) -> None:
    for key, value in values.items():
        if key not in kinds:
            raise SourceError(f"{path}: {where}unknown key {key}; known are {', '.join(kinds)}")
        if not isinstance(value, kinds[key]) or (isinstance(value, bool) and kinds[key] is not bool):
            raise SourceError(f"{path}: {where}{key} has a value of the wrong kind, {value!r}")
