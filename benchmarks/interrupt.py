"""How soon Ctrl-C ends a run, and with what words, in each of its stages and with the model of config.toml.

    python -m benchmarks.interrupt                     the sample volume
    python -m benchmarks.interrupt volume.md --late 2  another volume; two seconds into each stage

Each row is a run of its own that goes on with what those before it kept, so the stages come one by one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLE = Path("samples/volume.md")
MOMENTS = (  # a line of progress or a file, either of which a stage begins with
    "UNFINISHED",
    "reading lines …",
    "digesting chunks …",
    "summarising papers …",
    "wording recommendations …",
    "translating statements …",
    "source.txt",
    "recommendations.xlsx",
    "brief.zh.docx",
)
POLL = 0.005  # seconds


def interrupted(volume: Path, folder: Path, moment: str, late: float) -> tuple[float, int, str]:
    """Seconds from Ctrl-C to the end, exit status, and the last line on standard error."""
    out, errors = folder / "out", folder / "errors"
    shutil.rmtree(out, ignore_errors=True)
    command = [sys.executable, "-m", "pipeline", "run", str(volume), "--out", str(out)]
    environment = os.environ | {"BRIEFING_CACHE_FOLDER": str(folder)}
    with errors.open("w") as stream:
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stream, env=environment)
    while child.poll() is None and not (moment in errors.read_text(encoding="utf-8") or (out / moment).exists()):
        time.sleep(POLL)
    time.sleep(late)
    since = time.monotonic()
    child.send_signal(signal.SIGINT)
    status = child.wait()
    seconds = time.monotonic() - since
    lines = errors.read_text(encoding="utf-8").splitlines()
    return seconds, status, lines[-1] if lines else ""


def main() -> None:
    """Print a line for each moment."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("volume", type=Path, nargs="?", default=SAMPLE)
    parser.add_argument("--late", type=float, default=0.3, metavar="SECONDS", help="after the moment (default: 0.3)")
    options = parser.parse_args()
    print(f"{'moment':<28}{'seconds':>8}{'status':>7}  last line", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for moment in MOMENTS:
            seconds, status, told = interrupted(options.volume, Path(folder), moment, options.late)
            print(f"{moment:<28}{seconds:>8.2f}{status:>7}  {told}", flush=True)


if __name__ == "__main__":
    main()
