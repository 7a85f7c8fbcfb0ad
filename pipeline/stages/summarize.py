"""Map-reduce over the chunks of all papers: digests, then one summary a paper.

Map: each chunk becomes a digest. Reduce: the digests that the source holds
become the summary; a paper of one chunk keeps its digest. What the model adds
is dropped, what it leaves out of the wanted length is filled from digests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.language.likeness import features, same
from pipeline.llm.engine import Completion, Engine, Progress
from pipeline.llm.prompt import Task
from pipeline.records import Chunk, Grounded, Language, Paper, Rejection, Source, Span
from pipeline.source.text import readable, sentences, split_sentences
from pipeline.stages.ground import Candidate, Grounder, rest

COLLAPSE_ROUNDS = 3  # three rounds of merging take a paper of a thousand chunks


@dataclass(frozen=True, slots=True)
class Digest:
    """What one chunk says, sentence by sentence."""

    chunk: Chunk
    sentences: tuple[Grounded, ...]
    rejections: tuple[Rejection, ...]
    finish_reason: str
    failed: bool  # nothing the model said could be kept; a quote stands in


def digest_chunks(
    papers: Mapping[int, Paper],
    chunks: Sequence[Chunk],
    tasks: Mapping[Language, Task],
    engine: Engine,
    trained: bool,
    grounder: Grounder,
    progress: Progress,
) -> list[Digest]:
    """One digest a chunk, in their order."""
    requests = [
        tasks[papers[c.paper].language].request(trained, text=shown_text(grounder.source, c.span)) for c in chunks
    ]
    completions = engine.complete(requests, progress)
    return [grounded_digest(papers[c.paper], c, done, grounder) for c, done in zip(chunks, completions, strict=True)]


def shown_text(source: Source, span: Span) -> str:
    """What the model sees of a chunk: its printed lines, without the marks of a conversion."""
    lines = (readable(line) for line in source.slice(span).split("\n"))
    return "\n".join(line for line in lines if line)


def grounded_digest(paper: Paper, chunk: Chunk, completion: Completion, grounder: Grounder) -> Digest:
    shown = grounder.candidates(sentences(grounder.source, chunk.span))
    kept, rejected = grounded_sentences(paper, completion, shown, "digest", grounder)
    failed = not kept
    if failed and shown:
        kept = [grounder.quoted([max(shown, key=lambda c: len(c.features)).span], paper)]
    return Digest(chunk, tuple(kept), tuple(rejected), completion.finish_reason, failed)


def grounded_sentences(
    paper: Paper, completion: Completion, shown: Sequence[Candidate], stage: str, grounder: Grounder
) -> tuple[list[Grounded], list[Rejection]]:
    """The sentences of a reply that the source holds, each once, and those it does not."""
    kept: list[Grounded] = []
    rejected: list[Rejection] = []
    said = split_sentences(completion.text)
    dropped = lambda text, reason: Rejection(paper.number, stage, paper.language, text, reason, "dropped")
    if completion.finish_reason == "length" and said:
        rejected.append(dropped(said.pop(), "reply cut at its limit"))
    for text in said:
        if any(same(text, other.text) for other in kept):
            rejected.append(dropped(text, "said before"))
            continue
        result = grounder.ground(rest(text, shown), paper, stage, "dropped")
        (kept if isinstance(result, Grounded) else rejected).append(result)
    return kept, rejected


def summarize_papers(
    papers: Sequence[Paper],
    digests: Sequence[Digest],
    tasks: Mapping[Language, Task],
    engine: Engine,
    trained: bool,
    lengths: Mapping[Language, tuple[int, int]],
    grounder: Grounder,
    progress: Progress,
) -> dict[int, tuple[tuple[Grounded, ...], tuple[Rejection, ...]]]:
    """Summary sentences and rejections of each paper, by its number."""
    of_paper = {p.number: [s for d in digests if d.chunk.paper == p.number for s in d.sentences] for p in papers}
    chunk_count = {p.number: sum(d.chunk.paper == p.number for d in digests) for p in papers}
    reduced = [p for p in papers if chunk_count[p.number] > 1]
    requests = []
    for paper in reduced:
        task = tasks[paper.language]
        fields = {"author": byline(paper), "title": paper.title}
        texts = collapsed([s.text for s in of_paper[paper.number]], task, trained, engine, fields)
        requests.append(task.request(trained, digests=texts, **fields))
    replies = dict(zip((p.number for p in reduced), engine.complete(requests, progress), strict=True))
    result = {}
    for paper in papers:
        kept, rejected = of_paper[paper.number], []
        if paper.number in replies:
            spans = sorted({e.span for s in kept for e in s.evidence} | {*byline_spans(paper)}, key=lambda s: s.start)
            shown = grounder.candidates(spans)
            said, rejected = grounded_sentences(paper, replies[paper.number], shown, "summary", grounder)
            kept = fitted(said, kept, *lengths[paper.language], paper.language)
        else:
            kept = fitted(kept, [], *lengths[paper.language], paper.language)
        result[paper.number] = tuple(kept), tuple(rejected)
    return result


def collapsed(digests: list[str], task: Task, trained: bool, engine: Engine, fields: dict) -> list[str]:
    """The digests, merged in groups until the reduce prompt fits the context.

    At most COLLAPSE_ROUNDS rounds, each of which leaves fewer; what is still
    too long then is cut at the end, where a paper repeats itself.
    """
    room = engine.context_tokens - task.max_tokens - 1  # the token that begins a prompt
    size = lambda texts: engine.count_tokens(task.prefix(trained) + task.body(digests=texts, **fields))
    for _ in range(COLLAPSE_ROUNDS):
        if size(digests) <= room or len(digests) == 1:
            break
        groups = grouped(digests, lambda texts: size(texts) <= room)
        merged = engine.complete([task.request(trained, digests=group, **fields) for group in groups])
        digests = [done.text.strip() or "\n".join(group) for done, group in zip(merged, groups, strict=True)]
    while len(digests) > 1 and size(digests) > room:
        digests = digests[:-1]
    return digests


def grouped(digests: Sequence[str], fits: Callable[[list[str]], bool]) -> list[list[str]]:
    """Neighbours together, as many as fit; at least two, so that a round always leaves fewer."""
    groups: list[list[str]] = []
    for digest in digests:
        if groups and (len(groups[-1]) < 2 or fits(groups[-1] + [digest])):
            groups[-1].append(digest)
        else:
            groups.append([digest])
    return groups


def fitted(
    said: list[Grounded], spare: Sequence[Grounded], least: int, most: int, language: Language
) -> list[Grounded]:
    """`said` cut to `most` and filled from `spare` to `least` (characters in Chinese, words in English)."""
    size = lambda s: len(s.text) if language == "zh" else len(s.text.split())
    kept, total = [], 0
    for sentence in said:
        if total + size(sentence) <= most:
            kept.append(sentence)
            total += size(sentence)
    for sentence in sorted(spare, key=lambda s: -len(features(s.text))):
        if total >= least:
            break
        if total + size(sentence) <= most and not any(same(sentence.text, k.text) for k in kept):
            kept.append(sentence)
            total += size(sentence)
    own = {id(s) for s in said}
    added = sorted((s for s in kept if id(s) not in own), key=lambda s: s.evidence[0].span.start)
    return [s for s in kept if id(s) in own] + added


def byline(paper: Paper) -> str:
    """Who writes, as the prompt shows it."""
    return " ".join(filter(None, (paper.position or paper.organisation, *paper.authors)))


def byline_spans(paper: Paper) -> list[Span]:
    """The lines over the body: title and authors. A summary's first sentence rests on them too."""
    return [line.span for line in paper.lines[: paper.body]]


def rejections_by_paper(papers: Sequence[Paper], digests: Sequence[Digest]) -> dict[int, list[Rejection]]:
    """What was rejected in the digests of each paper."""
    return {p.number: [r for d in digests if d.chunk.paper == p.number for r in d.rejections] for p in papers}
