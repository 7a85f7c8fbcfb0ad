import pytest

from pipeline.config import ModelConfig
from pipeline.errors import ModelError
from pipeline.llm.sizes import Shape, Sizes, layers_that_fit, shape_of, sizes_for

GEMMA = {
    "general.architecture": "gemma3",
    "general.name": "Gemma 3 270M",
    "gemma3.block_count": "18",
    "gemma3.embedding_length": "640",
    "gemma3.attention.head_count": "4",
    "gemma3.attention.head_count_kv": "1",
    "gemma3.attention.key_length": "256",
}
SMALL = Shape(layers=18, token_bytes=18_432, file_bytes=150_000_000)
LARGE = Shape(layers=64, token_bytes=262_144, file_bytes=20_000_000_000)
GB = 1_000_000_000


@pytest.mark.parametrize(
    "changes, token_bytes",
    [
        ({}, 18 * 256 * 2 * 2),
        ({"gemma3.attention.head_count_kv": "[1, 2, 1]"}, 18 * 2 * 256 * 2 * 2),  # the largest of the layers
        ({"gemma3.attention.key_length": "n/a"}, 18 * 160 * 2 * 2),  # heads share the width
        ({"gemma3.attention.head_count": "0"}, 0),  # a recurrent model
    ],
)
def test_what_a_token_of_context_takes(changes, token_bytes):
    assert shape_of(GEMMA | changes, 150) == Shape(18, token_bytes, 150)


def test_a_file_that_does_not_say_it_is_named():
    with pytest.raises(ModelError, match="does not say its block_count"):
        shape_of({"general.architecture": "gemma3"}, 150)


@pytest.mark.parametrize(
    "settings, shape, free, on_gpu, sizes",
    [
        ({}, SMALL, 8 * GB, False, Sizes(16, 8192, 512)),
        ({}, SMALL, 8 * GB, True, Sizes(32, 16384, 2048)),
        ({}, LARGE, 8 * GB, False, Sizes(16, 8192, 512)),  # 2.1 GB
        ({}, LARGE, 3 * GB, False, Sizes(8, 4096, 512)),
        ({}, LARGE, 1 * GB, False, Sizes(4, 2048, 512)),
        ({"sequences": 4}, SMALL, 8 * GB, False, Sizes(4, 2048, 512)),
        ({"sequences": 9}, LARGE, 3 * GB, False, Sizes(9, 4608, 512)),
        ({"context_tokens": 3000}, LARGE, 1, False, Sizes(16, 3000, 512)),  # as wished
        ({"sequences": 2, "context_tokens": 600, "batch_tokens": 64}, SMALL, GB, True, Sizes(2, 600, 64)),
    ],
)
def test_sizes_are_as_set_or_what_has_room(settings, shape, free, on_gpu, sizes):
    assert sizes_for(ModelConfig(**settings), shape, free, on_gpu) == sizes


def test_too_little_memory_is_said():
    with pytest.raises(ModelError, match="2048 tokens takes 536 MB and 300 MB are free; .* set model.context_tokens"):
        sizes_for(ModelConfig(), LARGE, 300_000_000, on_gpu=False)


@pytest.mark.parametrize("free, layers", [(0, 0), (1 * GB, 0), (12 * GB, 32), (100 * GB, 65)])
def test_as_many_layers_as_the_card_has_room_for(free, layers):
    assert layers_that_fit(LARGE, 8192, free) == layers
