"""A small volume of one paper, built without the segmenter."""

from __future__ import annotations

from pathlib import Path

from pipeline.language.glossary import load_glossary
from pipeline.llm.engine import LineLabels
from pipeline.records import Paper, Source, Span
from pipeline.source.lines import printed_lines
from pipeline.stages.assemble import paper_names
from pipeline.stages.ground import Grounder
from pipeline.stages.theme import load_theme_words

PROMPTS = Path(__file__).parent.parent.parent / "prompts"
GLOSSARY = load_glossary(PROMPTS / "glossary.toml")
WORDS = load_theme_words(PROMPTS.parent / "models" / "reader")

TEXT = """# 让余热变成资源

北澜能源公司总经理 周以宁

## 一、现状

全市工业余热去年只利用了18%，大量热能直接排空。

三个园区试装回收装置，管网完好的一个节电12%。

## 二、建议

### （一）先修管网

——用两年时间普查全部园区管网，形成一张底图。

——对先修管网的企业按节电量给予奖励。

### （二）建示范站

市经信局可在城东建一座示范热站，供三家企业试用。
"""


def one_paper(text: str = TEXT, language: str = "zh") -> tuple[Source, Paper]:
    """The text as a source, all of which is one paper whose body begins at its third line."""
    source = Source(Path("volume.md"), text, "0" * 64)
    lines = printed_lines(text)
    paper = Paper(
        number=1,
        title="让余热变成资源",
        organisation="北澜能源公司",
        authors=("周以宁",),
        position="北澜能源公司总经理",
        language=language,
        span=Span(0, len(text)),
        lines=lines,
        body=2,
    )
    return source, paper


def grounder_of(source: Source, paper: Paper) -> Grounder:
    """The grounder of a volume of one paper, with the project's glossary."""
    return Grounder(source, GLOSSARY, {1: paper_names(paper, GLOSSARY)})


def labels(kinds: str, facts: str = "") -> list[LineLabels]:
    """Labels of lines: kinds as letters O (outside), B (begins), C (continues); facts as 0 and 1."""
    answers = {"O": (0.9, 0.06, 0.04), "B": (0.1, 0.7, 0.2), "C": (0.1, 0.2, 0.7)}
    facts = facts or "0" * len(kinds)
    return [
        LineLabels(
            kind=dict(zip(("outside", "begins", "continues"), answers[kind], strict=True)),
            fact={"no": 1 - int(fact), "yes": float(fact)},
            theme={"green": 0.8, "data": 0.2},
            addressee={"government": 0.6, "joint": 0.4},
            gist={"no": 0.0, "yes": 1.0},
        )
        for kind, fact in zip(kinds, facts, strict=True)
    ]
