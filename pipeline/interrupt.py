"""Ctrl-C while native code runs.

Python raises KeyboardInterrupt between two of its own steps, and one step of a
large model, or loading it, takes many seconds. A thread of its own hears of
the signal at once and ends the process if the main thread does not in time.
That loses nothing: every file that we keep is whole or not there.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

STATUS = 130  # as a shell reports an interrupt
SECONDS = 1.5  # for the main thread to end by itself
SHOW_CURSOR = "\x1b[?25h"  # which a progress bar hides until it ends


@contextmanager
def interruptible(line: str) -> Iterator[None]:
    """Let Ctrl-C end the block by KeyboardInterrupt or else, soon, the process with `line` on standard error.

    For the main thread only, as Python's signals are.
    """
    heard, told = os.pipe()
    os.set_blocking(told, False)
    ended = Event()

    def watch() -> None:
        if os.read(heard, 1) and not ended.wait(SECONDS):
            print(f"{SHOW_CURSOR if sys.stderr.isatty() else ''}{line}", file=sys.stderr, flush=True)
            os._exit(STATUS)
        os.close(heard)

    def lost(fault) -> None:
        """An interrupt that falls into a callback of native code goes no further; `watch` ends the process."""
        if not issubclass(fault.exc_type, KeyboardInterrupt):
            hook(fault)

    hook, sys.unraisablehook = sys.unraisablehook, lost
    before = signal.set_wakeup_fd(told)
    Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        ended.set()
        signal.set_wakeup_fd(before)
        sys.unraisablehook = hook
        os.close(told)
