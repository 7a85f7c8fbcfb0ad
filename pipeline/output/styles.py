"""Page, fonts and styles of the two briefs, as WordprocessingML.

The Chinese page follows GB/T 9704-2012: A4, 22 lines of 28 characters, 3号仿宋.
Lengths are twips (twentieths of a point) unless a name says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.records import Language

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = f'xmlns:w="{WORD}" xmlns:r="{RELATIONSHIPS}"'
FONT_SETS = {  # face → font name; fonts are named, never embedded
    "gb2312": {"title": "方正小标宋简体", "body": "仿宋_GB2312", "kai": "楷体_GB2312", "hei": "黑体", "song": "宋体"},
    "windows": {"title": "宋体", "body": "仿宋", "kai": "楷体", "hei": "黑体", "song": "宋体"},
}
SUBSTITUTES = {"方正小标宋简体": "宋体", "仿宋_GB2312": "仿宋", "楷体_GB2312": "楷体"}  # where a font is missing
LATIN = {"zh": "Times New Roman", "en": "Arial"}
RED, BLUE, GREY = "FF0000", "1D4E89", "505A5F"
LINE = 579  # 22 of them fill the type area; 580 would give 21


@dataclass(frozen=True, slots=True)
class Page:
    """A4 with its margins."""

    top: int
    bottom: int
    left: int
    right: int
    footer: int
    grid: int = 0  # line pitch; 0: no grid
    numbers_alternate: bool = False  # outside: right on odd pages, left on even ones

    @property
    def text_width(self) -> int:
        return 11906 - self.left - self.right


PAGES = {
    "zh": Page(top=2098, bottom=1984, left=1588, right=1474, footer=1434, grid=LINE, numbers_alternate=True),
    "en": Page(top=1304, bottom=1304, left=1304, right=1304, footer=680),
}


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style."""

    id: str
    name: str  # Word's own names keep their meaning in outline and translation
    size: float  # points
    face: str = "body"
    line: int = LINE
    exact: bool = True  # False: `line` is in 240ths of a line
    before: int = 0
    after: int = 0
    first_characters: int = 0  # indent of the first line
    left: int = 0
    hanging: int = 0
    align: str = "both"
    bold: bool = False
    color: str = ""
    spacing: int = 0  # between letters
    keep_next: bool = False
    keep_lines: bool = False
    page_break: bool = False
    outline: int = -1  # 0 is the first level of headings
    border: str = ""  # a pBdr child
    tab: int = 0  # a right tab


FOOT_LINE = 520  # a line of the 版记
RED_LINE = f'<w:bottom w:val="single" w:sz="12" w:space="11" w:color="{RED}"/>'


def rules(top: int, bottom: int = 0) -> str:
    """Lines of the 版记 over and under a paragraph, in eighths of a point: 8 is 0.35 mm, 6 is 0.25 mm."""
    line = '<w:{} w:val="single" w:sz="{}" w:space="0" w:color="000000"/>'
    return line.format("top", top) + (line.format("bottom", bottom) if bottom else "")


ZH_FOOT = Style("Foot", "Foot", 14, line=FOOT_LINE, first_characters=1, tab=PAGES["zh"].text_width - 280, align="left")
ZH_STYLES = (
    Style("Normal", "Normal", 16),
    Style("Classification", "Classification", 16, "hei", align="left"),
    Style("Masthead", "Masthead", 44, "title", 1100, align="distribute", color=RED, left=900, before=120, after=120),
    Style("Issue", "Issue", 16, align="center", after=100),
    Style("HeadLine", "Head Line", 16, border=RED_LINE, first_characters=1, tab=PAGES["zh"].text_width - 320),
    Style("Title", "Title", 22, "title", 640, before=480, after=200, align="center", keep_lines=True),
    Style("Heading1", "heading 1", 16, "hei", first_characters=2, keep_next=True, outline=0, spacing=-5),
    Style("Heading2", "heading 2", 14, "kai", 440, first_characters=2, before=60, keep_next=True, outline=1),
    Style("AnnexNote", "Annex Note", 16, first_characters=2, before=LINE, align="left", keep_next=True),
    Style("AnnexNoteNext", "Annex Note Next", 16, first_characters=5, align="left"),
    Style("Annex", "Annex Mark", 16, "hei", align="left", page_break=True, keep_next=True),
    Style(
        "AnnexTitle", "Annex Title", 22, "title", 700, before=LINE, after=240, align="center", keep_next=True, outline=0
    ),
    Style("BodyText", "Body Text", 16, first_characters=2, spacing=-5),
    Style("Finding", "Finding", 16, first_characters=2, spacing=-5),
    Style("Byline", "Byline", 12, "kai", 360, first_characters=2, align="left", keep_next=True),
    Style("Digest", "Digest", 12, line=345, first_characters=2),
    Style("TableHead", "Table Head", 12, "hei", 360, align="center", keep_next=True),
    Style("TableText", "Table Text", 12, line=340, align="left"),
    Style("TableNumber", "Table Number", 12, line=340, align="center"),
    Style("ListHead", "List Head", 9, "hei", 280, align="center", keep_next=True),
    Style("ListText", "List Text", 9, line=230, align="left"),
    Style("ListNumber", "List Number", 9, line=230, align="center"),
    Style("ListGroup", "List Group", 9, "hei", 260, align="left", keep_next=True),
    Style("Caption", "caption", 12, "hei", 400, before=160, after=60, align="center", keep_next=True),
    Style("Picture", "Picture", 12, line=240, exact=False, before=120, align="center", keep_next=True),
    Style("PictureCaption", "Picture Caption", 12, "hei", 400, after=160, align="center"),
    Style("Note", "Note", 10.5, line=320, first_characters=2, after=80, align="left"),
    Style(
        "ClosingNote", "Closing Note", 10.5, line=320, first_characters=2, align="left", keep_next=True
    ),  # 版记 follows
    Style("SourceFirst", "Source First", 7.5, line=195, before=60, align="left", keep_lines=True),
    Style("Source", "Source", 7.5, line=195, align="left"),
    replace(ZH_FOOT, id="FootOnly", name="Foot Only", border=rules(8, 8)),
    replace(ZH_FOOT, id="FootFirst", name="Foot First", border=rules(8)),
    replace(ZH_FOOT, id="FootLast", name="Foot Last", border=rules(6, 8)),
    Style("FootAnchor", "Foot Anchor", 1, line=20, align="left"),
    Style("Footer", "footer", 14, "song", 320),
)
EN_HEAD_LINE = '<w:bottom w:val="single" w:sz="12" w:space="6" w:color="0B0C0C"/>'
EN_STYLES = tuple(
    replace(style, exact=False, align=style.align if style.align == "right" else "left")
    for style in (
        Style("Normal", "Normal", 11, line=276),
        Style("Title", "Title", 20, line=252, bold=True, after=100, keep_next=True),
        Style(
            "HeadLine",
            "Head Line",
            11,
            line=264,
            after=160,
            color=GREY,
            border=EN_HEAD_LINE,
            tab=PAGES["en"].text_width,
        ),
        Style("Heading1", "heading 1", 15, line=252, bold=True, before=220, after=80, keep_next=True, outline=0),
        Style("Heading2", "heading 2", 12, line=252, bold=True, before=180, after=20, keep_next=True, outline=1),
        Style(
            "AnnexTitle", "Annex Title", 16, line=252, bold=True, after=120, page_break=True, keep_next=True, outline=0
        ),
        Style("BodyText", "Body Text", 11, line=276, after=80),
        Style("Finding", "Finding", 11, line=264, left=360, hanging=360, after=50),
        Style("Byline", "Byline", 10.5, line=252, after=40, color=GREY, keep_next=True),
        Style("Digest", "Digest", 10.5, line=258, after=60),
        Style("TableHead", "Table Head", 10, line=240, bold=True, before=20, after=20, keep_next=True),
        Style("TableText", "Table Text", 10, line=240, before=20, after=20),
        Style("TableNumber", "Table Number", 10, line=240, before=20, after=20),
        Style("ListHead", "List Head", 9, line=240, bold=True, before=20, after=20, keep_next=True),
        Style("ListText", "List Text", 8.5, line=240),
        Style("ListNumber", "List Number", 8.5, line=240, align="right"),
        Style("ListGroup", "List Group", 8.5, line=240, bold=True, before=20, keep_next=True),
        Style("Caption", "caption", 10.5, line=252, bold=True, before=160, after=60, keep_next=True),
        Style("Picture", "Picture", 11, line=240, before=60, keep_next=True),
        Style("PictureCaption", "Picture Caption", 10.5, line=252, bold=True, before=40, after=140),
        Style("Note", "Note", 9.5, line=252, after=100),
        Style("ClosingNote", "Closing Note", 9.5, line=252),
        Style("SourceFirst", "Source First", 7.5, line=240, before=60, keep_lines=True),
        Style("Source", "Source", 7.5, line=240),
        Style("Footer", "footer", 11, line=264, align="right", color=GREY),
    )
)
STYLES = {"zh": ZH_STYLES, "en": EN_STYLES}


def styles_xml(language: Language, fonts: str) -> str:
    """The styles part of a brief; `fonts` is a key of FONT_SETS."""
    faces = FONT_SETS[fonts]
    lang = f'<w:lang w:val="{"en-US" if language == "zh" else "en-GB"}" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts_xml(faces['body'], language)}"
        f'<w:sz w:val="24"/><w:szCs w:val="24"/>{lang}</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
    )
    head = '<w:style w:type="{}" w:default="1" w:styleId="{}"><w:name w:val="{}"/>'
    own = '<w:style w:type="character" w:customStyle="1" w:styleId="{}"><w:name w:val="{}"/>'
    colour = f'<w:color w:val="{BLUE}"/>'
    sides = '<w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/>'
    fixed = (
        head.format("character", "DefaultParagraphFont", "Default Paragraph Font")
        + "</w:style>"
        + head.format("table", "TableNormal", "Normal Table")
        + f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>{sides}</w:tblCellMar></w:tblPr></w:style>'
        + own.format("Citation", "Citation")
        + f'<w:rPr>{colour}<w:vertAlign w:val="superscript"/></w:rPr></w:style>'
        + own.format("Link", "Inner Link")
        + f"<w:rPr>{colour}</w:rPr></w:style>"
        + strong_xml(faces, language)
    )
    paragraphs = "".join(style_xml(style, faces, language) for style in STYLES[language])
    return f'<w:styles xmlns:w="{WORD}">{defaults}{fixed}{paragraphs}</w:styles>'


def strong_xml(faces: dict[str, str], language: Language) -> str:
    """The character style of lead words: 黑体 in Chinese, bold in English."""
    look = fonts_xml(faces["hei"], language) if language == "zh" else "<w:b/><w:bCs/>"
    return f'<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:rPr>{look}</w:rPr></w:style>'


def fonts_xml(east_asian: str, language: Language) -> str:
    """The fonts of a style. Theme fonts would beat these names, so the element stands alone."""
    latin = LATIN[language]
    hint = ' w:hint="eastAsia"' if language == "zh" else ""
    return f'<w:rFonts{hint} w:ascii="{latin}" w:eastAsia="{east_asian}" w:hAnsi="{latin}" w:cs="{latin}"/>'


def style_xml(style: Style, faces: dict[str, str], language: Language) -> str:
    """One paragraph style, its children in the order of the schema."""
    name = f'<w:name w:val="{style.name}"/>'
    default = ' w:default="1"' if style.id == "Normal" else ""
    own = ' w:customStyle="1"' if style.name[0].isupper() and style.id not in ("Normal", "Title", "BodyText") else ""
    based = "" if style.id == "Normal" else '<w:basedOn w:val="Normal"/>'
    return (
        f'<w:style w:type="paragraph"{default}{own} w:styleId="{style.id}">{name}{based}<w:qFormat/>'
        f"<w:pPr>{paragraph_xml(style, language)}</w:pPr><w:rPr>{letters_xml(style, faces, language)}</w:rPr></w:style>"
    )


def paragraph_xml(style: Style, language: Language) -> str:
    on_grid = style.line == LINE and PAGES[language].grid
    parts = [
        "<w:keepNext/>" if style.keep_next else "",
        "<w:keepLines/>" if style.keep_lines else "",
        "<w:pageBreakBefore/>" if style.page_break else "",
        # Widow control would leave pages with 21 lines of the 22 that the standard asks for.
        '<w:widowControl w:val="0"/>' if language == "zh" else "<w:widowControl/>",
        f"<w:pBdr>{style.border}</w:pBdr>" if style.border else "",
        f'<w:tabs><w:tab w:val="right" w:pos="{style.tab}"/></w:tabs>' if style.tab else "",
        "<w:kinsoku/><w:overflowPunct/>" if language == "zh" else "",
        '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>' if language == "zh" else "",
        f'<w:snapToGrid w:val="{1 if on_grid else 0}"/>',
        f'<w:spacing w:before="{style.before}" w:after="{style.after}" w:line="{style.line}" '
        f'w:lineRule="{"exact" if style.exact else "auto"}"/>',
        indent_xml(style),
        f'<w:jc w:val="{style.align}"/>',
        f'<w:outlineLvl w:val="{style.outline}"/>' if style.outline >= 0 else "",
    ]
    return "".join(parts)


def indent_xml(style: Style) -> str:
    """Characters for Word and twips for LibreOffice, which ignores the first."""
    if style.first_characters:
        twips = round(style.first_characters * style.size * 20)
        return f'<w:ind w:firstLineChars="{style.first_characters * 100}" w:firstLine="{twips}"/>'
    if style.align == "distribute":
        return f'<w:ind w:left="{style.left}" w:right="{style.left}"/>'
    if style.left:
        return f'<w:ind w:left="{style.left}" w:hanging="{style.hanging}"/>'
    return '<w:ind w:firstLineChars="0" w:firstLine="0"/>'


def letters_xml(style: Style, faces: dict[str, str], language: Language) -> str:
    half_points = round(style.size * 2)
    face = style.face if language == "zh" else "hei"
    return "".join(
        [
            fonts_xml(faces[face], language),
            "<w:b/><w:bCs/>" if style.bold else "",
            f'<w:color w:val="{style.color}"/>' if style.color else "",
            f'<w:spacing w:val="{style.spacing}"/>' if style.spacing else "",
            f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>',
        ]
    )


def font_table_xml(fonts: str) -> str:
    """The fonts by name, with what stands in where one is missing."""

    def entry(name: str) -> str:
        other = f'<w:altName w:val="{SUBSTITUTES[name]}"/>' if name in SUBSTITUTES else ""
        return f'<w:font w:name="{name}">{other}<w:charset w:val="86"/></w:font>'

    names = sorted(set(FONT_SETS[fonts].values()))
    latin = "".join(f'<w:font w:name="{name}"><w:charset w:val="00"/></w:font>' for name in sorted(LATIN.values()))
    return f'<w:fonts xmlns:w="{WORD}">{"".join(map(entry, names))}{latin}</w:fonts>'


def settings_xml(language: Language) -> str:
    """Document settings in the order of the schema."""
    even = "<w:evenAndOddHeaders/>" if PAGES[language].numbers_alternate else ""
    uri = "http://schemas.microsoft.com/office/word"
    return (
        f'<w:settings xmlns:w="{WORD}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>{even}'
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        f'<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="{uri}" w:val="15"/></w:compat>'
        f'<w:themeFontLang w:val="{"en-US" if language == "zh" else "en-GB"}" w:eastAsia="zh-CN"/></w:settings>'
    )


def section_xml(language: Language, footers: str, columns: int = 1, continuous: bool = False) -> str:
    """A section's page; `footers` are its footerReference elements, "" for those of the section before."""
    page = PAGES[language]
    kind = '<w:type w:val="continuous"/>' if continuous else ""
    grid = f'<w:docGrid w:type="lines" w:linePitch="{page.grid}"/>' if page.grid else ""
    return (
        f'<w:sectPr>{footers}{kind}<w:pgSz w:w="11906" w:h="16838"/>'
        f'<w:pgMar w:top="{page.top}" w:right="{page.right}" w:bottom="{page.bottom}" w:left="{page.left}" '
        f'w:header="851" w:footer="{page.footer}" w:gutter="0"/>'
        f'<w:cols w:num="{columns}" w:space="425"/>{grid}</w:sectPr>'
    )
