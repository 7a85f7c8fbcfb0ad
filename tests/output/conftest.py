"""Two hand-made briefs: a small one of three invented papers, and one of the size of a real volume."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.config import BriefConfig
from pipeline.records import (
    Brief,
    Evidence,
    Paper,
    PaperBrief,
    Recommendation,
    Rejection,
    Shared,
    Source,
    Span,
    Statement,
    Summary,
    Text,
    Theme,
)

VOLUME = """# 目录

1. 让老厂房用上新数据

# 让老厂房用上新数据——给临江市的三点看法

远帆机械公司 总经理 甲一

临江市有中小机械厂1200家，其中联网设备不到三成。
去年，两家试点工厂的废品率由4.1%降到2.6%。

## 一、建议

**1. 由市里牵头建立设备数据共享平台。** 平台向中小厂免费开放前两年；接入标准由市经信部门统一公布。

2. 每年培训500名车间数据员，费用由市和企业各担一半。

# 江上的货，路上的电

北岸物流集团
乙二

码头每天进出货车3400辆，九成烧柴油。

我们建议：先在两个码头建换电站，三年内把短途货车的一半换成电动。市里可以对换电站用地给予优先安排。

临江市也应当建立货运数据共享平台，让港口、铁路和仓库看到同一张单子。

# Small grids for a river city

Harbour Energy Institute
A. Three, Research Director

The city lost 46 hours of supply in 2023, most of them in the old districts.

We set out the experience of 3 towns abroad & what they paid (<2% of the bill).
"""


def evidence(text: str, quote: str) -> Evidence:
    start = text.index(quote)
    return Evidence(Span(start, start + len(quote)), quote)


def says(text: str, zh: str, en: str, *quotes: str) -> Statement:
    return Statement(Text(zh, en), tuple(evidence(text, quote) for quote in quotes))


def both(*statements: Statement) -> Summary:
    """A summary of the same statements in each language."""
    return Summary(statements, statements)


def paper(text: str, number: int, title: str, until: str | None, organisation: str, language="zh") -> Paper:
    start = text.index(f"# {title}")
    end = text.index(f"# {until}") if until else len(text)
    return Paper(number, title, organisation, (), "", language, Span(start, end), (), 0)


def small_brief() -> Brief:
    text = VOLUME
    source = Source(Path("/somewhere/volume.md"), text, sha256(text.encode()).hexdigest())
    share = "由市里牵头建立设备数据共享平台。** 平台向中小厂免费开放前两年；接入标准由市经信部门统一公布。"
    first = PaperBrief(
        paper(text, 1, "让老厂房用上新数据", "江上的货", "远帆机械公司"),
        Text("让老厂房用上新数据——给临江市的三点看法", "New data for old factories: three views for Linjiang"),
        Text("远帆机械公司", "Yuanfan Machinery"),
        Text("甲一", "Jia Yi"),
        Text("总经理", "General Manager"),
        both(
            says(
                text,
                "远帆机械公司认为，临江市中小机械厂联网设备不到三成。",
                "Yuanfan Machinery says that under 30% of machines in Linjiang’s small works are connected.",
                "其中联网设备不到三成。",
            ),
            says(
                text,
                "两家试点工厂的废品率由4.1%降到2.6%。",
                "In two pilot works, scrap fell from 4.1% to 2.6%.",
                "去年，两家试点工厂的废品率由4.1%降到2.6%。",
            ),
        ),
        (
            says(
                text,
                "临江市有中小机械厂1200家",
                "Linjiang has 1,200 small engineering works.",
                "临江市有中小机械厂1200家",
            ),
        ),
        (
            Recommendation(
                "1.1",
                says(text, "建立设备数据共享平台", "Set up a platform to share machine data", share),
                "government",
                "data",
                (
                    says(
                        text,
                        "平台前两年向中小厂免费",
                        "Make it free for small works for two years",
                        "平台向中小厂免费开放前两年",
                    ),
                    says(text, "统一公布接入标准", "Publish one access standard", "接入标准由市经信部门统一公布。"),
                ),
            ),
            Recommendation(
                "1.2",
                says(
                    text,
                    "每年培训500名车间数据员",
                    "Train 500 shop-floor data clerks a year",
                    "每年培训500名车间数据员，费用由市和企业各担一半。",
                ),
                "joint",
                "talent",
                (),
            ),
        ),
        (
            Rejection(
                1,
                "summary",
                "zh",
                "联网设备有30万台。",
                "number 30 not in evidence; says what the source does not",
                "quote",
            ),
        ),
    )
    second = PaperBrief(
        paper(text, 2, "江上的货", "Small grids", "北岸物流集团"),
        Text("江上的货，路上的电", "Goods on the river, power on the road"),
        Text("北岸物流集团", "Beian Logistics Group"),
        Text("乙二", "Yi Er"),
        Text(),
        both(
            says(
                text,
                "码头每天进出货车3400辆，九成烧柴油。",
                "3,400 lorries use the docks each day; nine in ten burn diesel.",
                "码头每天进出货车3400辆，九成烧柴油。",
            ),
        ),
        (),
        (
            Recommendation(
                "2.1",
                says(
                    text,
                    "在码头建换电站，换用电动货车",
                    "Build battery-swap stations at the docks and change to electric lorries",
                    "先在两个码头建换电站，三年内把短途货车的一半换成电动。",
                ),
                "enterprises",
                "green",
                (
                    says(
                        text,
                        "优先安排换电站用地",
                        "Give priority to land for the stations",
                        "市里可以对换电站用地给予优先安排。",
                    ),
                ),
            ),
            Recommendation(
                "2.2",
                says(
                    text,
                    "建立货运数据共享平台",
                    "Set up a platform to share freight data",
                    "临江市也应当建立货运数据共享平台，让港口、铁路和仓库看到同一张单子。",
                ),
                "government",
                "data",
                (),
            ),
        ),
    )
    third = PaperBrief(
        paper(text, 3, "Small grids for a river city", None, "Harbour Energy Institute", "en"),
        Text("江城小电网", "Small grids for a river city"),
        Text("海港能源研究所", "Harbour Energy Institute"),
        Text("A. Three", "A. Three"),
        Text("研究部主任", "Research Director"),
        both(
            says(
                text,
                "2023年全市停电46小时，多在老城区。",
                "The city lost 46 hours of supply in 2023, most in the old districts.",
                "The city lost 46 hours of supply in 2023, most of them in the old districts.",
            ),
        ),
        (
            says(
                text,
                "三个外国城镇的花费不到电费的2%",
                "Three towns abroad paid <2% of the bill & saved outages",
                "We set out the experience of 3 towns abroad & what they paid (<2% of the bill).",
            ),
        ),
        (),
    )
    papers = (first, second, third)
    r11, r12 = first.recommendations
    r21, r22 = second.recommendations
    return Brief(
        source,
        Text("临江市顾问会议报告汇编", "Papers of the Linjiang Advisers’ Meeting"),
        Text("临江市", "Linjiang"),
        papers,
        (
            Theme("data", Text("数据要素", "Data"), (1, 2), (r11, r22)),
            Theme("green", Text("绿色低碳", "Green and low-carbon"), (2,), (r21,)),
            Theme("talent", Text("人才培养", "Talent"), (1,), (r12,)),
        ),
        (Shared(Text("建立数据共享平台", "Set up a platform to share data"), "data", (r11, r22)),),
        (r11, r21, r12),
    )


THEMES = ("talent", "infrastructure", "data", "application", "ecosystem", "sme", "funding", "standards", "green", "rnd")
FILLER = "依托现有园区和骨干企业，分期改造设备、贯通数据、培养人手，并由牵头部门按季度核对进度"
ENGLISH = "Use existing parks and leading firms to upgrade equipment in stages, join up data and train staff"


def large_volume(papers: int, recommendations: int, measures: int) -> str:
    lines = []
    for p in range(1, papers + 1):
        lines.append(f"# 第{p}号报告")
        lines += [f"第{p}号报告第{i}段事实：产值{p * 100 + i}亿元，{FILLER}。" for i in range(10)]
        for r in range(1, recommendations + 1):
            lines.append(
                f"{p}.{r} 建议第{r}项，"
                + "".join(f"其中举措{m}：{FILLER}{p * r * 10 + m}处；" for m in range(measures))
            )
    return "\n\n".join(lines)


def large_brief(papers: int = 22, recommendations: int = 5, measures: int = 3) -> Brief:
    """As many statements as a real volume of 22 papers gives."""
    text = large_volume(papers, recommendations, measures)
    source = Source(Path("large.md"), text, sha256(text.encode()).hexdigest())
    starts = [text.index(f"# 第{p}号报告") for p in range(1, papers + 1)] + [len(text)]
    briefs = []
    for p in range(1, papers + 1):
        facts = [f"第{p}号报告第{i}段事实：产值{p * 100 + i}亿元，{FILLER}。" for i in range(10)]
        items = []
        for r in range(1, recommendations + 1):
            parts = [f"其中举措{m}：{FILLER}{p * r * 10 + m}处；" for m in range(measures)]
            lead = f"{p}.{r} 建议第{r}项，" + "".join(parts)
            start = text.index(lead)
            inner = [start + lead.index(part) for part in parts]
            items.append(
                Recommendation(
                    f"{p}.{r}",
                    says(
                        text,
                        f"第{r}项：推进老旧厂房设备更新和数据贯通工程",
                        f"Item {r}: renew equipment and join up data in old works",
                        lead,
                    ),
                    ("government", "enterprises", "education", "joint")[r % 4],
                    THEMES[(p * r) % len(THEMES)],
                    tuple(
                        Statement(
                            Text(f"{FILLER}{p * r * 10 + m}处", f"{ENGLISH} in {p * r * 10 + m} places"),
                            (Evidence(Span(at, at + len(part)), part),),
                        )
                        for m, (at, part) in enumerate(zip(inner, parts, strict=True))
                    ),
                )
            )
        briefs.append(
            PaperBrief(
                Paper(p, f"第{p}号报告", f"第{p}号机构", (), "", "zh", Span(starts[p - 1], starts[p]), (), 0),
                Text(
                    f"第{p}号报告：老旧厂房的设备更新与数据贯通",
                    f"Paper {p}: renewing equipment and joining up data in old works",
                ),
                Text(f"第{p}号机构", f"Organisation {p}"),
                Text("某人", "A. Person"),
                Text("机构负责人", "Head"),
                both(
                    *(
                        says(
                            text,
                            f"产值{p * 100 + i}亿元，{FILLER}。",
                            f"Output was {p * 100 + i} hundred million yuan. {ENGLISH}.",
                            facts[i],
                        )
                        for i in range(5)
                    )
                ),
                tuple(
                    says(text, f"产值{p * 100 + i}亿元", f"Output was {p * 100 + i} hundred million yuan", facts[i])
                    for i in range(2, 10)
                ),
                tuple(items),
            )
        )
    every = [r for b in briefs for r in b.recommendations]
    themes = []
    for key in THEMES:
        own = tuple(r for r in every if r.theme == key)
        numbers = tuple(sorted({int(r.id.split(".")[0]) for r in own}))
        themes.append(Theme(key, Text(f"领域{key}", f"Theme {key}"), numbers, own))
    themes.sort(key=lambda theme: -len(theme.papers))
    shared = tuple(Shared(every[i].title.text, every[i].theme, (every[i], every[i + 12])) for i in range(4))
    return Brief(
        source,
        Text("大卷", "Large volume"),
        Text("某市", "A city"),
        tuple(briefs),
        tuple(themes),
        shared,
        tuple(every[:10]),
    )


@pytest.fixture(scope="session")
def brief() -> Brief:
    return small_brief()


@pytest.fixture(scope="session")
def big_brief() -> Brief:
    return large_brief()


@pytest.fixture(scope="session")
def record() -> dict:
    return {
        "model": {"name": "a model"},
        "accounting": {
            "chunks": 9,
            "chunks_read": 9,
            "chunks_truncated": 1,
            "chunks_failed": 0,
            "characters_read": 5200,
            "characters_digested": 2600,
            "retried": 2,
            "repeats_merged": 1,
            "claims": 14,
        },
    }


@pytest.fixture(scope="session")
def letterhead() -> BriefConfig:
    return BriefConfig(office="临江市政策研究室", office_en="Linjiang Policy Office", date="2025-03-09")
