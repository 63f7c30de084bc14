"""Who has answered what: told from the log of figures and from the forms that came back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.collecting import LATER, logged, send, take
from tests.filled_forms import Paper
from tests.support import call, record, show_json, small_workspace

DAY = "2027-06-01"
HALF_YEAR = "2026-10-20"
INDICATORS = (*(f"id: {each}, reporter: 甲課" for each in "abcdef"), "id: z")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return small_workspace(tmp_path / "workspace", *INDICATORS)


def form(workspace: Path, *options: str, day: str = DAY) -> Paper:
    (path,) = send(workspace, "R8", day, "--reporter", "甲課", *options)
    return Paper.open(path)


def come_back(workspace: Path, paper: Paper, *options: str, day: str = DAY) -> None:
    path = paper.save(workspace.parent / "返信.xlsx")
    assert take(workspace, path, "--accept-valid", *options, day=day).code == 0


def state(workspace: Path, day: str = DAY) -> dict[str, dict[str, Any]]:
    found = show_json(workspace, "status", "R8", "--date", day)["reporters"][0]["indicators"]
    return {each["id"]: each for each in found}


def letter(workspace: Path, day: str = DAY) -> str:
    text: str = show_json(workspace, "status", "R8", "--date", day)["reporters"][0]["reminder"]
    return text


def test_blank_refused_cancelled_and_deleted_are_told_apart(workspace: Path) -> None:
    paper = form(workspace)
    paper.put("a", "実績値", 100)
    paper.put("b", "実績値", "約100")
    paper.put("c", "実績値", 9000)
    paper.put("d", "実績値", 100)
    for sheet in paper.sheets:
        del paper.sheets[sheet][paper.row(sheet, "f")]
    come_back(workspace, paper)
    ran = call(workspace, "add", "R8", "d", "--basis", "取消", "--remark", "誤り", "--date", DAY)
    assert ran.code == 0, ran.err
    (received,) = logged(workspace, "imports.csv")
    columns = ("指標", "空欄", "行なし", "未取込", "取込不可")
    assert [received[each] for each in columns] == ["a b c d e f", "e", "f", "b c", "2"]
    found = state(workspace)
    assert {key: each["state"] for key, each in found.items()} == {
        "a": "answered", "b": "not_taken", "c": "not_taken", "d": "cancelled",
        "e": "left_blank", "f": "row_missing",
    }  # fmt: skip
    assert [each["not_taken"] for each in found.values()] == [
        False,
        True,
        True,
        False,
        False,
        False,
    ]
    text = letter(workspace)
    assert "届いていない" not in text
    lines = dict(line.split(" ", 1) for line in text.splitlines() if line.startswith("・"))
    assert lines == {
        "・(1)2": "指標2（いただいた数値に確認したい点があり、まだ記録していません）",
        "・(1)3": "指標3（いただいた数値に確認したい点があり、まだ記録していません）",
        "・(1)4": "指標4（前にいただいた数値は、取り消しています）",
        "・(1)5": "指標5（いただいた照会票では空欄でした）",
        "・(1)6": "指標6（いただいた照会票に、この指標の行がありませんでした）",
    }
    shown = call(workspace, "status", "R8", "--date", DAY).out
    assert all(word in shown for word in ("未取込", "取消", "記入漏れ", "行なし"))


def test_what_is_taken_later_is_answered(workspace: Path) -> None:
    paper = form(workspace)
    paper.put("c", "実績値", 9000)
    come_back(workspace, paper)
    come_back(workspace, paper, "--accept-suspicious", "c")
    assert state(workspace)["c"]["state"] == "answered"
    assert [row.get("未取込") for row in logged(workspace, "imports.csv")] == ["c", None]


def test_the_parts_of_a_half_year_answer_are_shown_and_asked_for(workspace: Path) -> None:
    paper = form(workspace, "--interim", day=HALF_YEAR)
    for subject, half, whole in (
        ("a", 50, 100),
        ("b", "約50", 100),
        ("c", 50, "約100"),
        ("d", 50, ""),
    ):
        paper.put(subject, "9月末実績", half)
        paper.put(subject, "年度末見込", whole)
    come_back(workspace, paper, day=HALF_YEAR)
    found = state(workspace, HALF_YEAR)
    assert {key: (each["state"], each["outstanding"]) for key, each in found.items()} == {
        "a": ("interim_and_forecast", False), "b": ("forecast_only", True),
        "c": ("interim_only", True), "d": ("interim_only", True),
        "e": ("left_blank", True), "f": ("left_blank", True),
    }  # fmt: skip
    assert (found["a"]["value"], found["a"]["interim"]) == (100, 50)
    text = letter(workspace, HALF_YEAR)
    assert "指標2（見込のみ。9月末実績に確認したい点があり、まだ記録していません）" in text
    assert "指標3（中間のみ。年度末見込に確認したい点があり、まだ記録していません）" in text
    assert "指標4（年度末見込をまだいただいていません）" in text
    assert "指標1（" not in text
    shown = call(workspace, "status", "R8", "--date", HALF_YEAR).out
    assert re.search("中間・見込あり +50件（中間）、100件（見込）", shown)
    assert "見込のみ（未取込あり）" in shown


def test_half_year_figures_are_asked_for_when_there_can_be_some(workspace: Path) -> None:
    early = call(workspace, "status", "R9", "--date", "2027-05-12")
    assert "再依頼" not in early.out
    assert (
        "R9（令和9年度）の数値は、令和9年9月30日までの分を10月から照会します。"
        "R8（令和8年度）ではありませんか。"
    ) in early.err
    assert "再依頼" not in call(workspace, "status", "R9", "--date", "2027-09-30").out
    half = call(workspace, "status", "R9", "--date", "2027-10-01")
    assert ("中間実績と年度末の見込み" in half.out, half.err) == (True, "")
    assert "再依頼" in call(workspace, "status", "R8", "--date", "2027-05-12").out
    first = call(workspace, "status", "R8", "--date", "2026-05-12")
    assert ("照会します。" in first.err, "ではありませんか" in first.err) == (True, False)


def test_nobody_gets_no_letter(workspace: Path) -> None:
    nobody = show_json(workspace, "status", "R8", "--date", DAY)["reporters"][1]
    assert (nobody["reporter"], nobody["reminder"]) == (None, None)
    assert nobody["indicators"][0]["outstanding"]
    shown = call(workspace, "status", "R8", "--date", DAY).out
    assert ("〔照会先未設定　回答済 0／1〕" in shown, "照会先未設定 御中" in shown) == (True, False)


def test_the_day_of_receipt_is_the_first_and_in_the_japanese_calendar(workspace: Path) -> None:
    come_back(workspace, form(workspace))
    log = workspace / "data" / "imports.csv"
    header, row = log.read_text("utf-8-sig").splitlines()
    later = f"2027-06-20{row[10:]}"
    log.write_text(f"{header}\n2027-06-02{row[10:]}\n{later}\n", "utf-8")
    shown = call(workspace, "status", "R8", "--date", LATER).out
    assert "実績等照会票第1版を令和9年6月2日に受領" in shown


def test_a_figure_that_was_forecast_is_still_asked_for_when_the_year_is_over(
    workspace: Path,
) -> None:
    record(workspace, "R8 a 90 見込")
    paper = form(workspace)
    paper.put("a", "実績値", "約100")
    come_back(workspace, paper)
    assert "指標1（見込のみ。いただいた数値に確認したい点があり、まだ記録していません）" in letter(
        workspace
    )


@pytest.mark.parametrize("count", ["1" * 5000, "-1", "１", "1.0", ""])
def test_a_count_in_the_log_of_imports_that_is_none_is_an_error(
    workspace: Path, count: str
) -> None:
    come_back(workspace, form(workspace))
    log = workspace / "data" / "imports.csv"
    header, row = (line.split(",") for line in log.read_text("utf-8-sig").splitlines())
    row[header.index("取込不可")] = count
    log.write_text(f"{','.join(header)}\n{','.join(row)}\n", "utf-8")
    ran = call(workspace, "status", "R8", "--date", DAY)
    assert ran.code == 1
    assert "data/imports.csv:2: 取込不可「" in ran.err
