"""What ``import`` corrects and what it leaves: item by item, as a form went out, half a form."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from tests.collecting import LATER, logged, open_year, send, take
from tests.filled_forms import Paper
from tests.support import call, sample_workspace, show_json, tree
from tests.test_import_files import DAY, edited


def test_one_sheet_of_a_form_saved_as_csv_is_taken_and_the_others_are_named(
    tmp_path: Path,
) -> None:
    workspace = open_year(tmp_path / "workspace", "R9", "R10")
    (form,) = send(workspace, "R9", LATER, "--reporter", "こども家庭センター")
    paper = Paper.open(form)
    paper.put("chiiki-6", "実績値", 1)
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows(paper.sheets["実績"])
    path = tmp_path / "返信.csv"
    path.write_bytes(lines.getvalue().encode("cp932"))
    ran = take(workspace, path)
    assert ran.code == 0, ran.err
    assert "シート「取組の記述」の内容が、この CSV にはありません。" in ran.err
    assert [row["指標"] for row in logged(workspace, "actuals/R9.csv")] == ["chiiki-6"]


def test_one_text_can_be_corrected_without_the_figure_beside_it(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path / "workspace")
    path = edited(workspace, ("sodan-2", "実績値", "2700"), ("sodan-2", "要因", "書き直した要因"))
    ran = take(workspace, path, day=DAY)
    assert "--correct sodan-2:実績 --reason" in ran.err
    assert "--correct sodan-2:要因 --reason" in ran.err
    only = ("--correct", "sodan-2：要因", "--reason", "文を整えた", "--accept-valid")
    assert take(workspace, path, *only, day=DAY).code == 0
    (found,) = (
        each
        for each in show_json(workspace, "show", "R9", "--date", DAY)["indicators"]
        if each["id"] == "sodan-2"
    )
    assert (found["actual"], found["note"]["cause"]) == (2649, "書き直した要因")
    ran = take(workspace, path, "--correct", "sodan-2:原因", "--reason", "x", day=DAY)
    assert (ran.code, "項目「原因」はありません。" in ran.err) == (1, True)


def test_what_a_form_went_out_with_undoes_no_correction(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path / "workspace")
    path = edited(workspace, ("sodan-1", "委員会意見", "周知を続けること"))
    add = "add R9 sodan-2 2660 --correct --remark 集計漏れ --date 2028-11-10"
    assert call(workspace, *add.split()).code == 0
    assert call(workspace, "note", "R9", "sodan-2", "--cause", "新しい要因").code == 0
    ran = take(workspace, path, day=DAY)
    assert (ran.code, "新規 1件" in ran.out, "取込済 2件" in ran.out) == (0, True, True), ran
    before = tree(workspace)
    assert take(workspace, path, day=DAY).code == 0
    assert tree(workspace) == before
    found = show_json(workspace, "show", "R9", "--date", DAY)["indicators"]
    assert (found[1]["actual"], found[1]["note"]["cause"]) == (2660, "新しい要因")
    assert found[0]["note"]["committee"] == "周知を続けること"


def test_a_figure_that_was_cancelled_can_be_typed_again(tmp_path: Path) -> None:
    workspace = open_year(tmp_path / "workspace", "R9", "R10")
    for entry in ("2655", "--basis 取消 --remark 誤り"):
        ran = call(workspace, *f"add R9 sodan-2 {entry} --date {LATER}".split())
        assert ran.code == 0, ran.err
    path = edited(workspace, ("sodan-2", "実績値", "2655"))
    assert "新規 1件" in take(workspace, path).out
    assert [row["区分"] for row in logged(workspace, "actuals/R9.csv")] == ["確定", "取消", "確定"]


def test_going_back_to_an_older_figure_is_told_and_can_be_asked_for(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path / "workspace")
    add = "add R9 sodan-2 2660 --correct --remark 集計漏れ --date 2028-11-10"
    assert call(workspace, *add.split()).code == 0
    path = edited(workspace, ("sodan-2", "実績値", "2649"), ("sodan-2", "備考", ""))
    ran = take(workspace, path, "--dry-run", day=DAY)
    assert "sodan-2 の実績「2,649件（確定）」は前の記録です。" in ran.err
    assert "--correct sodan-2:実績 --reason 理由" in ran.err
    back = ("--correct", "sodan-2:実績", "--reason", "元に戻す")
    again = "が、今の数値と合うか読み直してください（jusou note R9 sodan-2）。"
    assert again not in take(workspace, path, *back, "--dry-run", day=DAY).err
    ran = take(workspace, path, *back, day=DAY)
    assert (ran.code, again in ran.err) == (0, True)
    assert show_json(workspace, "show", "R9", "--date", DAY)["indicators"][1]["actual"] == 2649


def test_a_tab_in_a_remark_is_no_conflict(tmp_path: Path) -> None:
    workspace = open_year(tmp_path / "workspace", "R9", "R10")
    add = ["add", "R9", "sodan-2", "2655", "--remark", "委託\t分", "--date", LATER]
    assert call(workspace, *add).code == 0
    before = logged(workspace, "actuals/R9.csv")
    assert take(workspace, edited(workspace)).code == 0
    assert logged(workspace, "actuals/R9.csv") == before


def test_a_plan_without_a_baseline_year_takes_its_forms_back(tmp_path: Path) -> None:
    workspace = open_year(tmp_path / "workspace", "R9", "R10")
    plan = workspace / "data" / "targets.yaml"
    text = plan.read_text("utf-8").replace("  baseline_year: R6\n", "")
    plan.write_text(text, "utf-8")
    (workspace / "data" / "actuals" / "R7.csv").unlink(missing_ok=True)
    forms = send(workspace, "R9", LATER)
    ran = take(workspace, *forms)
    assert (ran.code, "取り込みません" in ran.err) == (0, False), ran.err
    assert send(workspace, "R9", LATER) == forms
