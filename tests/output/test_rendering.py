"""Both briefs of a real size as LibreOffice lays them out; where it is installed."""

import ctypes
import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from lxml import etree

from pipeline.output.brief_en import english_brief
from pipeline.output.brief_zh import chinese_brief

MAKERS = {"zh": chinese_brief, "en": english_brief}
PROGRAMS = ("soffice", "pdftotext")
POINTS_PER_MM = 72 / 25.4
# The type area in points: left, top, right, bottom; half a millimetre is left to rounding.
AREAS = {
    "zh": [28 * POINTS_PER_MM, 37 * POINTS_PER_MM, (210 - 26) * POINTS_PER_MM, (297 - 35) * POINTS_PER_MM],
    "en": [23 * POINTS_PER_MM, 23 * POINTS_PER_MM, (210 - 23) * POINTS_PER_MM, (297 - 23) * POINTS_PER_MM],
}
ROUNDING = 1.5

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, PROGRAMS)), reason="LibreOffice and poppler are not installed"
)


@dataclass(frozen=True)
class Word:
    """A word of a page and its box in points from the top left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@pytest.fixture(scope="module")
def files(root, big_brief, record, letterhead, tmp_path_factory):
    """Both briefs as PDF, by language."""
    spec = importlib.util.spec_from_file_location("pages", root / "tools" / "pages.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    found = {}
    for language, make in MAKERS.items():
        folder = tmp_path_factory.mktemp(language)
        document = folder / f"brief.{language}.docx"
        document.write_bytes(make(big_brief, record, letterhead))
        found[language] = tool.to_pdf(document, folder)
    return found


@pytest.fixture(scope="module")
def pages(files):
    """The words of each page, by language."""
    return {language: words(file) for language, file in files.items()}


def words(pdf) -> list[list[Word]]:
    """The words of each page of a PDF."""
    boxes = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True).stdout
    tree = etree.fromstring(re.sub(rb'xmlns="[^"]*"|<!DOCTYPE[^>]*>', b"", boxes))
    sides = ("xMin", "yMin", "xMax", "yMax")
    return [
        [Word(word.text or "", *(float(word.get(side)) for side in sides)) for word in page.iter("word")]
        for page in tree.iter("page")
    ]


def body(page: list[Word], language: str) -> list[Word]:
    """A page without its number."""
    return [word for word in page if word.top < AREAS[language][3] + ROUNDING]


@pytest.mark.parametrize("language, least, most", [("zh", 12, 25), ("en", 10, 20)])
def test_a_real_volume_makes_a_brief_that_can_be_read(pages, language, least, most):
    assert least <= len(pages[language]) <= most


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_text_leaves_the_type_area(pages, language):
    left, top, right, bottom = AREAS[language]
    outside = [
        (number, word)
        for number, page in enumerate(pages[language], 1)
        for word in body(page, language)
        if word.left < left - ROUNDING or word.right > right + ROUNDING or word.top < top - ROUNDING
    ]
    assert outside == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_but_the_last_is_nearly_empty(pages, language):
    assert [n for n, page in enumerate(pages[language][:-1], 1) if len(body(page, language)) < 20] == []


def test_page_numbers_stand_outside(pages):
    left, _, right, bottom = AREAS["zh"]
    for number, page in enumerate(pages["zh"], 1):
        foot = [word for word in page if word.top > bottom + ROUNDING]
        assert "".join(word.text for word in foot) == f"—{number}—"
        # One character of 14 points in from the edge.
        inner = right - foot[-1].right if number % 2 else foot[0].left - left
        assert abs(inner - 14) < 2


@pytest.mark.parametrize("language, last", [("zh", "要点"), ("en", "Confidence")])
def test_the_first_page_stands_alone(pages, language, last):
    texts = ["".join(word.text for word in page) for page in pages[language]]
    assert last in texts[0]
    follows = {"zh": "一、总体情况", "en": "Table1."}[language]
    assert follows not in texts[0] and follows in "".join(texts[1:3])


def test_the_imprint_ends_on_the_last_line_of_the_last_page(pages):
    lines = [word for word in pages["zh"][-1] if "印发" in word.text]
    assert len(lines) == 1 and AREAS["zh"][3] - 26 < lines[0].bottom <= AREAS["zh"][3] + ROUNDING


def test_no_letter_is_missing(pages, files):
    assert not any("\ufffd" in word.text for language in MAKERS for page in pages[language] for word in page)
    for file in files.values():
        for page in pypdfium2.PdfDocument(file):
            text = page.get_textpage()
            count = text.count_chars()
            assert not any(pdfium.FPDFText_HasUnicodeMapError(text, n) == 1 for n in range(count))


def test_lines_of_text_are_a_22nd_of_the_page_apart(pages):
    pitch = (AREAS["zh"][3] - AREAS["zh"][1]) / 22
    height = next(word.bottom - word.top for word in pages["zh"][0] if word.text.startswith("22"))
    for page in pages["zh"][:3]:
        lines = sorted({round(w.bottom, 1) for w in page if abs(w.bottom - w.top - height) < 0.1})
        steps = [round((later - one) / pitch, 1) for one, later in zip(lines, lines[1:], strict=False)]
        assert len(lines) <= 22 and min(steps) == 1.0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_link_leads_to_a_page_of_the_brief(files, language):
    document = pypdfium2.PdfDocument(files[language])
    targets = [target for page in document for target in link_targets(document, page)]
    assert len(targets) > 500 and all(0 <= target < len(document) for target in targets)


def link_targets(document, page) -> list[int]:
    """The page that each link of a page leads to; -1 for none."""
    found, position, link = [], ctypes.c_int(0), pdfium.FPDF_LINK()
    while pdfium.FPDFLink_Enumerate(page, ctypes.byref(position), ctypes.byref(link)):
        destination = pdfium.FPDFLink_GetDest(document, link)
        found.append(pdfium.FPDFDest_GetDestPageIndex(document, destination) if destination else -1)
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_tables_and_pictures_stay_within_the_margins(files, language):
    left, top, right, bottom = AREAS[language]
    outside = []
    for number, page in enumerate(pypdfium2.PdfDocument(files[language]), 1):
        height = page.get_height()
        for drawn in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE)):
            x1, y1, x2, y2 = drawn.get_bounds()
            if (
                x1 < left - ROUNDING
                or x2 > right + ROUNDING
                or height - y2 < top - ROUNDING
                or height - y1 > bottom + ROUNDING
            ):
                outside.append((number, drawn.get_bounds()))
    assert outside == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_outline_is_there_for_who_navigates(files, language):
    titles = [item.get_title() for item in pypdfium2.PdfDocument(files[language]).get_toc()]
    assert {"zh": "二、主要共识", "en": "What the papers agree on"}[language] in titles


def test_the_last_page_holds_more_than_the_imprint(pages):
    assert len(body(pages["zh"][-1], "zh")) > 12
