"""Records what real model servers answer, for test_server.py to replay.

Start the server with the embedded model, `embedded_model()` of
pipeline/llm/embedded.py, at the address of config.toml, then run

    python -m tests.llm.record_cassettes NAME

    NAME                        server
    llama.cpp-completions       llama-server --model FILE --alias gemma-3-270m --port 8080 --ctx-size 8192 --parallel 2
    llama.cpp-chat              the same
    llama-cpp-python            python -m llama_cpp.server --model FILE --model_alias gemma-3-270m --n_ctx 2048
                                --port 8080 (needs llama-cpp-python[server])

The alias keeps the machine's paths out of the cassettes; filters keep keys out.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import vcr

from pipeline.config import ServerConfig
from pipeline.llm.engine import Completion, Example, Quotes, Request, Slots
from pipeline.llm.server import open_server

CASSETTES = Path(__file__).parent / "cassettes"
SETTINGS = {
    "llama.cpp-completions": ServerConfig(api="completions", parallel=2),
    "llama.cpp-chat": ServerConfig(parallel=2),
    "llama-cpp-python": ServerConfig(api="completions", parallel=1, context_tokens=2048),
}
SCHEMA = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "maxLength": 40},
        "measures": {"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "string", "quote": True}},
    },
    "required": ["title", "measures"],
    "additionalProperties": False,
}
SENTENCE = "The port should plant trees along two roads."
REQUESTS = (
    Request("Say it in one word.\n", "Large and heavy:", 6, ("\n",), examples=(Example("Very small:", " tiny"),)),
    Request(
        "Translate into English.\n",
        "中文：港口新建①座码头\nEnglish:",
        12,
        ("\n",),
        Slots(("①",), "en"),
        (Example("中文：学校新建①座图书馆\nEnglish:", " The school builds ① libraries"),),
    ),
    Request(
        "Answer with JSON.\n",
        f"Text: {SENTENCE}\nJSON:\n",
        48,
        ("\n",),
        Quotes(json.dumps(SCHEMA), (SENTENCE,)),
        (
            Example(
                "Text: The town should mend three bridges.\nJSON:\n",
                '{"title": "Mend bridges", "measures": ["The town should mend three bridges."]}',
            ),
        ),
    ),
)


@dataclass(frozen=True)
class Session:
    """What the engine found at the server and got from it."""

    name: str
    record: dict
    context_tokens: int
    tokens: int  # of SENTENCE
    completions: list[Completion]


def session(config: ServerConfig) -> Session:
    """One use of a server, short enough to record."""
    with open_server(config) as engine:
        tokens = engine.count_tokens(SENTENCE)
        return Session(engine.name, engine.record, engine.context_tokens, tokens, engine.complete(REQUESTS))


def cassette(name: str, record_mode: str = "none"):
    """The cassette as a context; a changed request finds no answer in it."""
    return vcr.VCR(
        record_mode=record_mode,
        match_on=("method", "scheme", "host", "port", "path", "query", "body"),
        filter_headers=["Accept", "Accept-Encoding", "Authorization", "Connection", "User-Agent"],
        before_record_response=lambda response: {**response, "headers": content_type(response["headers"])},
    ).use_cassette(str(CASSETTES / f"{name}.yaml"))


def content_type(headers: dict) -> dict:
    """The one header that a replay needs."""
    return {name: value for name, value in headers.items() if name.lower() == "content-type"}


def main(name: str) -> None:
    (CASSETTES / f"{name}.yaml").unlink(missing_ok=True)
    with cassette(name, record_mode="all"):
        print(session(SETTINGS[name]))


if __name__ == "__main__":
    main(sys.argv[1])
