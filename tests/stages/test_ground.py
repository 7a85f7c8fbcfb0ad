import pytest

from pipeline.records import Grounded, Rejection
from pipeline.source.text import sentences
from pipeline.stages.ground import clipped, rest
from tests.stages.volume import grounder_of, one_paper


def look_up(text):
    source, paper = one_paper()
    grounder = grounder_of(source, paper)
    return grounder.ground(rest(text, grounder.candidates(sentences(source, paper.span))), paper, "digest", "dropped")


def test_a_sentence_rests_on_the_source_sentence_it_repeats():
    found = look_up("全市工业余热只利用了18%。")
    assert isinstance(found, Grounded)
    assert [e.quote for e in found.evidence] == ["全市工业余热去年只利用了18%，大量热能直接排空。"]


def test_evidence_is_the_source_at_its_span():
    source, _ = one_paper()
    (evidence,) = look_up("全市工业余热只利用了18%。").evidence
    assert source.text[evidence.span.start : evidence.span.end] == evidence.quote


def test_a_sentence_that_a_page_break_cut_is_quoted_in_both_parts():
    text = "# 题\n\n作者\n\n全市工业余热去年只利用了其中的18%，大量热能从冷却塔直接排空，而且\n\n"
    source, paper = one_paper(text + "<sup>1</sup> 市统计局年报。\n\n没有计量。后一句。\n")
    first = next(s for s in sentences(source, paper.span) if source.slice(s).startswith("全市"))
    second = next(s for s in sentences(source, paper.span) if source.slice(s).startswith("没有"))
    quoted = grounder_of(source, paper).quoted([first], paper)
    assert quoted.text == "全市工业余热去年只利用了其中的18%，大量热能从冷却塔直接排空，而且没有计量。"
    assert [e.span for e in quoted.evidence] == [first, second]
    assert grounder_of(source, paper).quoted([second], paper) == quoted


def test_a_sentence_of_two_facts_rests_on_both():
    found = look_up("全市工业余热只利用了18%，管网完好的园区节电12%。")
    assert len(found.evidence) == 2


@pytest.mark.parametrize(
    "text, reason",
    [
        ("全市工业余热只利用了81%。", "81"),  # a wrong number
        ("国际会展中心本月开馆，市民踊跃参观。", "says what the source does not"),
    ],
)
def test_what_the_source_does_not_hold_is_rejected_with_the_reason(text, reason):
    found = look_up(text)
    assert isinstance(found, Rejection) and reason in found.reason


@pytest.mark.parametrize(
    "text, most, cut",
    [
        ("短句。", 20, "短句。"),
        ("先修管网，再装设备，最后验收，全部工作两年完成。", 12, "先修管网，再装设备……"),
        ("全市三年内计划投入1200亿元用于管网建设", 11, "全市三年内计划投入……"),  # never inside a number
    ],
)
def test_a_long_quote_is_cut_at_a_clause(text, most, cut):
    assert clipped(text, "zh", most) == cut
