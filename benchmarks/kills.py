"""Fifty runs, each killed at a random moment of one of the stages, and what the next run of the same command leaves.

    python -m benchmarks.kills         the table
    python -m benchmarks.kills 500     other numbers of kills

The moments are the same each time.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from tests.test_resume import STAGES, Scene, moments, recovered, steps_of_stages

KILLS = 50


def main(kills: int) -> int:
    """Print kills and recoveries of each stage; 1 if a run was not recovered."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        scenes = (Scene(patch, Path(tempfile.mkdtemp(dir=folder))) for _ in iter(int, 1))
        files, steps = next(scenes).run(), steps_of_stages(next(scenes))
        tried, sound = Counter(), Counter()
        for scene, (stage, step) in zip(scenes, moments(steps, kills, seed=9), strict=False):
            tried[stage] += 1
            sound[stage] += recovered(scene, files, stage, step)
    print(f"{'stage':<16}{'steps':>6}{'kills':>6}{'recovered':>10}")
    for stage in STAGES:
        print(f"{stage:<16}{steps[stage]:>6}{tried[stage]:>6}{sound[stage]:>10}")
    print(f"{'all':<16}{steps.total():>6}{tried.total():>6}{sound.total():>10}")
    return int(tried.total() != sound.total())


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else KILLS))
