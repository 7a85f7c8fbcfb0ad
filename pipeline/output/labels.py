"""The fixed words of the briefs, read from `prompts/labels.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.errors import PromptError
from pipeline.records import Language, PaperBrief, Statement, Text

PROMPTS = Path(__file__).parents[2] / "prompts"
LABELS = PROMPTS / "labels.toml"


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of one language, by dotted key."""

    language: Language
    table: dict[str, Any]
    reasons: tuple[tuple[re.Pattern, str], ...]  # of rejections: pattern, words

    def get(self, key: str) -> Any:
        """What stands at `key`, e.g. "heading.themes". Raises PromptError if nothing does."""
        found: Any = self.table
        try:
            for part in key.split("."):
                found = found[part]
        except (KeyError, TypeError) as error:
            raise PromptError(f"{LABELS}: [{self.language}] has no {key}; add it") from error
        return found

    def say(self, key: str, **fields: object) -> str:
        """The words at `key`, filled in. Raises PromptError if they want another field."""
        try:
            return self.get(key).format(**fields)
        except (KeyError, IndexError, ValueError) as error:
            raise PromptError(f"{LABELS}: [{self.language}] {key}: cannot fill in {error}") from error

    def counted(self, kind: str, n: int) -> str:
        """`n` things of a kind, in the form that the number asks for."""
        one, many = self.get(f"counted.{kind}")
        return (one if n == 1 else many).format(n=n)

    def joined(self, items: list[str]) -> str:
        """Items as a list within a sentence."""
        return self.get("separator").join(items)

    def marks(self, paper: PaperBrief, fact: Statement) -> str:
        """What a reader must know of a key fact: that it is foreseen, aimed at, or contradicted in its own paper."""
        keys = [fact.outlook] if fact.outlook else []
        keys += ["contradicted"] if paper.contradicts(fact) else []
        return "".join(self.get(f"fact.{key}") for key in keys)

    def reason(self, reason: str) -> str:
        """The reason of a rejection in words of this language; as recorded if no pattern fits."""
        return next((words for pattern, words in self.reasons if pattern.search(reason)), reason)


@cache
def load_labels(language: Language) -> Labels:
    """The words of `language`. Raises PromptError if the file cannot be used."""
    tables = read_toml(LABELS)
    reasons = tuple((re.compile(r["pattern"]), r[language]) for r in tables["reason"])
    return Labels(language, tables[language], reasons)


@cache
def load_themes() -> dict[str, Text]:
    """The default names of the themes by key, in the order of the file."""
    return {key: Text(**names) for key, names in read_toml(PROMPTS / "themes.toml").items()}


def unfinished_line(folder: Path) -> str:
    """What the marker of an unfinished run says."""
    return read_toml(LABELS)["unfinished"]["line"].format(folder=folder)


def read_toml(path: Path) -> dict[str, Any]:
    """A data file of the project."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise PromptError(f"{path}: {error}; restore it from the project") from error
