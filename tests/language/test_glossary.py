from pathlib import Path

import pytest

from pipeline.errors import PromptError
from pipeline.language.glossary import CHINESE, english_name, load_glossary, pinyin_name, pinyin_word

GLOSSARY = load_glossary(Path(__file__).parents[2] / "prompts" / "glossary.toml")


@pytest.mark.parametrize(
    "zh, en",
    [("杜卓伦", "Du Zhuolun"), ("欧阳明", "Ouyang Ming"), ("单长安", "Shan Chang'an"), ("曾丽", "Zeng Li")],
)
def test_a_person_is_surname_and_given_name(zh, en):
    assert pinyin_name(zh) == en


def test_a_place_is_one_word():
    assert pinyin_word("西安") == "Xi'an"


@pytest.mark.parametrize(
    "zh, en",
    [
        ("重庆市", "Chongqing"),
        ("璧山区", "Bishan District"),
        ("四川省", "Sichuan Province"),
        ("岚浦港", "Lanpu Port"),
        ("ABB集团", "ABB Group"),
        ("西门子（中国）有限公司", "Siemens (China) Co., Ltd."),
        ("重庆数字经济研究院", "Chongqing Digital Economy Research Institute"),
        ("江北", "Jiangbei"),
    ],
)
def test_a_name_is_composed_of_known_parts_and_pinyin(zh, en):
    assert english_name(zh, GLOSSARY) == en


@pytest.mark.parametrize("zh", ["首席执行官兼总裁", "（第九）灯笼·工作室", "某某—某某联合会，办公室"])
def test_no_chinese_character_is_left(zh):
    assert not CHINESE.search(english_name(zh, GLOSSARY))
    assert not CHINESE.search(english_name(zh, GLOSSARY, person=True))


def test_the_longest_entry_is_found():
    text = "建设成渝地区双城经济圈工业互联网平台"
    assert GLOSSARY.found(text) == [
        ("成渝地区双城经济圈", "the Chengdu-Chongqing Twin-City Economic Circle"),
        ("工业互联网平台", "industrial internet platform"),
    ]


def test_terms_are_no_names():
    names = dict(GLOSSARY.names)
    assert names["工信部"] == "the Ministry of Industry and Information Technology"
    assert "工业互联网" not in names and "中国" not in names


@pytest.mark.parametrize(
    "text, message",
    [("[places]\n", "missing or unknown section"), ("[places\n", "restore the file")],
)
def test_a_faulty_file_is_refused(tmp_path, text, message):
    path = tmp_path / "glossary.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PromptError, match=message):
        load_glossary(path)


def test_chinese_in_an_english_form_is_refused(tmp_path):
    path = tmp_path / "glossary.toml"
    sections = ["[places]\n'甲' = '乙'"] + [f"[{s}]" for s in GLOSSARY.sections if s != "places"]
    path.write_text("\n".join(sections), encoding="utf-8")
    with pytest.raises(PromptError, match=r"\[places\] '甲'"):
        load_glossary(path)
