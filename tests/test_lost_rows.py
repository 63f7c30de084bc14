"""A file was taken only as long as its rows are in the logs: lost ones are named, and come back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.collecting import logged, send, take
from tests.filled_forms import Paper
from tests.support import Ran, call, rows_of, show_json, small_workspace
from tests.test_import import check_no_change, stands, table

DAY, NEXT_DAY = "2027-06-01", "2027-06-02"
TAKEN = "「甲課.xlsx」（令和9年6月1日に取り込み）から取り込んだ "
INDICATORS = (*(f"id: {each}, reporter: 甲課" for each in "abc"), "id: d, reporter: 乙課")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """R8 is over; of 甲課 the answers to a and b came in, and a text."""
    workspace = small_workspace(tmp_path / "workspace", *INDICATORS)
    (form,) = send(workspace, "R8", DAY, "--reporter", "甲課")
    paper = Paper.open(form)
    paper.put("a", "実績値", 100)
    paper.put("b", "実績値", 90)
    paper.put("b", "要因", "周知")
    paper.put("b", "課題", "人手")
    paper.save(answers(workspace) / "甲課.xlsx")
    assert take(workspace, answers(workspace), day=DAY).code == 0
    return workspace


def answers(workspace: Path) -> Path:
    return workspace.parent / "返信"


def log(workspace: Path, folder: str = "actuals") -> Path:
    return workspace / "data" / folder / "R8.csv"


def lose(workspace: Path, indicator: str, folder: str = "actuals") -> None:
    """Delete the rows of an indicator, as a person does in Excel."""
    path = log(workspace, folder)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(each for each in lines if f",{indicator},".encode() not in each))


def add(workspace: Path, *arguments: str, day: str = NEXT_DAY) -> None:
    ran = call(workspace, "add", "R8", *arguments, "--date", day, "--by", "計画係")
    assert ran.code == 0, ran.err


def again(workspace: Path, *options: str, day: str = NEXT_DAY) -> Ran:
    return take(workspace, answers(workspace), *options, day=day)


def states(workspace: Path) -> dict[str, str]:
    reporters = show_json(workspace, "status", "R8", "--date", NEXT_DAY)["reporters"]
    return {one["id"]: one["state"] for each in reporters for one in each["indicators"]}


def letter(workspace: Path) -> str:
    reporters = show_json(workspace, "status", "R8", "--date", NEXT_DAY)["reporters"]
    return str(reporters[0]["reminder"])


def lost(workspace: Path) -> list[str]:
    """Return what ``check`` says of rows that are gone."""
    out = call(workspace, "check", "--date", NEXT_DAY).out
    return re.findall(r"data/imports.csv:\d+: (.*)の行が、R8 の記録にありません", out)


def test_what_was_taken_is_named_by_digest_and_cell(workspace: Path) -> None:
    (received,) = logged(workspace, "imports.csv")
    one, two, texts = received["記録"].split("; ")
    assert re.fullmatch("a 確定 [0-9a-f]{8} 実績!I[0-9]+", one)
    assert re.fullmatch("b 確定 [0-9a-f]{8} 実績!I[0-9]+", two)
    assert re.fullmatch("b 要因・課題 [0-9a-f]{8} 取組の記述!E[0-9]+", texts)
    assert lost(workspace) == []
    check_no_change(workspace, answers(workspace))


def test_rows_that_are_gone_are_named_and_not_taken_for_cancelled(workspace: Path) -> None:
    lose(workspace, "b")
    lose(workspace, "b", "reviews")
    assert lost(workspace) == [
        "「甲課.xlsx」（令和9年6月1日に取り込み）から取り込んだ b（確定・要因・課題）"
    ]
    assert states(workspace) == {"a": "answered", "b": "lost", "c": "left_blank", "d": "unanswered"}
    shown = call(workspace, "status", "R8", "--date", NEXT_DAY)
    assert "記録消失" in shown.out
    assert "再依頼は要りません" in shown.err
    assert "指標3" in letter(workspace)
    assert "指標2" not in letter(workspace)


def test_an_import_of_the_same_file_brings_back_what_is_gone_and_nothing_else(
    workspace: Path,
) -> None:
    add(workspace, "a", "110", "--correct", "--remark", "精査")
    lose(workspace, "b")
    lose(workspace, "b", "reviews")
    ran = again(workspace)
    assert (ran.code, "取り込みました: 実績 1件、記述 2件。" in ran.err) == (0, True), ran.err
    assert (stands(workspace, "a")[0], stands(workspace, "b")[0]) == ("110", "90")
    (note,) = rows_of(workspace, "R8", "reviews")
    assert (note["要因"], note["課題"]) == ("周知", "人手")
    assert (lost(workspace), states(workspace)["b"]) == ([], "answered")
    check_no_change(workspace, answers(workspace))


def without_a_log(workspace: Path) -> None:
    log(workspace).unlink()


def without_rows(workspace: Path) -> None:
    log(workspace).write_bytes(log(workspace).read_bytes().splitlines(keepends=True)[0])


@pytest.mark.parametrize("spoil", [without_a_log, without_rows])
def test_a_log_that_is_gone_comes_back_whole(
    spoil: Callable[[Path], None], workspace: Path
) -> None:
    before = rows_of(workspace, "R8")
    spoil(workspace)
    assert [states(workspace)[each] for each in "ab"] == ["lost", "lost"]
    assert again(workspace, day=DAY).code == 0
    figures = ("指標", "実績値", "区分", "入力者")
    after = rows_of(workspace, "R8")
    assert [[row[each] for each in figures] for row in after] == [
        [row[each] for each in figures] for row in before
    ]


def test_an_older_copy_put_back_does_not_pass_for_the_answer(workspace: Path) -> None:
    older = log(workspace).read_bytes()
    second = table(workspace, "年度,指標,実績値\nR8,a,120\n", "第2版.csv")
    assert take(workspace, second, "--correct", "a", "--reason", "精査", day=NEXT_DAY).code == 0
    log(workspace).write_bytes(older)
    assert lost(workspace) == ["「第2版.csv」（令和9年6月2日に取り込み）から取り込んだ a（確定）"]
    assert states(workspace)["a"] == "lost"
    ran = check_no_change(workspace, second)
    assert (ran.code, "a の実績「120件（確定）」は食い違いです。" in ran.err) == (1, True)
    assert take(workspace, second, "--correct", "a", "--reason", "精査", day=NEXT_DAY).code == 0
    assert (stands(workspace, "a")[0], lost(workspace)) == ("120", [])
    assert states(workspace)["a"] == "answered"


@pytest.mark.parametrize(
    ("change", "value", "state"),
    [
        (("a", "110", "--correct", "--remark", "精査"), "110", "answered"),
        (("a", "--basis", "取消", "--remark", "誤り"), "", "cancelled"),
    ],
    ids=["corrected", "cancelled"],
)
def test_what_was_replaced_before_it_was_lost_does_not_come_back(
    change: tuple[str, ...], value: str, state: str, workspace: Path
) -> None:
    add(workspace, *change)
    lines = log(workspace).read_bytes().splitlines(keepends=True)
    log(workspace).write_bytes(b"".join(each for each in lines if b",a,100," not in each))
    assert lost(workspace) == [f"{TAKEN}a（確定）"]
    assert states(workspace)["a"] == state
    ran = again(workspace)
    assert ran.code == 0, ran.err
    assert "a の実績「100件（確定）」は前の記録です。" in ran.err
    assert (stands(workspace, "a")[0], states(workspace)["a"]) == (value, state)
    assert lost(workspace) == []
    check_no_change(workspace, answers(workspace))


@pytest.mark.parametrize(
    "change",
    [
        ("b", "95", "--correct", "--remark", "精査"),
        ("b", "--basis", "取消", "--remark", "誤り"),
    ],
)
def test_rows_that_were_corrected_or_cancelled_are_there(
    change: tuple[str, ...], workspace: Path
) -> None:
    add(workspace, *change)
    call(workspace, "note", "R8", "b", "--cause", "書き直した要因")
    assert lost(workspace) == []
    check_no_change(workspace, answers(workspace))


def test_a_figure_that_was_entered_again_by_hand_is_the_answer_once_more(workspace: Path) -> None:
    lose(workspace, "b")
    add(workspace, "b", "90")
    ran = again(workspace)
    assert (ran.code, "ファイルを受け取ったことだけを記録しました。" in ran.err) == (0, True), (
        ran.err
    )
    assert (lost(workspace), states(workspace)["b"]) == ([], "answered")


def test_what_an_import_found_there_is_part_of_it(workspace: Path) -> None:
    add(workspace, "c", "50")
    path = table(workspace, "年度,指標,実績値\nR8,c,50\n")
    assert take(workspace, path, day=NEXT_DAY).code == 0
    lose(workspace, "c")
    assert lost(workspace) == ["「表.csv」（令和9年6月2日に取り込み）から取り込んだ c（確定）"]
    assert take(workspace, path, day=NEXT_DAY).code == 0
    assert stands(workspace, "c")[0] == "50"


def test_two_files_that_agree_name_the_same_row(workspace: Path) -> None:
    folder = workspace.parent / "表"
    folder.mkdir()
    table(workspace, "年度,指標,実績値,備考\nR8,c,50,\n", "表/一.csv")
    table(workspace, "年度,指標,実績値,備考\nR8,c,50,注記\n", "表/二.csv")
    assert take(workspace, folder, day=DAY).code == 0
    one, two = (row["記録"].split() for row in logged(workspace, "imports.csv")[1:])
    assert one == two
    lose(workspace, "c")
    assert len(lost(workspace)) == 2
    assert take(workspace, folder, day=DAY).code == 0
    assert (stands(workspace, "c"), lost(workspace)) == (("50", "確定", "注記"), [])


def test_a_form_whose_answers_are_lost_is_not_made_anew(workspace: Path) -> None:
    form = workspace / "reports" / "R8" / "forms"
    (path,) = form.iterdir()
    path.write_bytes((answers(workspace) / "甲課.xlsx").read_bytes())
    command = ("form", "R8", "--reporter", "甲課", "--date", NEXT_DAY)
    assert call(workspace, *command).code == 0
    path.write_bytes((answers(workspace) / "甲課.xlsx").read_bytes())
    lose(workspace, "b")
    ran = call(workspace, *command)
    assert (ran.code, "まだ取り込んでいない記入があります。" in ran.err) == (1, True)


def test_a_log_saved_by_a_spreadsheet_has_lost_nothing(workspace: Path) -> None:
    path = log(workspace)
    text = path.read_bytes().decode("utf-8-sig")
    path.write_bytes(
        text.replace(",100,", ",100.0,").replace(',"', ",").replace('"\r', "\r").encode("cp932")
    )
    assert lost(workspace) == []
    check_no_change(workspace, answers(workspace))


def test_a_row_that_was_edited_is_not_the_one_that_was_taken(workspace: Path) -> None:
    text = log(workspace).read_bytes().decode("utf-8-sig")
    log(workspace).write_bytes(text.replace(",b,90,", ",b,91,").encode("utf-8-sig"))
    assert lost(workspace) == [f"{TAKEN}b（確定）"]
    ran = check_no_change(workspace, answers(workspace))
    assert (ran.code, "b の実績「90件（確定）」は食い違いです。" in ran.err) == (1, True)


def old_records(workspace: Path) -> bytes:
    """Take the column away that older versions did not have."""
    path = workspace / "data" / "imports.csv"
    lines = path.read_text("utf-8-sig").splitlines()
    cut = [re.sub(",記録$|,[^,]*$", "", line) for line in lines]
    path.write_text("\r\n".join(cut) + "\r\n", "utf-8-sig", newline="")
    return path.read_bytes()


def test_a_record_without_the_column_is_read_as_ever_and_kept_as_it_is(workspace: Path) -> None:
    old = old_records(workspace)
    check_no_change(workspace, answers(workspace))
    lose(workspace, "b")
    assert lost(workspace) == []
    assert "（同じ 3件、取込済 1件）" in check_no_change(workspace, answers(workspace)).out
    path = table(workspace, "年度,指標,実績値\nR8,c,50\n")
    ran = take(workspace, path, day=NEXT_DAY)
    assert (ran.code, "見出しを新しい形に直しました" in ran.err) == (0, True), ran.err
    log_of_imports = workspace / "data" / "imports.csv"
    rows = old.partition(b"\n")[2]
    assert rows in log_of_imports.read_bytes()
    assert log_of_imports.with_name("imports.csv.bak").read_bytes() == old


def test_nothing_stands_without_having_been_cancelled(workspace: Path) -> None:
    """Even where the record of the import is older than the column."""
    old_records(workspace)
    lose(workspace, "b")
    assert states(workspace)["b"] == "lost"
    add(workspace, "b", "90")
    add(workspace, "b", "--basis", "取消", "--remark", "誤り")
    assert states(workspace)["b"] == "cancelled"


def test_what_was_taken_of_a_file_in_part_is_not_taken_again(workspace: Path) -> None:
    path = table(workspace, "年度,指標,実績値\nR8,c,50\nR8,d,約7\n")
    assert take(workspace, path, "--accept-valid", day=DAY).code == 0
    add(workspace, "c", "--basis", "取消", "--remark", "誤り")
    ran = take(workspace, path, "--accept-valid", day=NEXT_DAY)
    assert "c の実績「50件（確定）」は前の記録です。" in ran.err
    assert states(workspace)["c"] == "left_blank"


def test_a_broken_record_names_its_column(workspace: Path) -> None:
    path = workspace / "data" / "imports.csv"
    content = path.read_bytes()
    path.write_bytes(content.replace(b'"a ', b'"a x ', 1))
    ran = call(workspace, "check", "--date", NEXT_DAY)
    assert ran.code == 1
    assert "data/imports.csv:2: 記録「a x 確定" in ran.out


def test_what_was_taken_of_an_indicator_is_known_by_its_new_id(workspace: Path) -> None:
    path = workspace / "data" / "targets.yaml"
    renamed = path.read_text("utf-8").replace("id: a,", "id: new-a, former_ids: [a],")
    path.write_text(renamed, "utf-8")
    (file,) = show_json(workspace, "trace", "R8", "a", "--date", NEXT_DAY)["row"]["files"]
    assert file["cell"].startswith("実績!")
    lose(workspace, "a")
    assert states(workspace)["new-a"] == "lost"
