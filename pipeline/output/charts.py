"""Pictures of a brief, as PNG that reads well in black and white."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from io import BytesIO

import pylopdf_fonts_zh_cn
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from pipeline.output.labels import Labels, load_labels
from pipeline.output.plain import CHINESE, LATIN, plain
from pipeline.records import Brief, Language, Theme

WIDTH_MM = 150
ROW_MM = 5.0
HEAD_MM = {"zh": 24, "en": 33}  # for the names over the columns
BAR_MM, AXIS_MM = 7, 6
DOTS_PER_INCH = 200
MM_PER_INCH = 25.4
INK, BAR, RULE = "#1a1a1a", "#8c8c8c", "#d9d9d9"
SHADES = ("#e0e0e0", "#c4c4c4", "#a8a8a8")  # of one, two, and three recommendations or more; figures stay legible


def matrix_chart(brief: Brief, language: Language, names: Sequence[str]) -> bytes:
    """Who recommends how much in which theme, and at the right how many papers take up each theme.

    `names` stand for the papers over the columns. The same brief gives the same bytes. Raises ValueError
    for a brief without themes.
    """
    if not brief.themes:
        raise ValueError("a brief without themes has no chart")
    labels = load_labels(language)
    figure = canvas(ROW_MM * len(brief.themes) + HEAD_MM[language])
    cells, bars = figure.subplots(1, 2, sharey=True, width_ratios=(3.4, 1))
    draw_cells(cells, brief, language, names)
    draw_bars(bars, brief.themes, labels)
    return png(figure)


def draw_cells(axes: Axes, brief: Brief, language: Language, names: Sequence[str]) -> None:
    """A grid of themes and papers; a shaded cell holds its number of recommendations."""
    columns = {paper.paper.number: position for position, paper in enumerate(brief.papers)}
    for row, theme in enumerate(brief.themes):
        for paper, count in Counter(int(r.id.split(".")[0]) for r in theme.recommendations).items():
            column, shade = columns[paper], SHADES[min(count, len(SHADES)) - 1]
            axes.barh(row, 1, height=1, left=column - 0.5, color=shade)
            axes.text(column, row, str(count), ha="center", va="center_baseline", color=INK, fontproperties=font(7))
    axes.set_xlim(-0.5, len(names) - 0.5)
    axes.set_ylim(len(brief.themes) - 0.5, -0.5)
    axes.set_yticks(range(len(brief.themes)), [plain(t.name.in_(language)) for t in brief.themes])
    axes.set_xticks(range(len(names)), [literal(upright(name)) for name in names])
    axes.xaxis.tick_top()
    for tick, name in zip(axes.get_xticklabels(), names, strict=True):
        tick.set_rotation(0 if upright(name) != name else 90)
        tick.set_linespacing(1.0)
    for tick in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        tick.set_fontproperties(font(8))
    axes.set_xticks([n - 0.5 for n in range(1, len(names))], minor=True)
    axes.set_yticks([n - 0.5 for n in range(1, len(brief.themes))], minor=True)
    axes.grid(which="minor", color=RULE, linewidth=0.5)
    axes.tick_params(which="both", length=0)
    axes.spines[:].set_linewidth(0.8)


def upright(name: str) -> str:
    """A name written downwards, sign by sign, if it is Chinese throughout."""
    return "\n".join(name) if CHINESE.search(name) and not LATIN.search(name) else name


def literal(text: str) -> str:
    """Text in which Matplotlib reads no formula."""
    return text.replace("$", r"\$")


def draw_bars(axes: Axes, themes: Sequence[Theme], labels: Labels) -> None:
    """Bars of the number of papers in each theme."""
    papers = [len(theme.papers) for theme in themes]
    bars = axes.barh(range(len(themes)), papers, height=0.62, color=BAR, edgecolor=INK, linewidth=0.5)
    words = [labels.counted("papers", n) for n in papers]
    axes.bar_label(bars, words, padding=3, fontproperties=font(8), color=INK)
    axes.set_xlim(0, max(papers) * 1.7)
    axes.set_axis_off()


def support_chart(titles: Sequence[str], papers: Sequence[int], language: Language) -> bytes:
    """Bars of the number of papers behind each recommendation, in the order given."""
    labels = load_labels(language)
    figure = canvas(BAR_MM * len(titles) + AXIS_MM)
    axes = figure.subplots()
    bars = axes.barh(range(len(titles)), papers, height=0.55, color=BAR, edgecolor=INK, linewidth=0.5)
    axes.bar_label(bars, [labels.counted("papers", n) for n in papers], padding=3, fontproperties=font(8), color=INK)
    axes.set_yticks(range(len(titles)), [literal(title) for title in titles])
    for tick in axes.get_yticklabels():
        tick.set_fontproperties(font(8))
        tick.set_linespacing(1.0)
    axes.set_ylim(len(titles) - 0.5, -0.5)
    axes.set_xlim(0, max(papers) * 1.3)
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    return png(figure)


def canvas(height_mm: float) -> Figure:
    """An empty picture as wide as the text."""
    size = (WIDTH_MM / MM_PER_INCH, height_mm / MM_PER_INCH)
    figure = Figure(figsize=size, dpi=DOTS_PER_INCH, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def font(points: float) -> FontProperties:
    return FontProperties(fname=pylopdf_fonts_zh_cn.sans_path(), size=points)


def png(figure: Figure) -> bytes:
    """The picture's bytes, without the time and the program."""
    stream = BytesIO()
    figure.savefig(stream, format="png", metadata={"Software": None})
    return stream.getvalue()
