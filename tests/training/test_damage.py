import random

from training.damage import damaged

LINES = ("## 二、建议", "**先修管网。**普查管网，奖励先修的企业；", "• 建示范站（城东）。")


def test_without_damage_nothing_changes():
    assert damaged(LINES, 0.0, random.Random(1)) == list(LINES)


def test_every_damage_keeps_the_number_of_lines_and_their_words():
    for seed in range(50):
        lines = damaged(LINES, 0.5, random.Random(seed))
        assert len(lines) == len(LINES)
        assert ["建议" in lines[0], "普查管网" in lines[1], "建示范站" in lines[2]] == [True] * 3


def test_all_kinds_of_damage_at_once():
    lines = damaged(LINES, 1.0, random.Random(1))
    assert lines[0] == "二、建议"
    assert lines[1] == "先修管网。普查管网,奖励先修的企业;"
