"""The table of recommendations, read back with another library than the one that wrote it."""

import io
from dataclasses import replace

import openpyxl
import pytest

from pipeline.output.workbook import recommendations_workbook
from pipeline.records import Place, Text


@pytest.fixture
def sheet(brief, letterhead):
    return openpyxl.load_workbook(io.BytesIO(recommendations_workbook(brief, letterhead))).active


def column(sheet, name):
    """The values under a heading that holds `name`."""
    number = next(cell.column for cell in sheet[1] if name in cell.value.split("\n"))
    return [sheet.cell(row, number).value for row in range(2, sheet.max_row + 1)]


def test_a_row_for_each_recommendation_in_both_languages(sheet):
    assert column(sheet, "编号") == ["1.1", "1.2", "2.1", "2.2"]
    assert column(sheet, "提出单位")[0] == "远帆机械公司\nYuanfan Machinery"
    assert column(sheet, "建议")[0] == "建立设备数据共享平台"
    assert column(sheet, "Recommendation")[0] == "Set up a platform to share machine data"
    assert column(sheet, "Who should act")[1] == "多方共同\nSeveral parties"
    assert column(sheet, "举措")[0] == "1. 平台前两年向中小厂免费\n2. 统一公布接入标准"
    assert column(sheet, "Also made as") == ["2.2", "", "", "1.1"]


def test_evidence_names_its_line_and_stands_there_once(sheet):
    # The measures of 1.1 lie in its quote; that of 2.1 does not.
    assert column(sheet, "Source")[0] == (
        "L14: 由市里牵头建立设备数据共享平台。平台向中小厂免费开放前两年；接入标准由市经信部门统一公布。"
    )
    assert column(sheet, "Source")[2] == (
        "L25: 先在两个码头建换电站，三年内把短途货车的一半换成电动。\nL25: 市里可以对换电站用地给予优先安排。"
    )


def test_evidence_of_a_pdf_names_its_page(brief, letterhead):
    pages = (Place(0, "a_1.pdf", 3), Place(brief.source.text.index("江上的货"), "b.pdf", 1))
    made = replace(brief, source=replace(brief.source, places=pages))
    sheet = openpyxl.load_workbook(io.BytesIO(recommendations_workbook(made, letterhead))).active
    assert [cell.split(": ")[0] for cell in column(sheet, "Source")[::2]] == ["a_1.pdf p. 3", "b.pdf p. 1"]


def test_owner_and_status_wait_for_the_office(sheet):
    assert set(column(sheet, "Owner")) == set(column(sheet, "Status")) == {None}
    (choice,) = sheet.data_validations.dataValidation
    assert str(choice.sqref) == "M2:M5" and "办理中 In hand" in choice.formula1
    assert sheet.auto_filter.ref == "A1:N5" and sheet.freeze_panes == "E2"


@pytest.mark.parametrize("words", ["=1+1", "+SUM(A1)", "-2", "@x", "{=1}", "http://example.org"])
def test_words_of_a_paper_never_come_to_life(brief, letterhead, words):
    first = brief.papers[0]
    item = first.recommendations[0]
    title = replace(item.title, text=Text(words, words))
    hostile = replace(brief, papers=(replace(first, recommendations=(replace(item, title=title),)),), shared=())
    sheet = openpyxl.load_workbook(io.BytesIO(recommendations_workbook(hostile, letterhead))).active
    cell = sheet["D2"]
    assert (cell.value, cell.data_type, cell.quotePrefix, cell.hyperlink) == (words, "s", True, None)


def test_a_text_longer_than_a_cell_is_cut_and_marked(brief, letterhead):
    first = brief.papers[0]
    item = first.recommendations[0]
    long = replace(item, title=replace(item.title, text=Text("长" * 40_000, "long")))
    brief = replace(brief, papers=(replace(first, recommendations=(long,)),), shared=())
    value = openpyxl.load_workbook(io.BytesIO(recommendations_workbook(brief, letterhead))).active["D2"].value
    assert len(value) == 32_002 and value.endswith("长……")


def test_a_volume_without_recommendations_gives_an_empty_table(brief, letterhead):
    silent = replace(brief, papers=brief.papers[2:], themes=(), shared=(), priorities=())
    assert openpyxl.load_workbook(io.BytesIO(recommendations_workbook(silent, letterhead))).active.max_row == 1


def test_the_same_brief_gives_the_same_bytes(brief, letterhead):
    assert recommendations_workbook(brief, letterhead) == recommendations_workbook(brief, letterhead)
