import pytest

from pipeline.stages.contradict import clashes
from tests.stages.volume import grounder_of, one_paper


def clashing(*lines: str, language: str = "zh") -> list[tuple[str, ...]]:
    """What a paper of these paragraphs contradicts: the texts of each clash."""
    source, paper = one_paper("# 题\n\n作者\n\n" + "\n\n".join(lines) + "\n", language)
    return [tuple(side.text for side in clash.sides) for clash in clashes(paper, grounder_of(source, paper))]


@pytest.mark.parametrize(
    "one, other",
    [
        # Told again: how many were asked, what is taken up, all that there are.
        ("本文根据对37家企业的走访，说明瓶颈在集成。", "今年春天，我们走访了34家企业，其中20家有专职人员。"),
        ("中标的示范项目共63个，去年验收。", "53个示范项目中，只有20个仍在使用。"),
        ("全市现有洗消中心96个，设备老化。", "两年内将69个洗消中心全部改造。"),
        # One measure, one year.
        ("2023年全市软件业收入增长12%。", "2023年，全市软件业收入增长15%，快于工业。"),
        ("全市新能源汽车产量为28.6万辆。", "全市新能源汽车产量为26.8万辆，居全国第五。"),
        ("预计2030年冷链设备市场规模达471亿元。", "2030年冷链设备市场规模预计达741亿元。"),
        # What a change that is asked for begins at is so now.
        ("全市换电站日均利用率为12%。", "力争三年内把全市换电站日均利用率由18%提高到30%。"),
        # A table against the text.
        ("| 果蔬产后损耗率 | 23% | 6% |", "果蔬产后损耗率高达28%。"),
    ],
)
def test_two_figures_for_one_thing(one, other):
    assert [sides[-1] for sides in clashing(one, other)] == [other]


@pytest.mark.parametrize(
    "one, other",
    [
        ("2023年全市软件业收入增长12%。", "2024年全市软件业收入增长15%。"),
        ("全市换电站日均利用率为12%。", "全市换电站日均利用率约12.3%。"),
        ("全市换电站日均利用率为12%。", "力争三年内把全市换电站日均利用率提高到30%。"),
        ("省城换电站平均利用率为12%。", "县城换电站平均利用率为5%。"),
        ("全市现有洗消中心96个，设备老化。", "先选12个洗消中心改造。"),
        ("全市现有洗消中心96个，设备老化。", "两年内将96个洗消中心全部改造。"),
        ("中标的示范项目共63个，去年验收。", "30个示范项目中，只有20个仍在使用。"),
        ("研发设备购置贷款最高可获得财政贴息500万元。", "单个项目财政贴息不超过300万元。"),
        ("2024年全市软件业收入超过900亿元。", "2024年全市软件业收入为962亿元。"),
        ("2024年全市软件业收入900亿元至980亿元。", "2024年全市软件业收入为980亿元。"),
        ("若换电站日均利用率为5%，企业就要亏损。", "全市换电站日均利用率为12%。"),
        ("建议1：改造全市换电站。", "建议2：改造全市换电站。"),
    ],
)
def test_another_year_scope_or_sort_is_no_contradiction(one, other):
    assert clashing(one, other) == []


@pytest.mark.parametrize(
    "one, other, clash",
    [
        ("We surveyed 212 firms in the spring.", "Of the 221 firms, 64 per cent had stopped.", True),
        ("We surveyed 212 firms in the spring.", "Of the 212 firms, 64 firms had stopped.", False),
        ("The mean customs clearance time was 46 hours in 2023.",
         "In 2023 the mean customs clearance time was 64 hours.", True),
        ("The mean customs clearance time was 46 hours in 2023.",
         "In 2024 the mean customs clearance time was 64 hours.", False),
    ],
)  # fmt: skip
def test_in_english(one, other, clash):
    assert clashing(one, other, language="en") == ([(one, other)] if clash else [])


def test_a_wrong_sum_is_its_own_sentence():
    wrong = "进入临床的项目有412个，其中由本地企业发起的187个，占54.4%。"
    assert clashing("前言。", wrong) == [(wrong,)]


def test_of_a_long_sentence_the_clauses_with_the_figure():
    long = "各县的情况并不相同，" * 15 + "全市新能源汽车产量为26.8万辆。"
    ((_, quote),) = clashing("全市新能源汽车产量为28.6万辆。", long)
    assert quote.endswith("全市新能源汽车产量为26.8万辆。") and len(quote) <= 120


def test_references_and_an_empty_paper_have_none():
    assert clashing("[1] 换电站报告[R].全市换电站日均利用率为12%。", "全市换电站日均利用率为18%。") == []
    assert clashing() == []
