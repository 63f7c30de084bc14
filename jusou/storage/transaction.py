"""Appends rows to the logs of a workspace, all that belong together at once, under its lock."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from jusou.errors import JusouError
from jusou.logs.dataset import Dataset
from jusou.logs.rows import RowReader
from jusou.logs.schema import LOGS, Actual, Import, Log, ReviewNote, Revision, Row, Stamp
from jusou.storage.files import remove_temporary_files, translated
from jusou.storage.journal import read_journal, take_back
from jusou.storage.loading import DATA, LOG_FOLDERS, load
from jusou.storage.log_writing import Cells, append, read_back

LOCK_TIMEOUT = 60  # seconds
LOCK_NOTICE = 2
LOCK_POLL = 0.01


class Transaction:
    """Rows to append to what stands; they are written, or none of them, when the block is left.

    ``dataset`` is what stands under the lock, without the rows appended here; ``stamp`` is what
    they are recorded with. Afterwards ``written`` tells whether there was anything to write, and
    ``kept`` are the files in which something was put aside to make room.
    """

    def __init__(self, root: Path, dataset: Dataset, stamp: Stamp) -> None:
        self.dataset = dataset
        self.stamp = stamp
        self.kept: list[Path] = []
        self.written = False
        self._root = root
        self._reader = RowReader(dataset.plan)
        self._blocks: dict[str, tuple[Log, list[Cells]]] = {}

    def append(self, row: Row) -> None:
        """Let a row be written when the block is left, with who records it and when.

        Raises JusouError for one that could not be read again, as a log that holds it would be
        refused from then on.
        """
        row = row._replace(**self.stamp._asdict())
        log = LOGS[type(row)]
        cells = log.encode(row, self.dataset.plan)
        found = log.decode(read_back(log, cells, getattr(row, log.subject)))
        match row:
            case Actual():
                self._reader.actual(row.year, found)
            case ReviewNote():
                self._reader.note(row.year, found)
            case Revision():
                self._reader.revision(found)
            case Import():
                self._reader.imported(found)
        self._blocks.setdefault(log.path.format(row), (log, []))[1].append(cells)

    def commit(self) -> None:
        """Write one block a log, all or none. Raises JusouError."""
        if self._blocks:
            self.kept += append(self._root / DATA, self._blocks)
            self.written = True


@contextlib.contextmanager
def transaction(
    root: Path,
    recorded_at: str,
    recorded_by: str,
    *,
    imports: bool,
    lock: contextlib.AbstractContextManager[None] | None,
) -> Iterator[Transaction]:
    """Hold the workspace for writing, with what stands in it. Raises JusouError.

    Nothing is written where the data have an error, or the block is left by an exception. Without
    a ``lock`` it is a dry run: nothing is held, tidied or written.
    """
    with lock or contextlib.nullcontext():
        kept = _settle(root / DATA) if lock else []
        stamp = Stamp(recorded_at, recorded_by)
        opened = Transaction(root, load(root, imports=imports), stamp)
        opened.kept += kept
        yield opened
        if lock:
            opened.commit()


def _settle(data: Path) -> list[Path]:
    """Tidy up after a writer that died; return the files that this has made or left to people."""
    for folder in ("", *LOG_FOLDERS):
        remove_temporary_files(data / folder)
    entries = read_journal(data)
    return take_back(data, entries) if entries else []


@contextlib.contextmanager
def hold(root: Path, on_wait: Callable[[str], None] | None) -> Iterator[None]:
    """Hold the lock of a workspace; tell ``on_wait`` if another writer takes its time.

    Raises JusouError when it takes too long.
    """
    from filelock import FileLock, Timeout

    path = root / DATA / ".lock"
    lock = FileLock(path)
    with translated(path, "書き込みの準備が"):
        try:
            lock.acquire(timeout=min(LOCK_NOTICE, LOCK_TIMEOUT), poll_interval=LOCK_POLL)
        except Timeout:
            if on_wait:
                on_wait(f"ほかの jusou の書き込みを待っています（{_held_since(path)}から）…")
            try:
                lock.acquire(timeout=LOCK_TIMEOUT, poll_interval=LOCK_POLL)
            except Timeout as error:
                raise JusouError(
                    "ほかの jusou が書き込みを続けています。",
                    "終わるのを待って、もう一度実行してください。",
                ) from error
    try:
        with contextlib.suppress(OSError):
            os.utime(path)
        yield
    finally:
        lock.release()


def _held_since(path: Path) -> str:
    """Return when the lock was taken: whoever takes it touches the file."""
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone()
    return f"{at.month}月{at.day}日{at.hour}時{at.minute:02}分"
