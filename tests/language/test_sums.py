import pytest

from pipeline.language.sums import wrong_sums
from pipeline.language.wording import Wording


@pytest.mark.parametrize(
    "text, wrong",
    [
        ("进入临床的项目有412个，其中由本地企业发起的187个，占54.4%。", ["412", "187", "54.4%"]),
        ("进入临床的项目有412个，其中由本地企业发起的187个，占45.4%。", []),
        ("进入临床的项目有412个，其中由本地企业发起的187个，占全国的23%。", []),
        ("全市持牌机构有312家，其中核心系统放在云上的188家，占六成。", []),
        ("家庭农场和合作社合计38.4万家，其中家庭农场24.6万家、合作社15.8万家。", ["38.4万", "24.6万", "15.8万"]),
        ("家庭农场和合作社合计38.4万家，其中家庭农场24.6万家、合作社13.8万家。", []),
        ("专网共有58张，其中汽车厂19张、港口22张，其余15张。", ["58", "19", "22", "15"]),
        # Not all of the parts are told.
        ("专网共有58张，其中汽车厂19张、港口22张。", []),
        ("本地产品占比达到134%。", ["134%"]),
        ("本地产品占比提高了134%。", []),
    ],
)
def test_sums_in_chinese(text, wrong):
    said = Wording(text, "zh")
    assert [text[q.start : q.end] for clash in wrong_sums(said) for q in clash] == wrong


@pytest.mark.parametrize(
    "text, wrong",
    [
        ("We surveyed 212 firms, of which 64 firms, or 45%, had stopped.", ["212", "64", "45%"]),
        ("We surveyed 212 firms, of which 64 firms, or 30%, had stopped.", []),
        ("Small firms account for 130% of jobs.", ["130%"]),
        ("Output rose to 130% of the level of 2019.", []),
    ],
)
def test_sums_in_english(text, wrong):
    said = Wording(text, "en")
    assert [text[q.start : q.end] for clash in wrong_sums(said) for q in clash] == wrong
