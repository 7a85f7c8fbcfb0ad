"""How good the briefs are beside an expert's annotations, and what each part of the reading adds.

    python -m benchmarks.quality SCORER VOLUME …              briefs each volume, or takes its finished run
    python -m benchmarks.quality SCORER VOLUME … --ablation   recommendations by less and less of the pipeline

SCORER is the project's score.py. A VOLUME is a folder with VOLUME.md and gold/, or a file and its gold folder
as FILE:FOLDER. README.md says how to read the table.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from pipeline.config import Config, load_config
from pipeline.language.glossary import load_glossary
from pipeline.llm.cache import open_cache
from pipeline.llm.engine import LineLabels
from pipeline.llm.open import ADAPTERS, Models, cached, open_models
from pipeline.llm.prompt import load_schema, load_task
from pipeline.output.labels import PROMPTS
from pipeline.progress import progress_for
from pipeline.records import Paper, Source, Span
from pipeline.run import run
from pipeline.source.chunk import chunk_paper
from pipeline.source.lines import heading_text
from pipeline.source.read import read
from pipeline.source.segment import segment
from pipeline.stages.assemble import paper_names
from pipeline.stages.extract import extract
from pipeline.stages.ground import Grounder
from pipeline.stages.group import LIST_ITEM, Region, inside, region, regions, span_of
from pipeline.stages.label import label_papers
from pipeline.stages.theme import ThemeWords, load_theme_words

RUNS = Path("briefs/quality")
SHOWN_TOKENS = 500  # of a chunk without a reader: what the writer is shown of an item
READING = ("rec_precision", "rec_recall", "rec_f1", "measure_recall", "theme_accuracy", "addressee_accuracy")
WRITING = ("fact_recall", "title_rouge_zh", "title_rouge_en", "summary_rouge_zh", "summary_rouge_en", "quotes_exact")
COUNTS = ("unsupported_numbers_zh", "unsupported_numbers_en", "empty_zh", "empty_en", "en_statements_with_chinese")
ADVISES = re.compile("建议|对策|举措|启示|设想|recommend|proposal|suggest", re.IGNORECASE)
Found = list[tuple[Region, list[Span]]]  # each recommendation with its evidence
Scores = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Annotated:
    """A volume, and what an expert marked in it."""

    name: str
    file: Path
    gold: Path

    def papers(self) -> Iterator[Mapping[str, Any]]:
        for path in sorted(self.gold.glob("[0-9][0-9].json")):
            yield json.loads(path.read_text(encoding="utf-8"))


def annotated(given: str) -> Annotated:
    """A volume as the command line names it. Raises SystemExit if a part of it is missing."""
    file, _, gold = given.partition(":")
    folder = Path(file)
    volume = Annotated(folder.stem, folder, Path(gold)) if gold else annotated_folder(folder)
    for part in (volume.file, volume.gold):
        if not part.exists():
            sys.exit(f"quality: {part} does not exist; name a folder with VOLUME.md and gold/, or FILE:FOLDER")
    return volume


def annotated_folder(folder: Path) -> Annotated:
    return Annotated(folder.name, folder / "VOLUME.md", folder / "gold")


def load_scorer(path: Path) -> ModuleType:
    """The scorer as a module. Raises SystemExit if it is not there."""
    if not path.is_file():
        sys.exit(f"quality: the scorer {path} does not exist; give the path of score.py")
    spec = importlib.util.spec_from_file_location("score", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def weights(volume: Annotated, scores: Scores) -> dict[str, int]:
    """How many things each figure is a share of, so that volumes can be pooled; the papers where it is a mean."""
    matched, predicted, gold = (sum(row[i] for row in scores["per_paper_matched_predicted_gold"]) for i in (1, 2, 3))
    papers = list(volume.papers())
    measures = sum(len(r["measures"]) for paper in papers for r in paper["recommendations"])
    facts = sum(bool(fact["numbers"]) for paper in papers for fact in paper["key_facts"])
    of_matched = dict.fromkeys(("theme_accuracy", "addressee_accuracy", "title_rouge_zh", "title_rouge_en"), matched)
    own = {"rec_precision": predicted, "rec_recall": gold, "measure_recall": measures, "fact_recall": facts}
    return {**dict.fromkeys((*READING, *WRITING), len(papers)), **of_matched, **own}


def pooled(volumes: Sequence[Annotated], scores: Sequence[Scores]) -> Scores:
    """The figures of all volumes together: as if their papers were of one volume."""
    of = [weights(volume, score) for volume, score in zip(volumes, scores, strict=True)]
    total: Scores = {}
    for key in (*READING, *WRITING):
        weight = sum(w[key] for w in of)
        total[key] = sum(s[key] * w[key] for s, w in zip(scores, of, strict=True)) / weight if weight else 0.0
    both = total["rec_precision"] + total["rec_recall"]
    total["rec_f1"] = 2 * total["rec_precision"] * total["rec_recall"] / both if both else 0.0
    return {**total, **{key: sum(s[key] for s in scores) for key in COUNTS}}


def table(names: Sequence[str], rows: Sequence[Scores], keys: Sequence[str]) -> str:
    """Figures in rows, volumes in columns."""
    cell = lambda value: f"{value:>12}" if isinstance(value, int) else f"{value:>12.3f}"
    head = f"{'':28}" + "".join(f"{name[:11]:>12}" for name in names)
    return "\n".join([head, *(f"{key:28}" + "".join(cell(row[key]) for row in rows) for key in keys)])


def with_pooled(volumes: Sequence[Annotated], scores: Sequence[Scores]) -> tuple[list[str], list[Scores]]:
    names = [volume.name for volume in volumes]
    return ([*names, "pooled"], [*scores, pooled(volumes, scores)]) if len(volumes) > 1 else (names, list(scores))


def briefed(volume: Annotated, runs: Path, config: Config) -> Path:
    """The folder of the volume's run, which is made unless it is finished."""
    folder = runs / volume.name
    if not (folder / "run.json").exists() or (folder / "UNFINISHED").exists():
        run(volume.file, folder, config, progress_for(quiet=False))
    return folder


@dataclass(frozen=True)
class Reading:
    """One volume as the stages see it, and the models to read it with."""

    source: Source
    papers: Sequence[Paper]
    grounder: Grounder
    models: Models
    config: Config
    words: ThemeWords
    labels: Mapping[int, Sequence[LineLabels]]  # by our reader

    def by_prompts(self, paper: Paper) -> Found:
        """What the writer marks in each chunk, as if each were a recommendation: no reader, no structure."""
        tasks = {own: load_task(PROMPTS, f"recommendation/{own}") for own in ("zh", "en")}
        schema, engine = load_schema(PROMPTS, "recommendation/schema"), self.models.engine
        chunks = chunk_paper(self.source, paper, SHOWN_TOKENS, engine.count_tokens)
        rows = [[i for i in range(paper.body, len(paper.lines)) if within(paper.lines[i].span, c.span)] for c in chunks]
        found = [region(self.source, paper, row, self.labels[paper.number], self.words) for row in rows if row]
        items = extract(
            {paper.number: paper}, found, tasks, schema, engine, self.models.trained, self.grounder, lambda *_: None
        )
        return [(item.region, [e.span for m in item.measures for e in m.evidence]) for item in items]

    def by_structure(self, paper: Paper) -> Found:
        """The lines under a heading that announces advice, grouped; themes by their words alone."""
        lines = structural(self.source, paper, self.labels[paper.number])
        return self.whole(paper, regions(self.source, paper, lines, self.config.recommend.threshold, self.words))

    def by_reader(self, paper: Paper) -> Found:
        """The reader's labels alone: each line that begins is an item, those that continue follow it."""
        labels, items = self.labels[paper.number], []
        for row in inside(paper, labels, self.config.recommend.threshold):
            if items and row == items[-1][-1] + 1 and labels[row].kind["continues"] > labels[row].kind["begins"]:
                items[-1].append(row)
            else:
                items.append([row])
        return self.whole(paper, [region(self.source, paper, rows, labels, self.words) for rows in items])

    def by_product(self, paper: Paper) -> Found:
        """Reader and grouping, as in a run."""
        labels = self.labels[paper.number]
        return self.whole(paper, regions(self.source, paper, labels, self.config.recommend.threshold, self.words))

    def whole(self, paper: Paper, found: Sequence[Region]) -> Found:
        return [(item, [span_of(paper, item), *item.also]) for item in found]


ABLATION: dict[str, Callable[[Reading, Paper], Found]] = {
    "prompts only": Reading.by_prompts,
    "structure only": Reading.by_structure,
    "+ reader": Reading.by_reader,
    "+ grouping": Reading.by_product,
}


def within(line: Span, span: Span) -> bool:
    return span.start <= line.start < span.end


def structural(source: Source, paper: Paper, labels: Sequence[LineLabels]) -> list[LineLabels]:
    """Labels of lines by headings and list marks alone."""
    marked, level = [], 0  # of the heading that announces advice; 0 outside
    for line, label in zip(paper.lines, labels, strict=True):
        words = source.slice(line.span)
        if line.level and (not level or line.level <= level):
            level = line.level if ADVISES.search(heading_text(words)) else 0
            kind = "outside"
        elif level:
            kind = "begins" if line.level or LIST_ITEM.match(words) else "continues"
        else:
            kind = "outside"
        even = {key: 1 / len(label.theme) for key in label.theme}
        marked.append(replace(label, kind={k: float(k == kind) for k in label.kind}, theme=even))
    return marked


def ablated(volume: Annotated, scorer: ModuleType, config: Config) -> list[Scores]:
    """The scores of a volume at each step of ABLATION."""
    source = read(volume.file)
    wanted = {paper["paper"] for paper in volume.papers()}
    papers = [paper for paper in segment(source).papers if paper.number in wanted]
    glossary = load_glossary(PROMPTS / "glossary.toml")
    grounder = Grounder(source, glossary, {p.number: paper_names(p, glossary) for p in papers}, 0.0)
    base = replace(config, model=replace(config.model, adapters="none"))
    with open_models(base) as opened:
        models = cached(opened, open_cache(config.cache), base)
        with progress_for(quiet=False).stage(f"reading {volume.name}", len(papers)) as advance:
            labels = label_papers(source, papers, models.reader, advance)
        reading = Reading(source, papers, grounder, models, config, load_theme_words(ADAPTERS / "reader"), labels)
        return [scored(volume, scorer, reading, step) for step in ABLATION.values()]


def scored(volume: Annotated, scorer: ModuleType, reading: Reading, step: Callable[[Reading, Paper], Found]) -> Scores:
    """The scores of recommendations without words: only where they stand, their themes and addressees."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "papers").mkdir()
        for paper in reading.papers:
            values = outlined(reading.source, paper, step(reading, paper))
            path = Path(folder) / "papers" / f"{paper.number:02d}.json"
            path.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
        return scorer.score(Path(folder), volume.file, volume.gold)


def outlined(source: Source, paper: Paper, found: Found) -> dict[str, Any]:
    """A paper as the scorer reads it, with nothing but places."""
    none = {"zh": "", "en": ""}
    quotes = lambda spans: [{"start": s.start, "end": s.end, "quote": source.slice(s)} for s in spans]
    return {
        "number": paper.number,
        "title": none,
        "organization": none,
        "span": {"start": paper.span.start, "end": paper.span.end},
        "summary": {"zh": [], "en": []},
        "key_facts": [],
        "recommendations": [
            {"theme": i.theme, "addressee": i.addressee, "title": none, "evidence": quotes(spans), "measures": []}
            for i, spans in found
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scorer", type=Path, metavar="SCORER", help="the project's score.py")
    parser.add_argument(
        "volumes", nargs="+", metavar="VOLUME", help="a folder with VOLUME.md and gold/, or FILE:FOLDER"
    )
    parser.add_argument("--runs", type=Path, default=RUNS, metavar="FOLDER", help=f"of the runs (default: {RUNS})")
    parser.add_argument("--ablation", action="store_true", help="recommendations by less and less of the pipeline")
    options = parser.parse_args()
    scorer, volumes, config = load_scorer(options.scorer), list(map(annotated, options.volumes)), load_config(None, {})
    if not options.ablation:
        folders = [briefed(volume, options.runs, config) for volume in volumes]
        scores = [scorer.score(folder, v.file, v.gold) for folder, v in zip(folders, volumes, strict=True)]
        print(table(*with_pooled(volumes, scores), (*READING, *WRITING, *COUNTS)))
        return
    steps = list(zip(*(ablated(volume, scorer, config) for volume in volumes), strict=True))
    for name, scores in zip(ABLATION, steps, strict=True):
        print(f"{name}\n{table(*with_pooled(volumes, scores), READING)}\n")


if __name__ == "__main__":
    main()
