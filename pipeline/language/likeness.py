"""How much two wordings share, in either language."""

from __future__ import annotations

import re

WORD = re.compile(r"[A-Za-z][A-Za-z'-]+|\d[\d.,]*%?|[\u4e00-\u9fff]+")
CLAUSE = re.compile("[，。；：！？,;:!?]|[.](?=\\s|$)")
SAME = 0.7  # two sentences that share this much say the same


def features(text: str) -> frozenset[str]:
    """What two wordings of one thing share: pairs of Chinese characters, lower-case words, numbers."""
    found = set()
    for run in WORD.findall(text):
        if run[0] >= "\u4e00":
            found.update(run[i : i + 2] for i in range(len(run) - 1))
        else:
            found.add(run.lower())
    return frozenset(found)


def contained(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of `one` that stands in `other`, 0 to 1; of nothing, 0."""
    return len(one & other) / len(one) if one else 0.0


def same(one: str, other: str) -> bool:
    """Whether the shorter of two sentences mostly stands in the other."""
    a, b = sorted((features(one), features(other)), key=len)
    return contained(a, b) >= SAME


def verbatim(text: str, held: str) -> float:
    """The share of a text that lies in clauses which `held` has word for word, 0 to 1; marks and blanks don't count."""
    clauses, words = [bare(clause) for clause in CLAUSE.split(text)], bare(held)
    total = sum(map(len, clauses))
    return sum(len(clause) for clause in clauses if clause in words) / total if total else 0.0


def bare(text: str) -> str:
    """Letters and digits alone, in lower case."""
    return "".join(filter(str.isalnum, text)).lower()
