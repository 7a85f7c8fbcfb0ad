"""Requests and replies in the form of OpenAI's interface (https://platform.openai.com/docs/api-reference).

A request has the fields that every server knows, and those extras that this
one takes: llama.cpp's server and vLLM have some of their own.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection
from typing import Any, Literal

from jsonschema import Draft202012Validator

from pipeline.errors import ServerError
from pipeline.llm.chat import WITHOUT_THINKING, messages
from pipeline.llm.engine import Completion, Quotes, Request, Slots
from pipeline.llm.gbnf import slot_gbnf
from pipeline.llm.grammar import parsed

Api = Literal["chat", "completions"]
PATHS: dict[Api, str] = {"chat": "/v1/chat/completions", "completions": "/v1/completions"}

# What we rely on in a reply; whatever else it holds is not looked at.
MESSAGE = {"type": "object", "required": ["content"], "properties": {"content": {"type": ["string", "null"]}}}
SAID = {"chat": {"message": MESSAGE}, "completions": {"text": {"type": "string"}}}
COUNT = {"type": "integer", "minimum": 0}
USAGE = {"type": ["object", "null"], "properties": {"prompt_tokens": COUNT, "completion_tokens": COUNT}}
LOG_PROBABILITY = {"type": ["number", "null"]}
TOKEN = {"type": "object", "required": ["logprob"], "properties": {"logprob": LOG_PROBABILITY}}
LOG_PROBABILITIES = {  # of a token: OpenAI's two forms, of which a server may use either in both interfaces
    "type": ["object", "null"],
    "properties": {
        "content": {"type": ["array", "null"], "items": TOKEN},
        "token_logprobs": {"type": ["array", "null"], "items": LOG_PROBABILITY},
    },
}

# What a server would read as a special token: <bos>, <|im_start|>, </s>, [INST], <<SYS>>.
MARKER = re.compile(r"<(?=[|｜/]?[A-Za-z][^<>\s]*>)|\[(?=/?[A-Z_]+\])|<(?=</?SYS>>)")


def payload(request: Request, model: str, api: Api, extras: Collection[str]) -> dict[str, Any]:
    """The body that asks for the likeliest reply, with those of `extras` that apply to it."""
    body: dict[str, Any] = {"model": model, "max_tokens": request.max_tokens, "temperature": 0}
    if api == "chat":
        # No stop: a turn ends by itself, and one that begins with a newline, or JSON on several lines, would be lost.
        body["messages"] = [{**turn, "content": unmarked(turn["content"])} for turn in messages(request)]
    else:
        body["prompt"] = unmarked(request.prefix + request.body)
        if request.stop:
            body["stop"] = list(request.stop)
    for extra, fields in applicable(request, api).items():
        if extra in extras:
            body |= fields
    return body


def unmarked(text: str) -> str:
    """The text without special tokens, which servers read in any words: a blank parts each marker."""
    return MARKER.sub(lambda match: f"{match[0]} ", text)


def applicable(request: Request, api: Api) -> dict[str, dict[str, Any]]:
    """The extras of a request by name, and the fields with which each asks."""
    extras: dict[str, dict[str, Any]] = {"probabilities": {"logprobs": 1}}
    if api == "chat":
        extras["probabilities"] = {"logprobs": True, "top_logprobs": 1}
        extras["no thinking"] = {"chat_template_kwargs": WITHOUT_THINKING}  # vLLM and llama.cpp
    match request.constraint:
        case Quotes(text):
            schema = without_quotes(parsed(text))
            wanted = {"type": "json_schema", "json_schema": {"name": "reply", "schema": schema}}
            # The second is llama.cpp's own, which its /v1/completions needs.
            extras["schema"] = {"response_format": wanted, "json_schema": schema}
        case Slots(glyphs, language):
            extras["grammar"] = {"grammar": slot_gbnf(glyphs, chinese=language == "zh")}  # llama.cpp
    return extras


def without_quotes(schema: Any) -> Any:
    """The schema without our own keyword, which a strict server may refuse."""
    if isinstance(schema, dict):
        return {key: without_quotes(value) for key, value in schema.items() if (key, value) != ("quote", True)}
    return [without_quotes(item) for item in schema] if isinstance(schema, list) else schema


def completion(reply: dict[str, Any], request: Request, api: Api) -> Completion:
    """The reply to a request. Raises ServerError if it lacks what it must have."""
    if fault := next(VALIDATORS[api].iter_errors(reply), None):
        raise ServerError(
            f"the reply is not in OpenAI's form ({fault.json_path}: {fault.message[:80]}); mend server.url"
        )
    choice, usage = reply["choices"][0], reply.get("usage") or {}
    said = replied(choice["message"]) if api == "chat" else choice["text"]
    text = trimmed(said, request)
    return Completion(
        text=said if text is None else text,
        # Whatever else ends a reply, a limit or a filter, leaves it incomplete.
        finish_reason="length" if text is None and choice.get("finish_reason") != "stop" else "stop",
        prompt_tokens=usage.get("prompt_tokens", 0),  # 0 where the server does not count
        completion_tokens=usage.get("completion_tokens", 0),
        confidence=confidence(choice.get("logprobs") or {}),
    )


def replied(message: dict[str, Any]) -> str:
    """The words of a chat's turn. Raises ServerError if there are only thoughts."""
    thoughts = message.get("reasoning_content") or message.get("reasoning")  # llama.cpp and vLLM
    if thoughts and not message["content"]:
        raise ServerError("the model thinks until the reply's tokens are used up; serve it without thinking")
    return message["content"] or ""


def trimmed(said: str, request: Request) -> str | None:
    """What was asked for, without what was added to it; None if it does not come to its end."""
    if isinstance(request.constraint, Quotes):
        return first_json(said)
    text = said.lstrip()
    ends = [at for stop in request.stop if (at := text.find(stop)) >= 0]
    return text[: min(ends)] if ends else None


def first_json(text: str) -> str | None:
    """The first JSON object in a text, as it stands there; a chat may put it on several lines or between marks."""
    start = text.find("{")
    try:
        _, end = json.JSONDecoder().raw_decode(text, max(start, 0))
    except json.JSONDecodeError:
        return None
    return text[start:end]


def confidence(log_probabilities: dict[str, Any]) -> float:
    """The geometric mean of the probabilities of a reply's tokens; 1 where the server does not give them."""
    tokens = [token["logprob"] for token in log_probabilities.get("content") or []]
    values = [value for value in tokens or log_probabilities.get("token_logprobs") or [] if value is not None]
    return min(1.0, math.exp(sum(values) / len(values))) if values else 1.0


def validator(api: Api) -> Draft202012Validator:
    """The check of a reply's form."""
    said = SAID[api]
    choice = {"type": "object", "required": [*said], "properties": {**said, "logprobs": LOG_PROBABILITIES}}
    choices = {"type": "array", "minItems": 1, "items": choice}
    return Draft202012Validator({"required": ["choices"], "properties": {"choices": choices, "usage": USAGE}})


VALIDATORS = {api: validator(api) for api in PATHS}
