"""What came in from the departments: the log of imports, and writing an import whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jusou.cells import CellError, read_year
from jusou.data import Data
from jusou.errors import DataError, Problem, Severity, quote
from jusou.fiscal_year import FiscalYear
from jusou.records import ACTUAL_COLUMNS, IMPORT_COLUMNS, NOTE_COLUMNS, FormKind, Import
from jusou.storage.files import translated
from jusou.storage.log import append, check_storable
from jusou.storage.log_reading import read_log
from jusou.storage.workspace import Workspace

IMPORTS_PATH = "data/imports.csv"
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


def append_batch(workspace: Workspace, compose: Callable[[Data, Sequence[Import]], Batch]) -> bool:
    """Append what ``compose`` makes of what stands, under the lock; tell whether anything was.

    What can be known to fail fails before the first row is written. After an interruption, the
    same import finds what is there already and adds the rest, and only then the record of its
    files.
    """
    with workspace.lock():
        batch = compose(workspace.load(), read_imports(workspace))
        blocks = [block for block in batch.blocks(workspace.root) if block[2]]
        for path, _, rows in blocks:
            check_storable(rows)
            _check_writable(path)
        for path, columns, rows in blocks:
            append(path, columns, rows)
    return bool(blocks)


def _check_writable(path: Path) -> None:
    """Raise JusouError if a log cannot be opened for writing: Excel locks what it shows."""
    if path.exists():
        with translated(path, "追記"), path.open("r+b"):
            pass


def read_imports(workspace: Workspace) -> tuple[Import, ...]:
    """Return the log of imports, oldest first. Raises DataError."""
    problems: list[Problem] = []
    found = tuple(import_rows(workspace, problems))
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise DataError(problems)
    return found


def import_rows(workspace: Workspace, problems: list[Problem]) -> Iterator[Import]:
    """Yield every row of the log of imports; what is wrong is added to ``problems``."""
    path = workspace.root / IMPORTS_PATH
    if not path.exists():
        return
    for line, cells in read_log(path, IMPORTS_PATH, IMPORT_COLUMNS, problems):
        try:
            yield _import(cells)
        except CellError as refused:
            problems.append(
                Problem(
                    Severity.ERROR,
                    IMPORTS_PATH,
                    line,
                    refused.column,
                    refused.message,
                    refused.hint,
                )
            )


def _import(cells: Sequence[str]) -> Import:
    recorded_at, year, reporter, kind, edition, indicators, left, file, digest = cells[:9]
    filled_by, recorded_by, remark = cells[9:12]
    if left and not left.isdecimal():
        hint = "取り込めなかったものの数です。なければ 0 としてください。"
        raise CellError("取込不可", f"取込不可{quote(left)}は数ではありません。", hint)
    return Import(
        year=read_year(year),
        reporter=reporter,
        kind=FormKind(kind) if kind in list(FormKind) else None,
        edition=edition,
        indicators=tuple(indicators.split()),
        left=int(left or 0),
        file=file,
        digest=digest,
        filled_by=filled_by,
        recorded_at=recorded_at,
        recorded_by=recorded_by,
        remark=remark,
    )
