"""Reads the append-only CSV logs as the tool, Excel and people leave them.

A log is UTF-8 with BOM and CRLF; reading also takes UTF-8 without BOM, CP932 and LF, and columns
in any order behind 記録日時. A torn write (power cut) is an unterminated last row that starts with
a 記録日時 and is cut short.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count, repeat
from operator import itemgetter
from typing import NamedTuple

from jusou.errors import JusouError, Problem, warning
from jusou.logs.schema import Log
from jusou.values.text import SEPARATORS, UTF16_MARKS, fold, quote

MAX_CELL = 100_000  # characters
MAX_LINE = 1_000_000  # bytes
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_PARTIAL_TIMESTAMP = re.compile(r"\d{1,4}|\d{4}-[\d-]{0,5}|\d{4}-\d\d-\d\dT[\d:+-]*")
_CONFLICT = (b"<<<<<<< ", b">>>>>>> ")
_ODD = (b"\0", b"<", b">")  # one of them is in every log with a line that is refused for its bytes
_CELL_HINT = f'引用符（"）の閉じ忘れを確かめ、1つの欄を{MAX_CELL // 10_000}万字以内にしてください。'
_EXCEL_HINT = "Excel で開き、「CSV UTF-8（コンマ区切り）」で保存し直してください。"


class Layout(NamedTuple):
    """How a log is stored, seen from its first line: ``titles`` are its headings in order."""

    encoding: str
    newline: bytes
    titles: tuple[str, ...]


def read_log(
    content: bytes, log: Log, shown: str, problems: list[Problem]
) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield (line, cells) for each row of a log, the cells in the order of the log's columns.

    Blank rows are passed over; cells that are not there are empty. What is wrong is added to
    ``problems``, under the path ``shown``; what keeps the rest from being read ends it.
    """
    try:
        layout = read_layout(content, log)
        end = torn_offset(content, layout)
        if end is not None:
            message = "最後の行は書き込みの途中で切れています。読み飛ばしました。"
            hint = f"次に追記するとき、この行を {shown}.torn に移します。"
            problems.append(warning(message, hint, shown))
            content = content[:end]
        titles, width = layout.titles, len(layout.titles)
        pick = itemgetter(*(titles.index(each) if each in titles else -1 for each in log.columns))
        is_usual = titles == tuple(log.columns)
        for line, cells in _rows(content, layout.encoding):
            said = "".join(cells)
            if len(said) > MAX_CELL and len(cell := max(cells, key=len)) > MAX_CELL:
                column = [*layout.titles, "見出しより右"][min(cells.index(cell), width)]
                message = f"{column}が長すぎます（{len(cell):,}字）。"
                problems.append(Problem(message, _CELL_HINT, shown, line, column))
            elif len(cells) > width and "".join(cells[width:]).strip():
                message = f"見出しより右に{quote(','.join(cells[width:]))}があります。"
                hint = "数値のカンマで列がずれていないか確かめてください。"
                problems.append(Problem(message, hint, shown, line))
            elif not said or said.isspace():
                continue
            elif is_usual and len(cells) == width:
                yield line, cells
            else:
                # The cell behind the last stands for a column that is not there.
                yield line, pick([*cells[:width], *[""] * (width + 1 - min(len(cells), width))])
    except JusouError as broken:
        problems.append(broken.problem._replace(path=shown))


def read_layout(content: bytes, log: Log) -> Layout:
    """Return how a log is stored. Raises JusouError when it does not start as a log does."""
    if not content:
        raise JusouError("ファイルが空です（0バイト）。", "控えから戻すか、削除してください。")
    first = content[: content.find(b"\n") + 1] or content
    if first.startswith(UTF16_MARKS):
        raise JusouError("文字コードが UTF-16 です。", _EXCEL_HINT, line=1)
    if b"\0" in first:
        raise JusouError("CSV ではないファイルです。", _EXCEL_HINT, line=1)
    newline = b"\r\n" if first.endswith(b"\r\n") else b"\n"
    encoding = "utf-8-sig" if _can_decode(first, "utf-8") else "cp932"
    try:
        line = _decode_line(first, encoding, 1).lstrip("\ufeff")  # some programs add one more BOM
        header = next(csv.reader([line], strict=True), [])
    except csv.Error as error:
        raise _csv_error(error, 1) from error
    titles = [fold(cell) for cell in header]
    while titles and not titles[-1]:
        titles.pop()
    _check_titles(titles, header, log)
    return Layout(encoding, newline, tuple(titles))


def _can_decode(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _check_titles(titles: Sequence[str], header: Sequence[str], log: Log) -> None:
    """Refuse headings that are not those of a log; their order does not matter but for the first.

    A row that was cut off is known by the 記録日時 it begins with.
    """
    columns = list(log.columns)
    missing = [title for title in columns if title not in titles and title not in log.optional]
    unknown = [title for title in titles if title not in columns]
    doubled = [title for title, count in Counter(titles).items() if count > 1]
    wanted = "1行目を次のとおりにしてください"
    separator = next((each for each in SEPARATORS if each in "".join(header)), "")
    if separator and {fold(title) for title in "".join(header).split(separator)} & set(columns):
        message = f"区切りがコンマではなく、{SEPARATORS[separator]}です。"
        hint = "区切りを半角のコンマにし、「CSV UTF-8（コンマ区切り）」で保存し直してください。"
        raise JusouError(message, hint, line=1)
    if not set(titles) & set(columns):
        message = f"1行目{quote(','.join(header).strip())}は見出しではありません。"
        wanted = "jusou の CSV かどうかを確かめてください。1行目は次のとおりです"
    elif missing:
        message = f"見出しに {'、'.join(missing)} がありません。"
    elif any(unknown):
        message = f"見出しに知らない列{quote(next(filter(None, unknown)))}があります。"
    elif doubled:
        message = f"見出しに {doubled[0]} が2つあります。"
    elif unknown:
        message = "見出しに空の列があります。"
    elif titles[0] != columns[0]:
        message = f"最初の列が {columns[0]} ではありません。"
    else:
        return
    raise JusouError(message, f"{wanted}: {','.join(columns)}", line=1)


def _decode_line(line: bytes, encoding: str, number: int) -> str:
    if len(line) > MAX_LINE:
        hint = "行の終わりの改行がなくなっていないか確かめてください。"
        raise JusouError("1行が長すぎます（1MB を超えています）。", hint, line=number)
    if b"\0" in line:
        message = "文字ではないデータ（NUL）があります。"
        raise JusouError(message, "控えから戻してください。", line=number)
    if line.startswith(_CONFLICT):
        hint = (
            "2つの版の食い違いが残っています。両方の行を確かめ、"
            "「<<<<<<<」「=======」「>>>>>>>」の行を消してください。"
        )
        raise JusouError("競合の印が残っています。", hint, line=number)
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        message = "文字として読めないデータがあります。"
        raise JusouError(message, _EXCEL_HINT, line=number) from None


def _rows(content: bytes, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row behind the headings with its first line. Raises JusouError."""
    reader = csv.reader(_lines(content, encoding.removesuffix("-sig")), strict=True)
    start = 1
    try:
        next(reader)
        start = reader.line_num + 1
        for cells in reader:
            line, start = start, reader.line_num + 1
            yield line, cells
    except csv.Error as error:
        raise _csv_error(error, start) from error


def _lines(content: bytes, encoding: str) -> Iterator[str]:
    """Return the lines of a log one by one. Raises JusouError at the first that cannot be read."""
    # The text of a long log takes four times its bytes: it is not kept beside its rows.
    file = io.BytesIO(content)
    is_sound = _can_decode(content, encoding) and not any(map(content.__contains__, _ODD))
    if is_sound and max(map(len, io.BytesIO(content))) <= MAX_LINE:
        return map(str, file, repeat(encoding))  # a third of what it takes to look at each
    return map(_decode_line, file, repeat(encoding), count(1))


def _csv_error(error: csv.Error, line: int) -> JusouError:
    text = str(error)
    if _is_unclosed(error):
        message, hint = (
            '引用符（"）が閉じていません。',
            "この行の引用符を閉じるか、取ってください。",
        )
    elif "field larger" in text:
        message, hint = "1つの欄が長すぎます。", _CELL_HINT
    elif "expected after" in text:
        message = '引用符（"）の使い方が正しくありません。'
        hint = '欄の中の引用符は "" と2つ重ね、欄全体を引用符で囲んでください。'
    else:
        message, hint = "CSV として読めません。", _EXCEL_HINT
    return JusouError(message, hint, line=line)


def _is_unclosed(error: csv.Error) -> bool:
    return "unexpected end" in str(error)


def torn_offset(content: bytes, layout: Layout) -> int | None:
    """Return where a torn last row starts, or None.

    Torn is a row without a line's end that starts with a 記録日時 and stops in a character, in a
    quoted cell or before its last cell. An unclosed quote with a line's end behind it is not torn
    but an error: it may have swallowed whole rows.
    """
    if content.endswith(layout.newline):
        return None
    start, quoted = _last_row(content)
    row = content[start:]
    ended = layout.newline in row if quoted else row.endswith(b"\n")
    if start == 0 or len(row) > MAX_LINE or ended:
        return None
    decoder = codecs.getincrementaldecoder(layout.encoding)()
    try:
        cells = next(csv.reader(io.StringIO(decoder.decode(row), newline="")), []) or [""]
    except (UnicodeDecodeError, csv.Error):
        return None
    cut_character = decoder.getstate()[0]
    whole = len(cells) >= len(layout.titles) and not quoted and not cut_character
    begins = _TIMESTAMP.match if len(cells) > 1 else _PARTIAL_TIMESTAMP.fullmatch
    return None if whole or not begins(cells[0]) else start


def _last_row(content: bytes) -> tuple[int, bool]:
    """Return where the last row starts and whether it ends inside a quoted cell.

    The start is 0 when what stands before it is no CSV: reading says so itself.
    """
    offset = start = following = 0

    def lines() -> Iterator[str]:
        nonlocal offset
        for line in io.BytesIO(content):
            offset += len(line)
            yield line.decode("latin-1")  # a comma or quote is the same byte in every encoding

    try:
        for _ in csv.reader(lines(), strict=True):
            start, following = following, offset
    except csv.Error as error:
        return (following, True) if _is_unclosed(error) else (0, False)
    return start, False
