"""Reads xlsx and CSV files that came back: every cell as text, with its place.

Nothing is interpreted here but the container, and no file is read before its size is known.
"""

from __future__ import annotations

import csv
import hashlib
import io
import stat
from pathlib import Path

from jusou.errors import JusouError
from jusou.storage.files import translated
from jusou.storage.xlsx import MAX_AREA, MAX_ROWS, MAX_TEXT, read_xlsx
from jusou.storage.xlsx_parts import BROKEN
from jusou.values.text import decoded, plain_breaks, visible
from jusou.values.workbook import FoundCell, Sheet, Workbook

_MAX_BYTES = 20_000_000
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_NO_FORM = "照会票のファイルか確かめてください。"
_SAVE_AS = "Excel で開き、Excel ブック（.xlsx）で保存し直してください。"


def read_book(path: Path, name: str) -> Workbook:
    """Return the tables of an xlsx or CSV file, its places under ``name``. Raises JusouError."""
    content = _content(path)
    match path.suffix.lower():
        case ".xlsx":
            sheets = _read_xlsx(name, content)
        case ".csv":
            sheets = (_read_csv(name, content),)
        case suffix:
            message = f"「{suffix}」のファイルは取り込めません。"
            raise JusouError(message, "Excel ブック（.xlsx）か CSV（.csv）で保存し直してください。")
    return Workbook(name, hashlib.sha256(content).hexdigest(), sheets)


def _content(path: Path) -> bytes:
    """Return the bytes of a file of a size that a form can have; raises JusouError for others."""
    with translated(path, "読み込み"):
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):  # to open a pipe is to wait for its other end
            raise JusouError("ふつうのファイルではないため、取り込めません。", _NO_FORM)
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1) if state.st_size <= _MAX_BYTES else b""
    if max(state.st_size, len(content)) > _MAX_BYTES:
        size = f"{state.st_size // 1_000_000:,}MB"
        raise JusouError(f"ファイルが大きすぎます（{size}）。", _NO_FORM)
    if not content:
        raise JusouError("ファイルが空です（0バイト）。", "もう一度送ってもらってください。")
    return content


def _read_csv(name: str, content: bytes) -> Sheet:
    text = decoded(content)
    if text is None:
        hint = "Excel で開き、「CSV UTF-8（コンマ区切り）」で保存し直してください。"
        if content.startswith(_ZIP):
            hint = "中身は Excel ブックのようです。名前の終わりを .xlsx に直してください。"
        raise JusouError("CSV の文字コードを読み取れません。", hint)
    if len(text) > MAX_TEXT:
        raise JusouError(f"文字が多すぎます（{len(text):,}字）。", _NO_FORM)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, line, unseen, area = [], 1, "", 0
    try:
        for cells in reader:
            place = f"{name} {line}行目"
            texts = [visible(each) for each in cells]
            if texts != cells:
                unseen = unseen or place
            rows.append(tuple(FoundCell(plain_breaks(each).strip(), place) for each in texts))
            line = reader.line_num + 1
            area += len(cells)
            if len(rows) > MAX_ROWS or area > MAX_AREA:
                message = f"行やセルが多すぎます（{line - 1:,}行目まで読みました）。"
                raise JusouError(message, _NO_FORM)
    except csv.Error as error:
        hint = "引用符を閉じるか取るかして、Excel で保存し直してください。"
        message = f'{line}行目の引用符（"）の使い方が正しくないため、CSV として読めません。'
        raise JusouError(message, hint) from error
    return Sheet("", tuple(rows), unseen=unseen)


def _read_xlsx(name: str, content: bytes) -> tuple[Sheet, ...]:
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            hint = "パスワードを外して保存し直してもらってください。"
            raise JusouError("パスワードが付いているため、開けません。", hint)
        raise JusouError("古い形式の Excel ファイルです。", _SAVE_AS)
    try:
        return read_xlsx(name, content)
    except BROKEN as error:
        hint = f"壊れているか、中身が Excel ブックではありません。{_SAVE_AS}"
        raise JusouError("Excel ブックとして開けません。", hint) from error
