"""HTML pages for the tests: made of workspaces, read back, opened and printed by Chromium."""

from __future__ import annotations

import csv
import html
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from jusou.report.charts.content import Illustrated
from jusou.report.charts.series import illustrate
from jusou.report.document import PDCA_TITLES, Block, Bullets, Facts, Pdca, Table
from jusou.report.fonts import font_file
from jusou.report.pack import source_of
from jusou.report.sections.assembly import Occasion, build_document
from jusou.report.writers.html import render_html
from jusou.review.build import build_review
from jusou.values.fiscal_year import FiscalYear
from jusou.workspace import Workspace
from tests.support import SAMPLE_DAY, sample_workspace

NASTY = (
    "<script>alert(1)</script>", "</style><b>", "#raw", "=cmd|' /C calc'!A0", "$x$ \\ | @ *_",
    '" onload="alert(2)', "&amp; {{ 7 * 7 }} {% raw %}", "𠮷野家 👩‍👧 🎌", "一行目\n二行目",
)  # fmt: skip
LONG_NAME = "住民が主体となって行う生活支援サービス活動事業における担い手養成講座の延べ参加者数"
LONG_NOTE = "関係機関と連携し、対象となる世帯の状況を確認しながら、必要な支援につなげた。" * 11
PICTURE = b"""<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="8pt" height="4pt" viewBox="0 0 8 4"
  xmlns="http://www.w3.org/2000/svg" version="1.1">
 <metadata><a href="http://example.com/">x</a></metadata>
 <defs><clipPath id="clip"><rect width="8" height="4"/></clipPath><path id="dot" d="M0 0h1"/></defs>
 <g clip-path="url(#clip)" style="fill: url(#clip)"><use xlink:href="#dot"/><use href="#dot"/></g>
</svg>
"""


def document_of(workspace: Path, year: str, **options: Any) -> Illustrated:
    """Return the document of a year, or of the half of one: ``R10-interim``."""
    day = date.fromisoformat(SAMPLE_DAY)
    name, _, half = year.partition("-")
    dataset, chosen = Workspace(workspace).load(), FiscalYear.parse(name)
    if half:
        source = source_of(dataset, chosen, day, interim=True)
        return replace(source, occasion=Occasion(**options)).illustrated
    review = build_review(dataset, chosen, day)
    return illustrate(review, build_document(review, Occasion(**options)))


def render(document: Illustrated, pictures: Mapping[str, bytes] | None = None) -> str:
    """Render a document, with a little picture in each place unless they are given."""
    keys = [sheet.key for sheet in document.sheets]
    return render_html(document, pictures or dict.fromkeys(keys, PICTURE))


def stress_workspace(folder: Path) -> Path:
    """Make a copy of the sample with nasty and long names, and notes of both kinds in R9."""
    sample_workspace(folder)
    path = folder / "data" / "targets.yaml"
    plan = path.read_text(encoding="utf-8")
    for name, text in {
        "釜石市": f"釜石市{NASTY[1]}",
        "第2次釜石市重層的支援体制整備事業実施計画": f"計画{NASTY[1]}{NASTY[5]}\\",
        "高齢者現況調査回収率": f"{NASTY[0]}{NASTY[7]}",
        "重層的支援会議等開催回数": LONG_NAME,
        "社会資源につなげた人数": LONG_NAME[:40],
    }.items():
        before, found, after = plan.partition(f": {name}\n")
        assert found, name
        plan = f"{before}: {json.dumps(text, ensure_ascii=False)}\n{after}"
    path.write_text(plan, encoding="utf-8")
    note = "\n".join(NASTY)
    with (folder / "data/reviews/R9.csv").open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for subject in ("sodan", "sodan-1", "sodan-ini-1"):
            writer.writerow(["t", "R9", subject, *[note] * 4, "", "", "", note, note, "", ""])
        for subject in ("takikan", "takikan-1", "takikan-2"):
            reviewed = ["現状維持", "B", LONG_NOTE, LONG_NOTE, LONG_NOTE]
            writer.writerow(["t", "R9", subject, *[LONG_NOTE] * 4, *reviewed, "", ""])
    return folder


def parse(page: str) -> Element:
    """Parse a page strictly: it is written so that it is well-formed XML, too."""
    root = ElementTree.fromstring(page)
    assert root.tag == "html"
    return root


def text(element: Element) -> str:
    """Return what is seen of an element: not what is only read aloud, not what is drawn."""
    if element.get("class") == "aloud" or element.tag in ("svg", "style"):
        return ""
    parts = [element.text or ""]
    for child in element:
        parts += [text(child), child.tail or ""]
    return "".join(parts)


def block_texts(block: Block) -> Iterator[str]:
    """Yield every text of a block in the order it is read."""
    match block:
        case Table(caption=caption, rows=()):
            yield from (caption, block.empty)
        case Table():
            yield from (block.caption, *(column.title for column in block.columns))
            for cells, below in block.whole_rows:
                yield from (cell.text for cell in cells)
                yield from (f"{item.label}{item.cell.text}" for item in below)
            yield block.printed_legend
        case Pdca():
            yield from (block.caption, *PDCA_TITLES)
            for row in block.rows:
                yield row.title
                for items in (*row.cells, row.opinion):
                    yield from (f"{item.label}{item.cell.text}" for item in items)
            yield block.printed_legend
        case Facts():
            yield from (f"{item.label}{item.cell.text}" for item in block.items)
        case Bullets():
            yield from block.items


def chromium() -> str:
    """Return the path of Chromium; the test is skipped without it."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.skip("Chromium is not installed")


def axe() -> str:
    """Return the source of axe-core, which JUSOU_AXE points to; the test is skipped without it."""
    path = os.environ.get("JUSOU_AXE", "")
    if not path:
        pytest.skip("JUSOU_AXE does not name axe.min.js (npm install axe-core)")
    return Path(path).read_text(encoding="utf-8")


def _open(folder: Path, page: Path, *options: str) -> str:
    """Open a page in Chromium, with a Japanese font and nothing else of this machine."""
    fonts = folder / "fonts.conf"
    fonts.write_text(
        f"<fontconfig><dir>{font_file().parent}</dir><cachedir>{folder}/fonts</cachedir>"
        "</fontconfig>",
        encoding="utf-8",
    )
    profile = folder / f"profile-{len(list(folder.iterdir()))}"
    done = subprocess.run(
        [
            chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", f"--user-data-dir={profile}", "--host-resolver-rules=MAP * ~NOTFOUND",
            *options, page.as_uri(),
        ],
        env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        capture_output=True,
        check=True,
    )  # fmt: skip
    return done.stdout.decode()


def run_script(folder: Path, frames: Mapping[str, tuple[str, int]], script: str) -> dict[str, Any]:
    """Open pages, each in a frame of its own width, and return what a script makes of each.

    The script is the body of an async function, run after all is loaded; Chromium's clock is
    virtual, so nothing waits. The page's own ban of scripts is lifted, so that what is shown to
    be inert is inert by its own.
    """
    outer = ["<!DOCTYPE html><title>frames</title><pre id='out'></pre><script>",
             "onmessage = event => out.textContent += event.data + '\\n'</script>"]  # fmt: skip
    for name, (page, width) in frames.items():
        free = re.sub(r"<meta http-equiv[^>]*>", "", page)
        runner = (
            "<script>new Promise(done => addEventListener('load', () => setTimeout(done, 500)))"
            f".then(async () => {{{script}}}).catch(String).then(found => parent.postMessage("
            f"JSON.stringify([{json.dumps(name)}, found]), '*'))</script></body>"
        )
        path = folder / f"{name}.html"
        path.write_text(free.replace("</body>", runner), encoding="utf-8")
        outer.append(f'<iframe src="{path.name}" style="width:{width}px;height:900px"></iframe>')
    page_path = folder / "frames.html"
    page_path.write_text("".join(outer), encoding="utf-8")
    dumped = _open(folder, page_path, "--virtual-time-budget=60000", "--dump-dom")
    found = re.search(r"<pre id=\"out\">(.*?)</pre>", dumped, re.DOTALL)
    assert found, dumped[:1000]
    return dict(json.loads(line) for line in html.unescape(found[1]).splitlines())


def print_to_pdf(folder: Path, page: str) -> Path:
    path, pdf = folder / "page.html", folder / "page.pdf"
    path.write_text(page, encoding="utf-8")
    _open(folder, path, "--no-pdf-header-footer", f"--print-to-pdf={pdf}")
    return pdf
