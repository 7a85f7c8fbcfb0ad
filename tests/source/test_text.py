"""Words as a brief prints them, and sentences as spans."""

from pathlib import Path

import pytest

from pipeline.records import Source, Span
from pipeline.source.text import readable, sentences, unmarked, whole


@pytest.mark.parametrize(
    "printed, words",
    [
        ("## **一、** 投资 3 亿元 ， 建成 5 个<sup>1</sup>泵站[2]。", "一、投资3亿元，建成5个泵站。"),
        ("- ✓ 数字水表(Smart Meter)的应用,从 2025 年起:先试点", "数字水表（Smart Meter）的应用，从2025年起：先试点"),
        ("![](images/a.jpg)漏损率下降 12%,其中老城区最多", "漏损率下降12%，其中老城区最多"),
        ("见[说明](https://example.org/a)。", "见说明。"),
        ("山城 共有 水厂 3,000 座", "山城共有水厂3,000座"),
        ("Losses fell 3.5% (to 2 million), see (Figure 1).", "Losses fell 3.5% (to 2 million), see (Figure 1)."),
        ("3*4=12, *italic* and **bold**", "3*4=12, italic and bold"),
        ("使用 AI 模型", "使用 AI 模型"),
        ("first line\nsecond line", "first line second line"),
    ],
)
def test_readable(printed, words):
    assert readable(printed) == words
    assert readable(words) == words


@pytest.mark.parametrize(
    "text, expected",
    [
        ("先查漏。再换管！能不能快？能。", ["先查漏。", "再换管！", "能不能快？", "能。"]),
        ("他说：“先查漏。”大家同意。", ["他说：“先查漏。”", "大家同意。"]),
        ("问题不在“要不要换管？”而在次序。", ["问题不在“要不要换管？”而在次序。"]),
        ("（详见附表。）漏损率为3.5%。", ["（详见附表。）", "漏损率为3.5%。"]),
        ("漏损下降。<sup>3</sup>水价不变。", ["漏损下降。<sup>3</sup>", "水价不变。"]),
        (
            "Losses fell to 3.5 per cent. Dr. Roe agrees, e.g. on U.S. pipes. Good.",
            ["Losses fell to 3.5 per cent.", "Dr. Roe agrees, e.g. on U.S. pipes.", "Good."],
        ),
        ('She said "mend first." Then they left.', ['She said "mend first."', "Then they left."]),
        ("采用 AI 模型。It works. 效果好。", ["采用 AI 模型。", "It works.", "效果好。"]),
        ("1. 先查漏\n2. 再换管", ["1. 先查漏", "2. 再换管"]),
        ("## 一、现状\n漏损率高。", ["## 一、现状", "漏损率高。"]),
        ("- 先查漏；\n- 再换管。", ["- 先查漏；", "- 再换管。"]),
    ],
)
def test_sentences(text, expected):
    assert [text[s.start : s.end] for s in sentences(_source(text), Span(0, len(text)))] == expected


def test_a_sentence_broken_by_a_page_is_one():
    text = "市水务局应当在每一个街道选择三个小区安装远传水表并且把\n\n每天的读数公开。下一句。"
    assert [text[s.start : s.end] for s in sentences(_source(text), Span(0, len(text)))] == [text[:-4], "下一句。"]


def test_hard_wrapped_english_is_joined():
    text = "The water bureau should publish the reading of every district\nmeter each morning. It costs little."
    assert [text[s.start : s.end] for s in sentences(_source(text), Span(0, len(text)))] == [
        text[:-17],
        "It costs little.",
    ]


HALF = "全市工业余热去年只利用了其中的一小部分，大量热能从冷却塔直接排空，"


@pytest.mark.parametrize(
    "between",
    [
        "<sup>1</sup> 市统计局年报。",
        "<sup>1</sup> 年报。\n\n<sup>2</sup> 同上。\n\n— 12 —",
        "图 4　余热的去向",
        "![](heat.jpg)\n\n图 4　余热的去向",
        "| 年份 | 余热 |\n| 2024 | 18% |",
    ],
)
def test_a_sentence_that_a_page_break_cut_has_two_parts(between):
    text = f"前一句。{HALF}\n\n{between}\n\n没有计量。后一句。\n"
    first, second = (Span(text.index(words), text.index(words) + len(words)) for words in (HALF, "没有计量。"))
    source, within = _source(text), Span(0, len(text))
    assert whole(source, first, within) == whole(source, second, within) == (first, second)
    others = [Span(text.index(words), text.index(words) + 4) for words in ("前一句。", "后一句。")]
    assert [whole(source, other, within) for other in others] == [(other,) for other in others]


@pytest.mark.parametrize(
    "before, between, after",
    [
        (HALF[:-1] + "。", "图 4　余热的去向", "没有计量。"),  # it ends
        (HALF[:-1] + "。<sup>1</sup>", "<sup>1</sup> 年报。", "没有计量。"),
        ("余热的去向", "图 4　余热的去向", "没有计量。"),  # its author ended the line
        (HALF, "图 4　余热的去向", "## 计量"),
        (HALF, "图 4　余热的去向", "1. 计量。"),
        (f"数据来自《{HALF}》", "图 4　余热的去向", "没有计量。"),
    ],
)
def test_what_does_not_go_on_is_no_part_of_a_sentence(before, between, after):
    text = f"{before}\n\n{between}\n\n{after}\n"
    first = sentences(_source(text), Span(0, len(text)))[0]
    assert whole(_source(text), first, Span(0, len(text))) == (first,)


def test_sentences_stay_within_the_span():
    text = "第一句。第二句。第三句。"
    assert sentences(_source(text), Span(4, 8)) == [Span(4, 8)]


def _source(text):
    return Source(Path("volume.md"), text, "")


@pytest.mark.parametrize(
    "text, bare",
    [
        ("（二）先修管网", "先修管网"),
        ("——用两年时间普查管网", "用两年时间普查管网"),
        ("3.2 million homes", "3.2 million homes"),
        ("3.5亿元用于管网", "3.5亿元用于管网"),
        ("2. Repair pipes first", "Repair pipes first"),
        ("建议3：先修管网", "先修管网"),
        ("一、现状", "现状"),
        ("2026年开工", "2026年开工"),
    ],
)
def test_a_mark_in_front_of_an_item_is_dropped(text, bare):
    assert unmarked(text) == bare


def test_a_heading_drops_its_decimal_number_too():
    assert unmarked("### 3.2 让管网先行", heading=True) == "让管网先行"
