"""Functions that may be given any bytes: they return, or raise a fault of ours, in bounded time.

    python tools/fuzz.py TARGET

runs one of them under atheris; `found/` keeps what once broke them.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

from pipeline.config import BriefConfig
from pipeline.errors import BriefingError
from pipeline.language.glossary import Glossary, load_glossary
from pipeline.language.slots import fill, paired, slotted
from pipeline.output.brief_en import english_brief
from pipeline.output.brief_zh import chinese_brief
from pipeline.output.charts import support_chart
from pipeline.output.markdown import paper_markdown
from pipeline.output.plain import plain
from pipeline.output.workbook import recommendations_workbook
from pipeline.records import (
    Brief,
    Evidence,
    Grounded,
    Paper,
    PaperBrief,
    Recommendation,
    Rejection,
    Shared,
    Source,
    Span,
    Statement,
    Summary,
    Text,
    Theme,
)
from pipeline.source.chunk import chunk_paper
from pipeline.source.pdf import read_here
from pipeline.source.read import READERS
from pipeline.source.sections import sections
from pipeline.source.segment import segment
from pipeline.source.text import readable, sentences
from pipeline.stages.assemble import paper_names
from pipeline.stages.ground import Grounder, nearest, rest
from tests.hostile.harmless import markdown_faults, word_faults, workbook_faults

ROOT = Path(__file__).parents[2]
PART = b"\n--8<-- "  # begins a part of a package in a seed, before its name and a line break
RECORD = {
    "model": {"name": "a model"},
    "accounting": dict.fromkeys(
        (
            "characters_read",
            "characters_digested",
            "chunks",
            "chunks_read",
            "chunks_truncated",
            "chunks_failed",
            "retried",
            "repeats_merged",
            "claims",
        ),
        1,
    ),
}
# One byte each: what segmenting, grounding and printing look for.
PIECES = (
    *("\n", "\n\n", "# ", "## ", "目录", "# 目录\n", "Contents", "....", "…… ", "(3)", "|", "| a | b |\n", "- "),
    *("1. ",),
    *("（一）", "一、", "①", "❶", "α", "**", "*", "_", "`", "```\n", "<sup>1</sup>", "<b>", "</b>", "<!--", "-->"),
    *("[1]", "[^1]", "![](a.png)", "](http://a.b/)", "http://a.b/c", "$", "$x^2$", "\\", "\\frac{", "{", "}"),
    *("{{", "%"),
    *("\t", " ", "　", "\xa0", "\u200b", "\u202e", "\u2028", "\x85", "\ufeff"),
    *("\ufffd", "\x1b[31m", "\U000e0041", "e\u0301"),
    *("建议", "应当", "不", "不得", "市政府", "供水", "管网", "降低", "提高", "超过", "至少", "比", "由", "到", "为"),
    *("should", "must not", "not ", "no ", "at least ", "per cent", "the ", "The ", "City ", "Acme", "Dr. "),
    *("Jane Roe",),
    *("清源水务公司总裁 李明\n", "Jane Roe, Director, Acme Water\n", "公司", "大学", "总裁", "Institute", "CEO"),
    *("教授",),
    *("1", "2", "9", "0", ".", ",", "，", "。", "；", "：", ":", ";", "？", "！", "?", "“", "”", "‘", "’"),
    *("《", "》"),
    *("万", "亿", "千", "百", "十", "三", "两", "零", "半", "成", "倍", "个百分点", "％", "元", "美元", "年", "月"),
    *("日",),
    *("million", "billion", "twenty", "-three", "half", "USD ", "RMB ", "€", "2025", "2030年", "June", "14th"),
    *("1/3",),
    *("=", "+", "-", "@", "——", "—", "–", "~", "(", ")", "（", "）", "/", "<", ">", "&", "&amp;", "'", '"', "#"),
)  # fmt: skip
PLAIN, CODE_POINT = 0xFE, 0xFF  # the next byte, or the next three, are a character


def words(data: bytes) -> str:
    """The text that bytes stand for."""
    text, at = [], 0
    while at < len(data):
        byte, at = data[at], at + 1
        if byte < len(PIECES):
            text.append(PIECES[byte])
        elif byte == CODE_POINT:
            code, at = int.from_bytes(data[at : at + 3], "big") % 0x110000, at + 3
            text.append("\ufffd" if 0xD800 <= code < 0xE000 else chr(code))
        elif byte == PLAIN:
            text.append(chr(data[at] if at < len(data) else 0x20))
            at += 1
        else:
            text.append(chr(0x4E00 + byte * 7))
    return "".join(text)


@cache
def glossary() -> Glossary:
    return load_glossary(ROOT / "prompts" / "glossary.toml")


def text_file(data: bytes) -> None:
    """Any bytes as a Markdown file, whatever its encoding."""
    try:
        of_source(READERS[".md"](data, Path("volume.md")).text)
    except BriefingError:
        pass


def word_file(data: bytes) -> None:
    """A package, or parts of one behind PART, as a Word file."""
    try:
        of_source(READERS[".docx"](package(data), Path("volume.docx")).text)
    except BriefingError:
        pass


def package(data: bytes) -> bytes:
    """The parts as a ZIP package; bytes that name none as they are."""
    if PART not in data:
        return data
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for part in data.split(PART)[1:]:
            name, _, content = part.partition(b"\n")
            archive.writestr(name.decode("ascii", "replace").replace("\0", "")[:80] or "x", content)
    return stream.getvalue()


def pdf_file(data: bytes) -> None:
    """Any bytes as a PDF, in this process, so that a fault of ours is seen."""
    try:
        of_source(read_here(data, Path("volume.pdf")).text)
    except BriefingError:
        pass


def volume(data: bytes) -> None:
    """A text as a volume: papers, sections and chunks."""
    of_source(words(data))


def of_source(text: str) -> None:
    source = Source(Path("volume.md"), text, "")
    try:
        papers = segment(source).papers
    except BriefingError:
        return
    assert all(before.span.end <= after.span.start for before, after in pairwise(sorted(papers, key=_start)))
    for paper in papers:
        list(sections(paper))
        paper_names(paper, glossary())
        chunks = chunk_paper(source, paper, 200, len)
        assert "".join(source.slice(chunk.span) for chunk in chunks) == source.slice(paper.span)
        for chunk in chunks:
            for span in sentences(source, chunk.span):
                readable(source.slice(span))


def _start(paper: Paper) -> int:
    return paper.span.start


def claims(data: bytes) -> None:
    """What a model says of a text, in either language: grounded, refused or quoted; with slots and without."""
    middle = len(data) // 2
    held, said = words(data[:middle]), words(data[middle:])
    if not held.strip() or not said.strip():
        return
    source = Source(Path("volume.md"), held, "")
    whole = Span(0, len(held))
    for own, other in (("zh", "en"), ("en", "zh")):
        paper = Paper(1, "", "", (), "", own, whole, (), 0)
        grounder = Grounder(source, glossary(), {1: (("清源水务公司", "Qingyuan Water"),)}, 1.0)
        found = grounder.candidates(sentences(source, whole))
        claim = rest(said, found)
        if claim.spans:
            result = grounder.ground(claim, paper, "digest", "quote", 1.0)
            assert isinstance(result, (Grounded, Rejection))
            grounder.quoted(list(claim.spans), paper)
        nearest(said, found)
        slots = slotted(held, own, glossary().names)
        assert fill(slots.text, slots.slots, own) is not None
        paired(held, said, own, other, glossary().names)


def brief(data: bytes) -> None:
    """All files of a brief whose every word is made of the bytes."""
    size = max(1, len(data) // 8)
    parts = [words(data[at : at + size]) for at in range(0, 8 * size, size)]
    title, organisation, author, position, zh, en, quote, reason = ((part or "x")[:2000] for part in parts)
    made = _brief(
        title, organisation, author, position, zh if zh.strip() else "x", en if en.strip() else "x", quote, reason
    )
    letterhead = BriefConfig(
        date="2025-03-09", sections=("shared", "priorities", "digests", "facts", "recommendations")
    )
    faults = [
        *markdown_faults(paper_markdown(made.papers[0], made.source)),
        *workbook_faults(recommendations_workbook(made, letterhead)),
        *word_faults(chinese_brief(made, RECORD, letterhead)),
        *word_faults(english_brief(made, RECORD, letterhead)),
    ]
    assert not faults, faults[:3]


def _brief(title, organisation, author, position, zh, en, quote, reason) -> Brief:
    source = Source(Path("volume.md"), f"{quote}\n{title}", "0" * 64)
    statement = Statement(Text(zh, en), (Evidence(Span(0, len(quote)), quote),))
    item = Recommendation("1.1", statement, "government", "data", (statement, statement))
    paper = PaperBrief(
        Paper(1, title, organisation, (author,), position, "zh", Span(0, len(source.text)), (), 0),
        *(Text(part, part) for part in (title, organisation, author, position)),
        Summary((statement,), (statement,)),
        (statement,),
        (item,),
        (Rejection(1, "translate", "en", en, f"name {reason} not in evidence; {reason}", "plain statement"),),
    )
    other = replace(paper, paper=replace(paper.paper, number=2), recommendations=(replace(item, id="2.1"),))
    both = (item, other.recommendations[0])
    return Brief(
        source,
        Text(title, title),
        Text(author, author),
        (paper, other),
        (Theme("data", Text(zh, en), (1, 2), both),),
        (Shared(statement.text, "data", both),),
        (item,),
    )


def chart(data: bytes) -> None:
    """Names and titles of papers in a picture."""
    middle = len(data) // 2
    support_chart([plain(words(part))[:24] for part in (data[:middle], data[middle:])], [2, 3], "zh")


TARGETS = {target.__name__: target for target in (text_file, word_file, pdf_file, volume, claims, brief, chart)}


def seeds(target: str) -> list[bytes]:
    """Inputs to begin with."""
    sample = (ROOT / "samples" / "volume.md").read_bytes()
    if target == "text_file":
        return [sample[:6000], sample.decode()[:3000].encode("gb18030"), sample.decode()[:3000].encode("utf-16")]
    return SEEDS.get(target, lambda: [bytes(range(256))])()


def _word_seeds() -> list[bytes]:
    import docx

    document = docx.Document()
    document.add_heading("让老管网少漏一滴水", 1)
    document.add_paragraph("清源水务公司总裁 李明")
    document.add_paragraph("先查漏", style="List Number")
    document.add_table(rows=2, cols=2).cell(0, 0).text = "年份"
    stream = io.BytesIO()
    document.save(stream)
    with zipfile.ZipFile(stream) as archive:
        wanted = [n for n in archive.namelist() if n.endswith((".rels", "document.xml", "numbering.xml"))]
        parts = b"".join(PART + name.encode() + b"\n" + archive.read(name) for name in wanted)
    notes = (
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:pPr>'
        b'<w:pStyle w:val="Heading1"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:rPr>'
        b'<w:b/><w:sz w:val="44"/><w:vertAlign w:val="superscript"/></w:rPr><w:t>12</w:t><w:tab/><w:br/>'
        b'<w:footnoteReference w:id="1"/></w:r></w:p><w:tbl><w:tr><w:tc><w:p/></w:tc><w:tc><w:p><w:r><w:t>x</w:t></w:r>'
        b"</w:p></w:tc></w:tr></w:tbl><w:txbxContent><w:p/></w:txbxContent></w:body></w:document>"
    )
    return [parts, PART + b"word/document.xml\n" + notes]


def _pdf_seeds() -> list[bytes]:
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    canvas = Canvas(stream, pageCompression=0)
    for _ in range(2):
        for row, line in enumerate(
            ("Contents", "A Quiet Harbour ..... 2", "Jane Roe, Director", "The bureau of dis-", "1")
        ):
            canvas.setFont("Helvetica", 9 + 4 * (row == 1))
            canvas.drawString(72, 760 - 20 * row, line)
        canvas.showPage()
    canvas.save()
    return [stream.getvalue()]


SEEDS = {"word_file": _word_seeds, "pdf_file": _pdf_seeds}
