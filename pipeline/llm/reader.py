"""The reader: what each line of a paper is, as probabilities.

Our adapter on the embedded model answers at the end of each line. An answer is
a word of the model's vocabulary (models/reader/labels.toml), so its score is
one of the scores of the next token, and only line ends need scores.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from pipeline.errors import ModelError, RequestError
from pipeline.llm.context import BATCH_TOKENS, Context, Row
from pipeline.llm.engine import LineLabels, PaperLines, Progress
from pipeline.llm.model import Model
from pipeline.llm.window import Window, windows

SEQUENCES = 4  # windows that a batch may touch: many only where papers are short
OUTPUTS = 32  # line ends that a batch may hold; each takes room for the scores of the whole vocabulary
CONTEXT_TOKENS = 6144  # the longest window is about 5,200, and a batch more is in memory


QUESTIONS = tuple(field.name for field in fields(LineLabels))


class LlamaCppReader:
    """Labels lines with a context of its own over the weights of `model`."""

    def __init__(self, model: Model, adapter: Path | None, labels: Path, threads: int):
        """`labels` is the labels.toml that the adapter was trained with.

        Raises ModelError if the adapter does not fit the model, or a label is
        not one token of it.
        """
        self._model = model
        self._answers = answer_tokens(labels, model)
        self._context = Context(model, adapter, CONTEXT_TOKENS, SEQUENCES, OUTPUTS, threads, windowed=True)

    def read(self, title: str, headings: Sequence[str], lines: Sequence[str]) -> list[LineLabels]:
        """The labels of each line of one paper."""
        return self.read_all([(title, headings, lines)])[0]

    def read_all(self, papers: Sequence[PaperLines], progress: Progress | None = None) -> list[list[LineLabels]]:
        """The labels of each line of each paper; progress counts windows of lines.

        Raises RequestError if a window does not fit, which takes a title of pages.
        """
        queue = [
            (number, window)
            for number, (title, headings, lines) in enumerate(papers)
            for window in windows(title, headings, lines, self._model.tokenize)
        ]
        for number, window in queue:
            if len(window.tokens) > CONTEXT_TOKENS - BATCH_TOKENS:
                title = papers[number][0]
                raise RequestError(
                    f"a title of {len(title)} characters ({title[:30]!r}) leaves the reader no room; mend it"
                )
        result: list[list[LineLabels | None]] = [[None] * len(lines) for _, _, lines in papers]
        self._context.clear()
        for batch in batches([window for _, window in queue]):
            self._context.decode(batch.rows)
            for row, window, line in batch.reads:
                result[queue[window][0]][line] = self._labels(self._context.scores(row))
            for window in batch.ended:
                self._context.forget(window % SEQUENCES)
                if progress is not None:
                    progress(window + 1, len(queue))
        return result

    def _labels(self, scores: np.ndarray) -> LineLabels:
        return LineLabels(**{
            question: dict(zip(answers, softmax(scores[list(answers.values())]), strict=True))
            for question, answers in self._answers.items()
        })  # fmt: skip

    def close(self) -> None:
        """Give the context's memory back; the model stays loaded for others."""
        self._context.close()


def open_reader(model: Model, folder: Path, threads: int) -> LlamaCppReader:
    """The reader of `folder`: its labels.toml and adapter.gguf, on the model that they were made for.

    Raises ModelError if one is missing or does not fit.
    """
    return LlamaCppReader(model, folder / "adapter.gguf", folder / "labels.toml", threads)


def answer_tokens(labels: Path, model: Model) -> dict[str, dict[str, int]]:
    """The token of each answer to each question. Raises ModelError if one is not a single token."""
    try:
        words = tomllib.loads(labels.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(f"{labels}: no labels of the reader; restore the file from the repository") from error
    except (OSError, ValueError) as error:
        raise ModelError(f"{labels}: cannot read the labels of the reader ({error})") from error
    if set(words) != set(QUESTIONS):
        raise ModelError(f"{labels}: its questions are {', '.join(words)}, not {', '.join(QUESTIONS)}")
    return {
        question: {answer: label_token(word, labels, model) for answer, word in words[question].items()}
        for question in QUESTIONS
    }


def label_token(word: str, labels: Path, model: Model) -> int:
    """The one token that `word` is."""
    tokens = model.tokenize(word)
    if len(tokens) != 1:
        raise ModelError(f"{labels}: {word!r} is {len(tokens)} tokens of {model.path}, not one; "
                         "use the reader with the embedded model")  # fmt: skip
    return tokens[0]


@dataclass(frozen=True, slots=True)
class WindowBatch:
    """One batch: parts of consecutive windows, each in the sequence of its number modulo SEQUENCES."""

    rows: list[Row]
    reads: list[tuple[int, int, int]]  # row, number of the window, index of the line
    ended: list[int]  # windows whose last token is in this batch


def batches(windows: Sequence[Window]) -> Iterator[WindowBatch]:
    """All tokens of all windows in order, in batches that the context can hold."""
    batch, first = WindowBatch([], [], []), 0
    for number, window in enumerate(windows):
        lines = dict(window.reads)
        for position, token in enumerate(window.tokens):
            if len(batch.rows) == BATCH_TOKENS or len(batch.reads) == OUTPUTS or number - first == SEQUENCES:
                yield batch
                batch, first = WindowBatch([], [], []), number
            if position in lines:
                batch.reads.append((len(batch.rows), number, lines[position]))
            batch.rows.append(Row(token, position, number % SEQUENCES, output=position in lines))
        batch.ended.append(number)
    if batch.rows:
        yield batch


def softmax(scores: np.ndarray) -> list[float]:
    """Probabilities that the scores stand for."""
    powers = np.exp(scores.astype(np.float64) - scores.max())
    return [float(p) for p in powers / powers.sum()]
