"""Texts that no office writes are refused, or read, in bounded time."""

import time
from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.records import Source
from pipeline.source.read import read
from pipeline.source.segment import segment

SECONDS = 20  # of processor time; each of these took minutes, or did not end, by a plain approach
CONTENTS = "# 目录\n"


@pytest.mark.parametrize(
    "text",
    [
        "供水" * 3_000_000,
        "1" * 5_000_000,
        " " * 2_000_000 + "x" + "　" * 2_000_000,
        "*" * 2_000_000 + "\n" + "#" * 2_000_000 + "\n" + "(" * 2_000_000,
        CONTENTS + "| " + "a | b 1 | " * 200_000,
        CONTENTS + "| " + "\xa0" * 2_000_000,
        CONTENTS + "." * 2_000_000 + "\n" + ". " * 1_000_000,
        CONTENTS + "供水管网 …… 1\n" * 4_000 + "# 供水管网\n" * 20_000,
        "# 供水管网建设\n" * 20_000,
        "".join(f"# 供水管网建设之{number}\n" for number in range(20_000)),
        "# 供水管网建设\n清源水务公司总裁 李明\n" * 4_000,
        "\u202e\u200f供水\u2028管网\u0085\n" * 8_000,
    ],
    ids=[
        "line",
        "digits",
        "blanks",
        "marks",
        "cells",
        "hard blanks",
        "dots",
        "entries",
        "headings",
        "titles",
        "papers",
        "signs",
    ],
)
def test_any_text_is_segmented_in_bounded_time(text):
    started = time.process_time()
    try:
        segment(Source(Path("volume.md"), text, ""))
    except SourceError:
        pass
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize(
    "name, content, message",
    [
        ("line.txt", b"water " * 35_000_000, "200 MB is more than a volume has; split it"),
        ("characters.txt", b"w" * 30_000_001, "more than 30,000,000 characters"),
        ("headings.md", b"# a\n" * 1_000_000, "or 500,000 lines; split the volume"),
        ("nul.md", b"water\0bureau", "binary file"),
        ("surrogates.md", "供水\ud800".encode("utf-8", "surrogatepass"), "its encoding is neither"),
        ("surrogates16.md", b"\xff\xfe\x00\xd8\x41\x00", "binary file"),
    ],
)
def test_what_is_no_volume_is_refused_by_name(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError, match=message) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_time_grows_with_the_length():
    """A volume of four times as many papers takes at most about four times as long."""
    paper = (
        "# 供水管网建设之{0}\n\n清源水务公司总裁 李明\n\n## 一、现状\n\n" + "漏损率为百分之十四，应当先查漏。\n\n" * 30
    )
    seconds = []
    for papers in (100, 400):
        entries = "".join(f"{n}. 供水管网建设之{n}..... 清源水务 ({n})\n" for n in range(1, papers + 1))
        text = CONTENTS + entries + "\n" + "".join(paper.format(n) for n in range(1, papers + 1))
        started = time.process_time()
        assert len(segment(Source(Path("volume.md"), text, "")).papers) == papers
        seconds.append(time.process_time() - started)
    assert seconds[1] < 10 * seconds[0]
