"""Reads the append-only CSV logs as the tool, Excel and people leave them.

A log is UTF-8 with BOM and CRLF; reading also takes UTF-8 without BOM, CP932 and LF. A torn
write (power cut) is an unterminated last row that starts with a 記録日時 and is cut short.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from jusou.errors import Problem, Severity, quote
from jusou.storage.files import translated

_BLOCK = 65536
_MAX_LINE = 1_000_000
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_PARTIAL_TIMESTAMP = re.compile(r"\d{1,4}|\d{4}-[\d-]{0,5}|\d{4}-\d\d-\d\dT[\d:+-]*")
_CONFLICT = (b"<<<<<<< ", b">>>>>>> ")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_EXCEL_HINT = "Excel で開き、「CSV UTF-8（コンマ区切り）」で保存し直してください。"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a log is stored: seen from its first line."""

    encoding: str
    newline: bytes
    columns: int


class LogError(Exception):
    """The log cannot be read from here on."""

    def __init__(self, line: int | None, message: str, hint: str) -> None:
        super().__init__(message)
        self.line, self.message, self.hint = line, message, hint

    def problem(self, shown: str) -> Problem:
        """Return the same as a problem of the log ``shown``."""
        return _problem(shown, self.line, self.message, self.hint)


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
            layout = read_layout(file, columns)
            end = torn_offset(file, layout)
            if end is None:
                end = file.seek(0, os.SEEK_END)
            else:
                problems.append(_torn_warning(shown))
            lines = chain.from_iterable(_blocks(file, layout.encoding, end))
            yield from _rows(lines, layout, columns, (shown, problems))
    except LogError as broken:
        problems.append(broken.problem(shown))


def _problem(shown: str, line: int | None, message: str, hint: str) -> Problem:
    return Problem(Severity.ERROR, shown, line, None, message, hint)


def _torn_warning(shown: str) -> Problem:
    message = "最後の行は書き込みの途中で切れています。読み飛ばしました。"
    hint = f"次に追記するとき、この行を {shown}.torn に移します。"
    return Problem(Severity.WARNING, shown, None, None, message, hint)


def read_layout(file: BinaryIO, columns: Sequence[str]) -> Layout:
    """Return how a log is stored. Raises LogError when it does not start as a log does."""
    first = _whole_line(file, 1)
    if not first:
        raise LogError(None, "ファイルが空です（0バイト）。", "控えから戻すか、削除してください。")
    if first.startswith(_UTF16):
        raise LogError(1, "文字コードが UTF-16 です。", _EXCEL_HINT)
    if first.startswith(_CONFLICT):
        raise _conflict(1)
    if b"\0" in first:
        raise LogError(1, "CSV ではないファイルです。", _EXCEL_HINT)
    newline = b"\r\n" if first.endswith(b"\r\n") else b"\n"
    for encoding in ("utf-8-sig", "cp932"):
        try:
            header = next(csv.reader([first.decode(encoding)], strict=True), [])
        except UnicodeDecodeError:
            continue
        except csv.Error as error:
            raise _csv_problem(error, 1) from error
        names = [unicodedata.normalize("NFKC", cell).strip() for cell in header]
        while names and not names[-1]:
            names.pop()
        if names in (list(columns), list(columns[:-1])):
            return Layout(encoding, newline, len(names))
        raise _header_problem(header, columns)
    raise LogError(1, "文字として読めないデータがあります。", _EXCEL_HINT)


def _header_problem(header: Sequence[str], columns: Sequence[str]) -> LogError:
    names = [unicodedata.normalize("NFKC", cell).strip() for cell in header]
    missing = [column for column in columns[:-1] if column not in names]
    unknown = [name for name in names if name and name not in columns]
    wanted = "1行目を次のとおりにしてください"
    if len(missing) == len(columns) - 1:
        message = f"1行目{quote(','.join(header).strip())}は見出しではありません。"
        wanted = "jusou の CSV かどうかを確かめてください。1行目は次のとおりです"
    elif missing:
        message = f"見出しに {'、'.join(missing)} がありません。"
    elif unknown:
        message = f"見出しに知らない列{quote(unknown[0])}があります。"
    else:
        message = "見出しの並びが違います。"
    return LogError(1, message, f"{wanted}: {','.join(columns)}")


def _conflict(line: int) -> LogError:
    hint = (
        "2つの版の食い違いが残っています。両方の行を確かめ、"
        "「<<<<<<<」「=======」「>>>>>>>」の行を消してください。"
    )
    return LogError(line, "競合の印が残っています。", hint)


def _whole_line(file: BinaryIO, number: int) -> bytes:
    """Return the rest of a line. Raises LogError when it is longer than any row can be."""
    line = file.readline(_MAX_LINE + 1)
    if len(line) > _MAX_LINE:
        hint = "行の終わりの改行がなくなっていないか確かめてください。"
        raise LogError(number, "1行が長すぎます（1MB を超えています）。", hint)
    return line


def _rows(
    lines: Iterable[str],
    layout: Layout,
    columns: Sequence[str],
    sink: tuple[str, list[Problem]],
) -> Iterator[tuple[int, list[str]]]:
    shown, problems = sink
    reader = csv.reader(lines, strict=True)
    width = len(columns)
    start = 1
    try:
        next(reader)
        start = reader.line_num + 1
        for cells in reader:
            line, start = start, reader.line_num + 1
            count = len(cells)
            if count > layout.columns and "".join(cells[layout.columns :]).strip():
                extra = ",".join(cells[layout.columns :])
                message = f"見出しより右に{quote(extra)}があります。"
                hint = "数値のカンマで列がずれていないか確かめてください。"
                problems.append(_problem(shown, line, message, hint))
                continue
            if any(map(str.strip, cells)):
                yield line, cells if count == width else (cells + [""] * width)[:width]
    except csv.Error as error:
        raise _csv_problem(error, start) from error


def _csv_problem(error: csv.Error, line: int) -> LogError:
    text = str(error)
    if _is_unclosed(error):
        hint = "この行の引用符を閉じるか、取ってください。"
        return LogError(line, '引用符（"）が閉じていません。', hint)
    if "field larger" in text:
        hint = '引用符（"）の閉じ忘れを確かめ、1つの欄を 10万字以内にしてください。'
        return LogError(line, "1つの欄が長すぎます。", hint)
    if "expected after" in text:
        hint = '欄の中の引用符は "" と2つ重ね、欄全体を引用符で囲んでください。'
        return LogError(line, '引用符（"）の使い方が正しくありません。', hint)
    return LogError(line, "CSV として読めません。", _EXCEL_HINT)


def _blocks(file: BinaryIO, encoding: str, end: int) -> Iterator[Iterable[str]]:
    """Yield the lines up to ``end``, hundreds at a time: most of a long log is decoded at once."""
    file.seek(0)
    number = 1
    while (left := end - file.tell()) > 0:
        block = file.read(min(left, _BLOCK))
        if len(block) < left:
            block += _whole_line(file, number + block.count(b"\n"))
        text = _plain_text(block, encoding)
        yield _careful(block, encoding, number) if text is None else io.StringIO(text, newline="\n")
        number += block.count(b"\n")
        encoding = "utf-8" if encoding == "utf-8-sig" else encoding


def _plain_text(block: bytes, encoding: str) -> str | None:
    """Return the text of some lines, or None when one of them may have to be refused."""
    if any(mark in block for mark in (b"\0", *_CONFLICT)):
        return None
    try:
        return block.decode(encoding)
    except UnicodeDecodeError:
        return None


def _careful(block: bytes, encoding: str, first: int) -> Iterator[str]:
    """Decode line by line, so that what cannot be read is known by its line."""
    for number, line in enumerate(io.BytesIO(block), first):
        if b"\0" in line:
            hint = "控えから戻してください。"
            raise LogError(number, "文字ではないデータ（NUL）があります。", hint)
        if line.startswith(_CONFLICT):
            raise _conflict(number)
        try:
            yield line.decode(encoding)
        except UnicodeDecodeError:
            raise LogError(number, "文字として読めないデータがあります。", _EXCEL_HINT) from None


def torn_offset(file: BinaryIO, layout: Layout) -> int | None:
    """Return where a torn last row starts, or None. Reads the file only if its end is not whole.

    Torn is a row without a line's end that starts with a 記録日時 and stops in a character, in a
    quoted cell or before its last cell. An unclosed quote with a line's end behind it is not torn
    but an error: it may have swallowed whole rows.
    """
    file.seek(-len(layout.newline), os.SEEK_END)
    if file.read() == layout.newline:
        return None
    start, quoted = _last_row(file)
    file.seek(start)
    row = file.read()
    ended = layout.newline in row if quoted else row.endswith(b"\n")
    if start == 0 or len(row) > _MAX_LINE or ended:
        return None
    decoder = codecs.getincrementaldecoder(layout.encoding)()
    try:
        cells = next(csv.reader(io.StringIO(decoder.decode(row), newline="")), [""])
    except (UnicodeDecodeError, csv.Error):
        return None
    cut_character = decoder.getstate()[0]
    whole = len(cells) >= layout.columns and not quoted and not cut_character
    return None if whole or not _starts_a_row(cells) else start


def _last_row(file: BinaryIO) -> tuple[int, bool]:
    """Return where the last row starts and whether it ends inside a quoted cell.

    The start is 0 when what stands before it is no CSV: reading says so itself.
    """
    file.seek(0)
    offset = 0

    def lines() -> Iterator[str]:
        nonlocal offset
        for line in file:
            offset += len(line)
            yield line.decode("latin-1")  # a comma or quote is the same byte in every encoding

    start = following = 0
    try:
        for _ in csv.reader(lines(), strict=True):
            start, following = following, offset
    except csv.Error as error:
        return (following, True) if _is_unclosed(error) else (0, False)
    return start, False


def _is_unclosed(error: csv.Error) -> bool:
    return "unexpected end" in str(error)


def _starts_a_row(cells: Sequence[str]) -> bool:
    if len(cells) > 1:
        return _TIMESTAMP.match(cells[0]) is not None
    return _PARTIAL_TIMESTAMP.fullmatch(cells[0]) is not None
