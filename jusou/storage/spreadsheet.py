"""Reads xlsx and CSV files that came back: every cell as text, with its place.

Nothing is interpreted here but the container: a cell that cannot be taken as it stands (an error
value, a formula without a stored result) says why. The reader of values shows such a cell as
blank, so the XML of an xlsx file is looked into as well.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from xml.etree import ElementTree

from jusou.errors import JusouError
from jusou.storage.files import read_bytes
from jusou.values.text import plain_breaks, visible
from jusou.values.workbook import FoundCell, Sheet, Workbook

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_MAX_BYTES, _MAX_UNPACKED = 20_000_000, 300_000_000
_MAX_ROWS, _LAST_COLUMN = 5_000, "GR"
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BROKEN = (
    zipfile.BadZipFile, zlib.error, ElementTree.ParseError,
    KeyError, ValueError, EOFError, RuntimeError,
)  # fmt: skip
_SAVE_AS = "Excel で開き、Excel ブック（.xlsx）で保存し直してください。"


def read_book(path: Path, name: str) -> Workbook:
    """Return the tables of an xlsx or CSV file, its places under ``name``. Raises JusouError."""
    content = read_bytes(path)
    if not content:
        raise JusouError("ファイルが空です（0バイト）。", "もう一度送ってもらってください。")
    if len(content) > _MAX_BYTES:
        size = f"{len(content) // 1_000_000}MB"
        hint = "照会票のファイルか確かめてください。"
        raise JusouError(f"ファイルが大きすぎます（{size}）。", hint)
    match path.suffix.lower():
        case ".xlsx":
            sheets = _read_xlsx(name, content)
        case ".csv":
            sheets = (_read_csv(name, content),)
        case suffix:
            message = f"「{suffix}」のファイルは取り込めません。"
            raise JusouError(message, "Excel ブック（.xlsx）か CSV（.csv）で保存し直してください。")
    return Workbook(name, hashlib.sha256(content).hexdigest(), sheets)


def _read_csv(name: str, content: bytes) -> Sheet:
    text = _decoded(content)
    if text is None:
        hint = "Excel で開き、「CSV UTF-8（コンマ区切り）」で保存し直してください。"
        if content.startswith(_ZIP):
            hint = "中身は Excel ブックのようです。名前の終わりを .xlsx に直してください。"
        raise JusouError("CSV の文字コードを読み取れません。", hint)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, line = [], 1
    try:
        for cells in reader:
            place = f"{name} {line}行目"
            rows.append(
                tuple(FoundCell(visible(plain_breaks(cell)).strip(), place) for cell in cells)
            )
            line = reader.line_num + 1
    except csv.Error as error:
        hint = "引用符を閉じるか取るかして、Excel で保存し直してください。"
        message = f'{line}行目の引用符（"）の使い方が正しくないため、CSV として読めません。'
        raise JusouError(message, hint) from error
    return Sheet("", tuple(rows))


def _decoded(content: bytes) -> str | None:
    if content.startswith(_UTF16) or b"\0" in content:
        return None
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _read_xlsx(name: str, content: bytes) -> tuple[Sheet, ...]:
    from python_calamine import CalamineError, load_workbook

    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            hint = "パスワードを外して保存し直してもらってください。"
            raise JusouError("パスワードが付いているため、開けません。", hint)
        raise JusouError("古い形式の Excel ファイルです。", _SAVE_AS)
    try:
        refused = _refused_cells(content)
        book = load_workbook(io.BytesIO(content))
        sheets = ((each, book.get_sheet_by_name(each)) for each in book.sheet_names)
        return tuple(_sheet(name, sheet, refused.get(each, {})) for each, sheet in sheets)
    except (CalamineError, *_BROKEN) as error:
        hint = f"壊れているか、中身が Excel ブックではありません。{_SAVE_AS}"
        raise JusouError("Excel ブックとして開けません。", hint) from error


def _sheet(name: str, sheet: CalamineSheet, refused: Mapping[str, str]) -> Sheet:
    rows = []
    for row, values in enumerate(sheet.to_python(skip_empty_area=False), 1):
        cells = []
        for column, value in enumerate(values):
            address = f"{_letters(column)}{row}"
            text, why = _text(value)
            place = f"{name} {sheet.name}!{address}"
            cells.append(FoundCell(text, place, refused.get(address, why)))
        rows.append(tuple(cells))
    return Sheet(sheet.name, tuple(rows), frozenset(_covered(sheet)))


def _letters(column: int) -> str:
    """Return ``A`` for 0, ``AA`` for 26."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _covered(sheet: CalamineSheet) -> Iterator[tuple[int, int]]:
    height, width = sheet.total_height, sheet.total_width
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        for row in range(top, min(bottom, height) + 1):
            for column in range(left, min(right, width) + 1):
                yield row, column


def _text(value: Any) -> tuple[str, str]:
    """Return a cell as a person sees it, and why it cannot be taken (empty if it can).

    Excel computes in binary and shows 15 digits: 0.1 + 0.2 is 0.3 there, and so it is here.
    """
    match value:
        case bool():
            return str(value).upper(), f"「{str(value).upper()}」になっています"
        case int() | float():
            return f"{Decimal(f'{value:.15g}'):f}", ""
        case datetime() if value.time() != time():
            return value.isoformat(" "), ""
        case date():
            return value.strftime("%Y-%m-%d"), ""
        case time() | timedelta():
            return str(value), f"時刻（{value}）になっています"
    return visible(plain_breaks(str(value))).strip(), ""


def _refused_cells(content: bytes) -> dict[str, dict[str, str]]:
    """Return, by sheet and address, why a cell's value cannot be taken: an error, no result.

    Raises JusouError for a workbook that would take all memory, and whatever zipfile and
    ElementTree raise for a broken one.
    """
    refused = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(each.file_size for each in archive.infolist()) > _MAX_UNPACKED:
            raise _too_large("中身が大きすぎます。")
        for sheet, part in _sheet_parts(archive):
            with archive.open(part) as file:
                refused[sheet] = dict(_refused_in(sheet, file))
    return refused


def _refused_in(sheet: str, file: IO[bytes]) -> Iterator[tuple[str, str]]:
    for _, element in ElementTree.iterparse(file):
        if element.tag.endswith("}c"):
            address = element.get("r")
            if address and len(element):
                _check_address(sheet, address)
                if why := _why_refused(element):
                    yield address, why
            element.clear()


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the name of each sheet and its part of the archive.

    Tags are compared without their namespace: strict and transitional workbooks differ in it.
    """
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {each.get("Id"): each.get("Target", "") for each in relations}
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    for sheet in workbook.iterfind(".//{*}sheet"):
        target = targets[next(value for key, value in sheet.items() if key.endswith("}id"))]
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if part in archive.namelist():  # a chart sheet may have none
            yield sheet.get("name", ""), part


def _check_address(sheet: str, address: str) -> None:
    """Refuse a cell far from any table: the rectangle up to it would be read cell by cell."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(address)
    column, row = match.groups()
    if int(row) > _MAX_ROWS or (len(column), column) > (len(_LAST_COLUMN), _LAST_COLUMN):
        raise _too_large(f"表から離れたセル {sheet}!{address} に何かが入っています。")


def _too_large(message: str) -> JusouError:
    hint = "そのセルを消すか、送ったときの照会票に入力し直してもらってください。"
    return JusouError(message, hint)


def _why_refused(cell: ElementTree.Element) -> str:
    kind, value = cell.get("t"), cell.find("{*}v")
    if kind == "e":
        return f"エラー値 {value.text if value is not None else ''} です"
    computed = value is not None and (value.text or kind == "str")
    if cell.find("{*}f") is not None and not computed:
        return "計算結果のない数式です"
    return ""
