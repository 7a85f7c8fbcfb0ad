"""The engine on a model server: llama.cpp's own, vLLM, or any other with OpenAI's interface.

What a server offers is asked when it is opened, by requests of one token. What
it does not offer it does not do: without a schema or a grammar a reply may be
anything, and the stages check it all the same.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from pipeline.config import ServerConfig
from pipeline.errors import ConfigError, RequestError, ServerError, ServerRefusal
from pipeline.llm.chat import TEMPLATE_TOKENS
from pipeline.llm.endpoint import Endpoint, inside
from pipeline.llm.engine import Completion, Progress, Quotes, Request, Slots
from pipeline.llm.wire import PATHS, Api, applicable, completion, payload

SHOWN = 40  # characters of a prompt in a message
# Bodies for llama.cpp and vLLM, which read different fields of the first, and for llama-cpp-python.
TOKENIZERS: dict[str, Callable[[str, str], dict]] = {
    "/tokenize": lambda model, text: {"model": model, "content": text, "prompt": text, "add_special_tokens": False},
    "/extras/tokenize/count": lambda model, text: {"model": model, "input": text},
}
PROBE = Request("Answer with one word.\n", "Is it raining?\n", 1)
PROBE_SCHEMA = """{"type": "object", "required": ["title", "parts"], "additionalProperties": false, "properties": {
"title": {"type": "string", "minLength": 4, "maxLength": 9},
"parts": {"type": "array", "minItems": 1, "maxItems": 6, "items": {"type": "string", "quote": true}}}}"""
PROBES = tuple(replace(PROBE, constraint=c) for c in (Quotes(PROBE_SCHEMA), Slots(("①",), "en")))
WORDS = re.compile(r"[A-Za-z ]+")


class ServerEngine:
    """Completes prompts on a model server; an `Engine`."""

    def __init__(
        self,
        endpoint: Endpoint,
        model: str,
        api: Api,
        extras: Collection[str],
        context_tokens: int,
        count_tokens: Callable[[str], int],
        parallel: int,
    ):
        """`extras` are those of wire.applicable that the server takes; `parallel` requests are under way together."""
        # Servers of a single file often call the model by its path.
        self.name = PurePath(model).stem if model.endswith(".gguf") else model
        self.context_tokens = context_tokens - (TEMPLATE_TOKENS if api == "chat" else 0)
        self.count_tokens = count_tokens
        self._endpoint = endpoint
        self._model = model
        self._api = api
        self._extras = sorted(extras)
        self._parallel = parallel

    @property
    def record(self) -> dict[str, Any]:
        """What replies depend on besides their requests, as far as a server tells."""
        return {"server": self._endpoint.url, "model": self._model, "api": self._api, "extras": self._extras}

    def complete(self, requests: Sequence[Request], progress: Progress | None = None) -> list[Completion]:
        """Reply to every request, in their order.

        Raises RequestError if a request cannot fit, before anything is sent, if
        the server does not take it, or its reply makes no sense; ServerError if
        the server fails.
        """
        for index, request in enumerate(requests):
            self._check(index, request)
        completions: list[Completion | None] = [None] * len(requests)
        with ThreadPoolExecutor(self._parallel) as pool:
            replies = {pool.submit(self._complete, index, request): index for index, request in enumerate(requests)}
            try:
                for ended, reply in enumerate(as_completed(replies), 1):
                    completions[replies[reply]] = reply.result()
                    if progress is not None:
                        progress(ended, len(requests))
            except BaseException:  # a stop by the user too: what is not sent yet is not sent
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return completions

    def _check(self, index: int, request: Request) -> None:
        text = request.prefix + request.body
        if not text or request.max_tokens < 1:
            raise RequestError(f"{named(index, request)} has no prompt or asks for no token; mend its task in prompts/")
        room = self.context_tokens - request.max_tokens
        # No token is shorter than a byte, so most need not be counted.
        if len(text.encode()) > room and (tokens := self.count_tokens(text)) > room:
            raise RequestError(
                f"{named(index, request)}: prompt of {tokens} and reply of {request.max_tokens} tokens exceed the "
                f"{self.context_tokens} of {self._endpoint.url}; serve the model with a longer context"
            )

    def _complete(self, index: int, request: Request) -> Completion:
        body = payload(request, self._model, self._api, self._extras)
        try:
            reply = self._endpoint.post(PATHS[self._api], body)
        except ServerRefusal as refusal:  # of a body like those of the probes that it took
            raise RequestError(f"{named(index, request)}: {refusal}") from refusal
        try:
            return completion(reply, request, self._api)
        except ServerError as error:
            raise RequestError(f"{self._endpoint.url}: {named(index, request)}: {error}") from error


def named(index: int, request: Request) -> str:
    """A request as messages call it."""
    return f"request {index + 1} ({request.body[:SHOWN].strip()!r})"


@contextmanager
def open_server(config: ServerConfig) -> Iterator[ServerEngine]:
    """The engine on the server of the settings.

    Raises ConfigError if its key is not in the environment, ServerError if it
    cannot be reached, refuses the key, or lacks what a run needs.
    """
    endpoint = Endpoint(config.url, key_of(config), config.timeout_seconds, config.retries, config.parallel)
    try:
        served = model_of(endpoint, config.model)
        model = served["id"]
        context_tokens = config.context_tokens or context_of(endpoint, served)
        api = api_of(endpoint, model, config.api)
        extras = extras_of(endpoint, model, api)
        yield ServerEngine(endpoint, model, api, extras, context_tokens, tokenizer_of(endpoint, model), config.parallel)
    finally:
        endpoint.close()


def key_of(config: ServerConfig) -> str:
    """The key, from the environment; "" where none is wanted. Raises ConfigError, which does not show it."""
    if not config.key_env:
        return ""
    key = os.environ.get(config.key_env, "")
    if not key:
        raise ConfigError(f"server.key_env is {config.key_env}, but there is no such variable; export it")
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise ConfigError(f"{config.key_env} holds characters that no key has, such as a newline; export it anew")
    return key


def model_of(endpoint: Endpoint, name: str) -> dict[str, Any]:
    """The server's entry of the model that is named, or of the only one. Raises ServerError."""
    listing = endpoint.get("/v1/models")
    if listing is None and name:
        return {"id": name}
    data = inside(listing, "data")
    entries = [entry for entry in data if type(inside(entry, "id")) is str] if isinstance(data, list) else []
    chosen = [entry for entry in entries if name in ("", entry["id"])]
    if len(chosen) == 1:
        return chosen[0]
    known = ", ".join(entry["id"] for entry in entries) or "no model"
    fault = f"does not serve {name}" if name else "serves more than one model" if entries else "lists no model"
    raise ServerError(f"{endpoint.url}: {fault}; set server.model in config.toml; it serves: {known}")


def context_of(endpoint: Endpoint, served: dict[str, Any]) -> int:
    """Tokens that a prompt and its reply share, as the server says. Raises ServerError if it does not.

    vLLM's and llama.cpp's entries of a model say it; older servers of llama.cpp under /props.
    """
    settings = [served.get("max_model_len"), inside(served, "meta", "n_ctx")]
    if not any(map(is_count, settings)):
        settings = [inside(endpoint.get("/props"), "default_generation_settings", "n_ctx")]
    for tokens in filter(is_count, settings):
        return tokens
    raise ServerError(
        f"{endpoint.url}: does not say how long a prompt may be; set server.context_tokens in config.toml"
    )


def is_count(value: Any) -> bool:
    return type(value) is int and value > 0


def api_of(endpoint: Endpoint, model: str, wanted: str) -> Api:
    """The interface to use: as set, else the chat if the server has one. Raises ServerError if it has none."""
    if wanted == "auto" and endpoint.ask(PATHS["chat"], payload(PROBE, model, "chat", ())) is not None:
        return "chat"
    api: Api = "chat" if wanted == "chat" else "completions"
    endpoint.post(PATHS[api], payload(PROBE, model, api, ()))
    return api


def extras_of(endpoint: Endpoint, model: str, api: Api) -> list[str]:
    """The extras of wire.applicable that the server takes, each tried alone."""
    probes = {extra: request for request in PROBES for extra in applicable(request, api)}
    taken = lambda extra, request: endpoint.ask(PATHS[api], payload(request, model, api, (extra,))) is not None
    return [extra for extra, request in probes.items() if taken(extra, request)]


def tokenizer_of(endpoint: Endpoint, model: str) -> Callable[[str], int]:
    """Counts the tokens of a text by the server, or estimates them where it does not."""
    for path, body in TOKENIZERS.items():
        answer = endpoint.ask(path, body(model, "yes"))
        if answer is not None and tokens_in(answer) is not None:
            return lambda text, path=path, body=body: counted(endpoint, path, body(model, text))
    return estimated_tokens


def counted(endpoint: Endpoint, path: str, body: dict) -> int:
    """The server's count of tokens. Raises ServerError if it gives none."""
    tokens = tokens_in(endpoint.post(path, body))
    if tokens is None:
        raise ServerError(f"{endpoint.url}{path}: the answer counts no tokens; look at the server")
    return tokens


def tokens_in(answer: dict[str, Any]) -> int | None:
    """The count in a tokenizer's answer; None if there is none."""
    if type(answer.get("count")) is int:
        return answer["count"]
    return len(answer["tokens"]) if isinstance(answer.get("tokens"), list) else None


def estimated_tokens(text: str) -> int:
    """Tokens of a text without its tokenizer, rather too many than too few.

    One for each Chinese character, digit and mark, and one for three Latin
    letters or blanks. Vocabularies of 100,000 tokens and more need about 0.7
    for a Chinese character and one for four letters.
    """
    words = sum(map(len, WORDS.findall(text)))
    return len(text) - words + -(-words // 3)
