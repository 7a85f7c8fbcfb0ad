import json

from training.annotations import labelled_papers

VOLUME = "目录\n\n# 让余热变成资源\n\n周以宁\n\n去年只利用了18%。\n\n"
VOLUME += "## 建议\n\n先修管网。\n\n普查管网。\n\n总之，要先修管网。\n"
GOLD = {
    "lines": [3, 15],
    "title_zh": "让余热变成资源",
    "title_en": "Making Waste Heat a Resource",
    "recommendations": [{"lines": [11, 13], "also": [[15, 15]], "theme": "green", "addressee": "government"}],
    "key_facts": [{"evidence": "去年只利用了18%"}],
}


def test_lines_carry_the_labels_of_the_annotation(tmp_path):
    (tmp_path / "gold").mkdir()
    (tmp_path / "VOLUME.md").write_text(VOLUME, encoding="utf-8")
    (tmp_path / "gold" / "01.json").write_text(json.dumps(GOLD), encoding="utf-8")
    (paper,) = labelled_papers(tmp_path / "VOLUME.md", tmp_path / "gold")
    assert paper.lines[2:] == ("去年只利用了18%。", "## 建议", "先修管网。", "普查管网。", "总之，要先修管网。")
    assert paper.kind[2:] == ("outside", "outside", "begins", "continues", None)  # a repeated place is not asked
    assert paper.fact[2:] == ("yes", "no", "no", "no", "no")
    assert paper.theme[2:] == (None, None, "green", "green", None)
    assert paper.headings == ("让余热变成资源", "建议")
