"""What fuzzing once broke holds: inputs that atheris found, each as it was found."""

from pathlib import Path
from time import process_time

import pytest

from tests.fuzz.targets import TARGETS, seeds

SECONDS = 10  # of processor time
FOUND = sorted(path for path in (Path(__file__).parent / "found").glob("*/*"))


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_found_does_no_harm_any_more(path):
    started = process_time()
    TARGETS[path.parent.name](path.read_bytes())
    assert process_time() - started < SECONDS


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_every_target_takes_its_seeds(target):
    for seed in seeds(target):
        TARGETS[target](seed)
