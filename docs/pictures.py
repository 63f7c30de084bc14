"""Makes the pictures of the README: a page of the sample's PDF, a chart, the table of a plan.

``python docs/pictures.py [FOLDER [PACK]]`` writes ``page.png``, ``chart.png`` and ``table.png``,
without a folder to ``docs/pictures``; PACK is where ``jusou report R9`` has written the sample's
pack already. Needs jusou installed, and Poppler's pdftoppm.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import typst

from jusou.plan_table.example import HEADINGS, ROWS
from jusou.report.fonts import FONT, font_file

DOCS = Path(__file__).parent
REPORT = ("report", "R9", "--date", "2028-11-10", "--only", "pdf,png")
PAGE = 1
CHART = "sodan.png"
DOTS_PER_INCH = 90
WIDE = ("事業", "指標")
TABLE = """\
#let rows = json(bytes(sys.inputs.rows))
#set page(width: auto, height: auto, margin: 6pt)
#set text(font: sys.inputs.font, size: 7pt, lang: "ja", cjk-latin-spacing: none)
#table(
  columns: rows.at(0).map(it => if it.ends-with("　") { 84pt } else { auto }),
  inset: 3pt, stroke: 0.5pt + gray,
  fill: (_, row) => if row == 0 { rgb("#E3E8EE") },
  ..rows.flatten().map(it => it.trim("　")),
)
"""


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
    draw_table(folder)


def draw_table(folder: Path) -> None:
    """Draw the example of a plan's table, as it stands in the workbook of ``init --table``."""
    head = [f"{each}　" if each in WIDE else each for each in HEADINGS]
    inputs = {"rows": json.dumps([head, *ROWS]), "font": FONT}
    fonts = {"font_paths": [font_file().parent], "ignore_system_fonts": True}
    options = {"format": "png", "ppi": DOTS_PER_INCH, "sys_inputs": inputs, **fonts}
    (folder / "table.png").write_bytes(typst.compile(TABLE.encode(), **options))


if __name__ == "__main__":
    folder, *packs = map(Path, sys.argv[1:] or [DOCS / "pictures"])
    if packs:
        make_pictures(folder, packs[0])
    else:
        with tempfile.TemporaryDirectory() as temporary:
            write_pack(Path(temporary))
            make_pictures(folder, Path(temporary))
