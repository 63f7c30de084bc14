"""The PDF for the tests: made of workspaces, read back by Poppler."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jusou.report.charts.content import Illustrated
from jusou.report.document import Block, Facts, Item, Pdca, Table
from jusou.report.fonts import printable
from jusou.report.writers.pdf import render_pdf
from tests.pages import LONG_NAME, LONG_NOTE, document_of
from tests.support import SAMPLE_DAY, record, small_workspace

TODAY = date.fromisoformat(SAMPLE_DAY)
MM = 72 / 25.4
_PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" width="257pt" height="{height}pt"
 viewBox="0 0 257 {height}"><rect width="257" height="{height}" fill="#ddd"/></svg>"""


@dataclass(frozen=True)
class Handout:
    """A document, its PDF, and the text of each page without any space."""

    document: Illustrated
    pdf: bytes
    path: Path
    pages: tuple[str, ...]


def bare(text: str) -> str:
    """A text without spaces and line breaks, which depend on the width of a column."""
    return re.sub(r"\s", "", text)


def poppler(tool: str, path: Path, *options: str) -> str:
    """Run one of Poppler's tools; the test is skipped without it."""
    if not shutil.which(tool):
        pytest.skip(f"{tool} is missing (Debian: poppler-utils)")
    end = ["-"] if tool == "pdftotext" else []
    done = subprocess.run([tool, *options, str(path), *end], capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace")


def small_pictures(document: Illustrated) -> dict[str, bytes]:
    """Return pictures as high as the sample's: that of attainment stands on the first page."""
    heights = {sheet.key: 160 for sheet in document.charts}
    heights |= {sheet.key: 80 for sheet in document.attainment}
    return {key: _PICTURE.format(height=height).encode() for key, height in heights.items()}


def large_workspace(folder: Path) -> Path:
    """Another city: 42 indicators, six grades, long names and notes, figures of 15 digits."""
    lines = [f"id: p{number}, targets: {{R8: 999999999999999, R9: 5, R10: 5}}, note: {LONG_NOTE}"
             for number in range(42)]  # fmt: skip
    small_workspace(folder, *lines)
    path = folder / "data" / "targets.yaml"
    plan = path.read_text("utf-8")
    scale = "".join(
        f"    - {{mark: {mark}, label: 区分{mark}, at_least: {least}}}\n"
        for mark, least in zip("SABCDE", (120, 100, 80, 60, 30, 0), strict=True)
    )
    plan = re.sub(r"scale:.*\n(?:    - .*\n)*", lambda _: f"scale:\n{scale}", plan)
    path.write_text(re.sub(r"name: 指標\d+", f"name: {LONG_NAME}", plan), "utf-8")
    return record(folder, *(f"R8 p{number} 888888888888888" for number in range(0, 42, 2)))


def make(folder: Path, workspace: Path, year: str, **options: Any) -> Handout:
    document, _ = printable(document_of(workspace, year, number="資料１", draft=True, **options))
    pdf, _ = render_pdf(document, small_pictures(document), TODAY)
    path = folder / f"{year}.pdf"
    path.write_bytes(pdf)
    texts = poppler("pdftotext", path, "-raw").removesuffix("\f").split("\f")
    return Handout(document, pdf, path, tuple(map(bare, texts)))


def stands(text: str, whole: str) -> bool:
    """Tell whether a text is there: in one piece, or in two where a page ends inside it."""
    cuts = range(1, len(text))
    return text in whole or any(text[:cut] in whole and text[cut:] in whole for cut in cuts)


def rows_of(block: Block) -> Iterator[list[str]]:
    """Yield each row as its cells; a PDCA row with its number, its name and its opinion."""
    match block:
        case Table():
            for cells, below in block.whole_rows:
                yield [bare(cell.text) for cell in cells] + _texts(below)
        case Pdca():
            for row in block.rows:
                name = bare(row.name + row.aside)
                yield [row.label, name, *map("".join, map(_texts, row.cells)), *_texts(row.opinion)]
        case Facts(items):
            yield _texts(items)


def _texts(items: Iterable[Item]) -> list[str]:
    return [bare(item.label + item.cell.text) for item in items]


def on_one_page(row: list[str], handout: Handout) -> bool:
    return any(all(cell in page for cell in row) for page in handout.pages)


def hexadecimal(key: str, pdf: bytes) -> list[str]:
    found = re.findall(rb"/%s<FEFF([0-9A-F]+)>" % key.encode(), pdf)
    return [bytes.fromhex(each.decode()).decode("utf-16-be") for each in found]


def info(handout: Handout, *options: str) -> str:
    return poppler("pdfinfo", handout.path, *options)


@dataclass(frozen=True)
class Word:
    """A word and the box it fills, in points from the upper left corner of the page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Word) -> bool:
        """Tell whether they share more than the empty half of a bracket or a full stop."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        size = min(self.bottom - self.top, other.bottom - other.top)
        return wide > 0.6 * size and high > 0.3 * size


def words(handout: Handout) -> Iterator[list[Word]]:
    """Yield the words of each page, from the top down."""
    for page in poppler("pdftotext", handout.path, "-bbox").split("<page ")[1:]:
        found = re.findall(
            r'<word xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">(.*)</word>', page
        )
        boxes = [Word(text, *map(float, sides)) for *sides, text in found]
        yield sorted(boxes, key=lambda word: word.top)
