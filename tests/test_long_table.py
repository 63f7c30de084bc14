"""The long table of all years, in the workbook (一覧) and in the export: the same by one rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.spreadsheet import Made, column, make
from tests.support import (
    REVISIONS_HEADER,
    SAMPLE_DAY,
    call,
    record,
    sample_workspace,
    show_json,
    small_workspace,
    write_log,
)

ATTAINMENT = "達成率（％）"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(sample_workspace(tmp_path_factory.mktemp("running")), "R10")


def test_the_long_table_has_a_row_for_each_indicator_and_year(running: Made) -> None:
    rows = running.rows("一覧")
    years = column(rows, "年度")
    assert years == [f"R{year}" for year in range(6, 13)] * 19
    assert column(rows, "西暦（年度）")[:7] == list(range(2024, 2031))
    cells = {
        (label, year): (target, actual, basis, attainment, mark)
        for label, year, target, actual, basis, attainment, mark in zip(
            *(
                column(rows, title)
                for title in ("番号", "年度", "目標", "実績", "区分", ATTAINMENT, "達成度")
            ),
            strict=True,
        )
    }
    assert cells["(1)②", "R6"] == ("", 2529, "参考", "", "")
    assert cells["(1)②", "R9"] == (2650, 2649, "確定", 99.9, "B")
    assert cells["(1)②", "R10"] == (2700, 2690, "見込", 99.6, "B")
    assert cells["(1)②", "R12"] == (2800, "", "", "", "")
    assert cells["(1)③", "R10"] == (50, "", "未確定", "", "")
    assert cells["(3)①", "R9"][0] == 8
    published = dict(
        zip(zip(column(rows, "番号"), years, strict=True), column(rows, "当初目標"), strict=True)
    )
    assert published["(3)①", "R9"] == 10
    assert set(column(rows, "データの種類")) == {"架空"}


def listed(workspace: Path, year: str) -> dict[tuple[str, str], tuple[Any, ...]]:
    """当初目標, 目標, 実績, 区分 in the workbook, by indicator and year; None where empty."""
    rows = make(workspace, year).rows("一覧")
    titles = ("番号", "年度", "当初目標", "目標", "実績", "区分")
    cells = zip(*(column(rows, title) for title in titles), strict=True)
    return {
        (label, each): tuple(None if value == "" else value for value in values)
        for label, each, *values in cells
    }


def exported(workspace: Path) -> dict[tuple[str, str], tuple[Any, ...]]:
    rows = show_json(workspace, "export", "--date", SAMPLE_DAY)["rows"]
    keys = ("target_published", "target", "actual", "basis")
    return {(row["label"], row["year"]): tuple(row[key] for key in keys) for row in rows}


def test_both_tables_take_baseline_and_targets_by_the_same_rule(tmp_path: Path) -> None:
    workspace = small_workspace(
        tmp_path, "id: a, baseline: 50", "id: b, baseline: 60", "id: c", "id: d, baseline: 70"
    )
    record(workspace, "R6 a 51", "R7 a 55", "R8 a 90", "R9 a 95 速報", "R6 c 9", "R6 d - 未確定")
    revisions = [
        "t,a,目標値,R9,100,80,理由,市,2027-05-01,,,人",
        "t,a,目標値,R10,100,120,理由,市,2028-03-31,,,人",
        "t,a,目標値,R10,120,130,理由,市,2028-04-01,,,人",
    ]
    write_log(workspace / "data" / "revisions.csv", REVISIONS_HEADER, revisions)
    book, export = listed(workspace, "R10"), exported(workspace)
    assert book["(1)1", "R6"] == export["(1)1", "R6"] == (None, None, 51, "確定")
    assert book["(1)3", "R6"] == export["(1)3", "R6"] == (None, None, 9, "確定")
    assert book["(1)4", "R6"] == export["(1)4", "R6"] == (None, None, None, "未確定")
    assert book["(1)2", "R6"] == (None, None, 60, "参考")
    assert export["(1)2", "R6"] == (None, None, 60, None)
    for year, target in {"R8": 100, "R9": 80, "R10": 130}.items():
        assert book["(1)1", year][:2] == export["(1)1", year][:2] == (100, target)
    assert listed(workspace, "R9")["(1)1", "R10"][1] == 120  # a published review stays


def test_targets_of_years_to_come_are_those_of_the_running_year(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a")
    revision = "t,a,目標値,R10,100,120,理由,市,2027-05-01,,,人"
    write_log(workspace / "data" / "revisions.csv", REVISIONS_HEADER, [revision])
    rows = show_json(workspace, "export", "--date", "2026-05-01")["rows"]
    assert [row["target"] for row in rows if row["year"] == "R10"] == [100]
    assert listed(workspace, "R8")["(1)1", "R10"][1] == 100
    assert call(workspace, "export", "--date", "2027-06-01").code == 0
    assert exported(workspace)["(1)1", "R10"][1] == 120
