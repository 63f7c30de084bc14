"""``jusou enter``: going back, skipping, quitting, correcting; and that nothing is lost by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dialogue import COUNT, RATE, enter, figures
from tests.support import call, record, rows_of, small_workspace, tree


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Two indicators, a count and a rate; nothing about 120 or 60.0 is strange."""
    return small_workspace(tmp_path, COUNT, RATE)


@pytest.mark.parametrize("skip", ["", "s", "ｓ", "とばす", "S"])
@pytest.mark.parametrize("back", ["b", "ｂ", "戻る"])
@pytest.mark.parametrize("stop", ["q", "Ｑ", "終了"])
def test_skip_back_and_quit(workspace: Path, skip: str, back: str, stop: str) -> None:
    ran = enter(workspace, back, skip, back, "120", "", stop, "99", "")
    assert ran.code == 0
    shown = [line[1:4] for line in ran.out.splitlines() if line.startswith("[")]
    assert shown == ["1/2", "1/2", "2/2", "1/2", "2/2"]
    assert figures(workspace) == ["a 120"]


@pytest.mark.parametrize(
    ("asked", "answers"),
    [
        ("備考", ["120"]),
        ("基準日", ["中間 60"]),
        ("この数値でよいですか", ["7"]),
        ("備考", ["7", "はい"]),
        ("備考（いつ確定するか）", ["未確定"]),
    ],
)
def test_the_questions_behind_a_figure_can_be_left(
    workspace: Path, asked: str, answers: list[str]
) -> None:
    record(workspace, "R8 a 100")
    for step, ending in (("b", "実績値: "), ("s", "[2/2]"), ("q", "0件の指標を記録しました。")):
        ran = enter(workspace, *answers, step)
        question, _, rest = ran.out.rpartition(f"{step}\n  「{answers[0]}」は記録していません。")
        assert asked in question.splitlines()[-1]
        assert ending in rest
        assert "[2/2]" not in rest or step == "s"
        assert rows_of(workspace) == []


@pytest.mark.parametrize("typed", ["?", "？", "説明", "h"])
def test_help_is_given_at_every_question(workspace: Path, typed: str) -> None:
    ran = enter(workspace, typed, "120", typed, "備考です")
    assert ran.out.count("速報 2655　見込 2700　中間 1300") == 2
    assert [row["備考"] for row in rows_of(workspace)] == ["備考です"]


@pytest.mark.parametrize("slip", ["n", "はい", "見込 91", "中間　1,300"])
def test_an_answer_to_another_question_is_no_remark(workspace: Path, slip: str) -> None:
    ran = enter(workspace, "120", slip, "窓口日誌")
    assert f"「{slip}」は文として記録しません。" in ran.out
    assert [row["備考"] for row in rows_of(workspace)] == ["窓口日誌"]


def test_a_question_that_wants_yes_or_no_says_so(workspace: Path) -> None:
    assert "y か n を入力してください。" in enter(workspace, "5000", "たぶん", "n").out


@pytest.mark.parametrize(
    ("year", "words"),
    [
        ("R7", "R7（令和7年度）は計画が始まる前の年度（参考値）です。R9（令和9年度）の数値"),
        ("R8", "R8（令和8年度）は前の年度です。R9（令和9年度）の数値ではありませんか。"),
        ("R9", ""),
    ],
)
def test_a_year_that_ended_long_ago_is_asked_about(workspace: Path, year: str, words: str) -> None:
    ran = enter(workspace, options=year, day="2028-05-20")
    added = call(workspace, "add", year, "a", "100", "--date", "2028-05-20")
    for said in (ran.out, added.err):
        assert ("確認してください: " in said) == bool(words)
    assert words in ran.out.replace("\n  ", "")
    assert words in added.err
    assert ("jusou status" in added.err) == (year != "R7")


def test_a_correction_needs_a_reason_and_is_a_new_row(workspace: Path) -> None:
    ran = enter(workspace, "120", "", "b", "121", "", "集計漏れ", "")
    assert "すでに「120件（確定）」が記録されています" in ran.out
    assert ran.out.count("訂正の理由（会議資料に載ります）: ") == 2
    assert "1件の指標を記録しました。" in ran.out
    assert [(row["実績値"], row["訂正理由"]) for row in rows_of(workspace)] == [
        ("120", ""), ("121", "集計漏れ"),
    ]  # fmt: skip


def test_a_correction_can_be_left(workspace: Path) -> None:
    record(workspace, "R9 a 120")
    before = tree(workspace)
    for step in ("b", "s", "q"):
        assert (
            "訂正の理由（会議資料に載ります）: "
            in enter(workspace, "121", step, options="R9 --all").out
        )
        assert tree(workspace) == before


def test_the_same_figure_again_writes_nothing_and_asks_nothing(workspace: Path) -> None:
    record(workspace, "R9 a 120", "R9 b 52.6 速報")
    before = tree(workspace)
    ran = enter(workspace, "１２０", "速報 52.6", options="R9 --all")
    assert ran.out.count("同じ内容がすでに記録されているため") == 2
    assert "0件の指標を記録しました。" in ran.out
    assert tree(workspace) == before


def test_what_needs_no_reason_to_replace(workspace: Path) -> None:
    record(workspace, "R9 a - 未確定", "R9 b 52.6 速報")
    ran = enter(workspace, "120", "", "52.6", "", options="R9 --all")
    assert "理由" not in ran.out
    assert [row["区分"] for row in rows_of(workspace)] == ["未確定", "速報", "確定", "確定"]


def test_a_forecast_behind_a_closing_figure_is_refused(workspace: Path) -> None:
    record(workspace, "R9 a 120")
    ran = enter(workspace, "見込 130", options="R9 --all")
    assert "「120件（確定） 備考」があるため、見込 は記録できません" in ran.out
    assert "--" not in ran.out
    assert figures(workspace) == ["a 120"]


@pytest.mark.parametrize(("answers", "kept"), [([], 0), (["120"], 0), (["120", "", "60"], 1)])
def test_the_end_of_the_input_loses_nothing(workspace: Path, answers: list[str], kept: int) -> None:
    ran = enter(workspace, *answers)
    assert (ran.code, len(rows_of(workspace))) == (0, kept)
    assert ran.out.endswith(f"{kept}件の指標を記録しました。\n")
