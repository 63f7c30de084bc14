"""Plain file work: reading, atomic replacing, and words for the OS's errors."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from jusou.errors import JusouError

_TEMPORARY = re.compile(r"\..+\.[0-9a-f]{8}\.tmp")  # as ``replace`` names it
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextlib.contextmanager
def translated(path: Path, action: str) -> Iterator[None]:
    """Turn an OSError on ``path`` into a JusouError that says what to do.

    The same where the system takes no Japanese names: the C locale, with Python's UTF-8 mode off.
    """
    try:
        yield
    except (OSError, UnicodeEncodeError) as error:
        raise JusouError(f"{path}: {action}できませんでした。", _remedy(error)) from error


def _remedy(error: OSError | UnicodeEncodeError) -> str:
    if isinstance(error, UnicodeEncodeError):
        return "この端末では、日本語の名前を使えません。環境変数 PYTHONUTF8 を 1 にしてください。"
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
    if error.errno == errno.ELOOP:
        return "リンクが、たどると元に戻っています。リンクを作り直すか、削除してください。"
    if error.errno == errno.ENAMETOOLONG:
        return "名前が長すぎます。短い名前にしてください。"
    if error.errno in _FULL:
        return "ディスクの空きがありません。空きを作ってから、もう一度実行してください。"
    return f"場所と名前を確かめてください（エラー番号 {error.errno}）。"


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes. Raises JusouError when it cannot be read."""
    with translated(path, "読み込み"):
        refuse_pipe(path)
        return path.read_bytes()


def refuse_pipe(path: Path) -> None:
    """Raise JusouError for a pipe, a device, a socket: to open one is to wait for its other end."""
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):  # who opens a folder is told so at once
        hint = "名前付きパイプなどです。ふつうのファイルに置き換えるか、別の場所に移してください。"
        raise JusouError(f"{path}: ふつうのファイルではないため、使えません。", hint)


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
    """Write a file anew, whole or not at all: temporary file beside it, fsync, atomic rename.

    Mode and owner stay those of the file, and a link to it stays a link.
    """
    with translated(path, "書き込み"):
        target = Path(os.path.realpath(path))
        temporary = target.with_name(f".{target.name}.{os.urandom(4).hex()}.tmp")
        try:
            write_like(target, temporary, content)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)


def remove_temporary_files(folder: Path) -> None:
    """Remove what a process that died left of a file. To be called under the lock only."""
    for path in folder.glob(".*.tmp"):
        if _TEMPORARY.fullmatch(path.name):
            with contextlib.suppress(OSError):
                path.unlink()


def write_like(model: Path, path: Path, content: bytes) -> None:
    """Write a new file with the mode of another and, where that is allowed, its owner."""
    state = model.stat()
    path.touch(0o600, exist_ok=False)
    with path.open("r+b", buffering=0) as file:
        write_all(file, content)
        sync(file)
    if sys.platform != "win32":
        for owner in (state.st_uid, -1):  # only root gives a file away, but a group may be shared
            with contextlib.suppress(PermissionError):
                os.chown(path, owner, state.st_gid)
                break
    path.chmod(stat.S_IMODE(state.st_mode))
