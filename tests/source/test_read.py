"""A file becomes text, or one line that says why not."""

import hashlib

import pytest

from pipeline.errors import SourceError
from pipeline.source.read import read

WORDS = "# 山城水务建议\n\n建议市政府在两年内更换老旧管网，降低漏损率。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_decodes(tmp_path, encoding):
    path = tmp_path / "volume.md"
    path.write_bytes(WORDS.encode(encoding))
    source = read(path)
    assert source.text == WORDS
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_english_volume_in_gb18030_is_decoded(tmp_path):
    path = tmp_path / "volume.txt"
    path.write_bytes("Álvaro Núñez — the café’s rôle, 2024–2026".encode("gb18030"))
    assert read(path).text == "Álvaro Núñez — the café’s rôle, 2024–2026"


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_newlines_become_one_kind(tmp_path, newline):
    path = tmp_path / "volume.txt"
    path.write_bytes(WORDS.replace("\n", newline).encode())
    assert read(path).text == WORDS


@pytest.mark.parametrize(
    "name, content, message",
    [
        ("empty.md", b"", "empty"),
        ("blank.md", b"\xef\xbb\xbf \n\n", "empty"),
        ("program.md", b"\x7fELF\x00\x01\x02\x00", "binary"),
        ("picture.md", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        ("big5.md", "建議市政府在兩年內更換老舊管網，降低漏損率。".encode("big5"), "encoding"),
        ("latin.md", "Économie et développement à Genève".encode("latin-1"), "encoding"),
        ("paper.pdf", b"%PDF-1.7", "no PDF, or a damaged one; export it anew"),
        ("paper.docx", b"PK", "no Word file, or a damaged one"),
        ("paper.docx", b"\xd0\xcf\x11\xe0" + bytes(600), "without a password"),
        ("paper.doc", b"\xd0\xcf\x11\xe0", r"\.doc files cannot be read; open it in Word and save it as \.docx"),
        ("paper.xlsx", b"PK", r"\.xlsx files cannot be read; give the volume as \.md, \.txt, \.docx or \.pdf"),
    ],
)
def test_refuses_by_name(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError, match=message) as caught:
        read(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_refuses_a_missing_file(tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        read(tmp_path / "nothing.md")


def test_refuses_an_empty_folder(tmp_path):
    (tmp_path / "picture.png").write_bytes(b"")
    with pytest.raises(SourceError, match="no file in this folder can be read"):
        read(tmp_path)
