"""Appends to the CSV logs so that nothing is ever lost: one block, on the disk or not at all."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from jusou.errors import DataError, JusouError, quote
from jusou.logs.cells import plain_breaks
from jusou.storage.files import replace, translated
from jusou.storage.log_reading import Layout, LogError, read_layout, torn_offset

BOM = b"\xef\xbb\xbf"
# Not text, or refused when the log is read again: control codes, half a character, a conflict.
_UNREADABLE = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]|^(?:<<<<<<<|>>>>>>>) ", re.MULTILINE
)


def append(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> tuple[Path, ...]:
    """Add rows to the end of a log in one block and make sure they are on the disk.

    Returns the files beside it in which something was kept.

    The caller holds the workspace's lock. A new log is made with its header by atomic rename; a
    CP932 log is first converted, the old one kept as ``.bak``; a torn last row is moved to
    ``.torn``. When writing fails, the log is as it was. Raises JusouError.
    """
    texts = [[_storable(cell) for cell in row] for row in rows]
    if not path.exists():
        replace(path, BOM + _encode(columns, b"\r\n"))
    kept = []
    with translated(path, "追記"):
        with path.open("rb") as file:
            try:
                layout = read_layout(file, columns)
            except LogError as broken:
                raise DataError([broken.problem(path.name)]) from broken
            torn = torn_offset(file, layout)
        if torn is not None:
            kept.append(_set_aside(path, torn))
        if layout.encoding == "cp932":
            kept.append(_convert(path))
        _write_block(path, layout, texts)
    return tuple(kept)


def check_storable(rows: Iterable[Sequence[str]]) -> None:
    """Raise JusouError if a cell of ``rows`` could not be read again."""
    for row in rows:
        for cell in row:
            _storable(cell)


def _write_block(path: Path, layout: Layout, rows: Iterable[Sequence[str]]) -> None:
    block = b"".join(_encode_row(row[: layout.columns], layout.newline) for row in rows)
    with path.open("r+b", buffering=0) as file:
        size = file.seek(-1, os.SEEK_END) + 1
        last = file.read(1)
        if last != b"\n":
            block = layout.newline.removeprefix(last) + block
        try:
            rest = memoryview(block)
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
        except BaseException:
            file.truncate(size)
            raise


def _storable(cell: str) -> str:
    """Return a cell with plain line ends. Raises JusouError if it could not be read again."""
    text = plain_breaks(cell)
    if found := _UNREADABLE.search(text):
        hint = "その文字を消して、もう一度実行してください。"
        char = found[0]
        shown = quote(char) if len(char) > 1 else f"制御文字（U+{ord(char):04X}）"
        raise JusouError(f"{quote(cell)}の中の{shown}は記録できない文字です。", hint)
    return text


def _encode_row(row: Sequence[str], newline: bytes) -> bytes:
    """Return a row with its last text in quotes: cut off inside, it is seen to be torn."""
    *cells, last = row
    quoted = '"' + last.replace('"', '""') + '"' if last else ""
    return _encode([*cells, ""], newline).removesuffix(newline) + quoted.encode() + newline


def _encode(cells: Sequence[str], newline: bytes) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator=newline.decode()).writerow(cells)
    return buffer.getvalue().encode("utf-8")


def _set_aside(path: Path, offset: int) -> Path:
    """Move everything from ``offset`` to the ``.torn`` file beside the log, then cut it off."""
    kept = path.with_name(f"{path.name}.torn")
    with path.open("r+b") as file, kept.open("ab") as torn:
        file.seek(offset)
        torn.write(file.read() + b"\r\n")
        torn.flush()
        os.fsync(torn.fileno())
        file.truncate(offset)
        file.flush()
        os.fsync(file.fileno())
    return kept


def _convert(path: Path) -> Path:
    """Rewrite a CP932 log as UTF-8 with BOM, its text unchanged; keep the old one beside it."""
    content = path.read_bytes()
    kept = _free_name(path)
    with kept.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    replace(path, BOM + content.decode("cp932").encode("utf-8"))
    return kept


def _free_name(path: Path) -> Path:
    names: Iterator[Path] = (
        path.with_name(f"{path.name}.bak{number or ''}") for number in range(1000)
    )
    for name in names:
        if not name.exists():
            return name
    raise JusouError(f"{path.name}.bak が多すぎます。", "要らない控えを移してください。")
