"""A plan's table: what ``list`` writes, ``init --from`` reads as the same indicators."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings

from jusou.plan.model import Indicator, Plan
from jusou.plan_table.columns import is_dash
from jusou.plan_table.reading import read_plan_table
from jusou.plan_table.writing import plan_table, render_plan_csv
from jusou.report.workbook.plan_table import render_plan_table
from jusou.storage.spreadsheet import read_book
from tests.spreadsheet import TODAY
from tests.support import call, real_workspace, show_json
from tests.test_plan_round_trip import plans


def known(indicator: Indicator) -> Indicator:
    """Return an indicator without what says nothing: years without a target, a year of nothing."""
    return indicator._replace(
        targets={year: each for year, each in indicator.targets.items() if each is not None},
        baseline_years=() if indicator.baseline is None else indicator.baseline_years,
        unit="" if is_dash(indicator.unit) else indicator.unit,  # as tables print 「none」
    )


def read_back(plan: Plan, content: bytes, name: str) -> Plan:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return read_plan_table(read_book(path, name), TODAY).plan


@given(plans())
@settings(max_examples=40, deadline=None)
def test_what_is_listed_is_read_as_the_same_indicators(plan: Plan) -> None:
    written = plan_table(plan)
    expected = [known(each) for each in plan.indicators.values()]
    for found in (
        read_back(plan, render_plan_csv(written), "plan.csv"),
        read_back(plan, render_plan_table(written, TODAY), "plan.xlsx"),
    ):
        assert [known(each) for each in found.indicators.values()] == expected
        assert (found.info.start, found.info.end) == (plan.info.start, plan.info.end)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_citys_plan_goes_out_as_a_table_and_comes_back(kind: str, tmp_path: Path) -> None:
    workspace = real_workspace(tmp_path)
    assert call(workspace, "list", "--format", kind).code == 0
    path = workspace / "reports" / "export" / f"plan.{kind}"
    made = call(tmp_path, "init", "again", "--from", str(path))
    assert made.code == 0, made.err
    own, again = (show_json(each, "list") for each in (workspace, tmp_path / "again"))
    assert again["indicators"] == own["indicators"]
    ids = [[each["id"] for each in plan["programmes"]] for plan in (own, again)]
    assert ids[0] == ids[1]


def test_only_files_are_written_elsewhere(tmp_path: Path) -> None:
    assert call(real_workspace(tmp_path), "list", "--output", "x").code == 2
    assert not (tmp_path / "x").exists()
