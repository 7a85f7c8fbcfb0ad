"""Choose the tokens that the embedded model keeps, and write models/vocabulary.bin.

    python -m training.vocabulary

Most of the base model's 262,144 tokens belong to scripts that never occur here,
yet each costs a row of the output head at every step. Kept are the tokens that
Chinese and English text is made of, and every token that comes about while a
common word is put together: so these are cut into the same tokens as before.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from unicodedata import category

import gguf
import numpy as np
from wordfreq import top_n_list

from pipeline.language.glyphs import GLYPHS
from pipeline.llm.embedded import VOCABULARY, base_model, digest
from pipeline.llm.trim import write_trimmed

ROOT = Path(__file__).parent.parent
TEXTS = (*ROOT.glob("prompts/**/*.*"), *ROOT.glob("models/*/*.toml"), *ROOT.glob("training/sentences/*.tsv"))
WORDS, BARE = 60_000, 20_000  # the most frequent words of English behind a blank, and behind anything else
MULTIPLE = 32  # the fastest kernels of llama.cpp take rows in groups, of 32 at most

NORMAL, CONTROL, USER_DEFINED, BYTE = 1, 3, 4, 6  # types of tokens in GGUF
CONTROLS = {"<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "<start_of_turn>", "<end_of_turn>"}
BLANK = "▁"  # how a token writes a blank
WORD = re.compile(f"{BLANK}?[A-Za-z]{{2,}}")
ABBREVIATION = re.compile(f"{BLANK}?[A-Z]{{2,3}}")
CHINESE = re.compile("[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff65\U00020000-\U0003ffff]")
ACCENTED_OR_GREEK = re.compile("[À-ɏ\u0370-\u03ff]")


def main() -> None:
    with TemporaryDirectory() as folder:
        base, made = base_model(Path(folder)), Path(folder) / "trimmed.gguf"
        fields = gguf.GGUFReader(base).fields
        tokens, types, scores = (
            fields[f"tokenizer.ggml.{name}"].contents() for name in ("tokens", "token_type", "scores")
        )
        keep = chosen(tokens, types, scores)
        VOCABULARY.write_bytes(np.packbits(keep).tobytes())
        write_trimmed(base, VOCABULARY, made)
        print(f"{sum(keep)} of {len(keep)} tokens; in pipeline/llm/embedded.py, let SHA256 be {digest(made)}")


def chosen(tokens: list[str], types: list[int], scores: list[float]) -> list[bool]:
    """Whether each token is kept; the most frequent of the other words fill it up to a MULTIPLE."""
    ranks = {token: score for token, kind, score in zip(tokens, types, scores, strict=True) if kind == NORMAL}
    made = {step for text in texts() for step in steps(text, ranks)}
    keep = [useful(token, kind) or token in made for token, kind in zip(tokens, types, strict=True)]
    others = [at for at, token in enumerate(tokens) if not keep[at] and WORD.fullmatch(token)]
    for at in others[: -sum(keep) % MULTIPLE]:
        keep[at] = True
    return keep


def texts() -> Iterator[str]:
    """What must be cut as before."""
    words = [word for word in top_n_list("en", WORDS) if word.isascii() and word.isalpha()]
    for rank, word in enumerate(words):
        for form in (word, word.capitalize()):
            yield BLANK + form
            if rank < BARE:
                yield form
    for path in TEXTS:
        yield from path.read_text(encoding="utf-8").splitlines()
    yield from GLYPHS


def steps(text: str, ranks: dict[str, float]) -> set[str]:
    """The tokens that come about while llama.cpp cuts `text`: time and again, the best two neighbours are joined."""
    pieces = list(text.replace(" ", BLANK))
    made = set(pieces)
    while joins := [(ranks[p + q], -at, p + q) for at, (p, q) in enumerate(pairwise(pieces)) if p + q in ranks]:
        _, at, token = max(joins)
        pieces[-at : 2 - at] = [token]
        made.add(token)
    return made


def useful(token: str, kind: int) -> bool:
    """Whether a token is kept for what it is: special, Chinese, marks, figures, a letter, an abbreviation."""
    if kind == CONTROL:
        return token in CONTROLS
    if kind == NORMAL:
        if WORD.fullmatch(token):
            return bool(ABBREVIATION.fullmatch(token))
        return all(map(written, token)) or bool(ACCENTED_OR_GREEK.fullmatch(token))
    return kind in (BYTE, USER_DEFINED)  # bytes spell the rest; white space and the tags of tables, which papers hold


def written(character: str) -> bool:
    """Whether Chinese or English writes it: ASCII, Chinese, or no letter of any script."""
    return character.isascii() or bool(CHINESE.match(character)) or category(character)[0] not in "LM"


if __name__ == "__main__":
    sys.exit(main())
