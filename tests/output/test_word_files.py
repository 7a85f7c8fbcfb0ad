"""What can be read from the XML of both Word files."""

import io
import zipfile
from dataclasses import replace
from time import process_time

import docx
import pytest
from lxml import etree

from pipeline.output.brief_en import english_brief
from pipeline.output.brief_zh import chinese_brief
from pipeline.records import Brief, Text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
MAKERS = {"zh": chinese_brief, "en": english_brief}
# The order that the schema asks for; Word calls a file corrupt that breaks it.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl pBdr tabs kinsoku overflowPunct "
    "autoSpaceDE autoSpaceDN snapToGrid spacing ind jc outlineLvl sectPr",
    "rPr": "rStyle rFonts b bCs color spacing sz szCs vertAlign lang",
    "tblPr": "tblStyle tblW tblInd tblBorders tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "tcW vAlign",
    "sectPr": "footerReference type pgSz pgMar cols docGrid",
    "style": "name basedOn qFormat pPr rPr tblPr",
    "settings": "zoom defaultTabStop evenAndOddHeaders characterSpacingControl compat themeFontLang",
}


@pytest.fixture(params=["zh", "en"])
def language(request):
    return request.param


@pytest.fixture
def file(language, brief, record, letterhead) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(MAKERS[language](brief, record, letterhead)))


def tree(file, name="word/document.xml"):
    return etree.fromstring(file.read(name))


def text_of(element) -> str:
    return "".join(t.text or "" for t in element.iter(f"{W}t"))


def paragraphs(file) -> list[tuple[str, str]]:
    """Style and text of each paragraph."""
    return [(p.find(f"{W}pPr/{W}pStyle").get(f"{W}val"), text_of(p)) for p in tree(file).iter(f"{W}p")]


def test_same_arguments_give_the_same_bytes(language, brief, record, letterhead):
    make = MAKERS[language]
    assert make(brief, record, letterhead) == make(brief, record, letterhead)


def test_elements_stand_in_the_order_of_the_schema(file):
    wrong = []
    for name in (n for n in file.namelist() if n.startswith("word/") and n.endswith(".xml")):
        for element in tree(file, name).iter():
            kind = etree.QName(element).localname
            if kind in ORDER and element.tag.startswith(W):
                children = [etree.QName(child).localname for child in element]
                known = ORDER[kind].split()
                if [known.index(c) for c in children] != sorted(known.index(c) for c in children):
                    wrong.append(f"{name} {kind}: {children}")
    assert wrong == []


def test_bookmarks_are_unique_and_every_link_ends_at_one(file):
    document = tree(file)
    marks = list(document.iter(f"{W}bookmarkStart"))
    names = [m.get(f"{W}name") for m in marks]
    ids = [m.get(f"{W}id") for m in marks]
    anchors = {link.get(f"{W}anchor") for link in document.iter(f"{W}hyperlink")}
    assert len(set(names)) == len(names) and len(set(ids)) == len(ids)
    assert anchors == set(names)


def test_every_statement_leads_to_a_source_and_every_source_back(file):
    anchors = [link.get(f"{W}anchor") for link in tree(file).iter(f"{W}hyperlink")]
    assert {a for a in anchors if a.startswith("src_")} == {f"src_{n}" for n in range(1, 12)}
    assert sorted(a for a in anchors if a.startswith("cite_")) == sorted(f"cite_{n}" for n in range(1, 12))


def test_a_source_names_line_and_quote(file, language):
    found = next(text for style, text in paragraphs(file) if style == "Source" and text.startswith("[7]"))
    place = "第25行" if language == "zh" else "line 25"
    assert found == f"[7] {place} “我们建议：先在两个码头建换电站，三年内把短途货车的一半换成电动。” ↑".replace(
        "我们建议：", ""
    )


def test_both_briefs_have_the_same_recommendation_ids(brief, record, letterhead):
    ids = {}
    for language, make in MAKERS.items():
        document = docx.Document(io.BytesIO(make(brief, record, letterhead)))
        table = document.tables[2]
        ids[language] = [row.cells[0].text for row in table.rows][1:]
    assert ids["zh"] == ids["en"] == ["1.1", "1.2", "2.1", "2.2"]


def test_no_chinese_stands_in_the_english_brief_but_office_and_quotes(brief, record, letterhead):
    file = zipfile.ZipFile(io.BytesIO(english_brief(brief, record, letterhead)))
    chinese = {style for style, text in paragraphs(file) if any("\u4e00" <= c <= "\u9fff" for c in text)}
    assert chinese == {"HeadLine", "Source"}


def test_chinese_overview_counts(brief, record, letterhead):
    file = zipfile.ZipFile(io.BytesIO(chinese_brief(brief, record, letterhead)))
    texts = [text for style, text in paragraphs(file) if style == "BodyText"]
    assert texts[0] == (
        "《临江市顾问会议报告汇编》收录3家单位的3篇报告，共提出建议4条、具体举措3项，列出关键事实2条。"
        "按责任对象分：政府（2条）、多方共同（1条）、企业（1条）。"
    )
    assert texts[1] == "1篇报告未读出建议：《江城小电网》。"


def test_english_bottom_line_comes_first(brief, record, letterhead):
    file = zipfile.ZipFile(io.BytesIO(english_brief(brief, record, letterhead)))
    assert [text for _, text in paragraphs(file)][:4] == [
        "Papers of the Linjiang Advisers’ Meeting: summary of advice",
        "临江市政策研究室9 March 2025",
        "Bottom line",
        "For information. 3 papers from 3 organisations make 4 recommendations to Linjiang, with 3 measures. "
        "The themes that most papers take up are Data (2 papers), Green and low-carbon (1 paper), Talent (1 paper).",
    ]


def test_citations_stand_before_the_chinese_full_stop_and_after_the_english_one(brief, record, letterhead):
    found = {}
    for language, make in MAKERS.items():
        file = zipfile.ZipFile(io.BytesIO(make(brief, record, letterhead)))
        found[language] = [text for style, text in paragraphs(file) if style == "Digest"][0]
    assert found["zh"].endswith("两家试点工厂的废品率由4.1%降到2.6%[3]。")
    assert found["en"].endswith("In two pilot works, scrap fell from 4.1% to 2.6%.[3] ")


def test_marks_of_xml_in_the_text_are_kept(file, language):
    assert any("(<2% of the bill)" in text and "&" in text for style, text in paragraphs(file) if style == "Source")


def test_headings_count_papers_and_sections(brief, record, letterhead):
    file = zipfile.ZipFile(io.BytesIO(chinese_brief(brief, record, letterhead)))
    assert [text for style, text in paragraphs(file) if style in ("Heading1", "Heading2")] == [
        "要点",
        "一、总体情况",
        "二、主要领域",
        "三、多家共同提出的建议",
        "四、重点建议",
        "五、分篇摘要",
        "（一）让老厂房用上新数据——给临江市的三点看法",
        "（二）江上的货，路上的电",
        "（三）江城小电网",
    ]


def test_accounting_is_printed(file, language, brief):
    texts = [text_of(row) for row in tree(file).iter(f"{W}tr")]
    expected = {
        "zh": [
            "读出报告（篇）3",
            "读过的文段（段）9",
            "答复因过长被截断的文段（段）1",
            "未能处理的文段（段）0",
            "重试（次）2",
            "模型作出的陈述（句）14",
            "未采用的陈述（句）1",
            "全篇摘要数字在原文依据中没有原文1",
            "全篇摘要意思在原文中没有依据原文1",
        ],
        "en": [
            "Papers found3",
            "Pieces read9",
            "Pieces whose reply was cut off1",
            "Retries2",
            "Statements not used1",
            "Summary of a papera number that is not in the evidencethe quote1",
        ],
    }
    assert [row for row in expected[language] if row not in texts] == []


def test_page_of_the_standard(brief, record, letterhead):
    file = zipfile.ZipFile(io.BytesIO(chinese_brief(brief, record, letterhead)))
    for section in tree(file).iter(f"{W}sectPr"):
        margins = section.find(f"{W}pgMar")
        assert [margins.get(f"{W}{side}") for side in ("top", "bottom", "left", "right")] == [
            "2098",
            "1984",
            "1588",
            "1474",
        ]
        assert section.find(f"{W}docGrid").get(f"{W}linePitch") == "579"


def test_page_numbers_alternate_in_chinese(brief, record, letterhead):
    file = zipfile.ZipFile(io.BytesIO(chinese_brief(brief, record, letterhead)))
    kinds = [r.get(f"{W}type") for r in next(tree(file).iter(f"{W}sectPr")).findall(f"{W}footerReference")]
    assert sorted(kinds) == ["default", "even"]
    assert tree(file, "word/settings.xml").find(f"{W}evenAndOddHeaders") is not None
    feet = [tree(file, name) for name in file.namelist() if "footer" in name and "rels" not in name]
    assert sorted((f.find(f".//{W}jc").get(f"{W}val"), text_of(f)) for f in feet) == [
        ("left", "— 1 —"),
        ("right", "— 1 —"),
    ]


def test_every_style_has_an_east_asian_font_and_every_chinese_run_the_hint(file):
    for style in tree(file, "word/styles.xml").iter(f"{W}style"):
        if style.get(f"{W}type") == "paragraph":
            assert style.find(f"{W}rPr/{W}rFonts").get(f"{W}eastAsia")
    for run in tree(file).iter(f"{W}r"):
        if any("\u4e00" <= c <= "\u9fff" for c in text_of(run)):
            assert run.find(f"{W}rPr/{W}rFonts").get(f"{W}hint") == "eastAsia"


def test_every_used_style_is_defined(file):
    defined = {s.get(f"{W}styleId") for s in tree(file, "word/styles.xml").iter(f"{W}style")}
    used = {e.get(f"{W}val") for kind in ("pStyle", "rStyle") for e in tree(file).iter(f"{W}{kind}")}
    assert used <= defined


def test_tables_repeat_their_head_keep_rows_whole_and_fill_the_width(file, language):
    width = {"zh": 8844, "en": 9298}[language]
    for table in tree(file).iter(f"{W}tbl"):
        rows = table.findall(f"{W}tr")
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert sum(int(c.get(f"{W}w")) for c in table.iter(f"{W}gridCol")) == width
        assert table.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val")


def test_pictures_have_alternative_text(file, language):
    properties = [p for p in tree(file).iter(f"{WP}docPr")]
    expected = {
        "zh": "数据要素（2篇）、绿色低碳（1篇）、人才培养（1篇）。",
        "en": "Data (2 papers), Green and low-carbon (1 paper), Talent (1 paper).",
    }
    assert [p.get("descr").endswith(expected[language]) for p in properties] == [True]


def test_nothing_of_the_template_is_left(file, language):
    names = file.namelist()
    assert not [
        n for n in names if any(word in n for word in ("thumbnail", "Effects", "customXml", "theme", "numbering"))
    ]
    core = file.read("docProps/core.xml").decode()
    assert "python-docx" not in core and "2013" not in core and "2025-03-09T00:00:00Z" in core
    assert b"Calibri" not in file.read("word/styles.xml")
    assert ("zh-CN" if language == "zh" else "en-GB") in core


@pytest.mark.parametrize("fonts, body", [("gb2312", "仿宋_GB2312"), ("windows", "仿宋")])
def test_font_sets(brief, record, letterhead, fonts, body):
    letterhead = replace(letterhead, fonts=fonts)
    file = zipfile.ZipFile(io.BytesIO(chinese_brief(brief, record, letterhead)))
    styles = {s.get(f"{W}styleId"): s for s in tree(file, "word/styles.xml").iter(f"{W}style")}
    assert styles["BodyText"].find(f"{W}rPr/{W}rFonts").get(f"{W}eastAsia") == body


def test_control_characters_of_a_damaged_source_do_not_break_the_file(language, brief, record, letterhead):
    damaged = replace(brief.papers[0], title=Text("老厂\x0b房\x02", "Old\x0c works\x00"))
    damaged_brief = replace(brief, papers=(damaged, *brief.papers[1:]))
    file = zipfile.ZipFile(io.BytesIO(MAKERS[language](damaged_brief, record, letterhead)))
    assert any("\ufffd" in text for _, text in paragraphs(file))


def test_a_volume_without_recommendations_still_makes_a_brief(language, brief, record, letterhead):
    silent = Brief(brief.source, Text(), Text(), brief.papers[2:], (), ())
    file = zipfile.ZipFile(io.BytesIO(MAKERS[language](silent, record, letterhead)))
    expected = {"zh": "本卷未读出对主办地的建议。", "en": "No recommendation to the host was found in this volume."}
    assert any(expected[language] in text for _, text in paragraphs(file))


def test_both_files_of_a_real_size_take_less_than_five_seconds(big_brief, record, letterhead):
    start = process_time()
    for make in MAKERS.values():
        make(big_brief, record, letterhead)
    assert process_time() - start < 5
