"""What holds for any text at all."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.records import Paper, Source, Span
from pipeline.source.blocks import Block, write
from pipeline.source.chunk import chunk_paper
from pipeline.source.lines import printed_lines
from pipeline.source.pdf_order import in_reading_order
from pipeline.source.pdf_pages import Page, PrintedLine
from pipeline.source.pdf_paragraphs import paragraphs
from pipeline.source.pdf_running import without_running_lines
from pipeline.source.read import read
from pipeline.source.sections import sections
from pipeline.source.segment import segment
from pipeline.source.text import readable, sentences

PIECES = st.sampled_from(
    [
        "# ",
        "## 一、",
        "目录",
        "\n",
        "\n\n",
        " ",
        "　",
        "供水",
        "建议先查漏",
        "。",
        "，",
        "？”",
        "……",
        "12",
        "3.5",
        ". ",
        "(",
        ")",
        "**",
        "*",
    ]
    + [
        "|",
        "<sup>1</sup>",
        "Dr. Roe",
        "公司总裁 李明",
        "- ",
        "1. ",
        "AI",
        "![](a.jpg)",
        "[2]",
        "\t",
        "“",
        ": ",
        "Jane Roe, Director",
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)


@given(TEXTS)
@settings(deadline=None)
def test_readable_text_is_left_alone(text):
    assert readable(readable(text)) == readable(text)


@given(TEXTS)
@settings(deadline=None)
def test_sentences_hold_every_printed_character_in_order(text):
    if not text.strip():
        return
    spans = sentences(_source(text), Span(0, len(text)))
    assert "".join("".join(text[s.start : s.end] for s in spans).split()) == "".join(text.split())
    assert all(before.end <= after.start for before, after in zip(spans, spans[1:], strict=False))


@given(TEXTS, st.integers(1, 40))
@settings(deadline=None)
def test_chunks_tile_any_paper_within_the_budget(text, budget):
    lines = printed_lines(text)
    if not lines:
        return
    span = Span(lines[0].span.start, lines[-1].span.end)
    paper = Paper(1, "", "", (), "", "zh", span, lines, 0)
    chunks = chunk_paper(_source(text), paper, budget, len)
    assert "".join(text[c.span.start : c.span.end] for c in chunks) == text[span.start : span.end]
    assert max(len(chunk.span) for chunk in chunks) <= budget


@given(TEXTS)
@settings(deadline=None)
def test_any_text_is_segmented_or_refused(text):
    try:
        papers = segment(_source(text)).papers
    except SourceError:
        return
    assert all(before.span.end <= after.span.start for before, after in zip(papers, papers[1:], strict=False))
    assert all(0 <= paper.body <= len(paper.lines) for paper in papers)


@given(TEXTS)
@settings(deadline=None)
def test_papers_and_sections_slice_back(text):
    try:
        papers = segment(_source(text)).papers
    except SourceError:
        return
    for paper in papers:
        assert text[paper.span.start : paper.span.end].strip() == text[paper.span.start : paper.span.end]
        inner = list(sections(paper))
        while inner:
            section = inner.pop()
            inner += section.parts
            assert text[section.span.start :].startswith("".join(text[slice(*_ends(section.heading.span))]))
            assert paper.span.start <= section.span.start < section.span.end <= paper.span.end
            assert all(section.span.start < part.span.start < section.span.end for part in section.parts)


def _ends(span):
    return span.start, span.end


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1).filter(str.strip),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
)
@settings(deadline=None)
def test_any_text_in_any_encoding_comes_back(tmp_path_factory, text, encoding, newline):
    path = tmp_path_factory.mktemp("volume") / "volume.md"
    path.write_bytes((text + newline + text).encode(encoding))
    source = read(path)
    assert source.text == f"{text}\n{text}"
    assert source.place(0).file == "volume.md"


CHINESE = "建议市政府在两年内更换老旧管网降低漏损率并公开每日读数接受监督"


@given(st.text(st.sampled_from(CHINESE + "，。\n")).map(lambda text: text + CHINESE))
@settings(deadline=None)
def test_chinese_in_gb18030_comes_back(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("volume") / "volume.txt"
    path.write_bytes(text.encode("gb18030"))
    assert read(path).text == text


BLOCKS = st.builds(
    Block,
    st.text(st.sampled_from("供水。 \n1"), max_size=12),
    level=st.integers(0, 6),
    kind=st.sampled_from(["text", "row", "note"]),
    pages=st.integers(1, 9).map(lambda page: ((0, page),)),
)


@given(st.lists(BLOCKS, max_size=12))
def test_no_block_is_lost_when_a_document_is_written(blocks):
    text, pages = write(blocks)
    assert sorted(text.replace("#", "").split()) == sorted(word for block in blocks for word in block.text.split())
    assert [start for start, _ in pages] == sorted(start for start, _ in pages)
    assert all(0 <= start < len(text) for start, _ in pages)


LINES = st.builds(
    lambda text, left, width, base, size: PrintedLine(text, left, left + width, base, size),
    st.sampled_from(
        ["供水", "先查漏。", "1", "— 2 —", "The bureau of dis-", "trict", "<sup>1</sup>", "1 年报", "目录", "管网 …… 3"]
    ),
    st.floats(0, 500),
    st.floats(1, 300),
    st.floats(0, 800),
    st.sampled_from([7.0, 9.0, 12.0, 12.1, 22.0]),
)


@given(st.lists(st.lists(LINES, max_size=14), max_size=4))
@settings(deadline=None)
def test_no_line_of_a_page_is_lost_or_doubled(pages):
    """But for running lines, whatever is printed where."""
    kept = without_running_lines([Page(number, 595.0, tuple(lines)) for number, lines in enumerate(pages, start=1)])
    ordered = [in_reading_order(page) for page in kept]
    assert [sorted(page.lines, key=repr) for page in ordered] == [sorted(page.lines, key=repr) for page in kept]
    printed = "".join(line.text for page in kept for line in page.lines)
    read_back = "".join(block.text for block in paragraphs(ordered))
    signs = str.maketrans("", "", " \n\t\u3000-")
    assert sorted(read_back.replace("<sup>", "").replace("</sup>", "").translate(signs)) == sorted(
        printed.replace("<sup>", "").replace("</sup>", "").translate(signs)
    )


def _source(text):
    return Source(Path("volume.md"), text, "")
