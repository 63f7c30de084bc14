"""Finds the folder that holds ``data/`` and reads it whole: every file once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from jusou.errors import JusouError, Problem, warning
from jusou.logs.dataset import Dataset, Rows, build_dataset
from jusou.logs.import_rows import read_import
from jusou.logs.rows import RowReader
from jusou.logs.schema import ACTUALS, IMPORTS, NOTES, REVISIONS, Import, Log, Revision
from jusou.plan.model import Plan
from jusou.storage.files import read_bytes, translated
from jusou.storage.journal import read_logs
from jusou.storage.log_reading import read_log
from jusou.storage.plan_file import load_plan
from jusou.values.fiscal_year import FiscalYear

DATA = "data"
PLAN_PATH = "data/targets.yaml"
REVISIONS_PATH = "data/revisions.csv"
IMPORTS_PATH = "data/imports.csv"
_LOG_NAME = re.compile(r"R([1-9][0-9]?)\.csv")
R = TypeVar("R")


def find_root(given: Path | None, start: Path) -> Path:
    """Return the workspace ``given``, or the nearest one upward from ``start``.

    Raises JusouError when there is none.
    """
    for folder in [given] if given else [start, *start.parents]:
        with translated(folder, "読み込み"):
            if (folder / PLAN_PATH).exists():
                return folder
    if given:
        hint = "data フォルダーのある作業フォルダーを指定してください。"
        raise JusouError(f"{given} に {PLAN_PATH} がありません。", hint)
    raise JusouError(
        f"このフォルダーと上のフォルダーに {PLAN_PATH} がありません。",
        "作業フォルダーの中で実行するか、jusou --workspace フォルダー … と指定してください。",
    )


def read_plan(root: Path) -> Plan:
    """Return the plan alone. Raises DataError with every mistake in it."""
    return load_plan(read_bytes(root / PLAN_PATH), PLAN_PATH)


def read_revisions(root: Path, plan: Plan) -> tuple[Revision, ...]:
    """Return the changes of targets alone; what is wrong with one is for loading all to say."""
    reading = _Reading(root, lambda: ["revisions.csv"])
    return tuple(reading.rows(REVISIONS_PATH, REVISIONS, RowReader(plan).revision))


def load(root: Path, *, imports: bool = False) -> Dataset:
    """Return all that there is, the log of imports only where it is wanted.

    Raises DataError with all problems of all files; with those of the plan alone if it has any,
    for no row can be read without it.
    """
    reading = _Reading(root, partial(_log_names, root / DATA, imports=imports))
    plan = reading.plan()
    reader = RowReader(plan)

    def read_import_row(cells: Sequence[str], _path: str, _line: int) -> Import:
        return read_import(plan, cells)

    rows = Rows(
        actuals=tuple(reading.yearly("actuals", plan.log_years, ACTUALS, reader.actual)),
        notes=tuple(reading.yearly("reviews", plan.years, NOTES, reader.note)),
        revisions=tuple(reading.rows(REVISIONS_PATH, REVISIONS, reader.revision)),
        imports=tuple(reading.rows(IMPORTS_PATH, IMPORTS, read_import_row)) if imports else (),
    )
    problems = [*reading.problems, *_set_aside(root)]
    return build_dataset(plan, rows, problems, reading.digests)


def _set_aside(root: Path) -> Iterator[Problem]:
    """Yield a warning for each file with rows that were cut off, until people have seen to it."""
    for folder in ("", "actuals", "reviews"):
        path = root / DATA / folder
        with translated(path, "読み込み"):
            found = sorted(path.glob("*.torn"))
        for each in found:
            message = "書き込みが途中で止まったか、途中までしか書かれていない行が残っています。"
            hint = (
                "中を確かめ、要る行は記録し直してください。"
                "済んだら、このファイルを削除するか、別の場所に移してください。"
            )
            yield warning(message, hint, each.relative_to(root).as_posix())


def _log_names(data: Path, *, imports: bool) -> Iterator[str]:
    """Yield the paths in ``data`` at which a log is read if it is there."""
    yield "revisions.csv"
    if imports:
        yield "imports.csv"
    for folder in ("actuals", "reviews"):
        path = data / folder
        with translated(path, "読み込み"):
            names = [each.name for each in path.iterdir()] if path.exists() else []
        yield from (f"{folder}/{name}" for name in names if _LOG_NAME.fullmatch(name))


class _Reading:
    """Reads the files of a workspace, each once; keeps their digests and what is wrong.

    The logs are read at once, those that ``names`` lists, so that all show the same moment.
    """

    def __init__(self, root: Path, names: Callable[[], Iterable[str]]) -> None:
        self.root = root
        self._logs, edited = read_logs(root / DATA, names)
        self._digests: dict[str, str] = {}
        self.problems = [
            warning(
                "書き込みが途中で止まった後に書き換えられています。",
                "終わりのほうに、重なった行や余分な行がないか確かめてください。",
                f"{DATA}/{name}",
            )
            for name in edited
        ]

    @property
    def digests(self) -> dict[str, str]:
        """The sha256 of every file read, by path: the plan, its revisions, the other logs."""
        first = (PLAN_PATH, REVISIONS_PATH)
        rest = sorted(path for path in self._digests if path not in first)
        return {path: self._digests[path] for path in (*first, *rest) if path in self._digests}

    def plan(self) -> Plan:
        """Return the plan. Raises JusouError."""
        content = read_bytes(self.root / PLAN_PATH)
        self._digests[PLAN_PATH] = hashlib.sha256(content).hexdigest()
        return load_plan(content, PLAN_PATH)

    def yearly(
        self, folder: str, years: Sequence[FiscalYear], log: Log, read: Callable[..., R]
    ) -> Iterator[R]:
        """Yield the rows of a folder's logs in the order of years; a stray CSV is a problem."""
        for year, shown in self._of_years(folder, years):
            yield from self.rows(shown, log, partial(_of_year, read, year))

    def rows(
        self, shown: str, log: Log, read: Callable[[Sequence[str], str, int], R]
    ) -> Iterator[R]:
        """Yield the rows of a log, if it is there, that break no rule."""
        content = self._logs.get(shown.removeprefix(f"{DATA}/"))
        if content is None:
            if (self.root / shown).is_dir():
                hint = "同じ名前のフォルダーがあります。移すか、名前を変えてください。"
                self.problems.append(Problem("ファイルではなくフォルダーです。", hint, shown))
            return
        self._digests[shown] = hashlib.sha256(content).hexdigest()
        for line, cells in read_log(content, log, shown, self.problems):
            try:
                yield read(cells, shown, line)
            except JusouError as refused:
                self.problems.append(refused.problem._replace(path=shown, line=line))

    def _of_years(self, folder: str, years: Sequence[FiscalYear]) -> list[tuple[FiscalYear, str]]:
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
                message = "この名前のファイルは読み込まれません。"
                hint = (
                    "ここに置けるのは R9.csv のような名前だけです。"
                    "行を移すか、別の場所に移してください。"
                )
                self.problems.append(Problem(message, hint, shown))
            elif (year := FiscalYear(int(match[1]))) not in years:
                message = f"{year} は計画の年度ではありません。"
                hint = f"使える年度は {years[0]} から {years[-1]} までです。"
                self.problems.append(Problem(message, hint, shown))
            else:
                found.append((year, shown))
        return sorted(found)


def _of_year(
    read: Callable[..., R], year: FiscalYear, cells: Sequence[str], path: str, line: int
) -> R:
    return read(cells, year, path, line)
