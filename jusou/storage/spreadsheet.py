"""Reads a table file that came back from a department: xlsx as saved, or CSV; every cell as text.

Nothing is interpreted here but the container: a cell keeps its address, and one that cannot be
taken as it stands (an error value, a formula without a stored result) says why.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from jusou.errors import JusouError
from jusou.forms.book import Book, Cell, Sheet
from jusou.storage.files import read_bytes

MAX_BYTES = 20_000_000
_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ADDRESS = re.compile(r"([A-Z]+)(\d+)")


def read_book(path: Path) -> Book:
    """Return the tables of an xlsx or CSV file. Raises JusouError when it is neither."""
    content = read_bytes(path)
    if len(content) > MAX_BYTES:
        raise JusouError(
            f"{path.name}: ファイルが大きすぎます。", "照会票のファイルか確かめてください。"
        )
    digest = hashlib.sha256(content).hexdigest()
    match path.suffix.lower():
        case ".xlsx":
            return Book(path.name, digest, _read_xlsx(path.name, content))
        case ".csv":
            return Book(path.name, digest, (_read_csv(path.name, content),))
    raise JusouError(
        f"{path.name}: 取り込めない種類のファイルです。",
        "Excel ブック（.xlsx）か CSV（.csv）で保存し直してください。",
    )


def read_books(paths: Sequence[Path]) -> list[Book]:
    """Return the books of files and folders (every xlsx and CSV file in one), in order of name.

    Raises JusouError when one cannot be read, or there is none.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = (each for each in path.iterdir() if each.suffix.lower() in (".xlsx", ".csv"))
            files += sorted(each for each in found if not each.name.startswith(("~$", ".")))
        else:
            files.append(path)
    if not files:
        raise JusouError(
            "取り込むファイル（.xlsx・.csv）がありません。", "フォルダーの場所を確かめてください。"
        )
    return [read_book(path) for path in dict.fromkeys(files)]


def address(row: int, column: int) -> str:
    """Return ``B3`` for row 2, column 1 (both from 0)."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def _position(text: str) -> tuple[int, int]:
    match = _ADDRESS.fullmatch(text)
    assert match is not None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def _read_csv(name: str, content: bytes) -> Sheet:
    text = None
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if text is None or "\0" in text:
        raise JusouError(
            f"{name}: 文字コードを読み取れません。",
            "Excel で開き、「CSV UTF-8（コンマ区切り）」で保存し直してください。",
        )
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise JusouError(
            f'{name}: 引用符（"）の使い方が正しくないため、CSV として読めません。',
            "Excel で開いて保存し直してください。",
        ) from error
    rows = tuple(
        tuple(Cell(cell.strip(), f"{number}行目") for cell in line)
        for number, line in enumerate(lines, 1)
    )
    return Sheet("", rows)


def _read_xlsx(name: str, content: bytes) -> tuple[Sheet, ...]:
    from python_calamine import CalamineError, load_workbook

    try:
        broken = _broken_cells(content)
        workbook = load_workbook(io.BytesIO(content))
        sheets = []
        for sheet_name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(sheet_name)
            rows = sheet.to_python(skip_empty_area=False)
            found = broken.get(sheet_name, {})
            cells = tuple(
                tuple(
                    Cell(
                        _text(value), address(row, column), found.get((row, column)) or _odd(value)
                    )
                    for column, value in enumerate(line)
                )
                for row, line in enumerate(rows)
            )
            ranges = sheet.merged_cell_ranges or []
            sheets.append(Sheet(sheet_name, cells, _covered(ranges)))
    except (CalamineError, zipfile.BadZipFile, KeyError, ElementTree.ParseError) as error:
        raise JusouError(
            f"{name}: Excel ブックとして開けません。",
            "壊れているか、パスワードが付いています。Excel で開いて保存し直してください。",
        ) from error
    return tuple(sheets)


def _covered(ranges: list[Any]) -> frozenset[tuple[int, int]]:
    return frozenset(
        (row, column)
        for (top, left), (bottom, right) in ranges
        for row in range(top, min(bottom, top + 1000) + 1)
        for column in range(left, min(right, left + 1000) + 1)
    )


def _text(value: Any) -> str:
    """Return a cell as a person sees it typed; a whole float is written without its point."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


def _odd(value: Any) -> str:
    if isinstance(value, time | timedelta):
        return "時刻になっています"
    return "TRUE/FALSE になっています" if isinstance(value, bool) else ""


def _broken_cells(content: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """Find error values and formulas without a stored result, which calamine shows as blank."""
    found: dict[str, dict[tuple[int, int], str]] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name, part in _sheet_parts(archive).items():
            cells: dict[tuple[int, int], str] = {}
            for _, element in ElementTree.iterparse(archive.open(part)):
                if element.tag == f"{_NS}c":
                    if reason := _why_broken(element):
                        cells[_position(element.get("r", "A1"))] = reason
                    element.clear()
            found[name] = cells
    return found


def _why_broken(cell: ElementTree.Element) -> str:
    value = cell.findtext(f"{_NS}v")
    if cell.get("t") == "e":
        return f"エラー値 {value or ''} です"
    if cell.find(f"{_NS}f") is not None and not value:
        return "計算結果のない数式です"
    return ""


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of the archive for each sheet's name."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {each.get("Id"): each.get("Target", "") for each in relations}
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    identifier = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    parts = {}
    for sheet in workbook.iter(f"{_NS}sheet"):
        target = targets[sheet.get(identifier)]
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        parts[sheet.get("name", "")] = path
    return parts
