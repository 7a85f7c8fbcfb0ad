import pytest

from pipeline.stages.differ import differences
from tests.stages.recommendations import paper_brief, recommendation, says


def of_facts(*facts: str) -> list[tuple[str, list[int]]]:
    """The differences between papers of one fact each: kind and papers."""
    papers = [paper_brief(number, facts=(says(fact),)) for number, fact in enumerate(facts, 1)]
    return [(d.kind, [paper for paper, _ in d.sides]) for d in differences(papers)]


def of_advice(*titles: str) -> list[tuple[str, list[int]]]:
    papers = [paper_brief(number, recommendation(f"{number}.1", title)) for number, title in enumerate(titles, 1)]
    return [(d.kind, [paper for paper, _ in d.sides]) for d in differences(papers)]


@pytest.mark.parametrize(
    "facts, expected",
    [
        (("临江市换电站数量2030年将达到40座。", "到2030年，临江市换电站数量约为90座。"), [("figures", [1, 2])]),
        (
            ("冷链设备的市场规模将从2024年的51亿元增长到2030年的471亿元。",
             "据测算，冷链设备市场规模预计从2025年的78亿元增长到2030年的526亿元。"),
            [("figures", [1, 2])],
        ),
        # Another year, another place, another unit, the same once rounded, a bound that both keep.
        (("2024年临江市换电站数量为40座。", "2025年临江市换电站数量为90座。"), []),
        (("2030年全球冷链设备市场规模达471亿元。", "2030年中国冷链设备市场规模达90亿元。"), []),
        (("2024年临江市汽车产量254万辆。", "2024年临江市汽车产量突破250万辆。"), []),
        (("2024年临江市汽车产量254万辆。", "2024年临江市汽车产量增长9.4%。"), []),
        (("2024年临江市汽车产量254.2万辆。", "2024年临江市汽车产量254万辆。"), []),
        # Growth of nobody knows what.
        (("到2030年，年均复合增长率为44.8%。", "到2030年，年均复合增长率为20%。"), []),
        # A range is no contradiction to itself.
        (("2030年换电站建设投资300亿元至500亿元。", "2030年换电站建设投资300亿元至500亿元。"), []),
    ],
)  # fmt: skip
def test_different_figures_for_one_thing_and_year(facts, expected):
    assert of_facts(*facts) == expected


def test_three_papers_may_differ():
    facts = (f"2030年临江市换电站数量将达到{n}座。" for n in (40, 90, 200))
    assert of_facts(*facts) == [("figures", [1, 2, 3])]


@pytest.mark.parametrize(
    "titles, expected",
    [
        (("扩大燃油货车通行补贴", "取消燃油货车通行补贴"), [("advice", [1, 2])]),
        (("放宽低空飞行审批", "收紧低空飞行审批"), [("advice", [1, 2])]),
        (("强制企业安装监测终端", "鼓励企业安装监测终端"), [("advice", [1, 2])]),
        (("不宜新建燃煤锅炉房", "新建燃煤锅炉房"), [("advice", [1, 2])]),
        (("提高污水处理收费标准", "降低企业用电成本"), []),
        (("扩大燃油货车通行补贴", "扩大燃油货车通行补贴范围"), []),
        (("建立数据共享平台", "停止审批高耗水项目"), []),
    ],
)
def test_opposite_advice_on_one_thing(titles, expected):
    assert of_advice(*titles) == expected


def test_a_paper_does_not_contradict_itself():
    paper = paper_brief(1, recommendation("1.1", "扩大货车补贴范围"), recommendation("1.2", "取消货车补贴范围"))
    assert differences([paper]) == ()


def test_a_target_that_differs_from_another_is_a_difference():
    one = paper_brief(1, recommendation("1.1", "到2027年新建换电站40座"))
    other = paper_brief(2, recommendation("2.1", "到2027年新建换电站100座"))
    assert [d.kind for d in differences([one, other])] == ["figures"]


def test_what_a_language_only_outlines_is_not_compared():
    outlined = paper_brief(1, facts=(says("2030年临江市换电站数量将达到40座。", plain="zh"),))
    assert differences([outlined, paper_brief(2, facts=(says("2030年临江市换电站数量将达到90座。"),))]) == ()
