"""What a paper contradicts itself in, and what its key facts are marked as, in every file that tells it."""

from dataclasses import replace

import pytest

from pipeline.output.contract import json_text, paper_values
from pipeline.output.markdown import paper_markdown
from pipeline.records import Contradiction
from tests.output.test_parts import blocks, under


@pytest.fixture
def contradicting(brief):
    """The small brief, whose first paper gives its key fact otherwise elsewhere and aims at it."""
    first = brief.papers[0]
    fact = replace(first.key_facts[0], outlook="target")
    clash = Contradiction("figures", (fact, first.summary.zh[0]))
    paper = replace(first, key_facts=(fact,), contradictions=(clash,))
    return replace(brief, papers=(paper, *brief.papers[1:]))


def test_both_briefs_print_both_sides_with_their_sources(contradicting, record, letterhead):
    assert under(blocks("zh", contradicting, record, letterhead), "分歧与提醒")[0] == (
        "一篇之内数字不一致。远帆机械公司称：临江市有中小机械厂1200家[1]。"
        "又称：远帆机械公司认为，临江市中小机械厂联网设备不到三成[2]。引用前须核实。"
    )
    assert under(blocks("en", contradicting, record, letterhead), "Differences and gaps")[0] == (
        "Figures that differ within one paper. Yuanfan Machinery: Linjiang has 1,200 small engineering works.[1] "
        "The same paper: Yuanfan Machinery says that under 30% of machines in Linjiang’s small works are connected.[2] "
        "Check before you quote. "
    )


def test_a_paper_file_has_the_sides_and_marks_its_key_facts(contradicting):
    paper, source = contradicting.papers[0], contradicting.source
    values = paper_values(paper, source)
    assert json_text(values, "paper")
    (clash,) = values["contradictions"]
    assert clash["kind"] == "figures"
    assert [side["evidence"][0]["quote"] for side in clash["sides"]] == [
        "临江市有中小机械厂1200家",
        "其中联网设备不到三成。",
    ]
    (fact,) = values["key_facts"]
    assert (fact["outlook"], fact["contradicted"]) == ("target", True)


def test_a_key_fact_that_is_simply_so_has_no_mark(brief):
    (fact,) = paper_values(brief.papers[0], brief.source)["key_facts"]
    assert fact.keys() == {"text", "evidence"}


def test_markdown_tells_it_with_all_quotes(contradicting):
    text = paper_markdown(contradicting.papers[0], contradicting.source)
    assert "- 临江市有中小机械厂1200家（含目标）（同篇另有不同数字）。  \n" in text
    assert "works (includes a target) (the same paper contradicts it)" in text
    part = text.split("## 自相矛盾")[1].split("\n## ")[0]
    assert "> L9：临江市有中小机械厂1200家" in part and "> L9：其中联网设备不到三成。" in part


@pytest.mark.parametrize("language, words", [("zh", "1200家（含目标）"), ("en", "works (includes a target)")])
def test_the_briefs_mark_key_facts(contradicting, record, letterhead, language, words):
    sections = (*letterhead.sections, "facts")
    found = blocks(language, contradicting, record, letterhead, sections=sections)
    assert any(words in text for _, text in found)
