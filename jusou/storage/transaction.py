"""Appends rows to the logs of a workspace, all that belong together at once, under its lock."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from jusou.errors import JusouError
from jusou.logs.dataset import Dataset
from jusou.logs.schema import (
    ACTUALS,
    IMPORTS,
    NOTES,
    REVISIONS,
    Actual,
    Import,
    Log,
    ReviewNote,
    Revision,
    Row,
)
from jusou.storage.files import translated
from jusou.storage.loading import IMPORTS_PATH, REVISIONS_PATH, load
from jusou.storage.log_writing import Cells, append, check_appendable

LOCK_TIMEOUT = 60
LOCK_POLL = 0.01


class Transaction:
    """Rows to append to what stands; they are written, or none of them, when the block is left.

    ``dataset`` is what stands under the lock, without the rows appended here. Afterwards
    ``written`` tells whether there was anything to write, and ``kept`` are the files in which
    something was put aside to make room.
    """

    def __init__(self, root: Path, dataset: Dataset, recorded_at: str, recorded_by: str) -> None:
        self.dataset = dataset
        self.kept: list[Path] = []
        self.written = False
        self._root = root
        self._at, self._by = recorded_at, recorded_by
        self._rows: list[Row] = []

    def append(self, row: Row) -> None:
        """Let a row be written when the block is left, with who records it and when."""
        self._rows.append(row._replace(recorded_at=self._at, recorded_by=self._by))

    def commit(self) -> None:
        """Write one block a log; what can be known to fail fails before the first.

        The record of imports comes last: after an interruption, the same import finds what is
        there already and adds the rest. Raises JusouError.
        """
        plan = self.dataset.plan
        blocks: list[tuple[Path, Log, list[Cells]]] = []
        for kind, (pattern, log) in _LOGS.items():
            files: dict[str, list[Cells]] = {}
            for row in self._rows:
                if isinstance(row, kind):
                    files.setdefault(pattern.format(row), []).append(log.encode(row, plan))
            blocks += [(self._root / shown, log, cells) for shown, cells in files.items()]
        for path, _, cells in blocks:
            check_appendable(path, cells)
        for path, log, cells in blocks:
            self.kept += append(path, log, cells)
        self.written = bool(blocks)


# Where each kind of row is kept, in the order of writing.
_LOGS: Mapping[type[Row], tuple[str, Log]] = {
    Actual: ("data/actuals/{0.year}.csv", ACTUALS),
    ReviewNote: ("data/reviews/{0.year}.csv", NOTES),
    Revision: (REVISIONS_PATH, REVISIONS),
    Import: (IMPORTS_PATH, IMPORTS),
}


@contextlib.contextmanager
def transaction(
    root: Path, recorded_at: str, recorded_by: str, *, imports: bool, dry_run: bool
) -> Iterator[Transaction]:
    """Hold the workspace for writing, with what stands in it. Raises JusouError.

    Nothing is written where the data have an error, or the block is left by an exception; a dry
    run holds nothing either.
    """
    with contextlib.nullcontext() if dry_run else _lock(root):
        opened = Transaction(root, load(root, imports=imports), recorded_at, recorded_by)
        yield opened
        if not dry_run:
            opened.commit()


@contextlib.contextmanager
def _lock(root: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    path = root / "data" / ".lock"
    lock = FileLock(path)
    with translated(path, "書き込みの準備が"):
        try:
            lock.acquire(timeout=LOCK_TIMEOUT, poll_interval=LOCK_POLL)
        except Timeout as error:
            raise JusouError(
                "ほかの jusou が書き込みを続けています。",
                "終わるのを待って、もう一度実行してください。",
            ) from error
    try:
        yield
    finally:
        lock.release()
