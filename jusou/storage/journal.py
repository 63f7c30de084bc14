"""Makes what is appended to several logs at once stand whole or not at all: the undo journal.

Before the logs are touched, ``.journal`` beside them is written: each log, its size, the block to
come. Emptying it is the commit. As long as it is not empty, nothing behind those sizes counts, and
if the writer has failed or died, the next one takes it back. It is never completed, for nobody was
told that it stands.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from jusou.errors import JusouError
from jusou.storage.files import read_bytes, refuse_pipe, sync, translated, write_all

NAME = ".journal"


class Entry(NamedTuple):
    """A block on its way to the end of a log: the log's path beside the journal, its size now.

    A log that is made by it has the size 0.
    """

    log: str
    size: int
    block: bytes

    def is_unfinished(self, content: bytes) -> bool:
        """Tell whether all that stands behind the log's former end is of this block."""
        return self.block.startswith(content[self.size :])


def append_all(folder: Path, entries: Sequence[Entry]) -> None:
    """Append every block, onto the disk, or none. The caller holds the workspace's lock.

    Raises JusouError, and whatever interrupts it; what was written then is taken back, by the next
    writer if that fails too.
    """
    try:
        with _writing(folder, entries[0]):
            _write(folder, entries)
        for entry in entries:
            with _writing(folder, entry), (folder / entry.log).open("ab", buffering=0) as file:
                write_all(file, entry.block)
                sync(file)
        with _writing(folder, entries[0]):
            _cut(folder / NAME, 0)
    except BaseException:
        try:
            _write(folder, entries)  # it may have been emptied, but not onto the disk
            take_back(folder, entries)
        except (OSError, JusouError):  # no room even for what is set aside
            with contextlib.suppress(JusouError):
                take_back(folder, entries, keep=False)
        raise


def _writing(folder: Path, entry: Entry) -> contextlib.AbstractContextManager[None]:
    return translated(folder / entry.log, "追記" if entry.size else "書き込み")


def _write(folder: Path, entries: Sequence[Entry]) -> None:
    """Overwrite the journal; never shorter than it was before it holds the entries whole."""
    blocks = [(log, size, block.decode()) for log, size, block in entries]
    text = json.dumps(blocks, ensure_ascii=False).encode()
    path = folder / NAME
    path.touch()
    with path.open("r+b", buffering=0) as file:
        write_all(file, _digest(text) + b"\n" + text)
        file.truncate()
        sync(file)


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest().encode()


def read_journal(folder: Path) -> Sequence[Entry]:
    """Return what is on its way to the logs; nothing where the journal itself is unfinished.

    No log is touched before it is whole.
    """
    path = folder / NAME
    with translated(path, "読み込み"):
        try:
            refuse_pipe(path)
            digest, _, text = path.read_bytes().partition(b"\n")
        except FileNotFoundError:
            return ()
    if digest != _digest(text):
        return ()
    return [Entry(log, size, block.encode()) for log, size, block in json.loads(text)]


def take_back(folder: Path, entries: Iterable[Entry], *, keep: bool = True) -> list[Path]:
    """Take what stands of unfinished blocks out of the logs, and empty the journal.

    It is set aside, unless it need not be kept. Returns the files with it, and the logs in which
    something else stands by now: those are left as they are. Raises JusouError.
    """
    touched = []
    for entry in entries:
        path = folder / entry.log
        with translated(path, "書き込み"):
            if not path.exists():
                continue
            content = path.read_bytes()
            if not entry.is_unfinished(content):
                touched.append(path)
            elif len(content) > entry.size:
                if keep:
                    touched.append(set_aside(path, content, entry.size))
                else:
                    _cut(path, entry.size)
            if entry.size == 0 and path.stat().st_size == 0:
                path.unlink()
    with translated(folder / NAME, "書き込み"):
        _cut(folder / NAME, 0)
    return touched


def set_aside(path: Path, content: bytes, size: int) -> Path:
    """Move what stands behind ``size`` in a log to the ``.torn`` file beside it; return that."""
    aside = path.with_name(f"{path.name}.torn")
    if aside.exists():
        refuse_pipe(aside)
    with aside.open("ab", buffering=0) as file:
        before = file.tell()
        try:
            write_all(file, content[size:].removesuffix(b"\r\n") + b"\r\n")
            sync(file)
        except BaseException:
            file.truncate(before)
            raise
    _cut(path, size)
    return aside


def _cut(path: Path, size: int) -> None:
    with path.open("r+b", buffering=0) as file:
        file.truncate(size)
        sync(file)


def read_logs(
    folder: Path, names: Callable[[], Iterable[str]]
) -> tuple[Mapping[str, bytes], Sequence[str]]:
    """Return the logs that ``names`` lists, by name, as they stood at one instant, without a lock.

    A log counts up to its former size while a block is on its way to it. Also returned are those
    in which something else stands behind it: a writer died, and somebody edited the log since.
    Raises JusouError.
    """
    while True:
        before = _states(folder, names())
        try:
            found = {name: read_bytes(folder / name) for name in before}
        except JusouError as error:
            if isinstance(error.__cause__, FileNotFoundError):  # a new log was taken back
                continue
            raise
        entries = read_journal(folder)
        if _states(folder, names()) == before:
            break
    edited = []
    for entry in entries:
        content = found.get(entry.log)
        if content is None:
            continue
        if not entry.is_unfinished(content):
            edited.append(entry.log)
        elif entry.size:
            found[entry.log] = content[: entry.size]
        else:
            del found[entry.log]
    return found, edited


def _states(folder: Path, names: Iterable[str]) -> dict[str, tuple[int, int, int]]:
    """Return what changes whenever a log does, for each that is there."""
    found = {}
    for name in names:
        path = folder / name
        with translated(path, "読み込み"):
            try:
                state = path.stat()
            except FileNotFoundError:
                if path.is_symlink():
                    raise
                continue
        if not stat.S_ISDIR(state.st_mode):
            found[name] = (state.st_ino, state.st_size, state.st_mtime_ns)
    return found
