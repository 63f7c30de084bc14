"""The human text of a review: how the rows of its log merge, and where it is printed."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support import (
    REVIEWS_HEADER,
    call,
    real_workspace,
    record,
    show_json,
    write_log,
)

COLUMNS = REVIEWS_HEADER.split(",")
LATER = "2029-06-01"
EMPTY = dict.fromkeys(
    (
        "activity", "cause", "issue", "action", "course", "meeting", "committee", "response",
        "action_status", "follow_up", "first_half", "forecast_cause", "second_half", "next_year",
    )
)  # fmt: skip


def note(year: str, subject: str, **texts: str) -> str:
    """One row of a review log, with the texts by their Japanese column."""
    cells = {"年度": year, "対象": subject, **texts}
    buffer = io.StringIO()
    csv.writer(buffer).writerow([cells.get(name, "") for name in COLUMNS])
    return buffer.getvalue().removesuffix("\r\n")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return record(real_workspace(tmp_path), "R8 sodan-2 2000", "R9 sodan-2 2100")


def write(workspace: Path, year: str, *rows: str) -> None:
    write_log(workspace / "data" / "reviews" / f"{year}.csv", REVIEWS_HEADER, rows)


def indicator(workspace: Path, name: str = "sodan-2", year: str = "R9") -> dict[str, Any]:
    found: list[dict[str, Any]] = show_json(workspace, "show", year, "--date", LATER)["indicators"]
    return next(each for each in found if each["id"] == name)


def show(workspace: Path, year: str = "R9") -> str:
    """The review on a screen so wide that nothing is folded."""
    ran = call(workspace, "show", year, "--date", LATER, env={"COLUMNS": "1000"})
    assert ran.code == 0
    return ran.out


def test_every_text_is_given_under_its_name(workspace: Path) -> None:
    write(
        workspace, "R9",
        note("R9", "sodan-2", 実施状況="実", 要因="因", 課題="課", 改善策="改", 方向性="拡充",
             評価="C", 評価理由="由", 委員会意見="委", 対応方針="応"),
    )  # fmt: skip
    found = indicator(workspace)
    assert found["note"] == EMPTY | {
        "activity": "実", "cause": "因", "issue": "課", "action": "改", "course": "拡充",
        "committee": "委", "response": "応",
    }  # fmt: skip
    assert found["evaluation"] == {"mark": "C", "reason": "由"}
    assert found["rating"] == "C"  # 79.2 by computation, with or without the evaluation
    screen = show(workspace)
    for words in ("評価：C（由）", "要因：因", "課題：課", "改善策：改", "方向性：拡充",
                  "委員会意見：委", "対応方針：応", "実施状況：実"):  # fmt: skip
        assert words in screen


def test_the_evaluation_never_replaces_the_rating(workspace: Path) -> None:
    write(workspace, "R9", note("R9", "sodan-2", 評価="A", 評価理由="質の面で目標に達したため"))
    found = indicator(workspace)
    assert (found["rating"], found["evaluation"]["mark"]) == ("C", "A")
    (programme, *_) = show_json(workspace, "show", "R9", "--date", LATER)["programmes"]
    assert (programme["met"], programme["ratings"]["A"], programme["ratings"]["C"]) == (0, 0, 1)


def test_an_empty_cell_leaves_what_stood_and_the_mark_of_deletion_clears_it(
    workspace: Path,
) -> None:
    first = note("R9", "sodan-2", 要因="因1", 課題="課1", 改善策="改1")
    second = note("R9", "sodan-2", 要因="因2", 課題="（削除）")
    write(workspace, "R9", first, note("R9", "sodan-4", 要因="別"), second)
    found = indicator(workspace)["note"]
    assert found == {**EMPTY, "cause": "因2", "action": "改1"}
    write(workspace, "R9", first, second, note("R9", "sodan-2", 課題="課3"))
    assert indicator(workspace)["note"]["issue"] == "課3"
    assert indicator(workspace, "sodan-1")["note"] == EMPTY


def test_clearing_the_reason_but_not_the_evaluation_is_an_error(workspace: Path) -> None:
    given = note("R9", "sodan-2", 評価="B", 評価理由="由")
    write(workspace, "R9", given, note("R9", "sodan-2", 評価理由="（削除）"))
    ran = call(workspace, "show", "R9", "--date", LATER)
    assert (ran.code, ran.out) == (1, "")
    assert "data/reviews/R9.csv:3:" in ran.err
    assert "評価理由" in ran.err
    write(workspace, "R9", given, note("R9", "sodan-2", 評価="（削除）", 評価理由="（削除）"))
    assert indicator(workspace)["evaluation"] is None


def test_last_years_action_is_shown_beside_this_years(workspace: Path) -> None:
    write(workspace, "R8", note("R8", "(1)②", 改善策="夜間の窓口を開く"))
    write(workspace, "R9", note("R9", "１－２", 改善策="土曜の窓口を開く"))
    sodan = show(workspace).split("〔PDCA評価表〕")[1]
    _, row, _ = re.split(r"\(1\)[②③]", sodan)
    assert "前年度の改善策：夜間の窓口を開く　改善策：土曜の窓口を開く" in row
    assert "前年度の改善策：-" in show(workspace, "R8")
    assert "土曜の窓口" not in show(workspace, "R8")


def test_programmes_and_initiatives_are_reviewed_too(workspace: Path) -> None:
    write(
        workspace,
        "R9",
        note("R9", "sanka", 実施状況="事業の実施", 委員会意見="事業への意見"),
        note("R9", "(2)ア", 実施状況="取組の実施", 要因="取組の因", 課題="取組の課", 方向性="完了"),
    )
    _, chiiki, *_, sanka, _ = show(workspace).split("■ ")[5:]
    assert "実施状況：事業の実施" in sanka
    assert "委員会意見：事業への意見" in sanka
    row = chiiki.partition("(ア) 生活応援センター所管事業")[2].partition("(イ)")[0]
    assert [word in row for word in ("取組の実施", "取組の因／取組の課", "完了")] == [True] * 3


def test_every_initiative_is_listed_even_without_a_note(workspace: Path) -> None:
    screen = show(workspace)
    for programme in show_json(workspace, "list")["programmes"]:
        for initiative in programme["initiatives"]:
            assert initiative["name"] in screen
