"""Answers in the wrong place, rows that are gone, cells right of the headings: none is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.collecting import logged, send, take
from tests.filled_forms import Paper, as_csv, csv_text
from tests.support import REVISIONS_HEADER, Ran, call, record, small_workspace, tree, write_log
from tests.test_import import check_no_change, table

DAY = "2028-06-01"
INDICATORS = (
    "id: a, reporter: 甲課, definition: 窓口で受けた相談の延べ件数",
    "id: b, reporter: 甲課",
    "id: c, reporter: 乙課",
)
CLOSING = "実績"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return record(small_workspace(tmp_path / "workspace", *INDICATORS), "R8 a 100", "R8 b 100")


def form(workspace: Path, *options: str) -> Paper:
    (path,) = send(workspace, "R9", DAY, "--reporter", "甲課", *options)
    return Paper.open(path)


def warnings(workspace: Path, paper: Paper) -> list[str]:
    """Import what came back, without writing; return the messages."""
    ran = take(workspace, paper.save(workspace.parent / "返信.xlsx"), "--dry-run", day=DAY)
    assert ran.code == 0, ran.err
    return [line for line in ran.err.splitlines() if line.startswith("返信.xlsx")]


def put(row: int, column: int, text: Any, sheet: str = CLOSING) -> Callable[[Paper], None]:
    def change(paper: Paper) -> None:
        paper.sheets[sheet][row][column] = text

    return change


def extra_sheet(paper: Paper) -> None:
    paper.sheets["Sheet3"] = [["内訳"], ["窓口", 40]]


def beside(paper: Paper) -> None:
    rows = paper.sheets[CLOSING]
    for row in rows:
        row.append("")
    rows[-1][-1], rows[-2][-1] = "検算済", "再集計中"


CHANGES: dict[str, tuple[Callable[[Paper], None], list[str]]] = {
    "last-year": (
        lambda paper: paper.put("a", "R8実績", 110),
        ["実績!G16: R8実績の「110」は、送ったときの内容ではありません。"],
    ),
    "counting": (
        lambda paper: paper.put("b", "数え方", "91"),
        ["実績!E17: 数え方の「91」は、送ったときの内容ではありません。"],
    ),
    "target": (
        lambda paper: paper.put("a", "R9目標", 120),
        ["実績!H16: R9目標の「120」は、送ったときの内容ではありません。"],
    ),
    "number": (
        lambda paper: paper.put("a", "番号", 12),
        ["実績!B16: 番号の「12」は、送ったときの内容ではありません。"],
    ),
    "extra-sheet": (
        extra_sheet,
        ["Sheet3!A1: シート「Sheet3」にある「内訳」など3個のセルは取り込みません。"],
    ),
    "guide": (put(9, 0, "b は集計中です"), ["実績!A10: 表の上にある「b は集計中です」は"]),
    "beside-the-head": (
        put(1, 12, "至急"), ["実績!M2: 表の上にある「至急」は取り込みません。"],
    ),
    "unheaded": (
        beside,
        [
            "実績!N16: 見出しのない列にある「再集計中」は取り込みません。",
            "実績!N17: 見出しのない列にある「検算済」は取り込みません。",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CHANGES)
def test_what_stands_where_nothing_is_read_is_told(case: str, workspace: Path) -> None:
    change, expected = CHANGES[case]
    paper = form(workspace)
    assert warnings(workspace, paper) == []
    change(paper)
    found = warnings(workspace, paper)
    assert [
        line[: len(f"返信.xlsx {each}")] for line, each in zip(found, expected, strict=True)
    ] == [f"返信.xlsx {each}" for each in expected]


@pytest.mark.parametrize("kind", ["closing", "interim", "all", "csv"])
def test_a_form_older_than_a_correction_is_nothing_to_tell(kind: str, workspace: Path) -> None:
    options = {"closing": ["--reporter", "甲課"], "csv": ["--format", "csv"]}
    write_log(
        workspace / "data" / "reviews" / "R8.csv",
        "記録日時,年度,対象,実施状況,要因,課題,改善策,方向性,評価,評価理由,委員会意見,対応方針,入力者",
        [",R8,a,,,,広報する,,,,,,"],
    )
    forms = send(workspace, "R9", DAY, *options.get(kind, [f"--{kind}"]))
    correction = ("add", "R8", "a", "120", "--correct", "--remark", "集計漏れ", "--date", DAY)
    assert call(workspace, *correction).code == 0
    assert call(workspace, "note", "R8", "a", "--action", "訪問する").code == 0
    row = ",a,目標値,R9,100,130,見直し,会議,2027-09-01,,,"
    write_log(workspace / "data" / "revisions.csv", REVISIONS_HEADER, [row])
    ran = take(workspace, *forms, "--dry-run", day=DAY)
    assert (ran.code, ran.err.count("\n")) == (0, 1), ran.err


def test_a_form_in_cp932_is_nothing_to_tell(workspace: Path) -> None:
    paths = send(workspace, "R9", DAY, "--format", "csv")
    for path in paths:
        text = csv_text(as_csv(path).sheets[CLOSING]).replace("—", "―")
        path.write_bytes(text.encode("cp932"))
    ran = take(workspace, *paths, "--dry-run", day=DAY)
    assert (ran.code, ran.err.count("\n")) == (0, 1), ran.err


def test_a_row_that_is_gone_is_told(workspace: Path) -> None:
    paper = form(workspace)
    del paper.sheets[CLOSING][paper.row(CLOSING, "b")]
    assert warnings(workspace, paper) == [
        "返信.xlsx 実績!A15: b（(1)2指標2）の行がありません（実績）。"
    ]
    texts = paper.sheets["取組の記述"]
    del texts[paper.row("取組の記述", "b")]
    assert len(warnings(workspace, paper)) == 2
    plan = workspace / "data" / "targets.yaml"
    plan.write_text(plan.read_text("utf-8").replace("甲課", "丙課"), "utf-8")
    assert warnings(workspace, paper) == []  # nobody can know


@pytest.mark.parametrize(
    ("text", "place", "found"),
    [
        ("指標,実績値\na,91,5\n", "表.csv 2行目", "5"),
        ("指標,実績値,\na,91,5\n", "表.csv 2行目", "5"),
        ("指標,実績値\nb,100\na,1,200\n", "表.csv 3行目", "200"),
        ("指標,実績値,区分\na,34,速報,7月に確定予定,予定\n", "表.csv 2行目", "7月に確定予定,予定"),
        ("指標,実績値\na,,5\n", "表.csv 2行目", "5"),
        ("指標,実績値\na,\n,,5\n", "表.csv 3行目", "5"),
    ],
)
def test_a_comma_too_many_is_an_error(workspace: Path, text: str, place: str, found: str) -> None:
    path = table(workspace, text)
    ran = check_no_change(workspace, path, "--year", "R9")
    assert (ran.code, f"{place}: 見出しより右に「{found}」があります。" in ran.err) == (1, True)
    assert "ものが1件あるため" in ran.err
    assert "数値のカンマで列がずれていないか" in ran.err
    assert f"場所：{place}" in ran.out
    ran = take(workspace, path, "--year", "R9", "--accept-valid")
    taken = [row["指標"] for row in logged_or_none(workspace)]
    assert (ran.code, taken) == (0, ["b"] if "b" in text else [])


@pytest.mark.parametrize(
    ("text", "options", "title"),
    [
        ("指標,R8実績,R9実績\na,90,91\n", ("--year", "R9"), "R8実績"),
        ("事業の実績\n指標,令和8年度,令和9年度\na,90,91\n", ("--year", "R9"), "令和8年度"),
        ("指標,２０２７年度実績\na,91\n", (), "２０２７年度実績"),
        ("指標,年度,実績値（R8）\na,R9,90\n", (), "実績値（R8）"),
        ("指標,実績値（R8）,実績値（R9）\na,90,91\n", ("--year", "R9"), "実績値（R8）"),
    ],
)
def test_a_column_for_each_year_is_refused_with_the_way_to_write_it(
    workspace: Path, text: str, options: tuple[str, ...], title: str
) -> None:
    ran = check_no_change(workspace, table(workspace, text), *options)
    assert ran.code == 1
    assert f"年度ごとの列（見出し「{title}」）は読めません。" in ran.err
    assert "1つの表に入れられるのは1年度分です。見出しを「実績値」にし" in ran.err


def test_the_figures_of_another_year_beside_those_taken_are_told(workspace: Path) -> None:
    path = table(workspace, "指標,実績値,R8実績\na,91,90\n")
    ran = take(workspace, path, "--year", "R9", "--dry-run")
    assert (ran.code, "91件（確定）" in ran.out) == (0, True)
    assert "表.csv 2行目: 知らない見出し「R8実績」の列にある「90」は取り込みません。" in ran.err


@pytest.mark.parametrize("separator", ["|", "｜", ";", "\t", "、"])
def test_another_separator_is_named(workspace: Path, separator: str) -> None:
    text = "指標,実績値\na,91\n".replace(",", separator)
    ran = check_no_change(workspace, table(workspace, text), "--year", "R9")
    assert (ran.code, "表.csv 1行目: 列の区切りが" in ran.err) == (1, True)
    assert "半角のカンマ（,）で区切ってください。" in ran.err


def test_the_name_of_a_sheet_may_have_characters_that_nobody_sees(workspace: Path) -> None:
    paper = form(workspace)
    paper.put("a", "実績値", 91)
    paper.sheets = {f"{name[0]}\u200b{name[1:]}": rows for name, rows in paper.sheets.items()}
    paper.notes.append((f"実\u200b{CLOSING[1:]}", 3, 3, "注記"))
    found = warnings(workspace, paper)
    assert found == ["返信.xlsx 実績!D4: コメント「注記」があります。取り込みません。"]


def test_a_note_below_the_table_is_told_cell_by_cell(workspace: Path) -> None:
    paper = form(workspace)
    rows = paper.sheets[CLOSING]
    rows.append(["", "", "c は別に送ります", *[""] * 10])
    rows.append(["※", "", "", "", "作成中", *[""] * 8])
    assert [line.partition("。")[0] for line in warnings(workspace, paper)] == [
        "返信.xlsx 実績!C18: 表の外にある「c は別に送ります」は取り込みません",
        "返信.xlsx 実績!A19: 表の外にある「※」は取り込みません",
        "返信.xlsx 実績!E19: 表の外にある「作成中」は取り込みません",
    ]


def test_a_table_that_cannot_be_read_is_not_taken_for_blank(workspace: Path) -> None:
    paper = form(workspace)
    row, column = paper.row(CLOSING, "a"), paper.column(CLOSING, "実績値")
    paper.merges.append((CLOSING, row, column, row + 1, column))
    path = paper.save(workspace.parent / "返信.xlsx")
    assert take(workspace, path, "--accept-valid", day=DAY).code == 0
    (received,) = logged(workspace, "imports.csv")
    assert (received["指標"], received["未取込"]) == ("a b", "a b")
    assert "空欄" not in received


def logged_or_none(workspace: Path) -> list[dict[str, str]]:
    path = workspace / "data" / "actuals" / "R9.csv"
    return logged(workspace, "actuals/R9.csv") if path.exists() else []


def test_a_comma_too_many_in_a_workbook_or_a_form_is_an_error_too(workspace: Path) -> None:
    plain = Paper({"表": [["指標", "実績値", ""], ["a", 91, 5]]})
    ran = check_no_change(workspace, plain.save(workspace.parent / "表.xlsx"), "--year", "R9")
    assert "表.xlsx 表!C2: 見出しより右に「5」があります。" in ran.err
    (path,) = send(workspace, "R9", DAY, "--format", "csv", "--reporter", "甲課")
    paper = as_csv(path)
    rows = paper.sheets[CLOSING]
    rows[paper.row(CLOSING, "a")].append("現状維持")
    answer = workspace.parent / "返信.csv"
    answer.write_text(csv_text(rows), "utf-8")
    ran = check_no_change(workspace, answer)
    assert (ran.code, "見出しより右に「現状維持」があります。" in ran.err) == (1, True), ran.err


def same_form_again(workspace: Path, *options: str) -> Ran:
    return call(workspace, "form", "R9", "--date", DAY, *options)


@pytest.mark.parametrize("options", [["--all"], []], ids=["all", "closing"])
def test_a_form_that_says_nothing_new_is_made_again(options: list[str], workspace: Path) -> None:
    record(workspace, "R8 a 100", "R9 a 100")
    forms = send(workspace, "R9", DAY, *options)
    if not options:
        paper = Paper.open(forms[0])
        paper.put("b", "実績値", 100)
        assert take(workspace, paper.save(forms[0]), day=DAY).code == 0
    for subject in "ab":
        correction = ("add", "R9", subject, "110", "--correct", "--remark", "集計漏れ")
        call(workspace, *correction, "--date", DAY)
    ran = same_form_again(workspace, *options)
    assert ran.code == 0, ran.err


@pytest.mark.parametrize("case", ["guide", "extra-sheet", "unheaded"])
def test_a_form_with_an_answer_in_the_wrong_place_is_kept(case: str, workspace: Path) -> None:
    (path, _) = send(workspace, "R9", DAY)
    paper = Paper.open(path)
    CHANGES[case][0](paper)
    paper.save(path)
    before = tree(workspace)
    ran = same_form_again(workspace)
    assert (ran.code, tree(workspace)) == (1, before)
    assert f"{path.name} には、まだ取り込んでいない記入があります。" in ran.err
