"""Reads xlsx and CSV files that came back: every cell as text, with its place.

Nothing is interpreted here but the container: a cell that cannot be taken as it stands (an error
value, a formula without a stored result) says why.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from jusou.errors import JusouError
from jusou.storage.files import read_bytes
from jusou.storage.workbook_parts import Position, find_oddities
from jusou.values.text import plain_breaks, visible
from jusou.values.workbook import FoundCell, Sheet, Workbook

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MAX_BYTES = 20_000_000
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
    if len(content) > MAX_BYTES:
        size = f"{len(content) // 1_000_000}MB"
        hint = "照会票のファイルか確かめてください。"
        raise JusouError(f"ファイルが大きすぎます（{size}）。", hint)
    sheets: Sequence[Sheet]
    match path.suffix.lower():
        case ".xlsx":
            sheets = _read_xlsx(name, content)
        case ".csv":
            sheets = [_read_csv(name, content)]
        case suffix:
            message = f"「{suffix}」のファイルは取り込めません。"
            raise JusouError(message, "Excel ブック（.xlsx）か CSV（.csv）で保存し直してください。")
    return Workbook(name, hashlib.sha256(content).hexdigest(), tuple(sheets))


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
            rows.append(tuple(FoundCell(_tidy(cell), place) for cell in cells))
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


def _tidy(text: str) -> str:
    """Return a text with plain line breaks, without spaces around it and what cannot be seen."""
    return visible(plain_breaks(text)).strip()


def _read_xlsx(name: str, content: bytes) -> list[Sheet]:
    from python_calamine import CalamineError, load_workbook

    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            hint = "パスワードを外して保存し直してもらってください。"
            raise JusouError("パスワードが付いているため、開けません。", hint)
        raise JusouError("古い形式の Excel ファイルです。", _SAVE_AS)
    try:
        oddities = find_oddities(content)
        book = load_workbook(io.BytesIO(content))
        sheets = ((each, book.get_sheet_by_name(each)) for each in book.sheet_names)
        return [_sheet(name, sheet, oddities.get(each, {})) for each, sheet in sheets]
    except (CalamineError, *_BROKEN) as error:
        hint = f"壊れているか、中身が Excel ブックではありません。{_SAVE_AS}"
        raise JusouError("Excel ブックとして開けません。", hint) from error


def _sheet(name: str, sheet: CalamineSheet, odd: dict[Position, str]) -> Sheet:
    rows = []
    for row, values in enumerate(sheet.to_python(skip_empty_area=False)):
        cells = []
        for column, value in enumerate(values):
            place = f"{name} {sheet.name}!{_letters(column)}{row + 1}"
            text, why = _text(value)
            cells.append(FoundCell(text, place, odd.get((row, column), why)))
        rows.append(tuple(cells))
    return Sheet(sheet.name, tuple(rows), frozenset(_covered(sheet)))


def _letters(column: int) -> str:
    """Return ``A`` for 0, ``AA`` for 26."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _covered(sheet: CalamineSheet) -> Iterator[Position]:
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
    return _tidy(str(value)), ""
