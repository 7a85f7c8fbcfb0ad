"""A TOML file beside the volume corrects what was read."""

import pytest

from pipeline.errors import SourceError
from pipeline.source.corrections import load_corrections
from pipeline.source.read import read
from pipeline.source.segment import segment

VOLUME = """# 第三届 青岩市市长国际顾问会议

# 目录

1. 让老管网少漏一滴水..... 清源水务 (1)
2. 公交先行..... 北岸公交 (9)

# 让老管网少漏一滴水

清源水务公司总裁 李明

先查漏。

# 公交先行

安娜·霍尔姆

先开夜班线路。

安静的港口

Jane Roe

换静音吊机。

# 编后记

秘书处整理。
"""


def test_words_are_replaced(folder):
    papers = folder(
        'title = "论文集"\nhost = "山城"\n'
        '[papers.1]\ntitle = "少漏一滴水"\norganisation = "清源"\nauthors = ["李明", "王芳"]\n'
    )
    assert (papers.title, papers.host) == ("论文集", "山城")
    first, second = papers.papers
    assert (first.title, first.organisation, first.authors) == ("少漏一滴水", "清源", ("李明", "王芳"))
    assert (second.title, second.organisation) == ("公交先行", "北岸公交")
    assert papers.warnings == ("volume.toml corrects papers 1",)


def test_a_paper_that_was_missed_is_added_and_its_neighbour_cut(folder):
    volume = folder('[papers.3]\nbegin = "安静的港口"\nend = "换静音"\ntitle = "安静的港口"\nauthors = ["Jane Roe"]\n')
    assert [(paper.number, paper.title, words(volume, paper)) for paper in volume.papers] == [
        (1, "让老管网少漏一滴水", "先查漏。"),
        (2, "公交先行", "先开夜班线路。"),
        (3, "安静的港口", "换静音吊机。"),
    ]


def test_lines_may_be_given_by_number(folder):
    volume = folder("[papers.2]\nend = 17\n")
    assert words(volume, volume.papers[1]) == "先开夜班线路。"
    volume = folder("[papers.2]\nbegin = 18\n")
    assert (volume.papers[1].title, words(volume, volume.papers[1])) == ("公交先行", "换静音吊机。")


def test_a_number_counts_in_the_file_of_its_paper(tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "1.md").write_text("# 先查漏\n\n清源水务公司总裁 李明\n\n漏损率高。\n\n另起。\n", encoding="utf-8")
    (folder / "2.md").write_text("# 公交先行\n\n北岸公交总裁 王芳\n\n先开夜班。\n\n再开。\n", encoding="utf-8")
    corrections = tmp_path / "papers.toml"
    corrections.write_text("[papers.2]\nend = 5\n", encoding="utf-8")
    source = read(folder)
    second = segment(source, load_corrections(folder)).papers[1]
    assert source.slice(second.lines[-1].span) == "先开夜班。"
    corrections.write_text("[papers.3]\nbegin = 5\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"\[papers.3\] several files have a line of this number"):
        segment(source, load_corrections(folder))


def test_a_paper_may_be_dropped(folder):
    assert [paper.number for paper in folder("[papers.1]\ndrop = true\n").papers] == [2]


def test_a_warning_that_is_settled_is_not_repeated(folder, tmp_path):
    missing = VOLUME.replace("2. 公交先行", "2. 缆车的次序..... 山城缆车 (5)\n3. 公交先行")
    assert "promises paper 2, “缆车的次序" in folder("", missing).warnings[0]
    volume = folder('[papers.2]\nbegin = "安静的港口"\n', missing)
    assert volume.warnings == ("volume.toml corrects papers 2",)


@pytest.mark.parametrize(
    "text, message",
    [
        ("[papers.1\n", "volume.toml: .*line 1.*mend it, or move it away from volume.md"),
        ("titel = 'x'\n", "volume.toml: unknown key titel; known are title, host, papers"),
        ("[papers.1]\nautor = 'x'\n", r"volume.toml: \[papers.1\] unknown key autor; known are title, organisation"),
        ("[papers.1]\nauthors = 'x'\n", r"\[papers.1\] authors has a value of the wrong kind, 'x'"),
        ("[papers.1]\nbegin = true\n", r"\[papers.1\] begin has a value of the wrong kind, True"),
        ("[papers.one]\ntitle = 'x'\n", r"\[papers.one\] is no table of a paper's number; write \[papers.1\]"),
        ("[papers.9]\ntitle = 'x'\n", r"\[papers.9\] the volume has no such paper; to add it, say where it begins"),
        ("[papers.1]\nbegin = 900\n", r"\[papers.1\] line 900 is not in the text"),
        ("[papers.1]\nbegin = '没有'\n", r"\[papers.1\] no line begins with “没有”"),
        ("[papers.1]\nend = 3\n", r"\[papers.1\] ends before it begins"),
        ("[papers.1]\nend = 20\n[papers.2]\nend = 22\n", r"\[papers.2\] overlaps paper 1"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(folder, text, message):
    with pytest.raises(SourceError, match=message) as caught:
        folder(text)
    assert "\n" not in str(caught.value)


@pytest.fixture
def folder(tmp_path):
    """Segments a volume that has these corrections beside it."""

    def with_corrections(text, volume=VOLUME):
        path = tmp_path / "volume.md"
        path.write_text(volume, encoding="utf-8")
        (tmp_path / "volume.toml").write_text(text, encoding="utf-8")
        return segment(read(path), load_corrections(path))

    return with_corrections


def words(volume, paper):
    """The last line of a paper."""
    last = paper.lines[-1].span
    return VOLUME[last.start : last.end]
