from pathlib import Path

import pytest

from pipeline.errors import PromptError
from pipeline.language.glossary import load_glossary
from pipeline.language.hints import MOST, Hints, load_hints

PROMPTS = Path(__file__).parents[2] / "prompts"
GLOSSARY = load_glossary(PROMPTS / "glossary.toml")
WORDS = {"出租": "let", "凉拌菜": "cold dish", "暂停": "suspend", "外送": "home delivery", "建设": "build"}


def hints_of(text, language="zh"):
    return Hints(GLOSSARY, WORDS, {"企业": "firm"}).of(text, language)


def test_words_and_terms_stand_in_the_order_of_the_sentence():
    assert hints_of("高温时暂停凉拌菜的外送，由养老院自办") == [
        ("暂停", "suspend"),
        ("凉拌菜", "cold dish"),
        ("外送", "home delivery"),
        ("养老院", GLOSSARY.english["养老院"]),
    ]


def test_a_word_must_begin_and_end_where_words_do():
    assert hints_of("出租房屋") == [("出租", "let")]
    assert hints_of("整治出租车") == []


def test_common_words_need_no_hint():
    assert hints_of("他们建设") == []


def test_the_rarest_words_are_told_where_there_are_too_many():
    hints = load_hints(PROMPTS, GLOSSARY).of(
        "物业公司不得擅自出租车位，未经业主大会表决的，限期收回，逾期吊销备案并列入黑名单，追缴违法所得", "zh"
    )
    assert len(hints) == MOST
    assert ("吊销", "revoke") in hints


def test_of_english_sentences_terms_alone_are_told():
    term = GLOSSARY.sections["terms"]["养老院"]
    assert hints_of(f"Have the {term} suspend the lease", "en") == [(term, GLOSSARY.chinese[term])]


def test_a_word_without_english_is_named(tmp_path):
    (tmp_path / "words.toml").write_text('[rare]\n"凉拌菜" = ""\n[common]\n', encoding="utf-8")
    with pytest.raises(PromptError, match="凉拌菜"):
        load_hints(tmp_path, GLOSSARY)


def test_missing_words_are_named(tmp_path):
    with pytest.raises(PromptError, match="words.toml"):
        load_hints(tmp_path, GLOSSARY)


def test_a_gloss_holds_names_terms_rare_and_common_words_with_their_places():
    gloss = Hints(GLOSSARY, WORDS, {"检查": "inspect"}).gloss("重庆检查养老院的凉拌菜")
    assert gloss == [(0, "Chongqing"), (2, "inspect"), (4, GLOSSARY.english["养老院"]), (8, "cold dish")]
