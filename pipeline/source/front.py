"""What the front matter tells of a volume: its title, and the city or province that it advises."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import takewhile
from string import capwords

from pipeline.source.lines import heading_text

HOST_ZH = re.compile(
    r"([一-龥]{2,6}?)(市|省|州|县|自治区|特别行政区)"
    r"(?=[一-龥]{0,2}(?:市长|省长|州长|县长|主席|人民政府|国际|市委|省委|政府|顾问|现代|企业|科技|发展|经济|咨询|海外|专家)"
    r"|[\s　，。·—]|$)"
)
HOST_EN = re.compile(
    r"\b(?:Mayor|Governor|Government|City|Municipality|Province) [Oo]f (?:[Tt]he )?([A-Z][a-z]+)"
    r"|\b([A-Z][a-z]+)(?: (?:Mayor|Governor)['’]s| Municipal| Provincial| Free Trade| City| Province)"
    r"|\b([A-Z][a-z]+)(?: [A-Z][a-z]+){0,3}, People['’]s Republic of China"
)
MEETING = re.compile(
    r"会议|论坛|峰会|大会|年会|咨询会|顾问团|座谈会|圆桌"
    r"|conference|council|forum|meeting|session|consultation|summit|round[ -]?table",
    re.I,
)
COLLECTION = re.compile(r"集$|汇\s*编$|papers$|proceedings$", re.I)
LEAST_NAMED = 3  # times that a text without a telling front names the place
MOST_PLACES = 50  # that are weighed; the one advised is among the most frequent
LONGEST_TITLE = 80  # characters
MOST_TITLE_LINES = 3
CHINESE = re.compile(r"[一-龥]")


def host_of(front: Iterable[str], text: str) -> str:
    """The place that the front matter, or else the text, names most as the one advised; "" if none."""
    front = list(front)
    return _most_named("\n".join(front), text) or _most_named(text, text)


def _most_named(where: str, text: str) -> str:
    named = Counter(match.groups() for match in HOST_ZH.finditer(re.sub(r"(?<=[一-龥]) (?=[一-龥])", " ", where)))
    places = [_own_name(words, text) + kind for (words, kind), _ in named.most_common(MOST_PLACES)]
    if where is text:  # 把河还给城 is followed by 市 too
        places = [place for place in places if text.count(place) >= LEAST_NAMED]
    if places:
        return max(places, key=lambda place: text.count(place[:2]))
    if where is not text:  # a cover is often printed in capitals
        where = "\n".join(map(capwords, where.split("\n")))
    names = Counter(next(filter(None, match.groups())) for match in HOST_EN.finditer(where))
    names.pop("The", None)
    return max(names, key=lambda name: text.count(name), default="")


def _own_name(words: str, text: str) -> str:
    """The place's name at the end of `words`: the longest ending that is hardly rarer than its own ending."""
    best = words[-2:]
    for length in range(3, len(words) + 1):
        longer = words[-length:]
        if text.count(longer) < 0.8 * text.count(best):
            break
        best = longer
    return best


def volume_title(front: Iterable[str]) -> str:
    """The meeting and the kind of collection, as printed on the first pages; "" if neither is."""
    lines = _short(front)
    meeting = next((line for line in lines if MEETING.search(line)), lines[0] if lines else "")
    collection = next((line for line in lines if COLLECTION.search(line) and line != meeting), "")
    if CHINESE.search(meeting):
        return re.sub(r"(?<=[一-龥]) +(?=[一-龥])", "", meeting + collection)
    return ": ".join(part for part in (meeting, collection) if part)


def english_title(front: Iterable[str]) -> str:
    """The English name of the meeting, which a cover may print under the Chinese one; "" if none does."""
    lines = _short(front)
    meeting = next((at for at, line in enumerate(lines) if MEETING.search(line) and CHINESE.search(line)), len(lines))
    english = takewhile(lambda line: not CHINESE.search(line), lines[meeting + 1 : meeting + 1 + MOST_TITLE_LINES])
    title = " ".join(english)
    return title if MEETING.search(title) else ""


def _short(front: Iterable[str]) -> list[str]:
    """The lines of the first pages that may be a title's."""
    lines = (re.sub(r"\s+", " ", heading_text(line)) for line in front)
    return [line for line in lines if len(line) <= LONGEST_TITLE]
