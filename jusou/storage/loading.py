"""Finds the folder that holds ``data/`` and reads it whole: every file once."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

from jusou.errors import DataError, JusouError, Problem, warning
from jusou.logs.cells import UnknownSubjectError
from jusou.logs.dataset import Dataset, Rows, build_dataset
from jusou.logs.digests import row_digest
from jusou.logs.revisions import fold_revisions
from jusou.logs.rows import RowReader, turned, unseen
from jusou.logs.schema import ACTUALS, IMPORTS, NOTES, REVISIONS, Log, Revision
from jusou.plan.model import Plan, years_hint
from jusou.storage.files import read_bytes, translated
from jusou.storage.journal import read_logs
from jusou.storage.log_reading import read_log
from jusou.storage.plan_cache import keep_plan, kept_plan
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import visible

DATA = "data"
PLAN_PATH = "data/targets.yaml"
_LOG_NAME = re.compile(r"([RH][1-9][0-9]?)\.csv")
LOG_FOLDERS = ("actuals", "reviews")
_OWN = tuple(
    os.path.normcase(f"data/{name}")  # Windows opens Targets.yaml as well
    for name in ("targets.yaml", "targets.schema.json", REVISIONS.path, IMPORTS.path)
)
_PUT_ASIDE = re.compile(r"(?:\.|~\$).*|.*\.(?:bak\d*|torn|tmp)")  # by jusou, Excel and others
_LIKE_OWN = re.compile(r"(?:[RH]\d+|targets|revisions|imports|actuals|reviews)\b.*", re.IGNORECASE)
_RENAMED = (
    "指標の id を変えたときは、targets.yaml のその指標に former_ids: [前の id] と書いてください。"
)
_END = re.compile(r"\b(?:start|end)['\"]?\s*:\s*['\"]?([^\s'\",}]+)")  # of a plan, in its YAML
_SPREADSHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
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


def find_workspaces(folders: Sequence[Path]) -> list[Path]:
    """Return the workspaces among folders, and those that lie in one that is none itself.

    Raises JusouError for a folder without any.
    """
    found: list[Path] = []
    for folder in folders:
        with translated(folder, "読み込み"):
            inside = [folder] if (folder / PLAN_PATH).exists() else sorted(folder.iterdir())
            own = [each for each in inside if (each / PLAN_PATH).exists()]
        if not own:
            hint = "作業フォルダーか、作業フォルダーの並ぶフォルダーを指定してください。"
            raise JusouError(f"{folder} に作業フォルダーがありません。", hint)
        found += own
    return list(dict.fromkeys(found))


def load_all(roots: Sequence[Path]) -> Iterator[tuple[str, Dataset]]:
    """Yield each workspace with its folder. At the end raises DataError with all that is wrong."""
    problems: list[Problem] = []
    for root in roots:
        try:
            yield root.as_posix(), load(root)
        except DataError as error:
            problems += [
                each._replace(path=f"{root.as_posix()}/{each.path}") for each in error.problems
            ]
    if problems:
        raise DataError(problems)


def read_plan(root: Path) -> Plan:
    """Return the plan alone. Raises DataError with every mistake in it."""
    return plan_in(root, read_bytes(root / PLAN_PATH))


def plan_text(root: Path) -> str:
    """Return the text of a plan that can be read."""
    return read_bytes(root / PLAN_PATH).decode("utf-8-sig")


def plan_root(root: Path) -> Any:
    """Return what the YAML of a plan that can be read holds, each scalar as it was typed."""
    from jusou.storage.plan_file import Tree  # only here: pydantic and yaml are slow

    return Tree(visible(plan_text(root))).root


def plans_beside(root: Path, plan: Plan) -> Iterator[Path]:
    """Yield the workspaces in a workspace and around it whose plan may come before or after its.

    Hundreds may lie there, and to read a plan takes long: first its text is looked at.
    """
    home = root.resolve()
    for folder in (home, home.parent):
        with suppress(OSError):  # a folder that may not be looked into has none for this person
            for other in sorted(folder.iterdir()):
                if other != home and _may_adjoin(other / PLAN_PATH, plan):
                    yield other


def _may_adjoin(path: Path, plan: Plan) -> bool:
    """Tell whether it is worth to read a file: the municipality and an adjoining year are in it."""
    with suppress(OSError):
        text = visible(path.read_text("utf-8-sig", errors="replace"))
        adjoining = (plan.info.start.previous.number, plan.info.end.following.number)
        if plan.info.municipality in text:
            return any(number in adjoining for number in _ends_in(text))
    return False


def _ends_in(text: str) -> Iterator[int]:
    for match in _END.finditer(text):
        with suppress(ValueError):
            yield FiscalYear.parse(match[1]).number


@lru_cache(maxsize=4)
def plan_in(root: Path, content: bytes) -> Plan:
    """Return the plan in the bytes of its file, of today or of before.

    Who appends many rows meets the same each time.
    """
    plan = kept_plan(root, content)
    if plan is None:
        from jusou.storage.plan_file import load_plan  # only here: pydantic and yaml are slow

        plan = load_plan(content, PLAN_PATH)
        keep_plan(root, content, plan)
    return plan


def _unseen_in_plan(text: str) -> Iterator[Problem]:
    """Yield a warning where characters that nobody sees stand in a plan that can be read."""
    for number, line in enumerate(text.split("\n"), 1) if visible(text) != text else ():
        if visible(line) != line:
            yield unseen(PLAN_PATH, number)
            return


def read_revisions(root: Path, plan: Plan) -> tuple[Revision, ...]:
    """Return the changes of targets alone. Raises DataError with what is wrong in their log."""
    reading = _Reading(root, lambda: [REVISIONS.path])
    rows = list(reading.rows(REVISIONS.path, REVISIONS, RowReader(plan).revision))
    found, misplaced = fold_revisions(plan, rows)
    reading.problems += misplaced
    if any(problem.is_error for problem in reading.problems):
        raise DataError(reading.problems)
    return found


def load(root: Path, *, imports: bool = False, closely: bool = False) -> Dataset:
    """Return all that there is; the log of imports, and with it the digests of all rows, if wanted.

    They come ``closely`` without it, too.

    Raises DataError with all problems of all files; with those of the plan alone if it has any,
    for no row can be read without it.
    """
    names = partial(_log_names, root / DATA, imports=imports)
    reading = _Reading(root, names, closely=imports or closely)
    plan = reading.plan()
    reading.problems += reading.strays()
    reader = RowReader(plan)
    rows = Rows(
        actuals=tuple(reading.yearly(plan.log_years, ACTUALS, reader.actual)),
        notes=tuple(reading.yearly(plan.years, NOTES, reader.note)),
        revisions=tuple(reading.rows(REVISIONS.path, REVISIONS, reader.revision)),
        imports=tuple(reading.rows(IMPORTS.path, IMPORTS, reader.imported)) if imports else (),
    )
    problems = [*reading.problems, *reader.unseen.values(), *_set_aside(root)]
    return build_dataset(plan, rows, problems, reading.digests, reading.row_digests)


def _set_aside(root: Path) -> Iterator[Problem]:
    """Yield a warning for each file with rows that were cut off, until people have seen to it."""
    for folder in (DATA, *(f"{DATA}/{each}" for each in LOG_FOLDERS)):
        for name in _names_in(root / folder):
            if not name.endswith(".torn"):
                continue
            message = "書き込みが途中で止まったか、途中までしか書かれていない行が残っています。"
            hint = (
                "中を確かめ、要る行は記録し直してください。"
                "済んだら、このファイルを削除するか、別の場所に移してください。"
            )
            yield warning(message, hint, f"{folder}/{name}")


def _log_names(data: Path, *, imports: bool) -> Iterator[str]:
    """Yield the paths in ``data`` at which a log is read if it is there."""
    yield REVISIONS.path
    if imports:
        yield IMPORTS.path
    for folder in LOG_FOLDERS:
        names = _names_in(data / folder)
        yield from (f"{folder}/{name}" for name in names if _LOG_NAME.fullmatch(name))


def _names_in(folder: Path) -> list[str]:
    """Return what a folder holds, nothing if it is not there; a link that leads nowhere fails."""
    with translated(folder, "読み込み"):
        there = folder.exists() or folder.is_symlink()
        return sorted(each.name for each in folder.iterdir()) if there else []


def _is_folder(path: Path) -> bool:
    with translated(path, "読み込み"):
        return path.is_dir()


class _Reading:
    """Reads the files of a workspace, each once; keeps their digests and what is wrong.

    The logs are read at once, those that ``names`` lists, so that all show the same moment. Where
    they are read ``closely``, rows get digests, and cells that were turned are a problem.
    """

    def __init__(
        self, root: Path, names: Callable[[], Iterable[str]], *, closely: bool = False
    ) -> None:
        self.root = root
        self.row_digests: dict[str, dict[int, str]] = {}
        self._closely = closely
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
        first = (PLAN_PATH, f"{DATA}/{REVISIONS.path}")
        rest = sorted(path for path in self._digests if path not in first)
        return {path: self._digests[path] for path in (*first, *rest) if path in self._digests}

    def plan(self) -> Plan:
        """Return the plan; what nobody sees in it is a problem. Raises JusouError."""
        content = read_bytes(self.root / PLAN_PATH)
        self._digests[PLAN_PATH] = hashlib.sha256(content).hexdigest()
        plan = plan_in(self.root, content)
        self.problems += _unseen_in_plan(content.decode("utf-8-sig"))
        return plan

    def yearly(self, years: Sequence[FiscalYear], log: Log, read: Callable[..., R]) -> Iterator[R]:
        """Yield the rows of the logs of a kind in the order of years."""
        for year, name in self._of_years(log, years):
            yield from self.rows(name, log, partial(read, year))

    def rows(
        self, name: str, log: Log, read: Callable[[Sequence[str], str, int], R]
    ) -> Iterator[R]:
        """Yield the rows of a log in ``data``, if it is there, that break no rule."""
        content, shown = self._logs.get(name), f"{DATA}/{name}"
        if content is None:
            if _is_folder(self.root / shown):
                hint = "同じ名前のフォルダーがあります。移すか、名前を変えてください。"
                self.problems.append(Problem("ファイルではなくフォルダーです。", hint, shown))
            return
        self._digests[shown] = hashlib.sha256(content).hexdigest()
        said, may_be_marked = None, b"'" in content
        for line, found in read_log(content, log, shown, self.problems):
            cells = log.decode(found) if may_be_marked else found
            try:
                row = read(cells, shown, line)
            except JusouError as refused:
                problem = refused.problem._replace(path=shown, line=line)
                if isinstance(refused, UnknownSubjectError):
                    problem = problem._replace(hint=f"{problem.hint}{_RENAMED}")
                self.problems.append(problem)
                continue
            if self._closely:
                self.row_digests.setdefault(shown, {})[line] = row_digest(log, cells)
                said = said or turned(log, found, shown, line)
            yield row
        self.problems += [said] if said else []

    def _of_years(self, log: Log, years: Sequence[FiscalYear]) -> list[tuple[FiscalYear, str]]:
        """Return the logs of a kind with their years; one of no year of the plan is a problem."""
        folder = log.path.partition("/")[0]
        found = []
        own = {f"{year}.csv": year for year in years}
        for name in _names_in(self.root / DATA / folder):
            if name in own:
                found.append((own[name], f"{folder}/{name}"))
            elif match := _LOG_NAME.fullmatch(name):
                message = f"{match[1]} は計画の年度ではありません。"
                place = f"{DATA}/{folder}/{name}"
                self.problems.append(Problem(message, years_hint(years), place))
        return sorted(found)

    def strays(self) -> Iterator[Problem]:
        """Yield what lies among the files of a workspace and may be taken for one of them."""
        for name in _names_in(self.root / DATA):
            shown = f"data/{name}"
            if name not in LOG_FOLDERS and os.path.normcase(shown) not in _OWN:
                yield from self._stray(shown)
        for folder in LOG_FOLDERS:
            for name in _names_in(self.root / DATA / folder):
                if not _LOG_NAME.fullmatch(name):
                    yield from self._stray(f"data/{folder}/{name}")

    def _stray(self, shown: str) -> Iterator[Problem]:
        folder, _, name = shown.rpartition("/")
        suffix = Path(name).suffix.lower()
        message = "この名前のファイルは読み込まれません。"
        move = "行を移すか、別の場所に移してください。"
        if _PUT_ASIDE.fullmatch(name):
            return
        if _is_folder(self.root / shown):
            if folder != "data" or _LIKE_OWN.fullmatch(name):
                hint = "要る記録がこの中だけにないか確かめ、data の外に移してください。"
                yield warning("このフォルダーは読み込まれません。", hint, shown)
        elif suffix in (".yaml", ".yml"):
            hint = "計画は data/targets.yaml だけです。このファイルは data の外に移してください。"
            yield Problem(message, hint, shown)
        elif suffix == ".csv" and folder != "data":
            yield Problem(message, f"ここに置けるのは R9.csv のような名前だけです。{move}", shown)
        elif suffix == ".csv":
            hint = "ここに置ける CSV は revisions.csv と imports.csv だけです。"
            if _LOG_NAME.fullmatch(name):
                hint = "実績は data/actuals、評価表の文章は data/reviews に置きます。"
            yield Problem(message, f"{hint}{move}", shown)
        elif suffix in _SPREADSHEETS:
            hint = (
                "ここだけにある数値や文は、CSV の記録に移してください。"
                "要らなければ、data の外に移してください。"
            )
            yield warning("Excel のファイルは読み込まれません。", hint, shown)
        elif _LIKE_OWN.fullmatch(name):
            hint = "要る内容がここだけにないか確かめ、data の外に移してください。"
            yield warning(message, hint, shown)
