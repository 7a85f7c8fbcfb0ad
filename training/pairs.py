"""What the writer learns from: prompts of the product's own tasks and an expert's replies.

Sources: annotated volumes, with digests of blocks of lines, recommendations
with their measures, summaries, and sentence pairs in two languages; and this
project's own sentence pairs in sentences/.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.language.hints import Hints
from pipeline.language.slots import Slotted, paired
from pipeline.llm.prompt import load_task
from pipeline.source.text import readable, split_sentences

PROMPTS = Path(__file__).parent.parent / "prompts"
SENTENCES = Path(__file__).parent / "sentences"  # NAME.tsv: Chinese, a tab, English
CHINESE = re.compile("[\u4e00-\u9fff]")
RATIO = (2.2, 6.0)  # English characters for one Chinese character in a full rendering
REGION_CHARACTERS = 900  # of a recommendation's lines, as the product shows them


@dataclass(frozen=True)
class Pair:
    """A rendered prompt and the reply to learn."""

    task: str
    prompt: str
    reply: str


def writer_pairs(folder: Path, hints: Hints, tasks: dict, rng: random.Random) -> list[Pair]:
    """All pairs of one annotated volume (VOLUME.md, gold/, and digests/ where there are)."""
    lines = (folder / "VOLUME.md").read_text(encoding="utf-8").replace("\r\n", "\n").split("\n")
    language = "zh" if len(CHINESE.findall("".join(lines))) > 0.2 * sum(map(len, lines)) else "en"
    pairs = []
    for path in sorted((folder / "gold").glob("[0-9][0-9].json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        digests = folder / "digests" / path.name
        blocks = (
            json.loads(digests.read_text(encoding="utf-8")) if digests.exists() else {"digests": [], "sentences": []}
        )
        pairs += digest_pairs(blocks["digests"], lines, language, tasks)
        pairs += summary_pairs(gold, blocks["digests"], language, tasks)
        pairs += recommendation_pairs(gold, lines, language, tasks)
        both = bilingual(gold, blocks, language)
        pairs += translation_pairs(both, paper_names(gold), language, hints, tasks, rng)
    return pairs


def own_pairs(hints: Hints, tasks: dict, rng: random.Random) -> list[Pair]:
    """The project's own sentence pairs as translations."""
    lines = [line for path in sorted(SENTENCES.glob("*.tsv")) for line in path.read_text("utf-8").splitlines()]
    both = [tuple(line.split("\t")) for line in lines]
    return translation_pairs(both, (), "zh", hints, tasks, rng)


def all_tasks() -> dict:
    """Every writer task by name."""
    names = [f"{t}/{own}" for t in ("digest", "summary", "recommendation", "translate") for own in ("zh", "en")]
    return {name: load_task(PROMPTS, name) for name in names}


def pair(tasks: dict, name: str, reply: str, **fields) -> Pair:
    task = tasks[name]
    return Pair(name, task.prefix(trained=True) + task.body(**fields), reply.strip())


def digest_pairs(blocks, lines, language, tasks) -> list[Pair]:
    result = []
    for block in blocks:
        first, last = block["lines"]
        text = "\n".join(readable(line) for line in lines[first - 1 : last] if line.strip())
        result.append(pair(tasks, f"digest/{language}", block[f"digest_{language}"], text=text))
    return result


def summary_pairs(gold, blocks, language, tasks) -> list[Pair]:
    if not blocks:
        return []
    author = " ".join(filter(None, (gold[f"author_position_{language}"], gold.get(f"author_{language}", ""))))
    digests = [block[f"digest_{language}"] for block in blocks]
    fields = {
        "author": author or gold[f"organization_{language}"],
        "title": gold[f"title_{language}"],
        "digests": digests,
    }
    return [pair(tasks, f"summary/{language}", gold[f"summary_{language}"], **fields)]


def recommendation_pairs(gold, lines, language, tasks) -> list[Pair]:
    result = []
    for rec in gold["recommendations"]:
        first, last = rec["lines"]
        text = "\n".join(line.strip() for line in lines[first - 1 : last] if line.strip())[:REGION_CHARACTERS]
        quotes = [m["evidence"] for m in rec["measures"] if m["evidence"] in text and '"' not in m["evidence"]]
        if quotes:
            reply = json.dumps({"title": rec[f"title_{language}"], "measures": quotes[:6]}, ensure_ascii=False)
            result.append(pair(tasks, f"recommendation/{language}", reply, text=text))
    return result


def complete(zh: str, en: str, source: Slotted, wording: Slotted) -> bool:
    """Whether the rendering keeps every slot and about the length: an editor's cuts are no translation."""
    return RATIO[0] <= len(en) / len(zh) <= RATIO[1] and all(slot.glyph in wording.text for slot in source.slots)


def bilingual(gold, blocks, language) -> list[tuple[str, str]]:
    """What one paper's annotations say in both languages: (Chinese, English)."""
    both = [(s["zh"], s["en"]) for s in blocks["sentences"]]
    both += [(f["fact_zh"], f["fact_en"]) for f in gold["key_facts"]]
    for rec in gold["recommendations"]:
        both.append((rec["title_zh"], rec["title_en"]))
        both += [(m["measure_zh"], m["measure_en"]) for m in rec["measures"]]
        if language == "zh":
            both += [(readable(m["evidence"]), m["measure_en"]) for m in rec["measures"]]
    for zh, en in [(b["digest_zh"], b["digest_en"]) for b in blocks["digests"]] + [
        (gold["summary_zh"], gold["summary_en"])
    ]:
        both += aligned(zh, en)
    return both


def aligned(zh: str, en: str) -> list[tuple[str, str]]:
    """The sentences of two paragraphs side by side; none where one language has more of them."""
    sides = split_sentences(zh), split_sentences(en)
    return list(zip(*sides, strict=True)) if len(sides[0]) == len(sides[1]) else []


def paper_names(gold) -> tuple[tuple[str, str], ...]:
    """The names of who writes a paper, in both languages."""
    names = [(gold["organization_zh"], gold["organization_en"])]
    if gold.get("author_en") and gold["author_zh"]:
        names.append((gold["author_zh"], gold["author_en"]))
    return tuple(names)


def translation_pairs(both, names, language, hints, tasks, rng) -> list[Pair]:
    """Each pair in one direction, most often the one that the volume's language wants."""
    result = []
    for zh, en in both:
        target = "en" if rng.random() < (0.85 if language == "zh" else 0.3) else "zh"
        source, wording, origin = (zh, en, "zh") if target == "en" else (en, zh, "en")
        slotted = paired(source, wording, origin, target, hints.glossary.names, names)
        if slotted and complete(zh, en, *slotted):
            told = hints.of(slotted[0].text, origin)
            result.append(pair(tasks, f"translate/{target}", slotted[1].text, text=slotted[0].text, hints=told))
    return result
