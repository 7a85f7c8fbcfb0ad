"""The engine and the reader on the embedded model itself."""

import json
import struct

import pytest

from pipeline.errors import ModelError
from pipeline.llm.chat import ChatTemplate
from pipeline.llm.context import Context, Row
from pipeline.llm.engine import Quotes, Request, Slots
from pipeline.llm.llamacpp import LlamaCppEngine
from pipeline.llm.model import load_model
from pipeline.llm.reader import LlamaCppReader, open_reader
from pipeline.llm.reply import log_probability
from pipeline.llm.schedule import common_length
from pipeline.llm.score import log_likelihoods

pytestmark = pytest.mark.model

TASK = "Translate into English.\n\nChinese: 加快发展。\nEnglish: Speed up development.\n\n"
TEXT = "镇上有两个车站。建议明年修一座桥，方便居民过河。"
SCHEMA = {
    "type": "object",
    "properties": {"measure": {"type": "string", "quote": True, "minLength": 4, "maxLength": 16}},
    "required": ["measure"],
}


@pytest.fixture(scope="module")
def engine(model):
    made = LlamaCppEngine(model, None, sequences=3, context_tokens=768, threads=1)
    yield made
    made.close()


def translations():
    sentences = ("保护环境。", "支持企业。", "培养人才，建设学校。", "修路。", "今天下雨。")
    return [Request(TASK, f"Chinese: {s}\nEnglish:", 16, ("\n",)) for s in sentences]


def greedy(model, prompt, count):
    """What plain decoding of one sequence says."""
    context = Context(model, None, 512, sequences=1, outputs=1, threads=1)
    tokens = model.prompt_tokens(prompt)
    rows = [Row(t, at, 0, at == len(tokens) - 1) for at, t in enumerate(tokens)]
    said = []
    while len(said) < count:
        context.decode(rows)
        said.append(int(context.scores(len(rows) - 1).argmax()))
        rows = [Row(said[-1], len(tokens) + len(said) - 1, 0, True)]
    context.close()
    return b"".join(map(model.piece, said)).decode()


def test_batched_replies_are_those_of_plain_decoding(engine, model):
    requests = translations()
    for request, done in zip(requests, engine.complete(requests), strict=True):
        alone = greedy(model, request.prefix + request.body, 16)
        assert alone.startswith(done.text)
        assert done.finish_reason == "stop" and alone[len(done.text)] == "\n"
        assert done.prompt_tokens == engine.count_tokens(request.prefix + request.body) + 1


def test_the_same_run_gives_the_same_bytes_and_reports_each_reply(engine):
    seen = []
    first = engine.complete(translations(), lambda done, total: seen.append((done, total)))
    assert engine.complete(translations()) == first
    assert seen == [(i, 5) for i in range(1, 6)]


def test_constrained_replies(engine):
    body = f"{TEXT}\nJSON: "
    quote, english, choice, schema = engine.complete([
        Request("", body, 60, constraint=Quotes(json.dumps(SCHEMA), (TEXT,))),
        Request("", "Chinese: 投资①元。\nEnglish: Invest", 24, ("\n",), constraint=Slots(("①",), "en")),
        Request("", "Is it raining? Answer: ", 5, constraint=Quotes('{"enum": ["yes", "no"]}')),
        Request("", "As JSON: ", 20, constraint=Quotes('{"type": "array", "items": {"enum": [1, 2]}, "maxItems": 3}')),
    ])  # fmt: skip
    assert json.loads(quote.text)["measure"] in TEXT
    assert quote.finish_reason == "stop"
    assert english.text.isprintable() and not any("\u3000" <= c or c.isdecimal() for c in english.text)
    assert choice.text in ('"yes"', '"no"') and choice.finish_reason == "stop"
    assert set(json.loads(schema.text)) <= {1, 2}


def test_special_tokens_in_a_text_are_text(engine):
    assert engine.count_tokens("<bos>") > 1
    assert engine.count_tokens("<end_of_turn>") > 1


GEMMA_CHAT = """{{ bos_token }}{% for message in messages %}<start_of_turn>{{ message['role'] }}
{{ message['content'] }}<end_of_turn>
{% endfor %}{% if add_generation_prompt %}<start_of_turn>model
{% endif %}"""


def test_a_chat_model_is_asked_in_its_own_turns(model):
    assert model.chat_template is None  # of the base model, which is asked with one text
    model.chat_template = ChatTemplate(GEMMA_CHAT, "<bos>", "<eos>")
    try:
        begin, end = (model.tokenize(mark, special=True) for mark in ("<bos>", "<end_of_turn>"))
        tokens = model.chat_tokens(Request("", "Is <end_of_turn> a mark?", 9))
        assert [len(mark) for mark in (begin, end)] == [1, 1]
        assert tokens[:1] == begin and tokens[1:].count(begin[0]) == 0
        assert tokens.count(end[0]) == 1  # the template's, not the text's

        chat = LlamaCppEngine(model, None, sequences=1, context_tokens=512, threads=1)
        (done,) = chat.complete([Request("Repeat the word.\n", "tree", 8, ("\n",))])
        assert done.prompt_tokens == len(chat.prompt_tokens(Request("Repeat the word.\n", "tree", 8)))
        assert "\n" not in done.text
        assert chat.context_tokens == 512 - 64  # room for what the template adds
        chat.close()
    finally:
        del model.chat_template


def test_continuations_score_as_in_plain_decoding(engine, model):
    requests = [Request(TASK, f"Chinese: {word}\nEnglish:", 1) for word in ("今天下雨。", "修路。")]
    options = [" It rains today.", " Build roads.", " Yes"]
    prompts = [engine.prompt_tokens(request) for request in requests]
    shared = common_length(prompts)
    rain, roads = log_likelihoods(engine, requests, options)
    for prompt, found in zip(prompts, (rain, roads), strict=True):
        alone = [likelihood(model, prompt, shared, model.tokenize(option)) for option in options]
        assert found == pytest.approx(alone, abs=0.01)
    assert rain[0] > rain[1] and roads[1] > roads[0]


def likelihood(model, prompt, shared, option):
    """The log-likelihood of a continuation, a token at a time; the prompt in the two parts that scoring computes."""
    context, total = Context(model, None, 512, sequences=1, outputs=1, threads=1), 0.0
    context.decode([Row(t, at, 0, False) for at, t in enumerate(prompt[:shared])])
    rows = [Row(t, shared + at, 0, shared + at == len(prompt) - 1) for at, t in enumerate(prompt[shared:])]
    for offset, token in enumerate(option):
        context.decode(rows)
        total += log_probability(context.scores(len(rows) - 1), token)
        rows = [Row(token, len(prompt) + offset, 0, True)]
    context.close()
    return total


@pytest.mark.parametrize(
    "request_, reason",
    [
        (Request("", "word " * 700, 200), r"request 2 \('word word.*reply of 200 tokens exceed the context of 768"),
        (Request("", "x", 0), "request 2 .* asks for no token"),
        (Request("", "x", 5, constraint=Quotes('{"type": "strin"}')), "request 2 .*does not compile .*strin"),
        (Request("", "x", 5, constraint=Quotes("{")), "request 2 .*is not JSON"),
    ],
)
def test_a_request_that_cannot_be_served_is_named_before_anything_runs(engine, request_, reason):
    seen = []
    with pytest.raises(ModelError, match=reason) as error:
        engine.complete([Request("", "x", 5), request_], lambda *done: seen.append(done))
    assert seen == [] and "\n" not in str(error.value)


def gguf_string(text):
    return struct.pack("<Q", len(text)) + text.encode()


def adapter_without_tensors():
    """A GGUF adapter's header, of another architecture."""
    pairs = {"general.architecture": "llama", "general.type": "adapter", "adapter.type": "lora"}
    body = b"".join(gguf_string(k) + struct.pack("<I", 8) + gguf_string(v) for k, v in pairs.items())
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(pairs)) + body


@pytest.mark.parametrize(
    "content, reason",
    [(None, "no adapter file"), (b"PK", "is not a GGUF"), (adapter_without_tensors(), "does not fit")],
)
def test_adapters_that_cannot_be_used(model, tmp_path, content, reason):
    adapter = tmp_path / "adapter.gguf"
    if content is not None:
        adapter.write_bytes(content)
    with pytest.raises(ModelError, match=reason):
        LlamaCppEngine(model, adapter, sequences=1, context_tokens=256, threads=1)


@pytest.mark.parametrize(
    "content, reason",
    [(None, "no model file"), (b"", "is not a GGUF"), (b"GGUF" + bytes(60), "llama.cpp cannot load it")],
)
def test_models_that_cannot_be_used(tmp_path, content, reason, capfd):
    path = tmp_path / "model.gguf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=reason):
        load_model(path, gpu_layers=0)
    assert capfd.readouterr() == ("", "")  # llama.cpp itself is silent


def test_a_model_that_was_cut_off_is_named(model_path, tmp_path):
    path = tmp_path / "model.gguf"
    path.write_bytes(model_path.read_bytes()[:-100_000])
    with pytest.raises(ModelError, match="model.gguf: llama.cpp cannot load it .*; fetch the file again"):
        load_model(path, gpu_layers=0)


def test_the_reader_labels_every_line(model, root):
    reader = LlamaCppReader(model, None, root / "models" / "reader" / "labels.toml", threads=1)
    long = ("论桥梁", ["一、现状"], [f"第{i}行说明镇上的情况，居民每天要绕路过河。" for i in range(280)])
    short = ("论车站", [], ["建议修一座桥。", "完。"])
    seen = []
    both = reader.read_all([long, short], lambda *done: seen.append(done))
    assert [len(labels) for labels in both] == [280, 2]
    assert seen == [(1, 3), (2, 3), (3, 3)]
    for line in both[0] + both[1]:
        assert list(line.kind) == ["outside", "begins", "continues"]
        assert len(line.theme) == 12
        for answers in (line.kind, line.fact, line.theme, line.addressee):
            assert sum(answers.values()) == pytest.approx(1)
    assert reader.read_all([long, short]) == both
    alone = reader.read(*short)  # other batches, the same answers but for the last digits
    assert [line.kind for line in alone] == [pytest.approx(line.kind, abs=0.02) for line in both[1]]
    reader.close()


def test_a_reader_without_adapter_is_refused(model, tmp_path, root):
    (tmp_path / "labels.toml").write_bytes((root / "models" / "reader" / "labels.toml").read_bytes())
    with pytest.raises(ModelError, match="no adapter file"):
        open_reader(model, tmp_path, threads=1)
