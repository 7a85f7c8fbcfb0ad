"""Headings make a tree."""

from pathlib import Path

import pytest

from pipeline.records import Paper, Source, Span
from pipeline.source.lines import heading_text, printed_lines
from pipeline.source.sections import sections


@pytest.mark.parametrize(
    "text, tree",
    [
        (
            "## 一、现状\n漏。\n### （一）管网\n旧。\n## 二、建议\n换。\n",
            [("一、现状", [("（一）管网", [])]), ("二、建议", [])],
        ),
        # Numbering beats Markdown marks, and a level that is left out leaves no gap.
        (
            "# （一）管网\n旧。\n# 二、建议\n##### 1.1 查漏\n换。\n",
            [("（一）管网", []), ("二、建议", [("1.1 查漏", [])])],
        ),
        ("没有标题。\n", []),
    ],
)
def test_tree(text, tree):
    lines = printed_lines(text)
    paper = Paper(1, "", "", (), "", "zh", Span(0, len(text)), lines, 0)

    def names(found):
        return [(heading_text(text[s.heading.span.start : s.heading.span.end]), names(s.parts)) for s in found]

    assert names(sections(paper)) == tree


def test_a_section_reaches_to_the_next_that_is_not_lower():
    text = "## 一、现状\n漏。\n### （一）管网\n旧。\n## 二、建议\n换。\n"
    source = Source(Path("volume.md"), text, "")
    paper = Paper(1, "", "", (), "", "zh", Span(0, len(text)), printed_lines(text), 0)
    first, second = sections(paper)
    assert source.slice(first.span) == "## 一、现状\n漏。\n### （一）管网\n旧。\n"
    assert source.slice(first.parts[0].span) == "### （一）管网\n旧。\n"
    assert source.slice(second.span) == "## 二、建议\n换。\n"
