"""What the tests of the logs share: rows, their bytes, and what is read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jusou.errors import Problem, Severity
from jusou.logs.schema import ACTUALS
from jusou.storage.log_reading import read_log
from jusou.storage.log_writing import append, read_back
from jusou.values.text import plain_breaks

ACTUAL_COLUMNS = tuple(ACTUALS.columns)

STAMP = "2028-06-01T09:00:00+09:00"
FIRST = [STAMP, "R9", "sodan-2", "2655", "", "", "確定", "", "山田", "", "", "総合窓口相談件数"]
LAST = [STAMP, "R9", "sodan-2", "2700", "", "", "確定", "", "佐藤", "再集計", "", "窓口"]
AWKWARD = [
    STAMP, "R9", "sodan-1", "91.5", "6415", "7012", "速報", "2028-03-31",
    "山田, 太郎", '備考"一"\n二行目、', "", '名, "前"\n長い名',
]  # fmt: skip


@dataclass(frozen=True)
class LogRead:
    """What was read: rows by line, and what was said."""

    lines: list[int]
    rows: list[list[str]]
    problems: list[Problem]

    @property
    def errors(self) -> list[Problem]:
        return [each for each in self.problems if each.severity is Severity.ERROR]

    @property
    def is_torn(self) -> bool:
        """Whether all that was said is one warning of a torn last row."""
        return [each.severity for each in self.problems] == [Severity.WARNING]


def read(path: Path) -> LogRead:
    problems: list[Problem] = []
    found = list(read_log(path.read_bytes(), ACTUALS, path.name, problems))
    return LogRead([line for line, _ in found], [list(cells) for _, cells in found], problems)


def append_rows(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Append rows, each its cells in the log's order, as a transaction does."""
    cells = [dict(zip(ACTUAL_COLUMNS, row, strict=True)) for row in rows]
    for each in cells:
        assert list(read_back(ACTUALS, each, path.name)) == list(map(plain_breaks, each.values()))
    append(path.parent, {path.name: (ACTUALS, cells)})


def text_of(rows: Iterable[Sequence[str]], newline: str = "\r\n") -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator=newline).writerows(rows)
    return buffer.getvalue()


def bytes_of(
    rows: Iterable[Sequence[str]], encoding: str = "utf-8-sig", newline: str = "\r\n"
) -> bytes:
    """A whole log: the header, then rows."""
    return text_of([ACTUAL_COLUMNS, *rows], newline).encode(encoding)


def row_bytes(row: Sequence[str], encoding: str = "utf-8", newline: str = "\r\n") -> bytes:
    return text_of([row], newline).encode(encoding.removesuffix("-sig"))
