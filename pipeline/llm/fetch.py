"""Fetches a model of the catalog from a hub: on the user's word only, resumed, and checked against the hub's hash.

Both hubs list the files of a repository with size and SHA-256: Hugging Face under /api/models/REPO/tree/main (the
hash is `lfs.oid`), ModelScope under /api/v1/models/REPO/repo/files. HF_ENDPOINT and MODELSCOPE_DOMAIN name mirrors,
as they do for the hubs' own clients.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

import httpx

from pipeline.errors import FetchError
from pipeline.llm.catalog import Entry
from pipeline.llm.endpoint import certificates, inside
from pipeline.llm.engine import Progress

STALL_SECONDS = 30  # without a byte, after which a connection counts as broken
TRIES = 5  # in a row that bring nothing
LONGEST_WAIT = 30  # seconds between two tries
MB = 1_000_000
SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Remote:
    """A file on a hub."""

    url: str
    size: int  # bytes
    sha256: str


def fetch(entry: Entry, progress: Progress) -> Path:
    """Put the model's file into models/ and return its path; progress counts megabytes.

    The file appears there whole and checked, or not at all; what came so far
    waits beside it as .part for the next try. Raises FetchError.
    """
    target = entry.path
    with httpx.Client(follow_redirects=True, timeout=STALL_SECONDS, verify=certificates()) as client:
        remote = located(client, entry)
        if target.exists():
            check_same(target, remote)
            return target
        # The hash in the name: what came of another version of the file is not continued.
        part = target.with_name(f"{target.name}.{remote.sha256[:12]}.part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            check_room(part, remote)
            download(client, remote, part, progress)
            check_whole(part, remote)
            part.replace(target)
        except OSError as error:
            raise FetchError(f"{target.parent}: cannot write the model ({error.strerror}); make room there") from error
    return target


def located(client: httpx.Client, entry: Entry) -> Remote:
    """The file on the first hub that has it and can be reached. Raises FetchError with what each said."""
    faults = []
    for ask, repository in ((on_huggingface, entry.huggingface), (on_modelscope, entry.modelscope)):
        if repository:
            try:
                return ask(client, repository, entry.file)
            except FetchError as fault:
                faults.append(str(fault))
    raise FetchError(f"{', '.join(faults)}; check the network, or name a mirror in HF_ENDPOINT")


def on_huggingface(client: httpx.Client, repository: str, file: str) -> Remote:
    endpoint = (os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/")
    entries = listed(client, f"{endpoint}/api/models/{repository}/tree/main", ())
    found = [(inside(e, "lfs", "size"), inside(e, "lfs", "oid")) for e in entries if inside(e, "path") == file]
    return remote(f"{endpoint}/{repository}/resolve/main/{file}", found)


def on_modelscope(client: httpx.Client, repository: str, file: str) -> Remote:
    domain = (os.environ.get("MODELSCOPE_DOMAIN") or "www.modelscope.cn").rstrip("/")
    endpoint = domain if "://" in domain else f"https://{domain}"
    address = f"{endpoint}/api/v1/models/{repository}/repo/files?Revision=master&Recursive=true"
    entries = listed(client, address, ("Data", "Files"))
    found = [(inside(e, "Size"), inside(e, "Sha256")) for e in entries if inside(e, "Path") == file]
    return remote(f"{endpoint}/models/{repository}/resolve/master/{file}", found)


def listed(client: httpx.Client, address: str, keys: Sequence[str]) -> list[Any]:
    """The list of files that a hub gives under `keys` of its answer. Raises FetchError."""
    try:
        response = client.get(address)
    except (httpx.RequestError, httpx.InvalidURL) as error:
        raise FetchError(f"{address} cannot be reached ({error})") from error
    if not response.is_success:
        raise FetchError(f"{address} answers with status {response.status_code}")
    try:
        entries = inside(response.json(), *keys)
    except ValueError:
        entries = None
    if not isinstance(entries, list):
        raise FetchError(f"{address} answers without a list of files")
    return entries


def remote(url: str, found: Sequence[tuple[Any, Any]]) -> Remote:
    """The file of a listing. Raises FetchError if it is not there, or without size and hash."""
    if not found:
        raise FetchError(f"{url} is not in the hub's list of files")
    size, sha256 = found[0]
    if type(size) is not int or size < 1 or not SHA256.fullmatch(str(sha256)):
        raise FetchError(f"{url} has no size or hash in the hub's list of files")
    return Remote(url, size, sha256)


def download(client: httpx.Client, remote: Remote, part: Path, progress: Progress) -> None:
    """Fill `part` to the file's size, however often the connection breaks. Raises FetchError if nothing more comes."""
    furthest, idle = size_of(part), 0
    while size_of(part) < remote.size:
        fault = "nothing more comes"
        try:
            for size in received(client, remote, part):
                progress(size // MB, remote.size // MB)
        except httpx.RequestError as error:
            fault = str(error) or fault
        reached = size_of(part)
        # Where a server always begins anew, only what goes beyond all earlier tries brings an end nearer.
        idle = 0 if reached > furthest else idle + 1
        furthest = max(furthest, reached)
        if idle == TRIES:
            raise FetchError(f"{remote.url}: breaks off ({fault}); give the command again to go on from there")
        if reached < remote.size:
            time.sleep(min(2**idle, LONGEST_WAIT))


def received(client: httpx.Client, remote: Remote, part: Path) -> Iterator[int]:
    """Go on with `part` over one connection; yields its size as it grows. Raises FetchError if the hub refuses."""
    size = size_of(part)
    headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={size}-"} if size else {})}
    with client.stream("GET", remote.url, headers=headers) as response:
        status, piece = response.status_code, response.headers.get("Content-Range", "")
        if status == 429 or status >= 500:
            return  # for now
        if status == 416 or (status == 206 and not piece.startswith(f"bytes {size}-")):
            part.unlink(missing_ok=True)  # not the piece that was asked for: from the beginning, then
            return
        if not response.is_success:
            raise FetchError(f"{remote.url}: status {status}; look at the model's page on the hub")
        if status == 200:
            size = 0  # all of it comes, whether asked for or not
        with part.open("ab" if size else "wb") as file:
            for block in response.iter_raw():
                size += len(block)
                if size > remote.size:
                    break
                file.write(block)
                yield size
    if size > remote.size:
        part.unlink()
        raise FetchError(f"{remote.url}: sends more than the {remote.size} bytes of the hub's list; fetch it again")


def size_of(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def check_room(part: Path, remote: Remote) -> None:
    """Raise FetchError if the disk has no room for the rest of the file."""
    needed, free = remote.size - size_of(part), shutil.disk_usage(part.parent).free
    if needed > free:
        raise FetchError(f"{part.parent}: {needed // MB} MB to come and {free // MB} MB free; make room there")


def check_whole(part: Path, remote: Remote) -> None:
    """Raise FetchError, and delete the file, unless it has the hub's hash."""
    if sha256_of(part) != remote.sha256:
        part.unlink()
        raise FetchError(f"{remote.url}: what came has not the hash of the hub's list; fetch it again")


def check_same(target: Path, remote: Remote) -> None:
    """Raise FetchError unless a file that is there already has the hub's hash."""
    if target.stat().st_size != remote.size or sha256_of(target) != remote.sha256:
        raise FetchError(f"{target}: is there already and not the hub's file; move it away, then fetch again")


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
