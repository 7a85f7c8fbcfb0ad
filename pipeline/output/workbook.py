"""All recommendations as a table to work with: filter, assign, follow up.

Written with XlsxWriter, whose files have no time of writing in them. What the
papers say is text and nothing else: no cell turns into a formula or a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from io import BytesIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from pipeline.config import BriefConfig
from pipeline.output.labels import load_labels, load_themes
from pipeline.output.markdown import place
from pipeline.output.plain import plain
from pipeline.records import Brief, Evidence, PaperBrief, Recommendation, Text

CELL_CHARACTERS = 32_000  # Excel holds 32,767
WIDTHS = (7, 7, 16, 34, 34, 16, 14, 44, 44, 14, 60, 14, 12, 24)  # of the columns, in digits
FIXED_COLUMNS = 4  # that stay in sight
A4 = 9  # Excel's number of the paper
STATUS = 12  # the column whose values are chosen from a list


def recommendations_workbook(brief: Brief, letterhead: BriefConfig) -> bytes:
    """The workbook; the same arguments give the same bytes."""
    rows = [row(r, paper, brief) for paper in brief.papers for r in paper.recommendations]
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        created = datetime.combine(letterhead.day(), time())
        author = plain(letterhead.office or letterhead.office_en)
        book.set_properties({"title": plain(brief.title.zh or brief.title.en), "author": author, "created": created})
        sheet = book.add_worksheet(load_labels("zh").get("workbook.sheet"))
        fill(book, sheet, rows)
        choices = {"validate": "list", "source": in_both("workbook.states", " ")}
        sheet.data_validation(1, STATUS, max(1, len(rows)), STATUS, choices)
        sheet.autofilter(0, 0, max(1, len(rows)), len(WIDTHS) - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A2:B{len(rows) + 1}"})
        sheet.freeze_panes(1, FIXED_COLUMNS)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    return stream.getvalue()


def fill(book: xlsxwriter.Workbook, sheet: Worksheet, rows: Sequence[Sequence[str]]) -> None:
    """Write names, texts, and the empty cells that the office fills in."""
    look = {"text_wrap": True, "valign": "top", "border": 1}
    head, own = book.add_format({**look, "bold": True, "bg_color": "#D9D9D9"}), book.add_format(look)
    # What Excel sets for a leading apostrophe: a text that begins with = stays one when it is edited.
    text = book.add_format({**look, "quote_prefix": True})
    for column, (name, width) in enumerate(zip(in_both("workbook.columns"), WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, head)
        for number, cells in enumerate(rows, 1):
            if column < len(cells):
                sheet.write_string(number, column, no_markup(cells[column]), text)
            else:
                sheet.write_blank(number, column, None, own)


def no_markup(text: str) -> str:
    """Text that XlsxWriter does not take for the XML of a rich string."""
    return f"{text} " if text.endswith("</r>") else text


def row(recommendation: Recommendation, paper: PaperBrief, brief: Brief) -> list[str]:
    """One recommendation: what, who, for whom, and the words that it rests on."""
    measures = recommendation.measures
    theme = load_themes().get(recommendation.theme, Text(recommendation.theme, recommendation.theme))
    group = next((s.members for s in brief.shared if recommendation in s.members), ())
    quoted = dict.fromkeys(e for s in (recommendation.title, *measures) for e in s.evidence)
    cells = [
        recommendation.id,
        str(paper.paper.number),
        both(paper.organisation.zh, paper.organisation.en),
        plain(recommendation.title.text.zh),
        plain(recommendation.title.text.en),
        both(theme.zh, theme.en),
        both(*(load_labels(language).get("addressee")[recommendation.addressee] for language in ("zh", "en"))),
        numbered([m.text.zh for m in measures]),
        numbered([m.text.en for m in measures]),
        ", ".join(member.id for member in group if member.id != recommendation.id),
        "\n".join(f"{place(e.span, brief.source)}: {plain(e.quote)}" for e in outer(quoted)),
    ]
    return [cell if len(cell) <= CELL_CHARACTERS else f"{cell[:CELL_CHARACTERS]}……" for cell in cells]


def in_both(key: str, gap: str = "\n") -> list[str]:
    """The labels at `key`, each in both languages."""
    lists = (load_labels(language).get(key) for language in ("zh", "en"))
    return [both(*pair, gap) for pair in zip(*lists, strict=True)]


def both(chinese: str, english: str, gap: str = "\n") -> str:
    """A wording in both languages, once if it is the same."""
    return gap.join(dict.fromkeys(filter(None, (plain(chinese), plain(english)))))


def numbered(items: Sequence[str]) -> str:
    """Items on lines of their own."""
    return "\n".join(f"{number}. {plain(item)}" for number, item in enumerate(items, 1))


def outer(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Evidence in the order of the volume, without what stands inside another quote."""
    kept: list[Evidence] = []
    for one in sorted(evidence, key=lambda e: (e.span.start, -e.span.end)):
        if not kept or one.span.end > kept[-1].span.end:
            kept.append(one)
    return kept
