"""Author lines: who writes, of which organisation, in which position.

They stand under a title, on one line or several, in any order. A line belongs
to them as long as each of its pieces is a name, a position, an organisation,
a department or a degree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from pipeline.source.byline_en import pieces_en
from pipeline.source.byline_zh import merge_names, pieces_zh
from pipeline.source.letters import letters

MOST_LINES = 5
LONGEST_LINE = 120  # characters
CACHED = 1 << 16  # lines whose reading is remembered, since titles are looked for in several ways
CJK = re.compile(r"[\u3400-\u9fff]")
MARKS = re.compile(r"^#{1,6}\s+|\*+|^[-—_]+\s*")
LABEL = re.compile(
    r"^(?:作\s*者|撰\s*稿\s*人?|报告人|演讲人|发言人|单\s*位|作者单位|职\s*务|文|by|authors?|affiliation)\s*[:：/／]\s*"
    r"|^by\s+(?=(?-i:[A-Z]))",
    re.I,
)
SALUTATION = re.compile(r"^(?:dear|尊敬的|敬爱的|各位)", re.I)
CLOSED = re.compile(r"[。！？!?；;：:,，]$")

Kind = Literal["name", "position", "organisation", "affiliation", "department", "degree", "place", "other"]
Piece = tuple[Kind, str]


@dataclass(frozen=True, slots=True)
class Byline:
    """What the author lines print; "" and () where they print nothing."""

    organisation: str = ""
    authors: tuple[str, ...] = ()
    position: str = ""  # of each author who has one of their own, in order; else of the first
    lines: int = 0  # how many lines it fills


def read_byline(lines: Sequence[str], known: str = "") -> Byline:
    """The author lines that `lines` begin with.

    `known` is what the contents page prints beside the title: words that are
    an organisation's or an author's although nothing in them says so.
    """
    pieces: list[Piece] = []
    used = 0
    for line in lines[:MOST_LINES]:
        found = line_pieces(line, known, bool(pieces))
        if not found:
            break
        pieces += found
        used += 1
    if not pieces:
        return Byline()
    # A bare word is a name only beside a position or an organisation.
    if not _is_convincing(pieces, known):
        return Byline()
    return _assemble(merge_names(pieces, known), used)


@lru_cache(CACHED)
def line_pieces(line: str, known: str, follows: bool) -> tuple[Piece, ...]:
    """The pieces of one author line; () if it is none."""
    if len(line) > 2 * LONGEST_LINE:
        return ()
    marked = line.startswith("#")
    bare = LABEL.sub("", _unwrap(MARKS.sub("", line).strip()))
    if not bare or len(bare) > LONGEST_LINE or SALUTATION.match(bare):
        return ()
    if CLOSED.search(bare) and not bare.endswith(("，", ",")):
        return ()
    split: Callable = pieces_zh if CJK.search(bare) else pieces_en
    found = split(bare.rstrip("，,"), known, follows)
    kinds = {kind for kind, _ in found}
    if "other" in kinds or not kinds & {"name", "position", "organisation"}:
        return ()
    # A comma at the end goes on with a list of positions, or greets a reader.
    if bare.endswith(("，", ",")) and "position" not in kinds:
        return ()
    if marked and not (kinds >= {"position", "name"} or "organisation" in kinds):
        return ()
    return tuple(found)


def _unwrap(line: str) -> str:
    return line[1:-1].strip() if re.fullmatch(r"[（(][^（()）]*[）)]", line) else line


def _is_convincing(pieces: Sequence[Piece], known: str) -> bool:
    if any(kind in ("position", "organisation") for kind, _ in pieces):
        return True
    names = [words for kind, words in pieces if kind == "name"]
    return any("·" in name or "•" in name or letters(name) in letters(known) for name in names)


def _assemble(pieces: Sequence[Piece], used: int) -> Byline:
    names = [index for index, (kind, _) in enumerate(pieces) if kind == "name"]
    printed = [words for wanted in ("organisation", "affiliation") for kind, words in pieces if kind == wanted]
    organisation = printed[0] if printed else ""
    return Byline(organisation, tuple(pieces[index][1] for index in names), _held(pieces, names), used)


def _held(pieces: Sequence[Piece], names: Sequence[int]) -> str:
    """The positions of each author, if all have their own; else the first ones."""
    held = [_positions(pieces[start:end]) for start, end in pairwise([0, *names, len(pieces)])]
    if names:  # they stand before the names, or behind them
        held = held[:-1] if held[0] else held[1:]
        if not any(held[:-1]) and len(held[-1]) == len(names):  # all names, then a position for each
            held = [[position] for position in held[-1]]
    if not all(held):
        held = held[:1] if held[0] else [positions[:1] for positions in held if positions][:1]
    chinese = CJK.search("".join(words for positions in held for words in positions))
    inner, outer = ("，", "；") if chinese else (", ", "; ")
    return outer.join(inner.join(positions) for positions in held)


def _positions(pieces: Sequence[Piece]) -> list[str]:
    """Positions and the departments printed among them; a department alone is none."""
    if not any(kind == "position" for kind, _ in pieces):
        return []
    return [words for kind, words in pieces if kind in ("position", "department")]
