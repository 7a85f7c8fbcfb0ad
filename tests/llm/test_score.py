"""Scoring on a model whose next token depends on all that it has read, checked against reading each text by itself."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from pipeline.errors import ModelError
from pipeline.llm.engine import Request
from pipeline.llm.reply import log_probability
from pipeline.llm.score import calibrated, choose, log_likelihoods

WORDS = 7  # tokens of the vocabulary


def scores_after(tokens):
    """Scores of the next token, another for each text."""
    return np.random.default_rng(list(tokens)).normal(size=WORDS)


class Memory:
    """A context that holds tokens and counts batches; it refuses what llama.cpp would."""

    cells, batch_tokens = 64, 8

    def __init__(self, sequences):
        self.sequences = sequences
        self.held = {}
        self.batches = []

    def clear(self):
        self.held = {}

    def copy(self, source, target):
        assert target < self.sequences and target not in self.held
        self.held[target] = list(self.held.get(source, []))

    def forget(self, sequence):
        self.held.pop(sequence, None)

    def decode(self, rows):
        assert 0 < len(rows) <= self.batch_tokens
        self.batches.append(len(rows))
        self.found = []
        for row in rows:
            assert row.position == len(self.held.setdefault(row.sequence, []))
            self.held[row.sequence].append(row.token)
            self.found.append(scores_after(self.held[row.sequence]) if row.output else None)

    def scores(self, index):
        return self.found[index]


def numbers(text):
    """Each digit is a token."""
    return [int(digit) for digit in text]


def engine(sequences=5):
    return SimpleNamespace(
        context=Memory(sequences),
        model=SimpleNamespace(tokenize=numbers),
        prompt_tokens=lambda request: numbers(request.prefix + request.body),
    )


def alone(prompt, continuation):
    """The same without any batch."""
    text, total = numbers(prompt), 0.0
    for token in numbers(continuation):
        total += log_probability(scores_after(text), token)
        text.append(token)
    return total


def asks(*bodies):
    return [Request("123", body, 1) for body in bodies]


@pytest.mark.parametrize("sequences", [3, 4, 9])
def test_each_continuation_is_scored_after_its_own_prompt(sequences):
    options = ["1", "2", "415", "4", "66"]
    found = log_likelihoods(engine(sequences), asks("0", "456", "4561234561"), options)
    assert found == [
        [pytest.approx(alone(f"123{body}", option)) for option in options] for body in ("0", "456", "4561234561")
    ]


def test_what_prompts_share_is_computed_once_and_options_together():
    asked = engine()
    log_likelihoods(asked, asks("40", "41", "42"), ["11", "22", "3"])
    assert asked.context.batches == [4, 1, 2, 1, 2, 1, 2]  # the shared tokens; then the rest and the two longer options


def test_without_content_all_options_are_equal():
    neutral, asked = asks("0", "12")
    alike, chosen = choose(engine(), [neutral, asked], ["1", "25", "3"], neutral)
    assert alike == pytest.approx([1 / 3] * 3)
    assert sum(chosen) == pytest.approx(1) and max(chosen) > 0.34


def test_calibration_takes_away_what_a_model_prefers_anyway():
    always_first = [math.log(0.8), math.log(0.2)]
    assert calibrated([math.log(0.8), math.log(0.2)], always_first) == pytest.approx([0.5, 0.5])
    assert calibrated([math.log(0.6), math.log(0.4)], always_first) == pytest.approx([3 / 11, 8 / 11])
    assert calibrated([-900.0, -901.0], [0.0, 0.0]) == pytest.approx([0.731, 0.269], abs=1e-3)


@pytest.mark.parametrize(
    "bodies, options, fault",
    [
        (["0"], ["1", ""], "a continuation to score is empty"),
        (["0"], [], "a continuation to score is empty"),
        (["0", "1" * 60], ["1", "2"], "continuations of 65 tokens exceed the context of 64; raise model.context"),
    ],
)
def test_what_cannot_be_scored_is_said_before_anything_runs(bodies, options, fault):
    asked = engine()
    with pytest.raises(ModelError, match=fault):
        log_likelihoods(asked, asks(*bodies), options)
    assert asked.context.batches == []
