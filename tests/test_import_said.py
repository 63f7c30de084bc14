"""What ``import`` says of what it cannot take: truly, in its table and in its remedies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.collecting import LATER, open_year, send, take
from tests.filled_forms import Paper
from tests.support import (
    SAMPLE_DAY,
    call,
    rows_of,
    sample_workspace,
    small_workspace,
    write_actuals,
)
from tests.test_import import INDICATORS, check_no_change, table


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return small_workspace(tmp_path / "workspace", *INDICATORS)


def test_what_cannot_be_read_stands_in_the_table(workspace: Path) -> None:
    path = table(workspace, "指標,実績値\na,約100\n")
    ran = check_no_change(workspace, path, "--year", "R8")
    assert "変わるところはありません" not in ran.out
    assert "〔取り込みの内容（取込不可 1件）〕" in ran.out
    assert "実績値「約100」は数値として読めません。" in ran.out
    assert "場所：表.csv 2行目" in ran.out
    assert "ファイル：" not in ran.out  # nothing of it can be set beside what stands
    assert "--accept-valid" not in ran.err  # there is nothing else to take
    ran = check_no_change(
        workspace, table(workspace, "指標,実績値\na,約100\nc,8\n"), "--year", "R8"
    )
    assert "--accept-valid を付けると、残りだけを取り込みます。" in ran.err


def test_a_remark_of_what_was_preliminary_does_not_stand_on(tmp_path: Path) -> None:
    """The 取りまとめ票 carries what stood; who changes figure and 区分 may leave the rest of it."""
    workspace = open_year(tmp_path / "w", "R9", "R10")
    stood = [
        ",,sodan-4,,,,未確定,,,7月に確定予定,",
        ",,takikan-1,8,,,速報,,,6月に確定,",
        ",,chiiki-4,38,,,速報,,,6月に確定,",
        ",,sodan-2,1300,,,中間,2027-09-30,,冬に増える,",
        ",,sanka-1,14,,,速報,,,窓口日誌,",
    ]
    write_actuals(workspace, "R9", stood)
    (form,) = send(workspace, "R9", LATER, "--all")
    paper = Paper.open(form)
    for subject, figure in {"sodan-4": 38, "takikan-1": 8, "chiiki-4": 38, "sodan-2": 2655}.items():
        paper.put(subject, "実績値", figure)
        paper.put(subject, "区分", "確定")
    paper.put("chiiki-4", "備考", "登録簿による")
    path = paper.save(tmp_path / "返信.xlsx")
    ran = take(workspace, path)
    dropped = "は前の区分のもののため、取り込みません。"
    assert (ran.code, ran.err.count(dropped)) == (0, 4), ran.err
    assert f": sodan-2 の基準日「2027-09-30」{dropped}" in ran.err
    taken = {row["指標"]: (row["区分"], row["基準日"], row["備考"]) for row in rows_of(workspace)}
    assert taken == {
        **dict.fromkeys(("sodan-2", "sodan-4", "takikan-1"), ("確定", "", "")),
        "chiiki-4": ("確定", "", "登録簿による"),
        "sanka-1": ("速報", "", "窓口日誌"),
    }
    ran = take(workspace, path)
    assert ("変わるところはありません" in ran.out, dropped in ran.err) == (True, False)
    assert send(workspace, "R9", LATER, "--all")  # all that came back is in the logs


def test_a_folder_that_is_not_there_is_said_to_be_missing(workspace: Path) -> None:
    ran = check_no_change(workspace, workspace.parent / "返信")
    assert (ran.code, ran.out) == (1, "")
    assert "ファイルまたはフォルダーがありません。" in ran.err
    assert "--accept-valid" not in ran.err


def test_the_workbook_of_a_report_is_no_form(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path)
    assert call(workspace, "report", "R9", "--only", "xlsx", "--date", SAMPLE_DAY).code == 0
    for options in ((), ("--year", "R9")):
        ran = take(workspace, workspace / "reports" / "R9" / "review.xlsx", *options)
        assert "review.xlsx: 照会票ではありません（達成率を計算した表です）。" in ran.err


def test_a_heading_that_was_deleted_is_not_called_a_sheet(tmp_path: Path) -> None:
    workspace = open_year(tmp_path / "w", "R9", "R10")
    (form,) = send(workspace, "R9", LATER, "--reporter", "総合福祉課")
    paper = Paper.open(form)
    del paper.sheets["実績"][paper.heading("実績")]
    ran = take(workspace, paper.save(tmp_path / "返信.xlsx"))
    assert "返信.xlsx 実績!A1: シート「実績」に、見出しの行がありません。" in ran.err
