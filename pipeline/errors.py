"""Faults of the environment. Each message names the thing, the place and the remedy.

    BriefingError
    ├── ConfigError   a setting that is unknown, missing or of the wrong kind
    ├── SourceError   a volume that cannot be read, or holds no paper
    ├── ModelError    a model or build that is missing, broken or unfit
    │   ├── RequestError  one request that a model cannot serve: its paper is left out, the others go on
    │   └── ServerError   a model server that refuses or talks nonsense
    │       ├── ServerRefusal       one that does not take a body as it is
    │       └── ServerUnavailable   one that is away or busy, for now
    ├── FetchError    a model that the catalog does not have, or a hub does not give
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


class RequestError(ModelError):
    """The model cannot serve one request: it is too long, or its reply makes no sense."""


class ServerError(ModelError):
    """The model server cannot be used."""


class ServerRefusal(ServerError):
    """The model server does not take this body; it may take others."""


class ServerUnavailable(ServerError):
    """The model server cannot be used now; another try may succeed."""

    def __init__(self, message: str, retry_after: float = 0):
        super().__init__(message)
        self.retry_after = retry_after  # seconds that the server asks to wait


class FetchError(BriefingError):
    """The model cannot be fetched."""


class PromptError(BriefingError):
    """A prompt, a schema or an example is faulty."""


class StoreError(BriefingError):
    """The run folder cannot be used."""
