"""The project's own sentence pairs: readable, not repeated, with the same numbers on both sides."""

from collections import Counter

import pytest

from pipeline.language.glossary import load_glossary
from pipeline.language.slots import paired
from training.pairs import PROMPTS, SENTENCES

LINES = [
    (f"{path.name}:{number}", line)
    for path in sorted(SENTENCES.glob("*.tsv"))
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
]


@pytest.fixture(scope="module")
def names():
    return load_glossary(PROMPTS / "glossary.toml").names


def test_every_line_is_a_chinese_and_an_english_sentence():
    wrong = [place for place, line in LINES if [bool(side.strip()) for side in line.split("\t")] != [True, True]]
    assert not wrong


@pytest.mark.parametrize("side", [0, 1])
def test_no_sentence_comes_twice(side):
    counts = Counter(line.split("\t")[side] for _, line in LINES)
    assert [sentence for sentence, count in counts.items() if count > 1] == []


def test_hardly_a_pair_is_lost_for_numbers_that_do_not_match(names):
    # The few are true in words that slots do not know: 每千人 is per 1,000 people, 八折 20% off.
    lost = [place for place, line in LINES if paired(*line.split("\t"), "zh", "en", names) is None]
    assert len(lost) <= 0.01 * len(LINES), lost
