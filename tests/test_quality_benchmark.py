import json
from pathlib import Path

import pytest

from benchmarks.quality import COUNTS, READING, WRITING, Annotated, annotated, load_scorer, pooled


def volume(folder: Path, name: str, measures: int, facts: int) -> Annotated:
    """A volume of one paper, with one recommendation."""
    (folder / name).mkdir()
    paper = {"recommendations": [{"measures": [{}] * measures}], "key_facts": [{"numbers": ["7"]}] * facts}
    (folder / name / "01.json").write_text(json.dumps(paper), encoding="utf-8")
    return Annotated(name, folder / "VOLUME.md", folder / name)


def scores(matched: int, predicted: int, gold: int, measure_recall: float, fact_recall: float) -> dict:
    return {
        **dict.fromkeys((*READING, *WRITING), 1.0),
        **dict.fromkeys(COUNTS, 2),
        "per_paper_matched_predicted_gold": [(1, matched, predicted, gold)],
        "rec_precision": matched / predicted,
        "rec_recall": matched / gold,
        "measure_recall": measure_recall,
        "fact_recall": fact_recall,
    }


def test_pooled_figures_weigh_volumes_by_what_they_are_shares_of(tmp_path):
    volumes = [volume(tmp_path, "a", measures=1, facts=3), volume(tmp_path, "b", measures=3, facts=1)]
    total = pooled(volumes, [scores(1, 1, 4, 1.0, 1.0), scores(3, 7, 4, 0.0, 0.0)])
    assert (total["rec_precision"], total["rec_recall"]) == (4 / 8, 4 / 8)
    assert total["rec_f1"] == 0.5
    assert (total["measure_recall"], total["fact_recall"]) == (0.25, 0.75)
    assert total["empty_en"] == 4


@pytest.mark.parametrize(
    "missing", [lambda folder: load_scorer(folder / "score.py"), lambda f: annotated(str(f / "v"))]
)
def test_what_is_missing_is_named(tmp_path, missing):
    with pytest.raises(SystemExit, match="does not exist"):
        missing(tmp_path)
