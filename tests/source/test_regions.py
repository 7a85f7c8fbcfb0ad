"""Several volumes or papers at once, and contents pages that are no volume's."""

from pathlib import Path

import pytest

from pipeline.records import Source
from pipeline.source.read import read
from pipeline.source.segment import segment

PIPES = "# 让老管网少漏一滴水\n\n清源水务公司总裁 李明\n\n## 一、现状\n\n漏损率高。\n\n## 二、建议\n\n先查漏。\n"
BUSES = "# 公交先行\n\n北岸公交集团总裁 安娜·霍尔姆\n\n## 一、现状\n\n夜里没有车。\n\n## 二、建议\n\n先开夜班线路。\n"
HARBOUR = "# A Quiet Harbour\n\nJane Roe, Director, Northfield\n\n## 1. The noise\n\nThe cranes are loud at night.\n"
FRONT = "# 青岩市市长国际顾问会议\n\n"
PIPES_AND_BUSES = "# 目录\n\n1. 让老管网少漏一滴水..... 清源水务 (1)\n2. 公交先行..... 北岸公交 (9)\n\n"
HARBOUR_AND_PIPES = "# 目录\n\n1. A Quiet Harbour..... Northfield (1)\n2. 让老管网少漏一滴水..... 清源水务 (9)\n\n"
OWN = "# 目录\n\n一、现状 …… 1\n\n二、建议 …… 3\n\n"


def test_volumes_in_one_file_are_read_each_by_its_contents_page():
    first = FRONT + PIPES_AND_BUSES + PIPES + BUSES
    second = "# 山城市市长国际顾问会议\n\n## 论文集\n\n" + HARBOUR_AND_PIPES + HARBOUR + PIPES
    text = first + "\n" + second
    papers = segment(_source(text)).papers
    assert [(paper.number, paper.title) for paper in papers] == [
        (1, "让老管网少漏一滴水"),
        (2, "公交先行"),
        (3, "A Quiet Harbour"),
        (4, "让老管网少漏一滴水"),
    ]
    assert text[papers[1].span.start : papers[1].span.end] == BUSES.strip()


@pytest.mark.parametrize("front", ["", FRONT + PIPES_AND_BUSES])
def test_a_papers_own_contents_page_lists_no_papers(front):
    papers = segment(_source(front + PIPES.replace("## 一", OWN + "## 一", 1) + BUSES)).papers
    assert [paper.title for paper in papers] == ["让老管网少漏一滴水", "公交先行"]


def test_sections_on_a_contents_page_are_no_papers():
    page = "# 目录\n\n" + "\n\n".join(
        f"{line} …… {number}"
        for number, line in enumerate(
            ("让老管网少漏一滴水", "一、漏损", "二、查漏", "三、换管", "公交先行", "一、夜班", "二、线路", "三、票价")
        )
    )
    pipes = "# 让老管网少漏一滴水\n清源水务公司总裁 李明\n## 一、漏损\n高。\n## 二、查漏\n先。\n## 三、换管\n后。\n"
    buses = "# 公交先行\n北岸公交集团总裁 安娜·霍尔姆\n## 一、夜班\n少。\n## 二、线路\n开。\n## 三、票价\n低。\n"
    volume = segment(_source(FRONT + page + "\n\n" + pipes + buses))
    assert [(paper.number, paper.title) for paper in volume.papers] == [(1, "让老管网少漏一滴水"), (2, "公交先行")]
    assert volume.warnings == ()


def test_papers_of_one_title_are_found_one_after_the_other():
    page = "# 目录\n\n1. 公交先行..... 北岸公交 (1)\n2. 公交先行..... 北岸公交 (9)\n\n"
    papers = segment(_source(FRONT + page + BUSES + BUSES)).papers
    assert [(paper.number, paper.span.start) for paper in papers] == [
        (1, len(FRONT + page)),
        (2, len(FRONT + page + BUSES)),
    ]


def test_a_folder_of_papers_and_volumes_is_read_in_the_order_of_names(tmp_path):
    files = {
        "10 second.txt": FRONT + HARBOUR_AND_PIPES + HARBOUR + PIPES,
        "2 first.md": BUSES.replace("# 公交先行", "公交先行", 1),
        "11 后记.md": "# 后记\n\n秘书处整理。\n",
        "picture.png": "",
        "~$2 first.docx": "",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    source = read(tmp_path)
    volume = segment(source)
    assert [(p.number, source.place(p.span.start).file, p.title, p.authors) for p in volume.papers] == [
        (1, "2 first.md", "公交先行", ("安娜·霍尔姆",)),
        (2, "10 second.txt", "A Quiet Harbour", ("Jane Roe",)),
        (3, "10 second.txt", "让老管网少漏一滴水", ("李明",)),
    ]
    assert volume.warnings == (
        "picture.png was not read; give the volume as .md, .txt, .docx or .pdf",
        "11 后记.md: no paper found in this file",
    )


def test_one_contents_page_may_list_the_papers_of_other_files(tmp_path):
    for name, text in {"0.md": FRONT + PIPES_AND_BUSES, "1.md": PIPES, "2.md": BUSES, "3.md": HARBOUR}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    source = read(tmp_path)
    volume = segment(source)
    assert [(paper.number, paper.title, paper.organisation) for paper in volume.papers] == [
        (1, "让老管网少漏一滴水", "清源水务"),
        (2, "公交先行", "北岸公交"),
        (3, "A Quiet Harbour", "Northfield"),
    ]
    assert volume.warnings == ("the paper “A Quiet Harbour” at line 1 of 3.md is not on the contents page",)


@pytest.mark.parametrize("mark", ["## ", "### ", ""])
def test_without_a_contents_page_titles_may_stand_at_any_level(mark):
    text = FRONT + "".join(paper.replace("# ", mark, 1) + "\n" for paper in (PIPES, BUSES, HARBOUR))
    assert [paper.title for paper in segment(_source(text)).papers] == [
        "让老管网少漏一滴水",
        "公交先行",
        "A Quiet Harbour",
    ]


def test_a_letter_without_author_lines_is_a_paper():
    letter = "# 货在路上，账在哪里\n\n各位顾问：\n\n我是做货运出身的。\n\n"
    assert [paper.title for paper in segment(_source(FRONT + PIPES + letter + BUSES)).papers] == [
        "让老管网少漏一滴水",
        "货在路上，账在哪里",
        "公交先行",
    ]


def _source(text):
    return Source(Path("volume.md"), text, "")
