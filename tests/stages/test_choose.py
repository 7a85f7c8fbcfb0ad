"""Which statements make a summary, and how long it becomes."""

import pytest

from pipeline.records import Evidence, Span, Statement, Text
from pipeline.stages.choose import Parts, closed, load_closing, summary_of
from tests.stages.volume import PROMPTS

CLOSING = Text("建议：{{ titles | join('；') }}。", "It recommends: {{ titles | join('; ') }}.")


def statement(zh: str, en: str, at: int, plain: str | None = None) -> Statement:
    return Statement(Text(zh, en), (Evidence(Span(at, at + 4), "原文四字"),), plain)


SAID = statement("余热利用率只有两成。", "Only a fifth of the heat is used.", 10)
TITLE = statement("普查园区管网", "Survey the pipes of all parks", 90)
SPARE = statement("三家工厂已经装上回收设备。", "Three works have fitted recovery units already.", 50)
FACT = statement("去年电价平均上涨。", "Power prices rose last year.", 30)
UNTRANSLATED = statement("另有一句话译不出来。", "pipes (outline)", 20, plain="en")


def words(*said, titles=(), measures=(), spare=(), facts=(), zh=(1, 60), en=(1, 40)):
    summary = summary_of(Parts("zh", said, titles, measures, spare, facts), {"zh": zh, "en": en}, CLOSING)
    return [s.text.zh for s in summary.zh], [s.text.en for s in summary.en]


def test_what_was_said_suffices_where_it_is_long_enough():
    assert words(SAID, titles=[TITLE], spare=[SPARE]) == ([SAID.text.zh], [SAID.text.en])


def test_a_short_summary_ends_with_what_the_paper_recommends():
    chinese, english = words(SAID, titles=[TITLE], spare=[SPARE], zh=(15, 60), en=(12, 40))
    assert chinese == [SAID.text.zh, "建议：普查园区管网。"]
    assert english == [SAID.text.en, "It recommends: Survey the pipes of all parks."]


def test_digests_and_then_facts_fill_what_is_missing_in_the_order_of_the_paper():
    chinese, _ = words(SAID, titles=[TITLE], spare=[SPARE], facts=[FACT], zh=(40, 60))
    assert chinese == [SAID.text.zh, FACT.text.zh, SPARE.text.zh, "建议：普查园区管网。"]


def test_measures_come_last_and_in_the_closing_sentence():
    measure = statement("两年内普查全部园区的管网", "Finish within two years", 95)
    chinese, english = words(SAID, titles=[TITLE], measures=[measure], zh=(30, 60), en=(18, 40))
    assert chinese == [SAID.text.zh, "建议：普查园区管网；两年内普查全部园区的管网。"]
    assert english == [SAID.text.en, "It recommends: Survey the pipes of all parks; Finish within two years."]


def test_each_language_fills_for_itself_what_could_not_be_translated():
    chinese, english = words(SAID, UNTRANSLATED, spare=[SPARE], zh=(15, 60), en=(12, 40))
    assert chinese == [SAID.text.zh, UNTRANSLATED.text.zh]
    assert english == [SAID.text.en, SPARE.text.en]


def test_outlines_fill_what_nothing_else_can():
    assert words(SAID, UNTRANSLATED, en=(9, 40))[1] == [SAID.text.en, UNTRANSLATED.text.en]


def test_a_summary_without_any_translation_is_plain_rather_than_empty():
    assert words(UNTRANSLATED)[1] == [UNTRANSLATED.text.en]


@pytest.mark.parametrize("most, count", [(60, 2), (12, 1)])
def test_no_summary_is_longer_than_it_may_be(most, count):
    chinese, _ = words(SAID, SPARE, zh=(5, most))
    assert len(chinese) == count and sum(map(len, chinese)) <= most


def test_nothing_is_said_twice():
    assert words(SAID, spare=[SAID], facts=[SAID], titles=[SAID], zh=(30, 60))[0] == [SAID.text.zh]


def test_the_closing_sentence_rests_on_all_its_recommendations():
    sentence = closed([TITLE, SPARE], load_closing(PROMPTS))
    assert sentence.evidence == (*TITLE.evidence, *SPARE.evidence)
    assert sentence.text.zh.count("；") == 1 and sentence.text.en.endswith(".")
