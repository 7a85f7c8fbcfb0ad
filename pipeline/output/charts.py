"""Pictures of a brief, as PNG that reads well in black and white."""

from __future__ import annotations

from io import BytesIO

import pylopdf_fonts_zh_cn
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import MaxNLocator

from pipeline.output.labels import load_labels
from pipeline.output.plain import plain
from pipeline.records import Brief, Language

WIDTH_MM = 150
BAR_MM = 8
AXIS_MM = 14
DOTS_PER_INCH = 200
MM_PER_INCH = 25.4
INK, BAR = "#1a1a1a", "#8c8c8c"


def themes_chart(brief: Brief, language: Language) -> bytes:
    """Bars of the number of papers that recommend something in each theme, most on top.

    The same brief gives the same bytes. Raises ValueError for a brief without themes.
    """
    if not brief.themes:
        raise ValueError("a brief without themes has no chart")
    labels = load_labels(language)
    themes = brief.themes[::-1]  # the axis counts from below
    papers = [len(theme.papers) for theme in themes]
    height = BAR_MM * len(themes) + AXIS_MM
    figure = Figure(figsize=(WIDTH_MM / MM_PER_INCH, height / MM_PER_INCH), dpi=DOTS_PER_INCH, layout="constrained")
    FigureCanvasAgg(figure)
    font = FontProperties(fname=pylopdf_fonts_zh_cn.sans_path(), size=9)
    axes = figure.subplots()
    bars = axes.barh(range(len(themes)), papers, height=0.62, color=BAR, edgecolor=INK, linewidth=0.6)
    words = [
        labels.say(
            "themes.bar",
            papers=labels.counted("papers", len(theme.papers)),
            recommendations=labels.counted("recommendations", len(theme.recommendations)),
        )
        for theme in themes
    ]
    axes.bar_label(bars, words, padding=4, fontproperties=font, color=INK)
    axes.set_yticks(range(len(themes)), [plain(theme.name.in_(language)) for theme in themes], fontproperties=font)
    axes.set_xlabel(labels.get("themes.axis"), fontproperties=font)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True, min_n_ticks=1))
    axes.set_xlim(0, max(papers) * (1.35 if language == "zh" else 1.6))
    for tick in axes.get_xticklabels():
        tick.set_fontproperties(font)
    axes.tick_params(axis="y", length=0)
    axes.spines[["top", "right"]].set_visible(False)
    stream = BytesIO()
    figure.savefig(stream, format="png", metadata={"Software": None})
    return stream.getvalue()
