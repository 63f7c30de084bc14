"""What ``jusou enter`` asks about before it takes a figure, and what it takes without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dialogue import enter
from tests.support import (
    real_workspace,
    record,
    rows_of,
    small_workspace,
    write_log,
)

SHARE = ", unit: ％, decimals: 1, measure: rate"
SURE = "この数値でよいですか（y=はい n=入力し直す）: "
REVISIONS = "記録日時,指標,項目,年度,変更前,変更後,理由,決定機関,決定日,意見聴取,公表日,入力者"


def doubts(workspace: Path, typed: str, *, year: str = "R9", day: str = "2028-05-20") -> list[str]:
    """Return what is asked about one figure; a question comes with it, and only then."""
    before = rows_of(workspace, year)
    ran = enter(workspace, typed, options=year, day=day)
    found = ran.out.replace("\n    ", "").split("\n  確認: ")[1:]
    assert bool(found) == (SURE in ran.out), ran.out
    assert rows_of(workspace, year) == before
    return [each.partition("\n")[0] for each in found]


def kinds(found: list[str]) -> str:
    """Tell the doubts apart by a word of each."""
    names = {
        "10倍以上": "ten", "10分の1以下": "tenth", "の5倍以上": "five", "の5分の1": "fifth",
        "増えた分": "added", "後退": "worse",
        "続いています": "early", "率が": "share", "まだ来ていません": "future",
        "中間（60）より": "inside",
    }  # fmt: skip
    return " ".join(name for each in found for word, name in names.items() if word in each)


@pytest.mark.parametrize(
    ("indicator", "before", "typed", "asked"),
    [
        # ten times or a tenth of last year
        ("", "R8 a 100", "1000", "ten"),
        ("", "R8 a 100", "999", "five"),
        ("", "R8 a 100", "500", "five"),
        ("", "R8 a 100", "499", ""),
        ("", "R8 a 100", "21", ""),
        ("", "R8 a 100", "20", "fifth"),
        ("", "R8 a 100", "11", "fifth"),
        ("", "R8 a 10", "50", ""),  # among small figures five times is not much
        ("", "R8 a 10", "100", "ten"),
        ("", "R8 a 100", "10", "tenth"),
        ("", "R8 a 100", "0", "tenth"),
        ("", "R8 a 0", "5", ""),
        ("", "R8 a 0", "0", ""),
        ("", "R8 a 100 速報", "1000", "ten"),
        ("", "R8 a 100 見込", "1000", "ten"),  # no last year's figure: ten times the target
        ("", "R8 a 100", "見込 1000", "ten"),
        ("", "R8 a 100", "速報 10", "tenth"),
        # without last year's figure: of the baseline and the target both
        (", baseline: 5", "", "99", ""),
        (", baseline: 5", "", "1000", "ten"),
        (", baseline: 5", "", "1", "worse"),
        (", baseline: 200", "", "10", "tenth worse"),
        (", baseline: 0", "", "0", ""),
        (", baseline: 0", "", "1000", "ten"),
        ("", "", "1000", "ten"),
        # a share where a percentage is meant
        (f"{SHARE}, targets: {{R8: 50, R9: 50, R10: 50}}", "R8 a 90", "0.9", "share tenth"),
        (f"{SHARE}, targets: {{R8: 50, R9: 50, R10: 50}}", "R8 a 8", "1.1", ""),
        (f"{SHARE}, targets: {{R8: 1, R9: 1, R10: 1}}", "R8 a 1", "0.9", ""),
        (", targets: {R8: null, R9: null, R10: null}", "", "123456", ""),
        # worse than the baseline
        (", baseline: 90", "", "90", ""),
        (", baseline: 90", "", "89", "worse"),
        (", baseline: 90", "R8 a 80", "85", "worse"),
        (", baseline: 90, direction: down", "", "101", "worse"),
        (", baseline: 90, direction: down", "", "100", ""),  # the plan aims behind R6 and is met
        (", baseline: 110", "", "99", "worse"),
        (", baseline: 110", "", "100", ""),
        (", baseline: 90, direction: down", "", "89", ""),
        (", baseline: 90, direction: keep", "", "111", "worse"),
        (", baseline: 90, direction: keep", "", "110", ""),
        # a cumulative count that falls, or the year's addition in its place
        (", measure: cumulative", "R8 a 90", "89", "added"),
        (", measure: cumulative", "R8 a 90", "90", ""),
        (", measure: cumulative", "R8 a 90", "9", "tenth added"),
        (", measure: cumulative", "R7 a 90", "89", "added"),
        (", measure: cumulative", "R7 a 80、R8 a 90", "85", "added"),
        (", measure: cumulative", "R7 a 90、R8 a 80", "85", ""),
        (", measure: cumulative, baseline: 90", "", "12", "fifth added worse"),
        (", measure: cumulative, baseline: 90", "", "95", ""),
        # less at the end of a year than inside it
        ("", "R9 a 60 中間 2027-09-30", "見込 59", "inside"),
        ("", "R9 a 60 中間 2027-09-30", "59", "inside"),
        ("", "R9 a 60 中間 2027-09-30", "60", ""),
        (", measure: stock", "R9 a 60 中間 2027-09-30", "59", ""),
        (", measure: stock", "R8 a 90", "89", ""),
        (", measure: flow", "R8 a 90", "89", ""),
    ],
)
def test_what_is_asked(tmp_path: Path, indicator: str, before: str, typed: str, asked: str) -> None:
    small_workspace(tmp_path, f"id: a{indicator}")
    record(tmp_path, *filter(None, before.split("、")))
    assert kinds(doubts(tmp_path, typed)) == asked


@pytest.mark.parametrize(
    ("measure", "typed", "asked"),
    [
        ("flow", "中間 10", ""),  # half a year may be a tenth, and less than the baseline
        ("flow", "中間 1000", "ten"),
        ("cumulative", "中間 89", "added"),
        ("cumulative", "中間 95", ""),
        ("stock", "中間 95", ""),
    ],
)
def test_what_is_asked_of_an_interim_figure(
    tmp_path: Path, measure: str, typed: str, asked: str
) -> None:
    small_workspace(tmp_path, f"id: a, measure: {measure}, baseline: 90")
    record(tmp_path, "R8 a 100" if measure == "flow" else "R8 a 90")
    ran = enter(tmp_path, typed, "", day="2027-10-10")
    assert kinds(ran.out.split("確認: ")[1:]) == asked


def test_more_inside_a_year_than_is_expected_at_its_end(tmp_path: Path) -> None:
    record(small_workspace(tmp_path, "id: a"), "R9 a 50 見込")
    assert "見込（50）より多い途中の数値です。" in enter(tmp_path, "中間 51", "").out
    assert "確認" not in enter(tmp_path, "中間 50", "").out


def test_a_doubt_names_the_figure_it_is_measured_by(tmp_path: Path) -> None:
    small_workspace(tmp_path, "id: a, measure: cumulative, baseline: 1200")
    assert doubts(tmp_path, "10") == [
        "R6（1,200）・目標（100）の10分の1以下です。",
        "累計なのに、R6の 1,200 より少ない数です。今年度に増えた分だけを入力していませんか。",
        "R6（1,200）より後退しています。",
    ]
    record(tmp_path, "R8 a 1900")
    assert doubts(tmp_path, "190")[:2] == [
        "前年度（1,900）の10分の1以下です。",
        "累計なのに、R8の 1,900 より少ない数です。今年度に増えた分だけを入力していませんか。",
    ]


def test_the_target_is_the_revised_one(tmp_path: Path) -> None:
    small_workspace(tmp_path, "id: a, baseline: 90, direction: keep")
    assert kinds(doubts(tmp_path, "80")) == "worse"
    row = ",a,目標値,R9,100,70,見直し,会議,2027-06-01,,,人"
    write_log(tmp_path / "data" / "revisions.csv", REVISIONS, [row])
    assert kinds(doubts(tmp_path, "80")) == ""


@pytest.mark.parametrize(
    ("typed", "asked"),
    [("90", "early"), ("速報 90", "early"), ("見込 90", ""), ("未確定", "early")],
)
def test_a_year_that_is_not_over(tmp_path: Path, typed: str, asked: str) -> None:
    small_workspace(tmp_path, "id: a")
    found = doubts(tmp_path, typed, day="2027-05-12")
    assert kinds(found) == asked
    assert all("令和10年3月31日" in each and "R8（令和8年度）" in each for each in found)
    assert kinds(doubts(tmp_path, typed, day="2027-09-30")) == asked
    assert doubts(tmp_path, typed, day="2028-04-01") == []


@pytest.mark.parametrize(
    ("day", "as_of", "asked"),
    [("2027-09-29", "R9.9.30", "future"), ("2027-09-30", "", ""), ("2028-05-20", "", "")],
)
def test_a_day_that_has_not_come(tmp_path: Path, day: str, as_of: str, asked: str) -> None:
    small_workspace(tmp_path, "id: a")
    ran = enter(tmp_path, "中間 50", as_of, day=day)
    assert kinds(ran.out.split("確認: ")[1:]) == asked


def test_a_running_year_is_told_at_the_start(tmp_path: Path) -> None:
    small_workspace(tmp_path, "id: a")
    assert "令和10年3月31日まで続いています" in enter(tmp_path, day="2028-03-31").out
    assert "続いています" not in enter(tmp_path, day="2028-04-01").out


@pytest.mark.parametrize("sure", ["y", "ｙ", "Y", "yes", "はい"])
def test_a_figure_that_is_meant_is_taken(tmp_path: Path, sure: str) -> None:
    small_workspace(tmp_path, "id: a")
    assert enter(tmp_path, "5000", "", "120", sure, "二重に確かめた").out.count(SURE) == 3
    assert [(row["実績値"], row["備考"]) for row in rows_of(tmp_path)] == [
        ("5000", "二重に確かめた")
    ]


@pytest.mark.parametrize("not_sure", ["n", "ｎ", "no", "いいえ", "b"])
def test_a_figure_that_was_a_slip_is_typed_again(tmp_path: Path, not_sure: str) -> None:
    small_workspace(tmp_path, "id: a")
    ran = enter(tmp_path, "5000", not_sure, "95", "")
    assert "「5000」は記録していません。" in ran.out
    assert [row["実績値"] for row in rows_of(tmp_path)] == ["95"]


def test_figures_that_meet_the_plan_of_the_city_are_taken_without_a_stop(tmp_path: Path) -> None:
    """In the first year, against R6 alone; four targets of the plan lie below R6."""
    targets = ["91.5", "2600", "50", "36", "20", "10", "150", "38", "1510", "1", "1",
               "10", "20", "50", "200", "20", "15", "5", "2"]  # fmt: skip
    workspace = real_workspace(tmp_path)
    ran = enter(workspace, *(each for target in targets for each in (target, "s")), options="R8")
    assert [card for card in ran.out.split("] ")[1:] if SURE in card] == []
