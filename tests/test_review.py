"""The review as ``show --format json`` gives it: shape, states, comparisons, roll-up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import (
    REPOSITORY,
    call,
    real_workspace,
    record,
    sample_workspace,
    show_json,
    small_workspace,
)

LATER = "2029-06-01"


def review(workspace: Path, year: str = "R8", day: str = LATER) -> dict[str, Any]:
    return show_json(workspace, "show", year, "--date", day)


def only(workspace: Path, year: str = "R8", day: str = LATER) -> dict[str, Any]:
    found: dict[str, Any]
    (found,) = review(workspace, year, day)["indicators"]
    return found


def picked(found: dict[str, Any], *keys: str) -> tuple[Any, ...]:
    return tuple(found[key] for key in keys)


SHAPE = {
    "": "plan year today recorded_later sample indicators programmes summary candidates method",
    "indicators": "id programme label name unit measure direction baseline previous "
    "previous_forecast target target_published target_basis next_target former_target "
    "actual corrected_since numerator denominator status basis as_of attainment rating "
    "unrated_reason plan_ratio "
    "next_measured evaluation vs_previous "
    "vs_baseline vs_final_target progress final_progress standing_still one_case_points "
    "plan_to_date forecast interim flags note last_note",
    "evaluation": "mark reason",
    "former_target": "target attainment rating",
    "final_progress": "needed made percent",
    "plan_to_date": "actual target attainment missing_years published",
    "published": "target attainment",
    "forecast": "value",
    "interim": "value as_of progress months elapsed previous",
    "note": "activity cause issue action course meeting committee response action_status "
    "follow_up first_half forecast_cause second_half next_year",
    "last_note": "action meeting committee response",
    "programmes": "id name indicators reported met ratings forecast pending excluded not_due ended "
    "capped_mean mean_of evaluation note last_note initiatives",
    "summary": "indicators reported met ratings forecast pending excluded not_due ended "
    "capped_mean mean_of open "
    "improved worsened unchanged incomparable vs_baseline met_vs_baseline met_by_revision "
    "standing_still",
    "met_vs_baseline": "improved worsened unchanged incomparable",
    "initiatives": "id name evaluation note last_note",
    "ratings": "A B C D",
    "candidates": "id label kind side evidence baseline target_share",
}
TEXTS = (
    "year today title municipality start end baseline_year published id programme label name unit "
    "measure direction status basis as_of rating unrated_reason judgement mark reason kind side "
    "activity cause issue action course meeting committee response action_status follow_up "
    "first_half forecast_cause second_half next_year text rounding rating_on flags "
    "missing_years evaluation target_basis next_measured"
)


def leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each value with its key; of an object, its keys too, after checking its shape."""
    if isinstance(value, dict):
        assert key not in SHAPE or " ".join(value) == SHAPE[key]
        for name, each in value.items():
            yield from leaves(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each, key)
    else:
        yield key, value


@pytest.mark.parametrize("year", ["R8", "R9", "R10"])
def test_shape_of_the_json(tmp_path: Path, year: str) -> None:
    found = review(sample_workspace(tmp_path), year, "2028-11-10")
    assert picked(found, "year", "today", "sample") == (year, "2028-11-10", True)
    assert len(found["indicators"]) == 19
    for key, value in leaves(found):
        if key in TEXTS.split():
            assert value is None or (isinstance(value, str) and value), key
        else:
            assert value is None or isinstance(value, int | float), key


def test_the_plans_label_and_both_parts_of_a_rate_are_given(tmp_path: Path) -> None:
    first = review(sample_workspace(tmp_path), "R10", "2028-11-10")["indicators"][0]
    assert picked(first, "label", "numerator", "denominator") == ("(1)①", 3897, 4231)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("R8 a 80", ("reported", 80, 80, "B", None)),
        ("R8 a 80 確定", ("reported", 80, 80, "B", None)),
        ("R8 a 0", ("reported", 0, 0, "D", None)),
        ("R8 a 341 速報", ("reported", 341, 341, "A", None)),
        ("R8 a 49 見込", ("forecast", 49, 49, "D", None)),
        ("R8 a 80 中間 2026-09-30", ("interim", 80, None, None, "interim")),
        ("R8 a - 未確定", ("pending", None, None, None, "no_actual")),
        ("R8 a - 該当なし", ("not_applicable", None, None, None, "no_actual")),
        ("R8 a - 測定不能", ("not_measurable", None, None, None, "no_actual")),
        ("R8 a - 取消", ("unreported", None, None, None, "no_actual")),
    ],
)
def test_status_and_rating_of_each_basis(tmp_path: Path, entry: str, expected: Any) -> None:
    found = only(record(small_workspace(tmp_path, "id: a"), entry))
    keys = ("status", "actual", "attainment", "rating", "unrated_reason")
    assert picked(found, *keys) == expected


@pytest.mark.parametrize(
    ("indicator", "value", "rated", "reason"),
    [
        ("targets: {}", "5", (None, None), "no_target"),
        ("targets: {R8: null, R9: 1, R10: 1}", "5", (None, None), "target_later"),
        ("targets: {R8: 0, R9: 1, R10: 1}", "5", (None, None), "not_computable"),
        ("direction: down, targets: {R8: 0, R9: 1, R10: 1}", "5", (0, "D"), None),
        ("direction: down", "125", (80, "B"), None),
        ("direction: down", "0", (100, "A"), None),
        ("direction: keep, tolerance: 5", "105", (100, "A"), None),
        ("direction: keep, tolerance: 5", "200", (50, "C"), None),
        ("targets: {R8: 2650, R9: 1, R10: 1}", "2649", (99.9, "B"), None),
        ("targets: {R8: 150, R9: 1, R10: 1}", "341", (227.3, "A"), None),
        ("targets: {R8: 10000, R9: 1, R10: 1}", "10997", (110, "A"), None),
    ],
)
def test_attainment_by_target_and_direction(
    tmp_path: Path, indicator: str, value: str, rated: Any, reason: str | None
) -> None:
    found = only(record(small_workspace(tmp_path, f"id: a, {indicator}"), f"R8 a {value}"))
    assert picked(found, "attainment", "rating") == rated
    assert found["unrated_reason"] == reason


@pytest.mark.parametrize(
    ("indicator", "entry", "versus", "others"),
    [
        ("baseline: 50", "R8 a 80", (30, 60, "improved"), (20, 80)),
        ("baseline: 90", "R8 a 70", (-20, -22.2, "worse"), (10, 70)),
        ("baseline: 60", "R8 a 60", (0, 0, "same"), (0, 60)),
        ("baseline: 10", "R8 a 60", (50, None, "improved"), (0, 60)),
        ("baseline: 0", "R8 a 60", (60, None, "improved"), (0, 60)),
        ("baseline: null", "R8 a 60", (None, None, None), (0, 60)),
        ("baseline: 50, measure: rate", "R8 a 60", (10, None, "improved"), (0, 60)),
        ("baseline: 50, direction: down", "R8 a 80", (30, 60, "worse"), (20, 125)),
        ("baseline: 80, direction: keep", "R8 a 115", (35, 43.8, "improved"), (55, 87)),
        ("baseline: 80, direction: keep", "R8 a 120", (40, 50, "same"), (60, 83.3)),
        ("baseline: 50", "R8 a 80 見込", (30, 60, "improved"), (20, 80)),
        ("baseline: 50", "R8 a 80 中間 2026-09-30", (None, None, None), (None, None)),
        ("baseline: 50, measure: stock", "R8 a 80 中間 2026-09-30", (30, 60, "improved"), (20, 80)),
        ("baseline: 50", "R8 a - 該当なし", (None, None, None), (None, None)),
    ],
)
def test_comparisons(tmp_path: Path, indicator: str, entry: str, versus: Any, others: Any) -> None:
    found = only(record(small_workspace(tmp_path, f"id: a, {indicator}"), "R7 a 60", entry))
    assert tuple(found["vs_baseline"].values()) == versus
    assert picked(found, "previous", "vs_previous", "vs_final_target") == (60, *others)


def test_the_previous_year_counts_only_when_it_was_reported(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a")
    for entry in ("R8 a 60 見込", "R8 a 60 中間 2026-09-30", "R8 a - 未確定"):
        found = only(record(workspace, entry, "R9 a 80"), "R9")
        assert picked(found, "previous", "vs_previous") == (None, None)
    assert only(record(workspace, "R8 a 60 速報", "R9 a 80"), "R9")["vs_previous"] == 20


@pytest.mark.parametrize(
    ("indicator", "entries", "total"),
    [
        ("measure: flow", ["R8 a 90", "R9 a 120"], (210, 200, 105, [])),
        ("measure: flow", ["R8 a 90 速報", "R9 a 109"], (199, 200, 99.5, [])),
        ("measure: flow", ["R9 a 120"], (None, None, None, ["R8"])),
        ("measure: flow", ["R8 a 90"], (None, None, None, ["R9"])),
        ("measure: flow", [], (None, None, None, ["R8", "R9"])),
        ("measure: flow", ["R8 a 90", "R9 a 50 中間 2027-09-30"], (None, None, None, ["R9"])),
        ("measure: flow", ["R8 a 90", "R9 a 110 見込"], (None, None, None, ["R9"])),
        ("measure: flow", ["R8 a - 該当なし", "R9 a 110"], (None, None, None, ["R8"])),
        ("targets: {R8: null, R9: 9, R10: 9}", ["R8 a 9", "R9 a 9"], (None, None, None, ["R8"])),
        ("direction: down", ["R8 a 90", "R9 a 160"], (250, 200, 80, [])),
        ("direction: keep, tolerance: 5", ["R8 a 90", "R9 a 108"], None),  # both missed
        ("measure: stock", ["R8 a 90", "R9 a 120"], None),
        ("measure: cumulative", ["R8 a 90", "R9 a 120"], None),
        ("measure: rate", ["R8 a 90", "R9 a 120"], None),
        ("measure: unconfirmed", ["R8 a 90", "R9 a 120"], None),
    ],
)
def test_plan_to_date(tmp_path: Path, indicator: str, entries: list[str], total: Any) -> None:
    found = only(record(small_workspace(tmp_path, f"id: a, {indicator}"), *entries), "R9")
    assert (found["plan_to_date"] and (*found["plan_to_date"].values(),)[:4]) == total


@pytest.mark.parametrize(
    ("indicator", "progress"),
    [
        ("targets: {R8: 1, R9: 120, R10: 1}", 50),
        ("targets: {R8: 1, R9: 11, R10: 1}", 545.5),
        ("targets: {R8: 1, R9: 10, R10: 1}", None),  # too small to say anything halfway
        ("targets: {R8: 1, R9: null, R10: 1}", None),
        ("direction: down", None),  # less is better: a low share is no reason to worry
        ("direction: keep", None),
        ("measure: stock", None),
        ("measure: cumulative", None),
        ("measure: rate", None),
        ("measure: unconfirmed", None),
    ],
)
def test_interim_of_a_flow_stands_beside_the_year_elapsed(
    tmp_path: Path, indicator: str, progress: float | None
) -> None:
    workspace = small_workspace(tmp_path, f"id: a, {indicator}")
    record(workspace, "R9 a 30 中間 2027-06-30", "R9 a 60 中間 2027-09-30")
    record(workspace, "R8 a 40 中間 2026-09-30", "R8 a 55 中間 2026-12-31")
    found = only(workspace, "R9", "2027-10-20")["interim"]
    assert found == {
        "value": 60, "as_of": "2027-09-30", "progress": progress, "months": 6, "elapsed": 50,
        "previous": 40,
    }  # fmt: skip


def test_roll_up(tmp_path: Path) -> None:
    workspace = small_workspace(
        tmp_path, "id: a", "id: b", "id: c", "id: d", "id: e", "id: f", "id: g", "id: h", "id: i",
        "id: j, targets: {R8: null, R9: 1, R10: 1}", "id: k",
    )  # fmt: skip
    record(
        workspace, "R8 a 200", "R8 b 90 速報", "R8 c 0", "R8 d 150 見込", "R8 e 3 中間 2026-09-30",
        "R8 f - 未確定", "R8 g - 該当なし", "R8 h - 測定不能", "R8 j 7", "R8 k 99",
    )  # fmt: skip
    (programme,) = review(workspace)["programmes"]
    assert programme == {
        "id": "p", "name": "事業", "indicators": 11, "reported": 4, "met": 1,
        "ratings": {"A": 1, "B": 2, "C": 0, "D": 1}, "forecast": 1, "pending": 3, "excluded": 2,
        "not_due": 1, "ended": 0,
        "capped_mean": 72.3, "mean_of": 4,  # (100 + 90 + 0 + 99) / 4, the forecast left out
        "evaluation": None, "initiatives": [],
        "note": dict.fromkeys(programme["note"]),
        "last_note": dict.fromkeys(programme["last_note"]),
    }  # fmt: skip
    parts = picked(programme, "reported", "forecast", "pending", "excluded", "not_due")
    assert sum(parts) == programme["indicators"]
    empty = review(record(workspace, "R8 a - 未確定"))["programmes"][0]
    assert picked(empty, "reported", "met", "capped_mean") == (0, 0, None)


def test_the_plans_own_r6_values_as_the_actuals_of_r8(tmp_path: Path) -> None:
    workspace = real_workspace(tmp_path)
    known = [
        each for each in show_json(REPOSITORY, "list")["indicators"] if each["baseline"] is not None
    ]
    record(workspace, *(f"R8 {each['id']} {each['baseline']}" for each in known))
    found = review(workspace, "R8", "2027-06-01")
    chiiki = found["programmes"][1]
    assert picked(chiiki, "id", "met", "reported", "capped_mean") == ("chiiki", 4, 7, 82.8)
    flags = {each["id"]: each["flags"] for each in found["indicators"]}
    assert "no_progress_from_baseline" in flags["chiiki-1"]
    ran = call(workspace, "report", "R8", "--only", "md,txt,json", "--date", "2027-06-01")
    outputs = [ran.out, call(workspace, "show", "R8", "--date", "2027-06-01").out]
    outputs += [call(workspace, "export", "--format", "json", "--date", "2027-06-01").out]
    for name in ("review.md", "review.txt", "review.json"):
        outputs.append((workspace / "reports" / "R8" / name).read_text("utf-8"))
    for output in outputs:
        assert "105.5" not in output  # the uncapped mean
        assert "227.3" in output
