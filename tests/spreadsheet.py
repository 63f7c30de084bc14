"""Reads the workbook back: its cells by calamine, its XML, and LibreOffice's recalculation."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from jusou.report.document import Document
from jusou.report.sections.assembly import Occasion, build_document
from jusou.report.workbook.live import workbook_document
from jusou.report.workbook.writer import render_xlsx
from jusou.report.writers.json import dump, review_json
from jusou.review.build import build_review
from jusou.values.fiscal_year import FiscalYear
from jusou.workspace import Workspace
from tests.handouts import bare, poppler

TODAY = date(2028, 11, 10)
NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"
_ALWAYS_RECALCULATE = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
           xmlns:xs="http://www.w3.org/2001/XMLSchema"
           xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
Rows = list[list[Any]]
Test = Callable[..., None]


def needs_office(test: Test) -> Test:
    """Mark a test that starts LibreOffice."""
    missing = shutil.which("soffice") is None
    reason = "LibreOffice (soffice) is not installed"
    return pytest.mark.slow(pytest.mark.skipif(missing, reason=reason)(test))


@dataclass(frozen=True)
class Made:
    """A workbook, the document it was made from, and the review as JSON gives it."""

    content: bytes
    document: Document
    review: Mapping[str, Any]

    def rows(self, sheet: str) -> Rows:
        return read_rows(self.content, sheet)

    def xml(self, sheet: str) -> str:
        """Return the XML of a worksheet."""
        return part(self.content, f"xl/worksheets/sheet{self.names.index(sheet) + 1}.xml")

    @property
    def names(self) -> list[str]:
        return CalamineWorkbook.from_filelike(io.BytesIO(self.content)).sheet_names


def make(workspace: Path, year: str, **options: Any) -> Made:
    """Make the workbook of a year as the pack does."""
    dataset = Workspace(workspace).load()
    review = build_review(dataset, FiscalYear.parse(year), TODAY)
    plain = build_document(review, Occasion(**options))
    document = workbook_document(review, plain, dataset.digests)
    return Made(render_xlsx(document, TODAY), document, json.loads(dump(review_json(review))))


def read_rows(content: bytes, sheet: str) -> Rows:
    """Return the values of a worksheet, from its first row and column."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def column(rows: Rows, title: str) -> list[Any]:
    """Return what stands below the heading ``title``, as long as the first column goes on."""
    row = next(index for index, row in enumerate(rows) if title in row)
    place = rows[row].index(title)
    body = rows[row + 1 :]
    end = next((index for index, cells in enumerate(body) if not _is_row(cells)), len(body))
    return [cells[place] for cells in body[:end]]


def _is_row(cells: list[Any]) -> bool:
    return cells[0] != "" and any(cell != "" for cell in cells[1:])


def part(content: bytes, name: str) -> str:
    """Return one XML file of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def changed(content: bytes, change: Callable[[str, str], str]) -> bytes:
    """Return a workbook with its XML files changed: ``change`` takes a name and the text."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name).decode()))
    return buffer.getvalue()


def with_wrong_results(content: bytes) -> bytes:
    """Return a workbook in which the stored result of every formula is 0."""
    return changed(content, lambda _, text: re.sub(r"</f><v>[^<]*</v>", "</f><v>0</v>", text))


def formulas(xml: str) -> dict[str, str]:
    """Return the formulas of a worksheet by the address of their cell."""
    cells = ElementTree.fromstring(xml).iter(f"{NAMESPACE}c")
    found = {cell.get("r", ""): cell.findtext(f"{NAMESPACE}f") for cell in cells}
    return {address: formula for address, formula in found.items() if formula is not None}


def _read_csv(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


class Office:
    """LibreOffice with a profile of its own that recalculates every file it opens."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        user = folder / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, encoding="utf-8")

    def recalculate(self, **books: bytes) -> dict[str, bytes]:
        """Return workbooks as LibreOffice writes them after recalculating."""
        self._convert("xlsx", books)
        return {name: (self._folder / "out" / f"{name}.xlsx").read_bytes() for name in books}

    def shown(self, sheet: str, **books: bytes) -> dict[str, Rows]:
        """Return a worksheet of each workbook, its cells as they are shown."""
        self._convert(_CSV, books)
        paths = {name: self._folder / "out" / f"{name}-{sheet}.csv" for name in books}
        return {name: _read_csv(path) for name, path in paths.items()}

    def printed(self, **books: bytes) -> dict[str, list[str]]:
        """Return of each workbook the text of every page it is printed on, without spaces."""
        self._convert("pdf", books)
        paths = {name: self._folder / "out" / f"{name}.pdf" for name in books}
        texts = {name: poppler("pdftotext", path, "-raw") for name, path in paths.items()}
        return {name: [bare(page) for page in text.split("\f")] for name, text in texts.items()}

    def _convert(self, target: str, books: Mapping[str, bytes]) -> None:
        paths = []
        for name, content in books.items():
            path = self._folder / f"{name}.xlsx"
            path.write_bytes(content)
            paths.append(str(path))
        profile = (self._folder / "profile").as_uri()
        command = ["soffice", f"-env:UserInstallation={profile}", "--headless"]
        command += ["--convert-to", target, "--outdir", str(self._folder / "out"), *paths]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
