"""The whole flow with a scripted model: what a run leaves, and what bad days leave."""

from __future__ import annotations

import json
from contextlib import contextmanager

import pytest

from pipeline.check import check_run
from pipeline.config import load_config
from pipeline.errors import SourceError
from pipeline.llm.engine import LineLabels, Quotes, Slots
from pipeline.llm.open import Models
from pipeline.progress import progress_for
from pipeline.run import run
from pipeline.source.read import read
from tests.scripted import ScriptedEngine


class ScriptedReader:
    """Says that the lines with an advising word recommend, and those with a digit are facts."""

    def read_all(self, papers, progress=None):
        return [[self.label(line) for line in lines] for _, _, lines in papers]

    def label(self, line: str) -> LineLabels:
        advises = any(word in line for word in ("建议", "should", "可由", "一是"))
        fact = any(c.isdigit() for c in line)
        return LineLabels(
            kind={"outside": 0.1, "begins": 0.8, "continues": 0.1}
            if advises
            else {"outside": 0.9, "begins": 0.1, "continues": 0.0},
            fact={"no": 1.0 - fact, "yes": float(fact)},
            theme={"data": 1.0},
            addressee={"government": 1.0},
            gist={"no": 0.0, "yes": 1.0},
        )


def reply(request):
    """A poor model: repeats the input's first line as digest, quotes for measures, slots alone as translation."""
    text = request.body.split("\n")[1] if "\n" in request.body else request.body
    if isinstance(request.constraint, Quotes):
        return json.dumps(
            {"title": "办好这件事", "measures": [max(request.constraint.texts, key=len)[:40]]}, ensure_ascii=False
        )
    if isinstance(request.constraint, Slots):
        return "Words of a poor translation that go on for a while"
    return text


@pytest.fixture
def scripted(monkeypatch):
    engine = ScriptedEngine(reply)

    @contextmanager
    def open_scripted(config):
        yield Models(engine, ScriptedReader(), True, {"name": "scripted"})

    monkeypatch.setattr("pipeline.run.open_models", open_scripted)
    return engine


def brief(volume, out):
    # Without a cache, or the second of two runs would only repeat what it kept of the first.
    return run(volume, out, load_config(None, {"cache.megabytes": 0}), progress_for(quiet=True))


def papers_of(folder):
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((folder / "papers").glob("*.json"))]


def statements(paper):
    yield from paper["summary"]["zh"] + paper["summary"]["en"] + paper["key_facts"] + paper["recommendations"]
    for recommendation in paper["recommendations"]:
        yield from recommendation["measures"]


def test_a_poor_model_still_gives_a_complete_and_grounded_run(scripted, sample, tmp_path):
    brief(sample, tmp_path / "out")
    text = sample.read_text(encoding="utf-8")
    papers = papers_of(tmp_path / "out")
    assert [p["number"] for p in papers] == [1, 2, 3, 4]
    for statement in (s for p in papers for s in statements(p)):
        assert statement["evidence"]
        assert all(text[e["start"] : e["end"]] == e["quote"] for e in statement["evidence"])
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "brief.en.docx", "brief.zh.docx", "papers", "recommendations.json", "recommendations.xlsx", "run.json",
        "source.txt",
    ]  # fmt: skip


def test_the_record_accounts_for_every_chunk_and_rejection(scripted, sample, tmp_path):
    brief(sample, tmp_path / "out")
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    accounting = record["accounting"]
    assert accounting["chunks_read"] == accounting["chunks"] > 0
    assert accounting["rejections"] == len(accounting["rejected_claims"]) > 0
    assert set(record["stages"]) == {"read", "label", "digest", "summary", "recommendation", "translate"}


def test_a_paper_that_contradicts_itself_is_told_of_in_every_file(scripted, sample, tmp_path):
    one, other = "全市现有变电站96座，多已老旧。", "两年内将69座变电站全部改造。"
    volume, out = tmp_path / "volume.md", tmp_path / "out"
    text = sample.read_text(encoding="utf-8").replace(
        "## 二、我们在别处学到的", f"{one}\n\n{other}\n\n## 二、我们在别处学到的"
    )
    volume.write_text(text, encoding="utf-8")
    brief(volume, out)
    first, *others = papers_of(out)
    assert [[e["quote"] for side in c["sides"] for e in side["evidence"]] for c in first["contradictions"]] == [
        [one, other]
    ]
    assert not any(paper["contradictions"] for paper in others)
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))["accounting"]["contradictions"] == 1
    assert check_run(out) == []
    for name, words in (
        ("brief.zh.docx", "一篇之内数字不一致"),
        ("brief.en.docx", "Figures that differ within one paper"),
    ):
        assert words in read(out / name).text


def test_the_same_volume_gives_the_same_papers(scripted, sample, tmp_path):
    brief(sample, tmp_path / "one")
    brief(sample, tmp_path / "two")
    for path in (tmp_path / "one" / "papers").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / "papers" / path.name).read_bytes()


def test_a_text_without_papers_is_a_named_fault_and_leaves_nothing(scripted, tmp_path):
    volume = tmp_path / "note.md"
    volume.write_text("今天天气很好。\n", encoding="utf-8")
    with pytest.raises(SourceError, match="no paper"):
        brief(volume, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_run_that_breaks_off_is_marked_unfinished(scripted, sample, tmp_path):
    def fail(request):
        raise RuntimeError("the machine goes down")

    scripted.reply = fail
    with pytest.raises(RuntimeError):
        brief(sample, tmp_path / "out")
    assert (tmp_path / "out" / "UNFINISHED").exists()
    assert not (tmp_path / "out" / "run.json").exists()
