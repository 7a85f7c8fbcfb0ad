"""Labels, plain and abridged text, source numbers, numerals and the pictures."""

import io
import tomllib
from dataclasses import replace

import pytest
from PIL import Image

from pipeline.config import BriefConfig
from pipeline.errors import PromptError
from pipeline.output.charts import canvas, draw_cells, matrix_chart, support_chart, upright
from pipeline.output.edition import numeral, printed
from pipeline.output.labels import load_labels, load_themes
from pipeline.output.plain import abridged, clauses, plain, within
from pipeline.output.sources import Where, list_sources, where
from pipeline.records import Place, Span

SECTIONS = BriefConfig().sections


@pytest.mark.parametrize(
    "text, expected",
    [
        ("## 一、建议\n\n**先行** 试点 A", "一、建议先行试点 A"),
        ("第一行\n第二行", "第一行第二行"),
        ("one\ntwo", "one two"),
        ("坏\x02字", "坏\ufffd字"),
        ("- 条目", "条目"),
        ("2 * 3 = 6", "2 * 3 = 6"),
        ("面积8.24万km<sup>2</sup>", "面积8.24万km²"),
        ("不到<2%的<b>电费</b>", "不到<2%的电费"),
        ("\\* 可参考 C:\\temp", "可参考 C:\\temp"),
    ],
)
def test_plain(text, expected):
    assert plain(text) == expected


@pytest.mark.parametrize(
    "text, most, expected",
    [
        ("一二三", 3, "一二三"),
        ("一二三四五六七八", 6, "一二三四五六七八"),  # …… would be as long
        ("一二三四五六七八九十", 5, "一二三……九十"),
        ("The city lost 46 hours of supply, most in the old districts.", 20, "The city lost 46 hours……old districts."),
    ],
)
def test_a_quote_keeps_its_first_and_last_words(text, most, expected):
    assert abridged(text, most) == expected


@pytest.mark.parametrize(
    "text, most, language, expected",
    [
        ("统一公布接入标准", 10, "zh", "统一公布接入标准"),
        ("先建两个站，再推广到全市所有码头", 8, "zh", "先建两个站……"),
        ("在全市所有码头分三批建设换电站", 8, "zh", "在全市所有码头分……"),
        ("推动企业“上云用数”", 6, "zh", "推动企业……"),
        ("Build two stations, then go on to all docks", 4, "en", "Build two stations …"),
        ("Build stations at all of the docks", 4, "en", "Build stations at all …"),
    ],
)
def test_a_measure_keeps_its_first_clauses(text, most, language, expected):
    assert clauses(text, most, language) == expected


@pytest.mark.parametrize(
    "items, most, language, count",
    [
        (["一二三", "四五六", "七"], 6, "zh", 2),
        (["一二三", "四五六", "七"], 7, "zh", 3),
        (["一二三四五六七八"], 5, "zh", 1),  # one at least
        (["two words", "three more words"], 4, "en", 1),
        ([], 5, "zh", 0),
    ],
)
def test_items_are_left_out_whole(items, most, language, count):
    assert within(items, most, language) == count


@pytest.mark.parametrize(
    "n, expected",
    [
        (1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (22, "二十二"), (40, "四十"), (100, "一百"),
        (101, "一百零一"), (110, "一百一十"), (312, "三百一十二"),
        (1001, "一千零一"), (2200, "二千二百"), (10000, "10000"),
    ],
)  # fmt: skip
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
        "shared",
        "differences",
        "support",
        "paper_page",
        "priorities",
        "digest",
        "list",
        "sources",
        "addressee",
        "stage",
        "replacement",
    ):
        assert table["zh"][shared].keys() == table["en"][shared].keys()


def sources_of(brief, sections=SECTIONS, language="zh"):
    statements = {p.paper.number: printed(p, brief, language, sections) for p in brief.papers}
    return list_sources(brief.source, statements)


def test_sources_are_numbered_in_the_order_of_the_volume_and_shared(brief):
    sources = sources_of(brief)
    assert [(e.number, e.paper, e.where.first) for e in sources.entries][:4] == [
        (1, 1, 9),
        (2, 1, 10),
        (3, 1, 14),
        (4, 1, 16),
    ]
    item = brief.papers[0].recommendations[0]
    # A measure that stands inside the quote of its recommendation has the same source.
    assert sources.of(item.title) == sources.of(*item.measures) == [3]


@pytest.mark.parametrize(
    "parts, expected",
    [
        ([], Where("line", 14, 16, "")),
        ([("volume.pdf", 1, "# 目录"), ("volume.pdf", 2, "平台向")], Where("page", 1, 2, "")),
        ([("1.md", 0, "# 目录"), ("2.md", 0, "**1. 由市里")], Where("line", 1, 3, "2.md")),
        ([("1.md", 0, "# 目录"), ("2.pdf", 7, "**1. 由市里")], Where("page", 7, 7, "2.pdf")),
    ],
)
def test_a_quote_stands_on_pages_if_there_are_any_and_in_a_file_if_there_are_several(brief, parts, expected):
    text = brief.source.text
    places = tuple(Place(text.index(words), file, page) for file, page, words in parts)
    quote = Span(text.index("**1. 由市里"), text.index("费用由市"))
    assert where(replace(brief.source, places=places), quote) == expected


def test_only_what_is_printed_has_a_source(brief):
    quotes = lambda *sections: [e.evidence.quote for e in sources_of(brief, sections).entries]
    fact = brief.papers[0].key_facts[0].evidence[0].quote
    assert fact not in quotes("digests", "recommendations") and fact in quotes("facts")
    # The priorities stand on page one, whatever sections follow.
    assert len(quotes()) == 4


def test_what_could_not_be_translated_has_a_source_only_where_it_is_printed(brief):
    paper = brief.papers[1]
    item = paper.recommendations[0]
    plain_measure = replace(item.measures[0], plain="en")
    paper = replace(paper, recommendations=(replace(item, measures=(plain_measure,)),))
    brief = replace(brief, papers=(paper,), priorities=(), shared=())
    assert len(sources_of(brief).entries) == 1 + len(sources_of(brief, language="en").entries)


@pytest.mark.parametrize("language, height", [("zh", 307), ("en", 377)])
def test_pictures_are_the_same_each_time_and_as_wide_as_the_text(brief, language, height):
    picture = matrix_chart(brief, language, ["甲", "乙", "丙"])
    assert picture == matrix_chart(brief, language, ["甲", "乙", "丙"])
    assert Image.open(io.BytesIO(picture)).size == (1181, height)
    assert Image.open(io.BytesIO(support_chart(["甲", "乙"], [3, 2], language))).size == (1181, 157)


def test_pictures_are_grey(brief):
    picture = Image.open(io.BytesIO(matrix_chart(brief, "zh", ["甲", "乙", "丙"]))).convert("RGB")
    assert all(r == g == b for _, (r, g, b) in picture.getcolors(maxcolors=10_000))


def test_a_picture_shows_who_recommends_how_much_in_which_theme(brief):
    axes = canvas(40).subplots()
    draw_cells(axes, brief, "zh", ["甲", "乙", "丙"])
    cells = {(text.get_position()): text.get_text() for text in axes.texts}
    # Columns are papers, rows are themes: papers 1 and 2 on data, 2 on green, 1 on talent.
    assert cells == {(0, 0): "1", (1, 0): "1", (1, 1): "1", (0, 2): "1"}


@pytest.mark.parametrize("name, written", [("康宁", "康\n宁"), ("SK", "SK"), ("SK电讯", "SK电讯")])
def test_chinese_names_are_written_downwards(name, written):
    assert upright(name) == written
