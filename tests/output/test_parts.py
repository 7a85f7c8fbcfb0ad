"""What the papers agree on, where they differ, and what comes first, as both briefs print it."""

import io
import zipfile
from dataclasses import replace

import pytest
from lxml import etree

from pipeline.output.brief_en import english_brief
from pipeline.output.brief_zh import chinese_brief
from pipeline.records import Difference, Rating

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAKERS = {"zh": chinese_brief, "en": english_brief}


def blocks(language, brief, record, letterhead, **settings) -> list[tuple[str, str]]:
    """Style and text of each paragraph."""
    data = MAKERS[language](brief, record, replace(letterhead, **settings))
    tree = etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"))
    text = lambda p: "".join(t.text or "" for t in p.iter(f"{W}t"))  # noqa: E731
    return [(p.find(f"{W}pPr/{W}pStyle").get(f"{W}val"), text(p)) for p in tree.iter(f"{W}p")]


def under(found, heading) -> list[str]:
    """The body text under a heading, up to the next one."""
    start = next(n for n, (style, text) in enumerate(found) if style.startswith("Heading") and heading in text)
    end = next(n for n, (style, _) in enumerate(found[start + 1 :], start + 1) if style.startswith("Heading"))
    return [text for style, text in found[start:end] if style == "BodyText"]


@pytest.fixture
def differing(brief):
    """The small brief with a difference, and ratings of all four recommendations."""
    first, second, _ = brief.papers
    sides = ((1, first.summary.zh[1]), (2, second.summary.zh[0]))
    rated = [
        Rating("1.1", 2, 2, True, False, False, 8),
        Rating("1.2", 1, 0, False, True, True, 4),
        Rating("2.1", 1, 1, False, True, False, 3),
        Rating("2.2", 2, 0, False, False, False, 4),
    ]
    return replace(brief, differences=(Difference("figures", sides),), ratings=tuple(rated))


def test_what_several_papers_recommend_names_each_with_its_own_words(brief, record, letterhead):
    assert under(blocks("zh", brief, record, letterhead), "多家共同提出的建议") == [
        "建立数据共享平台（2篇）。远帆机械公司\u00a01.1[3]；北岸物流集团\u00a02.2“建立货运数据共享平台”[8]。"
    ]
    assert under(blocks("en", brief, record, letterhead), "several papers") == [
        "Set up a platform to share data (2 papers). Yuanfan Machinery\u00a01.1[3]; "
        "Beian Logistics Group\u00a02.2 “Set up a platform to share freight data”[8]."
    ]


def test_differences_and_gaps(differing, record, letterhead):
    assert under(blocks("zh", differing, record, letterhead), "分歧与提醒") == [
        "数字不一致。远帆机械公司称：两家试点工厂的废品率由4.1%降到2.6%[2]。"
        "北岸物流集团称：码头每天进出货车3400辆，九成烧柴油[5]。引用前须核实。",
        "仅一篇提出。4条建议中，2条只有一篇报告提出。仅一篇报告涉及的领域：绿色低碳\u00a02.1；人才培养\u00a01.2。",
        "有待明确。4条建议中，写明由谁牵头或负责的1条，写明时限的2条，写明数量的1条；其余须在办理前明确。",
    ]
    assert under(blocks("en", differing, record, letterhead), "Differences and gaps")[0] == (
        "Figures that differ. Yuanfan Machinery: In two pilot works, scrap fell from 4.1% to 2.6%.[2] "
        "Beian Logistics Group: 3,400 lorries use the docks each day; nine in ten burn diesel.[5] "
        "Check before you quote. "
    )


def test_that_no_difference_was_found_is_said(brief, record, letterhead):
    assert under(blocks("zh", brief, record, letterhead), "分歧与提醒")[0] == (
        "未发现对同一事项数字不同或意见相反。只比对措辞相近的内容。"
    )


@pytest.mark.parametrize("language, words", [("zh", "各报告有1处说法不一"), ("en", "contradict each other on 1 point")])
def test_a_difference_is_a_finding(differing, record, letterhead, language, words):
    found = blocks(language, differing, record, letterhead)
    assert any(words in text for style, text in found if style == "Finding")
    found = blocks(language, differing, record, letterhead, sections=("digests",))
    assert not any(words in text for _, text in found)


def test_the_priorities_name_supporters_and_evidence(brief, record, letterhead):
    texts = [text for style, text in blocks("zh", brief, record, letterhead) if style.startswith("Table")]
    start = texts.index("责任对象")
    assert texts[start - 4 : start + 8] == [
        "序号", "建议", "提出单位", "领域", "责任对象", "依据",
        "1", "建立设备数据共享平台", "远帆机械公司、北岸物流集团", "数据要素", "政府", "1.1[3][8]",
    ]  # fmt: skip


def test_the_rule_is_printed_with_the_weights_of_the_office(differing, record, letterhead):
    rule = next(t for _, t in blocks("zh", differing, record, letterhead, points_owner=7) if "按得分排序" in t)
    assert "每多一篇记4分" in rule and "由谁牵头或负责记7分" in rule
    assert rule.endswith("各条得分依次为：8、3、4。")


def test_of_many_supporters_the_first_and_their_number(brief, record, letterhead):
    first, second, _ = brief.papers
    title = brief.shared[0].members[0]
    others = [
        replace(
            first,
            paper=replace(first.paper, number=n),
            recommendations=(replace(title, id=f"{n}.1"),),
        )
        for n in (4, 5)
    ]
    group = replace(brief.shared[0], members=(*brief.shared[0].members, *(o.recommendations[0] for o in others)))
    wide = replace(brief, papers=(*brief.papers, *others), shared=(group,))
    cells = {
        language: [text for style, text in blocks(language, wide, record, letterhead) if style == "TableText"]
        for language in MAKERS
    }
    assert "远帆机械公司、北岸物流集团等4家" in cells["zh"]
    assert "Yuanfan Machinery, Beian Logistics Group and 2 more" in cells["en"]


@pytest.mark.parametrize(
    "language, said", [("zh", "报告篇数多，各单位的条数不另作图"), ("en", "there are too many papers for a figure")]
)
def test_a_picture_with_too_many_papers_is_not_drawn_and_the_brief_says_so(
    language, said, brief, record, letterhead, monkeypatch
):
    few = blocks(language, brief, record, letterhead)
    monkeypatch.setattr("pipeline.output.parts.MATRIX_PAPERS", len(brief.papers) - 1)
    many = blocks(language, brief, record, letterhead)
    pictures = lambda found: sum(style == "PictureCaption" for style, _ in found)  # noqa: E731
    assert pictures(few) - pictures(many) == 1
    told = lambda found: any(said in text for _, text in found)  # noqa: E731
    assert (told(few), told(many)) == (False, True)
