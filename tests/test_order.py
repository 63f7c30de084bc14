"""The order of a log is evidence: what tells that it was sorted or merged is said, never used."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.dialogue import COUNT
from tests.support import (
    REVIEWS_HEADER,
    REVISIONS_HEADER,
    call,
    record,
    show_json,
    small_workspace,
    write_actuals,
    write_log,
)

DAY = ("--date", "2028-06-20")
BACK = "より前に戻っています"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return small_workspace(tmp_path, COUNT)


def row(at: str, value: str, remark: str = "", basis: str = "確定") -> str:
    return f"{at},R9,a,{value},,,{basis},,人,{remark},指標1"


def checked(workspace: Path) -> str:
    ran = call(workspace, "check", *DAY)
    assert ran.code == 0
    return ran.out


SORTED = [row("2028-06-10T09:00:00+09:00", "130", "訂正"), row("2028-05-12T09:00:00+09:00", "118")]


def test_a_sorted_log_is_said_by_every_command_and_read_as_it_stands(workspace: Path) -> None:
    write_actuals(workspace, "R9", SORTED)
    where = "data/actuals/R9.csv:3: 記録日時（令和10年5月12日）が、2行目（令和10年6月10日）より前に"
    assert where in checked(workspace)
    (workspace / "表.csv").write_text("指標,実績値\na,118\n", "utf-8")
    for command in (
        ("report", "R9", "--only", "txt", *DAY),
        ("show", "R9", *DAY),
        ("add", "R9", "a", "118", *DAY),
        ("import", "表.csv", "--year", "R9", *DAY),
    ):
        ran = call(workspace, *command)
        assert (ran.code, where in ran.err) == (0, True), command
        assert ".bak" in ran.err
    assert show_json(workspace, "show", "R9", *DAY)["indicators"][0]["actual"] == 118


@pytest.mark.parametrize(
    ("above", "below", "is_said"),
    [
        ("2028-06-10T09:00:00+09:00", "2028-06-09T09:00:00+09:00", False),
        ("2028-06-10T09:01:00+09:00", "2028-06-09T09:00:00+09:00", True),
        ("2028/6/10 9:20", "2028/6/8 9:20", True),
        ("令和10年6月10日", "R10.6.8", True),
        ("2028-06-10", "2028-06-09", False),
        ("2028-06-10T23:59:00+09:00", "2028-06-09", False),
        ("2028-06-10", "2028-06-09T00:30:00+09:00", False),
        ("", "2028-06-09", False),
        ("2028-06-10", "", False),
        ("t", "2028-06-09", False),
        ("2028-06-10", "2028-02-30", False),
        ("2028-06-10", "2028-06-09T99:00", False),
    ],
)
def test_over_a_day_is_back(workspace: Path, above: str, below: str, is_said: bool) -> None:
    write_actuals(workspace, "R9", [row(above, "118"), row(below, "119", "x")])
    assert (BACK in checked(workspace)) is is_said


def test_what_cannot_be_read_is_passed_over(workspace: Path) -> None:
    times = ["2028-06-10T09:00", "", "いつか", "2028-06-01T09:00", "2028-05-01T09:00"]
    write_actuals(workspace, "R9", [row(at, str(index)) for index, at in enumerate(times)])
    assert "R9.csv:5: 記録日時（令和10年6月1日）が、2行目" in checked(workspace)
    assert checked(workspace).count(BACK) == 1


def test_the_row_right_above_is_named(workspace: Path) -> None:
    times = ["2028-06-10T09:00", "2028-06-10T10:00", "2028-06-01T09:00"]
    write_actuals(workspace, "R9", [row(at, str(index)) for index, at in enumerate(times)])
    assert "R9.csv:4: 記録日時（令和10年6月1日）が、3行目" in checked(workspace)


def test_each_log_has_its_own_order(workspace: Path) -> None:
    write_actuals(workspace, "R8", [row("2028-06-10T09:00", "118").replace("R9", "R8")])
    write_actuals(workspace, "R9", [row("2028-05-10T09:00", "118")])
    assert BACK not in checked(workspace)


def test_every_kind_of_log_is_looked_at(workspace: Path) -> None:
    data = workspace / "data"
    write_log(data / "reviews" / "R9.csv", REVIEWS_HEADER, ["2028-06-10,,a,x", "2028-06-01,,a,,y"])
    rows = [
        "2028-06-10,a,目標値,R9,110,120,理由,会議,2027-06-01,,,人",
        "2028-06-01,a,目標値,R10,120,130,理由,会議,2027-06-01,,,人",
    ]
    write_log(data / "revisions.csv", REVISIONS_HEADER, rows)
    (workspace / "表.csv").write_text("指標,実績値\na,118\n", "utf-8")
    assert call(workspace, "import", "表.csv", "--year", "R9", *DAY).code == 0
    (workspace / "表.csv").write_text("指標,実績値,備考\na,118,x\n", "utf-8")
    assert call(workspace, "import", "表.csv", "--year", "R9", "--date", "2028-06-01").code == 0
    paths = ("actuals/R9.csv:3", "reviews/R9.csv:3", "revisions.csv:3", "imports.csv:3")
    said = checked(workspace)
    assert said.count(BACK) == 4
    assert all(f"data/{path}: " in said for path in paths)


def test_rows_recorded_one_after_another_say_nothing(workspace: Path) -> None:
    for day, value in (("2028-05-01", "118"), ("2028-05-01", "119"), ("2028-06-01", "120")):
        figure = ("R9", "a", value, "--correct", "--remark", "訂正", "--date", day)
        assert call(workspace, "add", *figure).code == 0
    assert BACK not in checked(workspace)
    record(workspace, "R8 a 100", "R8 a 101")
    assert "同じ行" not in checked(workspace)


def test_a_row_behind_its_correction_is_named_on_the_same_day_too(workspace: Path) -> None:
    later, earlier = row("2028-06-10T10:00", "130", "訂正"), row("2028-06-10T09:00", "118")
    write_actuals(workspace, "R9", [later, earlier])
    said = checked(workspace)
    assert "R9.csv:3: この行の「118件（確定）」が有効ですが、後から記録された2行目は「130件" in said
    assert BACK not in said
    write_actuals(workspace, "R9", [earlier, later])
    assert "有効ですが" not in checked(workspace)


def test_of_several_later_rows_the_last_recorded_is_named(workspace: Path) -> None:
    times = ("2028-06-10T11:00", "2028-06-10T10:00", "2028-06-10T09:00")
    write_actuals(workspace, "R9", [row(at, str(130 - index)) for index, at in enumerate(times)])
    assert "後から記録された2行目は「130件（確定）」です。" in checked(workspace)


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (row("2028-06-10", "130", "訂正"), row("2028-06-10T09:00", "118")),  # which was later?
        (row("2028-06-10T10:00", "118"), row("2028-06-10T09:00", "118")),  # they say the same
    ],
)
def test_a_row_that_need_not_be_behind_its_correction_is_not_named(
    workspace: Path, above: str, below: str
) -> None:
    write_actuals(workspace, "R9", [above, below])
    assert "有効ですが" not in checked(workspace)
    assert "同じ行" not in checked(workspace)


def test_a_figure_behind_its_cancellation_is_named(workspace: Path) -> None:
    cancelled = row("2028-06-10T10:00", "", "別の指標の値", "取消")
    write_actuals(workspace, "R9", [cancelled, row("2028-06-10T09:00", "118")])
    assert "後から記録された2行目は「取消 別の指標の値」です" in checked(workspace)


def test_a_text_behind_its_correction_is_named(workspace: Path) -> None:
    path = workspace / "data" / "reviews" / "R9.csv"
    rows = ["2028-06-10T10:00,,a,,後の要因", "2028-06-10T09:00,,a,前の状況,前の要因"]
    write_log(path, REVIEWS_HEADER, rows)
    said = checked(workspace)
    assert "「要因「前の要因」」が有効ですが、後から記録された2行目は「要因「後の要因」」" in said
    assert "前の状況" not in said


def test_rows_that_stand_twice_are_named_once_a_file(workspace: Path) -> None:
    rows = [row("2028-06-01T09:00", "118"), row("2028-06-02T09:00", "130", "訂正")]
    write_actuals(workspace, "R9", [*rows, *rows])
    said = checked(workspace)
    assert "R9.csv:4: 2行目とまったく同じ行です。ほかにも、同じ行が1行あります。" in said
    assert said.count("まったく同じ行") == 1


@pytest.mark.parametrize("seed", range(5))
def test_any_other_order_of_a_corrected_log_is_said(workspace: Path, seed: int) -> None:
    rows = [row(f"2028-05-{day:02}T09:00", str(100 + day)) for day in range(1, 20, 3)]
    shuffled = random.Random(seed).sample(rows, len(rows))
    write_actuals(workspace, "R9", shuffled)
    said = checked(workspace)
    assert (BACK in said) is (shuffled != rows)
    assert ("有効ですが" in said) is (shuffled[-1] != rows[-1])
