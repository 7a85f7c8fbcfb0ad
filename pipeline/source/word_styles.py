"""Styles of a Word file: what makes a paragraph a heading, which list counts it, how large it is printed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

from pipeline.source.word_package import W, attribute, integer, is_on

DEFAULT_SIZE = 10.0  # points, where a file names none (ECMA-376, 17.3.2.38)
HEADING = re.compile(r"^(?:heading|标题)\s*([1-9])$", re.I)
TITLES = {"title": 1, "标题": 1, "subtitle": 2, "副标题": 2}
DEEPEST = 20  # styles that are based on one another
RUNNING = 9  # the outline level of running text


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph is printed: by its style, what that is based on, and its own properties."""

    name: str = ""  # the id of the style
    level: int = 0  # of a heading
    number: str = ""  # the list that counts it
    depth: int | None = None  # its level in that list, from 0; None if the list says
    size: float = DEFAULT_SIZE
    bold: bool = False

    def over(self, element: etree._Element) -> Style:
        """This style with what `element`, a style or a paragraph, says itself."""
        paragraph, run = element.find(f"{W}pPr"), element.find(f"{W}rPr")
        numbers = None if paragraph is None else paragraph.find(f"{W}numPr")
        depth = integer(numbers, "ilvl")
        outline = integer(paragraph, "outlineLvl")
        return replace(
            self,
            level=self.level if outline is None else (outline + 1) % (RUNNING + 1),
            number=attribute(numbers, "numId") or self.number,
            depth=self.depth if depth is None else depth,
            size=size_of(run) or self.size,
            bold=is_on(run, "b", self.bold),
        )


def read_styles(tree: etree._Element | None) -> dict[str, Style]:
    """Styles by id; the one without an id is that of a paragraph that names none."""
    if tree is None:
        return {"": Style()}
    elements = {element.get(f"{W}styleId", ""): element for element in tree.iterfind(f"{W}style")}
    size = size_of(tree.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")) or DEFAULT_SIZE
    styles = {name: _style(name, elements, size) for name in elements}
    usual = [name for name, element in elements.items() if _is_usual(element)]
    return {**styles, "": styles[usual[0]] if usual else Style(size=size)}


def _is_usual(element: etree._Element) -> bool:
    """Whether a style is that of paragraphs that name none."""
    return element.get(f"{W}type") == "paragraph" and element.get(f"{W}default") in ("1", "true", "on")


def _style(name: str, elements: dict[str, etree._Element], size: float) -> Style:
    chain: list[etree._Element] = []
    based_on = name
    while based_on in elements and len(chain) < DEEPEST:
        chain.append(elements[based_on])
        based_on = attribute(elements[based_on], "basedOn")
    style = Style(name, size=size)
    for element in reversed(chain):
        level = _level_of(attribute(element, "name"))
        style = replace(style, level=level or style.level).over(element)
    return style


def _level_of(name: str) -> int:
    heading = HEADING.match(name)
    return int(heading[1]) if heading else TITLES.get(name.lower(), 0)


def size_of(properties: etree._Element | None) -> float:
    """The size in points that run properties give; 0 if they give none."""
    return (integer(properties, "sz") or 0) / 2
