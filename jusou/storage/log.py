"""The append-only CSV logs: read as Excel leaves them, append so that nothing is ever lost.

A log is UTF-8 with BOM and CRLF; reading also takes UTF-8 without BOM, CP932 and LF. A torn
write (power cut) is an unterminated last row that starts with a 記録日時 and is too short.
"""

from __future__ import annotations

import csv
import io
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from jusou.errors import DataError, JusouError, Problem, Severity, quote
from jusou.storage.files import replace, translated

BOM = b"\xef\xbb\xbf"
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_PARTIAL_TIMESTAMP = re.compile(r"\d{1,4}|\d{4}-[\d-]{0,5}|\d{4}-\d\d-\d\dT[\d:+-]*")
_CONFLICT = (b"<<<<<<< ", b">>>>>>> ")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_EXCEL_HINT = "Excel で開き、「CSV UTF-8（コンマ区切り）」で保存し直してください。"


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a log is stored: seen from its first line."""

    encoding: str
    newline: bytes
    columns: int


class _LogError(Exception):
    """The log cannot be read from here on."""

    def __init__(self, line: int | None, message: str, hint: str) -> None:
        super().__init__(message)
        self.line, self.message, self.hint = line, message, hint


def read_log(
    path: Path, shown: str, columns: Sequence[str], problems: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) for each row, cells padded to ``columns``; blank rows are passed over.

    What is wrong is added to ``problems``, under the path ``shown``. Streams: memory does not
    grow with the log. Raises JusouError when the file cannot be opened.
    """
    if path.is_dir():
        hint = "同じ名前のフォルダーがあります。移すか、名前を変えてください。"
        problems.append(_problem(shown, None, "ファイルではなくフォルダーです。", hint))
        return
    try:
        with translated(path, "読み込み"), path.open("rb") as file:
            layout = _read_layout(file, columns)
            torn = torn_offset(file, layout)
            if torn is not None:
                problems.append(_torn_warning(shown))
            file.seek(0)
            yield from _rows(file, layout, columns, (shown, problems, torn))
    except _LogError as broken:
        problems.append(_problem(shown, broken.line, broken.message, broken.hint))


def _problem(
    shown: str, line: int | None, message: str, hint: str, column: str | None = None
) -> Problem:
    return Problem(Severity.ERROR, shown, line, column, message, hint)


def _torn_warning(shown: str) -> Problem:
    message = "最後の行は書き込みの途中で切れています。読み飛ばしました。"
    hint = f"次に追記するとき、この行を {shown}.torn に移します。"
    return Problem(Severity.WARNING, shown, None, None, message, hint)


def _read_layout(file: BinaryIO, columns: Sequence[str]) -> _Layout:
    first = file.readline()
    if not first:
        raise _LogError(None, "ファイルが空です（0バイト）。", "控えから戻すか、削除してください。")
    if first.startswith(_UTF16):
        raise _LogError(1, "文字コードが UTF-16 です。", _EXCEL_HINT)
    if first.startswith(_CONFLICT):
        raise _conflict(1)
    if b"\0" in first:
        raise _LogError(1, "CSV ではないファイルです。", _EXCEL_HINT)
    newline = b"\r\n" if first.endswith(b"\r\n") else b"\n"
    header: list[str] = []
    for encoding in ("utf-8-sig", "cp932"):
        try:
            header = next(csv.reader([first.decode(encoding)]), [])
        except (UnicodeDecodeError, csv.Error):
            continue
        names = [unicodedata.normalize("NFKC", cell).strip() for cell in header]
        while names and not names[-1]:
            names.pop()
        if names in (list(columns), list(columns[:-1])):
            return _Layout(encoding, newline, len(names))
        if encoding == "utf-8-sig":
            break
    raise _header_problem(header, columns)


def _header_problem(header: Sequence[str], columns: Sequence[str]) -> _LogError:
    names = [unicodedata.normalize("NFKC", cell).strip() for cell in header]
    missing = [column for column in columns[:-1] if column not in names]
    unknown = [name for name in names if name and name not in columns]
    if len(missing) == len(columns) - 1:
        message = "1行目に見出しがありません。"
    elif missing:
        message = f"見出しに {'、'.join(missing)} がありません。"
    elif unknown:
        message = f"見出しに知らない列{quote(unknown[0])}があります。"
    else:
        message = "見出しの並びが違います。"
    return _LogError(1, message, f"1行目は次のとおりです: {','.join(columns)}")


def _conflict(line: int) -> _LogError:
    hint = "2つの版の食い違いが残っています。両方の行を確かめ、印の行を消してください。"
    return _LogError(line, "競合の印が残っています。", hint)


def _rows(
    file: BinaryIO,
    layout: _Layout,
    columns: Sequence[str],
    sink: tuple[str, list[Problem], int | None],
) -> Iterator[tuple[int, list[str]]]:
    shown, problems, end = sink
    reader = csv.reader(_lines(file, layout, end), strict=True)
    width = len(columns)
    start = 1
    try:
        next(reader)
        start = reader.line_num + 1
        for cells in reader:
            line, start = start, reader.line_num + 1
            count = len(cells)
            if count > layout.columns and (extra := "".join(cells[layout.columns :]).strip()):
                message = f"見出しより右に{quote(extra)}があります。"
                hint = "数値のカンマで列がずれていないか確かめてください。"
                problems.append(_problem(shown, line, message, hint))
                continue
            if not "".join(cells).strip():
                continue
            yield line, cells if count == width else (cells + [""] * width)[:width]
    except csv.Error as error:
        raise _csv_problem(error, start) from error


def _csv_problem(error: csv.Error, line: int) -> _LogError:
    text = str(error)
    if "unexpected end" in text:
        hint = '引用符（"）が開いたまま閉じていません。この行から後を確かめてください。'
        return _LogError(line, '引用符（"）が閉じていません。', hint)
    if "field larger" in text:
        return _LogError(line, "1つの欄が長すぎます。", "1つの欄は 10万字以内にしてください。")
    if "expected after" in text:
        hint = '欄の中の引用符は "" と2つ重ね、欄全体を引用符で囲んでください。'
        return _LogError(line, '引用符（"）の使い方が正しくありません。', hint)
    return _LogError(line, "CSV として読めません。", _EXCEL_HINT)


def _lines(file: BinaryIO, layout: _Layout, end: int | None) -> Iterator[str]:
    """Decode line by line, so that a bad byte is known by its line; stop at the torn row."""
    offset = 0
    encoding = layout.encoding
    for number, raw in enumerate(file, 1):
        if end is not None and offset >= end:
            return
        offset += len(raw)
        if b"\0" in raw:
            raise _LogError(
                number, "文字ではないデータ（NUL）があります。", "控えから戻してください。"
            )
        if raw.startswith(_CONFLICT):
            raise _conflict(number)
        try:
            yield raw.decode(encoding)
        except UnicodeDecodeError:
            raise _LogError(number, "文字として読めないデータがあります。", _EXCEL_HINT) from None
        encoding = "utf-8" if encoding == "utf-8-sig" else encoding


def torn_offset(file: BinaryIO, layout: _Layout) -> int | None:
    """Return where a torn last row starts, or None. Looks only at the end of the file."""
    size = file.seek(0, os.SEEK_END)
    file.seek(size - 1)
    if file.read(1) == b"\n":
        return None
    start = _after_last(file, size, layout.newline)
    file.seek(start)
    lines = io.BytesIO(file.read(size - start)).readlines()
    encoding = "cp932" if layout.encoding == "cp932" else "utf-8"
    texts = [line.decode(encoding, errors="replace") for line in lines]
    reader = csv.reader(texts)
    last, begin, final = 0, 0, [""]
    try:
        for cells in reader:
            last, begin, final = begin, reader.line_num, cells
    except csv.Error:
        return None
    if len(lines) - last > 1 and layout.newline == b"\n":
        return None
    if start == 0 or len(final) >= layout.columns or not _starts_a_row(final):
        return None
    return start + sum(len(line) for line in lines[:last])


def _starts_a_row(cells: Sequence[str]) -> bool:
    if len(cells) > 1:
        return _TIMESTAMP.match(cells[0]) is not None
    return _PARTIAL_TIMESTAMP.fullmatch(cells[0]) is not None


def _after_last(file: BinaryIO, size: int, newline: bytes) -> int:
    """Return the offset behind the last ``newline``, 0 if there is none; reads from the end."""
    block, tail, position = 65536, b"", size
    while position > 0:
        step = min(block, position)
        position -= step
        file.seek(position)
        tail = file.read(step) + tail[: len(newline) - 1]
        found = tail.rfind(newline)
        if found >= 0:
            return position + found + len(newline)
    return 0


def append(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Add rows to the end of a log in one block and make sure they are on the disk.

    The caller holds the workspace's lock. A new log is made with its header by atomic rename; a
    CP932 log is first converted, the old one kept as ``.bak``; a torn last row is moved to
    ``.torn``. When writing fails, the log is as it was. Raises JusouError.
    """
    if not path.exists():
        replace(path, BOM + _encode([columns], b"\r\n"))
    with translated(path, "追記"):
        with path.open("rb") as file:
            try:
                layout = _read_layout(file, columns)
            except _LogError as broken:
                problem = _problem(path.name, broken.line, broken.message, broken.hint)
                raise DataError([problem]) from broken
            torn = torn_offset(file, layout)
        if torn is not None:
            _set_aside(path, torn)
        if layout.encoding == "cp932":
            _convert(path)
        _write_block(path, layout, rows)


def _write_block(path: Path, layout: _Layout, rows: Iterable[Sequence[str]]) -> None:
    block = _encode((row[: layout.columns] for row in rows), layout.newline)
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(size - 1)
        if file.read(1) != b"\n":
            block = layout.newline + block
        try:
            file.seek(size)
            file.write(block)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            file.truncate(size)
            raise


def _encode(rows: Iterable[Sequence[str]], newline: bytes) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator=newline.decode()).writerows(
        [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in rows
    )
    return buffer.getvalue().encode("utf-8")


def _set_aside(path: Path, offset: int) -> None:
    """Move everything from ``offset`` to the ``.torn`` file beside the log, then cut it off."""
    with path.open("r+b") as file, path.with_name(f"{path.name}.torn").open("ab") as torn:
        file.seek(offset)
        torn.write(file.read() + b"\r\n")
        torn.flush()
        os.fsync(torn.fileno())
        file.truncate(offset)
        file.flush()
        os.fsync(file.fileno())


def _convert(path: Path) -> None:
    """Rewrite a CP932 log as UTF-8 with BOM, its text unchanged; keep the old one beside it."""
    content = path.read_bytes()
    kept = _free_name(path)
    with kept.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    replace(path, BOM + content.decode("cp932").encode("utf-8"))


def _free_name(path: Path) -> Path:
    names: Iterator[Path] = (
        path.with_name(f"{path.name}.bak{number or ''}") for number in range(1000)
    )
    for name in names:
        if not name.exists():
            return name
    raise JusouError(f"{path.name}.bak が多すぎます。", "要らない控えを移してください。")
