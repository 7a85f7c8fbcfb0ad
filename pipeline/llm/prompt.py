"""Prompts as data: each task is a folder of `prompts/` with one file a language.

A file holds the instruction, the input as a Jinja2 template, where the reply
ends, and examples. A model that was trained for the tasks is asked without
examples; any other sees them first.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jsonschema import Draft202012Validator, SchemaError

from pipeline.errors import PromptError
from pipeline.llm.engine import Example, Quotes, Request, Slots, prompt_prefix

KEYS = {"instruction", "input", "stop", "max_tokens", "examples"}
# Sandboxed, and never given anything but strings and lists: papers are data.
JINJA = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False)


@dataclass(frozen=True, slots=True)
class Task:
    """One task in one language, ready to render."""

    name: str  # "digest/zh"
    instruction: str
    input: str  # Jinja2 template of the fields
    stop: tuple[str, ...]
    max_tokens: int
    examples: tuple[Mapping[str, Any], ...]  # fields of the input, and `reply`

    def body(self, **fields: Any) -> str:
        """The input, up to where the reply begins. Raises PromptError if a field is missing."""
        try:
            return JINJA.from_string(self.input).render(fields)
        except TemplateError as error:
            raise PromptError(f"prompts/{self.name}.toml: input: {error}; check the field names") from error

    def prefix(self, trained: bool) -> str:
        """What all prompts of the task begin with: the instruction and, for an untrained model, the examples."""
        return prompt_prefix(f"{self.instruction}\n", self.shown(trained))

    def shown(self, trained: bool) -> tuple[Example, ...]:
        """The examples that the model is to see; a trained one needs none."""
        return () if trained else tuple(Example(self.body(**e), e["reply"]) for e in self.examples)

    def request(self, trained: bool, constraint: Quotes | Slots | None = None, **fields: Any) -> Request:
        """The request that asks a model for this task on these fields."""
        return Request(
            instruction=f"{self.instruction}\n",
            body=self.body(**fields),
            max_tokens=self.max_tokens,
            stop=self.stop,
            constraint=constraint,
            examples=self.shown(trained),
        )


def load_task(root: Path, name: str) -> Task:
    """Read `root/name.toml`, e.g. name "digest/zh". Raises PromptError naming what is wrong."""
    path = root / f"{name}.toml"
    table = load_toml(path)
    if table.keys() != KEYS:
        raise PromptError(f"{path}: needs exactly the keys {', '.join(sorted(KEYS))}")
    return Task(
        name=name,
        instruction=table["instruction"].strip() + "\n",
        input=table["input"].strip(),
        stop=tuple(table["stop"]),
        max_tokens=table["max_tokens"],
        examples=tuple({k: v.strip() if isinstance(v, str) else v for k, v in e.items()} for e in table["examples"]),
    )


def load_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file of `prompts/`. Raises PromptError naming what is wrong."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise PromptError(f"{path} does not exist; restore it from the project") from error
    except (OSError, ValueError) as error:
        raise PromptError(f"{path}: not TOML: {error}") from error


def load_schema(root: Path, name: str) -> dict[str, Any]:
    """Read the JSON schema `root/name.json`. Raises PromptError naming what is wrong."""
    path = root / f"{name}.json"
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(schema)
    except FileNotFoundError as error:
        raise PromptError(f"{path} does not exist; restore it from the project") from error
    except (json.JSONDecodeError, SchemaError) as error:
        raise PromptError(f"{path}: no JSON schema: {error}; mend it") from error
    return schema
