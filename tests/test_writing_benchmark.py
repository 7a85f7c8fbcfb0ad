"""The benchmark of the writer: likeness, faults and sheets."""

import json

import pytest

from benchmarks.annotated import load_volume, statements
from benchmarks.sheet import read_sheet, verdicts, write_sheet
from benchmarks.writing import all_tasks, briefed, chrf, in_a_way, kind_of, rouge_l, table, translator, wordings
from pipeline.config import Config
from pipeline.language.glossary import load_glossary
from pipeline.llm.engine import Quotes
from pipeline.records import Evidence, Span, Statement, Text
from pipeline.run import PROMPTS
from tests.scripted import ScriptedEngine

VOLUME = """# 目录

1. 让余热变成资源.....煦河热力 (1)

# 让余热变成资源

煦河热力集团董事长 周以宁

全市余热去年只利用了18%，其余都排入河里。

## 建议

### 先修管网

由市经信局用两年时间普查全部园区管网。
"""
GOLD = {
    "lines": [5, 15],
    "recommendations": [
        {
            "lines": [13, 15],
            "title_zh": "先普查管网",
            "title_en": "Survey the pipes first",
            "addressee": "government",
            "theme": "green",
            "measures": [
                {
                    "evidence": "由市经信局用两年时间普查全部园区管网",
                    "measure_zh": "市经信局两年内普查管网",
                    "measure_en": "Survey all pipes within two years",
                }
            ],
        }
    ],
    "key_facts": [
        {"fact_zh": "余热只利用了18%", "fact_en": "Only 18% of waste heat is used", "evidence": "去年只利用了18%"}
    ],
    "summary_zh": "周以宁说余热应当利用。",
    "summary_en": "Zhou Yining says waste heat should be used.",
}


@pytest.fixture
def volume(tmp_path):
    (tmp_path / "gold").mkdir()
    (tmp_path / "VOLUME.md").write_text(VOLUME, encoding="utf-8")
    (tmp_path / "gold" / "01.json").write_text(json.dumps(GOLD), encoding="utf-8")
    return load_volume(tmp_path / "VOLUME.md", tmp_path / "gold", load_glossary(PROMPTS / "glossary.toml"), Config())


def test_likeness_is_that_of_the_literature():
    assert rouge_l("先普查管网", "普查管网，", "zh") == pytest.approx(8 / 9)
    assert rouge_l("Survey the pipes", "survey pipes", "en") == pytest.approx(4 / 5)
    assert rouge_l("", "普查", "zh") == 0
    assert chrf("Survey the pipes", "Survey the pipes") == 100


@pytest.mark.parametrize(
    "reason, kind",
    [
        ("number 30 not in evidence", "numbers"),
        ("name Siemens not in evidence", "names"),
        ("negation of evidence lost", "negation"),
        ("roles exchanged", "other"),
    ],
)
def test_faults_are_counted_by_kind(reason, kind):
    assert kind_of(reason) == kind


def test_an_experts_statements_rest_on_their_evidence(volume):
    assert [(s.kind, s.sentence.text, s.held) for s in statements(volume)] == [
        ("fact", "余热只利用了18%", "Only 18% of waste heat is used"),
        ("title", "先普查管网", "Survey the pipes first"),
        ("measure", "市经信局两年内普查管网", "Survey all pipes within two years"),
        ("quote", "由市经信局用两年时间普查全部园区管网", "Survey all pipes within two years"),
    ]


def test_slots_repair_the_number_that_the_model_alone_gets_wrong(volume):
    fact = next(statements(volume))
    engine = ScriptedEngine(lambda r: "Only ① of waste heat is used" if "①" in r.body else "Only 81% of heat is used")
    with_ = translator(volume, engine, True, Config())
    (alone,), (slotted,) = (in_a_way(way, [fact], volume, with_) for way in ("no slots", "slots"))
    assert (alone.said, alone.faults) == ("Only 81% of heat is used", ("number 81 not in evidence",))
    assert (slotted.said, slotted.faults) == ("Only 18% of waste heat is used", ())


def reply(request) -> str:
    """Chinese in every language."""
    if isinstance(request.constraint, Quotes):
        return '{"title": "普查全部园区管网", "measures": ["由市经信局用两年时间普查全部园区管网"]}'
    return "普查管网。"


def test_papers_are_measured_where_the_expert_marked_them(volume):
    (brief,) = briefed(volume, translator(volume, ScriptedEngine(reply), True, Config()), all_tasks(), Config())
    rows = {(w.kind, w.language): w for w in wordings(volume, brief)}
    assert sorted(rows) == [(kind, own) for kind in ("fact", "measure", "summary", "title") for own in ("en", "zh")]
    assert rows["title", "zh"].said == "普查全部园区管网"
    assert rows["fact", "en"].fallback  # Chinese is no translation
    assert "title en" in table(list(rows.values()))


def said(number: int) -> Statement:
    return Statement(Text(f"第{number}句", f"Sentence {number}"), (Evidence(Span(0, 3), "原 \n文"),))


def test_a_sheet_comes_back_with_its_verdicts(tmp_path):
    path = tmp_path / "sheet.tsv"
    assert write_sheet(path, [said(n) for n in range(5)], 3, seed=1) == 3
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "evidence\tzh\ten\tverdict zh\tverdict en"
    assert lines[1].startswith("原 文\t第")
    filled = [lines[0], *(line[:-1] + "right\tchanged meaning" for line in lines[1:3]), lines[3]]
    path.write_text("\n".join(filled), encoding="utf-8-sig")
    counts = read_sheet(path)
    assert counts == {"zh": {"right": 2, "not read": 1}, "en": {"changed meaning": 2, "not read": 1}}
    assert "right                  2 1.000       0 0.000" in verdicts(counts)


def test_the_same_seed_gives_the_same_sheet(tmp_path):
    for name in ("a", "b"):
        write_sheet(tmp_path / name, [said(n) for n in range(50)], 20, seed=3)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_word_that_is_no_verdict_is_refused(tmp_path):
    path = tmp_path / "sheet.tsv"
    write_sheet(path, [said(1)], 1, seed=1)
    path.write_text(path.read_text("utf-8-sig").replace("Sentence 1\t\t", "Sentence 1\tgood\tright"), "utf-8-sig")
    with pytest.raises(ValueError, match="row 2: verdict 'good'; write right, changed meaning, unreadable"):
        read_sheet(path)
