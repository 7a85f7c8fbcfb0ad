"""Fetching from hubs that are played on this machine and break off, stall, lie and redirect."""

import hashlib
import threading
from types import SimpleNamespace

import pytest

from pipeline.errors import FetchError
from pipeline.llm import fetch as fetching
from pipeline.llm.catalog import Entry
from pipeline.llm.fetch import fetch
from tests.loopback import HANG_UP, Answer, serving

DATA = b"GGUF" + bytes(range(256)) * 8
SIZE = len(DATA)
HALF = SIZE // 2
SHA256 = hashlib.sha256(DATA).hexdigest()
PART = f"model.gguf.{SHA256[:12]}.part"
ENTRY = Entry("m", "M", "MIT", "1 B", 4096, 2000, "model.gguf", "us/model", "them/model")
ONLY_HUGGINGFACE = Entry("m", "M", "MIT", "1 B", 4096, 2000, "model.gguf", "us/model")

TREE = "/api/models/us/model/tree/main"
FILE = "/us/model/resolve/main/model.gguf"


def tree(size=SIZE, sha256=SHA256):
    lfs = {"oid": sha256, "size": size, "pointerSize": 135}
    return Answer([{"type": "file", "path": "README.md", "size": 3, "oid": "1"},
                   {"type": "file", "path": "model.gguf", "size": size, "oid": "2", "lfs": lfs}])  # fmt: skip


def ranged(asked):
    """The file as a well-behaved server sends it."""
    first = int(asked.headers.get("range", "bytes=0-")[len("bytes=") : -1])
    if not first:
        return Answer(DATA)
    return Answer(DATA[first:], 206, {"Content-Range": f"bytes {first}-{len(DATA) - 1}/{len(DATA)}"})


class Hub:
    """Hugging Face, played: the listing, and the file by `send`."""

    def __init__(self, send=ranged, listing=None):
        self.send = send
        self.listing = listing or tree()

    def __call__(self, asked):
        if asked.path == TREE:
            return self.listing
        assert asked.path == FILE
        return self.send(asked)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty working folder, no proxies, and no real waiting between tries."""
    monkeypatch.chdir(tmp_path)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MODELSCOPE_DOMAIN", "http://127.0.0.1:9")  # nothing listens there
    monkeypatch.setattr(fetching.time, "sleep", lambda seconds: None)
    return tmp_path


def fetched(server, monkeypatch, entry=ONLY_HUGGINGFACE, progress=lambda done, total: None):
    monkeypatch.setenv("HF_ENDPOINT", server.url + "/")
    return fetch(entry, progress)


def files(folder):
    return sorted(path.name for path in (folder / "models").iterdir())


def ranges(server):
    return [asked.headers.get("range") for asked in server.asked if asked.path == FILE]


def test_a_model_is_fetched_and_checked(folder, monkeypatch):
    with serving(Hub()) as server:
        path = fetched(server, monkeypatch)
    assert (folder / path).read_bytes() == DATA
    assert files(folder) == ["model.gguf"]
    assert server.paths() == [TREE, FILE]


def test_progress_counts_megabytes(folder, monkeypatch):
    monkeypatch.setattr(fetching, "MB", 100)
    seen = []
    with serving(Hub()) as server:
        fetched(server, monkeypatch, progress=lambda *done: seen.append(done))
    assert seen[-1] == (20, 20)


def test_a_redirect_to_another_host_is_followed(folder, monkeypatch):
    with serving(ranged) as store:
        with serving(Hub(lambda asked: Answer(b"", 302, {"Location": f"{store.url}/blob?key=1"}))) as server:
            fetched(server, monkeypatch)
    assert store.paths() == ["/blob?key=1"]
    assert files(folder) == ["model.gguf"]


def breaking(sizes):
    """Sends that many bytes of what is asked for and breaks off; all of it when there are no sizes left."""
    left = list(sizes)

    def send(asked):
        answer = ranged(asked)
        if left:
            answer.length, answer.body = len(answer.body), answer.body[: left.pop(0)]
        return answer

    return send


def test_a_broken_connection_goes_on_where_it_stopped(folder, monkeypatch):
    with serving(Hub(breaking([100, 200]))) as server:
        fetched(server, monkeypatch)
    assert ranges(server) == [None, "bytes=100-", "bytes=300-"]
    assert files(folder) == ["model.gguf"]


def test_what_an_earlier_try_left_is_gone_on_with(folder, monkeypatch):
    (folder / "models").mkdir()
    (folder / "models" / PART).write_bytes(DATA[:HALF])
    with serving(Hub()) as server:
        fetched(server, monkeypatch)
    assert ranges(server) == [f"bytes={HALF}-"]
    assert (folder / "models" / "model.gguf").read_bytes() == DATA


def test_a_server_without_ranges_sends_all_again(folder, monkeypatch):
    (folder / "models").mkdir()
    (folder / "models" / PART).write_bytes(DATA[:HALF])
    with serving(Hub(lambda asked: Answer(DATA))) as server:
        fetched(server, monkeypatch)
    assert (folder / "models" / "model.gguf").read_bytes() == DATA


@pytest.mark.parametrize(
    "answer",
    [
        Answer(DATA[5:], 206, {"Content-Range": f"bytes 5-{len(DATA) - 1}/{len(DATA)}"}),
        Answer(b"", 416, {"Content-Range": f"bytes */{len(DATA)}"}),
    ],
)
def test_another_piece_than_asked_for_is_not_taken(folder, monkeypatch, answer):
    (folder / "models").mkdir()
    (folder / "models" / PART).write_bytes(DATA[:HALF])
    with serving(Hub(lambda asked: answer if "range" in asked.headers else ranged(asked))) as server:
        fetched(server, monkeypatch)
    assert ranges(server) == [f"bytes={HALF}-", None]
    assert (folder / "models" / "model.gguf").read_bytes() == DATA


@pytest.mark.parametrize(
    "send",
    [
        lambda asked: HANG_UP,
        lambda asked: Answer(b"", 503),
        lambda asked: Answer(b""),
        lambda asked: Answer(DATA[:HALF]) if "range" not in asked.headers else Answer(b"", 206),
        lambda asked: Answer(DATA[:HALF], length=len(DATA)),  # always from the beginning, always half
    ],
)
def test_when_nothing_more_comes_it_says_so_and_keeps_what_came(folder, monkeypatch, send):
    with serving(Hub(send)) as server:
        with pytest.raises(FetchError, match="breaks off .*; give the command again to go on from there"):
            fetched(server, monkeypatch)
    assert "model.gguf" not in files(folder)
    assert len(ranges(server)) <= 7


def test_a_stalled_connection_is_given_up_and_gone_on_with(folder, monkeypatch):
    monkeypatch.setattr(fetching, "STALL_SECONDS", 0.2)
    done = threading.Event()
    stalled = [Answer(DATA, pause=lambda: done.wait(20))]
    with serving(Hub(lambda asked: stalled.pop() if stalled else ranged(asked))) as server:
        fetched(server, monkeypatch)
        done.set()
    assert ranges(server) == [None, f"bytes={HALF}-"]
    assert (folder / "models" / "model.gguf").read_bytes() == DATA


def test_a_wrong_hash_leaves_nothing(folder, monkeypatch):
    with serving(Hub(lambda asked: Answer(DATA[:-1] + b"!"))) as server:
        with pytest.raises(FetchError, match="has not the hash of the hub's list; fetch it again"):
            fetched(server, monkeypatch)
    assert files(folder) == []


def test_more_than_was_listed_leaves_nothing(folder, monkeypatch):
    with serving(Hub(lambda asked: Answer(DATA + b"more"))) as server:
        with pytest.raises(FetchError, match=f"sends more than the {len(DATA)} bytes"):
            fetched(server, monkeypatch)
    assert files(folder) == []


def test_less_than_was_listed_is_not_taken_for_the_whole(folder, monkeypatch):
    with serving(Hub(listing=tree(size=len(DATA) + 5))) as server:
        with pytest.raises(FetchError, match="breaks off"):
            fetched(server, monkeypatch)
    assert files(folder) == [PART]


def test_a_file_that_is_gone_is_a_fault_at_once(folder, monkeypatch):
    with serving(Hub(lambda asked: Answer(b"", 404))) as server:
        with pytest.raises(FetchError, match="status 404; look at the model's page"):
            fetched(server, monkeypatch)
    assert len(ranges(server)) == 1


def test_a_model_that_is_here_is_not_fetched_again(folder, monkeypatch):
    with serving(Hub()) as server:
        fetched(server, monkeypatch)
        fetched(server, monkeypatch)
    assert server.paths() == [TREE, FILE, TREE]


def test_a_file_of_the_user_is_not_overwritten(folder, monkeypatch):
    (folder / "models").mkdir()
    (folder / "models" / "model.gguf").write_bytes(b"mine")
    with serving(Hub()) as server:
        with pytest.raises(FetchError, match=r"model\.gguf: is there already and not the hub's file; move it away"):
            fetched(server, monkeypatch)
    assert (folder / "models" / "model.gguf").read_bytes() == b"mine"


def test_a_part_of_another_version_is_not_gone_on_with(folder, monkeypatch):
    (folder / "models").mkdir()
    (folder / "models" / "model.gguf.0123456789ab.part").write_bytes(b"older")
    with serving(Hub()) as server:
        fetched(server, monkeypatch)
    assert ranges(server) == [None]


def test_a_full_disk_is_said_before_anything_comes(folder, monkeypatch):
    monkeypatch.setattr(fetching.shutil, "disk_usage", lambda path: SimpleNamespace(free=1000))
    with serving(Hub()) as server:
        with pytest.raises(FetchError, match="models: .* MB to come and 0 MB free; make room there"):
            fetched(server, monkeypatch)
    assert ranges(server) == []


@pytest.mark.parametrize(
    "listing, fault",
    [
        (Answer([{"path": "other.gguf", "lfs": {}}]), "is not in the hub's list of files"),
        (Answer([{"path": "model.gguf", "size": 3}]), "has no size or hash"),
        (tree(sha256="abc"), "has no size or hash"),
        (tree(size=0), "has no size or hash"),
        (Answer({"error": "none"}), "answers without a list of files"),
        (Answer(b"<html>"), "answers without a list of files"),
        (Answer(b"", 401), "answers with status 401"),
        (HANG_UP, "cannot be reached"),
    ],
)
def test_a_hub_that_does_not_list_the_file_is_named(folder, monkeypatch, listing, fault):
    with serving(lambda asked: listing) as server:
        with pytest.raises(FetchError, match=f"{fault}.*; check the network, or name a mirror in HF_ENDPOINT"):
            fetched(server, monkeypatch)


def test_the_other_hub_is_asked_where_the_first_cannot_be_reached(folder, monkeypatch):
    def modelscope(asked):
        if asked.path == "/api/v1/models/them/model/repo/files?Revision=master&Recursive=true":
            file = {"Path": "model.gguf", "Name": "model.gguf", "Size": len(DATA), "Sha256": SHA256, "Type": "blob"}
            return Answer({"Code": 200, "Data": {"Files": [file]}})
        assert asked.path == "/models/them/model/resolve/master/model.gguf"
        return ranged(asked)

    with serving(modelscope) as server:
        monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
        monkeypatch.setenv("MODELSCOPE_DOMAIN", server.url)
        assert (folder / fetch(ENTRY, lambda done, total: None)).read_bytes() == DATA
