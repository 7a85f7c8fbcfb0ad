"""What both Word files say, and how their XML holds it."""

import io
import zipfile
from dataclasses import replace
from time import process_time

import docx
import pytest
from lxml import etree

from pipeline.output.brief_en import english_brief
from pipeline.output.brief_zh import chinese_brief
from pipeline.records import Brief, Place, Statement, Summary, Text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
MAKERS = {"zh": chinese_brief, "en": english_brief}
# The order that the schema asks for (ECMA-376 Part 1, wml.xsd); Word calls a file corrupt that breaks it.
# An element that stands in none of these lists is one that nobody has looked up yet.
ORDER = {
    "document": "body",
    "tbl": "tblPr tblGrid tr",
    "tr": "trPr tc",
    "tc": "tcPr p",
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl pBdr tabs kinsoku overflowPunct "
    "autoSpaceDE autoSpaceDN snapToGrid spacing ind jc outlineLvl sectPr",
    "pBdr": "top left bottom right",
    "rPr": "rStyle rFonts b bCs color spacing sz szCs vertAlign lang",
    "tblPr": "tblStyle tblW tblInd tblBorders tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tblBorders": "top left bottom right insideH insideV",
    "tblCellMar": "top left bottom right",
    "tcPr": "tcW gridSpan vAlign",
    "sectPr": "footerReference type pgSz pgMar cols docGrid",
    "styles": "docDefaults style",
    "docDefaults": "rPrDefault pPrDefault",
    "style": "name basedOn qFormat pPr rPr tblPr",
    "settings": "zoom defaultTabStop evenAndOddHeaders characterSpacingControl compat themeFontLang",
    "fonts": "font",
    "font": "altName charset",
}
# What may stand in a paragraph, in any order after its properties.
INLINE = {"pPr", "r", "hyperlink", "bookmarkStart", "bookmarkEnd", "fldSimple"}


@pytest.fixture(params=["zh", "en"], scope="module")
def language(request):
    return request.param


@pytest.fixture(scope="module")
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


def test_paragraphs_begin_with_their_properties_and_hold_what_they_may(file):
    for paragraph in tree(file).iter(f"{W}p"):
        kinds = [etree.QName(child).localname for child in paragraph]
        assert kinds[0] == "pPr" and "pPr" not in kinds[1:] and set(kinds) <= INLINE


def test_every_cell_ends_with_a_paragraph_and_rows_are_as_wide_as_the_grid(file):
    for table in tree(file).iter(f"{W}tbl"):
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        for row in table.findall(f"{W}tr"):
            cells = row.findall(f"{W}tc")
            spans = [cell.find(f"{W}tcPr/{W}gridSpan") for cell in cells]
            assert sum(1 if span is None else int(span.get(f"{W}val")) for span in spans) == columns
            assert all(cell[-1].tag == f"{W}p" for cell in cells)


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
    assert {a for a in anchors if a.startswith("src_")} == {f"src_{n}" for n in range(1, 10)}
    assert sorted(a for a in anchors if a.startswith("cite_")) == sorted(f"cite_{n}" for n in range(1, 10))


def test_the_number_of_a_recommendation_opens_it_in_the_full_list(file):
    document = tree(file)
    links = [link for link in document.iter(f"{W}hyperlink") if link.get(f"{W}anchor").startswith("item_")]
    assert {(text_of(link), link.get(f"{W}anchor")) for link in links} == {
        ("1.1", "item_1_1"),
        ("1.2", "item_1_2"),
        ("2.1", "item_2_1"),
        ("2.2", "item_2_2"),
    }


@pytest.mark.parametrize("section", ["themes", "shared", "differences", "priorities", "digests", "recommendations"])
def test_no_link_is_dead_when_a_section_is_left_out(language, brief, record, letterhead, section):
    sections = tuple(s for s in (*letterhead.sections, "facts") if s != section)
    data = MAKERS[language](brief, record, replace(letterhead, sections=sections))
    document = tree(zipfile.ZipFile(io.BytesIO(data)))
    names = {m.get(f"{W}name") for m in document.iter(f"{W}bookmarkStart")}
    assert {link.get(f"{W}anchor") for link in document.iter(f"{W}hyperlink")} <= names


def test_key_facts_are_printed_on_request(language, brief, record, letterhead):
    fact = {"zh": "临江市有中小机械厂1200家", "en": "Linjiang has 1,200 small engineering works"}[language]
    printed = {}
    for sections in (letterhead.sections, (*letterhead.sections, "facts")):
        data = MAKERS[language](brief, record, replace(letterhead, sections=sections))
        texts = [text for _, text in paragraphs(zipfile.ZipFile(io.BytesIO(data)))]
        printed["facts" in sections] = any(fact in text for text in texts)
    assert printed == {True: True, False: False}


def test_a_source_names_line_and_quote(file, language):
    found = next(text for style, text in paragraphs(file) if style.startswith("Source") and text.startswith("[6]"))
    place = "第25行" if language == "zh" else "line 25 "
    assert found == f"[6]\u00a0{place}“先在两个码头建换电站，三……的一半换成电动。”"


def test_the_source_list_names_pages_and_files(language, brief, record, letterhead):
    second = brief.source.text.index("# 江上的货")
    pages = (Place(0, "a_1.pdf", 1), Place(second - 1, "a_1.pdf", 2), Place(second, "b.pdf", 5))
    made = replace(brief, source=replace(brief.source, places=pages))
    file = zipfile.ZipFile(io.BytesIO(MAKERS[language](made, record, letterhead)))
    listed = " ".join(words for style, words in paragraphs(file) if style.startswith("Source"))
    for place in ("a_1.pdf第1页", "b.pdf第5页") if language == "zh" else ("a_1.pdf, page 1", "b.pdf, page 5"):
        assert place in listed


def test_both_briefs_have_the_same_recommendation_ids(brief, record, letterhead):
    ids = {}
    for language, make in MAKERS.items():
        document = docx.Document(io.BytesIO(make(brief, record, letterhead)))
        table = next(t for t in document.tables if t.cell(0, 1).text in ("建议：举措", "Recommendation: measures"))
        ids[language] = [row.cells[0].text for row in table.rows if row.cells[0].text[:1].isdigit()]
    assert ids["zh"] == ids["en"] == ["1.1", "1.2", "2.1", "2.2"]


def test_no_chinese_stands_in_the_english_brief_but_quotes(brief, record, letterhead):
    file = zipfile.ZipFile(io.BytesIO(english_brief(brief, record, letterhead)))
    chinese = {style for style, text in paragraphs(file) if any("\u4e00" <= c <= "\u9fff" for c in text)}
    assert chinese == {"Source", "SourceFirst"}


def test_chinese_overview_counts(brief, record, letterhead):
    file = zipfile.ZipFile(io.BytesIO(chinese_brief(brief, record, letterhead)))
    texts = [text for style, text in paragraphs(file) if style == "BodyText"]
    assert texts[0] == (
        "《临江市顾问会议报告汇编》收录3家单位的3篇报告，共提出建议4条、具体举措3项。"
        "按责任对象分：政府（2条）、多方共同（1条）、企业（1条）。"
        "1篇报告未读出建议：《江城小电网》。"
    )


def test_english_bottom_line_comes_first(brief, record, letterhead):
    file = zipfile.ZipFile(io.BytesIO(english_brief(brief, record, letterhead)))
    assert [text for _, text in paragraphs(file)][:4] == [
        "Papers of the Linjiang Advisers’ Meeting: summary of advice",
        "Linjiang Policy Office9 March 2025",
        "Bottom line",
        "For information. 3 papers from 3 organisations make 4 recommendations to Linjiang, with 3 measures. "
        "1 recommendation is made by more than one paper. "
        "The 3 recommendations to read first are in the table below. "
        "No recommendation was found in 1 paper: “Small grids for a river city”.",
    ]


def test_citations_stand_before_the_chinese_full_stop_and_after_the_english_one(brief, record, letterhead):
    found = {}
    for language, make in MAKERS.items():
        file = zipfile.ZipFile(io.BytesIO(make(brief, record, letterhead)))
        found[language] = [text for style, text in paragraphs(file) if style == "Digest"][0]
    assert found["zh"].endswith("两家试点工厂的废品率由4.1%降到2.6%[2]。")
    assert found["en"].endswith("In two pilot works, scrap fell from 4.1% to 2.6%.[2] ")


def test_marks_of_xml_in_the_text_are_kept(language, brief, record, letterhead):
    data = MAKERS[language](brief, record, replace(letterhead, sections=("facts",), quote=100))
    sources = [text for style, text in paragraphs(zipfile.ZipFile(io.BytesIO(data))) if style.startswith("Source")]
    assert any("& what they paid (<2% of the bill)" in text for text in sources)


def test_headings_count_papers_and_sections(brief, record, letterhead):
    file = zipfile.ZipFile(io.BytesIO(chinese_brief(brief, record, letterhead)))
    assert [text for style, text in paragraphs(file) if style in ("Heading1", "Heading2")] == [
        "要点",
        "一、总体情况",
        "二、主要共识",
        "（一）多家共同提出的建议",
        "（二）各领域的建议",
        "三、分歧与提醒",
        "四、重点建议",
        "五、分篇摘要",
        "（一）让老厂房用上新数据——给临江市的三点看法",
        "（二）江上的货，路上的电",
        "（三）江城小电网",
        "（一）依据出处",
        "（二）生成说明",
    ]


def test_accounting_is_printed(file, language, brief):
    texts = [text_of(row) for row in tree(file).iter(f"{W}tr")]
    expected = {
        "zh": [
            "读出报告（篇）3答复因过长被截断的文段（段）1",
            "未收入的报告或文件（个）0未能处理的文段（段）0",
            "逐行读过的原文（字符）5200重试（次）2",
            "读过的文段（段）9未采用的陈述（句）1",
            "原因文段摘要全篇摘要提取建议翻译",
            "数字在原文依据中没有1",
            "意思在原文中没有依据1",
        ],
        "en": [
            "Papers found3Pieces whose reply was cut off1",
            "Characters read line by line5200Retries2",
            "Pieces read9Statements not used1",
            "ReasonDigestSummaryExtractionTranslation",
            "a number that is not in the evidence1",
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


def chinese(brief, record, letterhead, **settings) -> list[tuple[str, str]]:
    """The paragraphs of the Chinese brief with other settings."""
    data = chinese_brief(brief, record, replace(letterhead, **settings))
    return paragraphs(zipfile.ZipFile(io.BytesIO(data)))


def test_the_head_names_what_the_office_wants(brief, record, letterhead):
    head = chinese(brief, record, letterhead, classification="内部资料　注意保存", masthead="咨询专报", issue=12)
    assert head[:4] == [
        ("Classification", "内部资料　注意保存"),
        ("Masthead", "咨询专报"),
        ("Issue", "第12期"),
        ("HeadLine", "临江市政策研究室2025年3月9日"),
    ]


def test_the_foot_names_recipients_and_printer(brief, record, letterhead):
    assert chinese(brief, record, letterhead)[-1] == ("FootOnly", "临江市政策研究室2025年3月9日印发")
    assert chinese(brief, record, letterhead, recipients="市委办公室，市政府办公室。")[-2:] == [
        ("FootFirst", "报送：市委办公室，市政府办公室。"),
        ("FootLast", "临江市政策研究室2025年3月9日印发"),
    ]
    assert chinese(brief, record, letterhead, office="")[-1][0] == "ClosingNote"


def test_the_lines_of_the_foot_have_the_weights_of_the_standard(brief, record, letterhead):
    file = zipfile.ZipFile(io.BytesIO(chinese_brief(brief, record, letterhead)))
    styles = {s.get(f"{W}styleId"): s for s in tree(file, "word/styles.xml").iter(f"{W}style")}
    weights = {  # in eighths of a point: 0.35 mm and 0.25 mm
        name: [border.get(f"{W}sz") for border in styles[name].find(f"{W}pPr/{W}pBdr")]
        for name in ("FootOnly", "FootFirst", "FootLast")
    }
    assert weights == {"FootOnly": ["8", "8"], "FootFirst": ["8"], "FootLast": ["6", "8"]}


def test_annexes_are_named_after_the_text_and_numbered_if_there_are_two(brief, record, letterhead):
    def annexes(**settings):
        found = chinese(brief, record, letterhead, **settings)
        return [text for style, text in found if style.startswith("Annex")]

    assert annexes() == [
        "附件：1.全部建议清单",
        "2.依据出处和生成说明",
        "附件1",
        "全部建议清单",
        "附件2",
        "依据出处和生成说明",
    ]
    assert annexes(sections=("digests",)) == ["附件：依据出处和生成说明", "附件", "依据出处和生成说明"]


@pytest.mark.parametrize("settings, count", [({}, 7), ({"findings_zh": 100}, 2), ({"findings_zh": 1}, 1)])
def test_findings_are_left_out_whole(big_brief, record, letterhead, settings, count):
    found = [text for style, text in chinese(big_brief, record, letterhead, **settings) if style == "Finding"]
    assert len(found) == count and all(text.endswith("。") for text in found)


def test_findings_make_room_for_a_long_head(big_brief, record, letterhead):
    title = "关于某市发展人工智能和数字经济的国际顾问会议各篇报告主要建议及其依据出处的情况综合摘报"
    found = chinese(big_brief, record, letterhead, title=title, classification="内部资料", issue=12)
    assert len([text for style, text in found if style == "Finding"]) == 5


def test_measures_are_abridged_as_far_as_the_office_wants(brief, record, letterhead):
    def item(**settings):
        found = chinese(brief, record, letterhead, **settings)
        return next(text for style, text in found if style == "ListText" and text.startswith("建立设备"))

    assert item() == "建立设备数据共享平台[3]：平台前两年向中小厂免费；统一公布接入标准。同类：2.2。"
    assert item(measure_zh=6) == "建立设备数据共享平台[3]：平台前两年向……；统一公布接入……同类：2.2。"


def test_a_summary_that_ends_with_its_recommendations_does_not_say_them_twice(brief, record, letterhead):
    first = brief.papers[0]
    titles = [r.title for r in first.recommendations]
    closing = Statement(
        Text("文章建议：" + "；".join(t.text.zh for t in titles) + "。", "The paper's recommendations: …"),
        tuple(e for t in titles for e in t.evidence),
    )
    summary = Summary((*first.summary.zh, closing), (*first.summary.en, closing))
    papers = (replace(first, summary=summary), *brief.papers[1:])
    data = chinese_brief(replace(brief, papers=papers), record, letterhead)
    digest = [text for style, text in paragraphs(zipfile.ZipFile(io.BytesIO(data))) if style == "Digest"]
    assert digest[0].endswith("两家试点工厂的废品率由4.1%降到2.6%[2]。") and digest[1].startswith("建议：1.1")


def test_what_could_not_be_translated_is_counted_in_english(brief, record, letterhead):
    first = brief.papers[0]
    item = first.recommendations[0]
    named = replace(item, measures=tuple(replace(m, plain="en") for m in item.measures[:1]) + item.measures[1:])
    brief = replace(brief, papers=(replace(first, recommendations=(named,)),), themes=(), shared=(), priorities=())
    file = zipfile.ZipFile(io.BytesIO(english_brief(brief, record, letterhead)))
    assert "Set up a platform to share machine data[3]: Publish one access standard. 1 measure not translated." in [
        text for _, text in paragraphs(file)
    ]


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
        own = "".join(t.text or "" for t in run.findall(f"{W}t"))
        if any("\u4e00" <= c <= "\u9fff" for c in own):
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
    said = [p.get("descr") for p in tree(file).iter(f"{WP}docPr")]
    assert (
        said[0]
        == {
            "zh": "矩阵图：横为提出报告的单位，纵为领域，格内为建议条数；右侧条形为提出报告篇数。"
            "数据要素（第1、2篇）、绿色低碳（第2篇）、人才培养（第1篇）。",
            "en": "Matrix: organisations across, themes down, the number of recommendations in each cell; "
            "bars at the right show the papers in each theme. "
            "Data (papers 1, 2), Green and low-carbon (paper 2), Talent (paper 1).",
        }[language]
    )
    assert all(said)


def test_the_support_of_three_shared_recommendations_is_drawn(language, big_brief, record, letterhead):
    document = tree(zipfile.ZipFile(io.BytesIO(MAKERS[language](big_brief, record, letterhead))))
    said = [p.get("descr") for p in document.iter(f"{WP}docPr")]
    assert said[0].startswith({"zh": "条形图：提出同一建议的报告篇数。", "en": "Bar chart: papers"}[language])


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


def test_a_line_holds_28_characters_and_a_page_22_lines(brief, record, letterhead):
    file = zipfile.ZipFile(io.BytesIO(chinese_brief(brief, record, letterhead)))
    style = next(s for s in tree(file, "word/styles.xml").iter(f"{W}style") if s.get(f"{W}styleId") == "BodyText")
    size, closer = (style.find(f"{W}rPr/{W}{name}").get(f"{W}val") for name in ("sz", "spacing"))
    page, margins = (tree(file).find(f".//{W}{name}") for name in ("pgSz", "pgMar"))
    number = lambda element, name: int(element.get(f"{W}{name}"))  # noqa: E731
    width = number(page, "w") - number(margins, "left") - number(margins, "right")
    height = number(page, "h") - number(margins, "top") - number(margins, "bottom")
    line = number(style.find(f"{W}pPr/{W}spacing"), "line")
    assert (width // (int(size) * 10 + int(closer)), height // line) == (28, 22)


def test_the_head_is_red_and_ends_in_a_red_line(brief, record, letterhead):
    file = zipfile.ZipFile(io.BytesIO(chinese_brief(brief, record, letterhead)))
    styles = {s.get(f"{W}styleId"): s for s in tree(file, "word/styles.xml").iter(f"{W}style")}
    assert styles["Masthead"].find(f"{W}rPr/{W}color").get(f"{W}val") == "FF0000"
    line = styles["HeadLine"].find(f"{W}pPr/{W}pBdr/{W}bottom")
    assert (line.get(f"{W}color"), line.get(f"{W}val")) == ("FF0000", "single")


def test_headings_are_in_the_outline(file):
    styles = tree(file, "word/styles.xml").iter(f"{W}style")
    levels = {
        s.find(f"{W}name").get(f"{W}val"): s.find(f"{W}pPr/{W}outlineLvl") for s in styles if len(s.findall(f"{W}pPr"))
    }
    found = {name: level.get(f"{W}val") for name, level in levels.items() if level is not None}
    assert found == {"heading 1": "0", "heading 2": "1", "Annex Title": "0"}


def test_captions_are_counted_by_word_and_stand_by_table_and_figure(file, language):
    kinds = {"zh": ("表", "图"), "en": ("Table", "Figure")}[language]
    fields = [f.get(f"{W}instr").strip() for f in tree(file).iter(f"{W}fldSimple")]
    assert {*fields} == {f"SEQ {kind} \\* ARABIC" for kind in kinds}
    blocks = [b for b in tree(file).find(f"{W}body") if b.tag != f"{W}sectPr"]
    for before, block in zip(blocks, blocks[1:], strict=False):
        if block.tag == f"{W}tbl" and block[1].findall(f"{W}gridCol")[4:] == []:
            style = before.find(f"{W}pPr/{W}pStyle").get(f"{W}val")
            assert style in (
                "Caption",
                "Heading1",
            )  # the table on page one of the English brief stands under its heading


def test_language_tags(file, language):
    latin = {"zh": "en-US", "en": "en-GB"}[language]
    tag = tree(file, "word/styles.xml").find(f"{W}docDefaults//{W}lang")
    theme = tree(file, "word/settings.xml").find(f"{W}themeFontLang")
    assert [(t.get(f"{W}val"), t.get(f"{W}eastAsia")) for t in (tag, theme)] == [(latin, "zh-CN")] * 2
