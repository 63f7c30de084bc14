"""Random plans and logs: the program says what the docs say, computed a second time."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import model, model_review
from tests.random_plans import plans, workspace_of
from tests.support import call, show_json


def exact(value: Any) -> Any:
    """Return a value of the JSON with its numbers as fractions."""
    if isinstance(value, dict):
        return {key: exact(each) for key, each in value.items()}
    if isinstance(value, list):
        return [exact(each) for each in value]
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return Fraction(str(value)) if is_number else value


NOT_COMPUTED = {"name", "note", "last_note", "evaluation", "corrected_since", "initiatives"}


def computed(found: model.Given) -> model.Given:
    """Return what is computed of a subject: not its texts, nor what a model keeps for itself."""
    return {key: it for key, it in found.items() if key not in NOT_COMPUTED and key[:1] != "_"}


Statement = tuple[tuple[str, ...], Any, Any]
"""Where something is said, what the program says, and what the model says."""


def statements(workspace: Path, plan: model.Given, today: date) -> Iterator[Statement]:
    """Yield all that is said of each year of a plan."""
    for number in range(plan["start"], plan["end"] + 1):
        year, day = model.name_of(number), ("--date", str(today))
        expected = model_review.review(plan, number, today)
        found = exact(show_json(workspace, "show", year, "--interim", *day))
        for one, said in zip(found["indicators"], expected["indicators"], strict=True):
            one["flags"] = set(one["flags"])
            for key in computed(one).keys() | computed(said).keys():
                yield (year, said["id"], key), one.get(key, "—"), said.get(key, "—")
        for one in found["programmes"]:
            key = one.pop("id")
            yield (year, key), computed(one), expected["programmes"][key]
        for key in ("summary", "candidates"):
            yield (year, key), found[key], expected[key]
        half, said = found["half_year"], model_review.half_year(plan, number)
        for one, other in zip(half.pop("indicators"), said.pop("indicators"), strict=True):
            yield (year, other["id"], "half"), one, other
        yield (year, "half"), half, said
        yield (year, "sums"), *_sums(found["summary"], half)
        paper = whole_plan(workspace, year, today)
        outcomes = []
        for one, typed in zip(paper["indicators"], plan["indicators"], strict=True):
            said = model_review.whole(plan, typed, number)
            yield (year, typed["id"], "whole"), computed(one), said
            outcomes.append(said["outcome"])
        counts = {outcome: outcomes.count(outcome) for outcome in paper["outcomes"]}
        yield (year, "outcomes"), paper["outcomes"], counts
        status = show_json(workspace, "status", year, *day)
        for each in status["reporters"]:
            for one in each["indicators"]:
                (typed,) = (it for it in plan["indicators"] if it["id"] == one["id"])
                reporter = model.in_year(plan, typed, number).get("reporter")
                yield (year, one["id"], "reporter"), each["reporter"], reporter


def _sums(summary: model.Given, half: model.Given) -> tuple[list[int], list[int]]:
    """Return what counts come to, and what they have to: the sentences and tables add them up."""
    states = ("reported", "forecast", "pending", "excluded", "not_due")
    moves = ("improved", "worsened", "unchanged", "incomparable")
    outlooks = ("met", "short", "open", "unreported", "excluded")
    added = [
        sum(summary[state] for state in states),
        sum(summary[move] for move in moves),
        sum(summary["vs_baseline"].values()),
        sum(summary["met_vs_baseline"].values()),
        sum(summary["ratings"].values()),
        sum(half[outlook] for outlook in outlooks),
        half["asked"] - half["reported"],
    ]
    whole = summary["indicators"]
    everyone = whole + summary["ended"]
    parts = [summary["met"], summary["reported"], everyone, half["unreported"]]
    return added, [whole, whole, whole, *parts]


def whole_plan(workspace: Path, year: str, today: date) -> model.Given:
    """Return the paper of the whole plan up to a year, as JSON."""
    options = ("--only", "json", "--date", str(today), "--output", str(workspace / year))
    ran = call(workspace, "report", "--plan", "--to", year, *options)
    assert ran.code == 0, ran.err
    (path,) = (workspace / year).iterdir()
    found: model.Given = exact(json.loads(path.read_text("utf-8")))
    return found


DAYS = st.dates(date(2026, 5, 1), date(2032, 1, 1))


@given(plans(), DAYS)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_program_agrees_with_the_formulas(plan: model.Given, today: date) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = workspace_of(Path(folder), plan)
        for where, found, expected in statements(workspace, plan, today):
            assert found == expected, where


@pytest.mark.slow
@given(plans(), DAYS)
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_paper_can_be_made_of_any_plan(plan: model.Given, today: date) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = workspace_of(Path(folder), plan)
        year = model.name_of(plan["end"])
        commands = ["check", "status", "export", f"status {year}", f"form {year} --all"]
        commands += [f"report {year} --only xlsx,html,svg", "report --plan --only xlsx"]
        commands += [f"report {year} --interim --only xlsx"]
        for command in commands:
            ran = call(workspace, *command.split(), "--date", str(today))
            assert ran.code == 0, ran.err
