"""Progress of a run on standard error: a bar on a terminal, plain lines elsewhere, or nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.text import Text

Advance = Callable[[int, int], None]  # items done, items in all


class Progress(Protocol):
    """Shows how far a run is."""

    def stage(self, name: str, total: int) -> AbstractContextManager[Advance]:
        """Show one stage with `total` items (0: not known yet); call the yielded function with (done, total)."""
        ...


def progress_for(quiet: bool = False, stream: TextIO | None = None) -> Progress:
    """The progress that fits the stream, which is standard error unless named."""
    stream = stream or sys.stderr
    if quiet:
        return SilentProgress()
    return BarProgress(stream) if stream.isatty() else LineProgress(stream)


class SilentProgress:
    """Shows nothing."""

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Advance]:
        yield lambda done, total: None


class LineProgress:
    """One line at the start of a stage and one at its end, for logs and pipes."""

    def __init__(self, stream: TextIO):
        self.stream = stream

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Advance]:
        started = time.monotonic()
        reached = (0, total)

        def advance(done: int, total: int) -> None:
            nonlocal reached
            reached = (done, total)

        print(f"{name} …", file=self.stream, flush=True)
        try:
            yield advance
        finally:
            done, total = reached
            seconds = time.monotonic() - started
            print(f"{name}: {done} of {total} in {seconds:.1f} s", file=self.stream, flush=True)


class BarProgress:
    """A bar with counts, rate and time left."""

    def __init__(self, stream: TextIO):
        self.console = Console(file=stream)

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Advance]:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            RateColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
        )
        with Bars(*columns, console=self.console) as bars:
            task = bars.add_task(name, total=total or None)
            yield lambda done, total: bars.update(task, completed=done, total=total)


class RateColumn(ProgressColumn):
    """Items a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f}/s" if speed else "–/s")
