"""The catalog of models that we know to suit, and which of them fit this machine."""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

import psutil

from pipeline.errors import FetchError

CATALOG = Path(__file__).parent.parent.parent / "models" / "catalog.toml"
FOLDER = Path("models")  # in the working folder, where fetched models go


@dataclass(frozen=True, slots=True)
class Entry:
    """One model of the catalog; without `file` it comes with the program."""

    name: str
    title: str
    licence: str
    parameters: str
    context_tokens: int  # that it was trained for
    memory_mb: int  # that a run with it takes, estimated as the catalog says
    file: str = ""
    huggingface: str = ""  # repository of the file; "" where it has none
    modelscope: str = ""

    @property
    def path(self) -> Path | None:
        """Where the file is once it is fetched; None if there is nothing to fetch."""
        return FOLDER / self.file if self.file else None


def load_catalog(path: Path = CATALOG) -> dict[str, Entry]:
    """The entries by name, in their order. Raises FetchError naming what is wrong with the file."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FetchError(f"{path}: cannot read the catalog ({error}); restore it: git checkout -- models") from error
    return {name: entry(name, table, path) for name, table in tables.items()}


def entry(name: str, table: Any, path: Path) -> Entry:
    """An entry from its table."""
    if not isinstance(table, dict):
        raise FetchError(f"{path}: [{name}] is no section; mend the entry")
    known = {field.name for field in fields(Entry)} - {"name"}
    needed = {field.name for field in fields(Entry) if field.default is MISSING} - {"name"}
    if wrong := sorted((table.keys() - known) | (needed - table.keys())):
        raise FetchError(f"{path}: [{name}] lacks, or should not have, {', '.join(wrong)}; mend the entry")
    return Entry(name, **table)


def entry_named(name: str, catalog: dict[str, Entry]) -> Entry:
    """The entry of a model that can be fetched. Raises FetchError if there is none."""
    if name in catalog and catalog[name].file:
        return catalog[name]
    known = ", ".join(other.name for other in catalog.values() if other.file)
    raise FetchError(f"{name}: no model of the catalog that can be fetched; it has {known}")


def free_memory_mb() -> int:
    """Memory that a new program can have without others being moved to disk, in MB."""
    return psutil.virtual_memory().available // 1_000_000


def listing(catalog: dict[str, Entry], free_mb: int) -> list[str]:
    """The catalog as lines of a table, each model with whether it fits into `free_mb`."""
    rows = [("name", "model", "parameters", "context", "memory", "licence", f"with {free_mb} MB free")]
    for one in catalog.values():
        size = (f"{one.context_tokens}", f"{one.memory_mb} MB")
        rows.append((one.name, one.title, one.parameters, *size, one.licence, state(one, free_mb)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def state(one: Entry, free_mb: int) -> str:
    """Whether a model fits, and whether it is here."""
    fit = "fits" if one.memory_mb <= free_mb else f"needs {one.memory_mb - free_mb} MB more"
    if one.path is None:
        return f"{fit}, built in"
    return f"{fit}, fetched" if one.path.is_file() else fit
