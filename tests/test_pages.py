"""Faults of `make pages`; what it renders is checked in tests/output/test_rendering.py."""

import importlib.util

import pytest


@pytest.fixture
def tool(root):
    spec = importlib.util.spec_from_file_location("pages", root / "tools" / "pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def run(tmp_path):
    for name in ("brief.zh.docx", "brief.en.docx"):
        (tmp_path / name).write_bytes(b"")
    return tmp_path


def test_no_run_is_named(tool):
    with pytest.raises(SystemExit, match="make pages RUN=briefs/NAME"):
        tool.main([])


def test_a_run_without_briefs(tool, tmp_path):
    with pytest.raises(SystemExit, match=r"brief.zh.docx, .*brief.en.docx: not there; name the folder of a finished"):
        tool.main([str(tmp_path)])


def test_a_machine_without_libreoffice(tool, run, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match="soffice is not installed; install LibreOffice Writer"):
        tool.main([str(run)])
