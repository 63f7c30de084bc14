"""``jusou add``: what it writes, what it refuses, and that refusing leaves everything as it was."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pytest

from jusou.logs.schema import ACTUALS
from tests.support import (
    ACTUALS_HEADER,
    Ran,
    call,
    real_workspace,
    record,
    sample_workspace,
    show_json,
    tree,
    write_actuals,
)

MAY_OF_R10 = "2028-05-20"  # R9 has just ended


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return real_workspace(tmp_path)


def add(workspace: Path, *arguments: str, day: str = MAY_OF_R10) -> Ran:
    return call(workspace, "add", *arguments, "--date", day, env={"USERNAME": "釜石 花子"})


def rows(workspace: Path, year: str = "R9") -> list[dict[str, str]]:
    path = workspace / "data" / "actuals" / f"{year}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def refused(workspace: Path, *arguments: str, day: str = MAY_OF_R10) -> str:
    """Return the message of an ``add`` that must fail, having seen that nothing was changed."""
    before = tree(workspace)
    ran = add(workspace, *arguments, day=day)
    assert (ran.code, ran.out) == (1, ""), ran
    assert tree(workspace) == before
    assert ran.err.startswith("エラー: ")
    return ran.err


def unchanged(workspace: Path, *arguments: str) -> str:
    """Return what an ``add`` says that succeeds without writing."""
    before = tree(workspace)
    ran = add(workspace, *arguments)
    assert ran.code == 0, ran.err
    assert tree(workspace) == before
    return ran.out


NEW_HEADER = ",".join(ACTUALS.columns)


def test_writes_one_row_with_all_that_is_known(workspace: Path) -> None:
    ran = add(workspace, "R9", "sodan-2", "2,655", "--remark", "窓口日誌による")
    assert ran.code == 0
    assert "記録しました: R9 (1)② 障がい者（児）の総合窓口相談件数  2,655件（確定）" in ran.out
    assert "目標 2,650　達成率 100.2％　達成度 A" in ran.out
    assert "jusou status R9" in ran.err
    content = (workspace / "data" / "actuals" / "R9.csv").read_bytes()
    assert content.startswith(f"{NEW_HEADER}\r\n".encode("utf-8-sig"))
    assert content.count(b"\n") == content.count(b"\r\n") == 2
    (row,) = rows(workspace)
    assert datetime.fromisoformat(row.pop("記録日時")).tzinfo is not None
    assert row == {
        "年度": "R9", "指標": "sodan-2", "実績値": "2655", "分子": "", "分母": "", "区分": "確定",
        "基準日": "", "入力者": "釜石 花子", "備考": "窓口日誌による", "訂正理由": "",
        "指標名": "障がい者（児）の総合窓口相談件数",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("year", "label"),
    [("R9", "(1)②"), ("令和9年度", "1②"), ("2027", "1-2"), ("Ｒ９", "１－２"), ("r9", "（１）②"),
     ("R9", "SODAN-2"), ("R9", "ｓｏｄａｎ－２")],
)  # fmt: skip
def test_takes_every_spelling_of_year_and_indicator(workspace: Path, year: str, label: str) -> None:
    assert add(workspace, year, label, "２，６５５件").code == 0
    (row,) = rows(workspace)
    assert (row["年度"], row["指標"], row["実績値"]) == ("R9", "sodan-2", "2655")


@pytest.mark.parametrize("again", ["1000", "1,000", "１，０００", "1000件", " 1000 "])
def test_the_same_value_again_writes_nothing(workspace: Path, again: str) -> None:
    add(workspace, "R9", "sodan-2", "1,000")
    assert "何も書き込みませんでした" in unchanged(workspace, "R9", "1-2", again)
    assert unchanged(workspace, "R9", "1-2", again, "--correct", "--remark", "念のため")


PARTS = ("--numerator", "3882", "--denominator", "4205")


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (["sodan-1", *PARTS, "--remark", "台帳"], ["sodan-1", "92.3"]),
        (["sodan-1", "92.3", *PARTS], ["sodan-1", *PARTS]),
        (["sodan-2", "2655", "--as-of", "2028-03-31"], ["sodan-2", "2655"]),
        (["sodan-1", *PARTS, "--basis", "速報"], ["sodan-1", "92.3", "--basis", "速報"]),
        (["sodan-2", "--basis", "未確定", "--remark", "7月"], ["sodan-2", "--basis", "未確定"]),
    ],
)
def test_saying_less_of_the_same_figure_writes_nothing(
    workspace: Path, first: list[str], again: list[str]
) -> None:
    assert add(workspace, "R9", *first).code == 0
    assert "何も書き込みませんでした" in unchanged(workspace, "R9", *again)


def test_saying_more_of_the_same_figure_is_kept_with_what_stood(workspace: Path) -> None:
    for more in (["92.3"], PARTS, ["92.3", "--remark", "台帳による"]):
        assert add(workspace, "R9", "sodan-1", *more).code == 0
    cells = [(row["実績値"], row["分子"], row["分母"], row["備考"]) for row in rows(workspace)]
    assert cells == [
        ("92.3", "", "", ""),
        ("92.3", "3882", "4205", ""),
        ("92.3", "3882", "4205", "台帳による"),
    ]


def test_another_remark_on_the_same_figure_is_not_lost_without_a_word(workspace: Path) -> None:
    add(workspace, "R9", "sodan-2", "2655", "--remark", "窓口日誌による")
    said = refused(workspace, "R9", "sodan-2", "2655", "--remark", "月報による")
    assert "すでに「2,655件（確定） 窓口日誌による」が記録されています" in said


def test_a_preliminary_figure_becomes_final_without_its_parts(workspace: Path) -> None:
    add(workspace, "R9", "sodan-1", *PARTS, "--basis", "速報")
    assert add(workspace, "R9", "sodan-1", "92.3").code == 0
    assert [(row["区分"], row["分子"]) for row in rows(workspace)] == [
        ("速報", "3882"),
        ("確定", "3882"),
    ]


def test_the_way_out_of_a_figure_that_is_still_to_come(workspace: Path) -> None:
    add(workspace, "R9", "sodan-2", "--basis", "未確定", "--remark", "7月に確定")
    said = refused(workspace, "R9", "sodan-2", "2600", "--basis", "見込")
    assert "先に「未確定」を取り消してください（中間と見込も空になります）。" in said
    assert "取り消すには --basis 取消 --reason 理由" in said


def test_another_value_needs_correct_and_a_reason(workspace: Path) -> None:
    add(workspace, "R9", "sodan-2", "2,655")
    said = refused(workspace, "R9", "sodan-2", "2,660")
    assert "2,655件（確定）" in said
    assert "data/actuals/R9.csv:2" in said
    assert "--correct" in said
    assert "理由" in refused(workspace, "R9", "sodan-2", "2,660", "--correct")
    refused(workspace, "R9", "sodan-2", "--basis", "未確定")
    assert add(workspace, "R9", "sodan-2", "2,660", "--correct", "--remark", "集計漏れ").code == 0
    assert [row["実績値"] for row in rows(workspace)] == ["2655", "2660"]


@pytest.mark.parametrize("first", ["確定", "速報", "未確定", "該当なし", "測定不能"])
@pytest.mark.parametrize("later", [["見込"], ["中間", "--as-of", "2027-09-30"]])
def test_forecast_and_interim_are_refused_behind_a_closing_row(
    workspace: Path, first: str, later: list[str]
) -> None:
    record(workspace, f"R9 sodan-2 {'5' if first in ('確定', '速報') else '-'} {first}")
    said = refused(workspace, "R9", "sodan-2", "2600", "--basis", *later)
    assert first in said
    assert later[0] in said


@pytest.mark.parametrize("basis", ["確定", "速報"])
@pytest.mark.parametrize(
    ("entered", "last_day", "meant"),
    [
        ("R9 on 2027-05-20", "令和10年3月31日", "R8（令和8年度）"),
        ("R9 on 2028-03-31", "令和10年3月31日", "R8（令和8年度）"),
        ("R12 on 2028-05-20", "令和13年3月31日", "R9（令和9年度）"),
    ],
)
def test_a_closing_figure_of_a_running_year_is_refused(
    workspace: Path, basis: str, entered: str, last_day: str, meant: str
) -> None:
    year, day = entered.split(" on ")
    said = refused(workspace, year, "sodan-2", "2600", "--basis", basis, day=day)
    assert last_day in said
    assert f"{meant}の数値ではありませんか" in said
    assert "--before-year-end" in said


def test_what_a_running_year_takes(workspace: Path) -> None:
    day = "2028-03-31"
    for arguments in (
        ["sodan-2", "1300", "--basis", "中間", "--as-of", "R9.9.30"],
        ["sodan-2", "2600", "--basis", "見込"],
        ["sodan-4", "--basis", "該当なし", "--remark", "対象なし"],
        ["chiiki-6", "1", "--before-year-end"],
        ["chiiki-7", "1", "--basis", "速報", "--before-year-end"],
    ):
        assert add(workspace, "R9", *arguments, day=day).code == 0
    assert [row["基準日"] for row in rows(workspace)] == ["2027-09-30", "", "", "", ""]


def test_what_replaces_a_closing_row_without_correct(workspace: Path) -> None:
    """未確定 gives way to a figure; 速報 to the same figure as 確定, but to no other."""
    record(workspace, "R9 sodan-2 - 未確定", "R9 sodan-4 36 速報")
    assert add(workspace, "R9", "sodan-2", "2655", "--basis", "速報").code == 0
    refused(workspace, "R9", "sodan-4", "37")
    assert add(workspace, "R9", "sodan-4", "36").code == 0
    refused(workspace, "R9", "sodan-4", "36", "--basis", "速報")
    assert [row["区分"] for row in rows(workspace)] == ["未確定", "速報", "速報", "確定"]


def test_rows_without_a_figure(workspace: Path) -> None:
    for basis in ("未確定", "測定不能", "該当なし"):
        arguments = ["R9", "sodan-4", "--basis", basis, "--remark", f"{basis}の理由", "--correct"]
        assert add(workspace, *arguments).code == 0
        unchanged(workspace, *arguments)
        assert "数値" in refused(workspace, "R9", "sodan-2", "5", "--basis", basis)
    assert [row["実績値"] for row in rows(workspace)] == ["", "", ""]


def test_cancelling(workspace: Path) -> None:
    assert "取り消す" in refused(workspace, "R9", "sodan-2", "--basis", "取消", "--remark", "誤り")
    add(workspace, "R9", "sodan-2", "2,655")
    assert "理由" in refused(workspace, "R9", "sodan-2", "--basis", "取消")
    assert add(workspace, "R9", "sodan-2", "--basis", "取消", "--remark", "誤り").code == 0
    assert add(workspace, "R9", "sodan-2", "2,660").code == 0
    assert [row["区分"] for row in rows(workspace)] == ["確定", "取消", "確定"]


def test_cancelling_names_what_becomes_empty_with_it(workspace: Path) -> None:
    write_actuals(
        workspace,
        "R9",
        [",,sodan-2,1300,,,中間,2027-09-30,,秋,", ",,sodan-2,2700,,,見込", ",,sodan-2,2655"],
    )
    ran = add(workspace, "R9", "sodan-2", "--basis", "取消", "--remark", "誤り")
    emptied = "「2,700件（見込）」と「1,300件（中間） 令和9年9月30日」"
    assert f"確認してください: 「2,655件（確定）」のほか、{emptied}も空になります。" in ran.err


def test_dry_run_writes_nothing(workspace: Path) -> None:
    ran = unchanged(workspace, "R9", "sodan-2", "2,655", "--dry-run")
    assert "記録する内容（書き込んでいません）" in ran
    assert "2,655件（確定）" in ran
    assert not (workspace / "data" / "actuals").exists()
    refused(workspace, "R9", "sodan-2", "約50", "--dry-run")


def test_numerator_and_denominator(workspace: Path) -> None:
    both = ["--numerator", "6,415", "--denominator", "7,012"]
    assert "達成率 99.5％" in add(workspace, "R9", "sodan-1", *both).out
    (row,) = rows(workspace)
    assert (row["実績値"], row["分子"], row["分母"]) == ("91.5", "6415", "7012")
    unchanged(workspace, "R9", "sodan-1", "91.5", *both)
    assert "91.5" in refused(workspace, "R9", "sodan-1", "91.4", *both)
    assert "率の指標ではありません" in refused(workspace, "R9", "sodan-2", *both)
    assert "分母が空" in refused(workspace, "R9", "sodan-3", "--numerator", "1")
    assert "分子が空" in refused(workspace, "R9", "sodan-3", "--denominator", "1")
    zero = refused(workspace, "R9", "sodan-3", "--numerator", "0", "--denominator", "0")
    assert "該当なし" in zero


def test_6415_of_7012_meets_a_target_of_91_5(workspace: Path) -> None:
    assert add(workspace, "R8", "1-1", "--numerator", "6415", "--denominator", "7012").code == 0
    found = show_json(workspace, "show", "R8", "--date", MAY_OF_R10)["indicators"][0]
    assert [found[key] for key in ("actual", "target", "attainment")] == [91.5, 91.5, 100]
    assert found["rating"] == "A"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["R9", "sodan-2", "約50"], "実績値「約50」は数値として読めません"),
        (["R9", "sodan-2", "—"], "該当なし"),
        (["R9", "sodan-2", "2655人"], "「2655人」"),
        (["R9", "sodan-2", "2655.5"], "整数で"),
        (["R9", "sodan-1", "100.1"], "100％ を超えています"),
        (["R9", "sodan-2"], "実績値が空です"),
        (["R9", "sodan-9", "1"], "sodan-"),
        (["R9", "sodan", "1"], "指標ではありません（包括的相談支援事業）"),
        (["R9", "1月2日", "1"], "日付になっています"),
        (["R9", "../x", "1"], "「../x」は計画にありません"),
        (["R9", "sodan-2", "1", "--basis", "予想"], "区分「予想」は使えません"),
        (["R9", "sodan-2", "1", "--basis", "中間"], "基準日がありません"),
        (["R9", "sodan-2", "1", "--basis", "中間", "--as-of", "2028-09-30"], "R9 の中にありません"),
        (["R9", "sodan-2", "1", "--as-of", "9月末"], "「9月末」は日付として読めません"),
        (["R13", "sodan-2", "1", "--before-year-end"], "R6 から R12 まで"),
        (["R5", "sodan-2", "1"], "R6 から R12 まで"),
    ],
)
def test_refuses(workspace: Path, arguments: list[str], words: str) -> None:
    assert words in refused(workspace, *arguments)


def test_years_before_the_plan_are_taken_for_reference(workspace: Path) -> None:
    ran = add(workspace, "R7", "sodan-2", "2548")
    assert ran.code == 0
    assert "達成率" not in ran.out


def test_nothing_is_appended_to_data_with_an_error(workspace: Path) -> None:
    record(workspace, "R8 sodan-2 約50")
    before = tree(workspace)
    ran = add(workspace, "R9", "sodan-2", "2655")
    assert ran.code == 1
    assert "data/actuals/R8.csv:2" in ran.err
    assert tree(workspace) == before


def test_a_row_typed_by_hand_is_as_good_as_one_the_tool_wrote(workspace: Path) -> None:
    write_actuals(
        workspace, "R9", [",,１－２,２，６５５件", ",,,", ",令和9年度,sodan-1,,6415,7012,,,"]
    )
    typed = show_json(workspace, "show", "R9", "--date", MAY_OF_R10)
    assert "何も書き込みませんでした" in unchanged(workspace, "R9", "sodan-2", "2655")
    (workspace / "data" / "actuals" / "R9.csv").unlink()
    add(workspace, "R9", "sodan-2", "2655")
    add(workspace, "R9", "sodan-1", "--numerator", "6415", "--denominator", "7012")
    assert show_json(workspace, "show", "R9", "--date", MAY_OF_R10) == typed


def test_the_person_is_the_account_unless_given(workspace: Path) -> None:
    add(workspace, "R9", "sodan-2", "2655", "--by", "別の人")
    add(workspace, "R9", "sodan-4", "36")
    assert [row["入力者"] for row in rows(workspace)] == ["別の人", "釜石 花子"]


def test_what_had_to_be_kept_beside_the_log_is_said(workspace: Path) -> None:
    log = workspace / "data" / "actuals" / "R9.csv"
    log.parent.mkdir(exist_ok=True)
    row = ",,sodan-4,36,,,,,,補助金\r\n2028-05-10T09:00:00+09:00,R9,sodan-2,26"
    log.write_bytes(f"{ACTUALS_HEADER}\r\n{row}".encode("cp932"))
    assert "確認したほうがよい点が1件" in call(workspace, "history", "sodan-2").err
    ran = add(workspace, "R9", "sodan-2", "2655")
    assert "書きかけの最後の行を R9.csv.torn に移しました。" in ran.err
    assert "行の内容は1つも変わっていません（元のファイルは R9.csv.bak です）。" in ran.err
    assert [each["実績値"] for each in rows(workspace)] == ["36", "2655"]
    assert "移しました" not in add(workspace, "R9", "sodan-2", "2655").err


@pytest.mark.parametrize(
    ("first", "second"),
    [("2690 --basis 見込", "2700 --basis 見込"),
     ("1298 --basis 中間 --as-of 2028-09-30", "1300 --basis 中間 --as-of 2028-09-30")],
)  # fmt: skip
def test_a_forecast_or_interim_that_stands_is_not_replaced_silently(
    tmp_path: Path, first: str, second: str
) -> None:
    workspace = sample_workspace(tmp_path)
    day = ("--date", "2028-11-10")
    path = workspace / "data" / "actuals" / "R10.csv"
    call(workspace, "add", "R10", "sodan-2", "--basis", "取消", "--remark", "例", *day)
    assert call(workspace, "add", "R10", "sodan-2", *first.split(), *day).code == 0
    before = path.read_bytes()
    ran = call(workspace, "add", "R10", "sodan-2", *second.split(), *day)
    assert (ran.code, path.read_bytes()) == (1, before)
    assert "R10 sodan-2 には、すでに「" in ran.err
    assert "--correct と --reason 理由" in ran.err
    ran = call(workspace, "add", "R10", "sodan-2", *second.split(), "--correct", *day)
    assert (ran.code, "訂正の理由がありません。" in ran.err) == (1, True)
    reason = ("--correct", "--remark", "再推計")
    assert call(workspace, "add", "R10", "sodan-2", *second.split(), *reason, *day).code == 0


def test_more_than_all_is_no_rate_even_where_rounding_hides_it(workspace: Path) -> None:
    parts = ("--numerator", "4206", "--denominator", "4205")
    ran = add(workspace, "R9", "sodan-1", *parts)
    assert (ran.code, "分子「4206」が分母「4205」を超えています。" in ran.err) == (1, True)
