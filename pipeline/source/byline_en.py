"""Pieces of an English author line."""

from __future__ import annotations

import re

from pipeline.source.letters import letters

POSITION = re.compile(
    r"\b(?:chief|officer|president|vice-president|chair(?:man|woman|person)?|director|partner|founder|co-founder|head|member|fellow|manager"
    r"|secretary|professor|minister|dean|editor|ceo|cto|cfo|coo|cio|adviser|advisor|consultant|economist|scientist|engineer|researcher"
    r"|lecturer|principal|governor|ambassador|treasurer|counsel|representative|commissioner|analyst|architect)\b",
    re.I,
)
ORGANISATION = re.compile(
    r"(?:\b(?:corporation|corp|incorporated|inc|ltd|limited|llp|llc|plc|group|company|co|institute|institution|university|college|school|bank"
    r"|holdings?|partners|centre|center|laborator(?:y|ies)|association|chamber|agency|foundation|council|federation|union|society|authority"
    r"|hospital|gmbh|ag|kg|sa|s\.p\.a|a/s|n\.v|b\.v|oy|ab|asa|pte)\b\.?"
    r"|\b(?-i:AS|SE|NV|BV|SpA|SAS|Srl|KK)$"  # words in small letters
    # These end a firm's name; elsewhere they are words like others.
    r"|\b(?:industries|international|technologies|systems|solutions|studios?|logistics|consulting|securities|insurance|capital|energy"
    r"|motors?|airlines?|lines?)$)",
    re.I,
)
HONORIFIC = re.compile(
    r"^(?:(?:dr|prof|professor|mr|ms|mrs|sir|dame|lord|captain|ambassador|the hon)\b\.?\s+)+(?=[A-Z])", re.I
)
HEAD_OF = re.compile(r"\b(?:CEO|Officer|President|Chairman|Chairwoman)\b")
DEGREE = re.compile(r"^(?:ph\.?\s?d|m\.?d|mba|msc|ma|frs|cbe|obe|esq|dphil)\.?$", re.I)
PARTICLE = r"(?:van|von|der|den|de|del|della|di|da|dos|la|le|du|bin|ibn|al|el|y|e|ten|ter|zu)"
WORD = r"(?:[dDlLO]['’])?[A-ZÀ-ÖØ-Þ][\w.'’\-]*"
NAME = re.compile(rf"^{WORD}(?:\s+(?:{PARTICLE}\s+)*{WORD}){{1,4}}$")
PLACE = re.compile(rf"^(?:{WORD}\s?){{1,3}}$")
NO_NAME = re.compile(
    r"\b(?:summary|abstract|introduction|background|contents|overview|preface|foreword|conclusions?|keywords?|findings|points|messages|remarks"
    r"|note|report|paper|mayor|recommendations?|slides?|part|section|chapter|table|figure|the|and|of|for|in|to|with|on)\b",
    re.I,
)
BRACKET = re.compile(r"\s*\(([^()]*)\)(\s*[,;])?")
WIDE_BLANK = "　"
SPLIT = re.compile(rf"({WIDE_BLANK}|\s{{2,}}|\t|\s\|\s)|\s*[,;]\s*(?!(?:Inc|Ltd|LLC|LLP|plc|Co|S\.p\.A)\b)")
SMALL_WORD = re.compile(rf"(?:{PARTICLE}|of|and|the|for|in|at|to|&)$")
AND = re.compile(r"^(?:and|&)\s+", re.I)


def pieces_en(line: str, known: str, follows: bool) -> list[tuple[str, str]]:
    """Each piece of an English author line with its kind.

    After a position and a comma a bare name is an affiliation, as in "Jane Roe,
    Director, Northfield"; after a wide blank it is the person's.
    """
    pieces: list[tuple[str, str]] = []
    after_position = False
    for words, wide in _split(BRACKET.sub(_bracket, line)):
        joined = bool(AND.match(words))
        words = AND.sub("", words)
        for kind, part in _piece(words, known):
            if kind in ("name", "place") and after_position and not joined and not wide:
                kind = "affiliation"
            after_position = kind == "position"
            pieces.append((kind, part))
    return pieces


def _bracket(match: re.Match) -> str:
    """A bracket with a position or an organisation stands apart; any other, such as a place, goes."""
    if POSITION.search(match[1]) or ORGANISATION.search(match[1]):
        return f"{WIDE_BLANK}{match[1]}{WIDE_BLANK}"
    return match[2] or ""


def _split(line: str) -> list[tuple[str, bool]]:
    """Pieces of a line, each with whether a wide blank stands before it."""
    pieces, wide = [], False
    for part in SPLIT.split(line):
        if part is None:
            wide = False
        elif not part.strip():
            wide = wide or bool(part)
        else:
            pieces.append((part.strip(), wide or part == "|"))
            wide = False
    return pieces


def _piece(words: str, known: str) -> list[tuple[str, str]]:
    if DEGREE.match(words):
        return [("degree", words)]
    honoured = bool(HONORIFIC.match(words))
    bare = HONORIFIC.sub("", words)
    people = re.split(r"\s+(?:and|&)\s+", bare)
    if honoured and NAME.match(bare):
        return [("name", bare)]
    if not _is_capitalised(words):
        return [("other", words)]
    if POSITION.search(words):
        return _position(words)
    if _is_known(words, known) or _is_organisation(words):
        return [("organisation", words)]
    if all(NAME.match(person) and not NO_NAME.search(person) for person in people):
        return [("name", person) for person in people]
    if PLACE.match(words) and not NO_NAME.search(words):
        return [("place", words)]
    return [("other", words)]


def _is_organisation(words: str) -> bool:
    return bool(ORGANISATION.search(words)) and words[0].isupper() and len(words.split()) > 1


def _is_capitalised(words: str) -> bool:
    """Whether a phrase is printed as names and positions are, not as a sentence is."""
    open_words = [word for word in words.split() if not SMALL_WORD.match(word)]
    return len(open_words) <= 12 and sum(word != word.lower() for word in open_words) >= 0.6 * len(open_words)


def _position(words: str) -> list[tuple[str, str]]:
    """A position, and behind "of" or "at" the organisation that it is of."""
    behind = re.search(r"\s(?:of|at)\s+(?:the\s+)?([A-Z].*)$", words)
    if behind and (ORGANISATION.search(behind[1]) or HEAD_OF.search(words[: behind.start()])):
        return [("position", words[: behind.start()].strip()), ("organisation", behind[1])]
    return [("position", words)]


def _is_known(words: str, known: str) -> bool:
    """Whether these are the last words that the contents page prints beside the title."""
    last = known.rsplit(",", 1)[-1].rsplit("　", 1)[-1]
    a, b = letters(words), letters(last)
    return len(a) > 2 and bool(b) and (a in b or b in a)
