"""Damage as PDF conversion does it, so that the reader does not learn a layout by heart."""

from __future__ import annotations

import random
import re

GLYPHS = "•·●◆■✓►–—-*○▪"
LEADING_GLYPH = re.compile(rf"^([{re.escape(GLYPHS)}]|——)\s*")
LEADING_MARK = re.compile(r"^#{1,6}\s+")
HALF_WIDTH = str.maketrans("，；：（）", ",;:()")


def damaged(lines: tuple[str, ...], chance: float, rng: random.Random) -> list[str]:
    """The lines of one paper, each kind of damage done to all of them or to none."""
    lose_marks, lose_bold, swap_glyph, half_width, relevel = (rng.random() < chance for _ in range(5))
    glyph = rng.choice(GLYPHS)
    result = []
    for line in lines:
        if lose_marks:
            line = LEADING_MARK.sub("", line)
        elif relevel:
            line = LEADING_MARK.sub("#" * rng.randint(1, 4) + " ", line)
        if lose_bold:
            line = line.replace("**", "")
        if swap_glyph:
            line = LEADING_GLYPH.sub(f"{glyph} ", line)
        if half_width:
            line = line.translate(HALF_WIDTH)
        result.append(line or ".")
    return result
