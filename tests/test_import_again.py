"""The same folder is imported again and again: what is old never comes back over what is new."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.collecting import logged, take
from tests.support import call, rows_of, small_workspace, tree
from tests.test_import import INDICATORS, check_no_change, stands, table

LATER = "2028-06-01"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return small_workspace(tmp_path / "workspace", *INDICATORS)


def answer(workspace: Path, name: str, *cells: str) -> Path:
    rows = "".join(f"R8,{each}\n" for each in cells)
    return table(workspace, f"年度,指標,実績値,要因\n{rows}", f"返信/{name}.csv")


def correct(workspace: Path, *subjects: str) -> None:
    options = [word for each in subjects for word in ("--correct", each)]
    folder = workspace.parent / "返信"
    ran = take(workspace, folder, *options, "--reason", "精査")
    assert ran.code == 0, ran.err
    before = tree(workspace)
    ran = take(workspace, folder, *options, "--reason", "精査")
    assert (ran.code, tree(workspace)) == (0, before), ran.err


def imports(workspace: Path) -> list[tuple[str, str]]:
    rows = logged(workspace, "imports.csv")
    return [(row["ファイル名"], row.get("備考", "")) for row in rows]


def test_a_correction_comes_from_the_new_file_alone(workspace: Path) -> None:
    answer(workspace, "z 第1版", "a,100,初めの要因", "c,8,")
    assert take(workspace, workspace.parent / "返信").code == 0
    assert call(workspace, "note", "R8", "a", "--cause", "書き直した要因").code == 0
    answer(workspace, "a 第2版", "a,110,")
    correct(workspace, "a")
    assert stands(workspace, "a") == ("110", "確定", "")
    assert [row["要因"] for row in rows_of(workspace, "R8", "reviews")] == [
        "初めの要因",
        "書き直した要因",
    ]
    assert imports(workspace) == [
        ("z 第1版.csv", ""),
        ("a 第2版.csv", "訂正の指定: a（精査）"),
    ]


def test_of_old_files_the_newest_speaks_where_no_new_one_does(workspace: Path) -> None:
    folder = workspace.parent / "返信"
    answer(workspace, "z 第1版", "a,100,", "c,8,")
    assert take(workspace, folder).code == 0
    answer(workspace, "a 第2版", "a,110,")
    correct(workspace, "a")
    for subject, value in (("a", "120"), ("c", "9")):
        correction = ("add", "R8", subject, value, "--correct", "--remark", "電話で確認")
        assert call(workspace, *correction, "--date", LATER).code == 0
    correct(workspace, "a", "c")
    assert (stands(workspace, "a")[0], stands(workspace, "c")[0]) == ("110", "8")
    assert imports(workspace)[2:] == [
        ("z 第1版.csv", "訂正の指定: c（精査）"),
        ("a 第2版.csv", "訂正の指定: a（精査）"),
    ]


def test_old_files_that_disagree_are_no_conflict(workspace: Path) -> None:
    answer(workspace, "第1版", "a,100,")
    assert take(workspace, workspace.parent / "返信").code == 0
    answer(workspace, "第2版", "a,110,")
    correct(workspace, "a")
    answer(workspace, "第3版", "a,105,")
    correct(workspace, "a")
    assert stands(workspace, "a")[0] == "105"
    ran = check_no_change(workspace, workspace.parent / "返信")
    assert "（同じ 1件、取込済 2件）" in ran.out


def test_one_doubt_is_answered_without_the_others(workspace: Path) -> None:
    answer(workspace, "答", "a,1000,", "c,1,")
    folder = workspace.parent / "返信"
    ran = check_no_change(workspace, folder)
    for subject in "ac":
        assert f"--accept-suspicious {subject} を付けてください。" in ran.err
    assert check_no_change(workspace, folder, "--accept-suspicious", "(1)1").code == 1
    options = ("--accept-suspicious", "(1)1", "--accept-valid")
    assert take(workspace, folder, *options).code == 0
    assert [row["指標"] for row in logged(workspace, "actuals/R8.csv")] == ["a"]
    assert take(workspace, folder, "--accept-suspicious", "c").code == 0
    assert stands(workspace, "c")[0] == "1"


def test_what_is_counted_is_the_same_each_time(workspace: Path) -> None:
    path = table(workspace, "年度,指標,実績値,要因,課題\nR8,a,100,周知,人手\nR8,c,8,周知,\n")
    assert "取り込みました: 実績 2件、記述 3件。" in take(workspace, path).err
    assert "（同じ 5件）" in take(workspace, path).out


def test_before_the_plan_there_is_no_collection_to_look_at(workspace: Path) -> None:
    path = table(workspace, "指標,実績値\na,100\n")
    ran = take(workspace, path, "--year", "R7")
    assert "次: jusou history a で、記録を確かめられます。" in ran.err
    assert "status" not in ran.err
