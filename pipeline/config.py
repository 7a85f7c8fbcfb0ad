"""Settings of a run: flag over environment over file over default.

`config.toml` at the root names every setting with its unit and reason; a test
holds its values and the defaults here together.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

from pipeline.errors import ConfigError
from pipeline.records import Language

Section = Literal["themes", "shared", "differences", "priorities", "digests", "facts", "recommendations"]

DEFAULT_FILE = Path("config.toml")  # in the working folder
ENVIRONMENT_PREFIX = "BRIEFING_"


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Which model writes, and how it runs."""

    path: str = ""  # of a GGUF file; "" is the embedded model
    engine: Literal["llama.cpp", "server"] = "llama.cpp"
    adapters: Literal["auto", "none"] = "auto"
    context_tokens: int = 0  # that all requests decoded together share; 0: what has room
    sequences: int = 0  # decoded together; 0: by the machine
    batch_tokens: int = 0  # of one step; 0: by the machine
    threads: int = 0  # 0: one for each core
    gpu_layers: int = -1  # -1: all that fit

    def __post_init__(self):
        if self.context_tokens:
            at_least("model.context_tokens", self.context_tokens, 512)
        at_least("model.sequences", self.sequences, 0)
        if self.batch_tokens:
            at_least("model.batch_tokens", self.batch_tokens, 32)
        at_least("model.threads", self.threads, 0)
        at_least("model.gpu_layers", self.gpu_layers, -1)
        if self.engine == "server" and self.path:
            raise ConfigError(f'model.path is "{self.path}", but model.engine is "server"; leave one of them out')


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """The model server that writes where `model.engine` is "server"."""

    url: str = "http://127.0.0.1:8080/v1"
    model: str = ""  # as the server names it; "": the only one it has
    api: Literal["auto", "chat", "completions"] = "auto"
    parallel: int = 4  # requests under way together
    timeout_seconds: int = 600  # of one reply
    retries: int = 4
    key_env: str = ""  # name of the environment variable that holds the key; "": no key
    context_tokens: int = 0  # that a prompt and its reply share; 0: as the server says

    def __post_init__(self):
        at_least("server.parallel", self.parallel, 1)
        at_least("server.timeout_seconds", self.timeout_seconds, 1)
        at_least("server.retries", self.retries, 0)
        at_least("server.context_tokens", self.context_tokens, 0)
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ConfigError(f'server.url is "{self.url}"; write it as "http://host:port/v1"')
        if "@" in parts.netloc:
            raise ConfigError("server.url holds a name or password; put the key in a variable, named in server.key_env")


@dataclass(frozen=True, slots=True)
class ReadConfig:
    """How papers are cut."""

    chunk_tokens: int = 1200  # of source text, in the model's own tokens
    shown: float = 0.4  # share of a chunk's characters that the embedded model is shown for its digest

    def __post_init__(self):
        at_least("read.chunk_tokens", self.chunk_tokens, 50)
        if not 0 < self.shown <= 1:
            raise ConfigError(f"read.shown is {self.shown}; it is a share from above 0 to 1")


@dataclass(frozen=True, slots=True)
class WriteConfig:
    """How long summaries are, shortest and longest, how close to the source and how sure the model must be."""

    summary_zh: tuple[int, int] = (200, 320)  # characters
    summary_en: tuple[int, int] = (110, 170)  # words
    verbatim: float = 1.0  # share of a sentence in clauses that its evidence has word for word
    confidence: float = 0.55  # geometric mean of the probabilities of a translation's tokens

    def __post_init__(self):
        for name in ("summary_zh", "summary_en"):
            shortest, longest = getattr(self, name)
            if not 0 < shortest <= longest:
                raise ConfigError(f"write.{name} is [{shortest}, {longest}]; write [shortest, longest] from 1")
        if not 0 <= self.verbatim <= 1:
            raise ConfigError(f"write.verbatim is {self.verbatim}; it is a share from 0 to 1")
        if not 0 <= self.confidence < 1:
            raise ConfigError(f"write.confidence is {self.confidence}; it is a probability from 0 to below 1")


@dataclass(frozen=True, slots=True)
class RecommendConfig:
    """What counts as a recommendation."""

    threshold: float = 0.5  # probability of the reader's label

    def __post_init__(self):
        if not 0 < self.threshold < 1:
            raise ConfigError(f"recommend.threshold is {self.threshold}; it is a probability between 0 and 1")


@dataclass(frozen=True, slots=True)
class BriefConfig:
    """What stands in the head of the briefs, what is in them and how long it may be."""

    office: str = ""
    office_en: str = ""
    title: str = ""  # "": from the volume's own
    title_en: str = ""
    masthead: str = ""  # "": the one of prompts/labels.toml
    classification: str = ""
    recipients: str = ""
    date: str = ""  # YYYY-MM-DD; "": today
    issue: int = 0  # 0: not printed
    fonts: Literal["gb2312", "windows"] = "gb2312"
    template: str = ""  # the office's own .docx for the Chinese brief; "": none
    template_en: str = ""
    sections: tuple[Section, ...] = ("themes", "shared", "differences", "priorities", "digests", "recommendations")
    paper_pages: tuple[Language, ...] = ()  # languages in which each paper gets a Word page of its own
    findings_zh: int = 300  # characters of the findings on page one
    findings_en: int = 110  # words
    measure_zh: int = 20  # characters of a measure in the list of recommendations
    measure_en: int = 10  # words
    quote: int = 20  # characters of a quote in the list of sources; two Latin letters count as one
    points_paper: int = 4  # of a recommendation, for each further paper that makes it
    points_measure: int = 1  # for each of its first three measures
    points_owner: int = 2  # for naming who leads
    points_time: int = 2  # for saying when
    points_figures: int = 2  # for saying how much

    def __post_init__(self):
        at_least("brief.issue", self.issue, 0)
        for name in ("findings_zh", "findings_en", "measure_zh", "measure_en"):
            at_least(f"brief.{name}", getattr(self, name), 1)
        at_least("brief.quote", self.quote, 8)
        for name, points in self.points().items():
            at_least(f"brief.points_{name}", points, 0)
        self.day()

    def points(self) -> dict[str, int]:
        """The weights of the priorities by what they weigh."""
        return {name: getattr(self, f"points_{name}") for name in ("paper", "measure", "owner", "time", "figures")}

    def day(self) -> date:
        """The day of issue. Raises ConfigError if `date` is no day."""
        try:
            return date.fromisoformat(self.date) if self.date else date.today()
        except ValueError as error:
            raise ConfigError(f'brief.date is "{self.date}"; write it as YYYY-MM-DD') from error


@dataclass(frozen=True, slots=True)
class CacheConfig:
    """Where answers are kept, so that a later run need not compute them."""

    folder: str = ""  # "": the user's cache folder
    megabytes: int = 256  # of entries; 0: none is kept

    def __post_init__(self):
        at_least("cache.megabytes", self.megabytes, 0)


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of a run."""

    model: ModelConfig = field(default_factory=ModelConfig)
    server: ServerConfig = field(default_factory=ServerConfig)
    read: ReadConfig = field(default_factory=ReadConfig)
    write: WriteConfig = field(default_factory=WriteConfig)
    recommend: RecommendConfig = field(default_factory=RecommendConfig)
    brief: BriefConfig = field(default_factory=BriefConfig)
    cache: CacheConfig = field(default_factory=CacheConfig)


def load_config(path: Path | None = None, overrides: Mapping[str, Any] | None = None) -> Config:
    """Read the settings.

    `path` is a TOML file; None takes ./config.toml where there is one.
    `overrides` maps "section.key" to a value, as flags give it.

    Raises ConfigError for a file that cannot be read and for a setting that
    is unknown or of the wrong kind.
    """
    tables = read_file(path)
    for setting, value in (read_environment(os.environ) | dict(overrides or {})).items():
        section, _, key = setting.partition(".")
        tables.setdefault(section, {})[key] = value
    return build(tables)


def read_file(path: Path | None) -> dict[str, dict[str, Any]]:
    """The tables of a TOML file."""
    if path is None:
        if not DEFAULT_FILE.exists():
            return {}
        path = DEFAULT_FILE
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; name a TOML file with --config") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8; save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    for section, table in tables.items():
        if not isinstance(table, dict):
            raise ConfigError(f"{path}: {section} stands outside a section; put it under [model] or another")
    try:
        build(tables)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    return tables


def read_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """Settings from variables such as BRIEFING_MODEL_PATH."""
    kinds = {
        f"{ENVIRONMENT_PREFIX}{section}_{key}".upper(): (f"{section}.{key}", kind)
        for section, table in sections().items()
        for key, kind in get_type_hints(table).items()
    }
    settings = {}
    for name, text in environment.items():
        if name.startswith(ENVIRONMENT_PREFIX):
            if name not in kinds:
                raise ConfigError(f"environment: unknown variable {name}{nearest(name, kinds)}")
            setting, kind = kinds[name]
            settings[setting] = parse(name, text, kind)
    return settings


def parse(name: str, text: str, kind: Any) -> Any:
    """The value of an environment variable: text as it is, anything else as TOML writes it."""
    if kind is str or get_origin(kind) is Literal:
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f'environment: {name} is "{text}"; expected {described(kind)}') from error


def build(tables: Mapping[str, Mapping[str, Any]]) -> Config:
    """A checked configuration from plain tables."""
    known = sections()
    for section in tables:
        if section not in known:
            raise ConfigError(f"unknown section [{section}]{nearest(section, known)}")
    return Config(**{section: build_section(section, known[section], table) for section, table in tables.items()})


def build_section(section: str, table_class: type, table: Mapping[str, Any]) -> Any:
    """One section from its table."""
    kinds = get_type_hints(table_class)
    for key in table:
        if key not in kinds:
            raise ConfigError(f"[{section}] unknown key {key}{nearest(key, kinds)}")
    return table_class(**{key: checked(f"{section}.{key}", value, kinds[key]) for key, value in table.items()})


def checked(name: str, value: Any, kind: Any) -> Any:
    """The value in the type that the setting has. Raises ConfigError if it is another."""
    if get_origin(kind) is tuple and isinstance(value, list) and get_args(kind)[-1] is ...:
        return tuple(checked(name, item, get_args(kind)[0]) for item in value)
    if get_origin(kind) is tuple and isinstance(value, list) and len(value) == len(get_args(kind)):
        return tuple(checked(name, item, item_kind) for item, item_kind in zip(value, get_args(kind), strict=True))
    if get_origin(kind) is Literal and value in get_args(kind):
        return value
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is kind:  # not isinstance: true is no number of threads
        return value
    shown = f'"{value}"' if isinstance(value, str) else value
    raise ConfigError(f"{name} is {shown}; expected {described(kind)}")


def described(kind: Any) -> str:
    """A type in a user's words."""
    if get_origin(kind) is Literal:
        return " or ".join(f'"{choice}"' for choice in get_args(kind))
    if get_origin(kind) is tuple and get_args(kind)[-1] is ...:
        return f"a list, each {described(get_args(kind)[0])}"
    if get_origin(kind) is tuple:
        return f"a list of {len(get_args(kind))} whole numbers"
    return {str: "a text in quotes", int: "a whole number", float: "a number"}[kind]


def sections() -> dict[str, type]:
    """The class of each section by its name."""
    return {name: kind for name, kind in get_type_hints(Config).items() if is_dataclass(kind)}


def nearest(name: str, known: Mapping[str, Any]) -> str:
    """A hint at the known name that was probably meant, or at all of them."""
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else f"; known: {', '.join(sorted(known))}"


def at_least(name: str, value: int, minimum: int) -> None:
    """Refuse a number below `minimum`."""
    if value < minimum:
        raise ConfigError(f"{name} is {value}; it must be at least {minimum}")
