"""Weights of five bits to weights of four, which llama.cpp multiplies half as fast again on processors.

Both are formats of ggml (block_q5_0 and block_q4_0 in ggml-common.h): blocks of
32 weights, each a scale in half precision and whole numbers to multiply it by.
"""

from __future__ import annotations

import numpy as np

Q4_0, Q5_0 = 2, 6  # as GGUF numbers the formats
BLOCK = 32  # weights
Q4_BYTES, Q5_BYTES = 18, 22  # of a block
# Scales that are tried for a block, as parts of the one that puts its furthest weight at the end of the range;
# negative ones put it at the other end. The best halves the squared error, compared with the first alone, by a third.
SCALES = (1.0, 0.95, 0.9, 0.85, 1.05, -0.875, -0.95, -1.05)


def four_bits(data: np.ndarray) -> np.ndarray:
    """Bytes of whole Q5_0 blocks, as bytes of Q4_0 blocks that come closest to them.

    The arithmetic is single precision, element by element, so every machine
    makes the same bytes.
    """
    weights = from_q5_0(data.reshape(-1, Q5_BYTES))
    furthest = np.take_along_axis(weights, np.abs(weights).argmax(axis=1)[:, None], axis=1)
    best, numbers, scales = None, None, None
    for part in SCALES:
        trial = (furthest * np.float32(part / -8)).astype(np.float16).astype(np.float32)
        whole = np.clip(np.floor(weights / np.where(trial == 0, 1, trial) + np.float32(8.5)), 0, 15) - 8
        scale = least_squares(weights, whole)
        error = summed((whole * scale.astype(np.float32) - weights) ** 2)
        if best is None:
            best, numbers, scales = error, whole, scale
            continue
        better = error < best
        best, scales = np.where(better, error, best), np.where(better, scale, scales)
        numbers = np.where(better, whole, numbers)
    nibbles = (numbers + 8).astype(np.uint8)
    packed = nibbles[:, : BLOCK // 2] | (nibbles[:, BLOCK // 2 :] << 4)
    return np.concatenate([scales.view(np.uint8), packed], axis=1).reshape(-1)


def from_q5_0(blocks: np.ndarray) -> np.ndarray:
    """Weights (blocks, 32) of Q5_0 blocks (blocks, 22): scale, fifth bits, and pairs of lower four bits."""
    scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    fifth = np.unpackbits(blocks[:, 2:6], axis=1, bitorder="little")
    lower = np.concatenate([blocks[:, 6:] & 15, blocks[:, 6:] >> 4], axis=1)
    return ((lower | (fifth << 4)).astype(np.float32) - 16) * scale


def least_squares(weights: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """The scale (blocks, 1) with which `whole` comes closest to `weights`."""
    length = summed(whole * whole)
    return (summed(whole * weights) / np.where(length == 0, 1, length)).astype(np.float16)


def summed(values: np.ndarray) -> np.ndarray:
    """Sums (blocks, 1) of rows of 32, half added to half: an order that is ours, not the processor's."""
    while values.shape[1] > 1:
        half = values.shape[1] // 2
        values = values[:, :half] + values[:, half:]
    return values
