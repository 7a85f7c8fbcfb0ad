"""The bad day: what a run does in each fault of the README's table, and that its record says so."""

from __future__ import annotations

import ctypes
import errno
import json
import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import pipeline.run
from pipeline.__main__ import STOPPED, main
from pipeline.account import Account
from pipeline.config import ServerConfig
from pipeline.errors import ModelError, RequestError, ServerUnavailable
from pipeline.llm.cache import Cache
from pipeline.llm.engine import Request
from pipeline.llm.open import Models
from pipeline.llm.server import open_server
from tests.loopback import Answer, serving
from tests.scripted import ScriptedEngine
from tests.test_resume import CONTEXT, FORK, STAGES, VOLUME
from tests.test_run import ScriptedReader, reply

STATUS: dict[str, int] = {}  # exit status by line of the README's table, from the tests below
STAGE_OF = {  # the function of pipeline.run that works on papers, by stage
    "label": "label_papers",
    "digest": "digest_chunks",
    "summary": "summarize_papers",
    "recommendation": "extract",
    "translate": "brief_papers",
}
FILES = {"brief.en.docx", "brief.zh.docx", "papers", "recommendations.json", "recommendations.xlsx", "run.json"}


def line(happens: str, status: int):
    """Marks the test of a line of the README's table."""
    STATUS[happens] = status
    return lambda test: test


@dataclass
class Office:
    """A volume of two papers, scripted models, and the command that briefs it."""

    folder: Path
    capsys: pytest.CaptureFixture
    engine: ScriptedEngine
    status: int = 0
    said: str = ""
    told: str = ""

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def record(self) -> dict:
        return json.loads((self.out / "run.json").read_text(encoding="utf-8"))

    def run(self, volume="volume.md", *more) -> int:
        """The exit status; what it prints is kept."""
        self.capsys.readouterr()
        self.status = main(["run", str(self.folder / volume), "--out", str(self.out), "--quiet", *more])
        self.said, self.told = self.capsys.readouterr()
        return self.status

    def files(self) -> dict[str, bytes]:
        """What lies in the folder, without run.json, which tells its time."""
        found = {str(p.relative_to(self.out)): p.read_bytes() for p in self.out.rglob("*") if p.is_file()}
        return {name: data for name, data in found.items() if name != "run.json"}

    def words(self, language: str) -> str:
        """The printed words of a brief."""
        with zipfile.ZipFile(self.out / f"brief.{language}.docx") as file:
            return "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)", file.read("word/document.xml").decode()))

    def agrees(self) -> bool:
        """Whether the folder is whole, and its record and the accounting pages tell the same."""
        counts, printed = self.record["accounting"], self.words("zh")
        left_out = counts["papers_left_out"]
        found = counts["papers"] + sum(fault["paper"] > 0 for fault in left_out)
        rows = {
            "读出报告（篇）": found,
            "未收入的报告或文件（个）": len(left_out),
            "原文分成文段（段）": counts["chunks"],
            "读过的文段（段）": counts["chunks_read"],
            "未采用的陈述（句）": counts["rejections"],
        }
        told = all(fault["name"] in self.words(own) for fault in left_out for own in ("zh", "en"))
        whole = {path.name for path in self.out.iterdir()} >= FILES and not (self.out / "UNFINISHED").exists()
        return whole and told and all(f"{name}{count}" in printed for name, count in rows.items())

    def unfinished(self) -> bool:
        """Whether the folder says that it is, and holds no half of a file."""
        return (self.out / "UNFINISHED").exists() and not list(self.out.rglob("*.part"))


@pytest.fixture
def office(monkeypatch, tmp_path, capsys):
    office = Office(tmp_path, capsys, ScriptedEngine(reply, CONTEXT))
    (tmp_path / "volume.md").write_text(VOLUME, encoding="utf-8")

    @contextmanager
    def open_scripted(config):
        yield Models(office.engine, ScriptedReader(), True, {"name": "scripted", "reader": "scripted"})

    monkeypatch.setattr("pipeline.run.open_models", open_scripted)
    monkeypatch.setenv("BRIEFING_BRIEF_DATE", "2026-05-04")
    monkeypatch.setenv("BRIEFING_READ_CHUNK_TOKENS", "120")
    return office


@line("nothing", 0)
def test_a_good_day(office):
    assert office.run() == 0
    assert office.agrees() and office.told == ""
    assert office.record["accounting"]["papers_left_out"] == []


def numbers(papers) -> set[int]:
    """The papers that a stage is given, in whatever form."""
    return set(papers) if isinstance(papers, dict) else {getattr(p, "paper", p).number for p in papers}


def failing(monkeypatch, stage: str, fault: Exception, bad=(2,)):
    """Let a stage raise when it is given one of the bad papers."""
    work = getattr(pipeline.run, STAGE_OF[stage])

    def tried(*given):
        if numbers(given[stage == "label"]) & set(bad):
            raise fault
        return work(*given)

    monkeypatch.setattr(pipeline.run, STAGE_OF[stage], tried)


@line("a stage fails on a paper, which may be too long for the model", 3)
@pytest.mark.parametrize("stage", STAGE_OF)
@pytest.mark.parametrize(
    "fault, reason",
    [
        (RequestError("too long; raise it"), "too long; raise it"),
        (IndexError("out of range"), "IndexError: out of range"),
    ],
)
def test_one_bad_paper_cannot_stop_the_other(office, monkeypatch, stage, fault, reason):
    failing(monkeypatch, stage, fault)
    assert office.run() == 3
    title = "码头边的换电站"
    assert f"paper 2, “{title}”, is not in the briefs; {stage}: {reason}" in office.said.splitlines()
    assert office.record["accounting"]["papers_left_out"] == [
        {"paper": 2, "name": title, "stage": stage, "reason": reason}
    ]
    assert office.agrees()
    assert f"不在本摘报内，原因见生成说明：《{title}》" in office.words("zh")
    assert f"(the last annex says why): “{title}”" in office.words("en")
    assert sorted(path.name for path in (office.out / "papers").iterdir()) == [
        "01-北澜能源.json",
        "01-北澜能源.md",
    ]


def test_the_other_paper_is_what_it_would_be_without_the_bad_one(office, monkeypatch):
    office.run()
    good = {name: data for name, data in office.files().items() if name.startswith("papers/01")}
    shutil.rmtree(office.out)
    failing(monkeypatch, "translate", RequestError("too long"))
    assert office.run() == 3
    assert {name: data for name, data in office.files().items() if name.startswith("papers/")} == good
    assert office.run() == 3  # and again, with what was kept
    assert {name: data for name, data in office.files().items() if name.startswith("papers/")} == good
    assert len(good) == 2


def test_a_request_that_the_model_refuses_takes_its_own_paper_with_it(office):
    def refuse(request):
        if "货车" in request.body:
            raise RequestError("the prompt exceeds the context; raise model.context_tokens in config.toml")
        return reply(request)

    office.engine.reply = refuse
    assert office.run() == 3
    assert [fault["paper"] for fault in office.record["accounting"]["papers_left_out"]] == [2]
    assert office.agrees()


def served(monkeypatch, refused: str, status: int):
    """Let a server write that refuses prompts with these words."""

    def answer(asked):
        if asked.path == "/v1/models":
            return Answer({"data": [{"id": "m", "max_model_len": 4096}]})
        if asked.path != "/v1/completions":
            return Answer(status=404)
        if refused in asked.body["prompt"]:
            return Answer({"message": "no such prompt"}, status)
        return Answer({"choices": [{"text": "some words", "finish_reason": "stop"}]})

    @contextmanager
    def open_served(config):
        with serving(answer) as server, open_server(ServerConfig(url=server.url, api="completions")) as engine:
            yield Models(engine, ScriptedReader(), True, {"name": "served"})

    monkeypatch.setattr("pipeline.run.open_models", open_served)


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_prompt_that_the_server_refuses_takes_its_own_paper_with_it(office, monkeypatch, status):
    served(monkeypatch, "货车", status)
    assert office.run() == 3
    [fault] = office.record["accounting"]["papers_left_out"]
    assert fault["paper"] == 2 and f"/v1/completions: status {status} (no such prompt)" in fault["reason"]
    assert office.agrees()


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_server_that_is_set_up_wrongly_ends_the_run(office, monkeypatch, status):
    served(monkeypatch, "货车", status)
    assert office.run() == 1
    assert "no such prompt" in office.told and office.told.endswith(" config.toml\n") and office.unfinished()


@line("a stage fails on every paper", 1)
def test_faults_that_leave_no_paper_end_the_run_with_the_first(office, monkeypatch):
    failing(monkeypatch, "digest", RequestError("too long; raise model.context_tokens"), bad=(1, 2))
    assert office.run() == 1
    assert office.told == "briefing: too long; raise model.context_tokens\n"
    assert office.unfinished()


@line("a file of a folder cannot be read", 3)
def test_a_damaged_file_cannot_stop_the_others(office):
    folder = office.folder / "papers"
    folder.mkdir()
    shutil.copy(office.folder / "volume.md", folder / "1.md")
    (folder / "2.docx").write_bytes(b"PK\x03\x04 no more")
    assert office.run("papers") == 3
    [fault] = office.record["accounting"]["papers_left_out"]
    assert (fault["paper"], fault["name"], fault["stage"]) == (0, "2.docx", "read")
    assert office.agrees()
    assert [said for said in office.said.splitlines() if said.startswith("2.docx was not read; ")]


@line("the volume cannot be read, or holds no paper", 1)
@pytest.mark.parametrize(
    "content, told",
    [(None, "there is no such file"), (b"", "the file is empty"), ("今天天气很好。\n".encode(), "no paper found")],
)
def test_a_volume_that_cannot_be_read(office, content, told):
    (office.folder / "volume.md").unlink()
    if content is not None:
        (office.folder / "volume.md").write_bytes(content)
    assert office.run() == 1
    assert told in office.told and office.told.count("\n") == 1
    assert not office.out.exists()


@line("a setting is wrong", 1)
def test_a_wrong_setting(office, monkeypatch):
    monkeypatch.setenv("BRIEFING_WRITE_VERBATIM", "2")
    assert office.run() == 1
    assert office.told.startswith("briefing: write.verbatim") and office.told.count("\n") == 1
    assert not office.out.exists()


@line("the command is wrong", 2)
def test_wrong_usage(office):
    with pytest.raises(SystemExit) as raised:
        office.run("volume.md", "--loud")
    assert raised.value.code == 2


@line("the model or the server of the settings fails", 1)
@pytest.mark.parametrize(
    "fault", [ModelError("model.gguf: no such file"), ServerUnavailable("http://127.0.0.1: cannot be reached")]
)
def test_a_model_that_fails_ends_the_run_and_loses_nothing(office, fault):
    left = iter(range(12))

    def fail(request):
        if next(left, None) is None:
            raise fault
        return reply(request)

    office.engine.reply = fail
    assert office.run() == 1
    assert office.told == f"briefing: {fault}\n" and office.unfinished()

    office.engine.reply = reply
    assert office.run() == 0
    assert office.record["reused"]["completions"] > 0 and office.agrees()


@line("another run is at work in the folder", 1)
def test_two_runs_on_one_folder(office):
    statuses = []

    def again(request):
        office.engine.reply = reply
        statuses.append(main(["run", str(office.folder / "volume.md"), "--out", str(office.out), "--quiet"]))
        return reply(request)

    office.engine.reply = again
    assert office.run() == 0
    assert statuses == [1]
    assert office.told == (
        f"briefing: {office.out}: another run is at work there; wait until it ends or name another folder with --out\n"
    )
    assert office.agrees()


@line("the folder holds the briefs of another volume", 1)
def test_the_folder_of_another_volume(office):
    office.run()
    before = office.files()
    (office.folder / "volume.md").write_text(VOLUME.replace("18%", "19%"), encoding="utf-8")
    assert office.run() == 1
    assert "holds the briefs of another volume" in office.told and office.files() == before


def refusing(monkeypatch, method: str, number: int, code: int):
    """Let the file system refuse a write by its number."""
    write, left = getattr(Path, method), iter(range(1, number))

    def refused(path, *given, **named):
        if next(left, None) is None:
            raise OSError(code, os.strerror(code))
        return write(path, *given, **named)

    monkeypatch.setattr(Path, method, refused)


@line("the disk is full, or the folder cannot be written", 1)
@pytest.mark.parametrize("method, number", [("mkdir", 2), ("write_text", 1), ("write_bytes", 1), ("write_bytes", 7)])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_folder_that_cannot_be_written(office, monkeypatch, method, number, code):
    with monkeypatch.context() as patch:
        refusing(patch, method, number, code)
        assert office.run() == 1
    room = "make room and give the same command again, or " if code == errno.ENOSPC else ""
    assert office.told.startswith(f"briefing: {office.out}") and office.told.count("\n") == 1
    assert office.told.endswith(f": cannot be written: {os.strerror(code)}; {room}name another folder with --out\n")
    assert not list(office.out.rglob("*.part")) and not (office.out / "run.json").exists()
    assert method != "write_bytes" or office.unfinished()

    assert office.run() == 0
    assert office.agrees() and bool(office.record["reused"]["lines"]) == (method == "write_bytes")


CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000  # unshare(2)


def with_mounts_of_its_own() -> None:
    """Let this process mount what no other sees. Raises OSError where a user may not."""
    user, group, libc = os.getuid(), os.getgid(), ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    for name, value in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
        Path(f"/proc/self/{name}").write_text(value, encoding="ascii")


def mount(options: str, folder: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True, stderr=subprocess.DEVNULL)


def on_a_disk_of_its_own(office: Office, options: str, later: str, told) -> None:
    """In a child: the command on such a disk, which is another `later`, once a model writes; tells what came of it."""
    try:
        with_mounts_of_its_own()
        mount(options, office.out)
    except (OSError, subprocess.CalledProcessError):
        told.send(None)
        return

    def change(request):
        if later:
            mount(f"remount,{later}", office.out)
        office.engine.reply = reply
        return reply(request)

    office.engine.reply = change
    status = office.run()
    told.send((status, office.told, sorted(path.name for path in office.out.rglob("*") if path.is_file())))


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a disk as Linux does")
@pytest.mark.parametrize(
    "options, later, fault, left",
    [
        ("ro", "", "Read-only file system; name another", []),
        ("size=8k", "", "No space left on device; make room and give the same command again, or name another", []),
        ("size=128k", "size=64k", "No space left on device; make room and give the same", ["UNFINISHED"]),
    ],
)
def test_a_disk_that_is_full_or_read_only(office, options, later, fault, left):
    office.out.mkdir()
    heard, told = FORK.Pipe(duplex=False)
    child = FORK.Process(target=on_a_disk_of_its_own, args=[office, options, later, told])
    child.start()
    told.close()
    found = heard.recv()
    child.join()
    if found is None:
        pytest.skip("this user may not mount")
    status, message, files = found
    assert status == 1 and message.startswith(f"briefing: {office.out}") and message.count("\n") == 1
    assert f": cannot be written: {fault} " in message
    assert [name for name in files if name in left or name.endswith(".part")] == left and "run.json" not in files


@line("the folder is removed while a run is at work", 1)
def test_a_folder_that_is_removed(office):
    def remove(request):
        shutil.rmtree(office.out)
        office.engine.reply = reply
        return reply(request)

    office.engine.reply = remove
    assert office.run() == 1
    assert office.told == (
        f"briefing: {office.out}: was removed while the run was at work; give the same command again\n"
    )
    assert not office.out.exists()
    assert office.run() == 0
    assert office.record["reused"]["completions"] > 0 and office.agrees()


def damaged(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


def as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@line("kept answers are damaged, or can no more be kept", 0)
@pytest.mark.parametrize(
    "harm",
    [damaged, as_folder, lambda path: path.write_bytes(path.read_bytes()[:20]), lambda path: path.write_bytes(b"")],
)
def test_damaged_answers_are_computed_anew(office, own_cache, harm):
    office.run()
    files = office.files()
    entry = sorted((own_cache / "answers").iterdir())[0]
    harm(entry)
    assert office.run() == 0
    assert office.files() == files and office.agrees()
    notices = office.record["warnings"]
    assert notices[0].endswith("damaged entries: 1; what they held was computed anew")
    assert set(notices) <= set(office.said.splitlines())
    assert all(office.record["reused"].values())


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS])
def test_answers_that_cannot_be_kept_are_a_notice(office, own_cache, monkeypatch, code):
    replace, left = os.replace, iter(range(3))

    def refused(source, target):
        if Path(target).parent == own_cache / "answers" and next(left, None) is None:
            raise OSError(code, os.strerror(code))
        return replace(source, target)

    monkeypatch.setattr(os, "replace", refused)
    assert office.run() == 0
    [notice] = office.record["warnings"]
    assert f"answers can no more be kept there ({os.strerror(code)})" in notice and office.agrees()
    assert {len(entry.name) for entry in (own_cache / "answers").iterdir()} == {64}  # nothing half-written


def test_a_cache_folder_that_is_removed_is_a_notice(office, own_cache):
    def remove(request):
        shutil.rmtree(own_cache)
        office.engine.reply = reply
        return reply(request)

    office.engine.reply = remove
    assert office.run() == 0
    assert "can no more be kept there" in office.record["warnings"][0] and office.agrees()


def clock_at(monkeypatch, seconds: float, calls: int):
    """Let the clock stand there once it was asked so often for the local time."""
    local, now, left = time.localtime, time.time, iter(range(calls))
    jumped = []

    def localtime(*given):
        if next(left, None) is None:
            jumped.append(True)
        return local(*(given or ([seconds] if jumped else [])))

    monkeypatch.setattr(time, "localtime", localtime)
    monkeypatch.setattr(time, "time", lambda: seconds if jumped else now())


@line("the clock jumps", 0)
def test_a_clock_that_jumps_back(office, monkeypatch):
    office.run()
    files = office.files()
    shutil.rmtree(office.out)
    clock_at(monkeypatch, 1e9, calls=2)
    assert office.run() == 0
    assert office.files() == files and office.agrees()
    record = office.record
    assert 0 <= record["seconds"] < 600 and all(0 <= stage["seconds"] < 600 for stage in record["stages"].values())


@line("the clock stands before 1980", 1)
@pytest.mark.parametrize("calls", [0, 2])
def test_a_clock_that_has_lost_its_time(office, calls):
    with pytest.MonkeyPatch.context() as patch:
        clock_at(patch, 0, calls)
        assert office.run() == 1
    assert office.told == (
        f"briefing: {office.out}: the clock of this machine stands before 1980, which Word files cannot be dated; "
        "set it and give the same command again\n"
    )
    assert office.run() == 0
    assert office.agrees() and any(office.record["reused"].values()) == bool(calls)


def test_entries_of_the_future_are_read_and_evicted_like_others(tmp_path):
    cache = Cache(tmp_path, 1)
    cache.put("future", "x" * 400_000)
    os.utime(tmp_path / "future", (2**33, 2**33))
    for name in "abc":
        cache.put(name, name * 400_000)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 1_000_000
    assert cache.get("future") == "x" * 400_000 and cache.notices == []


def interrupted_in(stage: str, arguments: list[str], told: int, errors: Path) -> None:
    """In a child: the command, which says when it has reached a stage, and stays there."""
    measured = Account.stage

    @contextmanager
    def waiting(account, name, counted=None):
        with measured(account, name, counted):
            if name == stage:
                os.write(told, b".")
                time.sleep(600)
            yield

    Account.stage = waiting
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT), 2)
    sys.stderr = os.fdopen(2, "w")
    sys.exit(main(arguments))


@line("Ctrl-C", 130)
@pytest.mark.parametrize("stage", STAGES)
def test_an_interrupt_ends_each_stage_with_one_line(office, stage):
    heard, told = os.pipe()
    arguments = ["run", str(office.folder / "volume.md"), "--out", str(office.out), "--quiet"]
    child = FORK.Process(target=interrupted_in, args=[stage, arguments, told, office.folder / "errors"])
    child.start()
    os.read(heard, 1)
    os.kill(child.pid, signal.SIGINT)
    child.join(60)  # two seconds, but for what else the machine does
    assert child.exitcode == 130
    assert (office.folder / "errors").read_text() == f"{STOPPED}\n"
    assert stage == "read" or office.unfinished()
    assert office.run() == 0
    assert office.agrees()


def test_no_connection_is_made(office, monkeypatch):
    def refused(*given, **named):
        raise AssertionError("a run opens a socket")

    for name in ("socket", "create_connection", "getaddrinfo", "socketpair"):
        monkeypatch.setattr(socket, name, refused)
    assert office.run() == 0


def test_the_server_of_the_settings_is_the_only_host(monkeypatch):
    """Whatever proxies the environment names, and wherever the server would send us."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://192.0.2.1:3128")
    connected, connect = set(), socket.socket.connect

    def connecting(self, address):
        connected.add(address)
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connecting)

    def answer(asked):
        if asked.path == "/v1/models":
            return Answer({"data": [{"id": "a model", "max_model_len": 4096}]})
        if asked.path == "/v1/completions":
            return Answer({"choices": [{"text": "said", "finish_reason": "stop"}]})
        return Answer(status=404)

    with serving(answer) as server:
        with open_server(ServerConfig(url=server.url, api="completions")) as engine:
            engine.complete([Request("", "问", 9)])
        host, port = server.url.removeprefix("http://").split(":")
    assert connected == {(host, int(port))}


def test_no_words_of_a_paper_go_to_logs_or_progress(office, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    main(["run", str(office.folder / "volume.md"), "--out", str(office.out)])
    logged = caplog.text + capsys.readouterr().err
    words = {text for text in re.split(r"[\s，。、！（）#]+", VOLUME) if len(text) > 5}
    assert len(words) >= 20 and [text for text in words if text in logged] == []


def test_every_line_of_the_table_is_tested(root):
    readme = (root / "README.md").read_text(encoding="utf-8")
    table = re.search(r"\| what happens \|.*\n\|.*\n((?:\|.*\n)+)", readme)[1]
    rows = [[cell.strip() for cell in row.strip("|\n").split("|")] for row in table.splitlines()]
    assert {happens: int(status) for happens, _, status in rows} == STATUS
