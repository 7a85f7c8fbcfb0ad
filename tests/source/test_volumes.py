"""Reading held against the annotations of whole volumes, where they lie beside the checkout."""

import json
from pathlib import Path

import pytest

from pipeline.source.letters import letters
from pipeline.source.read import read
from pipeline.source.segment import segment

SHARED = Path(__file__).resolve().parents[3] / "shared"
VOLUMES = [
    *((volume, volume.parent / "gold") for volume in sorted(SHARED.glob("corpus/*/VOLUME.md"))),
    *((volume, SHARED / "eval" / "gold-dev") for volume in sorted(SHARED.glob("volumes/chongqing-*.md"))),
]


@pytest.mark.skipif(not VOLUMES, reason="no annotated volumes beside this checkout")
@pytest.mark.parametrize("path, gold", VOLUMES, ids=[path.parent.name for path, _ in VOLUMES])
def test_papers_are_those_of_the_annotations(path, gold):
    source = read(path)
    volume = segment(source)
    papers = {paper.number: paper for paper in volume.papers}
    assert volume.warnings == ()
    for file in sorted(gold.glob("[0-9][0-9].json")):
        want = json.loads(file.read_text(encoding="utf-8"))
        paper = papers[want["paper"]]
        suffix = "_" + paper.language
        assert letters(paper.title) == letters(want["title" + suffix])
        assert letters("、".join(paper.authors)) == letters(want.get("author" + suffix, "").replace(" and ", ""))
        assert source.line_number(paper.span.start) in (want["lines"][0], want["lines"][0] + 2)
        assert want["lines"][1] - source.line_number(paper.span.end - 1) in range(-2, 3)
