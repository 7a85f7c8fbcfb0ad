"""Faults of the environment. Each message names the thing, the place and the remedy.

    BriefingError
    ├── ConfigError   a setting that is unknown, missing or of the wrong kind
    ├── SourceError   a volume that cannot be read, or holds no paper
    ├── ModelError    a model or build that is missing, broken or unfit
    ├── PromptError   a template, schema or example that does not fit its task
    └── StoreError    a run folder that cannot be written or is another run's

A poor claim of a model is no fault: it becomes a `Rejection`.
"""


class BriefingError(Exception):
    """Any fault that ends a run with exit status 1 and one line."""


class ConfigError(BriefingError):
    """The configuration cannot be used."""


class SourceError(BriefingError):
    """The volume cannot be read."""


class ModelError(BriefingError):
    """The model, its adapter or the llama.cpp build cannot be used."""


class PromptError(BriefingError):
    """A prompt, a schema or an example is faulty."""


class StoreError(BriefingError):
    """The run folder cannot be used."""
