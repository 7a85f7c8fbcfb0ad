import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from pipeline import doctor
from pipeline.__main__ import main
from pipeline.config import Config, ModelConfig
from pipeline.errors import ModelError
from pipeline.llm.engine import Completion


class ScriptedEngine:
    name = "scripted"

    def complete(self, requests, progress=None):
        return [Completion("1", "length", 10, request.max_tokens) for request in requests]


@pytest.fixture
def machine(monkeypatch):
    """A machine on which all is well; tests break one thing each."""

    @contextmanager
    def open_models(config):
        yield SimpleNamespace(engine=ScriptedEngine())

    opened = ModuleType("pipeline.llm.open")
    opened.open_models = open_models
    monkeypatch.setitem(sys.modules, "pipeline.llm.open", opened)
    monkeypatch.setattr(doctor, "embedded_model", lambda: Path("cache/embedded.gguf"))
    monkeypatch.setattr(doctor, "data_files", lambda: doctor.Finding("data", "all"))
    monkeypatch.setattr(doctor, "llama_cpp_build", lambda gpu_layers: doctor.Finding("llama.cpp", "0.3.36"))
    answers(monkeypatch, 0)


def answers(monkeypatch, status, stderr=""):
    """Let the self-test end so."""
    monkeypatch.setattr(
        doctor.subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, status, "", stderr)
    )


def names(findings):
    return [(finding.name, bool(finding.remedy)) for finding in findings]


def test_a_sound_machine_has_no_faults(machine):
    assert names(doctor.examine(Config())) == [
        ("python", False),
        ("data", False),
        ("llama.cpp", False),
        ("model", False),
        ("self-test", False),
        ("speed", False),
    ]


def test_a_missing_model_ends_the_look(machine, monkeypatch):
    def missing():
        raise ModelError("the package x is not installed; run: make setup")

    monkeypatch.setattr(doctor, "embedded_model", missing)
    last = list(doctor.examine(Config()))[-1]
    assert last == doctor.Finding("model", "the package x is not installed", "run: make setup")


@pytest.mark.parametrize(
    "status, stderr, state, remedy",
    [
        (-11, "", "the process was killed by signal 11", "remove the built wheel"),
        (1, "loading\nm.gguf: not a GGUF file; name another\n", "m.gguf: not a GGUF file", "name another"),
        (1, "", "exit status 1", "name another model in model.path"),
    ],
)
def test_a_build_that_fails_is_a_fault_with_a_remedy(machine, monkeypatch, status, stderr, state, remedy):
    answers(monkeypatch, status, stderr)
    last = list(doctor.examine(Config()))[-1]
    assert (last.name, last.state) == ("self-test", state)
    assert last.remedy.startswith(remedy)


def test_gpu_layers_without_a_gpu_build_are_a_fault(monkeypatch):
    monkeypatch.setitem(sys.modules, "llama_cpp", SimpleNamespace(llama_supports_gpu_offload=lambda: False))
    finding = doctor.llama_cpp_build(20)
    assert finding.state.endswith("without GPU; model.gpu_layers is 20")
    assert "make setup GPU=cuda" in finding.remedy
    assert doctor.llama_cpp_build(-1).remedy == ""


def test_a_named_model_is_looked_at(machine):
    config = Config(model=ModelConfig(path="models/other.gguf"))
    assert doctor.Finding("model", "models/other.gguf") in list(doctor.examine(config))


def test_the_command_prints_findings_and_ends_with_1_on_a_fault(machine, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["doctor"]) == 0
    assert "ok      self-test   the build runs this model\n" in capsys.readouterr().out
    answers(monkeypatch, -4)
    assert main(["doctor"]) == 1
    assert "fault   self-test   the process was killed by signal 4\n" in capsys.readouterr().out
