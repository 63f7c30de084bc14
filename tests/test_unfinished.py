"""``jusou check`` before the meeting: what is still open, with the command that closes it."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.dialogue import COUNT, RATE
from tests.support import REVISIONS_HEADER, call, record, small_workspace, write_log

AFTER_R9 = ("--date", "2028-06-01")
AFTER_R10 = ("--date", "2029-06-01")
INITIATIVES = "    initiatives:\n      - {id: ini, name: 広報}\n      - {id: ini-2, name: 見学会}\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return small_workspace(tmp_path, COUNT, RATE)


def with_initiatives(workspace: Path) -> Path:
    path = workspace / "data" / "targets.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("    indicators:", f"{INITIATIVES}    indicators:"), "utf-8")
    return workspace


def open_items(workspace: Path, day: tuple[str, str] = AFTER_R9) -> list[str]:
    ran = call(workspace, "check", *day)
    assert ran.code == 0
    return [line.strip() for line in ran.out.splitlines() if ": jusou " in line]


def test_an_unmet_indicator_wants_cause_and_action(workspace: Path) -> None:
    record(workspace, "R9 a 100 確定", "R9 b 55.0 確定")
    assert open_items(workspace) == ["(1)1 指標1の要因と改善策: jusou note R9 a --edit"]
    assert call(workspace, "note", "R9", "a", "--cause", "周知が遅れた").code == 0
    assert open_items(workspace) == ["(1)1 指標1の改善策: jusou note R9 a --edit"]
    assert call(workspace, "note", "R9", "a", "--action", "早める").code == 0
    assert open_items(workspace) == []
    assert "問題はありません。" in call(workspace, "check", *AFTER_R9).out


def test_it_is_the_target_in_force_that_is_not_met(workspace: Path) -> None:
    record(workspace, "R9 a 115 確定")
    assert open_items(workspace) == []
    revised = "2028-01-20,a,目標値,R9,110,120,理由,会議,2028-01-20,,,人"
    write_log(workspace / "data" / "revisions.csv", REVISIONS_HEADER, [revised])
    assert open_items(workspace) == ["(1)1 指標1の要因と改善策: jusou note R9 a --edit"]


def test_an_indicator_that_cannot_be_rated_wants_nothing(workspace: Path) -> None:
    record(workspace, "R9 a - 該当なし", "R9 b 55.0 確定")
    assert open_items(workspace) == []


def test_only_the_latest_year_that_is_over_and_has_figures_is_asked_about(workspace: Path) -> None:
    record(workspace, "R8 a 60 確定", "R9 a 70 確定", "R10 a 80 見込")
    assert [line.split()[-3] for line in open_items(workspace)] == ["R9"]
    assert [line.split()[-3] for line in open_items(workspace, AFTER_R10)] == ["R9"]
    assert open_items(workspace, ("--date", "2026-06-01")) == []


def test_an_initiative_wants_to_say_what_was_done(workspace: Path) -> None:
    record(with_initiatives(workspace), "R8 a 120 確定", "R9 a 120 確定")
    assert open_items(workspace) == [
        "広報: jusou note R9 ini --edit",
        "見学会: jusou note R9 ini-2 --edit",
    ]
    call(workspace, "note", "R9", "ini", "--activity", "広報紙に載せた")
    assert open_items(workspace) == ["見学会: jusou note R9 ini-2 --edit"]


def test_many_are_said_in_one_item_with_the_form_that_has_them_all(tmp_path: Path) -> None:
    small_workspace(tmp_path, *(f"id: i{number}" for number in range(4)))
    record(tmp_path, *(f"R9 i{number} 50 確定" for number in range(3)))
    assert len(open_items(tmp_path)) == 3
    record(tmp_path, *(f"R9 i{number} 50 確定" for number in range(4)))
    items = open_items(tmp_path)
    assert items[-2:] == [
        "(1)4 指標4の要因と改善策: jusou note R9 i3 --edit",
        "Excel でまとめて書くとき: jusou form R9 --all",
    ]
    assert "要因か改善策のない指標が4件" in call(tmp_path, "check", *AFTER_R9).out
    assert "確認したほうがよい点 1件" in call(tmp_path, "check", *AFTER_R9).out


def test_a_preliminary_figure_of_any_past_year_wants_to_be_final(workspace: Path) -> None:
    record(workspace, "R8 a 130 速報", "R9 a 140 速報", "R9 b 55.5 確定", "R10 a 130 速報")
    items = open_items(workspace)
    assert items == [
        "(1)1 指標1（確定なら）: jusou add R8 a 130",
        "(1)1 指標1（確定なら）: jusou add R9 a 140",
    ]
    for line in items:  # the command does what it says
        command = shlex.split(line.partition(": jusou ")[2])
        assert call(workspace, *command, "--date", "2028-06-01").code == 0
    assert open_items(workspace) == []


def test_only_check_says_so(workspace: Path) -> None:
    record(workspace, "R9 a 100 確定")
    assert "確認" not in call(workspace, "show", "R9", *AFTER_R9).err


@pytest.mark.parametrize("where", ["plan", "indicator"])
def test_a_notice_of_the_plan_that_was_read_stays_silent(tmp_path: Path, where: str) -> None:
    aims = "baseline: 200"
    read = "acknowledged: [target_below_baseline]"
    small_workspace(tmp_path, f"id: a, {aims}", f"id: b, {aims}")
    assert call(tmp_path, "check", *AFTER_R9).out.count("下回っています") == 2
    small_workspace(tmp_path, f"id: a, {aims}, {read}", f"id: b, {aims}")
    if where == "plan":
        small_workspace(tmp_path, f"id: a, {aims}", f"id: b, {aims}")
        path = tmp_path / "data" / "targets.yaml"
        text = path.read_text("utf-8")
        path.write_text(text.replace("baseline_year: R6", f"baseline_year: R6, {read}"), "utf-8")
    out = call(tmp_path, "check", *AFTER_R9).out
    assert out.count("下回っています") == (0 if where == "plan" else 1)
    assert "a の目標値" not in out
    record(tmp_path, "R9 a 120 確定")  # the remark in the review stays
    assert "目標がR6の実績を下回る" in call(tmp_path, "show", "R9", *AFTER_R9).out


def test_a_notice_that_is_not_known_is_refused(tmp_path: Path) -> None:
    small_workspace(tmp_path, "id: a, acknowledged: [everything]")
    out = call(tmp_path, "check").out
    assert "「everything」は使えません" in out
    assert "target_below_baseline・target_outside_plan のどれか" in out


def test_a_figure_confirmed_in_haste_is_named_once_more(workspace: Path) -> None:
    added = call(workspace, "add", "R9", "a", "1,200", *AFTER_R9)
    doubt = "目標（110）の10倍以上です。"
    assert f"確認してください: {doubt}" in added.err
    ran = call(workspace, "check", *AFTER_R9)
    named = f"R9.csv:2: a の「1,200件（確定）」は、入力の誤りかもしれません。{doubt}"
    assert (ran.code, ran.out.count(named)) == (0, 1)
    assert "これまでの記録: jusou history a" in open_items(workspace)[0]
    assert named not in call(workspace, "check", "--date", "2029-06-01").out  # a year later
    correct = ("--correct", "--remark", "桁の誤り")
    assert call(workspace, "add", "R9", "a", "120", *correct, *AFTER_R9).code == 0
    assert open_items(workspace) == []


@pytest.mark.parametrize("figure", ["a 0 確定", "b 0.6 確定", "a 20 中間 2027-09-30", "a - 未確定"])
def test_only_what_looks_like_a_slip_is_named(workspace: Path, figure: str) -> None:
    record(workspace, "R8 a 120 確定", "R8 b 60.0 確定", f"R9 {figure}")
    named = "入力の誤りかもしれません。" in call(workspace, "check", *AFTER_R9).out
    assert named == figure.startswith("b")
