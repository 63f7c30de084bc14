"""Makes the pictures of the README from the sample: a page of the PDF and a chart.

``python docs/pictures.py [FOLDER [PACK]]`` writes ``page.png`` and ``chart.png``, without a folder
to ``docs/pictures``; PACK is where ``jusou report R9`` has written the sample's pack already.
Needs jusou installed, and Poppler's pdftoppm.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).parent
REPORT = ("report", "R9", "--date", "2028-11-10", "--only", "pdf,png")
PAGE = 1
CHART = "sodan.png"
DOTS_PER_INCH = 90


def write_pack(pack: Path) -> None:
    """Write those files of the sample's pack into ``pack`` that the pictures are made of."""
    jusou = [sys.executable, "-m", "jusou", "--workspace", str(DOCS.parent / "sample")]
    quiet = subprocess.DEVNULL
    subprocess.run([*jusou, *REPORT, "--output", pack], stdout=quiet, stderr=quiet, check=True)


def make_pictures(folder: Path, pack: Path) -> None:
    """Write the pictures of a pack into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    page = ["-png", "-singlefile", "-r", str(DOTS_PER_INCH), "-f", str(PAGE)]
    subprocess.run(["pdftoppm", *page, pack / "review.pdf", folder / "page"], check=True)
    shutil.copyfile(pack / "charts" / CHART, folder / "chart.png")


if __name__ == "__main__":
    folder, *packs = map(Path, sys.argv[1:] or [DOCS / "pictures"])
    if packs:
        make_pictures(folder, packs[0])
    else:
        with tempfile.TemporaryDirectory() as temporary:
            write_pack(Path(temporary))
            make_pictures(folder, Path(temporary))
