"""How well the checks of a statement against its evidence tell right from subtly wrong.

python -m benchmarks.verifier            the table
python -m benchmarks.verifier --errors   the development rows that are judged wrongly
"""

from __future__ import annotations

import argparse
import csv
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.language.checks import unsupported
from pipeline.language.glossary import load_glossary

HERE = Path(__file__).parent
GLOSSARY = load_glossary(HERE.parent / "prompts" / "glossary.toml")


@dataclass(frozen=True, slots=True)
class Row:
    """A statement with its evidence, the fault that was planted in it ("" for none), and what the checks say."""

    evidence: str
    statement: str
    fault: str
    reasons: tuple[str, ...]

    @property
    def part(self) -> str:
        """Rules are tuned on "dev" alone; an evidence that occurs twice is in one part."""
        return ("dev", "test")[zlib.crc32(self.evidence.encode()) % 2]


def judged(path: Path = HERE / "verifier.tsv") -> list[Row]:
    """Every row of the set, with the reasons against it."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Row(
            row["evidence"],
            row["statement"],
            "" if row["verdict"] == "ok" else row["verdict"],
            tuple(unsupported(row["statement"], row["evidence"], GLOSSARY)),
        )
        for row in rows
    ]


def recall(rows: Iterable[Row]) -> tuple[int, int]:
    """Planted faults that are caught, and all of them."""
    planted = [row for row in rows if row.fault]
    return sum(bool(row.reasons) for row in planted), len(planted)


def precision(rows: Iterable[Row]) -> tuple[int, int]:
    """Refused statements that are wrong, and all refused ones."""
    refused = [row for row in rows if row.reasons]
    return sum(bool(row.fault) for row in refused), len(refused)


def share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def table(rows: Sequence[Row]) -> str:
    """Recall by kind of fault and in all, and precision; for all rows and for each part."""
    columns = [rows, [r for r in rows if r.part == "dev"], [r for r in rows if r.part == "test"]]
    lines = [("", [("all", ""), ("dev", ""), ("test", "")])]
    for kind in sorted({row.fault for row in rows} - {""}):
        lines.append((kind, [recall(r for r in column if r.fault == kind) for column in columns]))
    lines.append(("recall", [recall(column) for column in columns]))
    lines.append(("precision", [precision(column) for column in columns]))
    cell = lambda pair: pair[0] if pair[1] == "" else f"{pair[0]}/{pair[1]} {share(*pair):.3f}"
    return "\n".join(f"{name:14}" + "".join(f"{cell(pair):>17}" for pair in pairs) for name, pairs in lines)


def errors(rows: Sequence[Row]) -> str:
    """The development rows judged wrongly. Those of the test part stay unseen, so that they go on testing."""
    wrong = [row for row in rows if row.part == "dev" and bool(row.fault) != bool(row.reasons)]
    return "\n".join("\t".join((row.fault or "ok", *row.reasons, row.evidence, row.statement)) for row in wrong)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--errors", action="store_true", help="list the development rows that are judged wrongly")
    result = judged()
    print(errors(result) if parser.parse_args().errors else table(result))
