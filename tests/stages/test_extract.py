from pathlib import Path

import pytest

from pipeline.llm.engine import Quotes
from pipeline.llm.prompt import load_schema, load_task
from pipeline.records import Source, Span
from pipeline.stages.extract import calling, extract, located, measure_spans, said_once
from pipeline.stages.group import regions
from tests.scripted import ScriptedEngine
from tests.stages.volume import GLOSSARY, PROMPTS, WORDS, grounder_of, labels, one_paper

SCHEMA = load_schema(PROMPTS, "recommendation/schema")
GOOD = '{"title": "普查园区管网并奖励先修管网的企业", "measures": ["用两年时间普查全部园区管网，形成一张底图"]}'


def extracted(reply: str):
    source, paper = one_paper()
    engine = ScriptedEngine(lambda request: reply)
    found = regions(source, paper, labels("OOOOOOBCCOO"), 0.5, WORDS)
    tasks = {"zh": load_task(PROMPTS, "recommendation/zh")}
    grounder = grounder_of(source, paper)
    (item,) = extract({1: paper}, found, tasks, SCHEMA, engine, True, grounder, lambda done, total: None)
    return source, item, engine


def test_a_reply_becomes_a_title_and_quoted_measures():
    source, item, _ = extracted(GOOD)
    assert item.title.text == "普查园区管网并奖励先修管网的企业"
    assert [m.text for m in item.measures] == ["用两年时间普查全部园区管网，形成一张底图"]
    (evidence,) = item.measures[0].evidence
    assert source.text[evidence.span.start : evidence.span.end] == "——用两年时间普查全部园区管网，形成一张底图"
    assert not item.rejections


def test_the_request_allows_only_quotes_of_the_item():
    _, _, engine = extracted(GOOD)
    constraint = engine.asked[0].constraint
    assert isinstance(constraint, Quotes)
    assert constraint.texts == (
        "### （一）先修管网",
        "——用两年时间普查全部园区管网，形成一张底图。",
        "——对先修管网的企业按节电量给予奖励。",
    )


@pytest.mark.parametrize(
    "reply, reason",
    [
        ("不是JSON", "not JSON"),
        ('{"title": "先修管网再装设备"}', "schema"),
        (GOOD + "✂", "cut at its limit"),
        (GOOD.replace("普查园区", "在7个园区普查"), "7"),
    ],
)
def test_a_poor_reply_falls_back_to_the_items_own_heading(reply, reason):
    _, item, _ = extracted(reply)
    assert item.title.text == "先修管网"
    assert reason in item.rejections[0].reason and item.rejections[0].replacement == "quote"
    assert item.measures


@pytest.mark.parametrize(
    "quote, found",
    [
        ("建议用两年时间普查全部园区管网", "建议用两年\n\n时间普查全部园区管网"),
        ("时间 普查", "时间普查"),
        ("三年时间", None),
        ("", None),
    ],
)
def test_a_quote_is_found_whatever_line_breaks_stand_inside(quote, found):
    source = Source(Path("v.md"), "建议用两年\n\n时间普查全部园区管网。\n", "")
    span = located(source, Span(0, len(source.text)), quote)
    assert (source.slice(span) if span else None) == found


@pytest.mark.parametrize(
    "text, quote, measure",
    [
        ("市里不应设置准入门槛，由企业自定。", "应设置准入门槛", "市里不应设置准入门槛"),  # a denial is not cut off
        ("三年投入1200万元建站，每年考核。", "三年投入12", "三年投入1200万元建站"),  # nor is a number
        ("先修管网。再装设备。", "先修管网。再装设备", "先修管网。再装设备"),
    ],
)
def test_a_quote_is_widened_to_whole_clauses(text, quote, measure):
    source, paper = one_paper(f"# 题\n\n作者\n\n{text}\n")
    spans, lost = measure_spans(source, paper, paper.lines[2].span, [quote])
    assert [source.slice(s) for s in spans] == [measure] and lost == []


def test_a_measure_that_is_quoted_twice_is_kept_once_and_counted():
    source, paper = one_paper("# 题\n\n作者\n\n先修管网，再装设备。\n")
    spans, lost = measure_spans(source, paper, paper.lines[2].span, ["先修管网", "修管网"])
    assert len(spans) == 1 and lost == ["修管网"]


@pytest.mark.parametrize(
    "title, language, once",
    [
        ("建设智能治理体系，构建智能治理体系", "zh", "建设智能治理体系"),
        ("普查园区管网，奖励先修管网的企业", "zh", "普查园区管网，奖励先修管网的企业"),
        ("Survey all pipes, survey all pipes of parks", "en", "Survey all pipes"),
    ],
)
def test_a_title_says_nothing_twice(title, language, once):
    assert said_once(title, language) == once


@pytest.mark.parametrize(
    "texts, title",
    [
        (["园区节能的短板在管网。", "建议进一步普查全部园区管网，形成一张底图。"], "普查全部园区管网"),
        (["园区节能的短板在管网，应尽快建立管网底图，供企业查询。"], "建立管网底图"),
        (["不支持高耗能项目进入本市的园区。"], ""),
    ],
)
def test_a_title_is_the_first_clause_that_calls_for_something(texts, title):
    assert calling(texts, GLOSSARY) == title
