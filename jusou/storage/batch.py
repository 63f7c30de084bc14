"""Appends to several logs at once: what can be known to fail fails before the first row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jusou.logs.dataset import Dataset
from jusou.logs.schema import ACTUAL_COLUMNS, IMPORT_COLUMNS, NOTE_COLUMNS
from jusou.storage.files import translated
from jusou.storage.imports import IMPORTS_PATH
from jusou.storage.log import append, check_storable
from jusou.storage.workspace import Appended, Workspace
from jusou.values.fiscal_year import FiscalYear

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows to append at once: figures and notes by year, and the record of their files."""

    actuals: Mapping[FiscalYear, Rows] = field(default_factory=dict)
    notes: Mapping[FiscalYear, Rows] = field(default_factory=dict)
    imports: Rows = ()

    def blocks(self, root: Path) -> Iterator[tuple[Path, Sequence[str], Rows]]:
        """Yield log, columns and rows in the order of writing: the record of the files last."""
        for folder, columns, years in (
            ("actuals", ACTUAL_COLUMNS, self.actuals),
            ("reviews", NOTE_COLUMNS, self.notes),
        ):
            for year, rows in sorted(years.items()):
                yield root / "data" / folder / f"{year}.csv", columns, rows
        yield root / IMPORTS_PATH, IMPORT_COLUMNS, self.imports


def append_batch(workspace: Workspace, compose: Callable[[Dataset], Batch]) -> Appended:
    """Append what ``compose`` makes of what stands, under the lock.

    After an interruption, the same import finds what is there already and adds the rest, and only
    then the record of its files.
    """
    with workspace.lock():
        batch = compose(workspace.load())
        blocks = [block for block in batch.blocks(workspace.root) if block[2]]
        for path, _, rows in blocks:
            check_storable(rows)
            _check_writable(path)
        kept = [each for block in blocks for each in append(*block)]
    return Appended(bool(blocks), tuple(kept))


def _check_writable(path: Path) -> None:
    """Raise JusouError if a log cannot be opened for writing: Excel locks what it shows."""
    if path.exists():
        with translated(path, "追記"), path.open("r+b"):
            pass
