"""Gemma 3 in torch, its frozen weights read from the GGUF that the product runs.

The adapter is trained on the dequantised weights, so it learns to work with
the very numbers that llama.cpp multiplies, quantisation error included.
Architecture: Gemma 3 technical report (arXiv 2503.19786) and llama.cpp's
`gemma3` graph, which this must match for the exported adapter to mean the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import gguf
import torch
from torch import nn
from torch.nn import functional as F

# GGUF tensor name of each linear layer in a block; LoRA sits on all seven.
LINEAR = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")
GLOBAL_EVERY = 6  # each sixth block attends to everything, the others to a window
LOCAL_ROPE_BASE = 10_000.0


@dataclass(frozen=True)
class Shape:
    """Sizes of the model, as the GGUF states them."""

    blocks: int
    width: int
    heads: int
    head_size: int
    window: int
    rope_base: float
    epsilon: float


class LoraLinear(nn.Module):
    """A frozen linear layer plus `alpha / rank · B A` (LoRA, arXiv 2106.09685)."""

    def __init__(self, weight: torch.Tensor, rank: int, alpha: float):
        super().__init__()
        out_size, in_size = weight.shape
        self.register_buffer("weight", weight, persistent=False)
        self.scale = alpha / rank if rank else 0.0
        self.rank = rank
        if rank:
            self.a = nn.Parameter(torch.randn(rank, in_size) / math.sqrt(in_size))
            self.b = nn.Parameter(torch.zeros(out_size, rank))

    def forward(self, x):
        y = F.linear(x, self.weight)
        if self.rank:
            y = y + F.linear(F.linear(x, self.a), self.b) * self.scale
        return y


class Block(nn.Module):
    """One transformer block: attention and gated feed-forward, normed on both sides."""

    def __init__(self, index: int, shape: Shape, tensors: dict, rank: int, alpha: float):
        super().__init__()
        self.shape = shape
        self.is_global = (index + 1) % GLOBAL_EVERY == 0
        self.linear = nn.ModuleDict(
            {name: LoraLinear(tensors[f"blk.{index}.{name}.weight"], rank, alpha) for name in LINEAR}
        )
        for name in ("attn_norm", "attn_q_norm", "attn_k_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm"):
            self.register_buffer(name, tensors[f"blk.{index}.{name}.weight"], persistent=False)

    def norm(self, x, weight):
        return F.rms_norm(x, (x.shape[-1],), weight, self.shape.epsilon)

    def forward(self, x, rope, mask):
        s = self.shape
        batch, length, _ = x.shape
        h = self.norm(x, self.attn_norm)
        q = self.linear["attn_q"](h).view(batch, length, s.heads, s.head_size).transpose(1, 2)
        k = self.linear["attn_k"](h).view(batch, length, 1, s.head_size).transpose(1, 2)
        v = self.linear["attn_v"](h).view(batch, length, 1, s.head_size).transpose(1, 2)
        q, k = rotate(self.norm(q, self.attn_q_norm), rope), rotate(self.norm(k, self.attn_k_norm), rope)
        k, v = k.expand(-1, s.heads, -1, -1), v.expand(-1, s.heads, -1, -1)
        h = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, scale=s.head_size**-0.5)
        h = self.linear["attn_output"](h.transpose(1, 2).reshape(batch, length, s.heads * s.head_size))
        x = x + self.norm(h, self.post_attention_norm)
        h = self.norm(x, self.ffn_norm)
        h = F.gelu(self.linear["ffn_gate"](h), approximate="tanh") * self.linear["ffn_up"](h)
        return x + self.norm(self.linear["ffn_down"](h), self.post_ffw_norm)


class Gemma(nn.Module):
    """The whole model; `forward` gives final hidden states, `logits` the words they choose."""

    def __init__(self, path: Path, rank: int, alpha: float, lora_from: int = 0):
        """LoRA sits on blocks `lora_from` and above; below it nothing is trained."""
        super().__init__()
        reader = gguf.GGUFReader(path)
        number = lambda key: reader.fields[f"gemma3.{key}"].contents()
        self.shape = Shape(
            blocks=number("block_count"),
            width=number("embedding_length"),
            heads=number("attention.head_count"),
            head_size=number("attention.key_length"),
            window=number("attention.sliding_window"),
            rope_base=number("rope.freq_base"),
            epsilon=number("attention.layer_norm_rms_epsilon"),
        )
        tensors = {t.name: dequantised(t) for t in reader.tensors}
        self.lora_from = lora_from
        self.register_buffer("embedding", tensors["token_embd.weight"], persistent=False)
        self.register_buffer("output_norm", tensors["output_norm.weight"], persistent=False)
        self.blocks = nn.ModuleList(
            Block(i, self.shape, tensors, rank if i >= lora_from else 0, alpha) for i in range(self.shape.blocks)
        )

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Final hidden states, (batch, length, width), of right-padded token ids (batch, length)."""
        length = tokens.shape[1]
        ropes = (
            rope_table(length, self.shape.head_size, LOCAL_ROPE_BASE),
            rope_table(length, self.shape.head_size, self.shape.rope_base),
        )
        distance = torch.arange(length)[:, None] - torch.arange(length)[None, :]
        masks = (distance >= 0) & (distance < self.shape.window), distance >= 0
        with torch.no_grad():
            x = F.embedding(tokens, self.embedding) * math.sqrt(self.shape.width)
            for block in self.blocks[: self.lora_from]:
                x = block(x, ropes[block.is_global], masks[block.is_global])
        for block in self.blocks[self.lora_from :]:
            x = block(x, ropes[block.is_global], masks[block.is_global])
        return F.rms_norm(x, (self.shape.width,), self.output_norm, self.shape.epsilon)

    def logits(self, hidden: torch.Tensor, words: torch.Tensor | None = None) -> torch.Tensor:
        """Scores of `words` (token ids; all of the vocabulary if None) after hidden states (…, width)."""
        rows = self.embedding if words is None else self.embedding[words]
        return F.linear(hidden, rows)

    def adapter(self) -> list[nn.Parameter]:
        """The parameters that training changes."""
        return [p for p in self.parameters() if p.requires_grad]


def load_adapter(model: Gemma, path: Path) -> None:
    """Set the LoRA to that of a GGUF adapter that `save_adapter` wrote."""
    tensors = {t.name: torch.from_numpy(t.data.copy()).float() for t in gguf.GGUFReader(path).tensors}
    with torch.no_grad():
        for index, block in enumerate(model.blocks):
            for layer, linear in block.linear.items():
                if linear.rank:
                    for half in ("a", "b"):
                        getattr(linear, half).copy_(tensors[f"blk.{index}.{layer}.weight.lora_{half}"])


def dequantised(tensor) -> torch.Tensor:
    return torch.from_numpy(gguf.dequantize(tensor.data, tensor.tensor_type).copy()).float()


def rope_table(length: int, size: int, base: float):
    """Cosines and sines (length, size) of rotary position embedding, NeoX layout."""
    frequencies = base ** (-torch.arange(0, size, 2).float() / size)
    angles = torch.arange(length).float()[:, None] * frequencies[None, :]
    angles = torch.cat([angles, angles], dim=-1)
    return angles.cos(), angles.sin()


def rotate(x, rope):
    cos, sin = rope
    left, right = x.chunk(2, dim=-1)
    return x * cos + torch.cat([-right, left], dim=-1) * sin


def save_adapter(model: Gemma, path: Path, name: str, alpha: float) -> None:
    """Write the LoRA as a GGUF adapter that llama.cpp loads (f16)."""
    writer = gguf.GGUFWriter(path, "gemma3")
    writer.add_type("adapter")
    writer.add_name(name)
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    for index, block in enumerate(model.blocks):
        for layer, linear in block.linear.items():
            if linear.rank:
                for half in ("a", "b"):
                    values = getattr(linear, half).detach().half().numpy()
                    writer.add_tensor(f"blk.{index}.{layer}.weight.lora_{half}", values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
