"""Render both briefs of a run as pictures, one a page, for a human look.

    python tools/pages.py briefs/NAME

They come to briefs/NAME/pages/. LibreOffice and poppler do the work; fonts
that are not installed are replaced, so page breaks tell more than letters do.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BRIEFS = ("brief.zh.docx", "brief.en.docx")
DOTS_PER_INCH = 100
SECONDS = 300  # for one brief
PACKAGES = {"soffice": "LibreOffice Writer (libreoffice-writer)", "pdftoppm": "poppler (poppler-utils)"}


def program(name: str) -> str:
    """The path of a program; ends with one line that names its package if it is not installed."""
    return shutil.which(name) or sys.exit(f"{name} is not installed; install {PACKAGES[name]}")


def to_pdf(document: Path, folder: Path) -> Path:
    """Convert a Word file to PDF in `folder`. Raises CalledProcessError or TimeoutExpired if LibreOffice fails."""
    with tempfile.TemporaryDirectory() as profile:  # of its own: a LibreOffice that is open would take the job over
        command = [program("soffice"), f"-env:UserInstallation={Path(profile).as_uri()}", "--headless"]
        command += ["--convert-to", "pdf", "--outdir", str(folder), str(document)]
        subprocess.run(command, check=True, timeout=SECONDS, stdout=subprocess.DEVNULL)
    return folder / f"{document.stem}.pdf"


def to_pictures(pdf: Path) -> None:
    """A PNG of each page beside a PDF."""
    command = [program("pdftoppm"), "-r", str(DOTS_PER_INCH), "-png", str(pdf), str(pdf.with_suffix(""))]
    subprocess.run(command, check=True, timeout=SECONDS)


def main(arguments: list[str]) -> None:
    if len(arguments) != 1:
        sys.exit("say which run: make pages RUN=briefs/NAME")
    run = Path(arguments[0])
    missing = [str(run / name) for name in BRIEFS if not (run / name).is_file()]
    if missing:
        sys.exit(f"{', '.join(missing)}: not there; name the folder of a finished run")
    pages = run / "pages"
    pages.mkdir(exist_ok=True)
    for name in BRIEFS:
        for old in pages.glob(f"{Path(name).stem}-*.png"):
            old.unlink()
        to_pictures(to_pdf(run / name, pages))
    print(f"{len(list(pages.glob('*.png')))} pages in {pages}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (OSError, subprocess.SubprocessError) as error:
        sys.exit(f"cannot render: {error}; try again with LibreOffice closed")
