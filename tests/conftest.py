from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The annotated volumes that lie beside some checkouts; a test that needs them skips elsewhere."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no annotated volumes beside this checkout")
    return folder


@pytest.fixture(scope="session")
def sample(root) -> Path:
    """The sample volume."""
    return root / "samples" / "volume.md"


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch) -> Path:
    """A cache folder for each test: what one has computed must not answer another, nor the user."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("BRIEFING_CACHE_FOLDER", str(folder))
    return folder
