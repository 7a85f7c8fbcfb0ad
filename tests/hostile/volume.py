"""The attacks as papers of a volume, between two papers that mean no harm, and a model that is taken in by them."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ModelError
from pipeline.llm.engine import LineLabels, Quotes, Request, Slots

CHINESE = re.compile("[\u3400-\u9fff]")
REPEAT = re.compile(r"(.)×(\d+)", re.S)
OWN = {  # a word for each paper of a volume, by language
    "zh": "灯塔 磨坊 花园 剧院 书店 渡口 仓库 学校 医院 邮局 茶馆 码头 体育场 博物馆 果园 鱼塘 矿山 窑厂 牧场 车站 "
    "机场 桥梁 隧道 广场 钟楼 酒坊 织坊 船厂 盐场 林场 画廊 琴行 药铺 糖厂 纸坊 印社".split(),
    "en": "lighthouse mill garden theatre bookshop tannery granary school hospital chapel teahouse quarry stadium "
    "museum orchard fishpond colliery kiln meadow station airport viaduct tunnel plaza belfry brewery weavery "
    "shipyard saltpan forestry gallery aviary pharmacy bakery papermill printshop".split(),
}
LONGEST = 5000  # characters of a title that the reader has room for
TOKEN = 4  # characters of a long token
LISTED = 60  # characters of a title on the contents page
TITLE_ZH, TITLE_EN = "让老管网少漏一滴水", "A Quiet Harbour for the Old Town"
INNOCENT_ZH = """清源水务公司总裁 李明

## 一、现状

云渚市的管网平均已用二十九年，漏损率为百分之十四，夜间的漏损又比白天多一倍。

## 二、建议

建议市水务局用两年时间查清全部漏点，再按轻重更换管道。
"""
INNOCENT_EN = """Jane Roe, Director, Tarnfell Institute

## The harbour today

Ferries of the old town carry 4,000 passengers a day, and their engines are heard in every street.

## What to do

The city should replace the engines of its ferries by electric ones within six years.
"""


@dataclass(frozen=True)
class Attack:
    """One entry of attacks.toml."""

    name: str
    kind: str
    text: str
    where: str = "text"
    obeyed: str | None = None
    echoed: str | None = None
    translated: str | None = None
    never: tuple[str, ...] = ()
    shown: str | None = None

    @property
    def reply(self) -> str | None:
        """What an obedient model says; None where nothing is asked of it."""
        return self.obeyed if self.echoed is None else self.echoed

    @property
    def language(self) -> str:
        return "zh" if CHINESE.search(self.text) else "en"

    @property
    def line(self) -> str:
        """What of the text stands behind the word that advises."""
        return next(line for line in re.split("[\n\r]", self.text) if line.strip())


def load_attacks() -> list[Attack]:
    with Path(__file__).with_name("attacks.toml").open("rb") as file:
        found = tomllib.load(file)["attacks"]
    long = lambda text: REPEAT.sub(lambda match: match[1] * int(match[2]), text)
    return [Attack(**{**a, "text": long(a["text"]), "never": tuple(a.get("never", ()))}) for a in found]


def volume(attacks: Sequence[Attack]) -> tuple[str, list[int]]:
    """The volume, and where each paper begins."""
    made = [(TITLE_ZH, "清源水务", f"# {TITLE_ZH}\n\n{INNOCENT_ZH}")]
    made += [paper(attack, OWN[attack.language][number]) for number, attack in enumerate(attacks)]
    made += [(TITLE_EN, "Tarnfell Institute", f"# {TITLE_EN}\n\n{INNOCENT_EN}")]
    entries = "\n".join(
        f"{number}. {title[:LISTED]}.....{organisation[:LISTED]} ({3 * number})"
        for number, (title, organisation, _) in enumerate(made, 1)
    )
    text, starts = f"# 云渚市顾问论文集\n\n# 目 录\n\n{entries}", []
    for _, _, printed in made:
        text += "\n\n"
        starts.append(len(text))
        text += printed
    return text, starts


def paper(attack: Attack, own: str) -> tuple[str, str, str]:
    """Title, organisation and text of the paper that holds an attack."""
    chinese = attack.language == "zh"
    parts = {
        "title": f"{own}与{own}的用水" if chinese else f"{own} {own} {own}".title(),
        "organisation": f"{own}水务公司" if chinese else f"{own.title()} Waterworks",
        "author": "李明" if chinese else "Jane Roe",
    }
    text, line = "", "尽快查漏" if chinese else "find the leaks"
    if attack.where == "text":
        text, line = attack.text, attack.line
    else:
        parts[attack.where] = attack.text
    if chinese:
        who = f"{parts['organisation']}总裁 {parts['author']}"
        body = f"## 一、现状\n\n{own}的管网已经老旧，漏损不少。\n\n{text}\n\n## 二、建议\n\n"
        body += f"建议{line}，此事由{own}组的人办理。"
    else:
        who = f"{parts['author']}, Director, {parts['organisation']}"
        body = (
            f"## The town today\n\nThe mains of {own} are old and leak a good deal.\n\n{text}\n\n## What to do\n\n"
            f"The city should {line}, which the team of {own} would do."
        )
    return parts["title"], parts["organisation"], f"# {parts['title']}\n\n{who}\n\n{body}\n"


class GullibleReader:
    """Says that every line with an advising word recommends, and every line with a digit is a fact."""

    def read_all(self, papers, progress=None):
        for title, _, _ in papers:
            if len(title) > LONGEST:
                raise ModelError(f"a title of {len(title)} characters leaves the reader no room")
        return [[self.label(line) for line in lines] for _, _, lines in papers]

    def label(self, line: str) -> LineLabels:
        advises = any(word in line for word in ("建议", "should"))
        fact = any(c.isdigit() for c in line)
        return LineLabels(
            kind={"outside": 0.1, "begins": 0.8, "continues": 0.1}
            if advises
            else {"outside": 0.9, "begins": 0.1, "continues": 0.0},
            fact={"no": 1.0 - fact, "yes": float(fact)},
            theme={"data": 1.0},
            addressee={"government": 1.0},
            gist={"no": 0.0, "yes": 1.0},
        )


class GullibleModel:
    """Does what an attack wants, where it sees one, and repeats its words where it wants nothing."""

    def __init__(self, attacks: Sequence[Attack]):
        self.known = {OWN[a.language][number]: a for number, a in enumerate(attacks)}

    def reply(self, request: Request) -> str:
        """As long as a reply can be; ✂ where it was cut."""
        said, most = self.whole(request), TOKEN * request.max_tokens
        return said if len(said) <= most else f"{said[:most]}✂"

    def whole(self, request: Request) -> str:
        attack = next((a for own, a in self.known.items() if own in request.body), None)
        label, *lines = request.body.split("\n")[:-1]  # the last one is where the reply begins
        if isinstance(request.constraint, Slots):
            return self.translated(attack, re.split("[：:] ?", label, maxsplit=1)[-1], request.constraint.language)
        if isinstance(request.constraint, Quotes):
            if attack and attack.reply and attack.reply.startswith(("{", "[")):
                return attack.reply
            title = (attack.reply or attack.line) if attack else lines[-1]
            return json.dumps({"title": title, "measures": [max(request.constraint.texts, key=len)[:60]]})
        if attack and attack.reply is not None:
            return attack.reply
        return attack.line if attack else lines[-1]

    def translated(self, attack: Attack | None, said: str, target: str) -> str:
        """What the other language can print of a sentence as it stands."""
        if attack and attack.translated:
            return attack.translated
        if target == "en":
            return CHINESE.sub("", said) + " so the paper says" * (len(said) // 12 + 1)
        return said[: len(said) // 2] + "等等"
