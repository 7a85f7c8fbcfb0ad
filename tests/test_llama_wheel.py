import importlib.util

import pytest

REQUIREMENT = "llama-cpp-python==9.9.9 \\\n    --hash=sha256:aa"
LOCK = f"jinja2==3.1 \\\n    --hash=sha256:00\n{REQUIREMENT}\nnumpy==2 \\\n    --hash=sha256:bb\n"


@pytest.fixture
def tool(root):
    spec = importlib.util.spec_from_file_location("llama_wheel", root / "tools" / "llama_wheel.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_locked_source_is_built(tool):
    assert tool.locked_requirement(LOCK, "llama-cpp-python") == REQUIREMENT
    with pytest.raises(SystemExit, match="no absent"):
        tool.locked_requirement(LOCK, "absent")


def test_the_project_locks_one_version_with_its_hash(tool):
    entry = tool.locked_requirement(tool.LOCK.read_text(encoding="utf-8"), "llama-cpp-python")
    assert entry.startswith("llama-cpp-python==0.3.36") and "--hash=sha256:" in entry


@pytest.mark.parametrize(
    "machine, flags",
    [
        ("x86_64", ["-mno-amx-tile", "-mno-amx-int8", "-mno-amx-bf16"]),
        ("AMD64", ["-mno-amx-tile", "-mno-amx-int8", "-mno-amx-bf16"]),
        ("aarch64", []),
        ("arm64", []),
    ],
)
def test_amx_is_left_out_where_it_exists(tool, machine, flags):
    assert tool.compiler_flags(machine) == flags


def test_each_build_has_its_own_folder(tool, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folders = {
        tool.wheel_folder(REQUIREMENT, "cpu", "model A"),
        tool.wheel_folder(REQUIREMENT, "cuda", "model A"),
        tool.wheel_folder(REQUIREMENT, "cpu", "model B"),
        tool.wheel_folder(REQUIREMENT.replace("9.9.9", "9.9.8"), "cpu", "model A"),
    }
    assert len(folders) == 4
    assert {folder.parent for folder in folders} == {tmp_path / "briefing" / "wheels"}
    assert tool.wheel_folder(REQUIREMENT, "cpu", "model A") in folders


def test_a_kept_wheel_is_handed_out_without_a_build(tool, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["llama_wheel.py", "cpu"])
    requirement = tool.locked_requirement(tool.LOCK.read_text(encoding="utf-8"), "llama-cpp-python")
    folder = tool.wheel_folder(requirement, "cpu", tool.processor())
    folder.mkdir(parents=True)
    (folder / "kept.whl").touch()

    tool.main()

    assert capsys.readouterr().out == f"{folder / 'kept.whl'}\n"


def test_an_unknown_backend_is_named(tool, monkeypatch):
    monkeypatch.setattr("sys.argv", ["llama_wheel.py", "abacus"])
    with pytest.raises(SystemExit, match="GPU=abacus: not a backend; use cpu, cuda, vulkan, metal"):
        tool.main()
