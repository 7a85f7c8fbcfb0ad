"""Labels, plain text, source numbers, numerals and the chart."""

import io
import tomllib

import pytest
from PIL import Image

from pipeline.errors import PromptError
from pipeline.output.charts import themes_chart
from pipeline.output.edition import numeral
from pipeline.output.labels import load_labels, load_themes
from pipeline.output.plain import abridged, plain
from pipeline.output.sources import list_sources


@pytest.mark.parametrize(
    "text, expected",
    [
        ("## 一、建议\n\n**先行** 试点 A", "一、建议先行试点 A"),
        ("第一行\n第二行", "第一行第二行"),
        ("one\ntwo", "one two"),
        ("坏\x02字", "坏\ufffd字"),
        ("- 条目", "条目"),
        ("2 * 3 = 6", "2 * 3 = 6"),
    ],
)
def test_plain(text, expected):
    assert plain(text) == expected


@pytest.mark.parametrize(
    "text, most, expected", [("一二三", 3, "一二三"), ("一二三四五六七八九十", 6, "一二三四……九十")]
)
def test_abridged(text, most, expected):
    assert abridged(text, most) == expected


@pytest.mark.parametrize(
    "n, expected", [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (22, "二十二"), (40, "四十")]
)
def test_numeral(n, expected):
    assert numeral(n) == expected


def test_theme_keys_and_names():
    themes = load_themes()
    assert list(themes) == [
        "talent", "infrastructure", "data", "application", "ecosystem", "sme",
        "funding", "standards", "cooperation", "green", "public-service", "rnd",
    ]  # fmt: skip
    assert (themes["green"].zh, themes["green"].en) == ("绿色低碳", "Green and low-carbon")


def test_counted_words_agree_with_the_number():
    english = load_labels("en")
    assert [english.counted("papers", n) for n in (0, 1, 2)] == ["0 papers", "1 paper", "2 papers"]


def test_an_unknown_label_is_named():
    with pytest.raises(PromptError, match=r"labels.toml: \[zh\] has no heading.nothing; add it"):
        load_labels("zh").say("heading.nothing")


def test_a_field_that_is_not_given_is_named():
    with pytest.raises(PromptError, match=r"\[en\] title: cannot fill in 'title'"):
        load_labels("en").say("title")


@pytest.mark.parametrize(
    "reason, zh",
    [
        ("number 30 not in evidence", "数字在原文依据中没有"),
        ("says what the source does not", "意思在原文中没有依据"),
        ("some other fault", "some other fault"),
    ],
)
def test_reasons_in_words(reason, zh):
    assert load_labels("zh").reason(reason) == zh


def test_both_languages_have_the_same_labels(root):
    table = tomllib.loads((root / "prompts" / "labels.toml").read_text(encoding="utf-8"))
    sections = {language: {k for k, v in table[language].items() if isinstance(v, dict)} for language in ("zh", "en")}
    assert sections["en"] - sections["zh"] == {"confidence"}
    for shared in (
        "accounting",
        "themes",
        "priorities",
        "digest",
        "list",
        "sources",
        "addressee",
        "stage",
        "replacement",
    ):
        assert table["zh"][shared].keys() == table["en"][shared].keys()


def test_sources_are_numbered_in_the_order_of_the_volume_and_shared(brief):
    sources = list_sources(brief)
    assert [(e.number, e.paper, e.first_line) for e in sources.entries][:5] == [
        (1, 1, 9),
        (2, 1, 9),
        (3, 1, 10),
        (4, 1, 14),
        (5, 1, 16),
    ]
    item = brief.papers[0].recommendations[0]
    # A measure that stands inside the quote of its recommendation has the same source.
    assert sources.of(item.title) == sources.of(*item.measures) == [4]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_chart_is_the_same_each_time_and_as_wide_as_the_text(brief, language):
    png = themes_chart(brief, language)
    assert png == themes_chart(brief, language)
    assert Image.open(io.BytesIO(png)).size == (1181, 299)
