"""The theme of a recommendation: what the reader saw in its lines, and what the words of its beginning say.

The reader knows the paper and takes its subject for the theme too often: to it
insurance for a robot is about robots. A linear model that sees nothing but the
first words, where the instrument stands, makes up for that. Its features are
hashed (Weinberger and others, Feature Hashing, ICML 2009), so its weights are
one small table, models/reader/themes.bin, made by training/train_themes.py.
"""

from __future__ import annotations

import re
import struct
import tomllib
import zlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from pathlib import Path

from pipeline.errors import ModelError

BEGINNING = 120  # characters that the words are taken from
ROWS = 1 << 15  # of the table; features that share a row are rare enough
WEIGHT = 1.5  # of the words against the reader, chosen on volumes that neither was trained on
STEM = 5  # letters that words of one stem share
SIXTEENTHS = 16  # in which rarity is counted
FLOOR = 1e-6  # a probability of the reader's is at least this
RESTORE = "restore it: git checkout -- models"
CHINESE = re.compile("[\u4e00-\u9fff]+")
LATIN = re.compile("[a-z][a-z-]+")


@dataclass(frozen=True, slots=True)
class ThemeWords:
    """Weights of features, and what each theme has from the start.

    A row of the table is a feature's rarity (its inverse document frequency, in sixteenths) and its weight for
    each theme, times its rarity.
    """

    themes: tuple[str, ...]
    bias: tuple[float, ...]
    scale: float  # of a whole number in `weights`
    table: Sequence[int]  # ROWS rows of 1 + themes

    def log_probabilities(self, text: str) -> dict[str, float]:
        """The natural logarithm of each theme's probability by the beginning of a text."""
        width = len(self.themes) + 1
        rows = [self.table[row * width : (row + 1) * width] for row in feature_rows(text)]
        length = sqrt(sum(rarity * rarity for rarity, *_ in rows)) / SIXTEENTHS or 1.0
        totals = [sum(column) for column in zip(*rows, strict=True)][1:] or [0] * len(self.themes)
        scores = [bias + self.scale * total / length for bias, total in zip(self.bias, totals, strict=True)]
        top = max(scores)
        total = top + log(sum(exp(score - top) for score in scores))
        return {theme: score - total for theme, score in zip(self.themes, scores, strict=True)}

    def likeliest(self, read: Sequence[Mapping[str, float]], text: str) -> str:
        """The theme of a recommendation whose lines the reader gave these probabilities."""
        words = self.log_probabilities(text)
        seen = {theme: sum(line[theme] for line in read) / len(read) for theme in read[0]}
        return max(seen, key=lambda theme: log(max(FLOOR, seen[theme])) + WEIGHT * words[theme])


def feature_rows(text: str) -> list[int]:
    """The rows of a text's features: runs of one to three Chinese characters, English words, their stems
    and pairs of words."""
    text = text[:BEGINNING].lower()
    runs = CHINESE.findall(text)
    features = {run[at : at + size] for run in runs for size in (1, 2, 3) for at in range(len(run) - size + 1)}
    words = LATIN.findall(text)
    features |= {*words, *map(" ".join, zip(words, words[1:], strict=False)), *(word[:STEM] + "-" for word in words)}
    return sorted(zlib.crc32(feature.encode()) % ROWS for feature in features)


def load_theme_words(reader: Path) -> ThemeWords:
    """The table in the reader's folder, themes.bin: a float a theme, the scale, and the rows in signed bytes.

    The themes are those of labels.toml beside it. Raises ModelError if a file cannot be read or they do not fit.
    """
    path = reader / "themes.bin"
    try:
        themes = tuple(tomllib.loads((reader / "labels.toml").read_text(encoding="utf-8"))["theme"])
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{reader / 'labels.toml'}: cannot read the themes ({error}); {RESTORE}") from error
    head = struct.Struct(f"<{len(themes) + 1}f")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: cannot read the words of the themes ({error.strerror}); {RESTORE}") from error
    if len(data) != head.size + ROWS * (1 + len(themes)):
        raise ModelError(f"{path}: is not a table for {len(themes)} themes; {RESTORE}")
    *bias, scale = head.unpack_from(data)
    return ThemeWords(themes, tuple(bias), scale, array("b", data[head.size :]))
