"""The whole flow, from a volume to its briefs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.account import Account, MeteredEngine
from pipeline.config import Config
from pipeline.language.glossary import load_glossary
from pipeline.llm.cache import open_cache
from pipeline.llm.open import cached, open_models
from pipeline.llm.prompt import load_schema, load_task
from pipeline.output.labels import load_themes
from pipeline.output.store import open_run, write_run
from pipeline.progress import Progress
from pipeline.source.chunk import chunk_paper
from pipeline.source.corrections import load_corrections
from pipeline.source.read import read
from pipeline.source.segment import segment
from pipeline.stages.assemble import brief_papers, gathered, paper_names
from pipeline.stages.choose import load_closing
from pipeline.stages.extract import extract, key_facts
from pipeline.stages.ground import Grounder
from pipeline.stages.group import regions
from pipeline.stages.label import label_papers
from pipeline.stages.summarize import digest_chunks, summarize_papers
from pipeline.stages.synthesize import synthesize
from pipeline.stages.translate import Translator, load_plain

PROMPTS = Path(__file__).parent.parent / "prompts"
TASKS = ("digest", "summary", "recommendation", "translate")
REUSED = "reused from earlier runs: {completions} completions and the labels of {lines} lines"


@dataclass(frozen=True, slots=True)
class RunResult:
    """Where the briefs are, and what to tell the user."""

    folder: Path
    lines: list[str]


def run(volume: Path, out: Path, config: Config, progress: Progress) -> RunResult:
    """Brief `volume` into the folder `out`. Raises BriefingError for every named fault."""
    account = Account()
    with account.stage("read"):
        source = read(volume)
        parsed = segment(source, load_corrections(volume))
        glossary = load_glossary(PROMPTS / "glossary.toml")
        names = {p.number: paper_names(p, glossary) for p in parsed.papers}
        grounder = Grounder(source, glossary, names, config.write.verbatim)
    papers = {p.number: p for p in parsed.papers}
    tasks = {name: {own: load_task(PROMPTS, f"{name}/{own}") for own in ("zh", "en")} for name in TASKS}
    schema, plain, themes = load_schema(PROMPTS, "recommendation/schema"), load_plain(PROMPTS), load_themes()
    closing, lengths = load_closing(PROMPTS), {"zh": config.write.summary_zh, "en": config.write.summary_en}
    cache = open_cache(config.cache)

    with open_run(out, source):
        with open_models(config) as opened:
            models = cached(opened, cache, config)
            engine, trained = MeteredEngine(models.engine, cache.count), models.trained
            with account.stage("label", cache), progress.stage("reading lines", len(papers)) as advance:
                labels = label_papers(source, parsed.papers, models.reader, advance)
                threshold = config.recommend.threshold
                found = [r for p in parsed.papers for r in regions(source, p, labels[p.number], threshold)]
                facts = {p.number: key_facts(p, labels[p.number], threshold, grounder) for p in parsed.papers}
            chunks = [
                c for p in parsed.papers for c in chunk_paper(source, p, config.read.chunk_tokens, engine.count_tokens)
            ]
            with account.stage("digest", engine), progress.stage("digesting chunks", len(chunks)) as advance:
                digests = digest_chunks(papers, chunks, tasks["digest"], engine, trained, grounder, advance)
            with account.stage("summary", engine), progress.stage("summarising papers", len(papers)) as advance:
                drafts = summarize_papers(
                    parsed.papers, digests, tasks["summary"], engine, trained, lengths, grounder, advance
                )
            with (
                account.stage("recommendation", engine),
                progress.stage("wording recommendations", len(found)) as advance,
            ):
                items = extract(papers, found, tasks["recommendation"], schema, engine, trained, grounder, advance)
            translator = Translator(engine, tasks["translate"], plain, grounder, trained, config.write.confidence)
            with account.stage("translate", engine), progress.stage("translating statements", len(papers)) as advance:
                material = gathered(parsed.papers, digests, drafts, facts, items)
                briefs = brief_papers(material, themes, lengths, closing, translator, advance)

        with account.stage("write"):
            brief = synthesize(source, parsed, briefs, themes, glossary)
            warnings = [*parsed.warnings, *cache.notices]
            record = account.record(brief, chunks, digests, models.record, config, PROMPTS, warnings)
            write_run(out, brief, record, config.brief)
    return RunResult(out, summary_lines(out, record))


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
