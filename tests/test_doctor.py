import sys
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from pipeline import doctor
from pipeline.__main__ import main
from pipeline.config import Config, ModelConfig, ServerConfig
from pipeline.errors import ModelError, ServerError
from pipeline.llm.engine import Completion
from pipeline.llm.selftest import BuildCheck


class ScriptedEngine:
    name = "scripted"

    def complete(self, requests, progress=None):
        return [Completion("1", "length", 10, request.max_tokens) for request in requests]


@pytest.fixture
def machine(monkeypatch):
    """A machine on which all is well; tests break one thing each."""

    @contextmanager
    def open_models(config):
        yield SimpleNamespace(engine=ScriptedEngine(), together=3)

    opened = ModuleType("pipeline.llm.open")
    opened.open_models = open_models
    monkeypatch.setitem(sys.modules, "pipeline.llm.open", opened)
    monkeypatch.setattr(doctor, "embedded_model", lambda: Path("cache/embedded.gguf"))
    monkeypatch.setattr(doctor, "data_files", lambda: doctor.Finding("data", "all"))
    monkeypatch.setattr(doctor, "llama_cpp_build", lambda gpu_layers: doctor.Finding("llama.cpp", "0.3.36"))
    selftest_gives(monkeypatch, BuildCheck(use_extra_bufts=True, prompt_rate=750.4, decode_rate=50.2))


def selftest_gives(monkeypatch, answer):
    """Let the self-test of the build return this, or raise it."""

    def check_build(model, threads):
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(doctor, "check_build", check_build)


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


def test_a_build_that_crashes_is_a_fault_with_a_remedy(machine, monkeypatch):
    selftest_gives(monkeypatch, ModelError("llama.cpp crashes on this processor; rebuild: make rebuild-llama"))
    last = list(doctor.examine(Config()))[-1]
    assert last == doctor.Finding("self-test", "llama.cpp crashes on this processor", "rebuild: make rebuild-llama")


def test_a_build_that_runs_only_without_repacked_weights_is_slow(machine, monkeypatch):
    selftest_gives(monkeypatch, BuildCheck(use_extra_bufts=False, prompt_rate=300, decode_rate=17))
    assert ("self-test", True) in names(doctor.examine(Config()))


def test_gpu_layers_without_a_gpu_build_are_a_fault(monkeypatch):
    monkeypatch.setitem(sys.modules, "llama_cpp", SimpleNamespace(llama_supports_gpu_offload=lambda: False))
    finding = doctor.llama_cpp_build(20)
    assert finding.state.endswith("without GPU; model.gpu_layers is 20")
    assert "make setup GPU=cuda" in finding.remedy
    assert doctor.llama_cpp_build(-1).remedy == ""


def test_a_named_model_is_looked_at(machine):
    config = Config(model=ModelConfig(path="models/other.gguf"))
    assert doctor.Finding("model", "models/other.gguf") in list(doctor.examine(config))


def server_is(monkeypatch, extras=(), fault=None):
    """Let the model server offer these extras, or be at fault."""
    record = {"server": "http://127.0.0.1:8080", "api": "chat", "extras": list(extras)}

    @contextmanager
    def open_server(config):
        if fault:
            raise fault
        yield SimpleNamespace(name="qwen3-8b", record=record)

    monkeypatch.setattr(doctor, "open_server", open_server)


SERVED = Config(model=ModelConfig(engine="server"), server=ServerConfig(parallel=3))


def test_a_model_server_is_looked_at(machine, monkeypatch):
    server_is(monkeypatch, extras=("grammar", "schema"))
    *_, model, selftest, server, speed = doctor.examine(SERVED)
    assert model.state == "cache/embedded.gguf"  # for the reader
    assert server == doctor.Finding("server", "http://127.0.0.1:8080 serves qwen3-8b: chat, takes grammar, schema")
    assert "3 requests at once" in speed.state


def test_a_plain_server_is_said_to_be_one(machine, monkeypatch):
    server_is(monkeypatch)
    assert "takes no schema and no grammar" in str(list(doctor.examine(SERVED))[-2])


def test_a_server_that_cannot_be_reached_is_a_fault_with_a_remedy(machine, monkeypatch):
    server_is(monkeypatch, fault=ServerError("http://127.0.0.1:8080: cannot be reached (refused); start the server"))
    last = list(doctor.examine(SERVED))[-1]
    assert last == doctor.Finding("server", "http://127.0.0.1:8080: cannot be reached (refused)", "start the server")


def test_the_command_prints_findings_and_ends_with_1_on_a_fault(machine, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["doctor"]) == 0
    assert "ok      self-test   this build runs this model\n" in capsys.readouterr().out
    selftest_gives(monkeypatch, ModelError("it crashes; rebuild: make rebuild-llama"))
    assert main(["doctor"]) == 1
    assert (
        "fault   self-test   it crashes\n                    → rebuild: make rebuild-llama\n" in capsys.readouterr().out
    )
