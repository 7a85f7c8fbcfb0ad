"""A volume becomes papers, whatever its layout."""

from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.records import Source
from pipeline.source.segment import segment

PIPES, BUSES, HARBOUR = "让老管网少漏一滴水——青岩供水的次序", "公交先行：夜班线路的开行办法", "A Quiet Harbour"
FRONT = "# 第三届 青岩市市长国际顾问会议\n\n## 论文集\n\n青岩市人民政府外事办公室 编\n\n"
ROWS = [(1, PIPES, "清源水务", 1), (2, BUSES, "北岸公交", 9), (3, HARBOUR, "Northfield", 17)]


def contents(heading, row, between="\n\n"):
    """A contents page whose rows are printed as `row` says."""
    return f"{heading}\n\n" + between.join(row.format(*values) for values in ROWS) + "\n"


TABLE_HEAD = "# 目录\n\n| 序号 | 题目 | 单位 | 页码 |\n|---|---|---|---|"
CONTENTS = {
    "leaders before the organisation": contents("# 目 录", "{0}. {1}.....\t{2} ({3})", "\n"),
    "leaders behind the organisation": contents("## 目　录", "{1}　{2} …… {3}"),
    "full-width dots": contents("目录", "{1}．．．．．{2}　{3}"),
    "a table": contents(TABLE_HEAD, "| {0} | {1} | {2} | {3} |", "\n").replace("|\n\n|", "|\n|"),
    "an HTML table": contents("# 目录", "<tr><td>{1}</td><td>{2}</td><td>{3}</td></tr>", ""),
    "plain numbers": contents("# 目录", "{0} {1} {2} {3}"),
    "no page numbers": contents("# CONTENTS", "{0}. {1}  {2}"),
    "two lines an entry": contents("# CONTENTS", "{1}\n\n{2} …… {3}"),
    "organisation first": contents("# 目录", "{2}　{1} …… {3}"),
    "organisation in brackets": contents("# 目录", "{1}（{2}）……{3}"),
    "links": contents("# 目录", "- [{1}](#{0}) {2}", "\n"),
}
PAPERS = """
# 让老管网少漏一滴水

## ——青岩供水的次序

清源水务公司首席执行官 李明 博士

# 一、现状

青岩市的漏损率为 14%，管网平均已用二十九年。

# 结语

先查漏，再换管。

## 公交先行：

# 夜班线路的开行办法

安娜·霍尔姆

北岸公交集团总裁

## 摘要

夜里十一点以后，青岩市的公交只剩三条线路。建议先开四条夜班线路。

### A QUIET HARBOUR

Jane Roe, Chief Executive Officer, Northfield

The harbour of Qingyan is loud at night. The city should buy quiet cranes.
"""


@pytest.mark.parametrize("layout", CONTENTS)
def test_papers_are_found_in_any_layout_of_the_contents(layout):
    source, volume = _segment(FRONT + CONTENTS[layout] + PAPERS)
    assert [
        (paper.number, paper.title, paper.organisation, paper.authors, paper.language) for paper in volume.papers
    ] == [
        (1, PIPES, "清源水务", ("李明",), "zh"),
        (2, BUSES, "北岸公交", ("安娜·霍尔姆",), "zh"),
        (3, "A QUIET HARBOUR", "Northfield", ("Jane Roe",), "en"),
    ]
    assert volume.warnings == ()
    assert [(source.slice(paper.span)[:6], source.slice(paper.span)[-4:]) for paper in volume.papers] == [
        ("# 让老管网", "再换管。"),
        ("## 公交先", "班线路。"),
        ("### A ", "nes."),
    ]


def test_papers_are_found_without_a_contents_page():
    _, volume = _segment(FRONT + PAPERS)
    assert [(paper.number, paper.title, paper.organisation, paper.authors) for paper in volume.papers] == [
        (1, PIPES, "清源水务公司", ("李明",)),
        (2, BUSES, "北岸公交集团", ("安娜·霍尔姆",)),
        (3, "A QUIET HARBOUR", "Northfield", ("Jane Roe",)),
    ]
    assert "no contents page" in volume.warnings[0]


def test_papers_are_found_without_any_marks():
    text = (FRONT + CONTENTS["two lines an entry"] + PAPERS).replace("#", "")
    _, volume = _segment(text)
    assert [paper.title for paper in volume.papers] == [PIPES, BUSES, "A QUIET HARBOUR"]


def test_title_and_author_are_not_body():
    source, volume = _segment(FRONT + CONTENTS["a table"] + PAPERS)
    assert [source.slice(paper.lines[paper.body].span) for paper in volume.papers] == [
        "# 一、现状",
        "## 摘要",
        "The harbour of Qingyan is loud at night. The city should buy quiet cranes.",
    ]
    assert [paper.position for paper in volume.papers] == [
        "清源水务公司首席执行官",
        "北岸公交集团总裁",
        "Chief Executive Officer",
    ]


def test_title_and_host_of_the_volume():
    _, volume = _segment(FRONT + CONTENTS["a table"] + PAPERS)
    assert (volume.title, volume.host) == ("第三届青岩市市长国际顾问会议论文集", "青岩市")


def test_host_of_an_english_volume():
    front = "# PAPERS FOR THE MAYOR OF QINGYAN\n\nQingyan Mayor's Advisers' Forum\n\n"
    _, volume = _segment(front + CONTENTS["no page numbers"] + PAPERS)
    assert volume.host == "Qingyan"


def test_the_english_name_of_the_meeting_stands_under_the_chinese_one():
    english = "The 3rd International Advisers' Meeting\n\nfor the Mayor of Qingyan\n\n"
    front = FRONT.replace("## 论文集", english + "## 论文集")
    _, volume = _segment(front + CONTENTS["a table"] + PAPERS)
    assert volume.title_en == "The 3rd International Advisers' Meeting for the Mayor of Qingyan"
    assert volume.title == "第三届青岩市市长国际顾问会议论文集"
    assert _segment(FRONT + CONTENTS["a table"] + PAPERS)[1].title_en == ""


def test_a_contents_page_may_leave_out_sub_titles():
    page = CONTENTS["a table"].replace("——青岩供水的次序", "").replace("：夜班线路的开行办法", "")
    _, volume = _segment(FRONT + page + PAPERS)
    assert [paper.title for paper in volume.papers] == [PIPES, BUSES, "A QUIET HARBOUR"]
    assert volume.warnings == ()


def test_words_before_市_are_no_city():
    _, volume = _segment(PAPERS.replace("青岩市", "此地").replace("# 结语", "# 把河还给城市"))
    assert volume.host == ""


def test_front_and_back_matter_belong_to_no_paper():
    page = contents("# 目录\n\n市长致辞 …… 1", "{1}　{2} …… {3}") + "\n编后记 …… 25\n"
    text = FRONT + page + "\n# 市长致辞\n\n感谢各位顾问。\n" + PAPERS + "\n# 编后记\n\n本集由秘书处整理。\n"
    source, volume = _segment(text)
    assert [paper.number for paper in volume.papers] == [1, 2, 3]
    assert source.slice(volume.papers[0].span).startswith("# 让老管网")
    assert source.slice(volume.papers[2].span).endswith("quiet cranes.")
    assert volume.warnings == ()


def test_a_promised_paper_that_is_missing_is_named():
    page = CONTENTS["leaders before the organisation"] + "4. 把风留在山口..... 长岭风电 (25)\n"
    _, volume = _segment(FRONT + page + PAPERS)
    assert len(volume.papers) == 3
    assert volume.warnings == (
        "the contents page promises paper 4, “把风留在山口 长岭风电”; the text has no such title",
    )


def test_a_paper_that_nothing_promises_is_named():
    extra = "\n# 把风留在山口\n\n长岭风电公司总经理 王晓芳\n\n风电的难处在于并网。\n"
    source, volume = _segment(FRONT + CONTENTS["a table"] + PAPERS + extra)
    assert [(paper.number, paper.title) for paper in volume.papers][3:] == [(4, "把风留在山口")]
    line = source.text[: source.text.index("# 把风")].count("\n") + 1
    assert volume.warnings == (f"the paper “把风留在山口” at line {line} is not on the contents page",)


LETTERS = """# 目录

1. 给市长的一封信..... 清源水务 (1)
2. 公交先行..... 北岸公交 (5)

# 给市长的一封信

尊敬的市长：

请先查漏。

清源水务公司总经理 李明

2025年9月1日

# 公交先行

请开夜班线路。
"""


def test_the_author_of_a_letter_signs_at_its_end():
    _, volume = _segment(LETTERS)
    assert [(paper.authors, paper.position) for paper in volume.papers] == [(("李明",), "清源水务公司总经理"), ((), "")]


def test_damaged_titles_are_matched():
    text = (FRONT + CONTENTS["plain numbers"] + PAPERS).replace("# 让老管网少漏一滴水", "# 让老管 网少漏―滴水")
    _, volume = _segment(text)
    assert [paper.title for paper in volume.papers] == ["让老管 网少漏―滴水——青岩供水的次序", BUSES, "A QUIET HARBOUR"]


@pytest.mark.parametrize(
    "text",
    [
        "只有一段话，没有论文。\n",
        "# 标题\n\n一段话。\n\n## 一、现状\n\n又一段话。\n",
        "# 目录\n\n1. 甲论文 …… 1\n2. 乙论文 …… 5\n",
    ],
)
def test_a_text_without_papers_is_refused(text):
    with pytest.raises(SourceError, match="volume.md: no paper found"):
        _segment(text)


def test_papers_do_not_overlap():
    _, volume = _segment(FRONT + CONTENTS["a table"] + PAPERS)
    spans = [paper.span for paper in volume.papers]
    assert all(before.end <= after.start for before, after in zip(spans, spans[1:], strict=False))
    for paper in volume.papers:
        assert (paper.lines[0].span.start, paper.lines[-1].span.end) == (paper.span.start, paper.span.end)


def _segment(text):
    source = Source(Path("volume.md"), text, "")
    return source, segment(source)


def test_a_title_that_differs_from_the_contents_page_is_named():
    text = (FRONT + CONTENTS["plain numbers"] + PAPERS).replace("# 让老管网少漏一滴水", "# 让老管网少漏几滴水")
    _, volume = _segment(text)
    assert volume.warnings == (
        f"paper 1: “{PIPES}” on the contents page, “{PIPES.replace('一滴', '几滴')}” in the text",
    )
