"""How much memory a run takes as the volume grows, with a scripted model: what is measured is the flow alone.

    python -m benchmarks.memory              the table
    python -m benchmarks.memory 22 220       other numbers of papers

Each volume is briefed in a process of its own.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

PAPERS = (22, 220, 2200)
CHARACTERS = 1600  # of the facts of a paper, which has about 2,000 in all
COLUMNS = ("read", "label", "digest", "summary", "recommendation", "translate", "whole")
PLACES = ("城东", "城西", "老港", "北岸", "南屿", "河口", "新区", "山脚")
THINGS = ("管网", "码头", "诊所", "校舍", "冷库", "变电站", "公交", "货场", "账本", "水厂", "菜场", "堤岸")
DEEDS = ("普查", "改造", "合并", "开放", "登记", "试行", "培训", "公布")


def volume(papers: int) -> Iterator[str]:
    """The paragraphs of a volume of invented papers."""
    yield "# 目 录"
    yield "\n".join(f"{n}. {title(n)}.....第{n}号机构 ({n})" for n in range(1, papers + 1))
    for number in range(1, papers + 1):
        yield from paper(number)


def title(number: int) -> str:
    return f"第{number}号报告：{PLACES[number % len(PLACES)]}的{THINGS[number % len(THINGS)]}"


def paper(number: int) -> Iterator[str]:
    """Facts and four recommendations; the same number gives the same paper."""
    chance = random.Random(number)

    def fact() -> str:
        place, thing, deed = map(chance.choice, (PLACES, THINGS, DEEDS))
        more, count, cost = chance.choice("多少"), chance.randint(2, 999), chance.randint(2, 99)
        return f"{place}的{thing}去年{deed}了{count}处，花费{cost}万元，比前年{more}{chance.randint(2, 40)}%。"

    yield f"# {title(number)}"
    yield f"第{number}号机构总经理 周以宁"
    yield "## 一、现状"
    written = 0
    while written < CHARACTERS:
        text = "".join(fact() for _ in range(4))
        written += len(text)
        yield text
    yield "## 二、建议"
    for item in range(1, 5):
        place, thing, deed = map(chance.choice, (PLACES, THINGS, DEEDS))
        years, count = chance.randint(2, 5), chance.randint(2, 99)
        yield f"### （{item}）{deed}{place}的{thing}"
        yield f"建议在{place}用{years}年时间{deed}{count}处{thing}，费用由市和企业各担一半。"


def run_in_this_process(papers: int) -> None:
    """Brief a volume and print run.json, which has the peak of memory at the end of each stage."""
    from pipeline.account import peak_memory_mb
    from pipeline.config import load_config
    from pipeline.llm.open import Models
    from pipeline.progress import progress_for
    from pipeline.run import run
    from tests.scripted import ScriptedEngine
    from tests.test_run import ScriptedReader, reply

    @contextmanager
    def scripted(config):
        engine = ScriptedEngine(reply)
        engine.asked = deque(maxlen=0)  # a list of all that was asked would grow with the papers
        yield Models(engine, ScriptedReader(), True, {"name": "scripted"})

    with tempfile.TemporaryDirectory() as folder, mock.patch("pipeline.run.open_models", scripted):
        path, out = Path(folder) / "volume.md", Path(folder) / "out"
        path.write_text("\n\n".join(volume(papers)), encoding="utf-8")
        run(path, out, load_config(None, {"cache.folder": folder}), progress_for(quiet=True))
        stages = json.loads((out / "run.json").read_text(encoding="utf-8"))["stages"]
    peaks = {name: stage["peak_memory_mb"] for name, stage in stages.items()}
    print(json.dumps(peaks | {"whole": peak_memory_mb()}))


def main(sizes: list[int]) -> None:
    """Print the peak of memory in MB after each stage, and at the end as a multiple of the first line's."""
    print(f"{'papers':>7}", *(f"{name:>15}" for name in COLUMNS), f"{'times':>6}", flush=True)
    first = None
    for size in sizes:
        command = [sys.executable, "-m", "benchmarks.memory", "--run", str(size)]
        peaks = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
        first = first or peaks["whole"]
        row = (f"{peaks[name]:>15}" for name in COLUMNS)
        print(f"{size:>7}", *row, f"{peaks['whole'] / first:>6.2f}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run_in_this_process(int(sys.argv[2]))
    else:
        main([int(size) for size in sys.argv[1:]] or list(PAPERS))
