"""Sheets for blind reading: statements beside their evidence, and what a reader says of each.

A sheet is a table in UTF-8 with tabs, which spreadsheets open. It does not say which model wrote a
statement or what kind it is of.
"""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pipeline.records import Language, Statement

VERDICTS = ("right", "changed meaning", "unreadable")
UNREAD = "not read"
COLUMNS = ("evidence", "zh", "en", "verdict zh", "verdict en")
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def write_sheet(path: Path, statements: Sequence[Statement], count: int, seed: int) -> int:
    """Write `count` random statements, or all if they are fewer, with empty verdicts; return how many."""
    distinct = list(dict.fromkeys(statements))
    chosen = random.Random(seed).sample(distinct, min(count, len(distinct)))
    # A byte order mark tells spreadsheets that it is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, "excel-tab")
        rows.writerow(COLUMNS)
        for statement in chosen:
            evidence = " ".join(" ".join(e.quote.split()) for e in statement.evidence)
            rows.writerow((evidence, statement.text.zh, statement.text.en, "", ""))
    return len(chosen)


def read_sheet(path: Path) -> dict[Language, Counter[str]]:
    """How often each verdict was given, by language. Raises ValueError for a word that is none."""
    counts: dict[Language, Counter[str]] = {own: Counter() for own in LANGUAGES}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, dialect="excel-tab")
        if missing := set(COLUMNS) - set(rows.fieldnames or ()):
            raise ValueError(f"{path}: no column {', '.join(sorted(missing))}; keep the first row as it was written")
        for number, row in enumerate(rows, 2):
            for own in LANGUAGES:
                verdict = (row[f"verdict {own}"] or "").strip().lower() or UNREAD
                if verdict not in (*VERDICTS, UNREAD):
                    raise ValueError(f"{path}: row {number}: verdict {verdict!r}; write {', '.join(VERDICTS)}")
                counts[own][verdict] += 1
    return counts


def verdicts(counts: dict[Language, Counter[str]]) -> str:
    """The counts as a table, with shares of what was read."""
    lines = [f"{'':16}" + "".join(f"{own:>14}" for own in LANGUAGES)]
    for verdict in (*VERDICTS, UNREAD):
        cells = []
        for own in LANGUAGES:
            read, count = counts[own].total() - counts[own][UNREAD], counts[own][verdict]
            share = f" {count / read:.3f}" if read and verdict != UNREAD else ""
            cells.append(f"{count}{share}")
        lines.append(f"{verdict:16}" + "".join(f"{cell:>14}" for cell in cells))
    return "\n".join(lines)
