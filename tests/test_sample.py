"""The sample workspace: complete enough to show everything, and never taken for the city's."""

from __future__ import annotations

import csv
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from jusou.review.flags import Flag
from tests.support import REPOSITORY, SAMPLE, SAMPLE_DAY, call, sample_workspace, show_json

NOTICE = "架空データ"
YEARS = ("R8", "R9", "R10")
DAY = {"JUSOU_DATE": SAMPLE_DAY}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_workspace(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def indicators(workspace: Path) -> list[dict[str, Any]]:
    """Every indicator of every year's review."""
    return [
        each
        for year in YEARS
        for each in show_json(workspace, "show", year, "--date", SAMPLE_DAY)["indicators"]
    ]


def log(name: str) -> list[dict[str, str]]:
    with (SAMPLE / "data" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_its_plan_is_the_citys_but_for_the_mark() -> None:
    own, city = (
        yaml.safe_load((folder / "data" / "targets.yaml").read_text("utf-8"))
        for folder in (SAMPLE, REPOSITORY)
    )
    assert own["plan"].pop("sample") is True
    assert own == city


def test_each_rating_and_each_flag_occurs(indicators: list[dict[str, Any]]) -> None:
    assert {each["rating"] for each in indicators} == {"A", "B", "C", "D", None}
    found = {flag for each in indicators for flag in each["flags"]}
    # No rate misses its target by less than the last digit, nothing is counted in another way.
    assert found == set(Flag) - {Flag.LIFTED_BY_ROUNDING, Flag.DEFINITION_CHANGED}


def test_each_status_and_basis_occurs(indicators: list[dict[str, Any]]) -> None:
    assert {each["status"] for each in indicators} == {
        "reported", "forecast", "interim", "pending", "not_applicable", "not_measurable",
        "unreported",
    }  # fmt: skip
    bases = {row["区分"] for year in YEARS for row in log(f"actuals/{year}.csv")}
    assert bases == {"確定", "速報", "未確定", "該当なし", "測定不能", "見込", "中間", "取消"}


def test_r8_and_r9_are_complete_and_r10_is_not(workspace: Path) -> None:
    for year, complete in zip(YEARS, (True, True, False), strict=True):
        found = show_json(workspace, "show", year, "--date", SAMPLE_DAY)["programmes"]
        assert (sum(each["pending"] + each["forecast"] for each in found) == 0) is complete


def test_it_has_a_correction_a_revision_and_notes(workspace: Path) -> None:
    final = [row["指標"] for row in log("actuals/R9.csv") if row["区分"] in ("確定", "速報")]
    assert len(final) > len(set(final))
    assert {row["決定日"] for row in log("revisions.csv")} == {"2028-01-20"}
    r9 = show_json(workspace, "show", "R9", "--date", SAMPLE_DAY)
    assert all(each["note"]["activity"] for each in r9["indicators"])
    assert any(each["evaluation"] for each in r9["indicators"])
    assert {each["kind"] for each in r9["candidates"]} == {"candidate"}
    r8 = show_json(workspace, "show", "R8", "--date", SAMPLE_DAY)
    assert {each["kind"] for each in r8["candidates"]} == {"watch"}


def test_its_rows_are_in_the_order_of_their_times() -> None:
    for path in sorted((SAMPLE / "data").rglob("*.csv")):
        times = [row["記録日時"] for row in log(path.relative_to(SAMPLE / "data").as_posix())]
        assert all(earlier <= later for earlier, later in pairwise(times)), path.name


def test_check_finds_no_error(workspace: Path) -> None:
    found = show_json(workspace, "check", "--date", SAMPLE_DAY)["problems"]
    assert {each["severity"] for each in found} == {"warning"}


@pytest.mark.parametrize(
    "command",
    ["show R8", "show R9", "show R10", "list", "status R10", "history sanka-2", "check",
     "report R9 --only txt", "add R9 sanka-3 3 --dry-run"],
)  # fmt: skip
def test_every_output_says_that_it_is_fictional(workspace: Path, command: str) -> None:
    ran = call(workspace, *command.split(), env=DAY)
    assert ran.code == 0
    assert NOTICE in ran.out


def test_every_file_says_that_it_is_fictional(workspace: Path) -> None:
    assert call(workspace, "report", "R10", "--only", "md,txt,json", env=DAY).code == 0
    assert call(workspace, "export", env=DAY).code == 0
    reports = workspace / "reports"
    assert NOTICE in (reports / "R10" / "review.md").read_text("utf-8").splitlines()[4]
    assert NOTICE in (reports / "R10" / "review.txt").read_text("utf-8-sig").splitlines()[3]
    assert json.loads((reports / "R10" / "review.json").read_bytes())["sample"] is True
    package = json.loads((reports / "export" / "datapackage.json").read_bytes())
    assert NOTICE in package["description"]
    content = (reports / "export" / "indicators.csv").read_text("utf-8-sig")
    heading, *rows = csv.reader(content.splitlines())
    assert {row[heading.index(NOTICE)] for row in rows} == {"true"}


@pytest.mark.parametrize("command", ["show R9", "list", "status R9", "history sodan-2"])
def test_the_json_says_so_too(workspace: Path, command: str) -> None:
    found = show_json(workspace, *command.split())
    assert True in (found.get("sample"), found.get("plan", {}).get("sample"))


def test_the_citys_own_outputs_do_not_say_so() -> None:
    assert NOTICE not in call(REPOSITORY, "show", "R8", env=DAY).out
    assert NOTICE not in call(REPOSITORY, "list", env=DAY).out
