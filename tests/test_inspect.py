"""`briefing inspect` shows a volume as it is read, without a model."""

import json
import subprocess
import sys

import pytest

from pipeline.__main__ import main

VOLUME = """# 第三届 青岩市市长国际顾问会议

# 目录

1. 让老管网少漏一滴水..... 清源水务 (1)
2. 公交先行..... 北岸公交 (9)

# 让老管网少漏一滴水

清源水务公司总裁 李明

## 一、现状

漏损率为 14%。

### （一）管网

平均已用二十九年。

# 公交先行

先开四条夜班线路，再谈其余。
"""


@pytest.fixture
def volume(tmp_path):
    path = tmp_path / "volume.md"
    path.write_text(VOLUME, encoding="utf-8")
    return path


def test_the_table_names_papers_lines_and_doubts(volume, capsys):
    assert main(["inspect", str(volume)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "第三届青岩市市长国际顾问会议 | 青岩市 | 2 papers",
        "no.  title               organisation  author  place        characters  sections  doubts",
        "  1  让老管网少漏一滴水  清源水务      李明    lines 8–18           66         2",
        "  2  公交先行            北岸公交              lines 20–22          22         0  no author",
    ]


def test_one_paper_is_shown_with_its_sections(volume, capsys):
    assert main(["inspect", str(volume), "--paper", "1"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1. 让老管网少漏一滴水",
        "清源水务 | 李明 | 清源水务公司总裁 | lines 8–18",
        "  一、现状  (line 12, 40 characters)",
        "    （一）管网  (line 16, 20 characters)",
    ]


def test_spans_of_the_plain_values_slice_back(volume, capsys):
    main(["inspect", str(volume), "--json"])
    values = json.loads(capsys.readouterr().out)
    assert [paper["title"] for paper in values["papers"]] == ["让老管网少漏一滴水", "公交先行"]
    span = values["papers"][0]["span"]
    assert VOLUME[span["start"] : span["end"]].startswith("# 让老管网") and values["papers"][0]["lines"] == [8, 18]

    main(["inspect", str(volume), "--paper", "1", "--json"])
    section = json.loads(capsys.readouterr().out)["tree"][0]
    assert VOLUME[section["span"]["start"] : section["span"]["end"]].endswith("二十九年。")
    assert [part["heading"] for part in section["parts"]] == ["（一）管网"]


def test_corrections_are_shown(volume, capsys):
    volume.with_suffix(".toml").write_text('[papers.2]\nauthors = ["安娜·霍尔姆"]\n', encoding="utf-8")
    main(["inspect", str(volume)])
    out = capsys.readouterr().out
    assert "安娜·霍尔姆" in out and "! volume.toml corrects papers 2" in out


def test_a_paper_that_is_not_there_is_a_fault(volume, capsys):
    assert main(["inspect", str(volume), "--paper", "7"]) == 1
    assert capsys.readouterr().err == f"briefing: {volume}: no paper 7; its papers are 1, 2\n"


def test_a_reader_that_has_enough_ends_the_printing_quietly(volume):
    command = f"{sys.executable} -m pipeline inspect {volume} | true"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_model_is_loaded(volume):
    assert main(["inspect", str(volume)]) == 0
    assert "pipeline.inspect" in sys.modules
    script = f"import sys; from pipeline.__main__ import main; main(['inspect', {str(volume)!r}]); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert not {"llama_cpp", "numpy", "jieba", "matplotlib"} & set(loaded)
