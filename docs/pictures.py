"""Makes the pictures of the README from the sample: a page of the PDF and a chart.

``python docs/pictures.py [FOLDER]`` writes ``page.png`` and ``chart.png``, without a folder to
``docs/pictures``. Needs jusou installed, and Poppler's pdftoppm.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).parent
REPORT = ("report", "R9", "--date", "2028-11-10", "--only", "pdf,png")
PAGE = 2  # the list of all indicators
CHART = "sodan.png"
DOTS_PER_INCH = 90


def make_pictures(folder: Path) -> None:
    """Write the pictures into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        pack = Path(temporary)
        jusou = [sys.executable, "-m", "jusou", "--workspace", str(DOCS.parent / "sample")]
        quiet = subprocess.DEVNULL
        subprocess.run([*jusou, *REPORT, "--output", pack], stdout=quiet, stderr=quiet, check=True)
        page = ["-png", "-singlefile", "-r", str(DOTS_PER_INCH), "-f", str(PAGE)]
        subprocess.run(["pdftoppm", *page, pack / "review.pdf", folder / "page"], check=True)
        shutil.copyfile(pack / "charts" / CHART, folder / "chart.png")


if __name__ == "__main__":
    make_pictures(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS / "pictures")
