"""Views of text for reading: words without the marks of a conversion, and sentences.

A view never changes the source; sentences are spans of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from pipeline.records import Line, Source, Span
from pipeline.source.lines import printed_lines

CJK = r"\u3400-\u9fff"
WIDE = r"，。、；：？！（）《》“”‘’【】「」『』…—"

# Not seen, and able to turn or hide what stands around them: soft hyphens, joiners, marks of direction, tags.
UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
CITATION = re.compile(r"<sup>.*?</sup>|\[\^[^\]]+\]|(?<=[^\s\[])\[\d{1,3}(?:[-–,，]\s?\d{1,3})*\]", re.S)
IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
LINK = re.compile(r"\[([^\]]+)\]\((?:https?:|#)[^)]*\)")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
LINE_MARK = re.compile(
    r"^\s*(?:#{1,6}(?:\s+|$)|[>*+-](?:\s+|$)|[•●○◆◇■□▪▫·・➢➤►▶✓✔❖※\uf06c\uf0b7\uf0d8\uf0fc]\s*)+", re.M
)
BOLD = re.compile(r"(\*{2,3})(?=\S)(.+?)(?<=\S)\1", re.S)
ITALIC = re.compile(r"(?<![A-Za-z0-9*])\*(?=[^\s*])([^*\n]+?)(?<=\S)\*(?![A-Za-z0-9*])")
LATEX = re.compile(r"\$\s*([^$\n]{1,40}?)\s*\$")
LATEX_MARK = re.compile(r"\\(?:mathrm|text)\s*\{([^}]*)\}")
BLANK_IN_CHINESE = re.compile(rf"(?<=[{CJK}{WIDE}])\s+(?=[{CJK}{WIDE}0-9])|(?<=[0-9%％])\s+(?=[{CJK}{WIDE}])")
BLANK_BY_WIDE = re.compile(r"\s+(?=[，。、；：？！）》”】])|(?<=[，。、；：？！（《“【])\s+")
WIDE_MARK = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
NARROW_MARK = re.compile(
    rf"(?<=[{CJK}”》）])\s*([,;:?!])\s*(?=[{CJK}“《（0-9A-Za-z]|$)|(?<=[0-9A-Za-z%])\s*([,;:?!])\s*(?=[{CJK}“《])"
)
NARROW_BRACKETS = re.compile(
    rf"(?<=[{CJK}”》])\s*\(([^()]*)\)|\(([^()]*)\)(?=\s*[{CJK}，。；：])|\(([^()]*[{CJK}][^()]*)\)"
)


def readable(text: str) -> str:
    """The words of `text` as a brief prints them, on one line.

    Markdown and citation marks, images and bullet glyphs are gone, and so are
    blanks inside Chinese; punctuation beside Chinese characters is full-width.
    """
    # Taking a mark away may lay open another; each pass shortens or widens, so it ends.
    while (cleaned := _without_marks(text)) != text:
        text = cleaned
    return text


def _without_marks(text: str) -> str:
    text = IMAGE.sub("", UNSEEN.sub("", text))
    text = CITATION.sub("", text)
    text = LINK.sub(r"\1", text)
    text = TAG.sub("", text)
    text = ITALIC.sub(r"\1", BOLD.sub(r"\2", text).replace("**", ""))
    text = LINE_MARK.sub("", text)
    text = LATEX.sub(lambda match: LATEX_MARK.sub(r"\1", match[1]).replace("\\", ""), text)
    text = re.sub(r"\s+", " ", text).strip()
    text = BLANK_IN_CHINESE.sub("", text)
    text = NARROW_BRACKETS.sub(lambda match: f"（{match[match.lastindex]}）", text)
    text = NARROW_MARK.sub(lambda match: WIDE_MARK[match[1] or match[2]], text)
    return BLANK_BY_WIDE.sub("", text).strip()


END = re.compile(r"[。！？!?]+|…{2,}|\.{1,6}")
CLOSERS = re.compile(r"(?:[”’」』）)\]】》\"']|<sup>.*?</sup>|\*{1,3}(?=\s|$))*")
ABBREVIATION = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|St|Sr|Jr|No|Nos|Fig|Figs|Eq|vs|cf|ca|approx|Gov|Gen|Sen|Rep|Hon|Vol|pp|p|ed|eds)"
    r"|\b(?:e\.g|i\.e|a\.m|p\.m)|\b[A-Z](?:\.[A-Z])*)$",
    re.I,
)
ITEM = re.compile(
    r"(?:[-*+•●○◆◇■□▪▫·・➢➤►▶✓✔❖※|>]|\[?\d{1,3}[\].、．)）]|[（(][\d一二三四五六七八九十]{1,3}[)）]"
    r"|[①-⑳]|[一二三四五六七八九十]{1,3}、|!\[|<)"
)
CAPTION = re.compile(r"\W*(?:图表?|表|Figure|Fig\.|Table|资料|来源|注)\s*(?:来源)?\s*[\d：:]")
# Marks in front of an item. A decimal is none, since 3.5 may begin a sentence; headings drop theirs too.
ITEM_MARK = re.compile(
    r"^(?:——|[-–—*+]\s+|[•●○◆]\s*|[①-⑳]|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]|第[一二三四五六七八九十]+[，,、]"
    r"|\d{1,2}[.、．)）](?!\d)|[一二三四五六七八九十]{1,3}、|建议\s?[\d一二三四五六七八九十]{1,2}\s?[:：]"
    r"|Recommendation \d+[:.])\s*"
)
HEADING_NUMBER = re.compile(r"^\d{1,2}(?:\.\d{1,2})+[.、]?\s+")
LINE_END = re.compile(r"[。！？!?；;：:….][”’」』）)\]】》\"'*]*$")
# What a page sets apart from its text: a note, a picture, a row of a table, a page number.
ASIDE = re.compile(r"<sup>[^<]{1,4}</sup>\s*\S|\[\^[^\]]+\]:|!\[|\||[—–-]?\s*\d{1,4}\s*[—–-]?$")
COMPLETE = re.compile(r"[”’」』）)\]】》]$")  # of a line without a full stop: the source of a figure, or a title
LONGEST_PART = 2_000  # characters of one part of a sentence that a page break cut
HARD_WRAPPED = 40  # columns; a shorter line was ended by its author


def sentences(source: Source, span: Span) -> list[Span]:
    """The sentences of a span, in order, each without the blanks around it.

    A heading or a list item is a sentence of its own. A sentence that the
    conversion broke over lines is one span, with the line break inside.
    """
    found = []
    for block in _blocks(source, span):
        start = block.start
        for end in (*_ends(source.text, block), block.end):
            piece = source.text[start:end]
            words = piece.strip()
            if words:
                left = start + len(piece) - len(piece.lstrip())
                found.append(Span(left, left + len(words)))
            start = end
    return found


def unmarked(text: str, heading: bool = False) -> str:
    """A printed text without the bullet or number in front of it: （二）先修管网 is 先修管网.

    Asked before `readable`, which closes the blank behind the 3.2 of a heading.
    """
    bare = text.lstrip("#* \t")
    if heading:
        bare = HEADING_NUMBER.sub("", bare)
    return ITEM_MARK.sub("", bare, count=1) or bare


def split_sentences(text: str) -> list[str]:
    """The sentences of a text that belongs to no source, such as a model's reply."""
    reply = Source(Path(), text, "")
    return [reply.slice(span) for span in sentences(reply, Span(0, len(text)))] if text.strip() else []


def _blocks(source: Source, span: Span) -> list[Span]:
    """Runs of lines that no author's line break parts."""
    blocks: list[Span] = []
    previous = None
    for line in printed_lines(source.text, span.start, span.end):
        if previous and continues(source, previous, line):
            blocks[-1] = Span(blocks[-1].start, line.span.end)
        else:
            blocks.append(line.span)
        previous = line
    return blocks


def continues(source: Source, previous: Line, line: Line) -> bool:
    """Whether a line goes on with the sentence that the conversion broke off in the line before."""
    before, after = source.slice(previous.span), source.slice(line.span)
    if previous.level or line.level or ITEM.match(after) or LINE_END.search(CITATION.sub("", before)):
        return False
    if before.startswith(("|", "<")) or "\t" in before + after or CAPTION.match(before):
        return False
    if _columns(before) < HARD_WRAPPED:
        return False
    # Over a blank line only a lower-case or a Chinese word can go on with a sentence.
    same_paragraph = source.text.count("\n", previous.span.end, line.span.start) == 1
    return same_paragraph or after[0].islower() or bool(re.match(rf"[{CJK}，、；]", after) and not ITEM.match(before))


def whole(source: Source, span: Span, within: Span) -> tuple[Span, ...]:
    """The sentence at `span` in all its parts: a page break leaves notes, captions or a table in its middle.

    `within` is its paper. A span that does not reach to where a sentence is cut is returned alone.
    """
    start = _line_start(source, max(within.start, span.start - LONGEST_PART), within)
    end = _line_end(source, min(within.end, span.end + LONGEST_PART), within)
    lines = printed_lines(source.text, start, end)
    first = next(at for at, line in enumerate(lines) if line.span.end > span.start)
    last = next(at for at, line in enumerate(lines) if line.span.end >= span.end)
    parts = [span]
    if lines[first].span.start == span.start and (cut := _beyond(source, lines[:first][::-1])):
        if _is_cut(source, cut, lines[first]):
            parts = [sentences(source, Span(start, cut.span.end))[-1], *parts]
    if lines[last].span.end == span.end and (rest := _beyond(source, lines[last + 1 :])):
        if _is_cut(source, lines[last], rest):
            parts = [*parts, sentences(source, Span(rest.span.start, end))[0]]
    return tuple(parts)


def _beyond(source: Source, lines: Sequence[Line]) -> Line | None:
    """The first line that is text, if something that a page sets apart stands before it."""
    at = next((at for at, line in enumerate(lines) if not is_aside(source.slice(line.span))), 0)
    return lines[at] if at else None


def is_aside(line: str) -> bool:
    """Whether a page sets a line apart from its text: a note, a caption, a picture, a row of a table, a page number."""
    return bool(ASIDE.match(line) or CAPTION.match(line))


def _is_cut(source: Source, before: Line, after: Line) -> bool:
    """Whether a sentence goes on from one line to another that does not follow it."""
    return continues(source, before, after) and not COMPLETE.search(source.slice(before.span))


def _line_start(source: Source, offset: int, within: Span) -> int:
    return max(within.start, source.text.rfind("\n", 0, offset) + 1)


def _line_end(source: Source, offset: int, within: Span) -> int:
    found = source.text.find("\n", offset, within.end)
    return within.end if found < 0 else found


def _columns(text: str) -> int:
    return len(text) + len(re.findall(rf"[{CJK}]", text))


def _ends(text: str, block: Span) -> list[int]:
    ends = []
    position = block.start
    while match := END.search(text, position, block.end):
        position = CLOSERS.match(text, match.end(), block.end).end()
        if _is_end(text, block, match, position):
            ends.append(position)
    return ends


def _is_end(text: str, block: Span, match: re.Match, position: int) -> bool:
    following = text[position : block.end]
    if match.group().startswith("."):
        return _is_full_stop(text[block.start : match.start()], following)
    # “要不要？”而是: a question inside a sentence; 他说：“要。”然后 ends one.
    closed = text[match.end() : position].strip("*") != ""
    if closed and match.group()[-1] in "？！?!" and re.match(rf"[{CJK}，、；a-z]", following):
        return False
    if match.group()[-1] in "?!" and re.match(r"[\w/&=]", following) and not re.match(rf"[{CJK}]", following):
        return False  # inside an address or a name
    return True


def _is_full_stop(before: str, following: str) -> bool:
    if following and not following[0].isspace():
        return False
    words = before.rsplit("\n", 1)[-1]
    if re.fullmatch(r"[\s#*\-]*\d{1,3}", words):  # the number of an item
        return False
    if ABBREVIATION.search(words):
        return not following.strip()
    rest = following.lstrip()
    return not (rest and rest[0].islower())
