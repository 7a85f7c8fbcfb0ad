import io
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.__main__ import main
from pipeline.errors import SourceError
from pipeline.progress import BarProgress, LineProgress, SilentProgress, progress_for


@dataclass
class ScriptedRun:
    """Stands in for pipeline.run: keeps its calls and does as it was told."""

    fault: Exception | None = None
    left_out: int = 0
    calls: list = field(default_factory=list)

    def __call__(self, volume, out, config, progress):
        self.calls.append((volume, out, config, progress))
        if self.fault:
            raise self.fault
        return ScriptedResult(out, ["4 papers", f"{out}/brief.zh.docx"], self.left_out)


@dataclass
class ScriptedResult:
    folder: Path
    lines: list[str]
    faults: int


@pytest.fixture
def flow(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    scripted = ScriptedRun()
    module = ModuleType("pipeline.run")
    module.run = scripted
    monkeypatch.setitem(sys.modules, "pipeline.run", module)
    return scripted


def test_results_go_to_standard_output(flow, capsys):
    assert main(["run", "papers/spring.md", "--model", "m.gguf"]) == 0

    volume, out, config, _ = flow.calls[0]
    assert (volume, out, config.model.path) == (Path("papers/spring.md"), Path("briefs/spring"), "m.gguf")
    assert capsys.readouterr() == ("4 papers\nbriefs/spring/brief.zh.docx\n", "")


def test_out_names_the_folder(flow):
    main(["run", "spring.md", "--out", "elsewhere"])
    assert flow.calls[0][1] == Path("elsewhere")


def test_a_run_that_leaves_a_paper_out_is_status_3(flow, capsys):
    flow.left_out = 1
    assert main(["run", "spring.md"]) == 3
    assert capsys.readouterr() == ("4 papers\nbriefs/spring/brief.zh.docx\n", "")


def test_a_fault_is_one_line_and_status_1(flow, capsys):
    flow.fault = SourceError("spring.md does not exist; check the path")
    assert main(["run", "spring.md"]) == 1
    assert capsys.readouterr() == ("", "briefing: spring.md does not exist; check the path\n")


def test_a_wrong_setting_is_a_fault_before_anything_runs(flow, tmp_path, capsys):
    (tmp_path / "config.toml").write_text("[model]\npaht = 'x'\n")
    assert main(["run", "spring.md"]) == 1
    assert capsys.readouterr().err == "briefing: config.toml: [model] unknown key paht; did you mean path?\n"
    assert flow.calls == []


def test_an_interrupt_leaves_no_traceback(flow, capsys):
    flow.fault = KeyboardInterrupt()
    assert main(["run", "spring.md"]) == 130
    assert capsys.readouterr().err == "briefing: stopped; to go on, give the same command again\n"


@pytest.mark.parametrize(
    "arguments", [[], ["run"], ["walk"], ["run", "a.md", "--loud"], ["models"], ["models", "fetch"]]
)
def test_wrong_usage_is_status_2(arguments, capsys):
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2
    assert "usage: briefing" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments, example",
    [
        (["-h"], "briefing run volume.md"),
        (["run", "-h"], "briefing run volume.md"),
        (["doctor", "-h"], "briefing doctor --model"),
        (["models", "-h"], "briefing models fetch qwen3-8b"),
    ],
)
def test_help_shows_an_example(arguments, example, capsys):
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 0
    assert example in capsys.readouterr().out


def test_the_catalog_is_listed(capsys):
    assert main(["models", "list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()][:3] == ["name", "embedded", "qwen3-1.7b"]


def test_a_model_is_fetched_by_its_name(monkeypatch, capsys):
    monkeypatch.setattr("pipeline.llm.fetch.fetch", lambda entry, progress: entry.path)
    assert main(["models", "fetch", "qwen3-8b", "--quiet"]) == 0
    assert capsys.readouterr().out == (
        "models/Qwen3-8B-Q4_K_M.gguf (Apache-2.0); to use it: briefing run VOLUME --model models/Qwen3-8B-Q4_K_M.gguf\n"
    )


def test_an_unknown_model_is_a_fault(capsys):
    assert main(["models", "fetch", "qwen"]) == 1
    assert "qwen: no model of the catalog that can be fetched; it has qwen3-1.7b" in capsys.readouterr().err


def test_the_version_is_printed(capsys):
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.startswith("briefing 0.")


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    "quiet, stream, kind",
    [
        (True, Terminal(), SilentProgress),
        (False, Terminal(), BarProgress),
        (False, io.StringIO(), LineProgress),
    ],
)
def test_progress_fits_the_stream(quiet, stream, kind):
    assert type(progress_for(quiet, stream)) is kind


def test_in_a_pipe_a_stage_is_two_lines():
    stream = io.StringIO()
    with LineProgress(stream).stage("summarize", 3) as advance:
        for done in (1, 2, 3):
            advance(done, 3)
    assert stream.getvalue() == "summarize …\nsummarize: 3 of 3 in 0.0 s\n"


def test_a_stage_that_breaks_off_says_how_far_it_came():
    stream = io.StringIO()
    with pytest.raises(SourceError):
        with LineProgress(stream).stage("summarize", 3) as advance:
            advance(1, 3)
            raise SourceError("broken")
    assert stream.getvalue().endswith("summarize: 1 of 3 in 0.0 s\n")


def test_a_bar_shows_counts_and_rate():
    stream = Terminal()
    with BarProgress(stream).stage("summarize", 2) as advance:
        advance(1, 2)
        advance(2, 2)
    assert "summarize" in stream.getvalue() and "2/2" in stream.getvalue()
