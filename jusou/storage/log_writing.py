"""Turns rows into blocks at the ends of the CSV logs: encoded as the log is, readable again."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from jusou.errors import DataError, JusouError, Problem
from jusou.logs.schema import Log
from jusou.storage.files import read_bytes, replace, translated, write_like
from jusou.storage.journal import Entry, append_all, set_aside
from jusou.storage.log_reading import (
    MAX_CELL,
    MAX_LINE,
    Layout,
    read_layout,
    read_log,
    torn_offset,
)
from jusou.values.text import plain_breaks, quote, unkeepable

BOM = b"\xef\xbb\xbf"
Cells = Mapping[str, str]


def append(folder: Path, blocks: Mapping[str, tuple[Log, Sequence[Cells]]]) -> list[Path]:
    """Add rows, each its cells by heading, to the logs of a folder, onto the disk, all or none.

    Returns the files in which something was kept to make room. The caller holds the workspace's
    lock. A CP932 log is first converted, and one without a column that a row needs gets all
    headings it lacks, the old file kept as ``.bak``; a torn last row is moved to ``.torn``: this
    changes no row. Raises JusouError.
    """
    for name in blocks:
        _check_writable(folder / name)
    kept: list[Path] = []
    append_all(folder, [_prepare(folder, name, *each, kept) for name, each in blocks.items()])
    return kept


def _prepare(folder: Path, name: str, log: Log, rows: Sequence[Cells], kept: list[Path]) -> Entry:
    """Return the block to append to a log that is ready for it; a new one begins with headings."""
    path = folder / name
    if not path.exists():
        with translated(path, "書き込み"):
            path.parent.mkdir(exist_ok=True)
        layout = Layout("utf-8-sig", b"\r\n", tuple(log.columns))
        headings = BOM + _encode(layout.titles, layout.newline)
        return Entry(name, 0, headings + _encode_rows(layout, rows))
    content = read_bytes(path)
    try:
        layout = read_layout(content, log)
    except JusouError as broken:
        raise DataError([broken.problem._replace(path=path.name)]) from broken
    with translated(path, "追記"):
        torn = torn_offset(content, layout)
        if torn is not None:
            kept.append(set_aside(path, content, torn))
            content = content[:torn]
        lacking = [title for title in log.columns if title not in (*layout.titles, log.unread)]
        if not any(row[title] for row in rows for title in lacking):
            lacking = []
        end = b"" if content.endswith(b"\n") else layout.newline.removeprefix(content[-1:])
        if layout.encoding == "cp932" or lacking:
            layout = Layout("utf-8-sig", layout.newline, (*layout.titles, *lacking))
            kept.append(_rewrite(path, content, end, layout if lacking else None))
            content, end = read_bytes(path), b""
    return Entry(name, len(content), end + _encode_rows(layout, rows))


def read_back(log: Log, row: Cells, subject: str) -> Sequence[str]:
    """Return the cells of a row as they will be read once it is written, in the log's order.

    Raises JusouError, with the name of the ``subject``, for a row that the log could not hold.
    """
    texts = {title: plain_breaks(cell) for title, cell in row.items()}
    for title, cell in texts.items():
        if char := unkeepable(cell):
            shown = quote(char) if len(char) > 1 else f"制御文字（U+{ord(char):04X}）"
            message = f"{quote(cell)}の中の{shown}は記録できない文字です。"
            raise JusouError(message, "その文字を消して、もう一度実行してください。")
        if len(cell) > MAX_CELL:
            message = f"{subject} の{title}が{len(cell):,}字あります（{MAX_CELL:,}字まで）。"
            raise JusouError(message, "短くして、もう一度実行してください。")
    layout = Layout("utf-8", b"\r\n", tuple(log.columns))
    content = _encode_rows(layout, [texts])
    if len(content) > MAX_LINE:
        title = max(texts, key=lambda each: len(texts[each]))
        message = (
            f"{subject} の1件の記録が{len(content):,}バイトになります（{MAX_LINE:,}バイトまで）。"
        )
        longest = f"{title}（{len(texts[title]):,}字）"
        hint = f"いちばん長い{longest}を短くするか、分けて記録してください。"
        raise JusouError(message, hint)
    problems: list[Problem] = []
    headings = _encode(layout.titles, layout.newline)
    for _, cells in read_log(headings + content, log, "", problems):
        return cells
    raise DataError(problems)


def _check_writable(path: Path) -> None:
    """Raise JusouError if a log is there and cannot be written to: Excel locks what it shows."""
    if path.exists():
        with translated(path, "追記"), path.open("r+b"):
            pass


def _encode_rows(layout: Layout, rows: Sequence[Cells]) -> bytes:
    lines = ([plain_breaks(row[title]) for title in layout.titles] for row in rows)
    return b"".join(_encode_row(line, layout.newline) for line in lines)


def _encode_row(row: Sequence[str], newline: bytes) -> bytes:
    """Return a row with its last text in quotes: cut off inside, it is seen to be torn."""
    *cells, last = row
    quoted = '"' + last.replace('"', '""') + '"' if last else ""
    return _encode([*cells, ""], newline).removesuffix(newline) + quoted.encode() + newline


def _encode(cells: Sequence[str], newline: bytes) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator=newline.decode()).writerow(cells)
    return buffer.getvalue().encode("utf-8")


def _rewrite(path: Path, content: bytes, end: bytes, with_headings: Layout | None) -> Path:
    """Rewrite a log as UTF-8 with BOM, maybe with more headings; keep the old one beside it.

    Whatever follows the headings stays the text it was, but for the ``end`` that its last row may
    lack: under more headings it would look as if it had been cut off.
    """
    kept = _free_name(path)
    try:
        write_like(path, kept, content)
    except BaseException:
        kept.unlink(missing_ok=True)
        raise
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp932")
    body = text.encode("utf-8") + end
    if with_headings:
        _, _, rows = body.partition(b"\n")
        body = _encode(with_headings.titles, with_headings.newline) + rows
    replace(path, BOM + body)
    return kept


def _free_name(path: Path) -> Path:
    for number in range(1000):
        name = path.with_name(f"{path.name}.bak{number or ''}")
        if not name.exists():
            return name
    raise JusouError(f"{path.name}.bak が多すぎます。", "要らない控えを移してください。")
