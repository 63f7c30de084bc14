"""The workspace: finds the folder that holds ``data/``, loads it whole, appends to its logs."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path

from jusou.errors import DataError, JusouError, Problem, Severity
from jusou.logs.dataset import Dataset, check_revisions, fold_notes
from jusou.logs.rows import RowReader
from jusou.logs.schema import (
    ACTUAL_COLUMNS,
    NOTE_COLUMNS,
    REVISION_COLUMNS,
    Actual,
    ReviewNote,
    Revision,
    Slots,
)
from jusou.plan.model import Plan
from jusou.storage.files import translated
from jusou.storage.log import append
from jusou.storage.log_reading import read_log
from jusou.storage.plan_file import load_plan
from jusou.values.fiscal_year import FiscalYear

PLAN_PATH = "data/targets.yaml"
REVISIONS_PATH = "data/revisions.csv"
LOCK_TIMEOUT = 60
LOCK_POLL = 0.01
_LOG_NAME = re.compile(r"R([1-9][0-9]?)\.csv")


@dataclass(frozen=True, slots=True)
class Appended:
    """Whether rows were written, and the files in which something was kept to make room."""

    written: bool
    kept: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder that holds ``data/targets.yaml`` and the logs beside it."""

    root: Path

    @classmethod
    def find(cls, given: Path | None, start: Path) -> Workspace:
        """Return the workspace ``given``, or the nearest one upward from ``start``.

        Raises JusouError when there is none.
        """
        for folder in [given] if given else [start, *start.parents]:
            with translated(folder, "読み込み"):
                if (folder / PLAN_PATH).exists():
                    return cls(folder)
        if given:
            hint = "data フォルダーのある作業フォルダーを指定してください。"
            raise JusouError(f"{given} に {PLAN_PATH} がありません。", hint)
        raise JusouError(
            f"このフォルダーと上のフォルダーに {PLAN_PATH} がありません。",
            "作業フォルダーの中で実行するか、jusou --workspace フォルダー … と指定してください。",
        )

    def load(self) -> Dataset:
        """Return the data, with the warnings of its rows. Raises DataError with all problems."""
        plan = self.load_plan()
        problems: list[Problem] = []
        actuals = {}
        for year, rows in self._actual_logs(plan, problems):
            slots = Slots()
            for row in rows:
                slots.add(row)
            actuals.update({(year, key): stood for key, stood in slots.standing().items()})
        notes = fold_notes(self.note_rows(plan, problems), problems)
        revisions = check_revisions(plan, self.revision_rows(plan, problems), problems)
        if any(problem.severity is Severity.ERROR for problem in problems):
            raise DataError(problems)
        return Dataset(plan, actuals, notes, revisions, tuple(problems))

    def load_plan(self) -> Plan:
        """Return the plan alone."""
        return load_plan(self.root / PLAN_PATH, PLAN_PATH)

    def actual_rows(self, plan: Plan, problems: list[Problem]) -> Iterator[Actual]:
        """Yield every row of every actuals log, in the order of years and rows."""
        for _, rows in self._actual_logs(plan, problems):
            yield from rows

    def _actual_logs(
        self, plan: Plan, problems: list[Problem]
    ) -> Iterator[tuple[FiscalYear, Iterator[Actual]]]:
        for year, shown in self._logs("actuals", plan.log_years, problems):
            reader = RowReader(plan, shown, problems, year)
            log = read_log(self.root / shown, shown, ACTUAL_COLUMNS, problems)
            yield year, filter(None, starmap(reader.actual, log))

    def note_rows(self, plan: Plan, problems: list[Problem]) -> Iterator[ReviewNote]:
        """Yield every row of every review log, in the order of years and rows."""
        for year, shown in self._logs("reviews", plan.years, problems):
            reader = RowReader(plan, shown, problems, year)
            log = read_log(self.root / shown, shown, NOTE_COLUMNS, problems)
            yield from filter(None, starmap(reader.note, log))

    def revision_rows(self, plan: Plan, problems: list[Problem]) -> Iterator[Revision]:
        """Yield every change of a target, in the order of the log."""
        path = self.root / REVISIONS_PATH
        if not path.exists():
            return
        reader = RowReader(plan, REVISIONS_PATH, problems)
        log = read_log(path, REVISIONS_PATH, REVISION_COLUMNS, problems)
        yield from filter(None, starmap(reader.revision, log))

    def _logs(
        self, folder: str, years: Sequence[FiscalYear], problems: list[Problem]
    ) -> list[tuple[FiscalYear, str]]:
        """Return the logs of a folder in the order of years; a stray CSV file is a problem."""
        found = []
        path = self.root / "data" / folder
        with translated(path, "読み込み"):
            names = sorted(each.name for each in path.iterdir()) if path.exists() else []
        for name in names:
            shown = f"data/{folder}/{name}"
            if not name.lower().endswith(".csv") or name.startswith(("~$", ".")):
                continue
            match = _LOG_NAME.fullmatch(name)
            if match is None:
                hint = (
                    "ここに置けるのは R9.csv のような名前だけです。"
                    "行を移すか、別の場所に移してください。"
                )
                problems.append(_stray(shown, "この名前のファイルは読み込まれません。", hint))
            elif (year := FiscalYear(int(match[1]))) not in years:
                hint = f"使える年度は {years[0]} から {years[-1]} までです。"
                problems.append(_stray(shown, f"{year} は計画の年度ではありません。", hint))
            else:
                found.append((year, shown))
        return sorted(found)

    def digests(self) -> dict[str, str]:
        """Return the sha256 of every input file, by its path in the workspace."""
        import hashlib

        paths = [self.root / PLAN_PATH, self.root / REVISIONS_PATH]
        for folder in ("actuals", "reviews"):
            paths += sorted((self.root / "data" / folder).glob("R*.csv"))
        digests = {}
        for path in paths:
            if path.exists():
                with translated(path, "読み込み"), path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
                digests[path.relative_to(self.root).as_posix()] = digest
        return digests

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the workspace for writing. Raises JusouError when another process keeps it."""
        from filelock import FileLock, Timeout

        path = self.root / "data" / ".lock"
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

    def append_actuals(
        self, year: FiscalYear, compose: Callable[[Dataset], Iterable[Sequence[str]]]
    ) -> Appended:
        """Append the rows that ``compose`` makes of what stands, under the lock.

        Nothing is appended when what stands has an error.
        """
        with self.lock():
            rows = list(compose(self.load()))
            kept = append(self.actuals_path(year), ACTUAL_COLUMNS, rows) if rows else ()
        return Appended(bool(rows), kept)

    def actuals_path(self, year: FiscalYear) -> Path:
        """Where the actuals of a year are kept."""
        return self.root / "data" / "actuals" / f"{year}.csv"


def _stray(shown: str, message: str, hint: str) -> Problem:
    return Problem(Severity.ERROR, shown, None, None, message, hint)
