"""The review computed a second time, in plain fractions, from docs/formulas.md alone.

Nothing of the program is used. A plan is a list of dicts, each an indicator with all that is
recorded of it; ``review`` returns what ``show --format json`` has to say of one year.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

FIRST, LAST = 8, 10
"""The years of the plan; its baseline year is R6."""
SCALE = (("A", 100), ("B", 80), ("C", 50), ("D", 0))
LOW, HIGH, RUN = 90, 110, 2

Given = dict[str, Any]


def review(indicators: list[Given], year: int) -> Given:
    """Return the review of a year; ``state`` in what it says of an indicator is its count."""
    said = [_indicator(each, year) for each in indicators]
    return {
        "indicators": said,
        "summary": _summary(said),
        "candidates": [found for each in indicators if (found := _candidate(each, year))],
    }


# ------------------------------------------------------------------------------------ numbers


def half_up(value: Fraction, places: int) -> Fraction:
    step = Fraction(1, 10**places)
    rounded = math.floor(abs(value) / step + Fraction(1, 2)) * step
    return rounded if value >= 0 else -rounded


def shown(value: Fraction, cuts: tuple[int, ...] = (100, 80, 50)) -> Fraction:
    rounded = half_up(value, 1)
    if any(value < cut <= rounded for cut in cuts):
        return Fraction(math.floor(value * 10), 10)
    return rounded


def attainment(given: Given, actual: Fraction, target: Fraction) -> Fraction | None:
    direction = given["direction"]
    if direction == "up":
        return 100 * actual / target if target else None
    if direction == "down":
        return 100 * target / actual if actual else Fraction(100)
    if abs(actual - target) <= given["tolerance"]:
        return Fraction(100)
    return 100 * min(actual, target) / max(actual, target)


def rated(given: Given, actual: Fraction | None, target: Fraction | None) -> Given | None:
    percent = None if None in (actual, target) else attainment(given, actual, target)  # type: ignore[arg-type]
    if percent is None:
        return None
    mark = next(mark for mark, cut in SCALE if percent >= cut)
    return {"exact": percent, "attainment": shown(percent), "rating": mark}


def way(given: Given, later: Fraction | None, earlier: Fraction | None, aim: Any) -> str | None:
    """Return which way a figure moved."""
    if later is None or earlier is None or (given["direction"] == "keep" and aim is None):
        return None
    gain = {
        "up": later - earlier,
        "down": earlier - later,
        "keep": abs(earlier - (aim or 0)) - abs(later - (aim or 0)),
    }[given["direction"]]
    return "improved" if gain > 0 else "worse" if gain < 0 else "same"


def beyond(given: Given, target: Fraction | None, baseline: Fraction | None) -> bool:
    return given["direction"] != "keep" and way(given, target, baseline, None) == "improved"


# --------------------------------------------------------------------------------- indicators


def first_day(year: int) -> date:
    return date(2018 + year, 4, 1)


def last_day(year: int) -> date:
    return first_day(year + 1) - timedelta(1)


def targets(given: Given, until: date) -> dict[int, Fraction | None]:
    """Return the targets with the decisions up to a day."""
    found = dict(given["targets"])
    for each in given["revisions"]:
        if each["day"] <= until:
            found[each["year"]] = each["after"]
    return found


def standing(given: Given, year: int) -> Given:
    """Return the row that a review takes: the closing one, a forecast, the latest interim."""
    found = given["years"].get(year, {})
    nothing = {"basis": None, "value": None}
    interims = found.get("interims", [])
    row: Given = found.get("closing") or found.get("forecast") or (interims or [nothing])[-1]
    return row


def reported(given: Given, year: int) -> Fraction | None:
    closing = given["years"].get(year, {}).get("closing") or {}
    return closing.get("value")


def _assessed(given: Given, year: int) -> Given:
    row, in_force = standing(given, year), targets(given, last_day(year))
    basis, target = row["basis"], in_force[year]
    result = None if basis == "中間" else rated(given, row["value"], target)
    later = [aim for each, aim in in_force.items() if each > year and aim is not None]
    if target is None:
        state = "not_due" if later else "excluded"
    elif result:
        state = "forecast" if basis == "見込" else "reported"
    else:
        state = "pending" if basis in (None, "未確定", "中間") else "excluded"
    asked = target if target is not None or not later else later[0]
    return {"row": row, "target": target, "asked": asked, "rated": result, "state": state}


def _indicator(given: Given, year: int) -> Given:
    now = _assessed(given, year)
    row, target, result = now["row"], now["target"], now["rated"]
    in_part = row["basis"] == "中間" and given["measure"] in ("flow", "unconfirmed")
    value = None if in_part else row["value"]
    baseline, previous = given["baseline"], reported(given, year - 1)
    in_force = targets(given, last_day(year))
    before = targets(given, first_day(year) - timedelta(1))[year]
    set_years = [each for each, aim in in_force.items() if aim is not None]
    last_year = given["years"].get(year - 1, {})
    former = None
    if beyond(given, before, target):
        against = None if row["basis"] == "中間" else rated(given, row["value"], before)
        former = {"target": before, **_printed(against)}
    final = rated(given, value, in_force[LAST])
    still = rated(given, baseline, target) if beyond(given, target, baseline) else None
    said = {
        "target": target,
        "target_published": given["targets"][year],
        "former_target": former,
        "actual": row["value"],
        **_printed(result),
        "previous": previous,
        "previous_forecast": (last_year.get("forecast") or {}).get("value"),
        "vs_previous": None if value is None or previous is None else value - previous,
        "vs_baseline": _from_baseline(given, value, target),
        "vs_final_target": final and final["attainment"],
        "progress": _progress(given, value, target),
        "final_progress": _progress(given, value, in_force[max(set_years)] if set_years else None),
        "standing_still": still and _printed(still),
        "one_case_points": _one_case(given, row, target),
        "plan_to_date": _to_date(given, year),
        "interim": _interim(given, year, target),
        "state": now["state"],
    }
    moved = way(given, value, previous, target)
    said["flags"] = _flags(given, year, said, now, (before, moved))
    is_reported = row["basis"] in ("確定", "速報")
    said["moved"] = moved if is_reported else None
    said["moved_from_baseline"] = (
        (said["vs_baseline"] or {}).get("judgement") if is_reported else None
    )
    said["met"] = now["state"] == "reported" and result["exact"] >= 100
    said["met_by_revision"] = said["met"] and former is not None and former["attainment"] < 100
    said["exact"] = result and result["exact"]
    return said


def _printed(result: Given | None) -> Given:
    return {key: result and result[key] for key in ("attainment", "rating")}


def _from_baseline(given: Given, value: Fraction | None, target: Any) -> Given | None:
    baseline = given["baseline"]
    if value is None or baseline is None:
        return None
    rate = None
    if given["measure"] != "rate" and baseline > 10:
        rate = half_up(100 * (value - baseline) / baseline, 1)
    judged = way(given, value, baseline, target)
    return {"difference": value - baseline, "change_rate": rate, "judgement": judged}


def _progress(given: Given, value: Fraction | None, target: Fraction | None) -> Given | None:
    baseline = given["baseline"]
    if given["measure"] not in ("stock", "cumulative", "rate") or not baseline:
        return None
    if value is None or not beyond(given, target, baseline):
        return None
    better = 1 if given["direction"] == "up" else -1
    needed, made = better * (target - baseline), better * (value - baseline)
    return {"needed": needed, "made": made, "percent": shown(100 * made / needed, (0, 100))}


def _one_case(given: Given, row: Given, target: Fraction | None) -> Fraction | None:
    if given["direction"] != "up" or not target:
        return None
    if given["measure"] == "rate":
        parts = row.get("parts")
        return half_up(Fraction(10000) / parts[1] / target, 1) if parts and parts[1] < 100 else None
    if given["decimals"] or target > 10:
        return None
    return half_up(100 / target, 1)


def _to_date(given: Given, year: int) -> Given | None:
    if given["measure"] != "flow" or given["direction"] == "keep":
        return None
    years = range(FIRST, year + 1)
    actuals = {each: reported(given, each) for each in years}
    aims = {each: targets(given, last_day(each))[each] for each in years}
    missing = [f"R{each}" for each in years if None in (actuals[each], aims[each])]
    if missing:
        return {**dict.fromkeys(("actual", "target", "attainment")), "missing_years": missing,
                "published": None}  # fmt: skip
    actual, target = (Fraction(sum(it.values())) for it in (actuals, aims))  # type: ignore[arg-type]
    published = None
    first = [given["targets"][each] for each in years]
    if None not in first and sum(first) != target:
        against = rated(given, actual, Fraction(sum(first))) or {"attainment": None}
        published = {"target": sum(first), "attainment": against["attainment"]}
    result = rated(given, actual, target) or {"attainment": None}
    return {"actual": actual, "target": target, "attainment": result["attainment"],
            "missing_years": [], "published": published}  # fmt: skip


def _interim(given: Given, year: int, target: Fraction | None) -> Given | None:
    interims = given["years"].get(year, {}).get("interims", [])
    if not interims:
        return None
    value, day = interims[-1]["value"], interims[-1]["day"]
    share = None
    if (given["measure"], given["direction"]) == ("flow", "up") and target and target > 10:
        share = shown(100 * value / target)
    past = given["years"].get(year - 1, {}).get("interims", [])
    same_day = [each["value"] for each in past if each["day"] == day.replace(year=day.year - 1)]
    after = day + timedelta(1)
    months = (after.year - first_day(year).year) * 12 + after.month - 4
    return {"value": value, "as_of": str(day), "progress": share, "months": months,
            "elapsed": half_up(Fraction(100 * months, 12), 1),
            "previous": (same_day or [None])[0]}  # fmt: skip


def half_year(indicators: list[Given], year: int) -> Given:
    """Return where a year stands at its half, by the outlook of each indicator."""
    said = [_at_half_year(each, year) for each in indicators]
    middle = date(2018 + year, 9, 30)
    outlooks = ("met", "short", "open", "unreported", "excluded")
    return {
        "day": str(middle),
        "months": 6,
        "elapsed": Fraction(50),
        "asked": len(indicators),
        "reported": sum(standing(each, year)["basis"] is not None for each in indicators),
        **{name: sum(each["outlook"] == name for each in said) for name in outlooks},
        "comparable": sum(each["against_previous"] is not None for each in said),
        "indicators": said,
    }


def _at_half_year(given: Given, year: int) -> Given:
    now, had = _assessed(given, year), given["years"].get(year, {})
    middle = date(2018 + year, 9, 30)
    interims = had.get("interims", [])
    before = [each for each in interims if each["day"] <= middle]
    chosen = before[-1:] or interims[:1]
    alone = {**given, "years": {**given["years"], year: {"interims": chosen}}}
    interim = _interim(alone, year, now["target"])
    value, previous = (interim or {}).get("value"), (interim or {}).get("previous")
    against = way(given, value, previous, now["target"])
    outlook = now["state"]
    if now["rated"]:
        outlook = "met" if now["rated"]["exact"] >= 100 else "short"
    elif outlook == "not_due":
        outlook = "excluded"
    elif outlook == "pending":
        outlook = "open" if now["row"]["basis"] else "unreported"
    missing = []
    if outlook != "excluded" and not had.get("closing"):
        missing += [] if interims else ["interim"]
        missing += [] if had.get("forecast") else ["forecast"]
    share = (interim or {}).get("progress")
    return {
        "id": given["id"],
        "interim": interim,
        "vs_previous": None if value is None or previous is None else value - previous,
        "against_previous": against,
        "is_behind_last_year": against == "worse",
        "is_behind_elapsed": share is not None and share < (interim or {})["elapsed"],
        "outlook": outlook,
        "gap": now["row"]["value"] - now["target"] if now["rated"] else None,
        "missing": missing,
    }


def _flags(given: Given, year: int, said: Given, now: Given, past: tuple[Any, Any]) -> set[str]:
    row, target, asked, result = (now[key] for key in ("row", "target", "asked", "rated"))
    before, moved = past
    baseline, basis, value = given["baseline"], row["basis"], row["value"]
    level = given["measure"] in ("stock", "cumulative", "rate")
    final = basis in ("確定", "速報", "見込")
    against = (said["vs_baseline"] or {}).get("judgement")
    met = now["state"] == "reported" and result["exact"] >= 100
    parts = row.get("parts")
    exact = 100 * Fraction(*parts) if parts and result else None
    lifted = (
        exact is not None
        and result["exact"] >= 100
        and (rated(given, exact, target) or {"exact": 0})["exact"] < 100
    )
    last = _last_count(given, year, row)
    conditions = {
        "target_below_baseline": given["direction"] != "keep"
        and way(given, asked, baseline, None) == "worse",
        "met_but_worse_than_baseline": met and against == "worse",
        "no_progress_from_baseline": final and level and beyond(given, asked, baseline)
        and against in ("same", "worse"),
        "worse_than_baseline": against == "worse",
        "far_above_target": result is not None and result["attainment"] >= HIGH,
        "lifted_by_rounding": lifted,
        "small_target": given["measure"] != "rate" and not given["decimals"]
        and target is not None and target <= 10,
        "small_denominator": final and parts is not None and parts[1] < 100,
        "worse_than_last_year": final and moved == "worse",
        "cumulative_fell": given["measure"] == "cumulative"
        and value is not None and last is not None and value < last,
        "revised_in_year": before != target,
        "aggregation_unconfirmed": given["measure"] == "unconfirmed",
    }  # fmt: skip
    return {name for name, holds in conditions.items() if holds}


def _last_count(given: Given, year: int, row: Given) -> Fraction | None:
    """Return the last value before a row: inside its year, else of the years before."""
    for each in range(year, 5, -1):
        recorded = given["years"].get(each, {})
        interims = recorded.get("interims", [])
        if each == year and row["basis"] == "中間":
            interims = [one for one in interims if one["day"] < row["day"]]
        if each < year and reported(given, each) is not None:
            return reported(given, each)
        if interims:
            value: Fraction = interims[-1]["value"]
            return value
    baseline: Fraction | None = given["baseline"]
    return baseline


# ----------------------------------------------------------------------------------- the plan


def _summary(said: list[Given]) -> Given:
    count = {state: sum(each["state"] == state for each in said)
             for state in ("reported", "forecast", "pending", "excluded", "not_due")}  # fmt: skip
    met = [each for each in said if each["met"]]
    mean = None
    if (
        count["reported"]
        and 2 * count["reported"] >= len(said) - count["excluded"] - count["not_due"]
    ):
        capped = [min(each["exact"], Fraction(100)) for each in said if each["state"] == "reported"]
        mean = shown(sum(capped, Fraction(0)) / len(capped))
    return {
        "indicators": len(said),
        **count,
        "ended": 0,
        "met": len(met),
        "ratings": {
            mark: sum((each["state"], each["rating"]) == ("reported", mark) for each in said)
            for mark, _ in SCALE
        },
        "capped_mean": mean,
        "mean_of": None if mean is None else count["reported"],
        "open": count["forecast"] + count["pending"],
        **_moves([each["moved"] for each in said]),
        "vs_baseline": _moves([each["moved_from_baseline"] for each in said]),
        "met_vs_baseline": _moves([each["moved_from_baseline"] for each in met]),
        "met_by_revision": sum(each["met_by_revision"] for each in said),
        "standing_still": {
            mark: sum((each["standing_still"] or {}).get("rating") == mark for each in said)
            for mark, _ in SCALE
        },
    }  # fmt: skip


def _moves(ways: list[str | None]) -> Given:
    names = {"improved": "improved", "worsened": "worse", "unchanged": "same", "incomparable": None}
    return {name: ways.count(code) for name, code in names.items()}


def _candidate(given: Given, year: int) -> Given | None:
    years = range(max(FIRST, year - RUN + 1), year + 1)
    found = [_assessed(given, each) for each in years]
    percents = [each["rated"]["attainment"] for each in found
                if each["row"]["basis"] in ("確定", "速報") and each["rated"]]  # fmt: skip
    whole = len(percents) == len(found)
    unmeasured = all(each["row"]["basis"] in ("該当なし", "測定不能") for each in found)
    if unmeasured or (whole and max(percents) <= LOW):
        side = "low"
    elif whole and min(percents) >= HIGH:
        side = "high"
    else:
        return None
    target, baseline, share = found[-1]["target"], given["baseline"], None
    if baseline and target is not None:
        share = shown(100 * target / baseline, (100,))
    kind = "candidate" if year - FIRST + 1 >= RUN else "watch"
    return {"id": given["id"], "kind": kind, "side": side, "target_share": share}
