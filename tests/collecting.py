"""A collection to be made: the sample before the year's figures came in, and what comes in."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.filled_forms import Paper
from tests.spreadsheet import Test, needs_office
from tests.support import Ran, call, log_rows, sample_workspace, show_json

LATER = "2028-06-01"
IN_AUTUMN = "2028-10-20"
COURSES = ("拡充", "現状維持", "改善・見直し", "縮小", "休止・廃止", "完了")
TOLD = ("実施状況", "要因", "課題", "改善策")
NO_FIGURE = {
    "sodan-4": ("未確定", "令和10年7月に確定予定"),
    "chiiki-7": ("該当なし", "対象となる研修会がなかったため"),
    "sanka-2": ("測定不能", "人数を把握できなかった"),
}
PRELIMINARY = "takikan-1"
Row = dict[str, str]
Typed = dict[str, dict[str, Any]]

_SYSTEM_PYTHON = "/usr/bin/python3"
_OFFICER = Path(__file__).with_name("officer.py")


@cache
def _has_uno() -> bool:
    if not Path(_SYSTEM_PYTHON).exists():
        return False
    command = [_SYSTEM_PYTHON, "-c", "import uno"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def needs_officer(test: Test) -> Test:
    """Mark a test in which LibreOffice fills in forms."""
    reason = "its Python bridge (python3-uno) is not installed"
    return needs_office(pytest.mark.skipif(not _has_uno(), reason=reason)(test))


def open_year(folder: Path, *years: str) -> Path:
    """Make the sample's workspace without what came in for some years."""
    sample_workspace(folder)
    for year in years:
        for log in ("actuals", "reviews"):
            (folder / "data" / log / f"{year}.csv").unlink(missing_ok=True)
    return folder


def send(workspace: Path, year: str, day: str, *options: str) -> list[Path]:
    """Make forms; return their files."""
    ran = call(workspace, "form", year, "--date", day, *options)
    assert ran.code == 0, ran.err
    return [Path(line.strip()) for line in ran.out.splitlines()[1:]]


def take(workspace: Path, *arguments: str | Path, day: str = LATER) -> Ran:
    """Run ``import``."""
    return call(workspace, "import", *map(str, arguments), "--date", day, "--by", "計画係")


def figures(workspace: Path, year: str) -> Typed:
    """Return what departments answer: figures no one wonders at, and the cases without one."""
    answers: Typed = {}
    listed = {each["id"]: each for each in show_json(workspace, "list")["indicators"]}
    for number, each in enumerate(show_json(workspace, "show", year)["indicators"]):
        best = _best(each)
        if each["id"] in NO_FIGURE:
            basis, remark = NO_FIGURE[each["id"]]
            answers[each["id"]] = {"区分": basis, "備考": remark}
        elif listed[each["id"]]["measure"] == "rate":
            answers[each["id"]] = {"分子": int(best * 10) + number % 5, "分母": 1000}
        else:
            answers[each["id"]] = {"実績値": int(best) + number % 5}
    answers[PRELIMINARY] |= {"区分": "速報", "備考": "委託先の確認待ち\n6月に確定"}
    return answers


def _best(indicator: Mapping[str, Any]) -> Decimal:
    """Return a figure that is no worse than any that is known."""
    known = (indicator[name] for name in ("baseline", "previous", "target"))
    return max(Decimal(str(value)) for value in known if value is not None)


def interim_figures(workspace: Path) -> Typed:
    """Return what departments answer at half-year; one of them nothing, one only a forecast."""
    answers: Typed = {}
    for each in show_json(workspace, "show", "R10")["indicators"]:
        best = float(_best(each))
        answers[each["id"]] = {"9月末実績": best, "年度末見込": best}
    answers["sodan-2"]["備考"] = "冬期に増える見込み"
    del answers["sanka-3"], answers["chiiki-7"]["9月末実績"]
    return answers


def texts(subjects: Sequence[str], titles: Sequence[str] = TOLD) -> Typed:
    """Return texts for all subjects, some of them hard to keep as they are."""
    told: Typed = {
        subject: {title: f"{subject} の{title}を記入した。" for title in titles}
        for subject in subjects
    }
    for number, subject in enumerate(subjects):
        told[subject]["方向性"] = COURSES[number % len(COURSES)]
    first, last = told[subjects[0]], told[subjects[-1]]
    first["実施状況"] = '=1+1 で始まる文\n二行目, "引用" と 1-2'
    last["課題"] = "- 1月2日"
    return told


def opinions(subjects: Sequence[str]) -> Typed:
    """Return evaluations and opinions for all subjects."""
    return {
        subject: {
            "評価": "ABCD"[number % 4],
            "評価理由": f"{subject} の評価理由",
            "委員会意見": f"{subject} への意見",
            "対応方針": f"{subject} の方針",
        }
        for number, subject in enumerate(subjects)
    }


def on_sheets(paper: Paper, *answers: Typed) -> dict[str, dict[str, Any]]:
    """Return what is to be typed by sheet and address; what a form does not ask for is left out."""
    typed: dict[str, dict[str, Any]] = {sheet: {} for sheet in paper.sheets}
    for values in answers:
        for sheet in paper.sheets:
            titles = paper.titles(sheet)
            for subject in paper.subjects(sheet):
                for title, value in values.get(subject, {}).items():
                    if title in titles:
                        typed[sheet][paper.address(sheet, subject, title)] = value
    return typed


def fill_in(folder: Path, jobs: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Let LibreOffice fill in forms; return what could not be typed because it is locked."""
    done = subprocess.run(
        [_SYSTEM_PYTHON, str(_OFFICER), str(folder / "profile")],
        input=json.dumps(jobs).encode(),
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode()
    refused: list[list[str]] = json.loads(done.stdout)
    return refused


def logged(workspace: Path, log: str) -> list[Row]:
    """Return the rows of a log by column, without the cells that are empty."""
    rows = log_rows(workspace / "data" / log)
    return [{key: text for key, text in row.items() if text} for row in rows]


def recorded_as(answers: Typed) -> dict[str, Row]:
    """Return the cells of the log that figures become, by indicator."""
    rows = {}
    for subject, typed in answers.items():
        row = {title: str(value) for title, value in typed.items()}
        row.setdefault("区分", "確定")
        if "分子" in row:
            row["実績値"] = f"{Decimal(row['分子']) / 10:.1f}"
        rows[subject] = row
    return rows
