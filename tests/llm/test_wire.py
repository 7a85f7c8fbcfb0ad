import json
import math

import pytest

from pipeline.errors import ServerError
from pipeline.llm.engine import Example, Quotes, Request, Slots
from pipeline.llm.wire import completion, payload

EXAMPLES = (Example("Text: a\nDigest:\n", "A."),)
REQUEST = Request("Digest the text.\n\n", "Text: b\nDigest:\n", 20, ("\n",), examples=EXAMPLES)
SCHEMA = {"type": "object", "properties": {"parts": {"type": "array", "items": {"type": "string", "quote": True}}}}
JSON = Request("", "As JSON:", 20, ("\n",), Quotes(json.dumps(SCHEMA), ("text",)))


def chat(content, reason="stop", **more):
    return {"choices": [{"message": {"role": "assistant", "content": content}, "finish_reason": reason, **more}]}


def text(said, reason="stop", **more):
    return {"choices": [{"text": said, "finish_reason": reason, **more}]}


def test_a_completion_is_asked_for_with_one_text():
    assert payload(REQUEST, "m", "completions", ()) == {
        "model": "m",
        "max_tokens": 20,
        "temperature": 0,
        "prompt": "Digest the text.\n\nText: a\nDigest:\nA.\n\nText: b\nDigest:\n",
        "stop": ["\n"],
    }


def test_a_chat_is_asked_for_with_turns():
    assert payload(REQUEST, "m", "chat", ()) == {
        "model": "m",
        "max_tokens": 20,
        "temperature": 0,
        "messages": [
            {"role": "system", "content": "Digest the text."},
            {"role": "user", "content": "Text: a\nDigest:"},
            {"role": "assistant", "content": "A."},
            {"role": "user", "content": "Text: b\nDigest:"},
        ],
    }


def test_extras_are_asked_for_where_they_apply():
    everything = ("probabilities", "schema", "grammar", "no thinking")
    plain = {"type": "object", "properties": {"parts": {"type": "array", "items": {"type": "string"}}}}
    asked = payload(JSON, "m", "completions", everything)
    assert asked["logprobs"] == 1
    assert asked["response_format"] == {"type": "json_schema", "json_schema": {"name": "reply", "schema": plain}}
    assert asked["json_schema"] == plain
    assert not {"grammar", "chat_template_kwargs"} & asked.keys()

    asked = payload(Request("", "x", 9, constraint=Slots(("①",), "en")), "m", "chat", everything)
    assert (asked["logprobs"], asked["top_logprobs"]) == (True, 1)
    assert asked["chat_template_kwargs"] == {"enable_thinking": False}
    assert asked["grammar"].startswith("root ::= (") and "①" in asked["grammar"]
    assert "json_schema" not in asked


def test_a_property_that_is_named_quote_stays_in_the_schema():
    schema = {"type": "object", "properties": {"quote": {"type": "string", "quote": True}}}
    asked = payload(Request("", "x", 9, constraint=Quotes(json.dumps(schema), ("t",))), "m", "chat", ("schema",))
    assert asked["json_schema"] == {"type": "object", "properties": {"quote": {"type": "string"}}}


@pytest.mark.parametrize(
    "request_, api, reply, said, reason",
    [
        (REQUEST, "completions", text("A digest."), "A digest.", "stop"),
        (REQUEST, "completions", text("A dig", "length"), "A dig", "length"),
        (REQUEST, "completions", text("A digest.\nText: c", "length"), "A digest.", "stop"),  # a stop not honoured
        (REQUEST, "chat", chat("A digest.\n\nI hope it helps."), "A digest.", "stop"),
        (REQUEST, "chat", chat("\n\nA digest.\n"), "A digest.", "stop"),
        (REQUEST, "chat", chat("A dig", "length"), "A dig", "length"),
        (REQUEST, "chat", chat("A dig", "content_filter"), "A dig", "length"),
        (REQUEST, "chat", chat("A dig", None), "A dig", "length"),
        (REQUEST, "chat", chat(None), "", "stop"),
        (JSON, "chat", chat('```json\n{\n  "parts": []\n}\n```'), '{\n  "parts": []\n}', "stop"),
        (JSON, "chat", chat('{"parts": []} That is {all}', "length"), '{"parts": []}', "stop"),
        (JSON, "chat", chat('{"parts": [', "length"), '{"parts": [', "length"),
        (JSON, "chat", chat("I cannot."), "I cannot.", "stop"),
    ],
)
def test_a_reply_is_what_was_asked_for(request_, api, reply, said, reason):
    done = completion(reply, request_, api)
    assert (done.text, done.finish_reason) == (said, reason)


def test_tokens_are_counted_by_the_server():
    done = completion(text("a") | {"usage": {"prompt_tokens": 7, "completion_tokens": 3}}, REQUEST, "completions")
    assert (done.prompt_tokens, done.completion_tokens) == (7, 3)
    assert completion(text("a"), REQUEST, "completions").prompt_tokens == 0


HALF = math.log(0.5)


@pytest.mark.parametrize(
    "log_probabilities, confidence",
    [
        ({"content": [{"token": "a", "logprob": HALF}, {"token": "b", "logprob": HALF}]}, 0.5),  # chat; llama.cpp
        ({"token_logprobs": [None, math.log(0.25), 0.0], "tokens": ["a", "b", "c"]}, 0.5),  # completions; vLLM
        ({"content": []}, 1.0),
        (None, 1.0),
    ],
)
def test_confidence_is_the_geometric_mean(log_probabilities, confidence):
    done = completion(text("ab", logprobs=log_probabilities), REQUEST, "completions")
    assert done.confidence == pytest.approx(confidence)


@pytest.mark.parametrize(
    "reply, fault",
    [
        ({}, "'choices' is a required property"),
        ({"choices": []}, r"\$\.choices"),
        ({"choices": [{"text": "a"}]}, "'message' is a required property"),
        ({"choices": [{"message": {}}]}, "'content' is a required property"),
        (chat(7), r"\$\.choices\[0\]\.message\.content"),
        (chat("a", logprobs={"content": [{}]}), "'logprob' is a required property"),
        (chat("a") | {"usage": {"prompt_tokens": "many"}}, r"\$\.usage\.prompt_tokens"),
    ],
)
def test_a_reply_in_another_form_is_refused(reply, fault):
    with pytest.raises(ServerError, match=f"not in OpenAI's form .*{fault}"):
        completion(reply, REQUEST, "chat")


def test_thoughts_without_a_reply_are_a_fault():
    reply = chat("")
    reply["choices"][0]["message"]["reasoning_content"] = "Let me think about"
    with pytest.raises(ServerError, match="serve it without thinking"):
        completion(reply, REQUEST, "chat")
