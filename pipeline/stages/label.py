"""What each line of each paper is, as the reader sees it."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.llm.engine import LineLabels, Progress, Reader
from pipeline.records import Paper, Source
from pipeline.source.lines import heading_text


def label_papers(
    source: Source, papers: Sequence[Paper], reader: Reader, progress: Progress
) -> dict[int, list[LineLabels]]:
    """The labels of all lines of each paper, by its number."""
    shown = [
        (
            paper.title,
            [heading_text(source.slice(line.span)) for line in paper.lines if line.level],
            [source.slice(line.span) for line in paper.lines],
        )
        for paper in papers
    ]
    return dict(zip((p.number for p in papers), reader.read_all(shown, progress), strict=True))
