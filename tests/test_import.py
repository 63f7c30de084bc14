"""What ``import`` understands, what it asks about, and what it does when it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.collecting import LATER, logged, open_year, send, take
from tests.filled_forms import Formula, Paper
from tests.support import Ran, record, rows_of, small_workspace, tree

INDICATORS = (
    "id: a, baseline: 90, reporter: 甲課",
    "id: b, unit: ％, decimals: 1, measure: rate, targets: {R8: 90, R9: 90, R10: 90}",
    "id: c, measure: cumulative, baseline: 5, reporter: 乙課",
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """R8 is over, nothing has come in."""
    return small_workspace(tmp_path / "workspace", *INDICATORS)


def table(workspace: Path, text: str, name: str = "表.csv", encoding: str = "utf-8") -> Path:
    """Write a table beside the workspace."""
    path = workspace.parent / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    return path


def take_table(workspace: Path, text: str, *options: str) -> Ran:
    return take(workspace, table(workspace, text), "--year", "R8", *options)


def stands(workspace: Path, indicator: str) -> tuple[str, str, str]:
    """Return value, 区分 and 備考 of the last row of an indicator."""
    row = [each for each in logged(workspace, "actuals/R8.csv") if each["指標"] == indicator][-1]
    return row.get("実績値", ""), row["区分"], row.get("備考", "")


def check_no_change(workspace: Path, *arguments: str | Path) -> Ran:
    before = tree(workspace)
    ran = take(workspace, *arguments)
    assert tree(workspace) == before
    return ran


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("指標,実績値\na,100\n", ["--year", "R8"]),
        ("指標,実績値\n(1)1,１００件\n", ["--year", "令和8年度"]),
        ("指標,年度,実績値\na,R8,100\n", []),
        ("実績値,指標名,指標\n 100 ,件数,a\n\n,,\n", ["--year", "R8"]),
        ("令和8年度の実績\n\n指 標,実 績 値,\na,100,\n", ["--year", "R8"]),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_plain_table_is_taken(
    workspace: Path, text: str, options: list[str], encoding: str
) -> None:
    ran = take(workspace, table(workspace, text, encoding=encoding), *options)
    assert (ran.code, "取り込みました: 実績 1件、記述 0件。" in ran.err) == (0, True), ran.err
    assert "次: jusou status R8" in ran.err
    assert stands(workspace, "a") == ("100", "確定", "")
    (received,) = logged(workspace, "imports.csv")
    assert (received["種類"], received["ファイル名"], received["取込不可"]) == ("表", "表.csv", "0")
    assert (received["指標"], received["入力者"]) == ("a", "計画係")
    assert logged(workspace, "actuals/R8.csv")[0]["記録日時"] == received["記録日時"]


def test_columns_and_rows_may_be_moved(tmp_path: Path) -> None:
    workspace = open_year(tmp_path, "R9", "R10")
    (form,) = send(workspace, "R9", LATER, "--reporter", "総合福祉課")
    paper = Paper.open(form)
    paper.put("sodan-2", "実績値", 2700)
    paper.put("outreach-3", "区分", "未確定")
    paper.put("outreach-3", "備考", "7月")
    heading = paper.heading("実績")
    rows = paper.sheets["実績"]
    head, titles, body = rows[:heading], rows[heading], rows[heading + 1 :]
    paper.sheets["実績"] = [[*row, ""] for row in head]
    paper.sheets["実績"] += [["メモ", *reversed(titles)]]
    paper.sheets["実績"] += [["", *reversed(row)] for row in reversed(body)]
    paper.sheets["実績"][-1][0] = "検算済"
    ran = take(workspace, paper.save(tmp_path / "moved.xlsx"))
    assert ran.code == 0, ran.err
    assert (
        "moved.xlsx 実績!A20: 知らない見出し「メモ」の列にある「検算済」は取り込みません。"
        in ran.err
    )
    found = {row["指標"]: row for row in logged(workspace, "actuals/R9.csv")}
    assert (found["sodan-2"]["実績値"], found["outreach-3"]["備考"]) == ("2700", "7月")


def test_a_formula_counts_by_its_result_and_a_number_as_excel_shows_it(tmp_path: Path) -> None:
    workspace = open_year(tmp_path, "R9", "R10")
    (form,) = send(workspace, "R9", LATER, "--reporter", "こども家庭センター")
    paper = Paper.open(form)
    paper.put("chiiki-6", "実績値", Formula("=1+1", 2))
    paper.put("sodan-3", "実績値", 0.1 + 0.2 + 55)
    assert take(workspace, paper.save(tmp_path / "答.xlsx")).code == 0
    values = {row["指標"]: row["実績値"] for row in logged(workspace, "actuals/R9.csv")}
    assert values == {"chiiki-6": "2", "sodan-3": "55.3"}


def test_a_department_that_was_renamed_is_understood(tmp_path: Path) -> None:
    workspace = open_year(tmp_path, "R9", "R10")
    (form,) = send(workspace, "R9", LATER, "--reporter", "こども家庭センター")
    plan = workspace / "data" / "targets.yaml"
    plan.write_text(plan.read_text("utf-8").replace("こども家庭センター", "こども課"), "utf-8")
    paper = Paper.open(form)
    paper.put("chiiki-6", "実績値", 2)
    assert take(workspace, paper.save(tmp_path / "答.xlsx")).code == 0
    assert logged(workspace, "imports.csv")[0]["照会先"] == "こども家庭センター"


def test_dry_run_writes_nothing(workspace: Path) -> None:
    path = table(workspace, "指標,実績値\na,100\nb,\n")
    ran = check_no_change(workspace, path, "--year", "R8", "--dry-run")
    assert (ran.code, "〔取り込みの内容（新規 1件）〕" in ran.out) == (0, True)
    assert "--dry-run のため書き込んでいません（取り込めるもの: 実績 1件、記述 0件）。" in ran.err
    path = table(workspace, "指標,実績値\na,約100\n")
    assert check_no_change(workspace, path, "--year", "R8", "--dry-run").code == 1


def test_what_cannot_be_taken_keeps_the_rest_out_unless_told_otherwise(workspace: Path) -> None:
    text = "指標,実績値\na,100\nb,約90\nc,1\n"
    path = table(workspace, text)
    ran = check_no_change(workspace, path, "--year", "R8")
    assert (ran.code, "〔取り込みの内容（新規 1件、要確認 1件、取込不可 1件）〕" in ran.out) == (
        1,
        True,
    )
    assert "直すものや確かめるものが2件あるため、何も書き込みませんでした。" in ran.err
    ran = take_table(workspace, text, "--accept-valid")
    assert (ran.code, "取り込めなかったものが2件あります。" in ran.err) == (0, True)
    assert [row["指標"] for row in logged(workspace, "actuals/R8.csv")] == ["a"]
    assert logged(workspace, "imports.csv")[0]["取込不可"] == "2"
    assert check_no_change(workspace, path, "--year", "R8", "--accept-valid").code == 0
    ran = take_table(workspace, text, "--accept-valid", "--accept-suspicious", "c")
    assert (ran.code, stands(workspace, "c")) == (0, ("1", "確定", ""))
    assert [row["取込不可"] for row in logged(workspace, "imports.csv")] == ["2", "1"]


def test_a_suspicious_figure_is_asked_about(workspace: Path) -> None:
    ran = check_no_change(workspace, table(workspace, "指標,実績値\na,1000\n"), "--year", "R8")
    assert (ran.code, "表.csv 2行目: a の実績「1,000件（確定）」は要確認です。" in ran.err) == (
        1,
        True,
    )
    assert (
        "10倍以上です。\n    確かめて正しければ、--accept-suspicious a を付けてください。"
        in ran.err
    )
    assert take_table(workspace, "指標,実績値\na,1000\n", "--accept-suspicious", "all").code == 0


def test_a_figure_that_differs_is_a_conflict_that_shows_both(workspace: Path) -> None:
    record(workspace, "R8 a 100", "R8 c 9")
    text = "指標,実績値,備考\na,110,\nc,10,再集計\n"
    ran = check_no_change(workspace, table(workspace, text), "--year", "R8")
    assert (ran.code, "〔取り込みの内容（食い違い 2件）〕" in ran.out) == (1, True)
    known = "すでに「100件（確定） 備考」が記録されています（data/actuals/R8.csv:2）。"
    assert f"a の実績「110件（確定）」は食い違いです。R8 a には、{known}" in ran.err
    assert "--correct a:実績 --reason 理由" in ran.err
    options = ("--correct", "a", "--correct", "(1)3", "--reason", "集計漏れ")
    ran = take_table(workspace, text, *options)
    assert (ran.code, "〔取り込みの内容（訂正 2件）〕" in ran.out) == (0, True), ran.err
    assert stands(workspace, "a") == ("110", "確定", "")
    assert stands(workspace, "c") == ("10", "確定", "再集計")
    assert {row["訂正理由"] for row in rows_of(workspace, "R8")[-2:]} == {"集計漏れ"}
    assert logged(workspace, "imports.csv")[0]["備考"] == "訂正の指定: a、c（集計漏れ）"
    assert check_no_change(workspace, table(workspace, text), "--year", "R8", *options).code == 0
    assert check_no_change(workspace, table(workspace, text), "--year", "R8").code == 0


def test_a_correction_needs_a_reason_and_a_subject_of_the_plan(workspace: Path) -> None:
    path = table(workspace, "指標,実績値\na,110\n")
    ran = check_no_change(workspace, path, "--year", "R8", "--correct", "a")
    assert (ran.code, "訂正の理由がありません。" in ran.err) == (2, True)
    ran = check_no_change(workspace, path, "--year", "R8", "--correct", "x", "--reason", "訂正")
    assert (ran.code, "対象「x」は計画にありません。" in ran.err) == (1, True)


def test_a_remark_and_the_parts_of_a_rate_are_added_to_the_same_figure(workspace: Path) -> None:
    assert take_table(workspace, "指標,実績値,備考\na,100,\nb,90,調査\n").code == 0
    text = "指標,実績値,分子,分母,備考\na,100,,,注記\nb,,900,1000,\n"
    assert take_table(workspace, text).code == 0
    assert stands(workspace, "a") == ("100", "確定", "注記")
    last = logged(workspace, "actuals/R8.csv")[-1]
    assert (last["実績値"], last["分子"], last["備考"]) == ("90.0", "900", "調査")
    assert "（同じ 2件）" in take_table(workspace, "指標,実績値\na,100\nb,90.0\n").out


def test_two_files_may_agree_but_not_disagree(workspace: Path) -> None:
    folder = workspace.parent / "返信"
    table(workspace, "年度,指標,実績値,備考\nR8,a,100,\n", "返信/一.csv")
    table(workspace, "年度,指標,実績値,備考\nR8,a,100,注記\n", "返信/二.csv")
    assert take(workspace, folder).code == 0
    assert stands(workspace, "a") == ("100", "確定", "注記")
    table(workspace, "年度,指標,実績値\nR8,c,8\n", "返信/三.csv")
    table(workspace, "年度,指標,実績値\nR8,c,9\n", "返信/四.csv")
    ran = check_no_change(workspace, folder)
    assert (ran.code, "（同じ 2件、食い違い 2件）" in ran.out) == (1, True), ran.out
    three, four = ("三.csv 2行目", "8件（確定）"), ("四.csv 2行目", "9件（確定）")
    for (place, words), (other, others) in ((three, four), (four, three)):
        assert (
            f"{place}: c の実績「{words}」は食い違いです。{other} では「{others}」です。" in ran.err
        )


def test_a_file_that_was_taken_does_not_come_back_over_what_followed(workspace: Path) -> None:
    folder = workspace.parent / "返信"
    first = table(workspace, "年度,指標,実績値\nR8,a,100\n", "返信/第1版.csv")
    assert take(workspace, folder).code == 0
    table(workspace, "年度,指標,実績値\nR8,a,120\n", "返信/第2版.csv")
    ran = take(workspace, folder)
    assert (
        ran.code,
        "R8 a には、すでに「100件（確定）」が記録されています" in ran.err,
    ) == (1, True)
    assert take(workspace, folder, "--correct", "a", "--reason", "第2版").code == 0
    ran = check_no_change(workspace, folder)
    assert (ran.code, "（同じ 1件、取込済 1件）" in ran.out) == (0, True), ran.out
    ran = check_no_change(workspace, first)
    assert (ran.code, "（取込済 1件）" in ran.out) == (0, True), ran.out
    assert take(workspace, first, "--correct", "a", "--reason", "第1版が正しい").code == 0
    assert stands(workspace, "a") == ("100", "確定", "")
