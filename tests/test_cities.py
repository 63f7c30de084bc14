"""Twelve published plans become workspaces without a hand edit, and give the published rates.

Their facts stand in ``tests/cities``, in the tables that ``init --from`` reads.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support import REPOSITORY, call, show_json

FOLDER = REPOSITORY / "tests" / "cities"
TABLES = sorted(FOLDER.glob("*.csv"))
BETWEEN, FORMULA = "目標のない年", "達成率の式"
# How these cities rate: the years between by the next target; a stock that falls by its way.
WAYS = {"kanagawa5": {BETWEEN: "次の目標", FORMULA: "参考値からの進み"}}
BY_ITS_WAY = {("kanagawa5", "③")}
CUT_OFF = {("kanagawa5", "①", "R1")}  # 131/470 is 27.87…, and 27.8 was printed


class Rate(NamedTuple):
    """A rate as a city published it, and whether the year has a target of its own."""

    label: str
    programme: str
    year: str
    percent: Decimal
    has_target: bool


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def rates(path: Path) -> Iterator[Rate]:
    for row in rows(path):
        for heading, text in row.items():
            if heading.startswith("公表") and re.fullmatch(r"\d+(\.\d+)?", text):
                year = heading.removeprefix("公表")
                percent, target = Decimal(text), row[f"目標{year}"]
                yield Rate(row["番号"], row["事業"], year, percent, bool(target))


def founded(folder: Path, table: Path) -> Path:
    ran = call(folder, "init", "ws", "--from", str(table))
    assert ran.code == 0, ran.err
    return folder / "ws"


def reviewed(workspace: Path, year: str) -> dict[tuple[str, str], Any]:
    """Return what a review says of each indicator, by its programme and label."""
    names = {each["id"]: each["name"] for each in show_json(workspace, "list")["programmes"]}
    found = show_json(workspace, "show", year)["indicators"]
    return {
        (names[each["programme"]], each["label"].removeprefix("(").partition(")")[2]): each
        for each in found
    }


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_a_published_plan_is_read_checked_and_reported(table: Path, tmp_path: Path) -> None:
    workspace = founded(tmp_path, table)
    checked = show_json(workspace, "check")["problems"]
    assert [each for each in checked if each["severity"] == "error"] == []
    plan = show_json(workspace, "list")
    assert len(plan["indicators"]) == len(rows(table))
    figures = {
        heading.removeprefix("実績")
        for row in rows(table)
        for heading, text in row.items()
        if heading.startswith("実績") and text
    }
    logs = {path.stem for path in (workspace / "data" / "actuals").glob("*.csv")}
    assert logs == figures
    years = {heading.removeprefix("目標") for heading in rows(table)[0] if heading[:2] == "目標"}
    for year in sorted(figures & years):
        ran = call(workspace, "report", year, "--only", "txt")
        assert ran.code == 0, ran.err
    for year in sorted(figures & years):
        for rate in rates(table):
            by_ratio = (table.stem, rate.label) not in BY_ITS_WAY
            if rate.year == year and rate.has_target and by_ratio:
                found = reviewed(workspace, year)[rate.programme, rate.label]
                assert Decimal(str(found["attainment"])) == rate.percent, rate


def with_columns(table: Path, columns: dict[str, str]) -> str:
    """Return a table with more columns, the same in each row."""
    head, *lines = table.read_text(encoding="utf-8-sig").splitlines()
    rest = ",".join(columns.values())
    return "\n".join([",".join([head, *columns]), *(f"{line},{rest}" for line in lines)])


@pytest.mark.parametrize("name", WAYS)
def test_rates_of_years_between_targets_are_those_that_were_published(
    name: str, tmp_path: Path
) -> None:
    source = FOLDER / f"{name}.csv"
    table = tmp_path / source.name
    table.write_text(with_columns(source, WAYS[name]), encoding="utf-8")
    workspace = founded(tmp_path, table)
    for rate in rates(source):
        found = reviewed(workspace, rate.year)[rate.programme, rate.label]
        ours = Decimal(str(found["attainment"]))
        if (name, rate.label, rate.year) in CUT_OFF:
            row = next(each for each in rows(source) if each["番号"] == rate.label)
            exact = Decimal(row[f"実績{rate.year}"]) * 100 / Decimal(row["目標R2"])
            assert exact.quantize(Decimal("0.1"), ROUND_FLOOR) == rate.percent != ours
        else:
            assert ours == rate.percent, rate


def test_every_published_rate_is_looked_at() -> None:
    between = {table.stem for table in TABLES for rate in rates(table) if not rate.has_target}
    assert between == set(WAYS)
    assert sum(1 for table in TABLES for _ in rates(table)) > 30
