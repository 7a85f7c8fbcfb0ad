"""What holds for any text at all."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.records import Paper, Source, Span
from pipeline.source.chunk import chunk_paper
from pipeline.source.lines import printed_lines
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


def _source(text):
    return Source(Path("volume.md"), text, "")
