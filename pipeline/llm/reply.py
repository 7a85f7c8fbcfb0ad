"""A reply as it grows: its tokens, its text, and when it ends."""

from __future__ import annotations

import codecs
import math
from collections import Counter
from typing import Literal

import numpy as np

from pipeline.llm.constrain import Constraint
from pipeline.llm.engine import Completion, Request
from pipeline.llm.model import Model

LOOP_TOKENS = 24  # longer than what a text repeats on purpose, such as a name
LOOP_TIMES = 3  # the block may occur so often


class Reply:
    """Takes the scores of each next token until the reply ends.

    Greedy decoding: the same scores give the same reply. It ends with the
    model's own end, a stop string or a complete grammar ("stop"); or with the
    token limit, a loop, or a grammar that ran into its limits ("length").
    A turn of a chat may begin with blanks, which are no part of the reply.
    """

    def __init__(self, model: Model, request: Request, constraint: Constraint | None, turn: bool = False):
        self._model = model
        self._turn = turn
        self._constraint = constraint
        self._stops = [stop.encode() for stop in request.stop]
        self._max_tokens = request.max_tokens
        self._tokens: list[int] = []
        self._text = bytearray()
        self._blocks: Counter[tuple[int, ...]] = Counter()
        self._log_probabilities: list[float] = []  # of the tokens that the model chose
        self.finish: Literal["stop", "length"] | None = None

    def extend(self, scores: np.ndarray) -> list[int]:
        """Choose the next tokens; the result is what the context must read before it can go on."""
        token = self._constraint.choose(scores) if self._constraint else int(scores.argmax())
        if token is None:
            self.finish = "length"
            return []
        self._log_probabilities.append(log_probability(scores, token))
        if token in self._model.ends:
            self.finish = "stop"
            return []
        chosen = [token, *(self._constraint.accept(token) if self._constraint else ())]
        for position, token in enumerate(chosen):
            self._append(token, last=position == len(chosen) - 1)
            if self.finish:
                return []
        return chosen

    def _append(self, token: int, last: bool) -> None:
        self._tokens.append(token)
        piece = self._model.piece(token)
        before = len(self._text)
        self._text += piece
        if self._turn and not before:
            self._text = self._text.lstrip()
        for stop in self._stops:
            at = self._text.find(stop, max(0, before - len(stop) + 1))
            if at >= 0:
                del self._text[at:]
                self.finish = "stop"
                return
        if last and self._constraint and self._constraint.complete and not self._constraint.failed:
            self.finish = "stop"
        elif len(self._tokens) >= self._max_tokens or self._loops():
            self.finish = "length"

    def _loops(self) -> bool:
        if len(self._tokens) < LOOP_TOKENS:
            return False
        block = tuple(self._tokens[-LOOP_TOKENS:])
        self._blocks[block] += 1
        return self._blocks[block] > LOOP_TIMES

    def completion(self, prompt_tokens: int) -> Completion:
        """The finished reply. A character that the limit cut in two is left out."""
        text = codecs.getincrementaldecoder("utf-8")(errors="replace").decode(bytes(self._text))
        chosen = self._log_probabilities
        confidence = math.exp(sum(chosen) / len(chosen)) if chosen else 0.0
        return Completion(text, self.finish, prompt_tokens, len(self._tokens), confidence)


def log_probability(scores: np.ndarray, token: int) -> float:
    """The natural logarithm of the probability that the scores give a token."""
    powers = scores - scores.max()
    score = powers[token]
    np.exp(powers, out=powers)
    return float(score - np.log(powers.sum()))
