import numpy as np
import pytest

from pipeline.errors import ModelError
from pipeline.llm.context import BATCH_TOKENS
from pipeline.llm.reader import OUTPUTS, SEQUENCES, answer_tokens, batches, softmax
from pipeline.llm.window import Window


class Characters:
    """A model each of whose characters is a token."""

    path = "characters.gguf"

    def tokenize(self, text):
        return [ord(character) for character in text]


def window(length, *reads):
    return Window(tuple(range(length)), reads)


@pytest.mark.parametrize(
    "windows",
    [
        [window(700, (300, 0), (699, 1)), window(1100, (1099, 2)), window(30, (29, 3))],
        [window(5, (4, i)) for i in range(3 * SEQUENCES + 1)],
        [window(400, *((2 * i, i) for i in range(3 * OUTPUTS)))],
        [window(BATCH_TOKENS, (1, 0)), window(BATCH_TOKENS, (1, 1))],
    ],
)
def test_batches_hold_every_token_once_and_never_too_much(windows):
    made = list(batches(windows))
    rows = [row for batch in made for row in batch.rows]
    assert [row.token for row in rows] == [token for w in windows for token in w.tokens]
    assert [row.position for row in rows] == [at for w in windows for at in range(len(w.tokens))]
    reads = [(number, line) for batch in made for _, number, line in batch.reads]
    assert reads == [(number, line) for number, w in enumerate(windows) for _, line in w.reads]
    assert [number for batch in made for number in batch.ended] == list(range(len(windows)))
    live = set()
    for batch in made:
        assert 0 < len(batch.rows) <= BATCH_TOKENS and len(batch.reads) <= OUTPUTS
        assert all(batch.rows[row].output for row, _, _ in batch.reads)
        for row in batch.rows:
            assert row.position > 0 or row.sequence not in live  # a sequence is free when a window begins in it
            live.add(row.sequence)
        live -= {number % SEQUENCES for number in batch.ended}


def test_softmax():
    assert softmax(np.log(np.array([1, 3, 4], dtype=np.float32))) == pytest.approx([0.125, 0.375, 0.5])
    assert softmax(np.array([1000, 0], dtype=np.float32)) == [1.0, 0.0]


LABELS = '[kind]\nno = "a"\n[fact]\nno = "b"\n[theme]\nx = "c"\n[addressee]\ny = "d"\n[gist]\nz = "e"\n'


def test_answers_are_single_tokens(tmp_path):
    labels = tmp_path / "labels.toml"
    labels.write_text(LABELS)
    assert answer_tokens(labels, Characters()) == {
        "kind": {"no": 97}, "fact": {"no": 98}, "theme": {"x": 99}, "addressee": {"y": 100}, "gist": {"z": 101},
    }  # fmt: skip


@pytest.mark.parametrize(
    "text, reason",
    [
        (LABELS.replace('"c"', '"cc"'), "'cc' is 2 tokens of characters.gguf, not one"),
        (LABELS.replace("[theme]", "[colour]"), "questions are kind, fact, colour, addressee, gist"),
        ("[kind", "cannot read the labels"),
        (None, "no labels of the reader"),
    ],
)
def test_labels_that_cannot_be_used(tmp_path, text, reason):
    labels = tmp_path / "labels.toml"
    if text is not None:
        labels.write_text(text)
    with pytest.raises(ModelError, match=reason):
        answer_tokens(labels, Characters())
