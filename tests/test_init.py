"""``jusou init``: a workspace from the table of a plan, as cities write it; or nothing at all."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from jusou.plan_table.columns import COLUMNS
from jusou.plan_table.example import HEADINGS
from tests.documents import FORMATS, section, spans, table
from tests.support import REPOSITORY, Ran, call, rows_of, show_json, tree

DAY = "2027-05-12"
HEAD = "事業,番号,指標,単位,小数,数え方,よい方向,照会先,参考値の年度,参考値,目標R8,目標R9,実績R7"
ROW = "ごみ,①,排出量,g,0,年度末の数,少ないほどよい,環境課,R6,900,890,880,895"


def init(folder: Path, *lines: str, name: str = "表.csv", encoding: str = "utf-8-sig") -> Ran:
    """Make a workspace ``ws`` from the lines of a CSV file."""
    (folder / name).write_bytes("\r\n".join(lines).encode(encoding))
    return call(folder, "init", "ws", "--from", name, "--date", DAY, "--by", "係")


def one(folder: Path, heads: str, cells: str) -> dict[str, Any]:
    """Return the one indicator of a table of so many columns beside 指標 and two years."""
    ran = init(folder, f"指標,目標R8,目標R9,{heads}", f"名,{cells}")
    assert ran.code == 0, ran.err
    (found,) = show_json(folder / "ws", "list")["indicators"]
    return dict(found)


def refused(folder: Path, *lines: str) -> list[str]:
    """Return what is said of a table that cannot be read; nothing is made."""
    ran = init(folder, *lines)
    assert ran.code == 1
    assert not (folder / "ws").exists()
    return [line for line in ran.err.splitlines() if line.startswith("表.csv")]


@pytest.mark.parametrize(("years", "asks"), [("R12", True), ("R8 R12", True), ("R8 R9", False)])
def test_where_not_every_year_has_a_column_the_first_year_is_asked_about(
    tmp_path: Path, years: str, asks: bool
) -> None:
    aims = [f"目標{year}" for year in years.split()]
    assert init(tmp_path, ",".join(["指標", *aims]), ",".join(["名", *"5" * len(aims)])).code == 0
    text = (tmp_path / "ws" / "data" / "targets.yaml").read_text("utf-8")
    assert (f"start: {years.split(maxsplit=1)[0]}  # 要確認" in text) is asks


def test_a_table_becomes_a_plan_with_logs(tmp_path: Path) -> None:
    ran = init(tmp_path, f"{HEAD},公表R7,公表R8", f"{ROW},◎,")
    assert ran.code == 0, ran.err
    assert "次の列は読みません: 公表R7、公表R8" in ran.err
    workspace = tmp_path / "ws"
    (found,) = show_json(workspace, "list")["indicators"]
    assert (found["id"], found["label"], found["reporter"]) == ("k1-1", "①", "環境課")
    assert (found["baseline"], found["targets"]) == (900, {"R8": 890, "R9": 880})
    (row,) = rows_of(workspace, "R7")
    assert (row["指標"], row["実績値"], row["区分"], row["入力者"]) == ("k1-1", "895", "確定", "係")
    assert row["備考"] == "計画の表から（表.csv 2行目）"
    schema = (workspace / "data" / "targets.schema.json").read_bytes()
    assert schema == (REPOSITORY / "data" / "targets.schema.json").read_bytes()
    assert call(workspace, "check", "--date", DAY).code == 0


@pytest.mark.parametrize(
    ("heads", "kinds", "programmes"),
    [
        ("区分,指標", ("子育て", "高齢"), ["子育て", "高齢"]),
        ("区分,指標", ("活動指標", "成果指標"), ["計画の指標"]),
        ("区分,指標", ("新規", "継続"), ["計画の指標"]),
        ("指標,区分", ("子育て", "高齢"), ["計画の指標"]),
        ("施策,区分,指標", ("子育て", "高齢"), ["計画の指標"]),
    ],
)
def test_a_column_that_may_group_does_so_where_nothing_else_is_meant(
    tmp_path: Path, heads: str, kinds: tuple[str, str], programmes: list[str]
) -> None:
    rows = [
        ",".join({"区分": kind, "指標": f"{kind}の数"}.get(head, "") for head in heads.split(","))
        for kind in kinds
    ]
    ran = init(tmp_path, f"{heads},目標R8,目標R9", *(f"{row},5,6" for row in rows))
    assert ran.code == 0, ran.err
    made = show_json(tmp_path / "ws", "list")["programmes"]
    assert [each["name"] for each in made] == programmes
    assert ("「区分」の列を、事業として読みます。" in ran.err) == (len(programmes) == 2)


def test_what_the_table_does_not_say_is_marked_and_listed(tmp_path: Path) -> None:
    ran = init(tmp_path, "指標,目標R8", "利用者数（累計）,10")
    assert ran.code == 0, ran.err
    lines = (tmp_path / "ws" / "data" / "targets.yaml").read_text("utf-8").splitlines()
    marked = {number for number, line in enumerate(lines, 1) if line.endswith("# 要確認")}
    body = ran.out.split("確かめるところ")[1]
    listed = {int(each) for each in re.findall(r"\d+(?=[、行])", body)}
    assert listed == marked
    said = {line.strip().split(":")[0] for line in lines if line.endswith("# 要確認")}
    assert said == {
        "title", "start", "municipality", "published", "scale", "review_trigger", "courses", "name",
        "label", "measure", "direction", "reporter",
    }  # fmt: skip
    assert "        measure: cumulative  # 要確認" in lines
    (problem,) = show_json(tmp_path / "ws", "check", "--date", DAY)["problems"]
    named = {int(each) for each in re.findall(r"\d+(?=[・行])", problem["message"])}
    assert (problem["path"], named) == ("data/targets.yaml", marked)
    assert "数え方 " in problem["message"]
    path = tmp_path / "ws" / "data" / "targets.yaml"
    path.write_text(path.read_text("utf-8").replace("  # 要確認", ""), "utf-8")
    assert "# 「# 要確認」の行は" in path.read_text("utf-8")
    assert call(tmp_path / "ws", "check", "--date", DAY).out == "問題はありません。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_any_encoding_of_excel_is_read(encoding: str, tmp_path: Path) -> None:
    assert init(tmp_path, HEAD, ROW, encoding=encoding).code == 0


def test_bad_cells_are_refused_with_their_place_all_at_once(tmp_path: Path) -> None:
    said = refused(
        tmp_path,
        HEAD,
        "ごみ,①,い,人,,年間の数,多い方,課,R6,約50,実施,10〜5,36（うち新規5）",
        "ごみ,②,う,％,0,率,多いほどよい,課,昔,50,93.45,90以下,",
        "ごみ,②,え,人,,年間の数,多いほどよい,課,R6,5,6,7,x",
        "ごみ,,,人,,年間の数,多いほどよい,課,R6,5,6,7,8",
    )
    for place, found in (
        ("2行目", "よい方向「多い方」"), ("2行目", "参考値「約50」"), ("2行目", "目標R8「実施」"),
        ("2行目", "目標R9「10〜5」"), ("3行目", "参考値の年度「昔」"), ("3行目", "目標「90以下」"),
        ("3行目", "目標R8: 「93.45」"), ("4行目", "番号: 「(1)②」が重複"), ("5行目", "指標の名前"),
    ):  # fmt: skip
        assert any(line.startswith(f"表.csv {place}: ") and found in line for line in said), found


def test_figures_that_no_log_takes_are_refused(tmp_path: Path) -> None:
    heads = f"{HEAD},実績R8,実績R10"
    said = refused(tmp_path, heads, f"{ROW[:-3]}約5,10.5,", f"{ROW.replace('①', '②')},,3")
    assert [each.split("は")[0] for each in said] == [
        "表.csv 2行目: 実績R7「約5」",
        "表.csv 2行目: 実績R8「10.5」",
        "表.csv 3行目: 実績R10「3」: R10 ",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heads", "cells", "expected"),
    [
        ("単位", "50,80%以上,％", {"direction": "up", "targets": {"R8": 50, "R9": 80}}),
        ("単位", "50,40以下,人", {"direction": "down"}),
        ("単位", "10〜15,10〜15,人", {"direction": "keep", "tolerance": 2.5, "decimals": 1}),
        ("参考値", "現状維持,,353", {"direction": "keep", "targets": {"R8": 353}}),
        ("参考値,よい方向", "維持,,353,多いほどよい", {"direction": "up", "targets": {"R8": 353}}),
        ("単位", "500±5,500±5,人", {"direction": "keep", "tolerance": 5, "decimals": 0}),
        ("単位", "80,未定,人", {"targets": {"R8": 80}}),
        ("単位", "80超,—,人", {"direction": "up", "targets": {"R8": 80}}),
        ("単位", '"１，２３４","2,000人",人', {"targets": {"R8": 1234, "R9": 2000}, "unit": "人"}),
        ("単位", "1,2,—", {"unit": None}),
        ("単位,小数", "1.5,2,t,", {"decimals": 1, "targets": {"R8": 1.5, "R9": 2.0}}),
        ("単位,数え方", "98.5,105,％,率", {"maximum": None, "per": 100}),
        ("参考値", "-100,0,△353", {"signed": True, "baseline": -353, "attainment": "progress"}),
        ("参考値（R6）", "1,2,3", {"baseline": 3, "baseline_years": ["R6"]}),
        ("基準値の年度,基準値", "1,2,H25〜H28,3", {"baseline_years": ["H25", "H26", "H27", "H28"]}),
        ("参考値の年度,参考値", "1,2,R8,3", {"baseline": 3, "baseline_years": []}),
        ("参考値の年度,参考値", "1,2,R6,—", {"baseline": None}),
        ("数え方,よい方向", "1,2,flow,none", {"measure": "flow", "direction": "none"}),
        ("目標のない年", "1,2,次の目標", {"between": "next"}),
        ("達成率の式", "1,2,参考値からの進み", {"attainment": "progress"}),
        ("調べる年度,始まる年度", "1,2,R8、R12,R8", {"measured": ["R8", "R12"], "from": "R8"}),
        ("番号,事業", "1,2,2-3,2 教育", {"id": "k2-3", "label": "3"}),
        ("担当課,成果指標ではない列", "1,2,課,x", {"reporter": "課"}),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_a_careful_person_would(
    heads: str, cells: str, expected: dict[str, Any], tmp_path: Path
) -> None:
    found = one(tmp_path, heads, cells)
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("heads", "cells", "said"),
    [
        ("よい方向", "80以上,,少ないほどよい", "よい方向「少ないほどよい」と合いません"),
        ("よい方向", "80以上,70以下,", "よい方向が違います"),
        ("よい方向", "10〜15,10〜20,維持", "目標の幅が同じではありません"),
        ("よい方向", "10〜15,,多いほどよい", "合いません"),
        ("参考値", "現状維持,,", "当たる参考値がありません"),
        ("許容幅,よい方向", "1,2,3,多いほどよい", "よい方向「維持」のときだけ書けます"),
        ("負の数,よい方向", "1,2,あり,維持", "よい方向「維持」にできません"),
        ("率の分母", "1,2,7", "率の分母"),
        ("番号", "1,2,2026-01-02", "日付になっています"),
        ("参考値", "1,2,#N/A", "参考値「#N/A」"),
    ],
)
def test_what_contradicts_itself_is_said_in_the_words_of_the_table(
    heads: str, cells: str, said: str, tmp_path: Path
) -> None:
    (found, *_) = refused(tmp_path, f"指標,目標R8,目標R9,{heads}", f"名,{cells}")
    assert said in found


@pytest.mark.parametrize(
    "heading",
    [
        "目標R9",
        "目標値（令和９年度）",
        "R9目標",
        "目標2027",
        "目標\n令和9年度\n（2027）",
        "目標値 FY2027",
    ],
)
def test_years_in_headings_are_read_as_they_are_written(heading: str, tmp_path: Path) -> None:
    assert init(tmp_path, f'指標,単位,"{heading}"', "名,人,5").code == 0
    (found,) = show_json(tmp_path / "ws", "list")["indicators"]
    assert found["targets"] == {"R9": 5}


def test_headings_in_two_rows_titles_bands_totals_and_notes(tmp_path: Path) -> None:
    ran = init(
        tmp_path,
        "第2次みほん市計画,,,,,,,,",
        ",,,,,,,,",
        "番号,指標,単位,基準値,,目標値,,実績値,",
        ",,,年度,値,R8,R9,R6,R7",
        "基本目標1 しごと,,,,,,,,",
        "1,雇用者数,人,R6,100,110,120,100,98",
        "2,起業数,件,R6,3,5,7,3,—",
        "基本目標2 ひと,,,,,,,,",
        "1,移住者数,人,R6,10,12,14,10,測定不能（調査なし）",
        "合計,,,,113,127,141,,",
        "※ 住民基本台帳による,,,,,,,,",
    )
    assert ran.code == 0, ran.err
    plan = show_json(tmp_path / "ws", "list")
    assert plan["plan"]["title"] == "第2次みほん市計画"
    assert [each["number"] for each in plan["programmes"]] == ["基本目標1", "基本目標2"]
    assert [each["id"] for each in plan["indicators"]] == ["k1-1", "k1-2", "k2-1"]
    assert {each["baseline_years"][0] for each in plan["indicators"]} == {"R6"}
    assert len(rows_of(tmp_path / "ws", "R6")) == 3
    last = rows_of(tmp_path / "ws", "R7")
    assert [(each["区分"], each["実績値"]) for each in last] == [("確定", "98"), ("測定不能", "")]
    assert last[1]["備考"] == "調査なし"
    for said in (
        "「合計」の行は読みません",
        "「※ 住民基本台帳による」の行は",
        "実績R7「—」は記録しません",
    ):
        assert said in ran.err


def test_records_before_every_baseline_are_kept(tmp_path: Path) -> None:
    ran = init(tmp_path, "指標,単位,参考値の年度,参考値,目標R8,実績R4,実績R7", "名,人,R6,5,9,3,6")
    assert ran.code == 0, ran.err
    assert show_json(tmp_path / "ws", "list")["plan"]["records_from"] == "R4"
    assert call(tmp_path / "ws", "check", "--date", DAY).code == 0
    assert [each["実績値"] for each in rows_of(tmp_path / "ws", "R4")] == ["3"]


def test_the_commonest_year_is_the_plans_and_the_others_keep_theirs(tmp_path: Path) -> None:
    lines = [f"名{year},①{at},人,{year},5,9" for at, year in enumerate(["R6", "R5", "R6", ""])]
    ran = init(tmp_path, "指標,番号,単位,参考値の年度,参考値,目標R8", *lines)
    assert ran.code == 0, ran.err
    plan = show_json(tmp_path / "ws", "list")
    assert plan["plan"]["baseline_year"] == "R6"
    years = [each["baseline_years"] for each in plan["indicators"]]
    assert years == [["R6"], ["R5"], ["R6"], ["R6"]]
    assert "参考値の年度（仮に、ほかと同じ R6）" in ran.out


def test_nothing_is_written_over_data(tmp_path: Path) -> None:
    assert init(tmp_path, HEAD, ROW).code == 0
    before = tree(tmp_path)
    for arguments in (["ws", "--from", "表.csv"], ["ws"]):
        ran = call(tmp_path, "init", *arguments)
        assert (ran.code, "すでに作業フォルダーです" in ran.err) == (1, True)
    assert tree(tmp_path) == before


def test_a_refused_table_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "ws").mkdir()
    (tmp_path / "ws" / "memo.txt").write_text("x")
    assert init(tmp_path, HEAD, ROW.replace("895", "約5")).code == 1
    assert [each.name for each in (tmp_path / "ws").iterdir()] == ["memo.txt"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["あ,い", "1,2"], "指標の表が見つかりません（最初のセルは「あ」です）"),
        (["指標;単位;目標R8", "名;人;5"], "列の区切りが「;」になっています"),
        (["指標,単位,目標", "名,人,5"], "見出し「目標」に年度がありません"),
        (["指標,単位,R8", "名,人,5"], "目標か実績か分かりません"),
        (["指標,単位,目標R8,目標（R8）", "名,人,5,6"], "の列が2つあります"),
        (["指標,単位", "名,人"], "目標の列がありません"),
        (["指標,単位,目標R8"], "指標の行がありません"),
    ],
)
def test_a_file_without_a_table_is_named(lines: list[str], said: str, tmp_path: Path) -> None:
    ran = init(tmp_path, *lines)
    assert (ran.code, said in ran.err) == (1, True), ran.err


def workbook(path: Path, rows: list[list[Any]], hidden_row: int | None = None) -> None:
    with xlsxwriter.Workbook(path) as book:
        struck, sheet = book.add_format({"font_strikeout": True}), book.add_worksheet("指標一覧")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                bare = str(value).removeprefix("~")
                look = struck if str(value).startswith("~") else None
                sheet.write(number, column, bare if look else value, look)
        if hidden_row is not None:
            sheet.set_row(hidden_row, options={"hidden": True})
        book.add_worksheet("メモ").write(0, 0, "メモ")


def test_a_workbook_is_read_with_addresses(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["指標", "単位", "参考値", "目標R8"],
        ["消した値", "人", "~5", 6],
        ["隠した行", "人", 5, 6],
        ["読めない値", "人", 5, "約6"],
    ]
    workbook(tmp_path / "表.xlsx", rows, hidden_row=2)
    ran = call(tmp_path, "init", "ws", "--from", "表.xlsx")
    assert ran.code == 1
    for said in (
        "表.xlsx 指標一覧!C2: セル「5」に取り消し線があります",
        "表.xlsx 指標一覧!A3: セル「隠した行」が非表示の行にあります",
        "表.xlsx 指標一覧!D4: 目標R8「約6」",
    ):
        assert said in ran.err
    workbook(tmp_path / "表.xlsx", [rows[0], ["よい値", "人", 5, 6]])
    ran = call(tmp_path, "init", "ws", "--from", "表.xlsx")
    assert (ran.code, "シート「メモ」は読みません" in ran.err) == (0, True), ran.err


def test_the_empty_table_is_filled_in_and_read(tmp_path: Path) -> None:
    ran = call(tmp_path, "init", "--table", "表.xlsx", "--date", DAY)
    assert ran.code == 0, ran.err
    book = CalamineWorkbook.from_path(tmp_path / "表.xlsx")
    assert book.sheet_names == ["指標", "記入例", "書き方"]
    rows = book.get_sheet_by_name("指標").to_python()
    assert [rows[0][0], rows[1][0]] == ["計画の名称", "市町村名"]
    heads = [str(each) for each in rows[2]]
    assert heads[:3] + heads[10:] == [
        "事業", "番号", "指標", *(f"目標R{year}" for year in range(9, 14)), "実績R7", "実績R8",
    ]  # fmt: skip
    text = str(book.get_sheet_by_name("記入例").to_python())
    assert all(each in text for each in ("90%以上", "10〜15", "実施"))
    assert call(tmp_path, "init", "--table", "表.xlsx").code == 1, "nothing is replaced"
    empty = call(tmp_path, "init", "ws", "--from", "表.xlsx")
    assert (empty.code, "指標の行がありません" in empty.err) == (1, True)


def test_the_example_is_a_workspace_to_edit(tmp_path: Path) -> None:
    ran = call(tmp_path, "init", "ws", "--date", DAY)
    assert ran.code == 0, ran.err
    plan = show_json(tmp_path / "ws", "list")
    assert plan["plan"]["sample"] is True
    assert len(plan["indicators"]) == 6
    assert call(tmp_path / "ws", "check", "--date", DAY).code == 0
    assert call(tmp_path / "ws", "show", "R8", "--date", DAY).code == 0


@pytest.mark.parametrize(
    "arguments",
    [[], ["ws", "--table", "t.xlsx"], ["--table", "t.csv"]],
)
def test_wrong_usage(arguments: list[str], tmp_path: Path) -> None:
    assert call(tmp_path, "init", *arguments).code == 2
    assert list(tmp_path.iterdir()) == []


def test_the_columns_are_documented() -> None:
    rows = table(section(FORMATS, "## 計画の表: jusou init --from"))
    described = [(row[0], spans(row[1])[0], row[2], row[3]) for row in rows]
    assert described == [
        (each.heading, each.key, "、".join(each.aliases), each.help) for each in COLUMNS
    ]
    headings = {each.heading for each in COLUMNS}
    assert all(each in headings or each[:2] in ("目標", "実績") for each in HEADINGS)
