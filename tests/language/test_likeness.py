import pytest

from pipeline.language.likeness import verbatim

HELD = "全市工业余热去年只利用了18%，大量热能直接排空。管网完好的一个园区节电12%。"


@pytest.mark.parametrize(
    "text, share",
    [
        ("全市工业余热去年只利用了18%。", 1.0),
        ("管网完好的一个园区节电 12%，大量热能直接排空。", 1.0),  # clauses in another order, other blanks
        ("大量热能直接排空，全市都浪费。", 8 / 13),
        ("工业用余热排空。", 0.0),
    ],
)
def test_the_share_of_a_text_in_clauses_that_are_word_for_word_there(text, share):
    assert verbatim(text, HELD) == pytest.approx(share)


def test_english_clauses_are_compared_without_case_and_marks():
    assert verbatim("Repair the pipes first.", "The bureau should repair the pipes first, and then fit units.") == 1.0
