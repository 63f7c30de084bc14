"""The log of imports: which files came in from the departments, and what of them was taken."""

from __future__ import annotations

from collections.abc import Iterator

from jusou.errors import DataError, Problem, Severity
from jusou.logs.cells import CellError
from jusou.logs.import_rows import read_received
from jusou.logs.schema import IMPORT_COLUMNS, Import
from jusou.plan.model import Plan
from jusou.storage.log_reading import read_log
from jusou.storage.workspace import Workspace

IMPORTS_PATH = "data/imports.csv"


def read_imports(workspace: Workspace, plan: Plan) -> tuple[Import, ...]:
    """Return the log of imports, oldest first. Raises DataError."""
    problems: list[Problem] = []
    found = tuple(import_rows(workspace, plan, problems))
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise DataError(problems)
    return found


def import_rows(workspace: Workspace, plan: Plan, problems: list[Problem]) -> Iterator[Import]:
    """Yield every row of the log of imports; what is wrong is added to ``problems``."""
    path = workspace.root / IMPORTS_PATH
    if not path.exists():
        return
    for line, cells in read_log(path, IMPORTS_PATH, IMPORT_COLUMNS, problems):
        try:
            yield read_received(plan, cells)
        except CellError as refused:
            place = (IMPORTS_PATH, line, refused.column)
            problems.append(Problem(Severity.ERROR, *place, refused.message, refused.hint))
