"""Random plans and logs: the program says what docs/formulas.md says, computed a second time."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import model
from tests.support import (
    ACTUALS_HEADER,
    REVISIONS_HEADER,
    show_json,
    small_workspace,
    write_log,
)

TODAY = "2035-06-01"
LOGGED = range(7, model.LAST + 1)
INTERIM_DAYS = ((6, 30), (9, 30), (10, 15), (12, 31))
CLOSING = ("確定", "速報", "未確定", "該当なし", "測定不能")


def one_in(draw: st.DrawFn, times: int) -> bool:
    return draw(st.integers(1, times)) == 1


@st.composite
def indicators(draw: st.DrawFn, number: int) -> model.Given:
    """An indicator with figures of about the same size, so that each comparison comes out."""
    measure = draw(st.sampled_from(["flow", "stock", "cumulative", "rate", "unconfirmed"]))
    is_rate = measure == "rate"
    decimals = draw(st.sampled_from([0, 1])) if not is_rate else 1
    size = draw(st.sampled_from([3, 12, 40, 90])) if not is_rate else 90
    figure = st.integers(0, size * 10**decimals).map(lambda it: Fraction(it, 10**decimals))
    some = st.none() | figure | figure | figure
    found: model.Given = {
        "id": f"i{number}",
        "measure": measure,
        "decimals": decimals,
        "direction": draw(st.sampled_from(["up", "up", "down", "keep"])),
        "tolerance": Fraction(0),
        "baseline": draw(some),
        "targets": {year: draw(some) for year in range(model.FIRST, model.LAST + 1)},
        "years": {},
        "revisions": [],
    }
    if found["direction"] == "keep":
        found["tolerance"] = draw(st.integers(0, size // 3).map(Fraction))
    for year in LOGGED:
        found["years"][year] = draw(recorded(year, is_rate, figure))
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        _revise(draw, found, figure)
    return found


@st.composite
def recorded(draw: st.DrawFn, year: int, is_rate: bool, figure: Any) -> model.Given:
    """What is recorded of one year: a closing row, a forecast, figures inside the year."""
    found: model.Given = {"closing": None, "forecast": None, "interims": []}
    if not one_in(draw, 4):
        basis = draw(st.sampled_from(CLOSING if one_in(draw, 3) else CLOSING[:1]))
        found["closing"] = {"basis": basis, "value": None}
        if basis in ("確定", "速報"):
            found["closing"]["value"] = draw(figure)
            if is_rate and not one_in(draw, 3):
                whole = draw(st.integers(1, 200))
                part = draw(st.integers(0, whole))
                value = model.half_up(Fraction(100 * part, whole), 1)
                found["closing"] |= {"value": value, "parts": (part, whole)}
    if one_in(draw, 3):
        found["forecast"] = {"basis": "見込", "value": draw(figure)}
    if one_in(draw, 3):
        for month, day in sorted(draw(st.sets(st.sampled_from(INTERIM_DAYS), max_size=2))):
            as_of = date(2018 + year, month, day)
            found["interims"].append({"basis": "中間", "value": draw(figure), "day": as_of})
    return found


def _revise(draw: st.DrawFn, found: model.Given, figure: Any) -> None:
    """Change a target on a day that is not before an earlier change of it."""
    year = draw(st.integers(model.FIRST, model.LAST))
    earlier = [each for each in found["revisions"] if each["year"] == year]
    start = earlier[-1]["day"] if earlier else date(2026, 3, 1)
    days = (model.last_day(year) - start).days
    day = start + timedelta(draw(st.integers(0, days)))
    before = earlier[-1]["after"] if earlier else found["targets"][year]
    change = {"year": year, "before": before, "after": draw(figure), "day": day}
    found["revisions"].append(change)


def workspace_of(folder: Path, plan: list[model.Given]) -> Path:
    """Write a plan and its logs as a city would."""

    def text(value: Fraction | None, decimals: int = 1) -> str:
        exact = None if value is None else Decimal(value.numerator) / value.denominator
        return "" if exact is None else f"{exact:.{decimals}f}"

    lines = []
    for each in plan:
        aims = ", ".join(
            f"R{year}: {text(aim, each['decimals']) or 'null'}"
            for year, aim in each["targets"].items()
        )
        fields = {
            "id": each["id"],
            "unit": "％" if each["measure"] == "rate" else "件",
            "measure": each["measure"],
            "direction": each["direction"],
            "decimals": each["decimals"],
            "baseline": text(each["baseline"], each["decimals"]) or "null",
            "targets": f"{{{aims}}}",
        }
        if each["direction"] == "keep":
            fields["tolerance"] = text(each["tolerance"], 0)
        lines.append(", ".join(f"{key}: {value}" for key, value in fields.items()))
    small_workspace(folder, *lines)
    for year in LOGGED:
        rows = []
        for each in plan:
            had = each["years"][year]
            for row in (*had["interims"], had["forecast"], had["closing"]):
                if row:
                    part, whole = row.get("parts") or ("", "")
                    value = text(row["value"], each["decimals"])
                    day = row.get("day", "")
                    rows.append(
                        f"t,R{year},{each['id']},{value},{part},{whole},{row['basis']},{day},,備考,"
                    )
        write_log(folder / "data" / "actuals" / f"R{year}.csv", ACTUALS_HEADER, rows)
    changes = [
        f"t,{each['id']},目標値,R{it['year']},{text(it['before'], each['decimals'])},"
        f"{text(it['after'], each['decimals'])},理由,会議,{it['day']},,,人"
        for each in plan
        for it in each["revisions"]
    ]
    write_log(folder / "data" / "revisions.csv", REVISIONS_HEADER, changes)
    return folder


def exact(value: Any) -> Any:
    """Return a value of the JSON with its numbers as fractions."""
    if isinstance(value, dict):
        return {key: exact(each) for key, each in value.items()}
    if isinstance(value, list):
        return [exact(each) for each in value]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Fraction(str(value)) if is_number else value


def only(keys: Any) -> Callable[[model.Given], model.Given]:
    return lambda found: {key: found[key] for key in keys}


OF_THE_MODEL_ALONE = {"state", "moved", "moved_from_baseline", "met", "met_by_revision", "exact"}


@given(st.integers(4, 12).flatmap(lambda count: st.tuples(*map(indicators, range(count)))))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_program_agrees_with_the_formulas(plan: tuple[model.Given, ...]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = workspace_of(Path(folder), list(plan))
        for year in range(model.FIRST, model.LAST + 1):
            found = exact(show_json(workspace, "show", f"R{year}", "--date", TODAY))
            expected = model.review(list(plan), year)
            for given, said in zip(plan, expected["indicators"], strict=True):
                (each,) = (it for it in found["indicators"] if it["id"] == given["id"])
                each["flags"] = set(each["flags"])
                if each["vs_baseline"] == dict.fromkeys(each["vs_baseline"]):
                    each["vs_baseline"] = None
                keys = said.keys() - OF_THE_MODEL_ALONE
                assert only(keys)(each) == only(keys)(said), given
            assert found["summary"] == expected["summary"]
            (programme,) = found["programmes"]
            shared = programme.keys() & expected["summary"].keys()
            assert only(shared)(programme) == only(shared)(expected["summary"])
            keys = ("id", "kind", "side", "target_share")
            assert list(map(only(keys), found["candidates"])) == expected["candidates"]
            half = exact(show_json(workspace, "show", f"R{year}", "--interim", "--date", TODAY))
            assert half["half_year"] == model.half_year(list(plan), year)
