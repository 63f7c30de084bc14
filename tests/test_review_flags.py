"""What a reader must know of a figure: each flag on and off; candidates for revision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support import (
    REVISIONS_HEADER,
    call,
    record,
    show_json,
    small_workspace,
    write_log,
)

LATER = "2029-06-01"


def review(workspace: Path, year: str, day: str = LATER) -> dict[str, Any]:
    return show_json(workspace, "show", year, "--date", day)


def flags(workspace: Path, year: str, day: str = LATER) -> list[str]:
    (found,) = review(workspace, year, day)["indicators"]
    assert len(set(found["flags"])) == len(found["flags"])
    return list(found["flags"])


@pytest.mark.parametrize(
    ("indicator", "entries", "flag", "stands"),
    [
        ("baseline: 101", [], "target_below_baseline", True),
        ("baseline: 100", [], "target_below_baseline", False),
        ("baseline: 99", [], "target_below_baseline", False),
        ("baseline: null", [], "target_below_baseline", False),
        ("direction: down, baseline: 99", [], "target_below_baseline", True),
        ("direction: down, baseline: 101", [], "target_below_baseline", False),
        ("direction: keep, baseline: 150", [], "target_below_baseline", False),
        ("baseline: 150", ["R9 a 149"], "met_but_worse_than_baseline", True),
        ("baseline: 150", ["R9 a 150"], "met_but_worse_than_baseline", False),
        ("baseline: 150", ["R9 a 99"], "met_but_worse_than_baseline", False),
        ("baseline: 150", ["R9 a 149 速報"], "met_but_worse_than_baseline", True),
        ("baseline: 150", ["R9 a 149 見込"], "met_but_worse_than_baseline", False),
        ("direction: down, baseline: 50", ["R9 a 80"], "met_but_worse_than_baseline", True),
        ("measure: stock, baseline: 50", ["R9 a 50"], "no_progress_from_baseline", True),
        ("measure: stock, baseline: 50", ["R9 a 49"], "no_progress_from_baseline", True),
        ("measure: stock, baseline: 50", ["R9 a 51"], "no_progress_from_baseline", False),
        ("measure: cumulative, baseline: 50", ["R9 a 50"], "no_progress_from_baseline", True),
        ("measure: rate, baseline: 50", ["R9 a 50"], "no_progress_from_baseline", True),
        ("measure: rate, baseline: 50", ["R9 a 50 見込"], "no_progress_from_baseline", True),
        ("measure: flow, baseline: 50", ["R9 a 50"], "no_progress_from_baseline", False),
        ("measure: unconfirmed, baseline: 50", ["R9 a 50"], "no_progress_from_baseline", False),
        ("measure: stock, baseline: 100", ["R9 a 90"], "no_progress_from_baseline", False),
        (
            "measure: stock, direction: keep, baseline: 150",
            ["R9 a 150"],
            "no_progress_from_baseline",
            False,
        ),
        (
            "measure: stock, baseline: 50",
            ["R9 a 50 中間 2027-09-30"],
            "no_progress_from_baseline",
            False,
        ),
        ("unit: 人", ["R9 a 110"], "far_above_target", True),
        ("unit: 人", ["R9 a 109"], "far_above_target", False),
        ("targets: {R8: 1, R9: 10000, R10: 1}", ["R9 a 10997"], "far_above_target", True),
        ("unit: 人", ["R9 a - 該当なし"], "far_above_target", False),
        # By the way made, of ten to go one more is a tenth; of fewer it says too much.
        ("attainment: progress, baseline: 90", ["R9 a 101"], "far_above_target", True),
        ("attainment: progress, baseline: 91", ["R9 a 101"], "far_above_target", False),
        ("targets: {R8: 1, R9: 10, R10: 1}", [], "small_target", True),
        ("targets: {R8: 1, R9: 11, R10: 1}", [], "small_target", False),
        ("targets: {R8: 1, R9: 0, R10: 1}", [], "small_target", True),
        ("targets: {R8: 1, R9: null, R10: 1}", [], "small_target", False),
        ("measure: rate, targets: {R8: 1, R9: 5, R10: 1}", [], "small_target", False),
        ("decimals: 2, targets: {R8: 1, R9: 1.2, R10: 1}", [], "small_target", False),
        ("unit: 人", ["R8 a 60", "R9 a 59"], "worse_than_last_year", True),
        ("unit: 人", ["R8 a 60", "R9 a 60"], "worse_than_last_year", False),
        ("unit: 人", ["R8 a 60 見込", "R9 a 59"], "worse_than_last_year", False),
        ("unit: 人", ["R8 a 60", "R9 a 59 見込"], "worse_than_last_year", True),
        ("unit: 人", ["R8 a 60", "R9 a 5 中間 2027-09-30"], "worse_than_last_year", False),
        ("direction: down", ["R8 a 60", "R9 a 61"], "worse_than_last_year", True),
        ("measure: cumulative", ["R8 a 60", "R9 a 59"], "cumulative_fell", True),
        ("measure: cumulative", ["R8 a 60", "R9 a 59 中間 2027-09-30"], "cumulative_fell", True),
        ("measure: cumulative", ["R8 a 60", "R9 a 60"], "cumulative_fell", False),
        ("measure: stock", ["R8 a 60", "R9 a 59"], "cumulative_fell", False),
        ("measure: unconfirmed", [], "aggregation_unconfirmed", True),
        ("measure: stock", [], "aggregation_unconfirmed", False),
    ],
)
def test_flags(tmp_path: Path, indicator: str, entries: list[str], flag: str, stands: bool) -> None:
    workspace = record(small_workspace(tmp_path, f"id: a, {indicator}"), *entries)
    assert (flag in flags(workspace, "R9")) is stands


@pytest.mark.parametrize(
    ("entry", "day", "stands"),
    [
        ("R9 a 50", "2028-03-31", True),
        ("R9 a 50 速報", "2027-11-10", True),
        ("R9 a 50", "2028-04-01", False),
        ("R9 a 50 見込", "2027-11-10", False),
        ("R9 a 50 中間 2027-09-30", "2027-11-10", False),
    ],
)
def test_before_year_end(tmp_path: Path, entry: str, day: str, stands: bool) -> None:
    workspace = record(small_workspace(tmp_path, "id: a"), entry)
    assert ("before_year_end" in flags(workspace, "R9", day)) is stands


def revise(workspace: Path, *rows: str) -> Path:
    """Write revisions from ``year before after 決定日``."""
    lines = []
    for row in rows:
        year, before, after, day = row.split()
        before = before.strip("-")
        lines.append(f"t,a,目標値,{year},{before},{after},理由,会議,{day},,,人")
    write_log(workspace / "data" / "revisions.csv", REVISIONS_HEADER, lines)
    return workspace


@pytest.mark.parametrize(
    ("revisions", "targets", "flagged"),
    [
        ([], (100, 100, 100), ""),
        # inside R9, for R9 and R10: R9's review prints both, R8's knows nothing of it
        (["R9 100 80 2028-01-20", "R10 100 90 2028-01-20"], (100, 80, 90), "R9"),
        (["R9 100 80 2028-03-31"], (100, 80, 100), "R9"),  # the year's last day
        (["R9 100 80 2027-04-01"], (100, 80, 100), "R9"),  # its first
        (["R9 100 80 2027-03-31"], (100, 80, 100), ""),  # before it began
        (["R9 100 80 2027-06-01", "R9 80 70 2027-12-01"], (100, 70, 100), "R9"),
        (["R9 100 80 2027-06-01", "R9 80 100 2027-12-01"], (100, 100, 100), ""),
        (["R10 100 90 2028-05-01"], (100, 100, 90), "R10"),
    ],
)
def test_revisions_apply_from_the_review_of_the_year_of_decision(
    tmp_path: Path, revisions: list[str], targets: tuple[int, ...], flagged: str
) -> None:
    workspace = revise(small_workspace(tmp_path, "id: a"), *revisions)
    for year, target in zip(("R8", "R9", "R10"), targets, strict=True):
        (found,) = review(workspace, year)["indicators"]
        assert found["target"] == target
        assert ("revised_in_year" in found["flags"]) is (year == flagged)


def test_a_target_that_was_first_set_in_the_year_is_flagged(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a, targets: {R8: 100, R9: null, R10: 100}")
    assert "revised_in_year" not in flags(workspace, "R9")
    assert "revised_in_year" in flags(revise(workspace, "R9 - 80 2027-06-01"), "R9")


def test_a_later_decision_is_not_seen_by_the_review_of_an_earlier_year(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a")
    revise(workspace, "R10 100 50 2028-05-01")  # decided in R10
    record(workspace, "R8 a 50", "R9 a 50", "R10 a 50")
    finals = [review(workspace, year)["indicators"][0] for year in ("R8", "R9", "R10")]
    assert [each["vs_final_target"] for each in finals] == [50, 50, 100]
    assert [each["attainment"] for each in finals] == [50, 50, 100]


def test_a_target_changed_inside_its_year_is_printed_beside_the_former_one(tmp_path: Path) -> None:
    workspace = revise(small_workspace(tmp_path, "id: a"), "R9 100 80 2028-01-20")
    record(workspace, "R9 a 80")
    text = call(workspace, "show", "R9", "--date", LATER).out
    assert "目標：80件（当初100）" in text
    assert "年度途中変更（当初の目標100では80.0％・B）" in text
    assert "当初100" not in call(workspace, "show", "R10", "--date", LATER).out


def test_a_target_given_later_to_a_year_without_one(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a, targets: {R8: 1, R9: null, R10: null}")
    revise(workspace, "R9 - 50 2027-05-01")
    (found,) = review(record(workspace, "R9 a 40"), "R9")["indicators"]
    assert (found["target"], found["attainment"]) == (50, 80)


@pytest.mark.parametrize(
    ("year", "entries", "expected"),
    [
        ("R8", ["R8 a 90"], ("watch", "low", [90])),
        ("R8", ["R8 a - 測定不能"], ("watch", "low", [None])),
        ("R9", ["R8 a - 測定不能", "R9 a - 該当なし"], ("candidate", "low", [None, None])),
        ("R9", ["R8 a - 未確定", "R9 a - 該当なし"], None),
        ("R9", ["R8 a 10", "R9 a - 測定不能"], None),
        ("R8", ["R8 a 91"], None),
        ("R8", ["R8 a 110 速報"], ("watch", "high", [110])),
        ("R8", ["R8 a 109"], None),
        ("R8", ["R8 a 5 見込"], None),
        ("R8", ["R8 a 5 中間 2026-09-30"], None),
        ("R8", [], None),
        ("R9", ["R8 a 90", "R9 a 10"], ("candidate", "low", [90, 10])),
        ("R9", ["R8 a 110", "R9 a 200 速報"], ("candidate", "high", [110, 200])),
        ("R9", ["R8 a 90", "R9 a 110"], None),  # not on the same side
        ("R9", ["R8 a 91", "R9 a 10"], None),
        ("R9", ["R9 a 10"], None),
        ("R9", ["R8 a 10", "R9 a 10 見込"], None),
        ("R10", ["R8 a 10", "R9 a 95", "R10 a 10"], None),
        ("R10", ["R8 a 95", "R9 a 10", "R10 a 10"], ("candidate", "low", [10, 10])),
    ],
)
def test_candidates(tmp_path: Path, year: str, entries: list[str], expected: Any) -> None:
    workspace = record(small_workspace(tmp_path, "id: a, baseline: 40"), *entries)
    found = review(workspace, year)["candidates"]
    if expected is None:
        assert found == []
        return
    (candidate,) = found
    evidence = [each["attainment"] for each in candidate["evidence"]]
    assert (candidate["kind"], candidate["side"], evidence) == expected
    assert (candidate["id"], candidate["baseline"]) == ("a", 40)
    assert candidate["target_share"] == 250


@pytest.mark.parametrize(
    ("indicator", "entries", "sides"),
    [
        ("direction: none", ["R8 a - 測定不能", "R9 a - 該当なし"], []),  # nothing is asked of it
        ("attainment: progress, baseline: 90", ["R8 a 101", "R9 a 102"], ["high"]),
        ("attainment: progress, baseline: 91", ["R8 a 101", "R9 a 102"], []),
        ("attainment: progress, baseline: 91", ["R8 a 99", "R9 a 99"], ["low"]),
    ],
)
def test_candidates_of_planned_volumes_and_the_way_made(
    tmp_path: Path, indicator: str, entries: list[str], sides: list[str]
) -> None:
    workspace = record(small_workspace(tmp_path, f"id: a, {indicator}"), *entries)
    assert [each["side"] for each in review(workspace, "R9")["candidates"]] == sides


def test_the_trigger_is_on_the_figure_as_shown(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a, targets: {R8: 10000, R9: 10000, R10: 1}")
    record(workspace, "R8 a 9004", "R9 a 10996")
    assert review(workspace, "R8")["candidates"][0]["side"] == "low"  # 90.04 is shown as 90.0
    assert "far_above_target" in flags(workspace, "R9")  # 109.96 is shown as 110.0


def test_the_first_year_is_watched_with_the_baseline_as_evidence(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a, baseline: 40, rationale: 市の考え")
    record(workspace, "R8 a 60")
    text = call(workspace, "show", "R8", "--date", LATER, env={"COLUMNS": "1000"}).out
    assert "経過観察（1年目）" in text
    assert "40件 → 60件（+50.0％、R6を上回る）" in text
    assert "目標値の考え方：市の考え" in text
    assert "見直すかどうかは会議で判断します" in text


def test_without_a_trigger_nothing_is_a_candidate(tmp_path: Path) -> None:
    workspace = record(small_workspace(tmp_path, "id: a"), "R8 a 5", "R9 a 500")
    plan = workspace / "data" / "targets.yaml"
    lines = [line for line in plan.read_text("utf-8").splitlines() if "trigger" not in line]
    plan.write_text("\n".join(lines), encoding="utf-8")
    assert review(workspace, "R8")["candidates"] == []
    assert "far_above_target" not in flags(workspace, "R9")
