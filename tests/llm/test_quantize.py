"""Five bits to four, against blocks worked out by hand."""

import numpy as np

from pipeline.llm.quantize import Q4_BYTES, Q5_BYTES, four_bits, from_q5_0


def q5_block(scale, numbers):
    """A Q5_0 block: its scale, and 32 whole numbers from -16 to 15."""
    raised = np.array(numbers) + 16
    fifth = np.packbits((raised >> 4).astype(np.uint8), bitorder="little")
    lower = (raised[:16] & 15) | ((raised[16:] & 15) << 4)
    return np.concatenate([np.float16([scale]).view(np.uint8), fifth, lower.astype(np.uint8)])


def q4_weights(data):
    blocks = data.reshape(-1, Q4_BYTES)
    scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    return (np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - 8) * scale


def test_a_block_of_five_bits_is_read():
    numbers = [*range(-16, 16)]
    block = q5_block(0.5, numbers)
    assert len(block) == Q5_BYTES
    assert from_q5_0(block[None]).tolist() == [[n / 2 for n in numbers]]


def test_weights_that_four_bits_can_hold_stay_exact():
    held = [n * 2 for n in (*range(-8, 8), *range(-8, 8))]
    made = four_bits(np.concatenate([q5_block(0.25, held), q5_block(0.0, [3] * 32)]))
    assert q4_weights(made).tolist() == [[n / 4 for n in held], [0.0] * 32]


def test_the_error_is_smaller_than_with_the_plain_scale():
    blocks = [q5_block(0.1, np.random.default_rng(seed).integers(-16, 16, 32)) for seed in range(200)]
    weights = from_q5_0(np.stack(blocks))
    furthest = np.take_along_axis(weights, np.abs(weights).argmax(axis=1)[:, None], axis=1)
    plain = np.clip(np.round(weights / (furthest / -8)), -8, 7) * (furthest / -8)
    error = lambda made: float(((made - weights) ** 2).sum())
    assert error(q4_weights(four_bits(np.concatenate(blocks)))) < 0.8 * error(plain)
