"""Notes at the foot of a page."""

from __future__ import annotations

import re
from itertools import pairwise

from pipeline.source.blocks import SAME_SIZE, Block
from pipeline.source.pdf_pages import Page, PrintedLine

SMALLER = 0.92  # times the size of running text, up to which a line is a note's
SPACE = 1.8  # usual distances of lines, from which on a blank parts notes of one size with the text from it
CALL = re.compile(r"<sup>([^<]{1,4})</sup>")
NOTE = re.compile(r"^(?:<sup>([^<]{1,4})</sup>|\[?(\d{1,3}|[①-⑳*†‡])(?=[\]\s\u3400-\u9fff“《A-Z])\]?)[.．、\s]*")
CHINESE_END = re.compile(r"[\u3400-\u9fff，。、；]$")


def part_notes(page: Page, size: float, leading: float, noted: int) -> tuple[list[PrintedLine], list[Block]]:
    """The lines of a page that run on, and its notes: what stands at its foot behind a number that is called above.

    Notes are in small print, or a blank parts them from the text. `noted` is how
    many stand on earlier pages: the next one may be called there.
    """
    foot = _foot(page, size, leading)
    called = {number for line in page.lines if line not in foot for number in CALL.findall(line.text)}
    notes: list[str] = []
    taken: list[PrintedLine] = []
    for line in foot:
        mark = NOTE.match(line.text)
        if mark and (mark[1] or mark[2] in called or mark[2] == str(noted + len(notes) + 1)):
            notes.append(f"<sup>{mark[1] or mark[2]}</sup> {line.text[mark.end() :]}")
        elif notes:
            notes[-1] += ("" if CHINESE_END.search(notes[-1]) else " ") + line.text
        else:
            continue
        taken.append(line)
    blocks = [Block(note, kind="note", size=size, pages=((0, page.number),)) for note in notes]
    return [line for line in page.lines if line not in taken], blocks


def _foot(page: Page, size: float, leading: float) -> list[PrintedLine]:
    """The lines at the foot of a page in small print; or else those behind the last blank, if they begin as a note."""
    upwards = sorted(page.lines, key=lambda line: line.base)
    small = next((at for at, line in enumerate(upwards) if line.size > SMALLER * size), len(upwards))
    if small:
        return upwards[:small][::-1]
    for at, (line, above) in enumerate(pairwise(upwards)):
        if line.size > size + SAME_SIZE or line.bold:
            break  # a heading: what stands over it is no note
        if above.base - line.base > SPACE * leading * size and NOTE.match(line.text):
            return upwards[: at + 1][::-1]
    return []
