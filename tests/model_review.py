"""All that a review says, computed a second time from the documents alone: see ``model``.

``review`` returns what ``show --format json`` has to say of one year, ``half_year`` what
``--interim`` adds, ``whole`` what became of each indicator in the paper of the whole plan.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from tests.model import (
    NOTHING,
    Figure,
    Given,
    Year,
    aim,
    asks_for_more,
    assessed,
    better,
    cuts_of,
    half_up,
    in_year,
    log_years,
    name_of,
    printed,
    rated,
    reported,
    shown,
    slots,
    targets,
    way,
)

# ------------------------------------------------------------------------------------- indicators


def indicator(plan: Given, typed: Given, year: int, today: date) -> Given:
    """Return all that a review says of an indicator; what begins with ``_`` is only counted."""
    now = assessed(plan, typed, year)
    given, row, target, result = (now[key] for key in ("given", "row", "target", "rated"))
    in_part = row["basis"] == "中間" and given["measure"] in ("flow", "unconfirmed")
    value = None if in_part or now["status"] == "ended" else row["value"]
    baseline, previous = given["comparable"], reported(typed, year - 1)
    this = Year(plan, year)
    in_force = targets(given, this.last_day)
    before = targets(given, this.first_day - timedelta(1)).get(year)
    if in_force.get(year) is None:
        before = target  # a target between two others is changed by no decision of its own
    former = None
    if asks_for_more(given, before, target):
        figure = None if now["status"] in ("interim", "ended") else row["value"]
        former = rated(plan, given, figure, before)
        former = {"target": before, "exact": former and former["exact"], **printed(former)}
    comparable = None if year in given["redefined"] else previous
    moved = way(given, value, comparable, target)
    judged = way(given, value, baseline, target)
    final = rated(plan, given, value, in_force.get(plan["end"]))
    with_target = [each for each, goal in in_force.items() if goal is not None]
    last_target = in_force[max(with_target)] if with_target else None
    still = None
    if asks_for_more(given, target, baseline):
        still = rated(plan, given, baseline, target)
    following = now["aim"]["following"]
    forecasts = [slots(typed, each)["forecast"] or NOTHING for each in (year, year - 1)]
    is_reported = now["status"] == "reported"
    return {
        **{key: given[key] for key in ("id", "unit", "measure", "direction", "baseline")},
        "unit": given["unit"] or None,
        "programme": given["programme"],
        "label": given["full_label"],
        "previous": previous,
        "previous_forecast": forecasts[1]["value"],
        "target": target,
        "target_published": given["targets"].get(year),
        "target_basis": now["aim"]["basis"],
        "next_target": following
        and {"year": name_of(following), "target": in_force[following]},
        "former_target": former and {key: former[key] for key in ("target", *printed(None))},
        "actual": row["value"],
        "numerator": row["parts"] and row["parts"][0],
        "denominator": row["parts"] and row["parts"][1],
        "status": now["status"],
        "basis": row["basis"],
        "as_of": row["day"] and str(row["day"]),
        **printed(result),
        "unrated_reason": now["reason"],
        "plan_ratio": now["ratio"],
        "next_measured": now["next"] and name_of(now["next"]),
        "vs_previous": None if value is None or comparable is None else value - comparable,
        "vs_baseline": _from_baseline(given, value, judged),
        "vs_final_target": final and final["attainment"],
        "progress": _progress(given, value, target),
        "final_progress": _progress(given, value, last_target),
        "standing_still": still and printed(still),
        "one_case_points": _one_case(given, row, target),
        "plan_to_date": _to_date(plan, typed, year),
        "forecast": None if forecasts[0]["value"] is None else {"value": forecasts[0]["value"]},
        "interim": _interim(plan, typed, year, now, slots(typed, year)["interims"][-1:]),
        "flags": _flags(plan, now, today, {
            "year": year, "judged": judged, "moved": moved, "before": before,
        }),
        "_count": now["count"],
        "_moved": moved if is_reported else None,
        "_from_baseline": judged if is_reported else None,
        "_is_met": now["is_met"],
        "_met_by_revision": now["is_met"]
        and former is not None and former["exact"] is not None and former["exact"] < 100,
        "_exact": result and result["exact"],
    }  # fmt: skip


def _from_baseline(given: Given, value: Figure, judged: str | None) -> Given:
    baseline = given["comparable"]
    if value is None or baseline is None:
        return dict.fromkeys(("difference", "change_rate", "judgement"))
    rate = None
    if given["measure"] != "rate" and baseline > 10:
        rate = half_up(100 * (value - baseline) / baseline, 1)
    return {"difference": value - baseline, "change_rate": rate, "judgement": judged}


def _progress(given: Given, value: Figure, target: Figure) -> Given | None:
    """Return the way from the baseline, which only a level has that does not begin at 0."""
    baseline = given["comparable"]
    if given["measure"] not in ("stock", "cumulative", "rate") or not baseline:
        return None
    needed, made = (better(given, each, baseline) for each in (target, value))
    if needed is None or made is None or given["direction"] == "keep" or needed <= 0:
        return None
    cuts = [Fraction(0), Fraction(100)]
    return {"needed": needed, "made": made, "percent": shown(100 * made / needed, cuts)}


def _one_case(given: Given, row: Given, target: Figure) -> Figure:
    if given["direction"] != "up" or given["attainment"] != "ratio" or not target:
        return None
    if given["measure"] == "rate":
        parts = row["parts"]
        few = parts and parts[1] < 100
        return half_up(Fraction(100 * given["per"], parts[1]) / target, 1) if few else None
    return half_up(100 / target, 1) if target <= 10 and not given["decimals"] else None


def _is_added_up(given: Given) -> bool:
    is_ratio = given["attainment"] == "ratio" and given["direction"] in ("up", "down")
    return bool(given["measure"] == "flow" and is_ratio)


def _is_recounted(plan: Given, given: Given) -> bool:
    """Tell whether the plan's years so far were not all counted in one way."""
    return any(each > plan["start"] for each in given["redefined"])


def _to_date(plan: Given, typed: Given, year: int) -> Given | None:
    given = in_year(plan, typed, year)
    if not _is_added_up(given) or _is_recounted(plan, given):
        return None
    years = range(plan["start"], year + 1)
    found = {each: assessed(plan, typed, each) for each in years}
    actuals = {
        each: it["row"]["value"] if it["status"] == "reported" else None
        for each, it in found.items()
    }
    aims = {
        each: it["target"] if it["aim"]["basis"] == "own" else None for each, it in found.items()
    }
    missing = [name_of(each) for each in years if None in (actuals[each], aims[each])]
    if missing:
        return {**dict.fromkeys(("actual", "target", "attainment", "published")),
                "missing_years": missing}  # fmt: skip
    actual, target = (Fraction(sum(it.values())) for it in (actuals, aims))  # type: ignore[arg-type]
    first = [given["targets"].get(each) for each in years]
    published = None
    if None not in first and sum(first) != target:
        against = printed(rated(plan, given, actual, Fraction(sum(first))))
        published = {"target": sum(first), "attainment": against["attainment"]}
    against = printed(rated(plan, given, actual, target))
    return {"actual": actual, "target": target, "attainment": against["attainment"],
            "missing_years": [], "published": published}  # fmt: skip


def _interim(plan: Given, typed: Given, year: int, now: Given, rows: list[Given]) -> Given | None:
    """Return what is said of a figure inside the year, given in a list of one or none."""
    if not rows:
        return None
    (row,), given, target = rows, now["given"], now["target"]
    value, day, share = row["value"], row["day"], None
    kind = (given["measure"], given["direction"], given["attainment"], now["status"] == "ended")
    is_share = kind == ("flow", "up", "ratio", False)
    if is_share and target is not None and target > 10:
        share = shown(100 * value / target, cuts_of(plan))
    past = [
        each["value"]
        for each in slots(typed, year - 1)["interims"]
        if (each["day"].month, each["day"].day) == (day.month, day.day)
    ]
    months = Year(plan, year).months_over(day)
    incomparable = year in given["redefined"] or now["status"] == "ended"
    same_day = None if incomparable or not past else past[0]
    return {"value": value, "as_of": str(day), "progress": share, "months": months,
            "elapsed": half_up(Fraction(100 * months, 12), 1), "previous": same_day}  # fmt: skip


def _flags(plan: Given, now: Given, today: date, beside: Given) -> set[str]:
    """Return the flags, given how a figure stands beside others and the target before the year."""
    year, judged, moved, before = (beside[key] for key in ("year", "judged", "moved", "before"))
    given, row, target, result = (now[key] for key in ("given", "row", "target", "rated"))
    if given["direction"] == "none" or now["status"] == "ended":
        return set()
    baseline, value, parts = given["comparable"], row["value"], row["parts"]
    asked, following = target, now["aim"]["following"]
    if target is None and following:
        asked = targets(given, Year(plan, year).last_day)[following]
    level = given["measure"] in ("stock", "cumulative", "rate")
    final = now["status"] in ("reported", "forecast")
    lifted = False
    if parts and result:
        exact = rated(plan, given, Fraction(*parts) * given["per"], target)
        lifted = result["exact"] >= 100 and (exact is None or exact["exact"] < 100)
    last = _last_count(plan, given, year, row)
    is_across = year in given["redefined"] or (baseline is None and given["baseline"] is not None)
    is_across = is_across or (_is_added_up(given) and _is_recounted(plan, given))
    conditions = {
        "target_below_baseline": given["direction"] != "keep"
        and way(given, asked, baseline) == "worse",
        "met_but_worse_than_baseline": now["is_met"] and judged == "worse",
        "no_progress_from_baseline": final and level and asks_for_more(given, asked, baseline)
        and judged in ("same", "worse"),
        "worse_than_baseline": judged == "worse",
        "far_above_target": is_far_above(plan, given, now),
        "lifted_by_rounding": lifted,
        "small_target": given["measure"] != "rate" and not given["signed"]
        and not given["decimals"] and target is not None and target <= 10,
        "small_denominator": final and parts is not None and parts[1] < 100,
        "worse_than_last_year": final and moved == "worse",
        "cumulative_fell": given["measure"] == "cumulative"
        and value is not None and last is not None and value < last,
        "revised_in_year": before != target,
        "before_year_end": now["status"] == "reported" and today <= Year(plan, year).last_day,
        "aggregation_unconfirmed": given["measure"] == "unconfirmed",
        "definition_changed": is_across,
    }  # fmt: skip
    return {name for name, holds in conditions.items() if holds}


def is_far_above(plan: Given, given: Given, now: Given) -> bool:
    trigger = plan.get("trigger")
    if not trigger or not now["rated"] or now["rated"]["attainment"] < trigger["high"]:
        return False
    if given["attainment"] == "ratio" or given["comparable"] is None:
        return True
    return bool(
        abs(now["target"] - given["comparable"]) >= 10 * Fraction(1, 10 ** given["decimals"])
    )


def _last_count(plan: Given, given: Given, year: int, row: Given) -> Figure:
    """Return the last value before a row: inside its year, else of the years before."""
    first = max(given["redefined"], default=log_years(plan)[0])
    for each in reversed(range(first, year + 1)):
        interims = slots(given, each)["interims"]
        if each == year and row["basis"] == "中間":
            interims = [one for one in interims if one["day"] < row["day"]]
        if each < year and reported(given, each) is not None:
            return reported(given, each)
        if interims:
            value: Fraction = interims[-1]["value"]
            return value
    baseline: Figure = given["comparable"]
    return baseline


# ---------------------------------------------------------------------------------------- the plan


def review(plan: Given, year: int, today: date) -> Given:
    """Return the review of a year, as it is seen on a day."""
    said = [indicator(plan, each, year, today) for each in plan["indicators"]]
    return {
        "indicators": said,
        "programmes": {
            key: _roll_up(plan, [each for each in said if each["programme"] == key])
            for key in dict.fromkeys(each["programme"] for each in said)
        },
        "summary": _summary(plan, said),
        "candidates": [
            found for each in plan["indicators"] if (found := _candidate(plan, each, year))
        ],
    }


def _roll_up(plan: Given, said: list[Given]) -> Given:
    states = ("reported", "forecast", "pending", "excluded", "not_due", "ended")
    count = {state: sum(each["_count"] == state for each in said) for state in states}
    exact = [each["_exact"] for each in said if each["_count"] == "reported"]
    in_plan = len(said) - count["ended"]
    mean = None
    if exact and 2 * len(exact) >= in_plan - count["excluded"] - count["not_due"]:
        capped = [min(max(each, Fraction(0)), Fraction(100)) for each in exact]
        mean = shown(sum(capped, Fraction(0)) / len(capped), cuts_of(plan))
    marks = [each["rating"] for each in said if each["_count"] == "reported"]
    return {
        "indicators": in_plan,
        **count,
        "met": sum(each["_is_met"] for each in said),
        "ratings": {mark: marks.count(mark) for mark, _ in plan["scale"]},
        "capped_mean": mean,
        "mean_of": None if mean is None else len(exact),
    }


def _summary(plan: Given, said: list[Given]) -> Given:
    there = [each for each in said if each["_count"] != "ended"]
    met = [each for each in said if each["_is_met"]]
    still = [(each["standing_still"] or {}).get("rating") for each in there]
    counts = _roll_up(plan, said)
    return {
        **counts,
        "open": counts["forecast"] + counts["pending"],
        **_moves([each["_moved"] for each in there]),
        "vs_baseline": _moves([each["_from_baseline"] for each in there]),
        "met_vs_baseline": _moves([each["_from_baseline"] for each in met]),
        "met_by_revision": sum(each["_met_by_revision"] for each in said),
        "standing_still": {mark: still.count(mark) for mark, _ in plan["scale"]},
    }


def _moves(ways: list[str | None]) -> Given:
    names = {"improved": "improved", "worsened": "worse", "unchanged": "same", "incomparable": None}
    return {name: ways.count(code) for name, code in names.items()}


def _candidate(plan: Given, typed: Given, year: int) -> Given | None:
    trigger = plan.get("trigger")
    if not trigger or typed["direction"] == "none":
        return None
    years = range(max(plan["start"], year - trigger["years"] + 1), year + 1)
    found = [assessed(plan, typed, each) for each in years]
    given, target = found[-1]["given"], found[-1]["target"]
    percents = [
        each["rated"]["attainment"] if each["status"] == "reported" and each["rated"] else None
        for each in found
    ]
    whole = None not in percents
    unmeasured = all(each["status"] in ("not_applicable", "not_measurable") for each in found)
    if unmeasured or (whole and max(percents) <= trigger["low"]):  # type: ignore[type-var]
        side = "low"
    elif whole and all(is_far_above(plan, given, each) for each in found):
        side = "high"
    else:
        return None
    baseline, share = given["comparable"], None
    if baseline is not None and baseline > 0 and target is not None:
        share = shown(100 * target / baseline, [Fraction(100)])
    return {
        "id": given["id"],
        "label": given["full_label"],
        "kind": "candidate" if len(found) == trigger["years"] else "watch",
        "side": side,
        "evidence": [
            {"year": name_of(each), "status": it["status"], **_attainment(it["rated"])}
            for each, it in zip(years, found, strict=True)
        ],
        "baseline": given["baseline"],
        "target_share": share,
    }


def _attainment(result: Given | None) -> Given:
    return {"attainment": result and result["attainment"]}


# ----------------------------------------------------------------------- half a year, all the years


def half_year(plan: Given, year: int) -> Given:
    """Return where a year stands at its half, by the outlook of each indicator."""
    said = [_at_half_year(plan, each, year) for each in plan["indicators"]]
    asked = [now for each in plan["indicators"] if (now := assessed(plan, each, year))["is_asked"]]
    outlooks = ("met", "short", "open", "unreported", "excluded")
    return {
        "day": str(Year(plan, year).middle),
        "months": 6,
        "elapsed": Fraction(50),
        "asked": len(asked),
        "reported": sum(now["row"]["basis"] is not None for now in asked),
        **{name: sum(each["outlook"] == name for each in said) for name in outlooks},
        "comparable": sum(each["against_previous"] is not None for each in said),
        "indicators": said,
    }


def _at_half_year(plan: Given, typed: Given, year: int) -> Given:
    now, had = assessed(plan, typed, year), slots(typed, year)
    up_to = [each for each in had["interims"] if each["day"] <= Year(plan, year).middle]
    interim = _interim(plan, typed, year, now, up_to[-1:] or had["interims"][:1])
    value, previous = (interim or {}).get("value"), (interim or {}).get("previous")
    against = way(now["given"], value, previous, now["target"])
    if now["status"] == "unreported":
        outlook = "unreported"
    elif now["rated"]:
        outlook = "met" if now["rated"]["exact"] >= 100 else "short"
    else:
        outlook = "open" if now["count"] == "pending" else "excluded"
    missing = []
    if now["is_asked"] and not had["closing"]:
        missing += [] if had["interims"] else ["interim"]
        missing += [] if had["forecast"] else ["forecast"]
    share = (interim or {}).get("progress")
    return {
        "id": typed["id"],
        "interim": interim,
        "vs_previous": None if value is None or previous is None else value - previous,
        "against_previous": against,
        "is_behind_last_year": against == "worse",
        "is_behind_elapsed": share is not None and share < (interim or {})["elapsed"],
        "outlook": outlook,
        "gap": now["row"]["value"] - now["target"] if now["rated"] else None,
        "missing": missing,
    }


def whole(plan: Given, typed: Given, year: int) -> Given:
    """Return what became of an indicator up to a year."""
    last = assessed(plan, typed, year)
    given, of = last["given"], year
    if not last["is_asked"]:
        past = {each: assessed(plan, typed, each) for each in range(plan["start"], year + 1)}
        known = [each for each, it in past.items() if it["status"] in ("reported", "forecast")]
        of = max(known, default=year)
        last = past[of]
    in_force = targets(given, Year(plan, year).last_day)
    with_target = [each for each, target in in_force.items() if target is not None]
    target, target_year = aim(plan, given, of, seen_from=year)["value"], of
    if target is None and with_target:
        target, target_year = in_force[max(with_target)], max(with_target)
    value = None if last["status"] in ("interim", "ended") else last["row"]["value"]
    result = rated(plan, given, value, target)
    moved = None if target is None else way(given, value, given["comparable"], target)
    outcome = "met" if result and result["exact"] >= 100 else moved or "unknown"
    return {
        "id": given["id"],
        "label": given["full_label"],
        "unit": given["unit"] or None,
        "baseline": given["baseline"],
        "target_year": name_of(target_year),
        "target": target,
        "actual_year": name_of(of),
        "actual": last["row"]["value"],
        "status": last["status"],
        **printed(result),
        "moved": moved,
        "outcome": outcome,
        "plan_to_date": _to_date(plan, typed, year),
    }
