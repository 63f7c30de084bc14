"""What the tests share: running the command line, and small workspaces made of text."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
SAMPLE = REPOSITORY / "sample"
SAMPLE_DAY = "2028-11-10"

ACTUALS_HEADER = "記録日時,年度,指標,実績値,分子,分母,区分,基準日,入力者,備考,指標名"
REVIEWS_HEADER = (
    "記録日時,年度,対象,実施状況,要因,課題,改善策,方向性,"
    "評価,評価理由,委員会意見,対応方針,入力者,対象名"
)
REVISIONS_HEADER = (
    "記録日時,指標,項目,年度,変更前,変更後,理由,決定機関,決定日,意見聴取,公表日,入力者"
)


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


def real_workspace(folder: Path) -> Path:
    """Make a workspace with the city's plan and nothing else."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    shutil.copy(REPOSITORY / "data" / "targets.yaml", folder / "data")
    return folder


def sample_workspace(folder: Path) -> Path:
    """Make a copy of the sample's data."""
    shutil.copytree(SAMPLE / "data", folder / "data", dirs_exist_ok=True)
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


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes, but for the lock: to see what changed."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }
