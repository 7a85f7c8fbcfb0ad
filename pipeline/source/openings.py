"""Where a paper begins: the lines of its title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.source.byline import CJK
from pipeline.source.contents import Entry
from pipeline.source.letters import letters, located, prefix_match
from pipeline.source.lines import MARK, heading_text

MOST_TITLE_LINES = 3
SHORTEST_TITLE = 4  # letters
SUBTITLE = re.compile(r"^\s*(?:[—–―-]{1,3}|[~～])\s*(?=\S)")
OPEN_END = re.compile(r"[:：,，、—–]$")


@dataclass(frozen=True, slots=True)
class Opening:
    """A paper's first lines: its title, up to line `end` (excluded) of the volume, and author lines over it if any."""

    first: int
    end: int
    title: str
    entry: Entry | None = None  # what the contents page promises of it
    promised: str = ""  # the title as the contents page prints it
    beside: str = ""  # words of the entry beside the title: organisation, author
    over: int = 0  # author lines above the title

    @property
    def is_matter(self) -> bool:
        """Whether the contents page lists it as front or back matter."""
        return self.entry is not None and self.entry.number == 0


def join_title(lines: Sequence[str], promised: str = "") -> str:
    """One title of its printed lines: a sub-title behind ——, broken lines joined."""
    title = ""
    for before, line in pairwise(["", *lines]):
        words = re.sub(r"\s+", " ", heading_text(line)).strip("* ")
        if not title:
            title = words
        elif SUBTITLE.match(words):
            title += "——" + SUBTITLE.sub("", words).rstrip("~～ ")
        elif OPEN_END.search(title):
            title += words if CJK.search(title) else " " + words
        else:
            joint = _promised_joint(title, promised)
            title += (_usual_joint(title, before, line) if joint is None else joint) + words
    return re.sub(r"(?<=[，：；、])\s+", "", title)


def _usual_joint(title: str, before: str, line: str) -> str:
    """A lower heading is a sub-title, another line goes on with the title."""
    levels = [len(mark[1]) if (mark := MARK.match(heading)) else 0 for heading in (before, line)]
    if 0 < levels[0] < levels[1]:
        return "——" if CJK.search(title) else " " if title.endswith("?") else ": "
    return "" if levels[0] and levels[0] == levels[1] and CJK.match(title[-1]) else " "


def _promised_joint(title: str, promised: str) -> str | None:
    """What the contents page prints between this part of a title and the next; None if it prints no next one."""
    whole = located(promised)
    reached = prefix_match(letters(title), whole.letters)
    if not reached or reached == len(whole.letters):
        return None
    between = promised[whole.offset(reached) : whole.at[reached]]
    mark = next((mark for mark in ("——", "—", "～", "：", ":") if mark in between), "")
    if mark == ":":
        return ": "
    return {"—": "——", "～": "——"}.get(mark, mark) or ("" if CJK.search(title) and not between else " ")
