"""The trimmed model reads and writes as the base model does."""

import tomllib

import jieba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language.glyphs import GLYPHS
from pipeline.llm import trim
from pipeline.llm.context import Context, Row
from pipeline.llm.embedded import VOCABULARY, base_model
from pipeline.llm.model import load_model

pytestmark = pytest.mark.model

PROMPT = "Translate into English.\n\nChinese: 投资①元，❶前建设β。\nEnglish: Invest"
ENGLISH = """The Committee's report, published on 3 March, says: "No dredging without a survey."
Harbour pilots asked for 24-hour cover (night shifts included), which costs about $1.5 million.
Four reasons
1. Cold-chain warehouses, e.g. those on Quay Street, stand half-empty; rents fell by 12.5%.
* Small and medium-sized enterprises need working capital, AI tools & a one-stop office.
{"title": "Set up a training centre", "theme": "talent", "evidence": [12, 13]}
<table><tr><td>Berths</td><td>17</td></tr></table>
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """The base model, with all its tokens."""
    return load_model(base_model(tmp_path_factory.mktemp("base")), gpu_layers=0)


@pytest.fixture(scope="module")
def kept():
    """The base model's number of each token."""
    return np.flatnonzero(np.unpackbits(np.fromfile(VOCABULARY, np.uint8)))


def pieces(model, text):
    return [model.piece(token) for token in model.tokenize(text)]


def test_the_tokens_are_those_of_the_base_model(base, model, kept):
    assert model.vocabulary_size == len(kept) < base.vocabulary_size / 2
    assert [model.piece(new) for new in range(len(kept))] == [base.piece(int(old)) for old in kept]
    assert {int(kept[end]) for end in model.ends} == base.ends


def test_chinese_is_cut_as_before(base, model):
    words = [line.split()[0].decode() for line in jieba.get_dict_file()][::100]
    assert len(words) > 3000
    text = "，".join(words) + "。\n“一、①２０２６年（试行）”——……\n"
    assert pieces(model, text) == pieces(base, text)


def test_english_is_cut_as_before(base, model):
    assert pieces(model, ENGLISH) == pieces(base, ENGLISH)


def test_nearly_all_of_what_the_writer_learnt_is_cut_as_before(base, model, root):
    lines = [s for path in (root / "training" / "sentences").glob("*.tsv") for s in path.read_text("utf-8").split("\n")]
    assert len(lines) > 1000
    changed = [line for line in lines if pieces(model, line) != pieces(base, line)]
    assert len(changed) < len(lines) / 50, changed  # rare words such as WeChat are spelled in more pieces


def test_slots_and_labels_are_as_many_tokens_as_before(base, model, root):
    labels = tomllib.loads((root / "models" / "reader" / "labels.toml").read_text(encoding="utf-8"))
    words = [*GLYPHS, *(word for answers in labels.values() for word in answers.values())]
    assert [pieces(model, word) for word in words] == [pieces(base, word) for word in words]


@pytest.mark.parametrize("adapter", [None, "reader", "writer"])
def test_leaving_out_tokens_changes_no_bit_of_the_scores(base, tmp_path, monkeypatch, kept, root, adapter):
    monkeypatch.setattr(trim, "faster", lambda tensor: tensor)
    trim.write_trimmed(base.path, VOCABULARY, tmp_path / "fewer.gguf")
    path = root / "models" / adapter / "adapter.gguf" if adapter else None
    fewer = load_model(tmp_path / "fewer.gguf", gpu_layers=0)
    assert np.array_equal(scores(fewer, path), scores(base, path)[kept])


def test_rounded_weights_score_nearly_as_before(base, model, kept):
    assert np.corrcoef(scores(model, None), scores(base, None)[kept])[0, 1] > 0.95


def scores(model, adapter):
    """What the model makes of the prompt's end."""
    tokens = model.prompt_tokens(PROMPT)
    context = Context(model, adapter, 256, sequences=1, outputs=1, threads=1)
    context.decode([Row(token, at, 0, at == len(tokens) - 1) for at, token in enumerate(tokens)])
    result = context.scores(len(tokens) - 1).copy()
    context.close()
    return result


@given(text=st.text())
def test_any_text_comes_back(model, text):
    assert b"".join(pieces(model, text)).decode() == text
