"""``jusou enter`` from a pipe: nobody can answer again, so it stops at what cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dialogue import COUNT, RATE, enter_piped, figures
from tests.support import record, rows_of, small_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return small_workspace(tmp_path, COUNT, RATE, "id: c", "id: d")


def test_answers_that_can_all_be_used_are_taken(workspace: Path) -> None:
    ran = enter_piped(workspace, "120", "窓口日誌", "20/38", "", "s", "95", "")
    assert ran.code == 0
    assert figures(workspace) == ["a 120", "b 52.6", "d 95"]
    assert "4件" not in ran.err
    assert "jusou status R9" in ran.err  # c is open


@pytest.mark.parametrize(
    ("answers", "line", "words"),
    [
        (["120", "", "約18", "", "95", "", "90", ""], 3, "実績値「約18」は数値として読めません。"),
        (["120", "", "s", "1,20", "", "90", ""], 4, "実績値「1,20」は数値として読めません。"),
        (["120", "", "60", "", "5000", "", "90", ""], 6, "「」は y でも n でもありません。"),
        (["120", "", "60", "", "5000", "90", ""], 6, "「90」は y でも n でもありません。"),
        (["120", "", "55", "見込 60", "90"], 4, "「見込 60」は文として記録しません。"),
        (["120", "", "55", "90", "90"], 4, "「90」は文として記録しません。"),
        (["120", "", "55", "９５件", "90"], 4, "「９５件」は文として記録しません。"),
        (["120", "", "55", "20/38", "90"], 4, "「20/38」は文として記録しません。"),
        (["120", "", "55", "該当なし 対象なし", "90"], 4, "「該当なし 対象なし」は文"),
        (["120", "", "中間 55", "9月末", ""], 4, "基準日「9月末」は日付として読めません。"),
        (["120", "", "取消", "間違い", "95"], 3, "取り消す数値がありません。"),
        (["120", "", "b", "121", "", "x"], 5, "理由が空です。"),
        (["120", "", "55"], 4, "入力が途中で終わりました。"),
    ],
)
def test_stops_at_the_first_answer_that_cannot_be_used(
    workspace: Path, answers: list[str], line: int, words: str
) -> None:
    ran = enter_piped(workspace, *answers)
    assert ran.code == 1
    assert f"エラー: 入力の{line}行目で止めました。" in ran.err
    assert words in ran.err
    count = len({row["指標"] for row in rows_of(workspace)})
    assert f"ここまでの{count}件は記録しました。" in ran.err
    assert f"{count}件の指標を記録しました。" in ran.out
    assert figures(workspace)[0] == "a 120"
    assert set(figures(workspace)) <= {"a 120", "b 60.0"}


def test_the_first_answer_too(workspace: Path) -> None:
    ran = enter_piped(workspace, "だいたい120", "", "60")
    assert (ran.code, rows_of(workspace)) == (1, [])
    assert "入力の1行目で止めました。" in ran.err
    assert "ここまで" not in ran.err
    assert "記録のない指標だけを初めからたずねます" in ran.err


def test_the_same_answers_from_there_on_finish(workspace: Path) -> None:
    assert enter_piped(workspace, "120", "", "約60", "").code == 1
    assert enter_piped(workspace, "60", "", "95", "", "90", "").code == 0
    assert figures(workspace) == ["a 120", "b 60.0", "c 95", "d 90"]


def test_answers_nobody_asked_for_are_said(workspace: Path) -> None:
    ran = enter_piped(workspace, "120", "", "60", "", "95", "", "90", "", "", "80", "")
    assert ran.code == 1
    assert "入力の9行目から後は、たずねる指標がなく、使っていません。" in ran.err
    assert len(rows_of(workspace)) == 4


def test_what_nobody_sees_is_dropped_and_said(workspace: Path) -> None:
    ran = enter_piped(workspace, "1\u200b20", "窓\u2060口", "q")
    assert ran.err.count("目に見えない文字を除きました。") == 2
    assert [(row["実績値"], row["備考"]) for row in rows_of(workspace)] == [("120", "窓口")]


def test_who_answered_everything_is_led_on_to_check(workspace: Path) -> None:
    record(workspace, "R9 b 60", "R9 c 95", "R9 d 90")
    for answers in ("中間 60", "", ""), ("120", ""), ():
        ran = enter_piped(workspace, *answers)
        assert ("jusou check" in ran.err, "jusou status" in ran.err) == (True, False)
