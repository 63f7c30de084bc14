"""Forms that went out before an update: what later versions added to them is not asked back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.collecting import logged, send, take
from tests.filled_forms import Paper, as_csv, csv_text
from tests.support import record, small_workspace, write_log

DAY = "2028-06-01"
AUTUMN = "2027-10-20"
FIGURES, HALF_YEAR, TEXTS, OPINIONS = "実績", "上半期の記述", "取組の記述", "評価"
LATER = ("前年度の改善策の状況", "前回の意見", "その後の状況", "会議")
IS_FINE = "以前の版で作った照会票であれば、そのままでかまいません。"
_NOTE = ",R8,a,,,,広報する,,,,増やすこと,,,,,,,,,"
_NOTES = (
    "記録日時,年度,対象,実施状況,要因,課題,改善策,方向性,評価,評価理由,委員会意見,対応方針,"
    "前年度の改善策の状況,その後の状況,上半期の取組状況,見込の要因,下半期の対応,次年度への反映,会議,入力者"
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = small_workspace(tmp_path / "workspace", "id: a, reporter: 甲課")
    write_log(folder / "data" / "reviews" / "R8.csv", _NOTES, [_NOTE])
    return record(folder, "R8 a 100")


def drop(paper: Paper, sheet: str, title: str) -> None:
    """Delete a column of a table."""
    at, heading = paper.column(sheet, title), paper.heading(sheet)
    for row in paper.sheets[sheet][heading:]:
        del row[at]


def earlier(paper: Paper) -> Paper:
    """Return a form as earlier versions sent it out, with their shorter guide."""
    paper.sheets.pop(HALF_YEAR, None)
    for sheet, title in ((sheet, title) for sheet in paper.sheets for title in LATER):
        if title in paper.titles(sheet):
            drop(paper, sheet, title)
    for cells in (cells for rows in paper.sheets.values() for cells in rows):
        cells[:] = [_shortened(cell) for cell in cells]
    return paper


def _shortened(cell: object) -> object:
    return cell.partition("「前年度の改善策」と")[0] if isinstance(cell, str) else cell


def told(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("返信")]


def test_an_interim_form_of_before_is_read(workspace: Path) -> None:
    (sent,) = send(workspace, "R9", AUTUMN, "--interim")
    paper = earlier(Paper.open(sent))
    paper.put("a", "9月末実績", 40)
    paper.put("a", "年度末見込", 90)
    ran = take(workspace, paper.save(workspace.parent / "返信.xlsx"), day=AUTUMN)
    assert (ran.code, IS_FINE in ran.err) == (0, True), ran.err
    assert told(ran.err) == ["返信.xlsx: シート「上半期の記述」がありません。"]
    rows = logged(workspace, "actuals/R9.csv")
    assert [(row["区分"], row["実績値"]) for row in rows] == [("中間", "40"), ("見込", "90")]


def test_an_interim_form_of_before_in_csv_is_read(workspace: Path) -> None:
    (sent,) = send(workspace, "R9", AUTUMN, "--interim", "--format", "csv")
    paper = as_csv(sent)
    for title in ("上半期の取組状況", "見込の要因", "下半期の対応", "次年度への反映"):
        drop(paper, FIGURES, title)
    paper.put("a", "年度末見込", 90)
    path = workspace.parent / "返信.csv"
    path.write_text(csv_text(paper.sheets[FIGURES]), "utf-8")
    ran = take(workspace, path, day=AUTUMN)
    assert (ran.code, len(told(ran.err))) == (0, 1), ran.err
    assert [row["実績値"] for row in logged(workspace, "actuals/R9.csv")] == ["90"]


def test_a_closing_form_of_before_is_read_and_nothing_told(workspace: Path) -> None:
    (sent,) = send(workspace, "R9", DAY)
    paper = earlier(Paper.open(sent))
    paper.put("a", "実績値", 95)
    paper.put("a", "要因", "天候")
    ran = take(workspace, paper.save(workspace.parent / "返信.xlsx"), day=DAY)
    assert (ran.code, told(ran.err)) == (0, []), ran.err
    assert [row["実績値"] for row in logged(workspace, "actuals/R9.csv")] == ["95"]
    assert [row["要因"] for row in logged(workspace, "reviews/R9.csv")] == ["天候"]


def test_a_form_of_everything_of_before_is_read(workspace: Path) -> None:
    (sent,) = send(workspace, "R9", DAY, "--all")
    paper = earlier(Paper.open(sent))
    paper.put("a", "委員会意見", "続けること")
    ran = take(workspace, paper.save(workspace.parent / "返信.xlsx"), day=DAY)
    assert (ran.code, ran.err.count(IS_FINE)) == (0, 2), ran.err
    assert [line.partition(": ")[2] for line in told(ran.err)] == [
        "シート「上半期の記述」がありません。",
        "見出し「会議」の列がありません。",
    ]
    assert [row["委員会意見"] for row in logged(workspace, "reviews/R9.csv")] == ["続けること"]


def test_what_every_version_asked_is_still_wanted(workspace: Path) -> None:
    (sent,) = send(workspace, "R9", DAY, "--all")
    no_sheet, no_column, renamed, half, no_heading = (Paper.open(sent) for _ in range(5))
    del no_sheet.sheets[TEXTS]
    drop(no_column, OPINIONS, "評価理由")
    renamed.sheets[OPINIONS][renamed.heading(OPINIONS)][renamed.column(OPINIONS, "会議")] = "会合"
    drop(half, HALF_YEAR, "下半期の対応")
    del no_heading.sheets[HALF_YEAR][no_heading.heading(HALF_YEAR)]
    for paper, message in (
        (no_sheet, "シート「取組の記述」がありません。"),
        (no_column, "見出し「評価理由」の列がありません。"),
        (renamed, "見出し「会議」の列がありません。知らない見出し「会合」があります。"),
        (half, "見出し「下半期の対応」の列がありません。"),
        (no_heading, "シート「上半期の記述」に、見出しの行がありません。"),
    ):
        ran = take(workspace, paper.save(workspace.parent / "返信.xlsx"), day=DAY)
        assert (ran.code, [line.partition(": ")[2] for line in told(ran.err)]) == (1, [message])
