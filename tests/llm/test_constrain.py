"""The model's choice is asked for first; masks are the exception, forced tokens the rule."""

import numpy as np
import pytest
from llguidance import LLMatcher, LLTokenizer

from pipeline.llm.constrain import CANDIDATES, Constraint

BYTES = LLTokenizer("byte")  # each byte is a token


class CountingMatcher:
    """A matcher that counts its masks."""

    def __init__(self, grammar):
        self.matcher = LLMatcher(BYTES, LLMatcher.grammar_from_lark(grammar), log_level=0)
        self.masks = 0

    def __getattr__(self, name):
        return getattr(self.matcher, name)

    def compute_bitmask(self):
        self.masks += 1
        return self.matcher.compute_bitmask()


@pytest.fixture
def matcher():
    return CountingMatcher('start: "yes" | "no thanks"')


def scores(*likeliest):
    """Scores with these bytes on top, the first the highest."""
    values = np.zeros(BYTES.vocab_size, dtype=np.float32)
    for rank, byte in enumerate(likeliest):
        values[ord(byte)] = 9 - rank / 100
    return values


def test_an_allowed_choice_is_taken_without_a_mask(matcher):
    assert Constraint(matcher).choose(scores("n", "y")) == ord("n")
    assert matcher.masks == 0


def test_the_likeliest_allowed_one_is_found_without_a_mask(matcher):
    assert Constraint(matcher).choose(scores("x", "a", "y", "n")) == ord("y")
    assert matcher.masks == 0


def test_a_mask_is_computed_where_all_likely_ones_are_refused(matcher):
    refused = [chr(code) for code in range(ord("A"), ord("A") + CANDIDATES)]
    assert Constraint(matcher).choose(scores(*refused)) in (ord("y"), ord("n"))
    assert matcher.masks == 1


def test_what_can_only_follow_is_gone_on_with_at_once(matcher):
    constraint = Constraint(matcher)
    assert bytes(constraint.accept(ord("n"))) == b"o thanks"
    assert constraint.complete


def test_a_grammar_that_allows_nothing_more_says_so(matcher):
    constraint = Constraint(matcher)
    constraint.accept(ord("y"))
    assert constraint.complete and not constraint.failed
