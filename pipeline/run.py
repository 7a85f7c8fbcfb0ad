"""The whole flow, from a volume to its briefs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pipeline.account import Account
from pipeline.config import Config
from pipeline.language.glossary import load_glossary
from pipeline.llm.open import open_models
from pipeline.llm.prompt import load_task
from pipeline.output.store import open_run, write_run
from pipeline.progress import Progress
from pipeline.records import Text
from pipeline.source.chunk import chunk_paper
from pipeline.source.read import read
from pipeline.source.segment import segment
from pipeline.stages.assemble import brief_papers
from pipeline.stages.extract import extract, key_facts
from pipeline.stages.group import regions
from pipeline.stages.label import label_papers
from pipeline.stages.summarize import digest_chunks, summarize_papers
from pipeline.stages.synthesize import synthesize
from pipeline.stages.translate import Translator, load_plain

PROMPTS = Path(__file__).parent.parent / "prompts"


@dataclass(frozen=True, slots=True)
class RunResult:
    """Where the briefs are, and what to tell the user."""

    folder: Path
    lines: tuple[str, ...]


def run(volume: Path, out: Path, config: Config, progress: Progress) -> RunResult:
    """Brief `volume` into the folder `out`. Raises BriefingError for every named fault."""
    account = Account()
    with account.stage("source"):
        source = read(volume)
        parsed = segment(source)
    folder = open_run(out, source)
    papers = {p.number: p for p in parsed.papers}
    tasks = {t: {l: load_task(PROMPTS, f"{t}/{l}") for l in ("zh", "en")} for t in ("digest", "summary", "recommendation", "translate")}
    schema = json.loads((PROMPTS / "recommendation" / "schema.json").read_text(encoding="utf-8"))
    themes = load_themes(PROMPTS / "themes.toml")

    with open_models(config.model) as models:
        engine, trained = models.engine, models.trained
        chunks = [c for p in parsed.papers for c in chunk_paper(source, p, config.read.chunk_tokens, engine.count_tokens)]
        with account.stage("label"), progress.stage("lines read", len(papers)) as advance:
            labels = label_papers(source, parsed.papers, models.reader, advance)
        with account.stage("digest", engine), progress.stage("chunks digested", len(chunks)) as advance:
            digests = digest_chunks(source, papers, chunks, tasks["digest"], engine, trained, advance)
        with account.stage("summary", engine), progress.stage("papers summarised", len(papers)) as advance:
            lengths = {"zh": config.write.summary_zh, "en": config.write.summary_en}
            summaries = summarize_papers(source, parsed.papers, digests, tasks["summary"], engine, trained, lengths, advance)
        found = [r for p in parsed.papers for r in regions(source, p, labels[p.number], config.recommend.threshold)]
        with account.stage("recommendation", engine), progress.stage("recommendations read", len(found)) as advance:
            items = extract(source, papers, found, tasks["recommendation"], schema, engine, trained, advance)
        facts = {p.number: key_facts(source, p, labels[p.number], config.recommend.threshold) for p in parsed.papers}
        translator = Translator(engine, tasks["translate"], load_plain(PROMPTS), load_glossary(PROMPTS / "glossary.toml"), trained)
        with account.stage("translate", engine), progress.stage("statements translated", 0) as advance:
            rejected = {n: [r for d in digests if d.chunk.paper == n for r in d.rejections] for n in papers}
            briefs = brief_papers(source, parsed.papers, summaries, facts, items, rejected, translator, advance)

    brief = synthesize(source, parsed, briefs, themes, translator.glossary)
    record = account.record(brief, chunks, digests, models.record, config, PROMPTS, parsed.warnings)
    write_run(folder, brief, record, config.brief)
    return RunResult(folder, summary_lines(folder, record))
