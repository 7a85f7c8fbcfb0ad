"""The embedded model really briefs the sample volume, through the command, and the contract holds."""

import json
import os
import re
import subprocess
import sys

import pytest
from docx import Document

from pipeline.language.checks import unsupported
from pipeline.language.glossary import load_glossary

pytestmark = pytest.mark.model

CHINESE = re.compile(r"[\u3400-\u9fff]")


@pytest.fixture(scope="module")
def folder(tmp_path_factory, root, sample):
    out = tmp_path_factory.mktemp("run") / "sample"
    command = [sys.executable, "-m", "pipeline", "run", str(sample), "--out", str(out), "--quiet"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BRIEFING_")}
    environment["BRIEFING_CACHE_FOLDER"] = str(out.parent / "cache")  # else the answers of an earlier test would do
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert str(out) in done.stdout
    return out


@pytest.fixture(scope="module")
def papers(folder):
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((folder / "papers").glob("*.json"))]


@pytest.fixture(scope="module")
def source(sample):
    return sample.read_text(encoding="utf-8")


def statements(paper):
    """Every statement of a paper as (language, text, evidence)."""
    for language in ("zh", "en"):
        for sentence in paper["summary"][language]:
            yield language, sentence["text"], sentence["evidence"]
        for fact in paper["key_facts"]:
            yield language, fact["text"][language], fact["evidence"]
        for recommendation in paper["recommendations"]:
            yield language, recommendation["title"][language], recommendation["evidence"]
            for measure in recommendation["measures"]:
                yield language, measure["text"][language], measure["evidence"]


def test_the_run_is_complete(folder):
    assert not list(folder.rglob("UNFINISHED*"))
    for name in ("brief.zh.docx", "brief.en.docx", "recommendations.json", "run.json"):
        assert (folder / name).stat().st_size > 0, name
    assert len(list((folder / "papers").glob("*.md"))) == 4


def test_the_papers_are_found(papers):
    assert [
        (p["number"], p["title"]["zh"], p["organization"]["zh"], p["author"]["name"]["zh"]) for p in papers[:3]
    ] == [
        (1, "让电网跟得上产业：云渚用电柔性化的路径", "霁川电力", "沈望秋"),
        (2, "把诊室搬到社区门口——云渚基层慢病管理的数字化改造", "帕尔莫尼医疗", "罗贝尔·昂丹"),
        (3, "从一筐枇杷说起——山地鲜果的损耗、加工与品牌", "禾泊食品", "唐屿真"),
    ]
    assert papers[3]["title"]["en"] == "A Ferry Every Ten Minutes: Bringing Commuters Back to the Water"
    assert papers[3]["organization"]["en"] == "Tarnfell Ferries"
    assert papers[3]["author"]["name"]["en"] == "Ingrid Halloway"
    assert len(papers) == 4


def test_the_papers_stand_where_their_titles_do(papers, source):
    for paper, first in zip(papers, ("让电网", "把诊室", "从一筐", "A Ferry"), strict=True):
        assert source[paper["span"]["start"] : paper["span"]["end"]].lstrip("# ").startswith(first)


def test_every_paper_says_something(papers):
    for paper in papers:
        assert paper["summary"]["zh"] and paper["summary"]["en"], paper["number"]
    # Headed and numbered lists are plain enough for any reader of recommendations.
    assert papers[0]["recommendations"] and papers[3]["recommendations"]


def test_every_quote_stands_in_the_source(papers, source):
    for paper in papers:
        for language, text, evidence in statements(paper):
            assert text.strip() and evidence, (paper["number"], language, text)
            for piece in evidence:
                assert source[piece["start"] : piece["end"]] == piece["quote"]


def test_every_number_stands_in_its_evidence(papers, root):
    glossary = load_glossary(root / "prompts" / "glossary.toml")
    for paper in papers:
        for _, text, evidence in statements(paper):
            reasons = unsupported(text, "\n".join(piece["quote"] for piece in evidence), glossary)
            assert [reason for reason in reasons if reason.startswith("number")] == [], text


def test_no_chinese_is_left_in_english(papers):
    names = [
        value
        for p in papers
        for value in (p["title"]["en"], p["organization"]["en"], *(p["author"][k]["en"] for k in ("name", "position")))
    ]
    texts = [text for paper in papers for language, text, _ in statements(paper) if language == "en"]
    assert [text for text in names + texts if CHINESE.search(text)] == []


def test_both_briefs_carry_the_same_recommendations(folder, papers):
    ids = {recommendation["id"] for paper in papers for recommendation in paper["recommendations"]}
    assert all(
        identifier.split(".")[0] == str(p["number"])
        for p in papers
        for identifier in (recommendation["id"] for recommendation in p["recommendations"])
    )
    for language in ("zh", "en"):
        assert ids <= set(re.findall(r"\d+\.\d+", text_of(folder / f"brief.{language}.docx")))


def text_of(path):
    """All text of a Word file, tables included."""
    document = Document(str(path))
    return "\n".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t"))
