"""The library beyond its document: what is given, what is refused, what is loaded."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import jusou
from tests.support import sample_workspace, tree

DAY = date(2028, 11, 10)


@pytest.fixture
def workspace(tmp_path: Path) -> jusou.Workspace:
    return jusou.Workspace(sample_workspace(tmp_path))


@pytest.mark.parametrize("value", ["2,650件", 2650, Decimal(2650), Decimal("2.65E+3"), 2650.0])
def test_a_figure_is_given_as_typed_or_as_a_number(
    workspace: jusou.Workspace, value: str | int | float | Decimal
) -> None:
    added = workspace.add("R9", "(1)②", value, remark="再集計", correct=True, today=DAY)
    assert (added.written, added.decision.row.value) == (True, Decimal(2650))
    (review,) = (
        each for each in workspace.review("R9", today=DAY).indicators if each.label == "(1)②"
    )
    assert review.current.value == Decimal(2650)


def test_what_is_refused_says_why_and_writes_nothing(workspace: jusou.Workspace) -> None:
    before = tree(workspace.root)
    with pytest.raises(jusou.RefusedError) as refused:
        workspace.add("R9", "sodan-2", 1, today=DAY)
    assert refused.value.decision.obstacle == "another_stands"
    for year, indicator, value in (
        ("R9", "sodan-2", "約50"),
        ("R9", "x", 1),
        ("いつか", "sodan-2", 1),
    ):
        with pytest.raises(jusou.JusouError):
            workspace.add(year, indicator, value, today=DAY)
    assert tree(workspace.root) == before


def test_a_dry_run_decides_and_writes_nothing(workspace: jusou.Workspace) -> None:
    before = tree(workspace.root)
    added = workspace.add(
        "R9", "sodan-2", 26500, remark="再集計", correct=True, dry_run=True, today=DAY
    )
    assert (added.written, bool(added.decision.doubts)) == (False, True)
    assert tree(workspace.root) == before


def test_a_block_left_by_an_exception_writes_nothing(workspace: jusou.Workspace) -> None:
    before = tree(workspace.root)

    def append_and_fail() -> None:
        with workspace.transaction() as t:
            t.append(t.dataset.rows.actuals[0])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        append_and_fail()
    assert tree(workspace.root) == before


def test_the_names_are_listed_and_nothing_heavy_is_loaded_before_use() -> None:
    assert {"Workspace", "FiscalYear", "Review", "JusouError"} <= set(dir(jusou))
    code = "import jusou, sys; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert not {"pydantic", "yaml", "typer", "jusou.workspace"} & set(loaded.stdout.split())
    with pytest.raises(AttributeError):
        jusou.Nothing  # noqa: B018
