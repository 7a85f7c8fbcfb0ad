"""Volumes unlike one another: where titles, authors and contents stand, and how they are printed."""

from pathlib import Path

import pytest

from pipeline.records import Source
from pipeline.source.segment import segment

ROUND_TABLE = """2026 松陵市市长海外顾问圆桌会
书面意见集

松陵市人民政府办公厅编印

## 让一条老街重新亮起灯来

文 / 陆远山（榆林地产集团董事长）

松陵老街有三百一十二间铺面，夜里亮灯的不到四成。

## 港口的第二张面孔
## ——谈松陵内河港的夜间作业

亨里克·索尔贝格　北海拖轮公司首席执行官
玛尔塔·林德　北海拖轮公司副总裁

内河港的吊机夜里停着，白天排队。

## 一座城市怎样给老人留门

作者：苏敏、周启文
单位：江淮大学人口研究所

六十岁以上的人占百分之二十三点四。

## 写给市长的一封短信：关于水表

尊敬的市长先生：

请先换会说话的水表。

此致

河桥仪表公司总经理　田中 和也

2026年3月2日

## 从一块电池说起

青屿储能科技有限公司 创始人兼首席技术官 何立群 博士

# 一、材料

热失控温度每高十度，时间多四分钟。

# 二、管理

每块电池要有履历。

## 附：会议日程

三月十二日上午报到。
"""
ADVISERS = """PAPERS FOR THE GOVERNOR OF BELLMERE

Contents

Foreword    ii
Cold Water, Warm Houses    1
A Railway for Fish: What the Northern Line Could Carry    9
Small Shops and Long Leases    17
Who Owns the Tide?    25
Appendix: list of advisers    58

Cold Water, Warm Houses

Dr. Ingrid Solheim and Peter O'Neill
Tidewater Heat AS, Bergen

The sea at Bellmere is six degrees in February. A heat pump asks for no more.

1. What the sea can give

A Railway for Fish:
What the Northern Line Could Carry

By Marguerite Duval, Director of Freight, and Samuel K. Osei, Senior Economist
Transcontinental Rail Group

Half of the salmon leaves by air. It need not.

Small Shops and Long Leases

Northfield Property Partners
Jane Roe
Chief Executive Officer

Dear Governor,

A lease of three years is a lease of none.

Who Owns the Tide?

Professor Ahmed El-Sayed (Dean, School of Ocean Law, University of Carrow), Lin Wei (Research Fellow) and Tomás Iriarte

Summary. The seabed is leased; the tide is not.

Appendix: list of advisers

Ingrid Solheim, Peter O'Neill, Marguerite Duval.
"""
COVER = "　　　　　　　第四届云栈市发展咨询会\n　　　　　　　　　　顾问发言汇编\n\n"
AUTHOR_FIRST = """　　　　　　　　目　　次

严启明　　把河还给城市…………………………………３
（澄江水务）
Ｊ·范登伯格　　仓库里的第三班………………………１１
（低地物流）
梁思远　　山上的风，山下的灯……………………………２７
（长岭风电）
冈本 真理　　一辆公交车的十八年……………………４３
（冈本交通研究所）

"""
AUTHORS_OVER_TITLES = """　　　　　　　　　—　３　—

澄江水务股份有限公司董事长　严启明

把河还给城市

　　云栈的河有七条，能下到水边的只有两条。过去二十年，我们修堤、修
闸、修泵站，花了六十四亿元，河却离人越来越远。

一、堤可以低一点

低地物流集团首席运营官　Ｊ·范登伯格

仓库里的第三班

——夜间配送的账

　　第三班从夜里十点开始。

长岭风电总工程师　梁思远

山上的风，山下的灯

　　山上有风的时候，山下的灯不一定亮。

冈本交通研究所所长　冈本 真理

一辆公交车的十八年

　　建议把报废年限改为按里程计算。
"""


def rows(text):
    """Title, organisation, authors and first words of the body of each paper, and what is amiss."""
    source = Source(Path("volume.md"), text, "")
    volume = segment(source)
    papers = [
        (p.title, p.organisation, p.authors, source.slice(p.lines[p.body].span).split()[0][:9]) for p in volume.papers
    ]
    ends = [source.slice(p.lines[-1].span).split()[-1][-6:] for p in volume.papers]
    return papers, ends, volume


def test_without_a_contents_page_at_the_second_level():
    papers, ends, volume = rows(ROUND_TABLE)
    assert papers == [
        ("让一条老街重新亮起灯来", "榆林地产集团", ("陆远山",), "松陵老街有三百一十"),
        (
            "港口的第二张面孔——谈松陵内河港的夜间作业",
            "北海拖轮公司",
            ("亨里克·索尔贝格", "玛尔塔·林德"),
            "内河港的吊机夜里停",
        ),
        ("一座城市怎样给老人留门", "江淮大学人口研究所", ("苏敏", "周启文"), "六十岁以上的人占百"),
        ("写给市长的一封短信：关于水表", "河桥仪表公司", ("田中和也",), "尊敬的市长先生："),
        ("从一块电池说起", "青屿储能科技有限公司", ("何立群",), "#"),
    ]
    assert ends == ["的不到四成。", "，白天排队。", "二十三点四。", "6年3月2日", "池要有履历。"]
    assert (volume.title, volume.host) == ("2026 松陵市市长海外顾问圆桌会书面意见集", "松陵市")


def test_in_english_without_any_marks():
    papers, ends, volume = rows(ADVISERS)
    assert papers == [
        ("Cold Water, Warm Houses", "Tidewater Heat AS", ("Ingrid Solheim", "Peter O'Neill"), "The"),
        (
            "A Railway for Fish: What the Northern Line Could Carry",
            "Transcontinental Rail Group",
            ("Marguerite Duval", "Samuel K. Osei"),
            "Half",
        ),
        ("Small Shops and Long Leases", "Northfield Property Partners", ("Jane Roe",), "Dear"),
        ("Who Owns the Tide?", "School of Ocean Law", ("Ahmed El-Sayed", "Lin Wei", "Tomás Iriarte"), "Summary."),
    ]
    assert ends == ["give", "not.", "none.", "not."]
    assert (volume.host, volume.warnings) == ("Bellmere", ())


@pytest.mark.parametrize(
    "contents, organisations",
    [
        (AUTHOR_FIRST, ["澄江水务", "低地物流", "长岭风电", "冈本交通研究所"]),
        ("", ["澄江水务股份有限公司", "低地物流集团", "长岭风电", "冈本交通研究所"]),
    ],
    ids=["contents", "no contents"],
)
def test_with_authors_over_the_titles(contents, organisations):
    papers, ends, volume = rows(COVER + contents + AUTHORS_OVER_TITLES)
    assert papers == [
        ("把河还给城市", organisations[0], ("严启明",), "云栈的河有七条，能"),
        ("仓库里的第三班——夜间配送的账", organisations[1], ("Ｊ·范登伯格",), "第三班从夜里十点开"),
        ("山上的风，山下的灯", organisations[2], ("梁思远",), "山上有风的时候，山"),
        ("一辆公交车的十八年", organisations[3], ("冈本真理",), "建议把报废年限改为"),
    ]
    assert ends == ["堤可以低一点", "里十点开始。", "灯不一定亮。", "按里程计算。"]
    assert volume.host == "云栈市"
    assert [w for w in volume.warnings if "no contents page" not in w] == []
