import os
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from pipeline.config import Config, load_config
from pipeline.errors import ConfigError

SHIPPED = Path(__file__).resolve().parent.parent / "config.toml"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("BRIEFING_")]:
        monkeypatch.delenv(name)
    return tmp_path


def written(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_file_names_every_setting_with_its_default():
    assert asdict(load_config(SHIPPED)) == asdict(Config())
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    for section in asdict(Config()).values():
        for key in section:
            assert any(line.startswith(f"{key} = ") for line in lines), key


def test_a_flag_beats_the_environment_which_beats_the_file(tmp_path, monkeypatch):
    path = written(tmp_path, "[model]\nthreads = 3\nsequences = 3\ncontext_tokens = 3000\n")
    monkeypatch.setenv("BRIEFING_MODEL_THREADS", "2")
    monkeypatch.setenv("BRIEFING_MODEL_SEQUENCES", "2")

    model = load_config(path, {"model.threads": 1}).model

    assert (model.threads, model.sequences, model.context_tokens, model.gpu_layers) == (1, 2, 3000, -1)


def test_the_file_in_the_working_folder_is_read(tmp_path):
    (tmp_path / "config.toml").write_text("[brief]\noffice = '市政府办公室'\n", encoding="utf-8")
    assert load_config().brief.office == "市政府办公室"


@pytest.mark.parametrize(
    "text, fault",
    [
        ("[modle]\n", "unknown section [modle]; did you mean model?"),
        ("[model]\npaht = ''\n", "[model] unknown key paht; did you mean path?"),
        ("[read]\nx = 1\n", "[read] unknown key x; known: chunk_tokens, shown"),
        ("[model]\nthreads = 'four'\n", 'model.threads is "four"; expected a whole number'),
        ("[model]\nthreads = true\n", "model.threads is True; expected a whole number"),
        ("[model]\nsequences = -1\n", "model.sequences is -1; it must be at least 0"),
        ("[model]\ncontext_tokens = 100\n", "model.context_tokens is 100; it must be at least 512"),
        ("[model]\nengine = 'vllm'\n", 'model.engine is "vllm"; expected "llama.cpp" or "server"'),
        (
            "[model]\nengine = 'server'\npath = 'm.gguf'\n",
            'model.path is "m.gguf", but model.engine is "server"; leave one of them out',
        ),
        ("[server]\nurl = 'gpu7:8080'\n", 'server.url is "gpu7:8080"; write it as "http://host:port/v1"'),
        (
            "[server]\nurl = 'https://us:secret@gpu7/v1'\n",
            "server.url holds a name or password; put the key in a variable, named in server.key_env",
        ),
        ("[write]\nsummary_zh = [300]\n", "write.summary_zh is [300]; expected a list of 2 whole numbers"),
        (
            "[write]\nsummary_en = [200, 100]\n",
            "write.summary_en is [200, 100]; write [shortest, longest] from 1",
        ),
        ("[recommend]\nthreshold = 1.5\n", "recommend.threshold is 1.5; it is a probability between 0 and 1"),
        ("[brief]\nfonts = 'mac'\n", 'brief.fonts is "mac"; expected "gb2312" or "windows"'),
        ("[brief]\ndate = '2 May'\n", 'brief.date is "2 May"; write it as YYYY-MM-DD'),
        ("threads = 2\n", "threads stands outside a section; put it under [model] or another"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(tmp_path, text, fault):
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as raised:
        load_config(path)
    assert str(raised.value) == f"{path}: {fault}"


@pytest.mark.parametrize(
    "content, fault", [(b"[model\n", "not TOML"), ("[brief]\noffice='办'".encode("gb18030"), "not UTF-8")]
)
def test_a_file_that_cannot_be_parsed_is_refused(tmp_path, content, fault):
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=fault):
        load_config(path)


def test_a_file_that_was_named_must_exist(tmp_path):
    with pytest.raises(ConfigError, match="absent.toml: No such file"):
        load_config(tmp_path / "absent.toml")


@pytest.mark.parametrize(
    "name, value, fault",
    [
        ("BRIEFING_MODEL_PTH", "x", "unknown variable BRIEFING_MODEL_PTH; did you mean BRIEFING_MODEL_PATH?"),
        ("BRIEFING_MODEL_THREADS", "many", 'BRIEFING_MODEL_THREADS is "many"; expected a whole number'),
    ],
)
def test_a_wrong_variable_is_named(monkeypatch, name, value, fault):
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as raised:
        load_config()
    assert fault in str(raised.value)


def test_variables_of_each_kind_are_read(monkeypatch):
    monkeypatch.setenv("BRIEFING_MODEL_PATH", "models/a b.gguf")
    monkeypatch.setenv("BRIEFING_WRITE_SUMMARY_ZH", "[100, 150]")
    monkeypatch.setenv("BRIEFING_RECOMMEND_THRESHOLD", "0.4")
    config = load_config()
    assert (config.model.path, config.write.summary_zh, config.recommend.threshold) == (
        "models/a b.gguf",
        (100, 150),
        0.4,
    )


def test_the_day_of_issue_is_today_unless_it_is_set():
    assert load_config(None, {"brief.date": "2026-03-09"}).brief.day() == date(2026, 3, 9)
    assert load_config().brief.day() == date.today()
