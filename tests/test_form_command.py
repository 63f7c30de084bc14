"""What ``form`` makes for whom, what it fills in, and what it says or refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.collecting import LATER, open_year, send, take
from tests.filled_forms import Paper
from tests.support import call, record, small_workspace

ASKED_WITH = ("--due", "2028-06-30", "--contact", "企画課計画係 内線123")


def test_indicators_without_a_reporter_go_to_a_form_of_their_own(tmp_path: Path) -> None:
    small_workspace(tmp_path, "id: a, reporter: 甲課", "id: b", "id: c, reporter: 甲／乙課")
    paths = send(tmp_path, "R8", "2027-06-01", "--edition", "2")
    assert [path.name for path in paths] == [
        "実績等照会票_R8_第2版_甲課.xlsx",
        "実績等照会票_R8_第2版_照会先未設定.xlsx",
        "実績等照会票_R8_第2版_甲／乙課.xlsx",
    ]
    assert list(Paper.open(paths[1]).subjects("実績")) == ["b"]


def test_names_that_differ_only_in_what_no_file_name_holds_keep_both_forms(tmp_path: Path) -> None:
    small_workspace(tmp_path, "id: a, reporter: 甲/乙", "id: b, reporter: '甲:乙'")
    paths = send(tmp_path, "R8", "2027-06-01")
    asked = [list(Paper.open(path).subjects("実績")) for path in paths]
    assert (len(set(paths)), asked) == (2, [["a"], ["b"]])


def test_the_same_day_gives_the_same_bytes(tmp_path: Path) -> None:
    workspace = open_year(tmp_path, "R9")
    first = {path.name: path.read_bytes() for path in send(workspace, "R9", LATER)}
    again = send(workspace, "R9", LATER, "--output", str(tmp_path / "again"))
    assert {path.name: path.read_bytes() for path in again} == first


def test_a_form_that_was_filled_in_is_not_replaced(tmp_path: Path) -> None:
    workspace = open_year(tmp_path, "R9", "R10")
    (path,) = send(workspace, "R9", LATER, "--reporter", "こども家庭センター")
    paper = Paper.open(path)
    paper.put("chiiki-6", "実績値", 2)
    filled = paper.save(path).read_bytes()
    ran = call(workspace, "form", "R9", "--date", LATER)
    assert (ran.code, path.read_bytes()) == (1, filled)
    assert f"{path.name} には、まだ取り込んでいない記入があります。" in ran.err
    assert take(workspace, path).code == 0
    assert send(workspace, "R9", LATER, "--reporter", "こども家庭センター") == [path]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ("R13", 1, "R13（令和13年度）は計画期間の外です。"),
        ("R9 --reporter 無い課", 1, "照会先「無い課」に、R9 にたずねる指標はありません。"),
        ("R9 --interim --all", 2, "--interim と --all は一緒に使えません。"),
        ("R9 --all --reporter 総合福祉課", 2, "--all と --reporter は一緒に使えません。"),
        ("R9 --format ods", 2, "--format 「ods」は使えません。"),
        ("R9 --edition 0", 2, "--edition 「0」は使えません。"),
        ("R9 --due 月末", 2, "日付「月末」は読めません。"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(
    tmp_path: Path, arguments: str, code: int, message: str
) -> None:
    workspace = open_year(tmp_path)
    ran = call(workspace, "form", *arguments.split(), "--date", LATER)
    assert (ran.code, message in ran.err) == (code, True), ran.err
    assert not (workspace / "reports").exists()


def test_the_commonest_slip_and_an_empty_head_are_mentioned(tmp_path: Path) -> None:
    workspace = open_year(tmp_path, "R9", "R10")
    ran = call(workspace, "form", "R9", "--date", "2027-05-12")
    assert (
        "R9 は令和10年3月31日まで続いています。R8（令和8年度）の照会ではありませんか。" in ran.err
    )
    assert "回答期限が空欄です。" in ran.err
    ran = call(workspace, "form", "R9", "--date", LATER, *ASKED_WITH)
    assert ("続いています" in ran.err, "空欄" in ran.err) == (False, False)
    assert "次: 照会先に送り" in ran.err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("R9 --due 2028-03-31", "令和10年3月31日"),
        ("R9 --due 2028-04-01", ""),
        ("R10 --interim --due 2028-09-30", "令和10年9月30日"),
        ("R10 --interim --due 2028-10-20", ""),
    ],
)
def test_a_due_date_on_which_nobody_can_answer_is_mentioned(
    tmp_path: Path, options: str, told: str
) -> None:
    ran = call(open_year(tmp_path, "R9", "R10"), "form", *options.split(), "--date", LATER)
    assert ran.code == 0
    assert (f"回答期限の{told}には" in ran.err, "まだ出ていません" in ran.err) == (bool(told),) * 2


def test_a_name_too_long_for_a_file_is_shortened_and_both_forms_kept(tmp_path: Path) -> None:
    reporters = [f"{'𠮷' * 100}{end}" for end in "甲乙"]
    listed = [f"id: {id_}, reporter: {each}" for id_, each in zip("ab", reporters, strict=True)]
    workspace = small_workspace(tmp_path, *listed)
    paths = send(workspace, "R9", LATER)
    assert [path.name for path in paths] == [
        f"実績等照会票_R9_第1版_{'𠮷' * 40}{number}.xlsx" for number in ("", "_2")
    ]
    assert [
        str(Paper.open(path).sheets).count(each)
        for path, each in zip(paths, reporters, strict=True)
    ] == [2, 2]


def test_a_reporter_named_twice_gets_one_form(tmp_path: Path) -> None:
    workspace = open_year(tmp_path, "R9", "R10")
    assert len(send(workspace, "R9", LATER, *["--reporter", "総合福祉課"] * 2)) == 1


def texts_of(sheet: Paper, title: str) -> list[str]:
    rows = sheet.sheets["実績"]
    return [
        rows[sheet.row("実績", each)][sheet.column("実績", title)]
        for each in sheet.subjects("実績")
    ]


def test_what_is_not_known_says_why(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a", "id: b", "id: c", "id: d")
    record(workspace, "R8 a 100", "R8 b - 測定不能", "R8 c - 未確定")
    (path,) = send(workspace, "R9", "2028-06-01")
    assert texts_of(Paper.open(path), "R8実績") == [100.0, "測定不能", "未確定", "記録なし"]


def test_a_rate_says_what_its_parts_are(tmp_path: Path) -> None:
    rate = "measure: rate, unit: ％, decimals: 1"
    small_workspace(tmp_path, f"id: a, {rate}, definition: 回収数÷配布数", f"id: b, {rate}")
    (closing,) = send(tmp_path, "R8", "2027-06-01")
    assert texts_of(Paper.open(closing), "数え方") == [
        "回収数÷配布数",
        "率（分子÷分母×100）。分子と分母に何を数えたかを備考に",
    ]
    (half,) = send(tmp_path, "R8", "2026-10-20", "--interim")
    assert texts_of(Paper.open(half), "数え方")[1] == "率（分子÷分母×100）"
