"""Chunks tile a paper and fit the budget."""

from pathlib import Path

import pytest

from pipeline.records import Paper, Source, Span
from pipeline.source.chunk import chunk_paper
from pipeline.source.lines import printed_lines

TEXT = (
    "# 山城水务建议\n\n某水务公司 李明\n\n## 一、现状\n\n漏损率高。管网老旧。水压不稳。\n\n"
    "### （一）老城区\n\n管网建于三十年前。\n\n"
    "## 二、建议\n\n更换老旧管网。安装远传水表。公开每日读数，接受市民监督。\n"
)


def test_chunks_tile_the_paper_within_the_budget():
    for budget in (1, 5, 12, 30, 1000):
        source, paper = _paper(TEXT)
        chunks = chunk_paper(source, paper, budget, len)
        assert "".join(source.slice(chunk.span) for chunk in chunks) == source.slice(paper.span)
        assert max(len(chunk.span) for chunk in chunks) <= budget
        assert [chunk.index for chunk in chunks] == list(range(len(chunks)))


def test_a_chunk_begins_at_a_heading_and_knows_what_stands_over_it():
    source, paper = _paper(TEXT)
    chunks = chunk_paper(source, paper, 50, len)
    assert [(source.slice(chunk.span).split("\n")[0], chunk.headings) for chunk in chunks] == [
        ("# 山城水务建议", ()),
        ("### （一）老城区", ("一、现状",)),
        ("## 二、建议", ()),
    ]


def test_a_long_paragraph_is_cut_at_a_sentence():
    text = "更换老旧管网。安装远传水表。公开每日读数。"
    source, paper = _paper(text)
    assert [source.slice(chunk.span) for chunk in chunk_paper(source, paper, 16, len)] == [
        "更换老旧管网。安装远传水表。",
        "公开每日读数。",
    ]


def test_tokens_need_not_add_up():
    """A tokenizer may count more for a whole than for its parts."""
    source, paper = _paper(TEXT)

    def count(text):
        return len(text) + len(text) // 10

    chunks = chunk_paper(source, paper, 20, count)
    assert "".join(source.slice(chunk.span) for chunk in chunks) == source.slice(paper.span)
    assert max(count(source.slice(chunk.span)) for chunk in chunks) <= 20


@pytest.mark.parametrize("budget", [0, -1])
def test_refuses_a_budget_that_is_not_positive(budget):
    with pytest.raises(ValueError, match="must be positive"):
        chunk_paper(*_paper(TEXT), budget, len)


def test_refuses_a_budget_below_one_character():
    with pytest.raises(ValueError, match="alone needs 3"):
        chunk_paper(*_paper(TEXT), 2, lambda text: 3 * len(text))


def _paper(text):
    source = Source(Path("volume.md"), text, "")
    lines = printed_lines(text)
    span = Span(0, lines[-1].span.end)
    body = 2 if text.startswith("#") else 0
    return source, Paper(1, "山城水务建议", "", (), "", "zh", span, lines, body)
