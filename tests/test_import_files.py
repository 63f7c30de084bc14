"""What ``import`` does with files, folders, forms of several kinds, and texts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from jusou.logs.schema import IMPORTS
from tests.collecting import IN_AUTUMN, LATER, logged, open_year, send, take
from tests.filled_forms import Paper
from tests.support import (
    call,
    sample_workspace,
    show_json,
    small_workspace,
    tree,
    write_log,
)
from tests.test_import import INDICATORS, check_no_change, table

DAY = "2028-11-10"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return small_workspace(tmp_path / "workspace", *INDICATORS)


def edited(workspace: Path, *cells: tuple[str, str, str]) -> Path:
    """Return the planner's own form of the sample with some cells typed anew."""
    (form,) = send(workspace, "R9", DAY, "--all")
    paper = Paper.open(form)
    for subject, title, text in cells:
        paper.put(subject, title, text)
    return paper.save(workspace.parent / "取りまとめ.xlsx")


def notes(workspace: Path, subject: str) -> list[dict[str, str]]:
    return [row for row in logged(workspace, "reviews/R9.csv") if row["対象"] == subject]


def test_texts_are_taken_and_a_different_one_is_a_conflict(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path / "workspace")
    path = edited(
        workspace,
        ("chiiki-7", "評価", "B"),
        ("chiiki-7", "評価理由", "統合して開催したため"),
        ("sodan-1", "課題", "別の課題"),
    )
    before = tree(workspace)
    ran = take(workspace, path, day=DAY)
    assert (ran.code, tree(workspace)) == (1, before)
    assert "課題「別の課題」は食い違いです。sodan-1 の課題には、すでに「転居や入院等" in ran.err
    ran = take(workspace, path, "--correct", "sodan-1", "--reason", "再調査", day=DAY)
    assert ran.code == 0, ran.err
    last = notes(workspace, "sodan-1")[-1]
    assert {title: last[title] for title in ("課題", "入力者", "対象名")} == {
        "課題": "別の課題",
        "入力者": "計画係",
        "対象名": "高齢者現況調査回収率",
    }
    assert notes(workspace, "chiiki-7")[-1]["評価"] == "B"
    assert logged(workspace, "imports.csv")[-1]["備考"] == "訂正の指定: sodan-1（再調査）"


def test_a_text_is_deleted_only_on_purpose(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path / "workspace")
    path = edited(workspace, ("sodan-1", "課題", ""), ("sodan-2", "課題", "（削除）"))
    assert take(workspace, path, day=DAY).code == 1
    assert take(workspace, path, "--correct", "1-2", "--reason", "不要", day=DAY).code == 0
    noted = {each["id"]: each["note"] for each in show_json(workspace, "show", "R9")["indicators"]}
    assert noted["sodan-2"]["issue"] is None
    assert noted["sodan-1"]["issue"].startswith("転居や入院等")


def test_an_evaluation_never_loses_its_reason(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path / "workspace")
    path = edited(workspace, ("chiiki-4", "評価理由", "（削除）"), ("sodan-1", "評価", "A"))
    options = ("--correct", "chiiki-4", "--reason", "見直し", "--accept-valid")
    ran = take(workspace, path, *options, day=DAY)
    assert ran.err.count("に評価理由がありません。") == 2
    assert notes(workspace, "chiiki-4")[-1]["評価理由"]
    assert call(workspace, "check", "--date", DAY).code == 0


def test_the_forms_of_half_year_and_year_end_may_come_together(tmp_path: Path) -> None:
    workspace = open_year(tmp_path / "workspace", "R9", "R10")
    reporter = ("--reporter", "こども家庭センター")
    (half,) = send(workspace, "R9", IN_AUTUMN, "--interim", *reporter)
    (whole,) = send(workspace, "R9", IN_AUTUMN, *reporter)
    folder = tmp_path / "返信"
    for form, cells in (
        (whole, {"実績値": 2}),
        (half, {"9月末実績": 1, "年度末見込": 2, "備考": "8月に開催"}),
    ):
        paper = Paper.open(form)
        for title, value in cells.items():
            paper.put("chiiki-6", title, value)
        paper.save(folder / form.name)
    assert take(workspace, folder).code == 0
    rows = [(row["区分"], row["実績値"]) for row in logged(workspace, "actuals/R9.csv")]
    assert rows == [("中間", "1"), ("見込", "2"), ("確定", "2")]
    assert take(workspace, folder).code == 0
    assert len(logged(workspace, "actuals/R9.csv")) == 3


def test_a_changed_evaluation_needs_a_reason_of_its_own(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path / "workspace")
    mark = notes(workspace, "chiiki-4")[-1]["評価"]
    other = "D" if mark != "D" else "C"
    changed = (("chiiki-4", "評価", other), ("chiiki-4", "評価理由", "見直した理由"))
    one, both = ("--correct", "chiiki-4:評価"), ("--correct", "chiiki-4")
    for cells in (changed[:1], changed):
        path = edited(workspace, *cells)
        for options in ((*one, "--reason", "会議"), (*one, "--reason", "会議", "--accept-valid")):
            ran = take(workspace, path, *options, day=DAY)
            assert f"評価「{other}」の評価理由が、以前に入力されたもののままです。" in ran.err
            assert notes(workspace, "chiiki-4")[-1]["評価"] == mark
    assert take(workspace, path, *both, "--reason", "会議", day=DAY).code == 0
    last = notes(workspace, "chiiki-4")[-1]
    assert (last["評価"], last["評価理由"]) == (other, "見直した理由")


def test_the_planners_form_of_a_running_year_keeps_forecasts_and_interims(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path / "workspace")
    (form,) = send(workspace, "R10", DAY, "--all")
    paper = Paper.open(form)
    titles = paper.titles("実績")
    row = paper.sheets["実績"][paper.row("実績", "outreach-1")]
    shown = dict(zip(titles, row, strict=True))
    assert (shown["実績値"], shown["区分"], shown["基準日"]) == (31.0, "中間", "2028-09-30")
    paper.put("outreach-1", "実績値", 60)
    paper.put("outreach-1", "区分", "見込")
    paper.put("outreach-1", "基準日", "")
    assert take(workspace, paper.save(tmp_path / "R10.xlsx"), day=DAY).code == 0
    last = logged(workspace, "actuals/R10.csv")[-1]
    assert (last["指標"], last["実績値"], last["区分"]) == ("outreach-1", "60", "見込")


def test_a_pattern_is_understood_where_the_shell_does_not(workspace: Path, tmp_path: Path) -> None:
    for name, value in (("a[1].csv", "a,100"), ("a2.csv", "b,90"), ("b.csv", "c,1")):
        (tmp_path / name).write_text(f"指標,実績値\n{value}\n", "utf-8")
    (tmp_path / "~$a2.csv").write_bytes(b"")  # Excel has it open
    ran = take(workspace, tmp_path / "*a*.csv", "--year", "R8")
    assert (ran.code, sorted(row["指標"] for row in logged(workspace, "actuals/R8.csv"))) == (
        0,
        ["a", "b"],
    )
    ran = take(workspace, tmp_path / "z*.csv", "--year", "R8")
    assert (ran.code, "取り込むファイル" in ran.err) == (1, True)


def test_a_folder_is_taken_whole_and_nothing_in_it_is_passed_over_in_silence(
    workspace: Path,
) -> None:
    folder = workspace.parent / "返信"
    path = table(workspace, "年度,指標,実績値\nR8,a,100\n", "返信/甲.csv")
    shutil.copy(path, folder / "甲 - コピー.csv")
    for name in ("~$乙.xlsx", ".隠し.csv", "Thumbs.db"):
        (folder / name).write_bytes(b"x")
    (folder / "送付状.pdf").write_bytes(b"x")
    (folder / "旧").mkdir()
    ran = take(workspace, folder)
    assert ran.code == 0, ran.err
    assert "送付状.pdf: Excel ブックでも CSV でもないので、取り込みません。" in ran.err
    assert "旧: フォルダーの中は取り込みません。" in ran.err
    assert [row["ファイル名"] for row in logged(workspace, "imports.csv")] == ["甲 - コピー.csv"]
    (folder / "回答.docx").write_bytes(b"x")
    ran = check_no_change(workspace, folder)
    assert (ran.code, "回答.docx: 「.docx」のファイルは取り込めません。" in ran.err) == (1, True)


def test_files_of_the_same_name_are_told_apart(workspace: Path) -> None:
    one = table(workspace, "年度,指標,実績値\nR8,a,100\n", "甲課/回答.csv")
    two = table(workspace, "年度,指標,実績値\nR8,a,101\n", "乙課/回答.csv")
    ran = check_no_change(workspace, one, two)
    assert "甲課/回答.csv 2行目: a の実績" in ran.err
    assert "乙課/回答.csv 2行目 では「101件（確定）」です。" in ran.err


def test_nothing_to_take_is_an_error(workspace: Path) -> None:
    empty = workspace.parent / "空"
    empty.mkdir()
    ran = check_no_change(workspace, empty)
    assert (ran.code, "取り込むファイル（.xlsx・.csv）がありません。" in ran.err) == (1, True)
    ran = check_no_change(workspace, workspace.parent / "無い.csv")
    assert (ran.code, "ファイルまたはフォルダーがありません。" in ran.err) == (1, True)


def test_a_form_that_came_back_empty_is_recorded(tmp_path: Path) -> None:
    workspace = open_year(tmp_path / "workspace", "R9", "R10")
    (form,) = send(workspace, "R9", LATER, "--reporter", "こども家庭センター", "--edition", "3")
    paper = Paper.open(form)
    paper.label("記入者・内線", "山田 内線45")
    path = paper.save(tmp_path / "返信.xlsx")
    ran = take(workspace, path)
    assert "ファイルを受け取ったことだけを記録しました。" in ran.err
    (received,) = logged(workspace, "imports.csv")
    received.pop("記録日時")
    assert received.pop("SHA256")
    assert received == {
        "年度": "R9",
        "照会先": "こども家庭センター",
        "種類": "実績等照会票",
        "版": "第3版",
        "指標": "sodan-3 chiiki-6",
        "空欄": "sodan-3 chiiki-6",
        "取込不可": "0",
        "ファイル名": "返信.xlsx",
        "記入者": "山田 内線45",
        "入力者": "計画係",
    }
    before = tree(workspace)
    assert (take(workspace, path).code, tree(workspace)) == (0, before)


def test_a_long_text_is_mentioned(tmp_path: Path) -> None:
    workspace = open_year(tmp_path / "workspace", "R9", "R10")
    (form,) = send(workspace, "R9", LATER, "--reporter", "こども家庭センター")
    paper = Paper.open(form)
    paper.put("sodan-3", "要因", "長" * 201)
    paper.put("sodan-3", "課題", "長" * 200)
    ran = take(workspace, paper.save(tmp_path / "返信.xlsx"))
    assert (ran.code, "sodan-3 の要因が201字あります。" in ran.err) == (0, True)
    assert "課題が" not in ran.err


@pytest.mark.permissions
def test_a_log_that_cannot_be_written_is_found_before_anything_is_written(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path / "workspace")
    path = edited(workspace, ("sodan-1", "備考", "精査済"), ("sodan-1", "要因", "精査した要因"))
    locked = workspace / "data" / "reviews" / "R9.csv"
    locked.chmod(0o444)
    before = tree(workspace)
    ran = take(workspace, path, "--correct", "sodan-1", "--reason", "精査", day=DAY)
    assert (ran.code, tree(workspace)) == (1, before)
    assert "ほかのソフト（Excel など）で開いている場合は閉じてから" in ran.err
    locked.chmod(0o644)
    assert take(workspace, path, "--correct", "sodan-1", "--reason", "精査", day=DAY).code == 0


IMPORTS_HEADER = ",".join(IMPORTS.columns)
DIGEST = "0" * 64


def received(**cells: str) -> str:
    """Return a row of the log of imports, whole but for the cells given."""
    row = dict.fromkeys(IMPORTS_HEADER.split(","), "")
    row |= {"年度": "R8", "種類": "表", "指標": "a", "取込不可": "0", "SHA256": DIGEST}
    return ",".join((row | cells).values())


def test_a_broken_log_of_imports_is_an_error_for_those_who_read_it(workspace: Path) -> None:
    broken = {
        "取込不可「なし」は数ではありません。": received(取込不可="なし"),
        "年度「八年」は読めません。": received(年度="八年"),
        "年度「R20」は計画の年度ではありません。": received(年度="R20"),
        "種類「実績照会票」は使えません。": received(種類="実績照会票"),
        "指標「x」は計画にありません。": received(指標="a x"),
        "空欄の b が、列「指標」にありません。": received(空欄="b"),
        "行なしの b が、列「指標」にありません。": received(行なし="b"),
        "未取込の b が、列「指標」にありません。": received(未取込="b"),
        "SHA256「abc」は64桁の16進数ではありません。": received(SHA256="abc"),
    }
    write_log(workspace / "data" / "imports.csv", IMPORTS_HEADER, [received(), *broken.values()])
    path = table(workspace, "指標,実績値\na,100\n")
    ran = check_no_change(workspace, path, "--year", "R8")
    for said in (ran.err, call(workspace, "check").out, call(workspace, "status", "R8").err):
        for line, message in enumerate(broken, 3):
            assert f"data/imports.csv:{line}: {message}" in said
    columns = [each["column"] for each in json.loads(check_json(workspace))["problems"]]
    assert columns == [
        "取込不可",
        "年度",
        "年度",
        "種類",
        "指標",
        "空欄",
        "行なし",
        "未取込",
        "SHA256",
    ]


def check_json(workspace: Path) -> str:
    return call(workspace, "check", "--format", "json").out


def test_texts_are_noted_whatever_the_log_of_imports_holds(workspace: Path) -> None:
    write_log(workspace / "data" / "imports.csv", IMPORTS_HEADER, [received(種類="票")])
    ran = call(workspace, "note", "R8", "a", "--cause", "周知が進んだため", "--by", "計画係")
    assert (ran.code, logged(workspace, "reviews/R8.csv")[0]["要因"]) == (0, "周知が進んだため")
