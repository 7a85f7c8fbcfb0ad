"""A run that was stopped goes on and leaves what it would have left undisturbed; a second one asks nothing."""

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.account import Account
from pipeline.config import load_config
from pipeline.errors import StoreError
from pipeline.llm.cache import Cache
from pipeline.llm.engine import Request
from pipeline.llm.open import Models, cached
from pipeline.llm.prompt import load_task
from pipeline.progress import progress_for
from pipeline.run import run
from tests.scripted import ScriptedEngine
from tests.test_run import ScriptedReader, reply

FORK = multiprocessing.get_context("fork")  # a child that has all imported already
CONTEXT = 800  # tokens: each stage takes several groups
VOLUME = """# 目 录

1. 让余热变成资源.....北澜能源 (1)
2. 码头边的换电站.....南屿物流 (3)

# 让余热变成资源

北澜能源公司总经理 周以宁

## 一、现状

全市工业余热去年只利用了18%，大量热能直接排空，冬天的供热却要另烧煤。

三个园区试装回收装置，管网完好的一个当年节电12%，另外两个因为管网老化只节电3%。

## 二、建议

### （一）先修管网

建议市经信局用两年时间普查全部园区管网，形成一张底图。

### （二）建示范站

建议在城东建一座示范热站，供3家企业试用。

# 码头边的换电站

南屿物流集团董事长 何若海

## 一、现状

两个码头每天进出货车3400辆，九成烧柴油，夜里排队充电的只有60辆。

## 二、建议

### （一）先建换电站

建议先在两个码头建换电站，三年内把短途货车的一半换成电动。
"""


class CountingReader(ScriptedReader):
    """Counts the lines that it is asked for."""

    def __init__(self):
        self.lines = 0

    def read_all(self, papers, progress=None):
        self.lines += sum(len(lines) for _, _, lines in papers)
        return super().read_all(papers, progress)


class Scene:
    """A volume, scripted models and the folder of a run."""

    def __init__(self, monkeypatch, folder):
        self.folder = folder
        self.volume = folder / "volume.md"
        self.volume.write_text(VOLUME, encoding="utf-8")
        self.engine, self.reader = ScriptedEngine(reply, CONTEXT), CountingReader()
        self.name = "scripted"
        monkeypatch.setattr("pipeline.run.open_models", self.open_models)

    @contextmanager
    def open_models(self, config):
        yield Models(self.engine, self.reader, True, {"name": self.name, "reader": "scripted"})

    def run(self, out="out", **overrides):
        """The files that a run leaves, without run.json, which tells its time."""
        self.brief(out, **overrides)
        return self.files(out)

    def brief(self, out="out", **overrides):
        self.engine.asked.clear()
        self.reader.lines = 0
        settings = {"brief.date": "2026-05-04", "read.chunk_tokens": 120, "cache.folder": str(self.folder / "cache")}
        config = load_config(None, settings | overrides)
        self.lines = run(self.volume, self.folder / out, config, progress_for(quiet=True)).lines

    def files(self, out="out"):
        folder = self.folder / out
        found = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        self.record = json.loads(found.pop("run.json"))
        return found

    def stopped_at(self, number):
        """Let the engine raise at its request of that number."""
        left = iter(range(1, number))

        def stop(request):
            if next(left, None) is None:
                raise KeyboardInterrupt
            return reply(request)

        self.engine.reply = stop


@pytest.fixture
def scene(monkeypatch, tmp_path):
    return Scene(monkeypatch, tmp_path)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """What a run leaves that nothing stops, and how many requests it makes."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        scene = Scene(monkeypatch, tmp_path_factory.mktemp("undisturbed"))
        return scene.run(), len(scene.engine.asked)


def test_a_second_run_asks_nothing_and_says_so(scene, undisturbed):
    assert scene.run() == undisturbed[0]
    lines = scene.reader.lines
    assert scene.record["reused"] == {"completions": 0, "lines": 0}
    assert not [line for line in scene.lines if line.startswith("reused")]

    assert scene.run() == undisturbed[0]
    assert (scene.engine.asked, scene.reader.lines) == ([], 0)
    assert scene.record["reused"] == {"completions": undisturbed[1], "lines": lines}
    reused = {name: (stage["requests"], stage["reused"]) for name, stage in scene.record["stages"].items()
              if "requests" in stage}  # fmt: skip
    assert list(reused) == ["digest", "recommendation", "summary", "translate"]
    assert all(requests == again > 0 for requests, again in reused.values())
    assert f"reused from earlier runs: {undisturbed[1]} completions and the labels of {lines} lines" in scene.lines


@pytest.mark.parametrize("share", [0, 0.4, 0.8])
def test_a_run_that_breaks_off_goes_on_where_it_was(scene, undisturbed, share):
    files, requests = undisturbed
    scene.stopped_at(1 + int(share * requests))
    with pytest.raises(KeyboardInterrupt):
        scene.run()
    assert (scene.folder / "out" / "UNFINISHED").exists()

    scene.engine.reply = reply
    assert scene.run() == files
    assert scene.reader.lines == 0
    assert len(scene.engine.asked) <= (1 - share) * requests + 10  # at most a group is asked again


def test_a_changed_prompt_computes_its_stage_alone(scene, undisturbed, monkeypatch):
    scene.run()

    def changed(root, name):
        task = load_task(root, name)
        return replace(task, instruction="请写标题。") if name.startswith("recommendation") else task

    monkeypatch.setattr("pipeline.run.load_task", changed)
    assert scene.run() == undisturbed[0]  # this model heeds no instruction
    assert {request.instruction.strip() for request in scene.engine.asked} == {"请写标题。"}
    fresh = {name: stage["requests"] - stage["reused"] for name, stage in scene.record["stages"].items()
             if "requests" in stage}  # fmt: skip
    assert fresh == {"digest": 0, "summary": 0, "recommendation": len(scene.engine.asked), "translate": 0}
    assert scene.reader.lines == 0


def test_another_writer_leaves_the_reader_its_labels(scene):
    scene.run()
    scene.name = "another model"
    scene.run()
    assert scene.record["reused"]["completions"] == 0 < scene.record["reused"]["lines"]
    assert scene.reader.lines == 0


@pytest.mark.parametrize(
    "settings, asked",
    [
        ({}, 0),
        ({"write.confidence": 0.7}, 0),
        ({"model.sequences": 8}, 1),
        ({"model.context_tokens": 4096}, 1),
        ({"model.gpu_layers": 0}, 1),
        ({"model.threads": 7}, 1),
    ],
)
def test_settings_that_may_change_a_completion_ask_anew(tmp_path, settings, asked):
    engine = ScriptedEngine(reply)
    models = Models(engine, CountingReader(), True, {"name": "scripted"})
    for overrides in ({"model.threads": 2}, {"model.threads": 2} | settings):
        engine.asked.clear()
        again = cached(models, Cache(tmp_path, 1), load_config(None, overrides))
        again.engine.complete([Request("", "问", 9)])
    assert len(engine.asked) == asked


def test_a_damaged_cache_is_a_notice(scene, undisturbed):
    scene.run()
    for entry in (scene.folder / "cache" / "answers").iterdir():
        entry.write_bytes(b"\0" * 100)
    assert scene.run() == undisturbed[0]
    [notice] = scene.record["warnings"]
    assert "damaged entries" in notice and notice in scene.lines
    assert scene.record["reused"] == {"completions": 0, "lines": 0}


def test_two_runs_on_one_folder_at_once(scene):
    def again(request):
        scene.engine.reply = reply
        with pytest.raises(StoreError, match="out: another run is at work there"):
            scene.run()
        return reply(request)

    scene.engine.reply = again
    scene.run()
    assert scene.engine.reply is reply
    assert not (scene.folder / "out" / "UNFINISHED").exists()


STAGES = ("read", "label", "digest", "summary", "recommendation", "translate", "write")
STEPS = {"open", "os.mkdir", "os.remove", "os.rename", "os.utime"}  # of Python's audit events


class Steps:
    """Counts the steps of each stage of a run, in a child process that ends itself at one of them.

    A step is a reply, the labels of a paper, half of a file's bytes, or
    anything that is done to the files of the scene.
    """

    def __init__(self, scene, last=None, pipe=None):
        """`last` is (stage, number of its step), before which SIGKILL comes; each step's stage goes into `pipe`."""
        self.scene, self.last, self.pipe = scene, last, pipe
        self.stage, self.number = "read", 0

    def step(self):
        self.number += 1
        if self.pipe is not None:
            os.write(self.pipe, f"{self.stage}\n".encode())
        if (self.stage, self.number) == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def run(self):
        # In a child for good: nothing is put back, and an audit hook cannot be.
        measured, steps = Account.stage, self

        def stage(account, name, counted=None):
            if name != steps.stage:
                steps.stage, steps.number = name, 0
            return measured(account, name, counted)

        def write_halves(path, data):
            with path.open("wb") as file:
                file.write(data[: len(data) // 2])
                file.flush()
                steps.step()
                file.write(data[len(data) // 2 :])

        def noticed(event, arguments):
            if event in STEPS and str(arguments[0]).startswith(str(steps.scene.folder)):
                steps.step()

        Account.stage = stage
        Path.write_bytes = write_halves
        self.scene.engine.reply = lambda request: (steps.step(), reply(request))[1]
        self.scene.reader.read_all = lambda *asked: (steps.step(), CountingReader().read_all(*asked))[1]
        sys.addaudithook(noticed)
        self.scene.brief()


def steps_of_stages(scene):
    """How many steps each stage of a run takes."""
    heard, pipe = os.pipe()
    child = FORK.Process(target=Steps(scene, pipe=pipe).run)
    child.start()
    os.close(pipe)
    with os.fdopen(heard) as told:
        steps = Counter(told.read().split())
    child.join()
    assert child.exitcode == 0
    return steps


def recovered(scene, files, stage, step):
    """Kill a run with SIGKILL before that step of that stage; whether the next one leaves these files.

    It must also say what it reused, if a stage had ended whose answers are kept.
    """
    child = FORK.Process(target=Steps(scene, last=(stage, step)).run)
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    left = [path for path in (scene.folder / "out").rglob("*") if path.is_file()]
    assert left == [] or scene.folder / "out" / "UNFINISHED" in left

    same = scene.run() == files and scene.record["warnings"] == []
    told = [line for line in scene.lines if line.startswith("reused from earlier runs")]
    return same and bool(told) == any(scene.record["reused"].values()) >= (STAGES.index(stage) > 1)


def moments(steps, count, seed):
    """As many moments, spread over all stages: (stage, number of its step, from 1)."""
    chance = random.Random(seed)
    stages = [STAGES[at % len(STAGES)] for at in range(count)]
    return [(stage, chance.randint(1, steps[stage])) for stage in stages]


def test_a_run_that_is_killed_at_any_moment_is_recovered_by_the_next(monkeypatch, tmp_path, undisturbed):
    """A dozen moments; `python -m benchmarks.kills` takes fifty."""
    (tmp_path / "steps").mkdir()
    steps = steps_of_stages(Scene(monkeypatch, tmp_path / "steps"))
    assert set(steps) == set(STAGES)
    for number, (stage, step) in enumerate(moments(steps, 12, seed=1)):
        (tmp_path / str(number)).mkdir()
        assert recovered(Scene(monkeypatch, tmp_path / str(number)), undisturbed[0], stage, step), (stage, step)


IN_NATIVE_CODE = """
import hashlib, signal, sys, types
from pipeline.__main__ import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell leaves it ignored in what it starts behind itself
module = types.ModuleType("pipeline.run")
def run(*_):
    print("at work", flush=True)
    hashlib.pbkdf2_hmac("sha256", b"", b"", 2_000_000_000)  # minutes in which Python does not get to a signal
module.run = run
sys.modules["pipeline.run"] = module
sys.exit(main(["run", "volume.md"]))
"""


def test_an_interrupt_soon_ends_native_code_too(root):
    command = [sys.executable, "-c", IN_NATIVE_CODE]
    child = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "at work\n"
    child.send_signal(signal.SIGINT)
    try:
        _, said = child.communicate(timeout=60)  # two seconds, but for what else the machine does
    finally:
        child.kill()
    assert (child.returncode, said) == (130, "briefing: stopped; to go on, give the same command again\n")
