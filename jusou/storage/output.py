"""Writes what the tool makes: built apart, then put in place together; others' files stay."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from jusou.errors import JusouError
from jusou.storage.files import translated

_APART = re.compile(r"\.[0-9a-f]{8}\.tmp")
_LOCK = ".lock"  # in the temporary folder, as the following
_NEW, _OLD = "new", "old"
_OUT = "out"  # the name of ``old`` once all old files are in it


def write_files(folder: Path, files: Mapping[str, bytes | Iterable[bytes]]) -> list[Path]:
    """Put ``files`` (name, with ``/`` for a subfolder, to content) into ``folder``.

    A content may come in pieces, for one that is larger than memory.

    All is first written to a temporary folder inside it (the same disk, the same rights), and what
    would stand in the way is named before anything is replaced: a failure or an interruption so
    far leaves what was there whole. Then the old files go, last to first, and the new ones come in
    the order given: an old file never stands beside a new one, and the last is the sign that all
    are there. Raises JusouError, with the old files back in place.
    """
    targets = {name: folder / name for name in files}
    with _apart(folder) as apart:
        with translated(folder, "書き込み"):
            for name, content in files.items():
                path = apart / _NEW / name
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("wb") as file:
                    file.writelines([content] if isinstance(content, bytes) else content)
        for target in targets.values():
            _check_replaceable(target)
        for parent in dict.fromkeys(target.parent for target in targets.values()):
            _make_writable(parent)
        with _not_interrupted():
            _exchange(targets, apart)
    return list(targets.values())


def write_new(path: Path, content: bytes) -> None:
    """Write a new file. Raises JusouError for one that is: it may be filled in."""
    with translated(path, "書き込み"):
        if path.exists():
            hint = (
                "書き込みのあるファイルを消さないように、置き換えません。別の名前にしてください。"
            )
            raise JusouError(f"{path} はすでにあります。", hint)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)


@contextlib.contextmanager
def _apart(folder: Path) -> Iterator[Path]:
    """Make a temporary folder, once what processes that died left of theirs is cleared away.

    One is locked as long as its process lives.
    """
    from filelock import FileLock, Timeout

    apart = folder / f".{os.urandom(4).hex()}.tmp"
    try:
        with translated(folder, "書き込み"):
            apart.mkdir(parents=True)
            lock = FileLock(apart / _LOCK)
            lock.acquire()
        try:
            for other in folder.glob(".*.tmp"):
                if _APART.fullmatch(other.name) and other != apart:
                    with contextlib.suppress(Timeout, OSError):
                        FileLock(other / _LOCK, timeout=0).acquire().lock.release()
                        _clear(folder, other)
            yield apart
        finally:
            lock.release()
    finally:
        with contextlib.suppress(OSError):
            _clear(folder, apart)


def _exchange(targets: dict[str, Path], apart: Path) -> None:
    """Move the old files out and the new ones in; where that fails, take the new ones out again."""
    old, out = apart / _OLD, apart / _OUT
    try:
        with translated(apart, "書き込み"):
            old.mkdir()
        for name, target in reversed(targets.items()):
            with translated(target, "書き換え"):
                (old / name).parent.mkdir(exist_ok=True)
                if target.exists():
                    target.replace(old / name)
        with translated(apart, "書き込み"):
            old.replace(out)
        for name, target in targets.items():
            with translated(target, "書き込み"):
                (apart / _NEW / name).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            if out.exists():
                for target in targets.values():
                    target.unlink(missing_ok=True)
                out.replace(old)
        raise


def _clear(folder: Path, apart: Path) -> None:
    """Remove a temporary folder; what it still holds of a pack that is not in place goes there.

    Once all old files are out, that is the new one.
    """
    missing = apart / (_NEW if (apart / _OUT).exists() else _OLD)
    for path in missing.rglob("*"):
        target = folder / path.relative_to(missing)
        if path.is_file() and not target.exists():
            path.replace(target)
    shutil.rmtree(apart)


def _make_writable(folder: Path) -> None:
    """Make a folder. Raises JusouError if it cannot be made or is read-only."""
    with translated(folder, "書き込み"):
        folder.mkdir(exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError


def _check_replaceable(path: Path) -> None:
    """Raise JusouError if a folder is in the way, or another program keeps the file open.

    The latter hinders on Windows only.
    """
    with translated(path, "書き換え"):
        if path.is_dir():
            raise JusouError(
                f"{path}: 同じ名前のフォルダーがあるため、書き込めません。",
                "名前を変えるか、移してください。",
            )
        if path.exists():
            path.open("r+b").close()


@contextlib.contextmanager
def _not_interrupted() -> Iterator[None]:
    """Disregard Ctrl-C for the instant in which files are missing."""
    former = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)
