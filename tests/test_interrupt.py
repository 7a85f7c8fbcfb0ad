"""Ctrl-C: what it leaves on standard error, and how soon."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

OPENING = """
import ctypes, os, signal, sys, threading, time
from pipeline.interrupt import interruptible
libc = ctypes.CDLL(None)
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it for what runs in the background
def interrupt():
    time.sleep(0.2)
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=interrupt, daemon=True).start()
try:
    with interruptible("stopped"):
"""
CLOSING = """
except KeyboardInterrupt:
    print("stopped", file=sys.stderr)
    sys.exit(130)
"""
WORK = {
    "Python": "while True: time.sleep(0.01)",
    "native code": "libc.sleep(60)",  # which Python cannot interrupt, as a step of a large model
    "a callback": """
        @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
        def callback(one, other):
            time.sleep(0.5)
            return 0
        libc.qsort(ctypes.create_string_buffer(16), 16, 1, callback)
        time.sleep(60)""",
}


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("work", WORK)
def test_an_interrupt_ends_any_work_with_one_line(work):
    since = time.monotonic()
    program = f"{OPENING}        {WORK[work].lstrip()}\n{CLOSING}"
    child = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert (child.returncode, child.stderr) == (130, "stopped\n")
    assert time.monotonic() - since < 30  # two seconds, but for what else the machine does
