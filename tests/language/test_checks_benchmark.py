"""The benchmark of the checks: what they reach on it is not given up unseen."""

import pytest

from benchmarks.verifier import judged, precision, recall, share

LEAST = {"dev": (0.93, 0.98), "test": (0.88, 0.92)}  # recall and precision, as reached and rounded down


@pytest.fixture(scope="module")
def rows():
    return judged()


@pytest.mark.parametrize("part", LEAST)
def test_the_checks_reach_what_they_reached(rows, part):
    of_part = [row for row in rows if row.part == part]
    reached = share(*recall(of_part)), share(*precision(of_part))
    assert all(figure >= least for figure, least in zip(reached, LEAST[part], strict=True)), reached


def test_no_row_stands_twice_and_half_are_right(rows):
    assert len({(row.evidence, row.statement) for row in rows}) == len(rows)
    assert 0.4 < share(sum(not row.fault for row in rows), len(rows)) < 0.6
