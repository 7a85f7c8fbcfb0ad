import pytest

from pipeline.errors import FetchError
from pipeline.llm.catalog import entry_named, free_memory_mb, listing, load_catalog

GOOD = """
[small]
title = "Small"
licence = "MIT"
parameters = "1 B"
context_tokens = 4096
memory_mb = 2000

[large]
title = "Large"
licence = "Apache-2.0"
parameters = "30 B"
context_tokens = 32768
memory_mb = 20000
file = "large.gguf"
huggingface = "us/large"
"""


def written(folder, text):
    path = folder / "catalog.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_catalog_has_the_embedded_model_and_six_that_can_be_fetched():
    catalog = load_catalog()
    assert catalog["embedded"].path is None
    others = [entry for entry in catalog.values() if entry.file]
    assert len(others) == 6
    assert all(entry.huggingface.count("/") == 1 and entry.file.endswith(".gguf") for entry in others)
    assert [entry.memory_mb for entry in others] == sorted(entry.memory_mb for entry in others)


def test_the_list_marks_what_fits_and_what_is_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    catalog = load_catalog(written(tmp_path, GOOD))
    assert listing(catalog, free_mb=4000) == [
        "name   model  parameters  context  memory    licence     with 4000 MB free",
        "small  Small  1 B         4096     2000 MB   MIT         fits, built in",
        "large  Large  30 B        32768    20000 MB  Apache-2.0  needs 16000 MB more",
    ]
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "large.gguf").write_bytes(b"GGUF")
    assert listing(catalog, free_mb=20000)[2].endswith("fits, fetched")


def test_this_machine_has_memory():
    assert free_memory_mb() > 0


@pytest.mark.parametrize("name", ["lrage", "small"])
def test_what_cannot_be_fetched_is_said_with_what_can(tmp_path, name):
    with pytest.raises(FetchError, match=f"{name}: no model of the catalog that can be fetched; it has large"):
        entry_named(name, load_catalog(written(tmp_path, GOOD)))


@pytest.mark.parametrize(
    "text, fault",
    [
        ("[small", "cannot read the catalog"),
        ('[small]\ntitle = "Small"\n', r"\[small\] lacks, or should not have, context_tokens, licence"),
        (GOOD + 'sha = "1"\n', r"\[large\] lacks, or should not have, sha"),
        ("small = 1\n", r"\[small\] is no section"),
        (None, "cannot read the catalog"),
    ],
)
def test_a_faulty_catalog_is_named(tmp_path, text, fault):
    path = written(tmp_path, text) if text else tmp_path / "absent.toml"
    with pytest.raises(FetchError, match=fault):
        load_catalog(path)
