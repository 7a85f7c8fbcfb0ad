import json
from pathlib import Path

import pytest

from pipeline.language.slots import Slot, Slotted, fill, paired, slotted

NAMES = (("重庆", "Chongqing"), ("西门子", "Siemens"), ("商务部", "the Ministry of Commerce"), ("成都", "Chengdu"))
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


def test_numbers_dates_and_names_have_glyphs_of_their_own():
    assert slotted("2026年6月底前西门子在重庆投资2000亿元，增长9.4%", "zh", NAMES) == Slotted(
        "❶前α在β投资①，增长②",
        (
            Slot("❶", "2026年6月底", "the end of June 2026"),
            Slot("α", "西门子", "Siemens"),
            Slot("β", "重庆", "Chongqing"),
            Slot("①", "2000亿元", "RMB 200 billion"),
            Slot("②", "9.4%", "9.4%"),
        ),
    )


@pytest.mark.parametrize(
    "language, text, expected",
    [
        ("zh", "①推广GPT-4与AI", "(①)推广α与β"),
        ("zh", "重庆与重庆大学", "α与α大学"),
        ("zh", "商务部门形成都市圈", "商务部门形成都市圈"),
        ("zh", "两家企业，一是开放", "两家企业，一是开放"),
        ("zh", "“十五五”时期打造千亿级产业，接通12345热线", "α时期打造①级产业，接通β热线"),
        ("en", "By the 15th Five-Year Plan period", "By α period"),
        ("en", "Chongqing needs twelve 5G sites for two firms", "α needs ① β sites for two firms"),
    ],
)
def test_what_becomes_a_slot(language, text, expected):
    assert slotted(text, language, NAMES).text == expected


def test_extra_names_win_over_names():
    text = slotted("西门子（重庆）研究院", "zh", NAMES, [("西门子（重庆）研究院", "Siemens Institute Chongqing")])
    assert (text.text, text.slots[0].en) == ("α", "Siemens Institute Chongqing")


@pytest.mark.parametrize(
    "text, expected",
    [
        ("invest ① by ❶", "invest RMB 200 billion by the end of June 2026"),
        ("❶is the term", "The end of June 2026 is the term"),
        ("by the ❶", "by the end of June 2026"),
        ("①yuan for②of firms", "RMB 200 billion for 9.4% of firms"),
        ("② per cent", "9.4%"),
        ("the ③th fair", "the 14th fair"),
        ("αplans ③ sites", "Siemens plans 14 sites"),
    ],
)
def test_fill_sets_blanks_and_drops_doubled_units(text, expected):
    slots = [
        Slot("①", "2000亿元", "RMB 200 billion"),
        Slot("②", "9.4%", "9.4%"),
        Slot("③", "14", "14"),
        Slot("❶", "2026年6月底", "the end of June 2026"),
        Slot("α", "西门子", "Siemens"),
    ]
    assert fill(text, slots, "en") == expected


def test_fill_in_chinese_drops_a_doubled_unit():
    assert fill("投资①元，占②%", [Slot("①", "2000亿元", ""), Slot("②", "9%", "")], "zh") == "投资2000亿元，占9%"


PAIRS = [  # source, target, slotted source, slotted target
    ("投资约13亿元", "It costs 1.3 billion yuan", "投资约①", "It costs ①"),
    ("三成企业在2026年底前入网", "30% of firms join by the end of 2026", "①企业在❶前入网", "① of firms join by ❶"),
    ("三成企业", "Three in ten firms", "①企业", "① firms"),
    ("两年建12座站", "Build 12 stations in 2 years", "两年建①座站", "Build ① stations in two years"),
    ("8艘船", "Eight ships", "①艘船", "① ships"),
    ("西门子在重庆", "Siemens is in Chongqing", "α在β", "α is in β"),
    ("西门子设厂", "The firm builds a plant", "西门子设厂", "The firm builds a plant"),
    ("供水成本0.31，收入4.1亿元", "cost 0.31 yuan, revenue 410 million", "供水成本①，收入②", "cost ① yuan, revenue ②"),
    ("占地3—5亩", "3 to 5 mu", "占地①亩", "① mu"),
    ("每万人4名", "4 per 10,000 people", "每①人②名", "② per ① people"),
    ("千亿级产业", "an industry worth RMB 100 billion", "①级产业", "an industry worth ①"),
    ("第十四位", "14th in the country", "第①位", "①th in the country"),
    ("不足百家", "fewer than 100 firms", "不足①家", "fewer than ① firms"),
    ("酒店八折", "20% off hotels", "酒店①", "① hotels"),
    ("2000多亿元", "more than RMB 200 billion", "①", "①"),
    ("增加1.6倍", "up by 160%", "增加①", "up by ①"),
    ("是去年的两倍", "twice the level of last year", "是去年的①", "① the level of last year"),
    ("“十五五”时期", "the 15th Five-Year Plan period", "α时期", "α period"),
    ("上半年增长9%", "up 9% in the first half", "上半年增长①", "up ① in the first half"),
    ("开到21时，", "open until 21:00", "开到①，", "open until ①"),
]


@pytest.mark.parametrize("source, target, left, right", PAIRS)
def test_a_pair_has_the_same_glyph_for_the_same_value(source, target, left, right):
    first, second = paired(source, target, "zh", "en", NAMES)
    assert (first.text, second.text, second.slots) == (left, right, first.slots)


def test_a_number_before_a_hyphen_is_one_word():
    slots = [Slot("①", "千亿", "RMB 100 billion")]
    assert fill("a ①-level industry worth ①", slots, "en") == "a RMB 100-billion-level industry worth RMB 100 billion"


def test_a_discount_says_once_that_it_is_off():
    assert fill("① off hotels", [Slot("①", "八折", "20% off")], "en") == "20% off hotels"


@pytest.mark.parametrize(
    "zh, en", [("去年上半年", "in the first half of 2024"), ("按市场价七折", "at 70% of the price")]
)
def test_no_pair_of_values_that_only_look_alike(zh, en):
    assert paired(zh, en, "zh", "en") is None


def test_no_pair_if_the_target_prints_a_number_of_its_own():
    assert paired("回收期14个月", "Payback fell from 31 months to 14", "zh", "en") is None


def _sentences():
    for path in sorted(CORPUS.glob("*/digests/*.json")):
        for pair in json.loads(path.read_text(encoding="utf-8"))["sentences"]:
            yield pair["zh"], pair["en"]


@pytest.mark.skipif(not CORPUS.exists(), reason="annotated volumes are not here")
def test_most_sentence_pairs_can_be_paired_and_filled_back():
    sentences = list(_sentences())
    pairs = [paired(zh, en, "zh", "en") for zh, en in sentences]
    same = [fill(s.text, s.slots, "zh") == zh for zh, _ in sentences for s in [slotted(zh, "zh")]]
    assert sum(p is not None for p in pairs) >= 0.97 * len(pairs)
    assert sum(same) >= 0.995 * len(same)
