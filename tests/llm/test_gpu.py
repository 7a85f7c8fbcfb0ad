import pytest

from pipeline.errors import ModelError
from pipeline.llm.gpu import devices, free_gpu_bytes, with_fewer


def maker(most):
    """Makes anything that has at most so many layers on the GPU; keeps what it was asked for."""
    asked = []

    def make(layers):
        asked.append(layers)
        if layers > most:
            raise ModelError(f"out of memory with {layers}")
        return "made"

    return make, asked


def test_what_fits_is_made_at_once_without_a_notice():
    make, asked = maker(most=33)
    assert with_fewer(33, make) == ("made", [])
    assert asked == [33]


@pytest.mark.parametrize(
    "most, asked, runs", [(20, [33, 16], 16), (1, [33, 16, 8, 4, 2, 1], 1), (0, [33, 16, 8, 4, 2, 1, 0], 0)]
)
def test_out_of_memory_means_fewer_layers_and_a_notice(most, asked, runs):
    make, seen = maker(most)
    assert with_fewer(33, make) == (
        "made",
        [f"33 layers do not fit on the GPU, {runs} run there (out of memory with 33)"],
    )
    assert seen == asked


def test_what_fails_without_a_gpu_too_is_the_fault():
    make, _ = maker(most=-1)
    with pytest.raises(ModelError, match="out of memory with 0"):
        with_fewer(2, make)


def test_the_processor_is_a_device_and_its_memory_is_none_of_a_gpu():
    found = devices()
    assert 0 in [kind for kind, _ in found]
    assert free_gpu_bytes() <= sum(free for kind, free in found if kind)
