import pytest

from pipeline.stages.group import regions, span_of
from tests.stages.volume import WORDS, labels, one_paper

# Lines of the volume: title, author, 一、, 余热, 试装, 二、, （一）, ——, ——, （二）, 市经信局


@pytest.mark.parametrize(
    "kinds, items",
    [
        ("OOOOOOBCCBC", [(6, 8), (9, 10)]),  # as the reader should see it
        ("OOOOOOBBBBC", [(6, 8), (9, 10)]),  # a list under a recommending heading goes on with it
        ("OOOOOOOBBOB", [(7, 7), (8, 8), (10, 10)]),  # a list under another heading is one item each
        ("OOOOOOOBCOO", [(7, 7), (8, 8)]),  # even if the reader thinks the second goes on
        ("OOOOOOBOCBC", [(6, 8), (9, 10)]),  # one line left out does not part an item
        ("BBOOOOOOOOO", []),  # title and author recommend nothing
        ("OOOOOBOOOOO", []),  # neither does a bare heading
    ],
)
def test_lines_become_items(kinds, items):
    source, paper = one_paper()
    assert [(r.first, r.last) for r in regions(source, paper, labels(kinds), 0.5, WORDS)] == items


def test_theme_and_addressee_are_the_likeliest_over_the_item():
    source, paper = one_paper()
    (item,) = regions(source, paper, labels("OOOOOOBCCOO"), 0.5, WORDS)
    assert (item.theme, item.addressee) == ("green", "government")


def test_a_repeated_item_is_further_evidence_of_the_fullest():
    text = "# 题\n\n作者\n\n建议在城东建一座示范热站。\n\n正文。\n\n"
    text += "市经信局可牵头在城东建一座示范热站，供三家企业试用两年。\n"
    source, paper = one_paper(text)
    (item,) = regions(source, paper, labels("OOBOB"), 0.5, WORDS)
    assert source.slice(span_of(paper, item)).startswith("市经信局")
    assert [source.slice(s) for s in item.also] == ["建议在城东建一座示范热站。"]


def items_of(text: str, kinds: str) -> list[str]:
    """The first line of each recommendation."""
    source, paper = one_paper(text)
    return [source.slice(paper.lines[r.first].span) for r in regions(source, paper, labels(kinds), 0.5, WORDS)]


def test_a_heading_that_the_reader_left_out_parts_two_items():
    text = "# 题\n\n作者\n\n### 热网底图\n\n系统将覆盖全部园区管网。\n\n### 示范热站\n\n热站将为三家企业供热。\n"
    assert items_of(text, "OOOCOC") == ["系统将覆盖全部园区管网。", "热站将为三家企业供热。"]


def test_a_heading_that_occurs_under_each_item_begins_none():
    text = "# 题\n\n作者\n\n### 一、建热网底图\n\n#### 1）目标\n\n两年普查全部园区管网。\n\n"
    text += "### 二、建示范热站\n\n#### 2）目标\n\n供三家企业试用半年。\n"
    assert items_of(text, "OOBBCBBC") == ["### 一、建热网底图", "### 二、建示范热站"]


def test_a_heading_over_the_items_is_none():
    text = "# 题\n\n作者\n\n## 四、规则与产业方面的建议\n\n### （一）建热网底图\n\n两年普查全部园区管网。\n"
    assert items_of(text, "OOBBC") == ["### （一）建热网底图"]


def test_an_item_that_the_closing_list_names_in_other_words_is_found_once():
    text = "# 题\n\n作者\n\n城市供热。\n\n企业用热。\n\n"
    text += "可由市经信局牵头，在城东建一座示范热站，接入三家企业的余热，试用两年后再定去留。\n\n"
    text += "对先修管网的企业，按节电量给予奖励。\n\n最后列出行动清单。\n\n一季度，示范热站开工。\n"
    assert len(items_of(text, "OOOOBBOB")) == 2
