"""What the tests share: running the command line, and small workspaces made of text."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from jusou.cli import main
from jusou.values.escaping import unescaped

REPOSITORY = Path(__file__).parent.parent
SAMPLE = REPOSITORY / "sample"
SAMPLE_DAY = "2028-11-10"
GALLERY = REPOSITORY / "tests" / "errors"

ACTUALS_HEADER = "記録日時,年度,指標,実績値,分子,分母,区分,基準日,入力者,備考,指標名"
REVIEWS_HEADER = (
    "記録日時,年度,対象,実施状況,要因,課題,改善策,方向性,"
    "評価,評価理由,委員会意見,対応方針,入力者,対象名"
)
REVISIONS_HEADER = (
    "記録日時,指標,項目,年度,変更前,変更後,理由,決定機関,決定日,意見聴取,公表日,入力者"
)

_SMALL_PLAN = """\
plan: {title: 計画, municipality: 市, start: R8, end: R10, baseline_year: R6}
rating:
  scale:
    - {mark: A, label: 達成, at_least: 100}
    - {mark: B, label: 概ね達成, at_least: 80}
    - {mark: C, label: やや不十分, at_least: 50}
    - {mark: D, label: 不十分, at_least: 0}
review_trigger: {low: 90, high: 110, years: 2}
"""


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


def run(
    workspace: Path, *arguments: str, env: dict[str, str] | None = None, stdin: str | None = None
) -> Ran:
    """Run ``jusou`` in a process of its own, inside ``workspace``; text is UTF-8."""
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("JUSOU_", "PYTHON"))
    }
    environment |= {"PYTHONIOENCODING": "utf-8", "COLUMNS": "80", **(env or {})}
    done = subprocess.run(
        [sys.executable, "-m", "jusou", *arguments],
        cwd=workspace,
        env=environment,
        input=None if stdin is None else stdin.encode(),
        capture_output=True,
        check=False,
    )
    return Ran(
        done.returncode,
        done.stdout.decode("utf-8", "replace").replace("\r\n", "\n"),
        done.stderr.decode("utf-8", "replace").replace("\r\n", "\n"),
    )


class Person(io.TextIOWrapper):
    """A terminal at which somebody types, and sees what they type."""

    def isatty(self) -> bool:
        return True

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        line = super().readline(size)
        sys.stdout.write(line)
        return line


def call(
    workspace: Path,
    *arguments: str,
    env: dict[str, str] | None = None,
    stdin: str = "",
    at_terminal: bool = False,
) -> Ran:
    """Run ``jusou`` like :func:`run`, but in this process: for the many, in a tenth of the time.

    ``stdin`` comes from a pipe, or from somebody at a terminal.
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith("JUSOU_")}
    environment |= {"COLUMNS": "80", **(env or {})}
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    kind = Person if at_terminal else io.TextIOWrapper
    typed = kind(io.BytesIO(stdin.encode("utf-8", "surrogateescape")), "utf-8")
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        mock.patch.object(sys, "argv", ["jusou", *arguments]),
        mock.patch.object(sys, "stdin", typed),
        contextlib.chdir(workspace),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as left:
            code = left.code
    assert isinstance(code, int)
    for stream in (out, err):
        stream.seek(0)
    return Ran(code, out.read(), err.read())


def show_json(workspace: Path, *arguments: str) -> dict[str, Any]:
    """Return what a command that succeeds prints with ``--format json``."""
    ran = call(workspace, *arguments, "--format", "json")
    assert ran.code == 0, ran.err
    document: dict[str, Any] = json.loads(ran.out)
    return document


def real_workspace(folder: Path) -> Path:
    """Make a workspace with the city's plan and nothing else."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    shutil.copy(REPOSITORY / "data" / "targets.yaml", folder / "data")
    return folder


def fictional_workspace(folder: Path) -> Path:
    """Make a workspace with the plan of the gallery of mistakes: R8-R10, five indicators."""
    shutil.copytree(GALLERY / "base", folder, dirs_exist_ok=True)
    return folder


def sample_workspace(folder: Path) -> Path:
    """Make a copy of the sample's data."""
    shutil.copytree(SAMPLE / "data", folder / "data", dirs_exist_ok=True)
    return folder


def small_workspace(folder: Path, *indicators: str, extra: str = "") -> Path:
    """Make a workspace with one programme ``p`` of the plan R8-R10 (baseline R6).

    Each indicator is what stands in the braces of a flow mapping. Given are a label, a name, unit
    件, flow, up and 100 a year, each unless it says otherwise. ``extra`` is more of the plan.
    """
    given = {
        "unit": "件",
        "measure": "flow",
        "direction": "up",
        "targets": "{R8: 100, R9: 100, R10: 100}",
    }
    lines = []
    for number, text in enumerate(indicators, 1):
        fields = [f"label: '{number}'", f"name: 指標{number}", text]
        fields += [f"{key}: {value}" for key, value in given.items() if f"{key}: " not in text]
        lines.append(f"      - {{{', '.join(fields)}}}\n")
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "data" / "targets.yaml").write_text(
        f"{_SMALL_PLAN}{extra}programmes:\n"
        "  - id: p\n    number: 1\n    name: 事業\n    indicators:\n" + "".join(lines),
        encoding="utf-8",
    )
    return folder


def write_log(path: Path, header: str, rows: Sequence[str]) -> Path:
    """Write a log as the tool would: UTF-8 with BOM and CRLF."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{line}\r\n" for line in (header, *rows))
    path.write_bytes(text.encode("utf-8-sig"))
    return path


def write_actuals(workspace: Path, year: str, rows: Sequence[str]) -> Path:
    """Write ``data/actuals/<year>.csv`` with rows after the heading."""
    return write_log(workspace / "data" / "actuals" / f"{year}.csv", ACTUALS_HEADER, rows)


def record(workspace: Path, *entries: str) -> Path:
    """Write actuals logs from ``year indicator value [区分 [基準日]]``; the value ``-`` is none."""
    years: dict[str, list[str]] = {}
    for entry in entries:
        year, indicator, value, basis, as_of = (*entry.split(), "", "")[:5]
        cells = ["t", year, indicator, value.strip("-"), "", "", basis, as_of, "人", "備考", ""]
        years.setdefault(year, []).append(",".join(cells))
    for year, rows in years.items():
        write_actuals(workspace, year, rows)
    return workspace


def rows_of(workspace: Path, year: str = "R9", log: str = "actuals") -> list[dict[str, str]]:
    """Return the rows of a log by their headings; none if there is no log."""
    path = workspace / "data" / log / f"{year}.csv"
    return log_rows(path) if path.exists() else []


def log_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a log by their headings, with what their cells say."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [{title: cell and unescaped(cell) for title, cell in row.items()} for row in rows]


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes, but for the lock: to see what changed.

    Nor does the journal count where it is empty.
    """
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.name != ".lock"
        and (path.name != ".journal" or path.stat().st_size)
    }
