"""Files that no office writes: each is to be refused by name, or read, in bounded time and memory."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TITLE, AUTHOR = "# 供水管网建设\n", "清源水务公司总裁 李明\n"
WORDS = b"BT /F1 12 Tf 72 700 Td (water bureau) Tj ET\n"
RESOURCES = b"/Resources<</Font<</F1 5 0 R>>/XObject<</X %d 0 R>>>>"


def word(*body: str, times: int = 1) -> bytes:
    """A Word file whose body repeats a text."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        with package.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(f"<w:document {W}><w:body>".encode())
            for _ in range(times):
                part.write("".join(body).encode())
            part.write(b"</w:body></w:document>")
    return file.getvalue()


def lying(package: bytes, size: int) -> bytes:
    """A Word file whose catalogue says that its document is of `size` bytes."""
    entry = package.rindex(b"PK\x01\x02")
    return package[: entry + 24] + size.to_bytes(4, "little") + package[entry + 28 :]


def pdf(page: bytes, *objects: bytes) -> bytes:
    """A PDF of one page, whose content is object 4; further objects count from 6."""
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R" + RESOURCES % 6 + b">>",
        page,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *objects,
    )
    return pdf_of(parts)


def pdf_of(objects: Sequence[bytes]) -> bytes:
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, o) for number, o in enumerate(objects, start=1))
    return b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"


def stream(content: bytes, head: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (head, len(content), content)


def form(content: bytes, draws: int) -> bytes:
    """An object that pages and other forms draw, and that may itself draw object `draws`."""
    return stream(content, b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]" + RESOURCES % draws)


def packed(chunks: Iterable[bytes]) -> bytes:
    packer = zlib.compressobj(9)
    return stream(b"".join(map(packer.compress, chunks)) + packer.flush(), b"/Filter/FlateDecode")


def branching(depth: int) -> list[bytes]:
    """Forms that each draw the next one ten times."""
    return [form(b"/X Do " * 10, 7 + at) for at in range(depth)] + [form(WORDS, 6)]


FILES: dict[str, Callable[[], bytes]] = {
    "line of 200 MB.md": lambda: b"water " * 35_000_000,
    "line of 30 million.md": lambda: ("供水" * 14_999_999).encode(),
    "million headings.md": lambda: b"# a\n" * 1_000_000,
    "500,000 titles.md": lambda: TITLE.encode() * 499_000,
    "500,000 titles, unlike.md": lambda: "".join(f"# 供水管网建设之{n}\n" for n in range(499_000)).encode(),
    "500,000 titles, unmarked.md": lambda: "供水管网建设的次序\n".encode() * 499_000,
    "250,000 papers.md": lambda: (TITLE + AUTHOR).encode() * 249_000,
    "250,000 papers, unlike.md": lambda: "".join(
        f"# 供水管网建设之{n}\n清源水务公司总裁 李明\n" for n in range(249_000)
    ).encode(),
    "60,000 entries.md": lambda: (
        "# 目录\n" + "".join(f"{n}. 供水管网 …… {n}\n" for n in range(1, 60_001)) + "# 供水管网\n" * 430_000
    ).encode(),
    "120,000 contents pages.md": lambda: (
        "# 目录\n供水管网建设 …… 3\n公交线路 …… 5\n# 供水管网建设\n".encode() * 120_000
    ),
    "blanks.md": lambda: (" " * 14_000_000 + "x" + "　" * 14_000_000 + "y").encode(),
    "brackets.md": lambda: b"([{<" * 3_000_000,
    "quotes in quotes.md": lambda: b"> " * 10_000_000 + b"water\n",
    "right to left.md": lambda: "\u202e\u2067\u200f供水\u2028管网\u0085\n".encode() * 400_000,
    "NUL.md": lambda: b"water\0bureau\n" * 1_000_000,
    "surrogates.md": lambda: "供水\ud800\n".encode("utf-8", "surrogatepass") * 1_000_000,
    "surrogates, UTF-16.md": lambda: b"\xff\xfe" + b"\x00\xd8\x41\x00" * 1_000_000,
    "bomb of 4 GB.docx": lambda: word("<w:p>" + "<w:r/>" * 10_000 + "</w:p>", times=70_000),
    "bomb that lies.docx": lambda: lying(word("<w:p/>" * 10_000, times=3_000), 1_000),
    "one paragraph.docx": lambda: word("<w:p>" + "<w:r><w:t>x</w:t></w:r>" * 600_000 + "</w:p>"),
    "elements in elements.docx": lambda: word("<w:p>" * 100_000),
    "tables in tables.docx": lambda: word("<w:tbl><w:tr><w:tc>" * 80 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 80),
    "million headings.docx": lambda: word("<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 1_000, times=1_000),
    "pages that hold themselves.pdf": lambda: pdf_of(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 100000>>",
            b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 5>>",
        ]
    ),
    "two billion pages.pdf": lambda: pdf(stream(WORDS)).replace(b"/Count 1", b"/Count 2000000000"),
    "form that draws itself.pdf": lambda: pdf(stream(b"/X Do " + WORDS), form(b"/X Do " + WORDS, 6)),
    "forms, ten to the twelfth.pdf": lambda: pdf(stream(b"/X Do"), *branching(12)),
    "bomb of 3 GB.pdf": lambda: pdf(packed(b"q " * (1 << 19) for _ in range(3_000))),
    "six million words.pdf": lambda: pdf(packed(WORDS * 20_000 for _ in range(150))),
    "arrays in arrays.pdf": lambda: pdf(stream(b"[" * 5_000_000 + WORDS)),
}
