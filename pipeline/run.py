"""The whole flow, from a volume to its briefs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.account import Account, MeteredEngine
from pipeline.config import Config
from pipeline.isolate import Isolation
from pipeline.language.glossary import load_glossary
from pipeline.language.hints import load_hints
from pipeline.llm.cache import open_cache
from pipeline.llm.open import ADAPTERS, cached, open_models
from pipeline.llm.prompt import load_schema, load_task
from pipeline.output.labels import load_themes
from pipeline.output.store import open_run, write_run
from pipeline.output.template import check_templates
from pipeline.progress import Progress
from pipeline.records import Fault, Paper, PaperBrief
from pipeline.source.chunk import chunk_paper
from pipeline.source.corrections import load_corrections
from pipeline.source.read import read
from pipeline.source.segment import segment
from pipeline.stages.assemble import brief_papers, gathered, paper_names
from pipeline.stages.choose import load_closing
from pipeline.stages.contradict import clashes
from pipeline.stages.extract import extract
from pipeline.stages.facts import key_facts
from pipeline.stages.ground import Grounder
from pipeline.stages.group import regions
from pipeline.stages.label import label_papers
from pipeline.stages.summarize import digest_chunks, summarize_papers, telling
from pipeline.stages.synthesize import synthesize
from pipeline.stages.theme import load_theme_words
from pipeline.stages.translate import Translator, load_plain

PROMPTS = Path(__file__).parent.parent / "prompts"
TASKS = ("digest", "summary", "recommendation", "translate")
BLOCK = 32  # papers that go through the stages together, which bounds memory; a usual volume is one block
REUSED = "reused from earlier runs: {completions} completions and the labels of {lines} lines"


@dataclass(frozen=True, slots=True)
class RunResult:
    """Where the briefs are, and what to tell the user."""

    folder: Path
    lines: list[str]
    faults: int  # papers and files that are not in the briefs


def run(volume: Path, out: Path, config: Config, progress: Progress) -> RunResult:
    """Brief `volume` into the folder `out`. Raises BriefingError for every named fault."""
    account = Account()
    check_templates(config.brief)
    with account.stage("read"):
        source = read(volume)
        parsed = segment(source, load_corrections(volume))
        glossary = load_glossary(PROMPTS / "glossary.toml")
        hints = load_hints(PROMPTS, glossary)
        names = {p.number: paper_names(p, glossary) for p in parsed.papers}
        grounder = Grounder(source, glossary, names, config.write.verbatim)
    tasks = {name: {own: load_task(PROMPTS, f"{name}/{own}") for own in ("zh", "en")} for name in TASKS}
    schema, plain, themes = load_schema(PROMPTS, "recommendation/schema"), load_plain(PROMPTS), load_themes()
    words, threshold = load_theme_words(ADAPTERS / "reader"), config.recommend.threshold
    closing, lengths = load_closing(PROMPTS), {"zh": config.write.summary_zh, "en": config.write.summary_en}
    cache, sure = open_cache(config.cache), config.write.confidence

    def briefs_of(some: Sequence[Paper]) -> list[PaperBrief]:
        papers = {p.number: p for p in some}
        with account.stage("label", cache), progress.stage("reading lines", len(some)) as advance:
            labels = label_papers(source, some, models.reader, advance)
            found = [r for p in some for r in regions(source, p, labels[p.number], threshold, words)]
            facts = {p.number: key_facts(p, labels[p.number], grounder) for p in some}
            clashing = {p.number: clashes(p, grounder) for p in some}
        with account.stage("digest", engine), progress.stage("digesting chunks", 0) as advance:
            chunks = [c for p in some for c in chunk_paper(source, p, config.read.chunk_tokens, engine.count_tokens)]
            share = config.read.shown if trained else 1.0
            shown = [telling(papers[c.paper], c, labels[c.paper], share) for c in chunks]
            digests = digest_chunks(papers, chunks, shown, tasks["digest"], engine, trained, grounder, advance)
        with account.stage("summary", engine), progress.stage("summarising papers", len(some)) as advance:
            drafts = summarize_papers(some, digests, tasks["summary"], engine, trained, lengths, grounder, advance)
        with account.stage("recommendation", engine), progress.stage("wording recommendations", len(found)) as advance:
            items = extract(papers, found, tasks["recommendation"], schema, engine, trained, grounder, advance)
        with account.stage("translate", engine), progress.stage("translating statements", len(some)) as advance:
            material = gathered(some, digests, drafts, facts, items, clashing)
            translator = Translator(engine, tasks["translate"], plain, grounder, hints, trained, sure)
            briefs = brief_papers(material, themes, lengths, closing, translator, advance)
        account.read(chunks, shown, digests)
        return briefs

    with open_run(out, source):
        with open_models(config) as opened:
            models = cached(opened, cache, config)
            engine, trained = MeteredEngine(models.engine, cache.count), models.trained
            isolation = Isolation(briefs_of, account.current)
            briefs = isolation.briefs(parsed.papers, BLOCK)

        with account.stage("write"):
            faults = (*source.faults, *isolation.faults)
            brief = replace(synthesize(source, parsed, briefs, themes, glossary, config.brief.points()), faults=faults)
            warnings = [*parsed.warnings, *map(left_out, isolation.faults), *models.notices, *cache.notices]
            record = account.record(brief, models.record, config, PROMPTS, warnings)
            write_run(out, brief, record, config.brief)
    return RunResult(out, summary_lines(out, record), len(faults))


def left_out(fault: Fault) -> str:
    """A paper that is not in the briefs, in a line."""
    return f"paper {fault.paper}, “{fault.name}”, is not in the briefs; {fault.stage}: {fault.reason}"


def summary_lines(folder: Path, record: dict) -> list[str]:
    """What was made, what was left out and where to look."""
    counts, reused = record["accounting"], record["reused"]
    return [
        f"{counts['papers']} papers, {counts['recommendations']} recommendations, {counts['statements']} statements "
        f"in {record['seconds']:.0f} s; {counts['rejections']} wordings rejected (reasons in run.json)",
        *([REUSED.format(**reused)] if any(reused.values()) else []),
        *record["warnings"],
        f"{folder / 'brief.zh.docx'}",
        f"{folder / 'brief.en.docx'}",
    ]
