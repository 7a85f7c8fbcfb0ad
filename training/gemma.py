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
import torch._dynamo
from torch import nn
from torch.nn import functional as F

# GGUF tensor name of each linear layer in a block; LoRA sits on all seven.
LINEAR = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")
GLOBAL_EVERY = 6  # each sixth block attends to everything, the others to a window
LOCAL_ROPE_BASE = 10_000.0
# A block is compiled for each way that it is called (with and without LoRA, mask and gradient), all of them here.
torch._dynamo.config.recompile_limit = 64


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
        h = attention(q, k, v, None) if mask is None else local_attention(q, k, v, mask)
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
        masks = local_mask(length, self.shape.window) if length > self.shape.window else None, None
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


def attention(q, k, v, mask):
    """Attention of queries to keys plus `mask`, and without one to those before; all are (…, length, size)."""
    return F.scaled_dot_product_attention(q, k, v, mask, is_causal=mask is None, scale=q.shape[-1] ** -0.5)


def local_mask(length: int, window: int) -> torch.Tensor:
    """0 where a query of a local block may see a key, else -inf: (blocks, window, 2 window).

    A block of queries sees its own keys and those of the block before.
    """
    at = torch.arange(window)
    distance = at[:, None] + window - torch.arange(2 * window)[None, :]
    seen = ((distance >= 0) & (distance < window)).repeat(-(-length // window), 1, 1)
    seen[0, :, :window] = False  # nothing stands before the first
    return torch.zeros(seen.shape).masked_fill(~seen, -torch.inf)


def local_attention(q, k, v, mask):
    """Attention to the last `window` keys, in blocks: its cost grows with the length, not with its square."""
    blocks, window, _ = mask.shape
    length = q.shape[-2]
    pad = lambda x: F.pad(x, (0, 0, 0, blocks * window - length)).unflatten(-2, (blocks, window))
    with_before = lambda x: torch.cat([F.pad(x, (0, 0, 0, 0, 1, 0))[..., :-1, :, :], x], dim=-2)
    result = attention(pad(q), with_before(pad(k)), with_before(pad(v)), mask)
    return result.flatten(-3, -2)[..., :length, :]


def load_adapter(model: Gemma, path: Path) -> None:
    """Set the LoRA to that of a GGUF adapter, of the same rank or a smaller one.

    Of a larger rank the rest stays as it was made: A random and B zero, so both mean the same.
    """
    tensors = read_adapter(path)
    with torch.no_grad():
        for name, parameter in adapter_parameters(model).items():
            rows, columns = tensors[name].shape
            parameter[:rows, :columns].copy_(tensors[name])


def save_adapter(model: Gemma, path: Path, name: str, alpha: float) -> None:
    """Write the LoRA as a GGUF adapter that llama.cpp loads."""
    write_adapter(path, {key: value.detach() for key, value in adapter_parameters(model).items()}, name, alpha)


def adapter_parameters(model: Gemma) -> dict[str, nn.Parameter]:
    """Both matrices of every layer's LoRA, by their names in GGUF."""
    return {
        f"blk.{index}.{layer}.weight.lora_{half}": getattr(linear, half)
        for index, block in enumerate(model.blocks)
        for layer, linear in block.linear.items()
        if linear.rank
        for half in ("a", "b")
    }


def read_adapter(path: Path) -> dict[str, torch.Tensor]:
    """The matrices of a GGUF adapter."""
    return {t.name: torch.from_numpy(t.data.copy()).float() for t in gguf.GGUFReader(path).tensors}


def write_adapter(path: Path, tensors: dict[str, torch.Tensor], name: str, alpha: float) -> None:
    """Write matrices as a GGUF adapter (f16)."""
    writer = gguf.GGUFWriter(path, "gemma3")
    writer.add_type("adapter")
    writer.add_name(name)
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    for key, values in tensors.items():
        writer.add_tensor(key, values.half().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


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
