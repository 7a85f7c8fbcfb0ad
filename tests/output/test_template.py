"""An office's own Word file as the form of the brief."""

import io
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.shared import Mm, Pt

from pipeline.errors import ConfigError
from pipeline.output.brief_en import english_brief
from pipeline.output.brief_zh import chinese_brief
from pipeline.output.template import check_templates


@pytest.fixture
def template(tmp_path):
    """A letterhead: narrow page, own heading style, marks in head, text and foot."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.left_margin, section.right_margin = Mm(200), Mm(30), Mm(30)
    section.header.paragraphs[0].text = "{{office}}　{{issue}}"
    section.footer.paragraphs[0].text = "印发 {{date}}"
    document.styles["Heading 1"].font.size = Pt(19)
    parted = document.add_paragraph()
    for piece in ("关于{{ti", "tle", "}}的报告"):  # as Word parts a mark that was typed in two goes
        parted.add_run(piece)
    document.add_paragraph("{{brief}}")
    document.add_paragraph("报送：{{recipients}}")
    path = tmp_path / "office.docx"
    document.save(path)
    return path


@pytest.fixture
def filled(template, brief, record, letterhead):
    own = replace(letterhead, template=str(template), issue=12, recipients="市委办公室")
    return docx.Document(io.BytesIO(chinese_brief(brief, record, own)))


def test_the_text_takes_the_place_of_its_mark(filled):
    texts = [p.text for p in filled.paragraphs]
    assert texts[:2] == ["关于《临江市顾问会议报告汇编》建议摘报的报告", "要点"]
    assert texts[-1] == "报送：市委办公室"
    assert not any("{{" in text for text in texts)
    section = filled.sections[-1]
    assert section.header.paragraphs[0].text == "临江市政策研究室　第12期"
    assert section.footer.paragraphs[0].text == "印发 2025年3月9日"


def test_the_office_brings_head_and_foot(filled):
    styles = {p.style.name for p in filled.paragraphs}
    assert not styles & {"Masthead", "Head Line", "Foot Anchor"}


def test_styles_of_the_office_win_and_missing_ones_come_along(filled):
    heading = next(p for p in filled.paragraphs if p.text == "要点")
    assert heading.style.name == "Heading 1" and heading.style.font.size == Pt(19)
    finding = next(p for p in filled.paragraphs if p.text.startswith("1．"))
    assert finding.style.name == "Finding" and finding.style.base_style.name == "Normal"


def test_tables_are_as_wide_as_the_page_of_the_office(filled):
    widths = {sum(int(c.width.twips) for c in table.columns) for table in filled.tables}
    assert len(widths) == 1 and abs(widths.pop() - Mm(140).twips) <= 1


def test_sources_stand_in_columns_and_what_follows_does_not(filled):
    columns = [s._sectPr.find("{*}cols").get(docx.oxml.ns.qn("w:num"), "1") for s in filled.sections]
    assert columns == ["1", "3", "1"]
    assert {s.page_width for s in filled.sections} == {filled.sections[0].page_width}


def test_the_english_brief_has_a_template_of_its_own(template, brief, record, letterhead):
    own = replace(letterhead, template_en=str(template))
    texts = [p.text for p in docx.Document(io.BytesIO(english_brief(brief, record, own))).paragraphs]
    assert texts[1] == "Bottom line"


def test_the_same_template_gives_the_same_bytes(template, brief, record, letterhead):
    own = replace(letterhead, template=str(template))
    assert chinese_brief(brief, record, own) == chinese_brief(brief, record, own)


def test_numbers_of_bookmarks_stay_unique(template, brief, record, letterhead):
    data = chinese_brief(brief, record, replace(letterhead, template=str(template)))
    xml = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    ids = [part.split('"')[0] for part in xml.split('<w:bookmarkStart w:id="')[1:]]
    assert ids and len(ids) == len({*ids})


def saved(path, *texts):
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    document.save(path)
    return path


@pytest.mark.parametrize(
    "texts, message",
    [
        (["报告"], "0 paragraphs are {{brief}} alone; put one where the text goes"),
        (["见{{brief}}"], "0 paragraphs are {{brief}} alone"),
        (["{{brief}}", "{{brief}}"], "2 paragraphs are {{brief}} alone"),
        (["{{brief}}", "{{author}}"], "{{author}} is no mark; known: {{brief}}, {{title}}, {{office}}"),
    ],
)
def test_a_template_that_cannot_be_filled_is_named(tmp_path, letterhead, texts, message):
    path = saved(tmp_path / "office.docx", *texts)
    with pytest.raises(ConfigError) as fault:
        check_templates(replace(letterhead, template=str(path)))
    assert str(path) in str(fault.value) and message in str(fault.value)


@pytest.mark.parametrize(
    "content, message",
    [
        (None, "no Word file; name a .docx"),
        (b"text", "no Word file; name a .docx"),
        (b"PK\x03\x04", "no Word file; name a .docx"),
    ],
)
def test_a_file_that_is_no_template_is_named(tmp_path, letterhead, content, message):
    path = tmp_path / "office.docx"
    if content:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        check_templates(replace(letterhead, template_en=str(path)))
