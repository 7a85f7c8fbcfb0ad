import json
import re
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipeline.errors import StoreError
from pipeline.output.store import open_run, paper_name, write_run
from pipeline.records import Place, Statement, Text


def files(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def opened(folder, source):
    with open_run(folder, source) as made:
        return made


def test_an_opened_folder_is_marked_with_the_way_on(tmp_path, brief):
    assert opened(tmp_path / "a" / "run", brief.source) == tmp_path / "a" / "run"
    assert (tmp_path / "a" / "run" / "UNFINISHED").read_text(encoding="utf-8") == (
        "This run is not finished: do not use these files. To go on, give the same command again; "
        f"the output folder is {tmp_path / 'a' / 'run'}.\n"
    )


def test_a_finished_folder(tmp_path, brief, record, letterhead):
    with open_run(tmp_path, brief.source):
        write_run(tmp_path, brief, record, letterhead)
    assert sorted(files(tmp_path)) == [
        "brief.en.docx",
        "brief.zh.docx",
        "papers/01-远帆机械公司.json",
        "papers/01-远帆机械公司.md",
        "papers/02-北岸物流集团.json",
        "papers/02-北岸物流集团.md",
        "papers/03-海港能源研究所.json",
        "papers/03-海港能源研究所.md",
        "recommendations.json",
        "recommendations.xlsx",
        "run.json",
        "source.txt",
    ]


def test_the_same_run_leaves_the_same_bytes(tmp_path, brief, record, letterhead):
    with open_run(tmp_path / "a", brief.source), open_run(tmp_path / "b", brief.source):
        write_run(tmp_path / "a", brief, record, letterhead)
        write_run(tmp_path / "b", brief, dict(reversed(record.items())), letterhead)
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_a_run_that_passes_midnight_has_one_date(tmp_path, brief, record, letterhead, monkeypatch):
    class Clock(date):
        days = iter(range(100))

        @classmethod
        def today(cls):
            return date(2026, 5, 4) + timedelta(next(cls.days))

    letterhead = replace(letterhead, date="", paper_pages=("zh", "en"))
    monkeypatch.setattr("pipeline.config.date", Clock)
    write_run(tmp_path, brief, record, letterhead)
    office = [path for path in tmp_path.rglob("*") if path.suffix in (".docx", ".xlsx")]
    created = {
        re.search(rb"created[^>]*>([\d-]+)T", zipfile.ZipFile(path).read("docProps/core.xml"))[1] for path in office
    }
    assert (created, len(office)) == ({b"2026-05-04"}, 9)


def test_a_paper_file_holds_the_contract(tmp_path, brief, record, letterhead):
    write_run(tmp_path, brief, record, letterhead)
    paper = json.loads((tmp_path / "papers" / "01-远帆机械公司.json").read_text(encoding="utf-8"))
    assert paper["organization"] == {"zh": "远帆机械公司", "en": "Yuanfan Machinery"}
    assert paper["author"] == {
        "name": {"zh": "甲一", "en": "Jia Yi"},
        "position": {"zh": "总经理", "en": "General Manager"},
    }
    assert [s["text"] for s in paper["summary"]["en"]] == [
        "Yuanfan Machinery says that under 30% of machines in Linjiang’s small works are connected.",
        "In two pilot works, scrap fell from 4.1% to 2.6%.",
    ]
    assert [(r["id"], r["addressee"], r["theme"], len(r["measures"])) for r in paper["recommendations"]] == [
        ("1.1", "government", "data", 2),
        ("1.2", "joint", "talent", 0),
    ]
    text = brief.source.text
    evidence = paper["recommendations"][0]["evidence"] + paper["key_facts"][0]["evidence"]
    assert [text[e["start"] : e["end"]] for e in evidence] == [e["quote"] for e in evidence]
    assert text[paper["span"]["start"] :].startswith("# 让老厂房用上新数据")


def test_recommendations_file(tmp_path, brief, record, letterhead):
    write_run(tmp_path, brief, record, letterhead)
    found = json.loads((tmp_path / "recommendations.json").read_text(encoding="utf-8"))
    assert [r["id"] for r in found["recommendations"]] == ["1.1", "1.2", "2.1", "2.2"]
    assert found["shared"][0]["members"] == ["1.1", "2.2"]
    assert found["priorities"] == ["1.1", "2.1", "1.2"]
    assert found["volume"]["file"] == "volume.md"


def test_no_path_of_the_machine_is_left(tmp_path, brief, record, letterhead):
    write_run(tmp_path, brief, record, letterhead)
    assert [name for name, data in files(tmp_path).items() if b"somewhere" in data] == []


def test_files_of_an_earlier_run_do_not_pass_for_this_one(tmp_path, brief, record, letterhead):
    write_run(tmp_path, brief, record, letterhead)
    (tmp_path / "papers" / "04-某.json").write_text("{}", encoding="utf-8")
    (tmp_path / "papers" / "note.txt").write_text("mine", encoding="utf-8")
    write_run(tmp_path, brief, record, letterhead)
    assert not (tmp_path / "papers" / "04-某.json").exists()
    assert (tmp_path / "papers" / "note.txt").exists()


def test_what_a_stop_left_of_a_file_goes_with_the_next_run(tmp_path, brief, record, letterhead):
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "04-某.json.part").write_text("{", encoding="utf-8")
    write_run(tmp_path, brief, record, letterhead)
    assert not (tmp_path / "papers" / "04-某.json.part").exists()


def test_a_folder_that_a_run_makes_is_private_and_one_that_was_there_keeps_its_mode(tmp_path, brief):
    (tmp_path / "there").mkdir(mode=0o750)
    assert opened(tmp_path / "there", brief.source).stat().st_mode & 0o777 == 0o750
    assert opened(tmp_path / "made", brief.source).stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made(tmp_path, brief):
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(StoreError, match=r"taken: cannot be written: .*; name another folder with --out"):
        opened(tmp_path / "taken", brief.source)


def test_the_folder_of_another_volume_is_refused(tmp_path, brief, record, letterhead):
    write_run(tmp_path, brief, record, letterhead)
    with pytest.raises(
        StoreError, match="holds the briefs of another volume, volume.md; remove it or use another --out"
    ):
        opened(tmp_path, replace(brief.source, sha256="0" * 64))
    assert not (tmp_path / "UNFINISHED").exists()


def test_a_stranger_of_the_same_name_is_not_overwritten(tmp_path, brief):
    (tmp_path / "recommendations.json").write_text("[]", encoding="utf-8")
    with pytest.raises(StoreError, match="not of a run; move it away"):
        opened(tmp_path, brief.source)


def test_a_folder_at_which_a_run_works_is_refused_to_others(tmp_path, brief, record, letterhead):
    with open_run(tmp_path, brief.source):
        with pytest.raises(StoreError, match=f"{tmp_path}: another run is at work there; wait until it ends or name"):
            opened(tmp_path, brief.source)
        assert (tmp_path / "UNFINISHED").read_text(encoding="utf-8") != ""
        write_run(tmp_path, brief, record, letterhead)
    assert opened(tmp_path, brief.source) == tmp_path


def test_a_folder_whose_run_broke_off_is_open_to_the_next(tmp_path, brief):
    with pytest.raises(RuntimeError), open_run(tmp_path, brief.source):
        raise RuntimeError("the machine goes down")
    assert opened(tmp_path, brief.source) == tmp_path


def test_a_record_without_accounting_leaves_the_folder_unfinished(tmp_path, brief, letterhead):
    with pytest.raises(StoreError, match="'accounting' is a required property"):
        write_run(tmp_path, brief, {"model": {"name": "a model"}}, letterhead)
    assert sorted(files(tmp_path)) == ["UNFINISHED"]


def test_a_value_against_the_schema_is_refused(tmp_path, brief, record, letterhead):
    first = brief.papers[0]
    item = first.recommendations[0]
    wrong = replace(first, recommendations=(replace(item, addressee="everyone"),))
    with pytest.raises(StoreError, match="everyone"):
        write_run(tmp_path, replace(brief, papers=(wrong,), shared=(), priorities=(), themes=()), record, letterhead)
    assert (tmp_path / "UNFINISHED").exists()


@pytest.mark.parametrize(
    "organisation, name",
    [
        ("远帆机械公司", "01-远帆机械公司"),
        ("A/B: C*?<D>", "01-A-B-C-D"),
        ("  尾点...  ", "01-尾点"),
        ("../..", "01"),
        ("", "01"),
        ("长" * 100, "01-" + "长" * 40),
    ],
)
def test_names_are_safe_on_every_system(brief, organisation, name):
    paper = replace(brief.papers[0], organisation=Text(organisation, ""))
    assert paper_name(paper) == name


def test_markdown_of_a_paper_reads_by_itself(tmp_path, brief, record, letterhead):
    write_run(tmp_path, brief, record, letterhead)
    text = (tmp_path / "papers" / "02-北岸物流集团.md").read_text(encoding="utf-8")
    assert text.startswith(
        "# 2. 江上的货，路上的电\n\n**Goods on the river, power on the road**\n\n"
        "北岸物流集团　乙二  \nBeian Logistics Group　Yi Er\n\n"
    )
    assert "### 2.1 在码头建换电站，换用电动货车" in text
    assert "绿色低碳 · 企业 / Green and low-carbon · Enterprises" in text
    assert "> L25：先在两个码头建换电站，三年内把短途货车的一半换成电动。" in text
    assert "Give priority to land for the stations\n\n  > L25：市里可以对换电站用地给予优先安排。" in text


def test_markdown_of_a_pdf_names_pages(tmp_path, brief, record, letterhead):
    pages = (Place(0, "volume.pdf", 1), Place(brief.source.text.index("# 江上的货"), "volume.pdf", 2))
    write_run(tmp_path, replace(brief, source=replace(brief.source, places=pages)), record, letterhead)
    text = (tmp_path / "papers" / "02-北岸物流集团.md").read_text(encoding="utf-8")
    assert "> p. 2：先在两个码头建换电站" in text and text.endswith("volume.md，p. 2\n")


def test_markdown_marks_of_the_source_are_words(brief, tmp_path, record, letterhead):
    first = brief.papers[2]
    fact = Statement(Text("<i2>粗</i2>*星*", "<i2>x</i2>"), first.key_facts[0].evidence)
    write_run(
        tmp_path,
        replace(brief, papers=(replace(first, key_facts=(fact,)),), themes=(), shared=(), priorities=()),
        record,
        letterhead,
    )
    text = (tmp_path / "papers" / "03-海港能源研究所.md").read_text(encoding="utf-8")
    assert r"- \<i2\>粗\</i2\>\*星\*" in text
