import pytest

from pipeline.stages.group import regions, span_of
from tests.stages.volume import labels, one_paper

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
    assert [(r.first, r.last) for r in regions(source, paper, labels(kinds), 0.5)] == items


def test_theme_and_addressee_are_the_likeliest_over_the_item():
    source, paper = one_paper()
    (item,) = regions(source, paper, labels("OOOOOOBCCOO"), 0.5)
    assert (item.theme, item.addressee) == ("green", "government")


def test_a_repeated_item_is_further_evidence_of_the_fullest():
    text = "# 题\n\n作者\n\n建议在城东建一座示范热站。\n\n正文。\n\n"
    text += "市经信局可牵头在城东建一座示范热站，供三家企业试用两年。\n"
    source, paper = one_paper(text)
    (item,) = regions(source, paper, labels("OOBOB"), 0.5)
    assert source.slice(span_of(paper, item)).startswith("市经信局")
    assert [source.slice(s) for s in item.also] == ["建议在城东建一座示范热站。"]
