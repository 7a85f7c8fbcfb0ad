"""A finished run holds; whatever is changed in its files, or in a copy of its brief, is found."""

import json
import shutil
from contextlib import contextmanager

import docx
import pytest

from pipeline.__main__ import main
from pipeline.check import check_brief, check_run
from pipeline.errors import StoreError
from pipeline.llm.open import Models
from tests.scripted import ScriptedEngine
from tests.test_run import ScriptedReader, brief, reply


@pytest.fixture(scope="module")
def finished(tmp_path_factory, root):
    """The folder of a run of the sample volume by a scripted model."""

    @contextmanager
    def open_scripted(config):
        yield Models(ScriptedEngine(reply), ScriptedReader(), True, {"name": "scripted"})

    folder = tmp_path_factory.mktemp("check") / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.run.open_models", open_scripted)
        brief(root / "samples" / "volume.md", folder)
    return folder


@pytest.fixture
def folder(finished, tmp_path):
    """A copy of it to spoil."""
    return shutil.copytree(finished, tmp_path / "run")


def changed(path, change):
    """Rewrite a JSON file with `change` done to its values."""
    values = json.loads(path.read_text(encoding="utf-8"))
    change(values)
    path.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")


def first_paper(folder):
    return min((folder / "papers").glob("*.json"))


def faults(folder):
    return [str(finding) for finding in check_run(folder)]


def test_a_finished_run_holds(finished, capsys):
    assert check_run(finished) == []
    assert main(["check", str(finished)]) == 0
    assert capsys.readouterr().out == f"{finished}: all holds\n"


def test_a_fault_is_printed_with_its_place_and_status_1(folder, capsys):
    changed(first_paper(folder), lambda paper: paper["summary"]["zh"][0].update(text="全市投资77亿元。"))
    assert main(["check", str(folder)]) == 1
    name = first_paper(folder).name
    assert capsys.readouterr().out == f"papers/{name}: summary 1 (zh): number 7700000000 not in evidence\n"


def test_what_is_changed_in_a_paper_is_found_at_its_place(folder):
    name = f"papers/{first_paper(folder).name}"

    def change(paper):
        quote = paper["key_facts"][0]["evidence"][0]
        quote["quote"] = quote["quote"].replace(quote["quote"][:2], "另有")
        paper["key_facts"][1]["evidence"][0]["line"] = 1
        paper["key_facts"][2]["text"]["en"] = "电 power"
        paper["organization"]["en"] = "北澜"
        paper["recommendations"][0]["theme"] = "rnd"
        paper["recommendations"].append({**paper["recommendations"][0], "id": "1.9"})
        paper["rejections"].pop()

    changed(first_paper(folder), change)
    found = check_run(folder)
    places = {f.place for f in found if f.file == name}
    assert places - {"fact 1 (zh)", "fact 1 (en)"} == {"fact 1", "fact 2", "fact 3 (en)", "organization (en)"}
    assert {(f.file, f.place, f.fault) for f in found if f.file != name} >= {
        ("recommendations.json", "1.1", "differs from the paper's own file"),
        ("recommendations.json", "1.9", "differs from the paper's own file"),
        ("brief.zh.docx", "1.9", "is not in the brief"),
        ("brief.en.docx", "1.9", "is not in the brief"),
    }
    assert {f.place for f in found if f.file == "run.json"} >= {"accounting.recommendations", "accounting.rejections"}


def test_what_is_missing_is_found(folder):
    changed(first_paper(folder), lambda paper: paper["key_facts"][0].pop("evidence"))
    assert faults(folder) == [f"papers/{first_paper(folder).name}: $.key_facts[0]: 'evidence' is a required property"]


def test_a_changed_source_is_found(folder):
    text = (folder / "source.txt").read_text(encoding="utf-8")
    (folder / "source.txt").write_text(text.replace("。", "！", 1) + "\n", encoding="utf-8")
    assert any(found.startswith("source.txt: has ") for found in faults(folder))


def test_an_unfinished_run_is_none(folder):
    (folder / "UNFINISHED").touch()
    assert faults(folder) == ["UNFINISHED: the run broke off; give its command again"]


def test_a_folder_of_no_run_is_named(tmp_path, capsys):
    assert main(["check", str(tmp_path / "nowhere")]) == 1
    assert capsys.readouterr().err.endswith("nowhere/run.json: No such file or directory; name the folder of a "
                                            "finished run\n")  # fmt: skip


def edited(folder, old, new):
    """A copy of the Chinese brief in which the first run that has `old` says `new`."""
    document = docx.Document(folder / "brief.zh.docx")
    runs = [r for p in document.element.body.iter(docx.oxml.ns.qn("w:p")) for r in p.iter(docx.oxml.ns.qn("w:t"))]
    run = next(r for r in runs if old in (r.text or ""))
    run.text = run.text.replace(old, new, 1)
    path = folder.parent / "edited.docx"
    document.save(path)
    return path


def test_an_edited_brief_may_say_less_but_no_other_figure(folder, capsys):
    (cited,) = [s for s in summaries(folder) if "186亿千瓦时" in s][:1]
    assert check_brief(folder, edited(folder, cited[:12], cited[:6])) == []
    path = edited(folder, "186亿千瓦时", "196亿千瓦时")
    assert main(["check", str(folder), "--brief", str(path)]) == 1
    assert "number 19600000000 not in evidence" in capsys.readouterr().out


def summaries(folder):
    paper = json.loads(first_paper(folder).read_text(encoding="utf-8"))
    return [sentence["text"] for sentence in paper["summary"]["zh"]]


def test_what_is_added_without_a_source_may_hold_no_figure(folder):
    (found,) = check_brief(folder, edited(folder, "引用前请核对原文", "引用前请核对原文，全市已投资77亿元"))
    assert found.fault == "number 7700000000 not in evidence: no source is cited"
    assert check_brief(folder, edited(folder, "引用前请核对原文", "引用前请逐条核对")) == []


def test_a_source_that_the_run_does_not_have_is_found(folder):
    (found,) = check_brief(folder, edited(folder, "行“", "行“另"))
    assert (found.place, found.fault) == ("[1]", "the run has no such quote")


def test_the_runs_own_brief_is_no_edited_copy(folder):
    with pytest.raises(StoreError, match="edit a copy"):
        check_brief(folder, folder / "brief.zh.docx")
