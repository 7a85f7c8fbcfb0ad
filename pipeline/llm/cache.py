"""Answers kept on disk: nothing is computed twice, and a stopped run goes on.

An entry holds what was computed together: the completions of one group of
requests, or the labels of one paper. The other members of a batch change the
last digits of its scores and so, now and then, a word: of nine short
translations by the embedded model, one differs when they are decoded in threes.
So single completions would not do, for a run that goes on would decode the
missing ones in other batches. A group depends on the requests alone, never on
what is kept; it is decoded by itself, and kept whole or not at all.

The guarantee: a run that was stopped at any moment and goes on, a run that
finds all answers and one that finds none leave the same bytes, if the engine
gives the same completions for the same requests. llama.cpp in this process
does; a server that also serves others may not, and then a run says what was
said first.

The price: a group's last replies have few beside them, which makes decoding
about 3 % longer; and a stop loses the group, or the paper, that it falls into,
with the embedded model on two cores half a minute at the most.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from platformdirs import user_cache_dir

from pipeline.config import CacheConfig
from pipeline.llm.engine import Completion, Engine, LineLabels, PaperLines, Progress, Reader, Request

FOLDER = "answers"
PRIVATE = 0o700  # entries hold the papers' words
MEMORIES = 2  # of the engine that a group fills; with 1 decoding would take 7 % longer, not 3 %
BYTES_PER_TOKEN = 4  # of Chinese and of English text, near enough to cut groups by


class Cache:
    """Entries in one folder; beyond `megabytes`, those go that were not used for longest.

    Whatever is wrong with an entry or the folder, the answer is computed anew
    and a notice says so. Several runs may share the folder: an entry appears
    whole or not at all.
    """

    def __init__(self, folder: Path, megabytes: int):
        self.folder = folder
        self.count = Counter(reused=0)  # completions, and lines with labels, that were not computed again
        self._bytes = megabytes * 1_000_000
        self._damaged = 0
        self._fault = ""
        self._private = False  # what another user can write is not read
        try:
            folder.mkdir(PRIVATE, parents=True, exist_ok=True)
            folder.chmod(PRIVATE)  # refused where it is another user's
            self._private = True
            self._evict()
        except OSError as error:
            self._give_up(error)

    @property
    def notices(self) -> list[str]:
        """What was wrong, a line each."""
        damaged = f"{self.folder}: damaged entries: {self._damaged}; what they held was computed anew"
        return [*([damaged] if self._damaged else []), *([self._fault] if self._fault else [])]

    def get(self, key: str) -> Any:
        """The value of an entry; None if there is none that is sound."""
        if not self._private:
            return None
        path = self.folder / key
        try:
            seal, _, body = path.read_bytes().partition(b"\n")
            os.utime(path)
        except FileNotFoundError:
            return None
        except OSError:
            seal = body = b""
        if seal != sealed(key, body):
            self._damaged += 1
            return None
        return json.loads(body)

    def put(self, key: str, value: Any) -> None:
        """Keep a value, which is plain JSON."""
        body = json.dumps(value, ensure_ascii=False).encode()
        data = sealed(key, body) + b"\n" + body
        if self._fault or len(data) > self._bytes:
            return
        try:
            self._write(self.folder / key, data)
            self._evict()
        except OSError as error:
            self._give_up(error)

    def _write(self, path: Path, data: bytes) -> None:
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as part:
            try:
                part.write(data)
                part.flush()
                os.replace(part.name, path)
            except OSError:
                with suppress(OSError):  # a full disk needs the room
                    os.unlink(part.name)
                raise

    def _evict(self) -> None:
        found = []
        with os.scandir(self.folder) as entries:
            for entry in filter(os.DirEntry.is_file, entries):
                with suppress(FileNotFoundError):  # another run has deleted or renamed it
                    status = entry.stat()
                    found.append((status.st_mtime_ns, entry.path, status.st_size))
        excess = sum(size for *_, size in found) - self._bytes
        for _, path, size in sorted(found):
            if excess <= 0:
                return
            Path(path).unlink(missing_ok=True)
            excess -= size

    def _give_up(self, error: OSError) -> None:
        self._fault = (
            f"{self.folder}: answers can no more be kept there ({error.strerror}); "
            "make room or name another folder in cache.folder of config.toml"
        )


def open_cache(config: CacheConfig) -> Cache:
    """The cache of the settings."""
    return Cache(Path(config.folder or user_cache_dir("briefing")) / FOLDER, config.megabytes)


def sealed(key: str, body: bytes) -> bytes:
    """What an entry begins with, from which damage and a wrong name are known."""
    return sha256(key.encode() + body).hexdigest().encode()


class CachedEngine:
    """An engine that asks another for what is not kept, group by group; an `Engine`."""

    def __init__(self, engine: Engine, cache: Cache, identity: str):
        """`identity` names all that completions depend on besides their requests."""
        self.name = engine.name
        self.context_tokens = engine.context_tokens
        self.count_tokens = engine.count_tokens
        self._engine = engine
        self._cache = cache
        self._identity = identity

    def complete(self, requests: Sequence[Request], progress: Progress | None = None) -> list[Completion]:
        """Reply to every request, in their order.

        Raises ModelError as the engine does, before the group of a request
        that cannot be served; the groups before it are kept.
        """
        completions: list[Completion] = []
        for group in groups(requests, MEMORIES * self.context_tokens):
            completions += self._group(group, part(progress, len(completions), len(group), len(requests)))
        return completions

    def _group(self, group: Sequence[Request], progress: Progress) -> list[Completion]:
        key = key_of(self._identity, group)
        kept = self._cache.get(key)
        if kept is None:
            completions = self._engine.complete(group, progress)
            self._cache.put(key, [asdict(completion) for completion in completions])
            return completions
        self._cache.count["reused"] += len(kept)
        progress(1, 1)
        return [Completion(**values) for values in kept]


class CachedReader:
    """A reader that asks another for the papers whose labels are not kept, one by one; a `Reader`."""

    def __init__(self, reader: Reader, cache: Cache, identity: str):
        """`identity` names all that labels depend on besides the paper."""
        self._reader = reader
        self._cache = cache
        self._identity = identity

    def read_all(self, papers: Sequence[PaperLines], progress: Progress | None = None) -> list[list[LineLabels]]:
        """The labels of each line of each paper; progress counts lines."""
        labels, done, total = [], 0, sum(len(lines) for _, _, lines in papers)
        for paper in papers:
            size = len(paper[2])
            labels.append(self._paper(paper, part(progress, done, size, total)))
            done += size
        return labels

    def _paper(self, paper: PaperLines, progress: Progress) -> list[LineLabels]:
        key = key_of(self._identity, paper)
        kept = self._cache.get(key)
        if kept is None:
            labels = self._reader.read_all([paper], progress)[0]
            self._cache.put(key, [asdict(line) for line in labels])
            return labels
        self._cache.count["reused"] += len(kept)
        progress(1, 1)
        return [LineLabels(**values) for values in kept]


def groups(requests: Sequence[Request], tokens: int) -> Iterator[Sequence[Request]]:
    """The requests in their order, cut where prompts and replies would come to more than `tokens`."""
    first = used = 0
    for index, request in enumerate(requests):
        needed = len(request.body.encode()) // BYTES_PER_TOKEN + request.max_tokens
        if index > first and used + needed > tokens:
            yield requests[first:index]
            first, used = index, 0
        used += needed
    if first < len(requests):
        yield requests[first:]


def part(progress: Progress | None, before: int, size: int, total: int) -> Progress:
    """Progress of a part of `size` items, told as that of all `total`, `before` of which are done."""
    if progress is None:
        return lambda done, of: None
    return lambda done, of: progress(before + size * done // of, total)


def key_of(identity: str, question: Any) -> str:
    """The name of an entry. A record's `repr` holds each of its fields."""
    return sha256(f"{identity}\n{question!r}".encode()).hexdigest()
