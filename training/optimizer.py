"""How both adapters are optimised: AdamW, a short warm-up, a cosine down."""

from __future__ import annotations

import math

import torch

from training.gemma import Gemma

RATE = 5e-4
WARM_UP = 0.04  # of all steps
FLOOR = 0.05  # of the rate, at the end


class Optimizer:
    """Changes a model's adapter, one loss at a time, over `steps` steps."""

    def __init__(self, model: Gemma, steps: int):
        self.parameters = model.adapter()
        self.adamw = torch.optim.AdamW(self.parameters, lr=RATE, weight_decay=0.01, betas=(0.9, 0.98))
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.adamw, lambda step: warm_cosine(step, steps))

    def step(self, loss: torch.Tensor) -> float:
        """Go down the gradient of `loss`; its value."""
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.adamw.step()
        self.adamw.zero_grad()
        self.schedule.step()
        return loss.item()


def warm_cosine(step: int, steps: int) -> float:
    """The rate as a fraction: up over WARM_UP of the steps, then half a cosine down to FLOOR."""
    warm = max(1, int(steps * WARM_UP))
    if step < warm:
        return (step + 1) / warm
    done = min(1.0, (step - warm) / max(1, steps - warm))
    return FLOOR + (1 - FLOOR) * (1 + math.cos(math.pi * done)) / 2
