"""Train the words of themes: which theme the beginning of a recommendation speaks for.

    python -m training.train_themes --volumes FOLDER --hold-out NAME… --out models/reader

Logistic regression (scikit-learn) over the features of pipeline/stages/theme.py,
on annotated recommendations and on the project's own. Takes seconds.
"""

from __future__ import annotations

import argparse
import struct
import sys
import tomllib
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from pipeline.stages.theme import ROWS, SIXTEENTHS, feature_rows, load_theme_words
from training.annotations import LabelledPaper, labelled_papers, own_rows

STRENGTH = 10.0  # inverse of the regularisation


def main() -> None:
    options = arguments()
    themes = list(tomllib.loads((options.out / "labels.toml").read_text(encoding="utf-8"))["theme"])
    train, held_out = [(text.replace("\\n", "\n"), theme) for theme, _, text in own_rows()], {}
    for folder in sorted(options.volumes.glob("*/gold")):
        found = sum(map(beginnings, labelled_papers(folder.parent / "VOLUME.md", folder)), [])
        if folder.parent.name in options.hold_out:
            held_out[folder.parent.name] = found
        else:
            train += found
    texts, wanted = zip(*train, strict=True)
    rows = [feature_rows(text) for text in texts]
    rarity = rarities(rows)
    model = LogisticRegression(C=STRENGTH, max_iter=500).fit(table(rows, rarity), [themes.index(t) for t in wanted])
    write(options.out / "themes.bin", model, rarity)
    words = load_theme_words(options.out)
    print(f"{len(texts)} recommendations")
    for name, pairs in held_out.items():
        right = sum(max(p := words.log_probabilities(text), key=p.get) == theme for text, theme in pairs)
        print(f"{name:10} {right / len(pairs):.2f} of {len(pairs)}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--volumes", type=Path, required=True, help="folder of folders with VOLUME.md and gold/")
    parser.add_argument("--hold-out", nargs="*", default=[], help="folders to measure on, never to train on")
    parser.add_argument("--out", type=Path, required=True, help="folder with labels.toml; the table goes there")
    return parser.parse_args()


def beginnings(paper: LabelledPaper) -> list[tuple[str, str]]:
    """(Text, theme) of each recommendation of a paper."""
    found: list[tuple[str, str]] = []
    for line, theme, kind in zip(paper.lines, paper.theme, paper.kind, strict=True):
        if theme and kind == "begins":
            found.append((line, theme))
        elif theme and kind == "continues":
            found[-1] = (f"{found[-1][0]}\n{line}", theme)
    return found


def rarities(texts: list[list[int]]) -> np.ndarray:
    """The inverse document frequency of each row (Spärck Jones, 1972), in whole sixteenths as the table has it."""
    held = np.bincount([row for rows in texts for row in set(rows)], minlength=ROWS)
    whole = np.round((np.log((1 + len(texts)) / (1 + held)) + 1) * SIXTEENTHS)
    return np.minimum(whole, 127) / SIXTEENTHS


def table(texts: list[list[int]], rarity: np.ndarray) -> csr_matrix:
    """Features of the texts by their rarity, each row of length 1."""
    values = [rarity[rows] / np.sqrt(np.sum(rarity[rows] ** 2) or 1) for rows in texts]
    ends = np.cumsum([0, *map(len, texts)])
    return csr_matrix((np.concatenate(values), np.concatenate(texts).astype(int), ends), shape=(len(texts), ROWS))


def write(path: Path, model: LogisticRegression, rarity: np.ndarray) -> None:
    """The table in a byte a number, as pipeline/stages/theme.py reads it."""
    weights = model.coef_.T * rarity[:, None]
    scale = float(np.abs(weights).max() / 127)
    head = struct.pack(f"<{len(model.intercept_) + 1}f", *model.intercept_, scale)
    rows = np.column_stack([rarity * SIXTEENTHS, np.round(weights / scale)])
    path.write_bytes(head + rows.astype(np.int8).tobytes())


if __name__ == "__main__":
    sys.exit(main())
