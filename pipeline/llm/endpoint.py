"""HTTP to one model server: its key, time-outs, retries, and faults by name."""

from __future__ import annotations

import ssl
from functools import cache
from typing import Any

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from pipeline.errors import ServerError, ServerRefusal, ServerUnavailable

CONNECT_SECONDS = 10
LONGEST_WAIT = 60  # seconds before another try, even where the server asks for more
BACKOFF = wait_exponential(max=LONGEST_WAIT)  # 1, 2, 4 … seconds
ABSENT = (404, 405, 501)  # statuses of a path that a server does not have
# Servers refuse a field that they do not know with various statuses, the one of llama-cpp-python with 500.
REFUSED = (400, 422, 500, *ABSENT)
UNFIT = (400, 413, 422)  # of a body that is too long, or that this server cannot work on
QUOTED = 200  # characters of the server's own words in a message


class Endpoint:
    """One server by its address, under which OpenAI's interface begins with /v1. No other host is asked."""

    def __init__(self, url: str, key: str, timeout_seconds: int, retries: int, connections: int):
        """`key` goes into the Authorization header ("" for none) and into no message."""
        self.url = url.rstrip("/").removesuffix("/v1")
        self._key = key
        self._timeout_seconds = timeout_seconds
        self._retrying = Retrying(
            retry=retry_if_exception_type(ServerUnavailable),
            wait=waiting,
            stop=stop_after_attempt(retries + 1),
            reraise=True,
        )
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=httpx.Timeout(timeout_seconds, connect=min(CONNECT_SECONDS, timeout_seconds)),
            limits=httpx.Limits(max_connections=connections),
            trust_env=False,  # a proxy of the environment would be another host
            verify=certificates(),
        )

    def get(self, path: str) -> dict | None:
        """What lies at a path, asked for once; None if nothing does. Raises ServerError."""
        response = self._send("GET", path)
        return None if response.status_code in ABSENT else self._answer(path, response)

    def post(self, path: str, body: dict) -> dict:
        """The answer to a body, asked for again while the server is away or busy.

        Raises ServerError; ServerRefusal where it lies in the body.
        """
        return self._retrying(lambda: self._answer(path, self._send("POST", path, body)))

    def ask(self, path: str, body: dict) -> dict | None:
        """The answer to a body, asked for once; None if the server does not take such a body. Raises ServerError."""
        response = self._send("POST", path, body)
        return None if response.status_code in REFUSED else self._answer(path, response)

    def _send(self, method: str, path: str, body: dict | None = None) -> httpx.Response:
        try:
            return self._client.request(method, self.url + path, json=body)
        except httpx.TimeoutException as error:
            raise ServerError(
                f"{self.url}{path}: no answer within {self._timeout_seconds} s; "
                "raise server.timeout_seconds or lower server.parallel in config.toml"
            ) from error
        except httpx.RequestError as error:
            raise ServerUnavailable(
                f"{self.url}: cannot be reached ({error}); start the server or mend server.url in config.toml"
            ) from error

    def _answer(self, path: str, response: httpx.Response) -> dict:
        """The JSON object that a response carries. Raises ServerError, by its kinds."""
        place, status, words = f"{self.url}{path}", response.status_code, self._words(response)
        if status in (401, 403):
            raise ServerError(
                f"{self.url}: the server refuses the key ({words}); "
                "name the environment variable that holds it in server.key_env of config.toml"
            )
        if status == 429 or status >= 500:
            message = f"{place}: status {status} ({words}); look at the server or lower server.parallel in config.toml"
            raise ServerUnavailable(message, seconds(response.headers.get("Retry-After", "")))
        if response.is_redirect:
            raise ServerError(f"{place}: leads to {response.headers['Location']}; mend server.url in config.toml")
        if status in UNFIT:
            raise ServerRefusal(f"{place}: status {status} ({words}); mend [server] in config.toml")
        if not response.is_success:
            raise ServerError(f"{place}: status {status} ({words}); mend [server] in config.toml")
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise ServerError(f"{place}: the answer is no JSON object ({words}); mend server.url in config.toml")
        return answer

    def _words(self, response: httpx.Response) -> str:
        """What the server says of a fault. It may repeat the key; we do not."""
        words = " ".join(fault_message(response).split()) or response.reason_phrase
        return (words.replace(self._key, "…") if self._key else words)[:QUOTED]

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


@cache
def certificates() -> ssl.SSLContext:
    """The machine's own certificates, among which an office's authority is."""
    return ssl.create_default_context()


def waiting(state: RetryCallState) -> float:
    """Seconds until the next try: exponential, or as long as the server asks."""
    return min(max(BACKOFF(state), state.outcome.exception().retry_after), LONGEST_WAIT)


def seconds(text: str) -> float:
    """The value of Retry-After where it counts seconds, else 0 (RFC 9110, section 10.2.3)."""
    return float(text) if text.isdecimal() else 0


def fault_message(response: httpx.Response) -> str:
    """The message in an error's body, which servers put in different places, else the body itself."""
    try:
        body: Any = response.json()
    except ValueError:
        return response.text
    for key in ("error", "message", "detail"):
        if isinstance(body, dict) and key in body:
            body = body[key]
    return body if isinstance(body, str) else response.text


def inside(value: Any, *keys: str) -> Any:
    """What lies under nested keys of an answer, None if nothing does."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
