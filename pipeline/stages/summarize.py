"""Map-reduce over the chunks of all papers: digests, then one summary a paper.

Map: each chunk becomes a digest, for which our own writer is shown what the
reader finds most telling. Reduce: the digests become the summary; a
paper of one chunk keeps its digest. A sentence that says more than the source,
or strays from its words further than the settings allow, gives way to the
source sentence that is nearest to it; `choose.py` sees to the length.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.language.likeness import contained, features, same
from pipeline.llm.engine import Completion, Engine, LineLabels, Progress
from pipeline.llm.prompt import Task
from pipeline.records import Chunk, Grounded, Language, Paper, Rejection, Source, Span
from pipeline.source.text import readable, sentences, split_sentences
from pipeline.stages.ground import QUOTE_CHARACTERS, Candidate, Grounder, nearest, rest

SAID = 0.7  # a sentence that shares this much with what stands before it says nothing new
SPARE = 1.3  # lengths of a summary that its candidates make together
COLLAPSE_ROUNDS = 3  # three rounds of merging take a paper of a thousand chunks


@dataclass(frozen=True, slots=True)
class Digest:
    """What one chunk says, sentence by sentence."""

    chunk: Chunk
    sentences: tuple[Grounded, ...]
    rejections: tuple[Rejection, ...]
    finish_reason: str
    failed: bool  # nothing the model said could be kept; a quote stands in


@dataclass(frozen=True, slots=True)
class Draft:
    """Sentences that a paper's summary may be made of, and what was rejected."""

    said: tuple[Grounded, ...]  # by the reduce, in its order
    spare: tuple[Grounded, ...]  # from the digests, those that say most first
    rejections: tuple[Rejection, ...]


def digest_chunks(
    papers: Mapping[int, Paper],
    chunks: Sequence[Chunk],
    shown: Sequence[Sequence[Span]],
    tasks: Mapping[Language, Task],
    engine: Engine,
    trained: bool,
    grounder: Grounder,
    progress: Progress,
) -> list[Digest]:
    """One digest a chunk, in their order; `shown` are the lines of each that the model sees."""
    requests = [
        tasks[papers[c.paper].language].request(trained, text=shown_text(grounder.source, lines))
        for c, lines in zip(chunks, shown, strict=True)
    ]
    completions = engine.complete(requests, progress)
    return [grounded_digest(papers[c.paper], c, done, grounder) for c, done in zip(chunks, completions, strict=True)]


def printed(paper: Paper, chunk: Chunk) -> dict[int, Span]:
    """The printed lines of a chunk, as far as they lie in it, by their index in the paper."""
    return {
        index: Span(max(line.span.start, chunk.span.start), min(line.span.end, chunk.span.end))
        for index, line in enumerate(paper.lines)
        if line.span.start < chunk.span.end and chunk.span.start < line.span.end
    }


def telling(paper: Paper, chunk: Chunk, labels: Sequence[LineLabels], share: float) -> list[Span]:
    """The lines of a chunk that a digest needs most, in their order: at least `share` of its characters."""
    pieces = printed(paper, chunk)
    room = share * sum(map(len, pieces.values()))
    kept: list[int] = []
    for index in sorted(pieces, key=lambda i: -labels[i].gist["yes"]):
        if sum(len(pieces[i]) for i in kept) >= room:
            break
        kept.append(index)
    return [pieces[index] for index in sorted(kept)]


def shown_text(source: Source, lines: Sequence[Span]) -> str:
    """What the model sees of the lines of these spans: without the marks of a conversion."""
    texts = (readable(line) for span in lines for line in source.slice(span).split("\n"))
    return "\n".join(text for text in texts if text)


def grounded_digest(paper: Paper, chunk: Chunk, completion: Completion, grounder: Grounder) -> Digest:
    shown = grounder.candidates(sentences(grounder.source, chunk.span))
    kept, rejected = grounded_sentences(paper, completion, shown, shown, "digest", grounder)
    failed = not kept
    if failed and shown:
        whole = lambda c: len(c.span) <= QUOTE_CHARACTERS[paper.language]
        kept = [grounder.quoted([max(shown, key=lambda c: (whole(c), len(c.features))).span], paper)]
    return Digest(chunk, tuple(kept), tuple(rejected), completion.finish_reason, failed)


def grounded_sentences(
    paper: Paper,
    completion: Completion,
    shown: Sequence[Candidate],
    quotable: Sequence[Candidate],
    stage: str,
    grounder: Grounder,
) -> tuple[list[Grounded], list[Rejection]]:
    """The sentences of a reply that `shown` holds, each once; of the others what is nearest in `quotable`."""
    kept: list[Grounded] = []
    rejected: list[Rejection] = []
    said = split_sentences(completion.text)
    refused = lambda text, reason, instead: Rejection(paper.number, stage, paper.language, text, reason, instead)
    if completion.finish_reason == "length" and said:
        rejected.append(refused(said.pop(), "reply cut at its limit", "dropped"))
    for text in said:
        if told(text, kept):
            rejected.append(refused(text, "said before", "dropped"))
            continue
        result = grounder.ground(rest(text, shown), paper, stage, "quote", grounder.least_verbatim)
        if isinstance(result, Grounded):
            kept.append(result)
            continue
        found = nearest(text, quotable)
        quote = grounder.quoted([found.span], paper) if found else None
        if quote and not told(quote.text, kept):
            kept.append(quote)
            rejected.append(result)
        else:
            rejected.append(replace(result, replacement="dropped"))
    return kept, rejected


def told(text: str, kept: Sequence[Grounded]) -> bool:
    """Whether these sentences say most of it already, or it says again most of one of them."""
    together = frozenset().union(*(features(other.text) for other in kept))
    return contained(features(text), together) >= SAID or any(same(text, other.text) for other in kept)


def summarize_papers(
    papers: Sequence[Paper],
    digests: Sequence[Digest],
    tasks: Mapping[Language, Task],
    engine: Engine,
    trained: bool,
    lengths: Mapping[Language, tuple[int, int]],
    grounder: Grounder,
    progress: Progress,
) -> dict[int, Draft]:
    """The draft of each paper's summary, by its number."""
    of_paper = {p.number: [s for d in digests if d.chunk.paper == p.number for s in d.sentences] for p in papers}
    chunk_count = {p.number: sum(d.chunk.paper == p.number for d in digests) for p in papers}
    reduced = [p for p in papers if chunk_count[p.number] > 1]
    requests, left_out = [], {}
    for paper in reduced:
        task = tasks[paper.language]
        fields = {"author": byline(paper), "title": paper.title}
        texts, lost = collapsed([s.text for s in of_paper[paper.number]], task, trained, engine, fields)
        left_out[paper.number] = [beyond_context(paper, text) for text in lost]
        requests.append(task.request(trained, digests=texts, **fields))
    replies = dict(zip((p.number for p in reduced), engine.complete(requests, progress), strict=True))
    result = {}
    for paper in papers:
        sentences, said, rejected = of_paper[paper.number], of_paper[paper.number], []
        if paper.number in replies:
            digested = grounder.candidates(sorted({e.span for s in said for e in s.evidence}, key=lambda s: s.start))
            shown = [*grounder.candidates(byline_spans(paper)), *digested]
            said, rejected = grounded_sentences(paper, replies[paper.number], shown, digested, "summary", grounder)
            rejected += left_out[paper.number]
        spare = spares(said, sentences, SPARE * lengths[paper.language][1], paper.language)
        result[paper.number] = Draft(tuple(said), tuple(spare), tuple(rejected))
    return result


def beyond_context(paper: Paper, text: str) -> Rejection:
    return Rejection(paper.number, "summary", paper.language, text, "beyond the context of the model", "dropped")


def collapsed(
    digests: list[str], task: Task, trained: bool, engine: Engine, fields: dict
) -> tuple[list[str], list[str]]:
    """The digests, merged in groups until the reduce prompt fits the context, and those left out.

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
    fit = len(digests)
    while fit > 1 and size(digests[:fit]) > room:
        fit -= 1
    return digests[:fit], digests[fit:]


def grouped(digests: Sequence[str], fits: Callable[[list[str]], bool]) -> list[list[str]]:
    """Neighbours together, as many as fit; at least two, so that a round always leaves fewer."""
    groups: list[list[str]] = []
    for digest in digests:
        if groups and (len(groups[-1]) < 2 or fits(groups[-1] + [digest])):
            groups[-1].append(digest)
        else:
            groups.append([digest])
    return groups


def spares(
    said: Sequence[Grounded], sentences: Sequence[Grounded], enough: float, language: Language
) -> list[Grounded]:
    """Digest sentences to fill a summary with where what was `said` does not suffice, the fullest first."""
    size = lambda s: len(s.text) if language == "zh" else len(s.text.split())
    kept, total = [], sum(map(size, said))
    for sentence in sorted(sentences, key=lambda s: (s.text.endswith("…"), -len(features(s.text)))):
        if total >= enough:
            break
        if not any(same(sentence.text, other.text) for other in (*said, *kept)):
            kept.append(sentence)
            total += size(sentence)
    return kept


def byline(paper: Paper) -> str:
    """Who writes, as the prompt shows it."""
    return " ".join(filter(None, (paper.position or paper.organisation, *paper.authors)))


def byline_spans(paper: Paper) -> list[Span]:
    """The lines over the body: title and authors. A summary's first sentence rests on them too."""
    return [line.span for line in paper.lines[: paper.body]]
