"""PDFs: what is printed becomes paragraphs in the order of reading, each with its page."""

import io
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.errors import SourceError
from pipeline.source.pdf import read_here, read_pdf

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
CHINESE, ENGLISH = "STSong-Light", "Helvetica"
LEFT, TOP, LEADING = 72, 760, 20
FULL = "管网平均已用二十九年漏损率为百分之十四应当先查漏后换管并公开每日每夜读数"  # fills a line


def test_lines_become_paragraphs_and_large_print_headings():
    pages = [
        [
            (LEFT, TOP, 22, "让老管网少漏一滴水"),
            (LEFT + 24, 720, 12, FULL[:34]),
            (LEFT, 700, 12, FULL),
            (LEFT, 680, 12, "接受监督。"),
            (LEFT + 24, 660, 12, "下一段。"),
            (LEFT, 620, 16, "一、现状"),
            (LEFT + 24, 590, 12, "漏损率高。"),
        ]
    ]
    assert _read(pages).text == (
        f"# 让老管网少漏一滴水\n\n{FULL[:34]}{FULL}接受监督。\n\n下一段。\n\n## 一、现状\n\n漏损率高。\n"
    )


def test_running_heads_and_page_numbers_are_dropped():
    pages = [
        [(250, 800, 9, "顾问论文集"), *_column(f"第{words}页。"), (290, 30, 9, f"— {number} —")]
        for number, words in enumerate("一二三四", start=1)
    ]
    assert _read(pages).text.split("\n\n") == ["第一页。", "第二页。", "第三页。", "第四页。\n"]


def test_a_number_at_the_foot_that_counts_nothing_is_kept():
    pages = [_column(f"{words}区的用水户共有", "2024") for words in ("东", "西", "南")]
    assert _read(pages).text.count("2024") == 3


def test_a_paragraph_goes_on_over_a_page_and_each_place_knows_its_page():
    pages = [_column("第一段。", FULL), _column("接受监督。", "末段。")]
    reading = _read(pages)
    assert reading.text == f"第一段。\n\n{FULL}接受监督。\n\n末段。\n"
    assert [(page, reading.text[start:][:5]) for start, page in reading.pages] == [(1, "第一段。\n"), (2, "接受监督。")]


def test_divided_words_are_made_whole_and_compounds_keep_their_hyphen():
    first = "The long-term plan of the water bureau is to publish the reading of every dis-"
    second = "trict meter each morning so that the city can see it, and to keep a long-"
    lines = [(LEFT, 700 - 16 * n, 12, words, ENGLISH) for n, words in enumerate((first, second, "term view."))]
    pages = [lines]
    assert _read(pages).text == f"{first[:-1]}{second}term view.\n"


def test_columns_are_read_one_after_the_other():
    left = [(LEFT, 700 - 16 * n, 12, f"左栏第{n}行的文字恰好写满这一整行。") for n in range(8)]
    right = [(LEFT + 240, 700 - 16 * n, 12, f"右栏第{n}行的文字恰好写满这一整行。") for n in range(8)]
    rows = [line for pair in zip(left, right, strict=True) for line in pair]
    for order in (left + right, rows, right + left):
        text = _read([[(LEFT, 740, 20, "通栏题目"), *order]]).text
        assert text.index("通栏题目") < text.index("左栏第0行") < text.index("左栏第7行") < text.index("右栏第0行")
    assert "左栏第0行的文字恰好写满这一整行。右栏" not in text


def test_lines_that_the_file_holds_out_of_order_are_sorted():
    lines = _column("甲。", "乙。", "丙。", "丁。")
    assert _read([lines[2:] + lines[:2]]).text == "甲。\n\n乙。\n\n丙。\n\n丁。\n"


def test_rows_of_a_table_keep_their_cells():
    rows = [
        (LEFT + x, 700 - 16 * y, 10, words)
        for y, row in enumerate((("年份", "漏损率"), ("2025", "14%")))
        for x, words in zip((0, 200), row, strict=True)
    ]
    assert (
        _read([[(LEFT, 740, 10, "表一列出历年的漏损率。"), *rows]]).text
        == "表一列出历年的漏损率。\n\n年份\t漏损率\n2025\t14%\n"
    )


def test_cells_of_several_lines_keep_together():
    """Word processors write a table cell by cell."""
    lines = [
        (LEFT, 700, 10, "更换老旧"),
        (LEFT, 686, 10, "管网"),
        (LEFT + 200, 700, 10, "市水务局"),
        (LEFT + 300, 700, 10, "二〇二六年"),
        (LEFT + 300, 686, 10, "底前"),
        (LEFT, 666, 10, "查漏"),
        (LEFT + 200, 666, 10, "各区"),
        (LEFT + 300, 666, 10, "每季"),
    ]
    assert _read([lines]).text == "更换老旧管网\t市水务局\t二〇二六年底前\n查漏\t各区\t每季\n"


def test_pieces_of_a_line_in_other_fonts_are_put_in_their_places():
    lines = [
        (LEFT, 700, 12, "从"),
        (LEFT + 24, 700, 12, "看得见"),
        (LEFT + 72, 700, 12, "到"),
        (LEFT + 12, 700, 12, "“"),
    ]
    assert _read([[*lines, (LEFT + 60, 700, 12, "”")]]).text == "从“看得见”到\n"


def test_words_that_are_printed_twice_to_look_bold_are_read_once():
    assert _read([[(LEFT, 700, 12, "先查漏。"), (LEFT + 0.4, 700, 12, "先查漏。")]]).text == "先查漏。\n"


def test_both_letters_of_a_ligature_are_read():
    """One glyph, which the font says to be two letters."""
    text = b"BT /F1 12 Tf 72 700 Td (the o\\001ice) Tj ET"
    meaning = b"1 begincodespacerange <00><ff> endcodespacerange 1 beginbfchar <01> <00660066> endbfchar"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(meaning), meaning),
    ]
    assert read_here(_file(objects), Path("volume.pdf")).text == "the office\n"


def test_the_wide_blank_between_the_parts_of_an_author_line_is_kept():
    """A word processor leaves a gap where the font of the words has no such blank."""
    line = [(LEFT, 700, 12, "Northfield", ENGLISH), (LEFT + 70, 700, 12, "Chief Executive", ENGLISH)]
    assert _read([line]).text == "Northfield　Chief Executive\n"


def test_a_bold_line_of_the_size_of_the_text_is_a_heading():
    bold = "Port calls and the next ten years of the harbour of Qingyan, in five steps"
    lines = [(LEFT, 700, 12, bold, "Helvetica-Bold"), (LEFT, 684, 12, "Ingeborg Solheim", ENGLISH)]
    text = [(LEFT, 640 - 16 * n, 12, "The cranes of the harbour are loud at night, and the", ENGLISH) for n in range(4)]
    assert _read([lines + text]).text.split("\n\n")[:2] == [bold, "Ingeborg Solheim"]


def test_entries_of_a_contents_page_stay_apart():
    pages = [
        [
            (LEFT, TOP, 18, "目录"),
            (LEFT, 700, 12, "让老管网少漏一滴水" + "．" * 21 + "清源水务１"),
            (LEFT, 680, 12, "公交先行"),
            (480, 680, 12, "9"),
            (LEFT, 660, 12, "安静的港口"),
            (480, 660, 12, "17"),
        ]
    ]
    assert _read(pages).text.split("\n", 2)[2].split("\n") == [
        "让老管网少漏一滴水" + "．" * 21 + "清源水务１",
        "公交先行\t9",
        "安静的港口\t17",
        "",
    ]


def test_notes_stand_behind_the_paragraph_that_calls_them():
    pages = [
        [
            (LEFT, 720, 12, "漏损率为百分之十四。"),
            (LEFT + 120, 725, 7, "1"),
            (LEFT, 700, 12, "应当换管。"),
            (LEFT, 60, 9, "1 水务局二〇二五年年报，"),
            (LEFT, 48, 9, "第三页。"),
        ],
        _column("另一页。"),
    ]
    assert _read(pages).text.split("\n\n") == [
        "漏损率为百分之十四。<sup>1</sup>",
        "应当换管。",
        "<sup>1</sup> 水务局二〇二五年年报，第三页。",
        "另一页。\n",
    ]


def test_notes_of_the_size_of_the_text_are_known_by_the_blank_above_them():
    pages = [
        [
            (LEFT, 720, 12, "漏损率为百分之十四"),
            (LEFT + 108, 725, 7, "1"),
            (LEFT + 112, 720, 12, "，应当换管，"),
            (LEFT, 702, 12, "并且公开读数。"),
            (LEFT, 684, 12, "末段。"),
            (LEFT, 80, 12, "1 水务局年报。"),
        ]
    ]
    assert _read(pages).text.split("\n\n")[-2:] == ["末段。", "<sup>1</sup> 水务局年报。\n"]


def test_a_page_without_a_text_layer_is_named():
    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.setFont(CHINESE, 12)
    canvas.drawString(LEFT, TOP, "第一页。")
    canvas.showPage()
    _scan(canvas)
    canvas.save()
    reading = read_here(file.getvalue(), Path("volume.pdf"))
    assert reading.text == "第一页。\n"
    assert reading.warnings == ("pages without a text layer were not read: 2; recognise their text first",)


def test_a_scan_is_refused_by_name():
    file = io.BytesIO()
    canvas = Canvas(file)
    _scan(canvas)
    canvas.save()
    with pytest.raises(SourceError, match="papers/volume.pdf: a scan without a text layer"):
        read_pdf(file.getvalue(), Path("papers/volume.pdf"))


def test_an_encrypted_file_is_refused_by_name():
    file = io.BytesIO()
    canvas = Canvas(file, encrypt=StandardEncryption("secret", canPrint=0))
    canvas.drawString(LEFT, TOP, "words")
    canvas.save()
    with pytest.raises(SourceError, match="volume.pdf: is encrypted; save it without a password"):
        read_here(file.getvalue(), Path("volume.pdf"))


def test_a_file_that_keeps_pdfium_busy_is_refused_by_name(monkeypatch):
    monkeypatch.setattr("pipeline.source.pdf.SECONDS", 1)
    with pytest.raises(SourceError, match="volume.pdf: PDFium broke off; .* more than 1 s"):
        read_pdf(_crafted(), Path("volume.pdf"))


def _read(pages):
    """What is read of pages of (left, base, size, words[, font])."""
    file = io.BytesIO()
    canvas = Canvas(file)
    for page in pages:
        for left, base, size, words, *font in page:
            canvas.setFont(font[0] if font else CHINESE, size)
            canvas.drawString(left, base, words)
        canvas.showPage()
    canvas.save()
    return read_here(file.getvalue(), Path("volume.pdf"))


def _column(*lines):
    return [(LEFT, TOP - LEADING * number, 12, words) for number, words in enumerate(lines, start=2)]


def _scan(canvas):
    """A page that shows a picture only."""
    from reportlab.lib.utils import ImageReader

    picture = io.BytesIO(b"P6 2 2 255 " + bytes(12))
    canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
    canvas.showPage()


def _crafted():
    """A PDF whose page draws a form that draws another one ten times, and so on: 10^12 lines of text."""
    text, resources = b"BT /F1 12 Tf 72 700 Td (words) Tj ET", b"/Resources<</Font<</F1 5 0 R>>/XObject<</X %d 0 R>>>>"
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 600 800]" + resources + b"/Length %d>>stream\n%s\nendstream"
    draws = [b"/X Do " * 10] * 12 + [text]
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R" + resources % 6 + b">>",
        b"<</Length 5>>stream\n/X Do\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *(form % (7 + at, len(drawn), drawn) for at, drawn in enumerate(draws)),
    ]
    return _file(objects)


def _file(objects):
    """A PDF of these objects, the first its catalogue."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, o) for number, o in enumerate(objects, start=1))
    return b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"
