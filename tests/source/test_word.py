"""Word files: what an author sees on the page, in the order of reading."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from pipeline.errors import SourceError
from pipeline.source.word import read_word

W = nsdecls("w")
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def test_headings_lists_and_tables():
    def build(document):
        document.add_paragraph("青岩供水", style="Title")
        document.add_paragraph("一、现状", style="Heading 2")
        document.add_paragraph("漏损率高。")
        document.add_paragraph("先查漏", style="List Bullet")
        document.add_paragraph("再换管", style="List Bullet")
        table = document.add_table(rows=2, cols=2)
        for cell, words in zip(table._cells, ("年份", "漏损|率", "2025", "14%"), strict=True):
            cell.text = words

    assert _read(build) == (
        "# 青岩供水\n\n## 一、现状\n\n漏损率高。\n\n- 先查漏\n\n- 再换管\n\n| 年份 | 漏损\\|率 |\n| 2025 | 14% |\n"
    )


def test_a_line_break_in_a_title_keeps_both_lines_headings():
    def build(document):
        document.add_paragraph("公交先行\n夜班线路的开行办法", style="Heading 1")

    assert _read(build) == "# 公交先行\n# 夜班线路的开行办法\n"


def test_without_styles_headings_are_known_by_size_and_weight():
    def build(document):
        for words, size, bold in (("青岩供水", 22, True), ("现状", 16, False), ("漏损率", 12, True)):
            run = document.add_paragraph().add_run(words)
            run.font.size, run.bold = Pt(size), bold
            text = document.add_paragraph().add_run("管网平均已用二十九年，漏损率为百分之十四。")
            text.font.size = Pt(12)

    text = "管网平均已用二十九年，漏损率为百分之十四。"
    assert _read(build) == f"# 青岩供水\n\n{text}\n\n## 现状\n\n{text}\n\n**漏损率**\n\n{text}\n"


@pytest.mark.parametrize(
    "form, pattern, labels",
    [
        ("chineseCounting", "%1、", ("一、现状", "二、建议")),
        ("decimal", "%1.", ("1. 现状", "2. 建议")),
        ("decimalEnclosedCircle", "%1", ("①现状", "②建议")),
        ("upperRoman", "%1.", ("I. 现状", "II. 建议")),
        ("lowerLetter", "(%1)", ("(a) 现状", "(b) 建议")),
        ("bullet", "\uf06c", ("- 现状", "- 建议")),
    ],
)
def test_numbers_that_word_counts_are_printed(form, pattern, labels):
    assert _read(_numbered((form, pattern), "现状", "建议")) == "\n\n".join(labels) + "\n"


def test_lower_levels_count_anew():
    def build(document):
        _add_list(document, ("chineseCounting", "%1、"), ("decimal", "%1.%2"))
        for depth, words in ((0, "现状"), (1, "管网"), (1, "水价"), (0, "建议"), (1, "查漏")):
            _count(document.add_paragraph(words), depth)

    assert _read(build).split("\n\n") == ["一、现状", "一.1 管网", "一.2 水价", "二、建议", "二.1 查漏\n"]


def test_notes_stand_behind_their_paragraph_and_part_no_title():
    def build(document):
        _call(document.add_paragraph("让老管网少漏一滴水", style="Heading 1"), 1)
        document.add_paragraph("清源水务 李明")
        _call(document.add_paragraph("漏损率为 14%"), 2).add_run("，偏高。")
        document.add_paragraph("应当换管。")
        _add_notes(document, {1: "本文写于九月。", 2: "水务局年报。"})

    assert _read(build).split("\n\n") == [
        "# 让老管网少漏一滴水<sup>1</sup>",
        "清源水务 李明",
        "漏损率为 14%<sup>2</sup>，偏高。",
        "<sup>1</sup> 本文写于九月。",
        "<sup>2</sup> 水务局年报。",
        "应当换管。\n",
    ]


def test_raised_numbers_are_notes_or_powers():
    def build(document):
        paragraph = document.add_paragraph("面积 30 km")
        paragraph.add_run("2").font.superscript = True
        paragraph.add_run("，见年报")
        paragraph.add_run("3").font.superscript = True

    assert _read(build) == "面积 30 km²，见年报<sup>3</sup>\n"


def test_text_boxes_are_read_once_and_deleted_words_are_not():
    def build(document):
        box = "<w:txbxContent><w:p><w:r><w:t>框内的话。</w:t></w:r></w:p></w:txbxContent>"
        compatible = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        document.element.body.insert(
            0,
            parse_xml(
                f"<w:p {W} {compatible}><w:r><w:t>先查漏</w:t></w:r><w:del><w:r><w:delText>不</w:delText></w:r></w:del>"
                f"<w:ins><w:r><w:t>，再换管。</w:t></w:r></w:ins><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
                f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
            ),
        )

    assert _read(build) == "先查漏，再换管。\n\n框内的话。\n"


def test_a_table_of_one_column_frames_paragraphs():
    def build(document):
        cell = document.add_table(rows=1, cols=1).cell(0, 0)
        cell.paragraphs[0].style = document.styles["Heading 1"]
        cell.paragraphs[0].add_run("青岩供水")
        cell.add_paragraph("先查漏。")

    assert _read(build) == "# 青岩供水\n\n先查漏。\n"


DOCUMENT = "<w:document {W}><w:body>{body}</w:body></w:document>"


@pytest.mark.parametrize(
    "body, message",
    [
        ("<w:p>", "damaged"),
        ("<w:tbl><w:tr><w:tc>" * 200 + "</w:tc></w:tr></w:tbl>" * 200, "damaged"),
        ("<w:p/>" * 2_001, "more than 2,000 lines"),
        ("<w:p>" + "<w:r/>" * 1_100_000 + "</w:p>", "more than 1,000,000 elements"),
        (" " * (130 << 20), "unpacks to 130 MB, the most is 128 MB"),
    ],
)
def test_hostile_documents_are_refused_by_name(monkeypatch, body, message):
    monkeypatch.setattr("pipeline.source.bounds.MOST_LINES", 2_000)
    with pytest.raises(SourceError, match=message) as caught:
        read_word(_package(body), Path("papers/volume.docx"))
    assert str(caught.value).startswith("papers/volume.docx: ")
    assert "\n" not in str(caught.value)


def test_entities_are_not_expanded():
    body = "<w:p><w:r><w:t>先查漏&mine;</w:t></w:r></w:p>"
    declared = '<!DOCTYPE w:document [<!ENTITY mine SYSTEM "file:///etc/hostname">]>'
    assert read_word(_package(body, declared), Path("volume.docx")).text == "先查漏\n"


def test_styles_that_are_based_on_one_another_end():
    def build(document):
        one, two = document.styles["Heading 1"], document.styles["Heading 2"]
        one.base_style, two.base_style = two, one
        document.add_paragraph("青岩供水", style="Heading 1")

    assert _read(build) == "# 青岩供水\n"


def _read(build):
    document = docx.Document()
    build(document)
    file = io.BytesIO()
    document.save(file)
    return read_word(file.getvalue(), Path("volume.docx")).text


def _package(body, declared=""):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", declared + DOCUMENT.format(W=W, body=body))
    return file.getvalue()


def _numbered(level, *lines):
    def build(document):
        _add_list(document, level)
        for words in lines:
            _count(document.add_paragraph(words), 0)

    return build


def _add_list(document, *levels):
    """A list that counts as (form, pattern) say, one a level."""
    printed = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for depth, (form, pattern) in enumerate(levels)
    )
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="90">{printed}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {W} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))


def _count(paragraph, depth):
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {W}><w:ilvl w:val="{depth}"/><w:numId w:val="90"/></w:numPr>')
    )


def _call(paragraph, number):
    paragraph._p.append(parse_xml(f'<w:r {W}><w:footnoteReference w:id="{number}"/></w:r>'))
    return paragraph


def _add_notes(document, notes):
    printed = '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>' + "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t> {words}</w:t></w:r></w:p></w:footnote>'
        for number, words in notes.items()
    )
    part = docx.opc.part.Part(
        docx.opc.packuri.PackURI("/word/footnotes.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
        f"<w:footnotes {W}>{printed}</w:footnotes>".encode(),
        document.part.package,
    )
    document.part.relate_to(part, OFFICE + "footnotes")
