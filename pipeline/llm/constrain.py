"""Grammars of replies, and what they allow the model to say (llguidance).

The model's first choice is asked for first, then the ones behind it; a mask of
the whole vocabulary is computed only when all of these are refused.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
from llguidance import LLMatcher, LLParserLimits, LLTokenizer
from llguidance.llamacpp import lltokenizer_from_vocab

from pipeline.errors import ModelError
from pipeline.llm.engine import Request

CANDIDATES = 32  # asked one by one before a mask: a question takes 10 µs, a mask 10 ms
# Bounded lengths and glyphs that occur once multiply the states of a line; the
# library's own limits are for grammars without them.
LIMITS = LLParserLimits(initial_lexer_fuel=10_000_000, step_lexer_fuel=5_000_000)
# As json.dumps writes by default, so that examples in prompts show what the grammar allows.
JSON_STYLE = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}

# Regular-expression classes of one character. Numbers include ringed and raised ones; they and the Greek
# small letters may serve as slots, so none may occur that is not one.
CHINESE = r"[^\p{Cc}\x{2028}\x{2029}\x{FFFD}\p{Nd}\p{No}α-ω]"
ENGLISH = r"[\x{20}-\x{2F}:-~À-ɏ–—‘’“”…·•€£¥°]"


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
        self._tokenizer: LLTokenizer = lltokenizer_from_vocab(vocabulary, eos_token=list(ends))

    def constraint(self, request: Request) -> Constraint | None:
        """The constraint of a request's reply; None if it may be anything.

        Raises ModelError if the grammar or the schema does not compile.
        """
        if request.grammar is not None:
            grammar = LLMatcher.grammar_from_lark(request.grammar)
        elif request.schema is not None:
            grammar = schema_grammar(request.schema)
        else:
            return None
        matcher = LLMatcher(self._tokenizer, grammar, log_level=0, limits=LIMITS)
        if matcher.is_error():
            raise ModelError(f"the grammar does not compile ({matcher.get_error()}): {grammar[:200]}")
        return Constraint(matcher)


def schema_grammar(schema: str) -> str:
    """A JSON schema as an llguidance grammar. Raises ModelError if it is not JSON."""
    try:
        return LLMatcher.grammar_from_json_schema(schema, overrides=JSON_STYLE)
    except ValueError as error:
        raise ModelError(f"the reply schema is not JSON ({error}): {schema[:200]}") from error


def quote_grammar(sources: Sequence[str], least: int, most: int) -> str:
    """A reply that is a contiguous piece, of `least` to `most` characters, of one line of one source.

    A newline may end it. Raises ValueError if no source is long enough.
    """
    lines = [line for source in sources for line in source.split("\n") if len(line) >= least]
    if not lines or not 0 < least <= most:
        raise ValueError(f"no source holds a quote of {least} to {most} characters")
    pieces = [f"P{i}: %regex {json.dumps({'substring_chars': line}, ensure_ascii=False)}" for i, line in enumerate(lines)]
    either = " | ".join(f"P{i}" for i in range(len(lines)))
    return "\n".join([
        "start: QUOTE END?",
        f"QUOTE: ({either}) & /[^\\n]{{{least},{most}}}/",
        "END: /\\n/",
        *pieces,
        "",
    ])  # fmt: skip


def slot_grammar(slots: Sequence[str], most_characters: int, chinese: bool) -> str:
    """A reply of one line without numbers, in which glyphs stand for them.

    No digit of any script, no ringed number and no Greek small letter occurs,
    but each glyph of `slots` may, once at most. Unless `chinese`, letters are
    Latin and there is no full-width mark. A newline may end the line.
    """
    letter = (CHINESE if chinese else ENGLISH) + (f"|[{''.join(slots)}]" if slots else "")
    once = "".join(f" & /[^{slot}]*({slot}[^{slot}]*)?/" for slot in slots)
    return "\n".join([
        "start: LINE END?",
        f"LINE: LETTERS{once}",
        f"LETTERS: /({letter}){{1,{most_characters}}}/",
        "END: /\\n/",
        "",
    ])  # fmt: skip
