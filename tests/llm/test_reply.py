import numpy as np
import pytest

from pipeline.llm.engine import Request
from pipeline.llm.reply import Reply

PIECES = [b"a", b"b", b"\n", "港".encode()[:2], "港".encode()[2:], b"<end>"]
A, B, NEWLINE, HEAD, TAIL, END = range(6)


class Letters:
    """A vocabulary of six tokens."""

    ends = frozenset({END})

    def piece(self, token):
        return PIECES[token]


def replied(tokens, max_tokens=100, stop=()):
    """What a reply makes of a model that says these tokens."""
    reply = Reply(Letters(), Request("", "", max_tokens, stop), None)
    for token in tokens:
        assert reply.finish is None
        reply.extend(np.eye(len(PIECES))[token])
    done = reply.completion(prompt_tokens=7)
    return done.text, done.finish_reason, done.completion_tokens


@pytest.mark.parametrize(
    "tokens, max_tokens, stop, expected",
    [
        ([A, B, END], 9, (), ("ab", "stop", 2)),
        ([END], 9, (), ("", "stop", 0)),
        ([A, B, A], 3, (), ("aba", "length", 3)),
        ([A, NEWLINE], 9, ("\n",), ("a", "stop", 2)),
        ([A, B, B], 9, ("bb",), ("a", "stop", 3)),  # over two tokens
        ([A, HEAD, TAIL, END], 9, (), ("a港", "stop", 3)),
        ([A, HEAD], 2, (), ("a", "length", 2)),  # the limit cuts a character
        ([TAIL, END], 9, (), ("�", "stop", 1)),
    ],
)
def test_how_replies_end(tokens, max_tokens, stop, expected):
    assert replied(tokens, max_tokens, stop) == expected


def test_a_turn_may_begin_with_blank_lines():
    reply = Reply(Letters(), Request("", "", 9, ("\n",)), None, turn=True)
    for token in (NEWLINE, NEWLINE, A, NEWLINE):
        assert reply.finish is None
        reply.extend(np.eye(len(PIECES))[token])
    done = reply.completion(prompt_tokens=7)
    assert (done.text, done.finish_reason) == ("a", "stop")


@pytest.mark.parametrize("period, length", [(1, 24 + 3), (5, 24 + 15), (24, 24 + 72), (30, 24 + 90)])
def test_a_loop_ends_a_reply(period, length):
    said = ([A] * (period // 3) + [B] * (period - period // 3)) * length
    assert replied(said[:length], max_tokens=200) == ("".join("ab"[t] for t in said[:length]), "length", length)


def test_a_block_may_return_three_times():
    said = ([A] * 23 + [B]) * 3
    assert replied([*said, END])[1:] == ("stop", 72)
