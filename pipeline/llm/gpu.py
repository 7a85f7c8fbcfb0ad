"""Layers on the GPU: as many as fit, and fewer where memory runs out all the same."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import TypeVar

import llama_cpp
from llama_cpp._ggml import libggml

from pipeline.errors import ModelError

Made = TypeVar("Made")
GPU_TYPES = (1, 2)  # ggml_backend_dev_type of ggml-backend.h: a card, and one that shares the main memory


def free_gpu_bytes() -> int:
    """Free memory of all cards that this build can use; 0 where there is none."""
    if not llama_cpp.llama_supports_gpu_offload():
        return 0
    return sum(free for kind, free in devices() if kind in GPU_TYPES)


def devices() -> list[tuple[int, int]]:
    """Type and free bytes of each device that llama.cpp knows (ggml-backend.h)."""
    get = declared("ggml_backend_dev_get", ctypes.c_void_p, ctypes.c_size_t)
    kind = declared("ggml_backend_dev_type", ctypes.c_int, ctypes.c_void_p)
    memory = declared("ggml_backend_dev_memory", None, ctypes.c_void_p, *[ctypes.POINTER(ctypes.c_size_t)] * 2)
    found = []
    for index in range(declared("ggml_backend_dev_count", ctypes.c_size_t)()):
        device, free, total = get(index), ctypes.c_size_t(), ctypes.c_size_t()
        memory(device, ctypes.byref(free), ctypes.byref(total))
        found.append((kind(device), free.value))
    return found


def declared(name: str, result: type | None, *arguments: type):
    """A function of ggml, which the binding does not declare."""
    function = getattr(libggml, name)
    function.restype, function.argtypes = result, arguments
    return function


def with_fewer(layers: int, make: Callable[[int], Made]) -> tuple[Made, list[str]]:
    """What `make` makes with `layers` on the GPU, else with half of them, … else with none, and a notice of that.

    Raises ModelError if it cannot be made without a GPU either.
    """
    tried, reasons = layers, []
    while True:
        try:
            made = make(tried)
        except ModelError as error:
            if not tried:
                raise
            reasons.append(str(error))
            tried //= 2
            continue
        return made, [f"{layers} layers do not fit on the GPU, {tried} run there ({reasons[0]})"] if reasons else []
