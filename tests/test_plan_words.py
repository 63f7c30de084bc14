"""What a plan may say of its parts: numbers that are texts, no unit, sources, ids of before."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import call, record, show_json, small_workspace, write_actuals

DAY = ("--date", "2027-06-01")


def pack(workspace: Path, name: str, year: str = "R8") -> str:
    ran = call(workspace, "report", year, "--only", name, *DAY)
    assert ran.code == 0, ran.err
    return (workspace / "reports" / year / f"review.{name}").read_text("utf-8-sig")


def renumbered(workspace: Path, number: str) -> Path:
    path = workspace / "data" / "targets.yaml"
    text = path.read_text("utf-8").replace("number: 1\n", f"number: {number}\n")
    path.write_text(text, "utf-8")
    return workspace


@pytest.mark.parametrize(
    ("number", "title", "label", "key"),
    [
        ("1", "(1) 事業", "(1)1", "1-1"),
        ("1-2", "1-2 事業", "1-2-1", "１－２－１"),
        ("基本目標1", "基本目標1 事業", "基本目標1-1", "基本目標１-1"),
        ("'(2)'", "(2) 事業", "(2)-1", "2-1"),
    ],
)
def test_a_programme_has_the_number_of_the_plan(
    tmp_path: Path, number: str, title: str, label: str, key: str
) -> None:
    workspace = renumbered(small_workspace(tmp_path, "id: a"), number)
    assert call(workspace, "add", "R8", key, "80", *DAY).code == 0
    (found,) = show_json(workspace, "show", "R8", *DAY)["indicators"]
    assert (found["label"], found["actual"]) == (label, 80)
    text = pack(workspace, "md")
    assert f"## {title}" in text
    assert f"{label} 指標1" in text


@pytest.mark.slow
def test_the_workbook_counts_the_indicators_of_a_programme_with_a_text_for_a_number(
    tmp_path: Path,
) -> None:
    workspace = record(renumbered(small_workspace(tmp_path, "id: a"), "1-2"), "R8 a 80")
    assert call(workspace, "report", "R8", "--only", "xlsx", *DAY).code == 0


def test_what_is_given_is_printed_and_nothing_else(tmp_path: Path) -> None:
    fields = "id: a, kind: outcome, source: 国勢調査, unit: null"
    workspace = record(small_workspace(tmp_path, fields, "id: b, unit: ''"), "R8 a 80")
    path = workspace / "data" / "targets.yaml"
    text = path.read_text("utf-8").replace("{title: 計画,", "{title: 計画, contact: 計画係 内線12,")
    path.write_text(text, "utf-8")
    text = pack(workspace, "md")
    assert text.count("指標の種類") == text.count("データの出典") == 1
    for said in ("成果指標", "国勢調査", "担当課 計画係 内線12"):
        assert said in text
    listed = show_json(workspace, "list")
    assert listed["plan"]["contact"] == "計画係 内線12"
    assert [each["unit"] for each in listed["indicators"]] == [None, None]
    assert call(workspace, "form", "R8", "--format", "csv", *DAY).code == 0
    (form,) = (workspace / "reports" / "R8" / "forms").iterdir()
    assert "提出先,計画係 内線12" in form.read_text("utf-8-sig")


def test_rows_of_an_id_that_was_changed_are_found_by_the_former(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a")
    write_actuals(workspace, "R8", [",,mado-1,80,,,,,,,"])
    said = call(workspace, "check").out
    assert "指標「mado-1」は計画にありません。" in said
    assert "former_ids: [前の id] と書いてください。" in said
    workspace = small_workspace(tmp_path, "id: a, former_ids: [mado-1]")
    (found,) = show_json(workspace, "show", "R8", *DAY)["indicators"]
    assert (found["id"], found["actual"]) == ("a", 80)
    assert "former_ids" not in call(workspace, "add", "R8", "mado-2", "1", *DAY).err


@pytest.mark.parametrize(
    ("baseline", "years", "printed"),
    [
        ("50", ["R6"], "50"),
        ("{value: 50}", ["R6"], "50"),
        ("{value: 50, year: R6}", ["R6"], "50"),
        ("{value: 50, year: 2012}", ["H24"], "50（H24）"),
        ("{value: 50, years: [H24]}", ["H24"], "50（H24）"),
        ("{value: 50, years: [H25, H28]}", ["H25", "H28"], "50（H25・H28平均）"),
        ("{value: 50, years: [H30, R1, R2]}", ["H30", "R1", "R2"], "50（H30〜R2平均）"),
    ],
)
def test_a_baseline_has_its_own_year(
    tmp_path: Path, baseline: str, years: list[str], printed: str
) -> None:
    workspace = record(small_workspace(tmp_path, f"id: a, baseline: {baseline}"), "R8 a 80")
    (listed,) = show_json(workspace, "list")["indicators"]
    assert (listed["baseline"], listed["baseline_years"]) == (50, years)
    text = pack(workspace, "md")
    assert re.search(rf"\| +{re.escape(printed)} +\|", text)
    name = "R6" if years == ["R6"] else printed.removeprefix("50").strip("（）")
    assert f"{name}差" in text
    assert f"{name}（参考）" in text
    rows = show_json(workspace, "export", *DAY)["rows"]
    known = [(row["year"], row["actual"]) for row in rows if row["status"] == "baseline"]
    assert rows[0]["year"] == years[0]
    assert known == ([(years[0], 50)] if len(years) == 1 else [])
    assert call(workspace, "form", "R8", "--format", "csv", *DAY).code == 0
    (form,) = (workspace / "reports" / "R8" / "forms").iterdir()
    assert f",{printed}," in form.read_text("utf-8-sig")


def test_figures_may_be_kept_since_the_first_baseline(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a, baseline: {value: 50, year: H30}", "id: b")
    assert call(workspace, "add", "R1", "b", "70", *DAY).code == 0
    assert call(workspace, "add", "H29", "b", "70", *DAY).code == 1
    assert call(workspace, "add", "H30", "a", "51", *DAY).code == 0
    said = call(workspace, "check", *DAY).out
    assert "a の実績値 51 が、計画書の H30 参考値 50 と違います。" in said


@pytest.mark.parametrize(
    ("baseline", "message"),
    [
        ("約50", "baseline: 「約50」は数値として読めません。"),
        ("{value: 約50}", "value: 「約50」は数値として読めません。"),
        ("{year: H24}", "必要な項目 value がありません。"),
        ("{value: 5, year: R8}", "year: R8 が、最初の年度 R8 より前ではありません。"),
        ("{value: 5, years: [H28, H25]}", "years: H25 が H28 より後ではありません。"),
        ("{value: 5, year: H24, years: [H25, H28]}", "baseline: year と years の両方があります。"),
        ("{value: 5, years: [R1, R3, R3]}", "years: R3 が R3 より後ではありません。"),
        ("{value: 5, years: []}", "years: 空欄になっています。"),
        ("[5]", "baseline: 一覧（「- 」の並び）は数値として読めません。"),
    ],
)
def test_a_mistyped_baseline_is_named(tmp_path: Path, baseline: str, message: str) -> None:
    said = call(small_workspace(tmp_path, f"id: a, baseline: {baseline}"), "check").out
    assert message in said
    assert said.count("誤り:") == 1
