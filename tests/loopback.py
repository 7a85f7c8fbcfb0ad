"""A server on this machine that a test scripts: it answers as it is told to and keeps what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Asked:
    """One request that came."""

    method: str
    path: str
    headers: dict[str, str]  # names in small letters
    body: Any  # JSON, or None


@dataclass
class Answer:
    """What goes back; a dict or list as JSON. `length` is the Content-Length where it is to be another."""

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    before: Callable[[], object] = lambda: None  # called before anything is sent
    pause: Callable[[], object] = lambda: None  # called when half the body is sent

    @property
    def data(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


HANG_UP = None  # an answer: the connection is closed without a word


class Loopback:
    """A running server: its `url`, and all that it was `asked`."""

    def __init__(self, reply: Callable[[Asked], Answer | None]):
        self.asked: list[Asked] = []
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            def handle_one(self):
                length = int(self.headers.get("Content-Length", 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, self.path, headers, json.loads(self.rfile.read(length) or b"null"))
                loopback.asked.append(asked)
                if (answer := reply(asked)) is HANG_UP:
                    self.close_connection = True
                    return
                answer.before()
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.data) if answer.length is None else answer.length))
                self.end_headers()
                if self.command != "HEAD":
                    half = len(answer.data) // 2
                    self.wfile.write(answer.data[:half])
                    self.wfile.flush()
                    answer.pause()
                    self.wfile.write(answer.data[half:])

            do_GET = do_HEAD = do_POST = handle_one

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


@contextmanager
def serving(reply: Callable[[Asked], Answer | None]) -> Iterator[Loopback]:
    """The server while the block runs."""
    loopback = Loopback(reply)
    thread = threading.Thread(target=loopback._server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield loopback
    finally:
        loopback._server.shutdown()
        loopback._server.server_close()
        thread.join()
