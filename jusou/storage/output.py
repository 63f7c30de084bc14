"""Writes what the tool makes: built apart, then put in place file by file; others' files stay."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path

from jusou.errors import JusouError
from jusou.storage.files import translated


def write_files(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Put ``files`` (name, with ``/`` for a subfolder, to content) into ``folder``.

    All is first written to a temporary folder inside it (the same disk, the same rights), and what
    would stand in the way is named before anything is replaced: a failure or an interruption so
    far leaves what was there whole. Then each file is replaced atomically, in the order given.
    Raises JusouError.
    """
    targets = {name: folder / name for name in files}
    apart = folder / f".{os.urandom(4).hex()}.tmp"
    try:
        with translated(folder, "書き込み"):
            for name, content in files.items():
                path = apart / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        for target in targets.values():
            _check_replaceable(target)
        for parent in dict.fromkeys(target.parent for target in targets.values()):
            _make_writable(parent)
        with _not_interrupted():
            for name, target in targets.items():
                with translated(target, "書き込み"):
                    (apart / name).replace(target)
    finally:
        shutil.rmtree(apart, ignore_errors=True)
    return list(targets.values())


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
    if path.is_dir():
        raise JusouError(
            f"{path}: 同じ名前のフォルダーがあるため、書き込めません。",
            "名前を変えるか、移してください。",
        )
    if path.exists():
        with translated(path, "書き換え"), path.open("r+b"):
            pass


@contextlib.contextmanager
def _not_interrupted() -> Iterator[None]:
    """Disregard Ctrl-C for the instant in which the old files and the new stand side by side."""
    former = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)
