"""Notes at the foot of a page."""

from __future__ import annotations

import re

from pipeline.source.blocks import Block
from pipeline.source.pdf_pages import Page, PrintedLine

SMALLER = 0.92  # times the size of running text, up to which a line is a note's
CALL = re.compile(r"<sup>([^<]{1,4})</sup>")
NOTE = re.compile(r"^(?:<sup>([^<]{1,4})</sup>|\[?(\d{1,3}|[①-⑳*†‡])(?=[\]\s\u3400-\u9fff“《A-Z])\]?)[.．、\s]*")


def part_notes(page: Page, size: float) -> tuple[list[PrintedLine], list[Block]]:
    """The lines of a page that run on, and its notes: small print at its foot behind a number that is called above."""
    foot: list[PrintedLine] = []
    for line in sorted(page.lines, key=lambda line: line.base):
        if line.size > SMALLER * size:
            break
        foot.insert(0, line)
    called = {number for line in page.lines if line not in foot for number in CALL.findall(line.text)}
    notes: list[str] = []
    taken: list[PrintedLine] = []
    for line in foot:
        mark = NOTE.match(line.text)
        if mark and (mark[1] or mark[2] in called):
            notes.append(f"<sup>{mark[1] or mark[2]}</sup> {line.text[mark.end() :]}")
        elif notes:
            notes[-1] += ("" if re.search(r"[\u3400-\u9fff，。、；]$", notes[-1]) else " ") + line.text
        else:
            continue
        taken.append(line)
    blocks = [Block(note, kind="note", size=size, pages=((0, page.number),)) for note in notes]
    return [line for line in page.lines if line not in taken], blocks
