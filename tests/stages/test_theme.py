import shutil

import pytest

from pipeline.errors import ModelError
from pipeline.stages.theme import ThemeWords, feature_rows, load_theme_words
from tests.stages.volume import PROMPTS, WORDS

READER = PROMPTS.parent / "models" / "reader"


def of(theme: str, rest: float = 0.05) -> dict[str, float]:
    """What the reader thinks of a line: mostly this theme."""
    return {other: 0.45 if other == theme else rest for other in WORDS.themes}


@pytest.mark.parametrize(
    "read, text, theme",
    [
        ("public-service", "为护理员开设夜校课程，结业者授予技能等级证书", "talent"),
        ("application", "为配送机器人设立首年停机险，保费由财政补贴一半", "funding"),
        ("infrastructure", "Run training courses for harbour pilots at the maritime college", "talent"),
        ("data", "统一登记公共数据目录，明确谁可使用、谁可共享", "data"),
    ],
)
def test_the_instrument_counts_as_well_as_the_subject(read, text, theme):
    assert WORDS.likeliest([of(read)], text) == theme


def test_a_reader_that_is_sure_is_believed():
    sure = {theme: 0.999 if theme == "green" else 0.0001 for theme in WORDS.themes}
    assert WORDS.likeliest([sure], "为护理员开设夜校课程") == "green"


def test_probabilities_add_up_even_of_a_text_without_words():
    for text in ("为护理员开设夜校课程", "……", ""):
        assert sum(2.718281828**p for p in WORDS.log_probabilities(text).values()) == pytest.approx(1)


def test_only_the_beginning_counts():
    assert feature_rows("课" * 200) == feature_rows("课" * 120 + "程" * 80)


def test_a_missing_or_wrong_table_is_named(tmp_path):
    shutil.copy(READER / "labels.toml", tmp_path)
    with pytest.raises(ModelError, match="themes.bin"):
        load_theme_words(tmp_path)
    (tmp_path / "themes.bin").write_bytes(b"1234")
    with pytest.raises(ModelError, match="12 themes"):
        load_theme_words(tmp_path)
    assert isinstance(WORDS, ThemeWords)
