"""What came in from the departments: the log of imports, and writing an import whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from jusou.data import Data
from jusou.errors import DataError, Problem, Severity, quote
from jusou.fiscal_year import FiscalYear
from jusou.records import ACTUAL_COLUMNS, IMPORT_COLUMNS, NOTE_COLUMNS, Import
from jusou.storage.log import append
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

    @property
    def is_empty(self) -> bool:
        return not (any(self.actuals.values()) or any(self.notes.values()) or self.imports)


def append_batch(workspace: Workspace, compose: Callable[[Data, Sequence[Import]], Batch]) -> bool:
    """Append what ``compose`` makes of what stands, under the lock; tell whether anything was.

    Figures come first and the record of the files last: after an interruption, the same import
    finds what is there already and adds the rest.
    """
    with workspace.lock():
        batch = compose(workspace.load(), read_imports(workspace))
        for year, rows in batch.actuals.items():
            if rows:
                append(workspace.actuals_path(year), ACTUAL_COLUMNS, rows)
        for year, rows in batch.notes.items():
            if rows:
                path = workspace.root / "data" / "reviews" / f"{year}.csv"
                append(path, NOTE_COLUMNS, rows)
        if batch.imports:
            append(workspace.root / IMPORTS_PATH, IMPORT_COLUMNS, batch.imports)
    return not batch.is_empty


def read_imports(workspace: Workspace) -> tuple[Import, ...]:
    """Return the log of imports, oldest first. Raises DataError."""
    path = workspace.root / IMPORTS_PATH
    if not path.exists():
        return ()
    problems: list[Problem] = []
    found = []
    for line, cells in read_log(path, IMPORTS_PATH, IMPORT_COLUMNS, problems):
        recorded_at, year, reporter, kind, edition, name, digest, filled_by, recorded_by = cells[:9]
        try:
            parsed = FiscalYear.parse(year)
        except ValueError:
            message = f"年度{quote(year)}は読めません。"
            hint = "R9 のように直してください。"
            problems.append(Problem(Severity.ERROR, IMPORTS_PATH, line, "年度", message, hint))
            continue
        found.append(
            Import(
                parsed, reporter, kind, edition, name, digest, filled_by, recorded_at, recorded_by
            )
        )
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise DataError(problems)
    return tuple(found)
