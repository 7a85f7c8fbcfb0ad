import sys

import pytest

from pipeline.errors import ModelError
from pipeline.llm import selftest
from pipeline.llm.selftest import BuildCheck, check_build

GOOD = """print('{"use_extra_bufts": %s, "prompt_rate": 700.0, "decode_rate": 50.0}')"""
CRASH = "import os; os.abort()"
NAMED = "import sys; print('first line'); sys.exit('m.gguf: no model file; put it there')"


@pytest.fixture
def children(monkeypatch, tmp_path):
    """Stand-ins for the child process: what it runs with and without extra buffer types; counts its starts."""
    monkeypatch.setattr(selftest, "user_cache_dir", lambda name: str(tmp_path / "cache"))
    started = []
    run = selftest.subprocess.run

    def stand_in(usual, plain):
        def start(command, **options):
            started.append("--no-extra-bufts" in command)
            return run([sys.executable, "-c", plain if started[-1] else usual], **options)

        monkeypatch.setattr(selftest.subprocess, "run", start)
        return started

    return stand_in


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "m.gguf"
    path.write_bytes(b"GGUF")
    return path


def test_a_good_build_is_tried_once(children, file):
    started = children(usual=GOOD % "true", plain=CRASH)
    assert check_build(file, 2) == BuildCheck(True, 700.0, 50.0)
    assert check_build(file, 2) == BuildCheck(True, 700.0, 50.0)
    assert started == [False]


def test_another_model_file_is_tried_again(children, file):
    started = children(usual=GOOD % "true", plain=CRASH)
    check_build(file, 2)
    file.write_bytes(b"GGUF, a longer one")
    check_build(file, 2)
    assert len(started) == 2


def test_other_layers_on_the_gpu_are_tried_by_themselves(children, file):
    started = children(usual=GOOD % "true", plain=CRASH)
    for layers in (0, 9, 0, 9):
        check_build(file, 2, layers)
    assert len(started) == 2


def test_a_crash_turns_into_the_setting_that_works(children, file):
    started = children(usual=CRASH, plain=GOOD % "false")
    assert check_build(file, 2).use_extra_bufts is False
    assert check_build(file, 2).use_extra_bufts is False
    assert started == [False, True]


def test_a_build_that_always_crashes_is_refused(children, file):
    children(usual=CRASH, plain=CRASH)
    with pytest.raises(ModelError, match="crashes on this processor .*m.gguf; rebuild: make rebuild-llama"):
        check_build(file, 2)


def test_a_named_fault_of_the_child_is_ours(children, file):
    children(usual=NAMED, plain=NAMED)
    with pytest.raises(ModelError, match="m.gguf: no model file; put it there$"):
        check_build(file, 2)


def test_a_broken_memory_is_a_miss(children, file, tmp_path):
    started = children(usual=GOOD % "true", plain=CRASH)
    check_build(file, 2)
    (kept,) = (tmp_path / "cache" / "selftest").iterdir()
    kept.write_text('{"use_extra')
    assert check_build(file, 2).use_extra_bufts is True
    assert len(started) == 2


@pytest.mark.model
def test_the_real_child(monkeypatch, tmp_path, model_path):
    monkeypatch.setattr(selftest, "user_cache_dir", lambda name: str(tmp_path))
    check = check_build(model_path, 1)
    assert check.prompt_rate > check.decode_rate > 0


@pytest.mark.model
def test_the_real_child_names_a_missing_model(monkeypatch, tmp_path):
    monkeypatch.setattr(selftest, "user_cache_dir", lambda name: str(tmp_path))
    with pytest.raises(ModelError, match="nowhere.gguf: no model file"):
        check_build(tmp_path / "nowhere.gguf", 1)
