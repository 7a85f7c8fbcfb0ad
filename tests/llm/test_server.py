"""Replays of real servers (record_cassettes.py), and servers of other kinds played on this machine."""

import json

import pytest

from pipeline.config import ServerConfig
from pipeline.errors import ConfigError, RequestError, ServerError
from pipeline.llm.engine import Quotes, Request
from pipeline.llm.server import estimated_tokens, open_server
from tests.llm.record_cassettes import CASSETTES, SETTINGS, cassette, session
from tests.loopback import Answer, serving

TREES = '"measures": ["The port should plant trees along two roads."]}'


def replayed(name):
    with cassette(name):
        return session(SETTINGS[name])


def test_llama_cpp_completes_texts():
    found = replayed("llama.cpp-completions")
    assert found.name == "gemma-3-270m"
    assert found.record == {
        "server": "http://127.0.0.1:8080",
        "model": "gemma-3-270m",
        "api": "completions",
        "extras": ["grammar", "probabilities", "schema"],
    }
    assert (found.context_tokens, found.tokens) == (4096, 9)
    assert [(done.text, done.finish_reason) for done in found.completions] == [
        (" heavy", "stop"),
        (" The port builds ① dockyard", "stop"),
        ('{"title": "The port should plant trees along two",' + TREES, "stop"),
    ]
    assert [done.prompt_tokens for done in found.completions] == [17, 34, 55]
    assert [done.confidence for done in found.completions] == pytest.approx([0.2153, 0.3481, 0.4094], abs=1e-4)


def test_llama_cpp_chats():
    found = replayed("llama.cpp-chat")
    assert found.record["api"] == "chat"
    assert found.record["extras"] == ["grammar", "no thinking", "probabilities", "schema"]
    assert found.context_tokens == 4096 - 64  # room for what the template adds
    # A base model writes out the marks of a template that it was not trained with.
    assert [(done.text, done.finish_reason) for done in found.completions] == [
        ("large and heavy<|im", "length"),
        ("The school builds ① docks<|im_end|>", "stop"),
        ('{"title": "Plant trees along two roads", ' + TREES, "stop"),
    ]


def test_llama_cpp_python_takes_a_schema_and_does_not_keep_to_it():
    found = replayed("llama-cpp-python")
    assert (found.context_tokens, found.tokens) == (2048, 10)  # the setting, since this server says nothing of it
    assert "schema" in found.record["extras"]
    assert found.completions[2].text == '{"title": "The port should plant trees along two roads."}'
    assert found.completions[0].confidence == pytest.approx(0.3523, abs=1e-4)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_cassette_holds_no_key_and_no_path(name):
    recorded = (CASSETTES / f"{name}.yaml").read_text(encoding="utf-8").lower()
    assert not any(word in recorded for word in ("authorization", "bearer", ".gguf", "/home/", "/root/", "\\users"))


class Played:
    """A server that is played: a listing, then answers of one kind, with what a test changes."""

    def __init__(self, models=("m",), paths=None, **entry):
        self.models = [{"id": name, **entry} for name in models]
        self.paths = {"/v1/chat/completions": chat, "/v1/completions": text, **(paths or {})}

    def __call__(self, asked):
        if asked.path == "/v1/models":
            return Answer({"object": "list", "data": self.models})
        if asked.path not in self.paths:
            return Answer({"detail": "Not Found"}, 404)
        answer = self.paths[asked.path](asked.body)
        return answer if isinstance(answer, Answer) else Answer(answer)


def chat(body):
    return {"choices": [{"message": {"content": "said"}, "finish_reason": "stop"}]}


def text(body):
    return {"choices": [{"text": f"said {body['prompt']}", "finish_reason": "stop"}]}


def opened(server, **settings):
    return open_server(ServerConfig(url=server.url, retries=0, **settings))


REQUEST = Request("", "x", 5)


def test_vllm_says_its_context_and_counts_tokens():
    played = Played(paths={"/tokenize": lambda body: {"count": len(body["prompt"]), "max_model_len": 9, "tokens": []}},
                    max_model_len=32768)  # fmt: skip
    with serving(played) as server, opened(server) as engine:
        assert (engine.context_tokens, engine.count_tokens("港口")) == (32768 - 64, 2)
        assert engine.complete([REQUEST])[0].text == "said"


def test_an_older_llama_cpp_says_its_context_under_props():
    played = Played(paths={"/props": lambda _: {"default_generation_settings": {"n_ctx": 8192}}})
    with serving(played) as server, opened(server, api="completions") as engine:
        assert engine.context_tokens == 8192


def test_a_server_that_says_nothing_of_its_context_needs_the_setting():
    with serving(Played()) as server:
        with pytest.raises(ServerError, match="does not say how long a prompt may be; set server.context_tokens"):
            with opened(server):
                pass
        with opened(server, context_tokens=4096, api="completions") as engine:
            assert engine.context_tokens == 4096


def test_without_a_chat_there_are_completions():
    played = Played(paths={"/v1/chat/completions": lambda _: Answer({"message": "no chat template"}, 400)})
    with serving(played) as server, opened(server, context_tokens=4096) as engine:
        assert engine.record["api"] == "completions"
        assert engine.complete([REQUEST])[0].text == "said x"


def test_what_a_server_refuses_is_not_asked_for():
    def strict(body):
        known = {"model", "messages", "max_tokens", "temperature", "logprobs", "top_logprobs"}
        return chat(body) if body.keys() <= known else Answer({"error": {"message": "unknown argument"}}, 400)

    constrained = Request("", "x", 5, constraint=Quotes('{"type": "object"}'))
    with serving(Played(paths={"/v1/chat/completions": strict})) as server:
        with opened(server, context_tokens=4096) as engine:
            assert engine.record["extras"] == ["probabilities"]
            assert engine.complete([constrained])[0].text == "said"


def test_tokens_are_estimated_where_a_server_does_not_count():
    with serving(Played()) as server, opened(server, context_tokens=4096) as engine:
        assert engine.count_tokens is estimated_tokens


@pytest.mark.parametrize(
    "text, tokens",
    [("", 0), ("港口建成。", 5), ("the port", 3), ("2026年", 5), ("Invest 30% more", 7)],
)
def test_an_estimate_is_on_the_safe_side(text, tokens):
    assert estimated_tokens(text) == tokens


@pytest.mark.parametrize(
    "models, name, fault",
    [
        (("a", "b"), "", "serves more than one model; set server.model in config.toml; it serves: a, b"),
        (("a", "b"), "c", "does not serve c; set server.model in config.toml; it serves: a, b"),
        ((), "", "lists no model; set server.model in config.toml; it serves: no model"),
    ],
)
def test_an_unknown_model_is_named_with_those_that_there_are(models, name, fault):
    with serving(Played(models)) as server:
        with pytest.raises(ServerError) as raised, opened(server, model=name):
            pass
    assert str(raised.value) == f"{server.url}: {fault}"


def test_a_server_without_a_listing_is_asked_for_the_model_of_the_settings():
    def played(asked):
        return Answer(b"", 404) if asked.path == "/v1/models" else Played()(asked)

    with serving(played) as server, opened(server, model="m", context_tokens=4096) as engine:
        engine.complete([REQUEST])
    assert server.asked[-1].body["model"] == "m"


@pytest.mark.parametrize("listing", [{"data": "none"}, {"data": [7, {"id": 7}]}, {}])
def test_a_listing_in_another_form_is_none(listing):
    with serving(lambda asked: Answer(listing)) as server:
        with pytest.raises(ServerError, match="lists no model"), opened(server):
            pass


def test_a_name_is_not_a_path_of_the_server():
    with serving(Played(["/data/models/qwen3-8b-q4_k_m.gguf"])) as server:
        with opened(server, context_tokens=4096) as engine:
            assert engine.name == "qwen3-8b-q4_k_m"


def test_a_key_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("OFFICE_KEY", "secret-7")
    with serving(Played()) as server, opened(server, key_env="OFFICE_KEY", context_tokens=4096) as engine:
        assert "secret-7" not in json.dumps(engine.record)
    assert {asked.headers["authorization"] for asked in server.asked} == {"Bearer secret-7"}


@pytest.mark.parametrize(
    "key, fault",
    [
        (None, "server.key_env is OFFICE_KEY, but there is no such variable"),
        ("secret\n7", "OFFICE_KEY holds characters"),
    ],
)
def test_a_missing_or_broken_key_is_named_but_not_shown(monkeypatch, key, fault):
    monkeypatch.delenv("OFFICE_KEY", raising=False)
    if key:
        monkeypatch.setenv("OFFICE_KEY", key)
    with pytest.raises(ConfigError, match=fault) as raised, open_server(ServerConfig(key_env="OFFICE_KEY")):
        pass
    assert "secret" not in str(raised.value)


def test_many_requests_go_together_and_come_back_in_order():
    with serving(Played()) as server, opened(server, api="completions", context_tokens=4096, parallel=3) as engine:
        seen = []
        requests = [Request("", str(number), 5) for number in range(10)]
        completions = engine.complete(requests, lambda *done: seen.append(done))
    assert [done.text for done in completions] == [f"said {number}" for number in range(10)]
    assert seen == [(number, 10) for number in range(1, 11)]


@pytest.mark.parametrize(
    "request_, fault",
    [
        (
            Request("", "word " * 400, 60),
            r"request 2 \('word word.*prompt of 667 and reply of 60 tokens exceed the 448 of",
        ),
        (Request("", "x", 0), "request 2 .* asks for no token"),
    ],
)
def test_a_request_that_cannot_fit_is_refused_before_anything_is_sent(request_, fault):
    with serving(Played()) as server, opened(server, context_tokens=512) as engine:
        before = len(server.asked)
        with pytest.raises(RequestError, match=fault):
            engine.complete([REQUEST, request_])
        assert len(server.asked) == before


def test_one_fault_ends_all(monkeypatch):
    def played(body):
        return Answer({"message": "the model is gone"}, 404) if "7" in body["prompt"] else text(body)

    with serving(Played(paths={"/v1/completions": played})) as server:
        with opened(server, api="completions", context_tokens=4096, parallel=1) as engine:
            with pytest.raises(ServerError, match=r"status 404 \(the model is gone\)"):
                engine.complete([Request("", str(number), 5) for number in range(1000)])
    assert len(server.asked) < 100


@pytest.mark.parametrize("status", [400, 413, 422])
def test_what_a_server_does_not_take_is_a_fault_of_the_request(status):
    def played(body):
        return Answer({"message": "too long"}, status) if "7" in body["prompt"] else text(body)

    with serving(Played(paths={"/v1/completions": played})) as server:
        with opened(server, api="completions", context_tokens=4096) as engine:
            with pytest.raises(RequestError) as raised:
                engine.complete([REQUEST, Request("", "7", 5)])
    place = f"{server.url}/v1/completions"
    assert str(raised.value) == f"request 2 ('7'): {place}: status {status} (too long); mend [server] in config.toml"


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_key_or_a_path_that_is_wrong_is_a_fault_of_the_settings(status):
    def played(body):
        return Answer({"message": "no"}, status) if "7" in body["prompt"] else text(body)

    with serving(Played(paths={"/v1/completions": played})) as server:
        with opened(server, api="completions", context_tokens=4096) as engine:
            with pytest.raises(ServerError, match=r"server\.key_env|mend \[server\]"):
                engine.complete([Request("", "7", 5)])


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_server_that_takes_no_request_at_all_is_no_engine(status):
    refused = {
        path: lambda _: Answer({"message": "no"}, status) for path in ("/v1/chat/completions", "/v1/completions")
    }
    with serving(Played(paths=refused)) as server, pytest.raises(ServerError, match=f"status {status}"):
        with opened(server, context_tokens=4096):
            pass


def test_a_reply_in_another_form_names_server_and_request():
    with serving(Played(paths={"/v1/completions": lambda body: {"choices": []}})) as server:
        with opened(server, api="completions", context_tokens=4096) as engine:
            with pytest.raises(
                RequestError, match=r"^http://127.*: request 1 \('x'\): the reply is not in OpenAI's form"
            ):
                engine.complete([REQUEST])
