"""Feed one of the readers, the segmenter, the grounder or the writers with bytes that atheris makes up.

    python tools/fuzz.py volume                       for ten minutes
    python tools/fuzz.py volume -max_total_time=3600  any flag of libFuzzer

Wants the extra "fuzz" (pip install -e .[dev,fuzz]). What crashes, hangs or fills the memory is left
under build/fuzz/TARGET; mended, it goes to tests/fuzz/found/TARGET, where a test keeps it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

import atheris

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["pipeline"]):
    from tests.fuzz.targets import TARGETS, seeds

SECONDS = 10  # of processor time, from which on an input counts as a hang
# libFuzzer's own bound, on time by the clock, ends what never ends, also on a busy machine.
BOUNDS = ("-timeout=600", "-rss_limit_mb=2048", "-max_len=20000", "-max_total_time=600", "-print_final_stats=1")


def bounded(target: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """The target, which fails where it takes longer than SECONDS."""

    def run(data: bytes) -> None:
        started = process_time()
        target(data)
        if (took := process_time() - started) > SECONDS:
            raise TimeoutError(f"{took:.0f} s for {len(data)} bytes")

    return run


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in TARGETS:
        sys.exit(f"fuzz: name one of {', '.join(TARGETS)}")
    folder = ROOT / "build" / "fuzz" / name
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(name)):
        (folder / "corpus" / f"seed{number}").write_bytes(seed)
    flags = [f"-artifact_prefix={folder}/", *BOUNDS, *sys.argv[2:]]
    atheris.Setup([sys.argv[0], *flags, str(folder / "corpus")], bounded(TARGETS[name]))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
