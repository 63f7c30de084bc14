"""Plain file work: reading, atomic replacing, and words for the OS's errors."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from jusou.errors import JusouError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextlib.contextmanager
def translated(path: Path, action: str) -> Iterator[None]:
    """Turn an OSError on ``path`` into a JusouError that says what to do."""
    try:
        yield
    except OSError as error:
        raise JusouError(f"{path}: {action}できませんでした。", _remedy(error)) from error


def _remedy(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "ファイルまたはフォルダーがありません。場所と名前を確かめてください。"
    if isinstance(error, IsADirectoryError):
        return "同じ名前のフォルダーがあります。名前を変えるか、移してください。"
    if isinstance(error, NotADirectoryError | FileExistsError):
        return (
            "フォルダーを置く場所に、同じ名前のファイルがあります。名前を変えるか、移してください。"
        )
    if isinstance(error, PermissionError):
        return (
            "ほかのソフト（Excel など）で開いている場合は閉じてから、もう一度実行してください。"
            "開いていない場合は、読み書きの権限を確かめてください。"
        )
    if error.errno == errno.ENAMETOOLONG:
        return "名前が長すぎます。短い名前にしてください。"
    if error.errno in _FULL:
        return "ディスクの空きがありません。空きを作ってから、もう一度実行してください。"
    return f"場所と名前を確かめてください（エラー番号 {error.errno}）。"


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes. Raises JusouError when it cannot be read."""
    with translated(path, "読み込み"):
        return path.read_bytes()


def write_all(file: BinaryIO, content: bytes) -> None:
    """Write to an unbuffered file, which may take less at a time than it is given."""
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]


def sync(file: BinaryIO) -> None:
    """Make sure that what was written to a file is on the disk."""
    file.flush()
    os.fsync(file.fileno())


def replace(path: Path, content: bytes) -> None:
    """Write a file whole, or not at all: temporary file beside it, fsync, atomic rename."""
    temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}.tmp")
    with translated(path, "書き込み"):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("xb") as file:
                file.write(content)
                sync(file)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
