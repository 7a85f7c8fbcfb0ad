"""Author lines in every order."""

import pytest

from pipeline.source.byline import Byline, read_byline


@pytest.mark.parametrize(
    "lines, known, expected",
    [
        (["青岩水务公司首席执行官 李明"], "", Byline("青岩水务公司", ("李明",), "青岩水务公司首席执行官", 1)),
        (["李明 青岩水务公司首席执行官"], "", Byline("青岩水务公司", ("李明",), "青岩水务公司首席执行官", 1)),
        (["青岩水务公司总裁李明"], "", Byline("青岩水务公司", ("李明",), "青岩水务公司总裁", 1)),
        (["安娜·霍尔姆", "北岸能源集团总裁"], "", Byline("北岸能源集团", ("安娜·霍尔姆",), "北岸能源集团总裁", 2)),
        (["北岸能源集团　总裁　安娜·霍尔姆 博士"], "", Byline("北岸能源集团", ("安娜·霍尔姆",), "总裁", 1)),
        (["安娜·霍尔姆（北岸能源集团总裁）"], "", Byline("北岸能源集团", ("安娜·霍尔姆",), "北岸能源集团总裁", 1)),
        (["作者：李明", "单位：青岩大学"], "", Byline("青岩大学", ("李明",), "", 2)),
        (["李明、王晓芳", "青岩大学教授"], "", Byline("青岩大学", ("李明", "王晓芳"), "青岩大学教授", 2)),
        (["李明 王晓芳", "青岩大学校长"], "", Byline("青岩大学", ("李明", "王晓芳"), "青岩大学校长", 2)),
        (["浅川物流株式会社　社长　浅川 健太郎"], "", Byline("浅川物流株式会社", ("浅川健太郎",), "社长", 1)),
        (
            ["青岩全球副总裁，", "青岩（中国）有限公司董事长 李明 博士"],
            "青岩",
            Byline("青岩", ("李明",), "青岩全球副总裁，青岩（中国）有限公司董事长", 2),
        ),
        (["青岩电气"], "青岩电气", Byline("青岩电气", (), "", 1)),
        (["通衢建设集团 战略研究部"], "", Byline("通衢建设集团", (), "", 1)),
        (
            ["Dr Jane Roe, Chief Executive Officer"],
            "Northfield Water",
            Byline("", ("Jane Roe",), "Chief Executive Officer", 1),
        ),
        (
            ["Jane Roe", "Chief Executive Officer, Northfield"],
            "Jane Roe, Northfield",
            Byline("Northfield", ("Jane Roe",), "Chief Executive Officer", 2),
        ),
        (
            ["Jane Roe and John Doe", "Northfield Institute, Geneva"],
            "",
            Byline("Northfield Institute", ("Jane Roe", "John Doe"), "", 2),
        ),
        (
            ["**Jane Roe**, Director of Research, and **John Doe**, Fellow"],
            "",
            Byline("", ("Jane Roe", "John Doe"), "Director of Research; Fellow", 1),
        ),
        (
            ["By Jane Roe (Dean, School of Water, University of Carrow), John Doe (Fellow) and Ann Lee"],
            "",
            Byline("School of Water", ("Jane Roe", "John Doe", "Ann Lee"), "Dean", 1),
        ),
        (
            ["Dr Jane Roe and John Doe", "Tidewater Heat AS, Bergen"],
            "",
            Byline("Tidewater Heat AS", ("Jane Roe", "John Doe"), "", 2),
        ),
        (
            ["安娜·霍尔姆　北岸能源集团总裁", "李明　北岸能源集团总工程师"],
            "",
            Byline("北岸能源集团", ("安娜·霍尔姆", "李明"), "北岸能源集团总裁；北岸能源集团总工程师", 2),
        ),
        (
            ["李明 王晓芳", "青岩大学校长；青岩大学副教授"],
            "",
            Byline("青岩大学", ("李明", "王晓芳"), "青岩大学校长；青岩大学副教授", 2),
        ),
        # The contents page prints the author first.
        (
            ["青岩水务公司总裁　Ｊ·范登伯格"],
            "Ｊ·范登伯格　青岩水务",
            Byline("青岩水务公司", ("Ｊ·范登伯格",), "青岩水务公司总裁", 1),
        ),
        (
            ["青岩水务公司总裁 浅川 健太郎"],
            "浅川 健太郎",
            Byline("青岩水务公司", ("浅川健太郎",), "青岩水务公司总裁", 1),
        ),
        (
            ["Northfield Group (the Hague)　Chief Executive　Pieter van der Meer"],
            "",
            Byline("Northfield Group", ("Pieter van der Meer",), "Chief Executive", 1),
        ),
    ],
)
def test_reads_author_lines(lines, known, expected):
    after = ["建议市政府在两年内更换老旧管网，降低漏损率。"]
    assert read_byline(lines + after, known) == expected


@pytest.mark.parametrize(
    "line",
    [
        "## 一、现状",
        "摘 要",
        "**要点**",
        "各位顾问、各位同事：",
        "Dear Mr Mayor,",
        "Executive Summary",
        "Dear Governor,",
        "此致",
        "山上的风，山下的灯",
        "What the Northern Line Could Carry",
        "现状",
        "建议市政府在两年内更换老旧管网，降低漏损率。",
        "The chief officer of a small company told me that the school would close",
    ],
)
def test_text_is_no_author_line(line):
    assert read_byline([line]) == Byline()
