"""How well the writer puts into words what an expert annotated, and sheets for blind reading.

    python -m benchmarks.writing statements VOLUME …   an expert's statements, put into the other language
    python -m benchmarks.writing papers VOLUME …       whole papers, from the places that an expert marked
    python -m benchmarks.writing verdicts SHEET        what the reader of a sheet said

A VOLUME is a folder with VOLUME.md and gold/, or a file and its gold folder as FILE:FOLDER.
README.md says how to read the tables.
"""

from __future__ import annotations

import argparse
import random
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import LCSseq
from sacrebleu.metrics import CHRF

from benchmarks.annotated import Annotated, Volume, facts, load_volume, overlap, regions, statements
from benchmarks.sheet import LANGUAGES, read_sheet, verdicts, write_sheet
from pipeline.config import Config, load_config
from pipeline.errors import BriefingError
from pipeline.language.glossary import load_glossary
from pipeline.language.glyphs import NAME_GLYPHS
from pipeline.language.hints import load_hints
from pipeline.language.slots import fill
from pipeline.llm.embedded import embedded_model
from pipeline.llm.engine import Engine
from pipeline.llm.open import ADAPTERS, open_writer
from pipeline.llm.prompt import load_schema, load_task
from pipeline.output.labels import load_themes
from pipeline.records import Grounded, Language, Paper, PaperBrief, Statement
from pipeline.run import PROMPTS, TASKS
from pipeline.source.chunk import chunk_paper
from pipeline.stages.assemble import brief_papers, gathered
from pipeline.stages.choose import load_closing
from pipeline.stages.extract import extract
from pipeline.stages.summarize import digest_chunks, summarize_papers
from pipeline.stages.translate import OTHER, Topic, Translator, complete, evidence_of, load_plain, translate

CHRF2 = CHRF()  # character n-grams up to 6, beta 2 (Popović, chrF: character n-gram F-score, WMT 2015)
FAULTS = {  # kind: how a reason of pipeline/language/checks.py begins
    "numbers": ("number", "currency", "percentage", "rate"),
    "names": ("name", "organisation", "speaker"),
    "negation": ("negation", "exception"),
    "other": ("",),
}
COLUMNS = ("n", "chrF", "ROUGE-L", *FAULTS, "fallback")
TOUCHES = 0.5  # of an expert's quote, in the product's for the same measure


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said of one thing, what an expert says of it, and what the product's checks find wrong with it."""

    kind: str  # fact, measure, quote, title, summary
    language: Language
    said: str
    held: str  # by the expert
    faults: tuple[str, ...] = ()
    fallback: bool = False  # an outline of verified parts, not a translation


def chrf(said: str, held: str) -> float:
    """chrF2 of one sentence, from 0 to 100."""
    return CHRF2.sentence_score(said, [held]).score


def rouge_l(said: str, held: str, language: Language) -> float:
    """F1 of the longest common subsequence (Lin, ROUGE, 2004), of Chinese characters or English words, from 0 to 1."""
    one, other = units(said, language), units(held, language)
    return 2 * LCSseq.similarity(one, other) / (len(one) + len(other)) if one and other else 0.0


def units(text: str, language: Language) -> list[str]:
    text = unicodedata.normalize("NFKC", text).lower()
    return re.findall(r"\w", text) if language == "zh" else text.split()


def unslotted(
    sentences: Sequence[Grounded], papers: dict[int, Paper], with_: Translator
) -> list[tuple[str, list, bool]]:
    """What the model says of the sentences as they are, without slots and grammar."""
    requests = []
    for sentence in sentences:
        own = papers[sentence.paper].language
        hints = with_.hints.of(sentence.text, own)
        requests.append(with_.tasks[OTHER[own]].request(with_.trained, text=sentence.text, hints=hints))
    return [(reply.text.strip(), [], False) for reply in with_.engine.complete(requests)]


def slotted(sentences: Sequence[Grounded], papers: dict[int, Paper], with_: Translator) -> list[tuple[str, list, bool]]:
    """With slots and grammar, and whatever comes is printed."""
    languages = [papers[s.paper].language for s in sentences]
    parts = [with_.slotted(s.text, own, s.paper) for s, own in zip(sentences, languages, strict=True)]
    said = []
    for part, own, reply in zip(parts, languages, complete(parts, languages, with_, None), strict=True):
        lost = [slot for slot in part.slots if slot.glyph not in reply.text]
        faults = [f"{'name' if slot.glyph in NAME_GLYPHS else 'number'} {slot.zh} lost" for slot in lost]
        said.append((fill(reply.text.strip(), part.slots, OTHER[own]), faults, False))
    return said


def printed(sentences: Sequence[Grounded], papers: dict[int, Paper], with_: Translator) -> list[tuple[str, list, bool]]:
    """As the product prints them: with the gate, second tries and the fallback."""
    results = translate(sentences, [Topic()] * len(sentences), papers, with_, lambda done, of: None)
    return [(result.text, [], result.plain) for result in results]


WAYS = {"no slots": unslotted, "slots": slotted, "printed": printed}


def in_a_way(way: str, some: Sequence[Annotated], volume: Volume, with_: Translator) -> list[Wording]:
    """The statements of one volume, put into the other language in a way of WAYS."""
    result = []
    said = WAYS[way]([s.sentence for s in some], volume.papers, with_)
    for statement, (text, faults, fallback) in zip(some, said, strict=True):
        sentence = statement.sentence
        beyond = [] if fallback else with_.grounder.beyond(text, evidence_of(sentence), sentence.paper)
        target = OTHER[volume.papers[sentence.paper].language]
        result.append(Wording(statement.kind, target, text, statement.held, (*faults, *beyond), fallback))
    return result


def briefed(volume: Volume, with_: Translator, tasks: dict, config: Config) -> list[PaperBrief]:
    """The annotated papers as a run briefs them, with the expert in the reader's place."""
    engine, trained, grounder = with_.engine, with_.trained, with_.grounder
    papers, silent = volume.papers, lambda done, of: None
    lengths = {"zh": config.write.summary_zh, "en": config.write.summary_en}
    some = list(papers.values())
    chunks = [c for p in some for c in chunk_paper(grounder.source, p, config.read.chunk_tokens, engine.count_tokens)]
    shown = [[c.span] for c in chunks]
    digests = digest_chunks(papers, chunks, shown, tasks["digest"], engine, trained, grounder, silent)
    drafts = summarize_papers(some, digests, tasks["summary"], engine, trained, lengths, grounder, silent)
    found = [region for number in papers for region, _ in regions(volume, number)]
    schema = load_schema(PROMPTS, "recommendation/schema")
    items = extract(papers, found, tasks["recommendation"], schema, engine, trained, grounder, silent)
    quotes = {number: [quote for quote, _ in facts(volume, number)] for number in papers}
    material = gathered(some, digests, drafts, quotes, items, {})
    return brief_papers(material, load_themes(), lengths, load_closing(PROMPTS), with_, silent)


def wordings(volume: Volume, brief: PaperBrief) -> Iterator[Wording]:
    """What the product prints beside what the expert says; a measure where both quote the same clause."""
    number, grounder = brief.paper.number, volume.grounder

    def both(kind: str, statement: Statement, held: dict) -> Iterator[Wording]:
        quotes = "\n".join(e.quote for e in statement.evidence)
        for own in LANGUAGES:
            text, fallback = statement.text.in_(own), statement.plain == own
            beyond = () if fallback else tuple(grounder.beyond(text, quotes, number))
            yield Wording(kind, own, text, held[f"{kind}_{own}"], beyond, fallback)

    for fact, (_, held) in zip(brief.key_facts, facts(volume, number), strict=True):
        yield from both("fact", fact, held)
    for recommendation, (_, held) in zip(brief.recommendations, regions(volume, number), strict=True):
        yield from both("title", recommendation.title, held)
        for measure in held["measures"]:
            place = volume.place(measure["evidence"], held["lines"])
            shared = lambda s: overlap(s.evidence[0].span, place)  # noqa: B023
            nearest = max(recommendation.measures, key=shared, default=None) if place else None
            if nearest and shared(nearest) >= TOUCHES * len(place):
                yield from both("measure", nearest, measure)
    for own in LANGUAGES:
        said = brief.summary.in_(own)
        text = {"zh": "", "en": " "}[own].join(s.text.in_(own) for s in said)
        yield Wording("summary", own, text, volume.gold[number][f"summary_{own}"])


def all_statements(brief: PaperBrief) -> list[Statement]:
    """All that a brief says of a paper."""
    recommended = [s for r in brief.recommendations for s in (r.title, *r.measures)]
    return [*brief.summary.statements, *brief.key_facts, *recommended]


def table(rows: Sequence[Wording]) -> str:
    """A line for each kind and language: likeness to the expert, statements with a fault, share of fallbacks."""
    lines = [f"{'':14}" + "".join(f"{name:>10}" for name in COLUMNS)]
    for kind, own in sorted({(row.kind, row.language) for row in rows}):
        some = [row for row in rows if (row.kind, row.language) == (kind, own)]
        mean = lambda values: sum(values) / len(some)  # noqa: B023
        faulty = Counter(fault for row in some for fault in {kind_of(reason) for reason in row.faults})
        cells = (
            f"{len(some)}",
            f"{mean(chrf(row.said, row.held) for row in some):.1f}",
            f"{mean(rouge_l(row.said, row.held, own) for row in some):.3f}",
            *(str(faulty[fault]) for fault in FAULTS),
            f"{mean(row.fallback for row in some):.3f}",
        )
        lines.append(f"{kind + ' ' + own:14}" + "".join(f"{cell:>10}" for cell in cells))
    return "\n".join(lines)


def kind_of(reason: str) -> str:
    return next(kind for kind, beginnings in FAULTS.items() if reason.startswith(beginnings))


def measure_statements(volumes: Sequence[Volume], engine: Engine, trained: bool, options, config: Config) -> None:
    rng = random.Random(options.seed)
    every = [(volume, statement) for volume in volumes for statement in statements(volume)]
    chosen = rng.sample(every, min(options.sample, len(every)))
    for way in WAYS:
        started, rows = time.monotonic(), []
        for volume in volumes:
            some = [statement for of, statement in chosen if of is volume]
            rows += in_a_way(way, some, volume, translator(volume, engine, trained, config))
        print(f"\n{way}, {time.monotonic() - started:.0f} s\n{table(rows)}", flush=True)


def measure_papers(volumes: Sequence[Volume], engine: Engine, trained: bool, options, config: Config) -> None:
    started, rows, every, instead = time.monotonic(), [], [], Counter()
    for volume in volumes:
        volume = volume.some(options.papers or len(volume.papers))
        for brief in briefed(volume, translator(volume, engine, trained, config), all_tasks(), config):
            rows += wordings(volume, brief)
            every += all_statements(brief)
            instead.update((r.stage, r.replacement) for r in brief.rejections)
    print(f"\npapers, {time.monotonic() - started:.0f} s\n{table(rows)}\n\nnot printed, and what stands instead:")
    print("\n".join(f"{stage:14}{replacement:18}{count:6}" for (stage, replacement), count in sorted(instead.items())))
    if options.sheet:
        print(f"{write_sheet(options.sheet, every, options.sample, options.seed)} statements in {options.sheet}")


def translator(volume: Volume, engine: Engine, trained: bool, config: Config) -> Translator:
    tasks, plain = all_tasks()["translate"], load_plain(PROMPTS)
    hints = load_hints(PROMPTS, volume.grounder.glossary)
    return Translator(engine, tasks, plain, volume.grounder, hints, trained, config.write.confidence)


def all_tasks() -> dict:
    return {name: {own: load_task(PROMPTS, f"{name}/{own}") for own in LANGUAGES} for name in TASKS}


COMMANDS = {"statements": measure_statements, "papers": measure_papers}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in COMMANDS:
        command = commands.add_parser(name)
        command.add_argument("volumes", nargs="+", metavar="VOLUME")
        command.add_argument("--model", type=Path, help="a GGUF; without it the embedded model")
        command.add_argument(
            "--adapter", default=str(ADAPTERS / "writer" / "adapter.gguf"), help='of the model, or "none"'
        )
        command.add_argument("--sample", type=int, default=200, help="random statements, in the table or on the sheet")
        command.add_argument("--seed", type=int, default=7)
    commands.choices["papers"].add_argument("--papers", type=int, default=0, help="of each volume, the first; 0: all")
    commands.choices["papers"].add_argument("--sheet", type=Path, help="a file for blind reading")
    commands.add_parser("verdicts").add_argument("sheet", type=Path)
    return parser.parse_args()


def files(name: str) -> tuple[Path, Path]:
    """The file of a volume and the folder of its annotations."""
    text, _, gold = name.partition(":")
    return (Path(text), Path(gold)) if gold else (Path(text) / "VOLUME.md", Path(text) / "gold")


def main() -> None:
    options = arguments()
    if options.command == "verdicts":
        print(verdicts(read_sheet(options.sheet)))
        return
    config, glossary = load_config(), load_glossary(PROMPTS / "glossary.toml")
    adapter = None if options.adapter == "none" else Path(options.adapter)
    volumes = [load_volume(*files(name), glossary, config) for name in options.volumes]
    writer, _ = open_writer(options.model or embedded_model(), adapter, config.model)
    print(f"{writer.engine.name}, confidence from {config.write.confidence}")
    try:
        COMMANDS[options.command](volumes, writer.engine, adapter is not None, options, config)
    finally:
        writer.engine.close()


if __name__ == "__main__":
    try:
        main()
    except (BriefingError, ValueError) as error:
        raise SystemExit(str(error)) from error
