"""The body of a Word file as a stream: the same bytes, however much of it is made at a time."""

import io
import re
import zipfile
from dataclasses import replace

import docx
import pytest
from lxml import etree

from pipeline.output.blocks import PLACE, Blocks
from pipeline.output.brief_en import english_brief
from pipeline.output.brief_zh import chinese_brief
from pipeline.output.styles import NAMESPACES, WORD

MAKERS = {"zh": chinese_brief, "en": english_brief}


def paragraph(text: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="Note"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'


@pytest.fixture
def root():
    return etree.fromstring(f"<w:document {NAMESPACES}/>")


def test_blocks_come_out_as_they_went_in(root):
    blocks = Blocks(root, {})
    rows = [f"<w:tr><w:tc>{paragraph(text)}</w:tc></w:tr>" for text in "甲乙"]
    blocks.add(paragraph("一"))
    blocks.add_table(f"<w:tbl><w:tblPr/>{PLACE}</w:tbl>", iter(rows))
    blocks.add(paragraph("二"))
    assert b"".join(blocks.pieces()).decode() == (
        f"{paragraph('一')}<w:tbl><w:tblPr/>{rows[0]}{rows[1]}</w:tbl>{paragraph('二')}"
    )


def test_a_section_ends_with_the_last_paragraph_even_if_others_are_bytes_already(root, monkeypatch):
    monkeypatch.setattr("pipeline.output.blocks.ROOM", 1)
    blocks = Blocks(root, {})
    blocks.add(paragraph("一"))
    blocks.add(paragraph("二"))
    blocks.end_section("<w:sectPr/>")
    blocks.add(paragraph("三"))
    text = b"".join(blocks.pieces()).decode()
    assert re.findall("<w:sectPr/></w:pPr><w:r><w:t>(.)", text) == ["二"]


def test_little_waits_at_a_time(root):
    blocks = Blocks(root, {})
    for number in range(10_000):
        blocks.add(paragraph(f"{number:>1000}"))
    assert sum(map(len, blocks._waiting)) < 300_000 and sum(map(len, blocks._finished)) < 1_000_000


@pytest.mark.parametrize("language", MAKERS)
@pytest.mark.parametrize("filled", [False, True])
def test_a_brief_is_the_same_made_block_by_block(language, filled, brief, record, letterhead, tmp_path, monkeypatch):
    if filled:
        template = docx.Document()
        template.add_paragraph("{{brief}}")
        template.save(tmp_path / "office.docx")
        letterhead = replace(letterhead, **dict.fromkeys(("template", "template_en"), str(tmp_path / "office.docx")))
    at_once = MAKERS[language](brief, record, letterhead)
    monkeypatch.setattr("pipeline.output.blocks.ROOM", 1)
    assert MAKERS[language](brief, record, letterhead) == at_once


def test_a_template_may_name_its_namespaces_otherwise(brief, record, letterhead, tmp_path):
    template = docx.Document()
    template.add_paragraph("{{brief}}")
    template.save(tmp_path / "plain.docx")
    with zipfile.ZipFile(tmp_path / "plain.docx") as old, zipfile.ZipFile(tmp_path / "other.docx", "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = re.sub(rb'xmlns:r="[^"]*"', b"", re.sub(rb"(?<=[</ ])w(?=:)|(?<=xmlns:)w(?==)", b"x", data))
                data = re.sub(rb"<x:headerReference[^>]*>|<x:footerReference[^>]*>", b"", data)
            new.writestr(name, data)
    data = chinese_brief(brief, record, replace(letterhead, template=str(tmp_path / "other.docx")))
    document = etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"))
    styles = {style.get(f"{{{WORD}}}val") for style in document.iter(f"{{{WORD}}}pStyle")}
    assert {"Finding", "Digest", "Source"} <= styles and document.prefix == "x"
