from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.language.numbers import Quantity, in_words, quantities, render

RENDERED = [  # language, as printed, in the other language
    ("zh", "2000亿元", "RMB 200 billion"),
    ("zh", "254万", "2.54 million"),
    ("zh", "95.3万", "953,000"),
    ("zh", "1.2万亿元", "RMB 1.2 trillion"),
    ("zh", "9.7 万", "97,000"),
    ("zh", "20亿美元", "US$2 billion"),
    ("zh", "300万欧元", "€3 million"),
    ("zh", "9.4%", "9.4%"),
    ("zh", "百分之三十", "30%"),
    ("zh", "三成", "30%"),
    ("zh", "六成半", "65%"),
    ("zh", "三成五", "35%"),
    ("zh", "两三成", "20–30%"),
    ("zh", "三到四成", "30–40%"),
    ("zh", "四成多", "over 40%"),
    ("zh", "百分之百", "100%"),
    ("zh", "百分之三十至四十", "30–40%"),
    ("zh", "百分之零点五", "0.5%"),
    ("zh", "千分之五", "5 in 1,000"),
    ("zh", "零点五", "0.5"),
    ("zh", "两倍", "twice"),
    ("zh", "5倍多", "over 5 times"),
    ("zh", "一倍半", "1.5 times"),
    ("zh", "八折", "20% off"),
    ("zh", "八五折", "15% off"),
    ("zh", "7折", "30% off"),
    ("zh", "二三十", "20–30"),
    ("zh", "3—5", "3–5"),
    ("zh", "3‑5", "3–5"),
    ("zh", "2.6比1", "2.6:1"),
    ("zh", "21:00", "21:00"),
    ("zh", "10点半", "10:30"),
    ("zh", "零点三十分", "0:30"),
    ("zh", "第3季度", "the third quarter"),
    ("zh", "2025年三季度末", "the end of the third quarter of 2025"),
    ("zh", "3个百分点", "3 percentage points"),
    ("zh", "1个百分点", "1 percentage point"),
    ("zh", "3倍", "3 times"),
    ("zh", "三分之一", "one-third"),
    ("zh", "三分之二", "two-thirds"),
    ("zh", "万分之三", "3 in 10,000"),
    ("zh", "五千亿元", "RMB 500 billion"),
    ("zh", "二十万", "200,000"),
    ("zh", "千万元", "RMB 10 million"),
    ("zh", "2000多亿元", "over RMB 200 billion"),
    ("zh", "6000至7000亿元", "RMB 600–700 billion"),
    ("zh", "8000至1.2万", "8,000–12,000"),
    ("zh", "3%至5%", "3–5%"),
    ("zh", "5∶3∶2", "5:3:2"),
    ("zh", "2026年", "2026"),
    ("zh", "2026年6月底", "the end of June 2026"),
    ("zh", "2026年底", "the end of 2026"),
    ("zh", "2025年上半年", "the first half of 2025"),
    ("zh", "2025年三季度", "the third quarter of 2025"),
    ("zh", "2025年9月8日", "8 September 2025"),
    ("zh", "2026—2028年", "2026 to 2028"),
    ("zh", "20世纪90年代", "the 1990s"),
    ("zh", "二〇二六年", "2026"),
    ("zh", "八月", "August"),
    ("en", "US$20 billion", "200亿美元"),
    ("en", "RMB 64.5m", "6450万元"),
    ("en", "2.14 billion yuan", "21.4亿元"),
    ("en", "12,000", "1.2万"),
    ("en", "44 per cent", "44%"),
    ("en", "15 percentage points", "15个百分点"),
    ("en", "two-thirds", "三分之二"),
    ("en", "seven in ten", "70%"),
    ("en", "nine-tenths", "九成"),
    ("en", "four hundred", "400"),
    ("en", "600-700 billion", "6000亿至7000亿"),
    ("en", "RMB 100 Billion", "1000亿元"),
    ("en", "3 in 10,000", "万分之三"),
    ("en", "one in ten thousand", "万分之一"),
    ("en", "21:00", "21:00"),
    ("en", "2.6 to 1", "2.6:1"),
    ("en", "the end of the third quarter of 2025", "2025年三季度末"),
    ("en", "the end of June 2026", "2026年6月底"),
    ("en", "15 March 2024", "2024年3月15日"),
    ("en", "the 1990s", "20世纪90年代"),
]


@pytest.mark.parametrize("language, printed, other", RENDERED)
def test_a_quantity_covers_its_unit_and_is_written_in_the_other_language(language, printed, other):
    (quantity,) = quantities(printed, language)
    assert (quantity.start, quantity.end) == (0, len(printed))
    assert render(quantity, "en" if language == "zh" else "zh") == other


@pytest.mark.parametrize(
    "language, text, figures",
    [
        ("zh", "销量254万辆，同比增长9.4%", ["254万", "9.4%"]),
        ("zh", "“十四五”以来，第一批两个园区，三是开放数据", []),
        ("zh", "数十家企业、十几个项目、（万元）、数千万元", []),
        ("zh", "“十五五”时期、第十五个五年规划、双碳、两新一重、一网通办", []),
        ("zh", "十余家、近百家、上千个、几十年、第十四位、半数、上半年、一季度", []),
        ("zh", "中央1号文件、12345便民热线、C919飞机、7×24小时与24小时", ["24"]),
        ("zh", "每千人3名，每百公里7元，每千瓦时1元", ["千", "3", "百", "7元", "1元"]),
        ("zh", "万元产值14元，千亿级产业，万吨级泊位，年营收过亿元", ["万元", "14元", "千亿", "万", "亿元"]),
        ("zh", "0.35元/千瓦时，320元/吨，80万吨标准煤，21.6万人次", ["0.35元", "320元", "80万", "21.6万"]),
        ("zh", "其中三成为主干道，八成员工，统一成为、占六成分值、一成不变", ["三成", "八成", "六成"]),
        ("zh", "三点建议，骨折，折旧，万一，二十五分钟", ["二十五"]),
        ("en", "the 15th Five-Year Plan, the 12345 hotline, 24/7, Document No. 1", []),
        ("en", "two quarters running, the first three quarters of 2024, one third-party review", ["2024"]),
        ("en", "3.4 per thousand people and 4 per 10,000 orders", ["3.4", "thousand", "4", "10,000"]),
        ("en", "from 600,000 in 2020 to 3.1 million in 2024", ["600,000", "2020", "3.1 million", "2024"]),
        ("zh", "建设5G网络和3D打印中心，符合ISO 9001", []),
        ("zh", "装机2580万千瓦，3千瓦一户", ["2580万", "3"]),
        ("zh", "全市 1 146 处", ["1 146"]),
        ("zh", "由3%到17%", ["3%", "17%"]),
        ("zh", "2.2 百日任务", ["2.2"]),
        ("zh", "十二秒内完成", ["十二"]),
        ("en", "seven firms, six times a day, a third runway", []),
        ("en", "six, twelve and eighteen months", ["twelve", "eighteen"]),
        ("en", "fell from 75 to 58 per cent", ["75", "58 per cent"]),
        ("en", "a 5G network and ISO/IEC 42001", []),
        ("en", "one or two European banks", []),
        ("en", "In 2024 they paid RMB 2000", ["2024", "RMB 2000"]),
    ],
)
def test_figures_of_running_text(language, text, figures):
    assert [text[q.start : q.end] for q in quantities(text, language) if q.figure] == figures


def test_the_first_end_of_a_falling_range_has_the_unit_of_the_second():
    first, last = quantities("from 75 to 58 per cent", "en")
    assert (first.kind, first.values) == ("percent", (Decimal(75),))
    assert (last.kind, last.values) == ("percent", (Decimal(58),))


@pytest.mark.parametrize(
    "language, text, read",
    [
        ("en", "rose by 8 percentage points to 33%", [("points", 8), ("percent", 33)]),
        ("zh", "提高8个百分点至33%", [("points", 8), ("percent", 33)]),
        ("zh", "同比增长9.4%至254万辆", [("percent", Decimal("9.4")), ("number", 2_540_000)]),
        ("zh", "增长20%到3亿元", [("percent", 20), ("money", 300_000_000)]),
    ],
)
def test_two_figures_of_different_units_are_no_range(language, text, read):
    assert [(q.kind, *q.values) for q in quantities(text, language)] == read


def test_ranges_can_be_read_as_two_quantities():
    assert [q.values for q in quantities("6000至7000亿元", "zh", ranges=False)] == [
        (Decimal(600_000_000_000),),
        (Decimal(700_000_000_000),),
    ]


@pytest.mark.parametrize(
    "text, kind, numbers, rendered",
    [
        ("比设计值高出一倍", "growth", 100, "100%"),
        ("费用增加了1.7倍", "growth", 170, "170%"),
        ("五年增长近两倍", "growth", 200, "200%"),
        ("是国产的三倍", "multiple", 3, "3 times"),
        ("用量增至原来的2.5倍", "multiple", Decimal("2.5"), "2.5 times"),
    ],
)
def test_what_is_added_is_told_from_the_whole(text, kind, numbers, rendered):
    (found,) = [q for q in quantities(text, "zh") if q.figure]
    assert (found.kind, found.numbers, render(found, "en")) == (kind, (numbers,), rendered)


def test_verbs_of_growth_are_read_and_stay_in_the_sentence():
    for language, text in (("zh", "翻一番、翻两番、翻倍"), ("en", "doubled, quadrupled, doubling")):
        found = quantities(text, language)
        assert [(q.values[0], q.figure) for q in found] == [(1, False), (3, False), (1, False)]


@pytest.mark.parametrize("value, zh, en", [(2, "两", "two"), (7, "七", "seven"), (11, None, None)])
def test_small_counts_in_words(value, zh, en):
    assert (in_words(Decimal(value), "zh"), in_words(Decimal(value), "en")) == (zh, en)


@settings(deadline=None)  # a busy machine is no fault
@given(
    st.decimals(min_value=Decimal("0.01"), max_value=10**14, places=2), st.sampled_from(["money", "percent", "number"])
)
def test_a_written_value_is_read_back_exactly(value, kind):
    unit = "CNY" if kind == "money" else ""
    for language in ("zh", "en"):
        text = render(Quantity(0, 1, kind, (value,), unit), language)
        sentence = f"共{text}，" if language == "zh" else f"It was {text} then"
        read = quantities(sentence, language)
        numbers = [n for q in read for n in q.numbers]
        assert numbers == [value], sentence
