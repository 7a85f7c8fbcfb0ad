"""What a grammar lets the model say next (llguidance).

The model's first choice is asked for first, then the ones behind it; a mask of
the whole vocabulary is computed only when all of these are refused.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from llguidance import LLMatcher, LLParserLimits, LLTokenizer
from llguidance.llamacpp import lltokenizer_from_vocab

from pipeline.errors import ModelError
from pipeline.llm.engine import Request
from pipeline.llm.grammar import reply_grammar

CANDIDATES = 32  # asked one by one before a mask: a question takes 10 µs, a mask 10 ms
# Bounded lengths and glyphs that occur once multiply the states of a line; the
# library's own limits are for grammars without them.
LIMITS = LLParserLimits(initial_lexer_fuel=10_000_000, step_lexer_fuel=5_000_000)


class Constraint:
    """A reply's grammar and how far the reply has come in it."""

    def __init__(self, matcher: LLMatcher):
        self._matcher = matcher

    @property
    def failed(self) -> bool:
        """The grammar ran into its limits and allows nothing any more."""
        return self._matcher.is_error()

    @property
    def complete(self) -> bool:
        """Nothing can follow."""
        return self._matcher.is_stopped()

    def choose(self, scores: np.ndarray) -> int | None:
        """The token of highest score that the grammar allows; None if it allows none."""
        best = int(scores.argmax())
        if self._allows(best):
            return best
        likely = np.argpartition(scores, -CANDIDATES)[-CANDIDATES:]
        for token in likely[np.lexsort((likely, -scores[likely]))]:
            if self._allows(int(token)):
                return int(token)
        mask = np.frombuffer(self._matcher.compute_bitmask(), dtype=np.uint8)
        allowed = np.flatnonzero(np.unpackbits(mask, bitorder="little", count=len(scores)))
        if self.failed or not len(allowed):
            return None
        return int(allowed[scores[allowed].argmax()])

    def _allows(self, token: int) -> bool:
        return self._matcher.validate_tokens([token]) == 1

    def accept(self, token: int) -> list[int]:
        """Go on with `token`; the result are tokens that can only follow, gone on with too."""
        self._matcher.consume_token(token)
        forced = self._matcher.compute_ff_tokens()
        self._matcher.consume_tokens(forced)
        return forced


class Grammars:
    """Compiles the grammars of requests over the vocabulary of one model."""

    def __init__(self, vocabulary, ends: Sequence[int]):
        """`vocabulary` is llama.cpp's pointer, `ends` the tokens that end a reply."""
        with warnings.catch_warnings():
            # It calls a function under its old name, once a token, and each time is warned.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._tokenizer: LLTokenizer = lltokenizer_from_vocab(vocabulary, eos_token=list(ends))

    def constraint(self, request: Request) -> Constraint | None:
        """The constraint of a request's reply; None if it may be anything.

        Raises ModelError if the grammar or the schema does not compile.
        """
        grammar = reply_grammar(request)
        if grammar is None:
            return None
        matcher = LLMatcher(self._tokenizer, LLMatcher.grammar_from_lark(grammar), log_level=0, limits=LIMITS)
        if matcher.is_error():
            reason = matcher.get_error().splitlines()[0]
            raise ModelError(f"the grammar {grammar[:60]!r} does not compile ({reason})")
        return Constraint(matcher)
