"""One year's figures computed a second time, in plain fractions, from the documents alone.

Nothing of the program is used: docs/formulas.md and docs/formats.md say it all. A plan is a dict of
what is typed in its YAML, years as numbers counted from R1 (R9 is 9, H30 is 0); each of its
indicators has the ``rows`` that are recorded of a year and its ``revisions``, both in the order of
their files. What follows from the figures is in ``model_review``.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

Given = dict[str, Any]
Figure = Fraction | None

CLOSING = {
    "確定": "reported",
    "速報": "reported",
    "未確定": "pending",
    "該当なし": "not_applicable",
    "測定不能": "not_measurable",
}
STATUS = {**CLOSING, "見込": "forecast", "中間": "interim"}
NAMES_ANOTHER_ROW = ("取消（誤入力）", "公表日")
PERS = {"％": 100, "‰": 1000}


def name_of(year: int) -> str:
    return f"R{year}" if year > 0 else f"H{year + 30}"


class Year(NamedTuple):
    """One year of a plan, with its days."""

    plan: Given
    number: int

    @property
    def first_day(self) -> date:
        calendar = self.plan.get("period") == "calendar"
        return date(2018 + self.number, 1 if calendar else 4, 1)

    @property
    def last_day(self) -> date:
        return Year(self.plan, self.number + 1).first_day - timedelta(1)

    @property
    def middle(self) -> date:
        """The last day of its first half."""
        return date(2018 + self.number, self.first_day.month + 5, 30)

    def months_over(self, day: date) -> int:
        after, first = day + timedelta(1), self.first_day
        return 12 * (after.year - first.year) + after.month - first.month


# ------------------------------------------------------------------------------------ numbers


def half_up(value: Fraction, places: int) -> Fraction:
    step = Fraction(1, 10**places)
    rounded = math.floor(abs(value) / step + Fraction(1, 2)) * step
    return rounded if value >= 0 else -rounded


def shown(value: Fraction, cuts: list[Fraction]) -> Fraction:
    """Round to one decimal, but not onto a cut that the value has not reached."""
    rounded = half_up(value, 1)
    if any(value < cut <= rounded for cut in cuts):
        return Fraction(math.floor(value * 10), 10)
    return rounded


def cuts_of(plan: Given) -> list[Fraction]:
    return [*(Fraction(cut) for _, cut in plan["scale"]), Fraction(100)]


def better(given: Given, later: Figure, earlier: Figure, aim: Figure = None) -> Figure:
    """Return by how much a figure is better than another; None if that cannot be said."""
    direction = given["direction"]
    if later is None or earlier is None or direction == "none":
        return None
    if direction == "keep":
        return None if aim is None else abs(earlier - aim) - abs(later - aim)
    return later - earlier if direction == "up" else earlier - later


def way(given: Given, later: Figure, earlier: Figure, aim: Figure = None) -> str | None:
    gain = better(given, later, earlier, aim)
    if gain is None:
        return None
    return "improved" if gain > 0 else "worse" if gain < 0 else "same"


def asks_for_more(given: Given, target: Figure, baseline: Figure) -> bool:
    return given["direction"] != "keep" and way(given, target, baseline) == "improved"


def attainment(given: Given, actual: Fraction, target: Fraction) -> Figure:
    """Return the attainment in percent; None is 算定不能."""
    direction, baseline = given["direction"], given["comparable"]
    if given["attainment"] == "progress":
        if baseline is None:
            return None
        needed, made = (better(given, each, baseline) or Fraction(0) for each in (target, actual))
        if needed > 0:
            return 100 * made / needed
        return Fraction(100) if better(given, actual, target) >= 0 else None  # type: ignore[operator]
    if direction == "up":
        return 100 * actual / target if target else None
    if direction == "down":
        return 100 * target / actual if actual else Fraction(100)
    if abs(actual - target) <= given["tolerance"]:
        return Fraction(100)
    return 100 * min(actual, target) / max(actual, target)


def rated(plan: Given, given: Given, actual: Figure, target: Figure) -> Given | None:
    if actual is None or target is None or given["direction"] == "none":
        return None
    percent = attainment(given, actual, target)
    if percent is None:
        return None
    mark = next((mark for mark, cut in plan["scale"] if percent >= cut), plan["scale"][-1][0])
    return {"exact": percent, "attainment": shown(percent, cuts_of(plan)), "rating": mark}


def printed(result: Given | None) -> Given:
    return {key: result and result[key] for key in ("attainment", "rating")}


# ----------------------------------------------------------------- what is typed, what is recorded


def resolved(plan: Given, typed: Given) -> Given:
    """Return an indicator with what it leaves to the plan, to its unit or to what is usual."""
    found = {"unit": "", "tolerance": Fraction(0), "measured": [], "from": None, **typed}
    typed_baseline = typed.get("baseline")
    own = typed_baseline if isinstance(typed_baseline, dict) else {"value": typed_baseline}
    years = own.get("years") or [own.get("year", plan.get("baseline_year"))]
    per = PERS.get(found["unit"]) if found["measure"] == "rate" else None
    formula = plan.get("attainment", "ratio") if found["direction"] in ("up", "down") else "ratio"
    signed = found.get("signed", False)
    return {
        **found,
        "baseline": own["value"],
        "baseline_years": [year for year in years if year is not None],
        "between": found.get("between") or plan.get("between", "none"),
        "attainment": found.get("attainment") or ("progress" if signed else formula),
        "per": found.get("per") or per,
        "maximum": found.get("maximum", Fraction(100) if per == 100 else None),
        "signed": signed,
    }


def log_years(plan: Given) -> range:
    """Return the years whose figures may be recorded."""
    firsts = [plan["start"], plan.get("baseline_year"), plan.get("records_from")]
    for each in plan["indicators"]:
        firsts += resolved(plan, each)["baseline_years"]
    return range(min(year for year in firsts if year is not None), plan["end"] + 1)


def changes(typed: Given) -> list[Given]:
    """Return the revisions that stand: without what was cancelled, and without what names it."""
    found: list[Given] = []
    for row in typed["revisions"]:
        if row["item"] not in NAMES_ANOTHER_ROW:
            found.append(row)
        elif row["item"] == "取消（誤入力）":
            keys = ("year", "before", "after", "day", "by")
            same = [each for each in found if all(each[key] == row[key] for key in keys)]
            found.remove(same[-1])
    return found


def in_year(plan: Given, typed: Given, year: int) -> Given:
    """Return an indicator as the review of a year takes it, with the decisions that hold then.

    ``comparable`` is its baseline, unless the figures have been counted in another way since.
    """
    found = {**resolved(plan, typed), "ended": None, "redefined": []}
    to_come = [
        each["day"] for each in changes(typed) if each["item"] == "定義" and each["year"] > year
    ]
    counted = recounted = date.min
    for each in changes(typed):
        item, holds = each["item"], each["year"] is not None and each["year"] <= year
        if item == "参考値" and each["day"] < min(to_come, default=date.max):
            if each["day"] <= Year(plan, year).last_day:
                found["baseline"], counted = each["after"], each["day"]
        elif item == "定義" and holds:
            found["redefined"] = [*found["redefined"], each["year"]]
            recounted = each["day"]
        elif item == "終了" and holds:
            found["ended"] = each["year"]
        elif item == "所管課" and holds:
            found["reporter"] = each["after"]
    return {**found, "comparable": found["baseline"] if counted >= recounted else None}


def targets(given: Given, until: date) -> dict[int, Figure]:
    """Return the targets with the decisions up to a day."""
    found = dict(given["targets"])
    for each in changes(given):
        if each["item"] == "目標値" and each["day"] <= until:
            found[each["year"]] = each["after"]
        elif each["item"] == "終了" and each["day"] <= until:
            found |= {year: None for year in found if year >= each["year"]}
    return found


def aim(plan: Given, given: Given, year: int, seen_from: int | None = None) -> Given:
    """Return what a year is measured against: its own target, the next, the line to the next.

    The targets are those of its own review, or of the review of another year.
    """
    known = targets(given, Year(plan, seen_from or year).last_day)
    has = {each: target for each, target in known.items() if target is not None}
    following = min((each for each in has if each > year), default=None)
    found = {"value": has.get(year), "basis": None, "following": following}
    if year in has:
        return {**found, "basis": "own"}
    if following is None or given["between"] == "none":
        return found
    if given["between"] == "next":
        return {**found, "value": has[following], "basis": "next"}
    start = max((each for each in has if each < year), default=None)
    at_start = None if start is None else has[start]
    is_alike = given["comparable"] is not None or year < min(given["redefined"], default=0)
    if start is None and given["baseline"] is not None and is_alike and given["baseline_years"]:
        start, at_start = given["baseline_years"][-1], given["baseline"]
    if start is None or at_start is None:
        return found
    line = at_start + (has[following] - at_start) * Fraction(year - start, following - start)
    return {**found, "value": half_up(line, given["decimals"]), "basis": "linear"}


def slots(typed: Given, year: int) -> Given:
    """Return what stands of a year: of each slot the last row, unless all was cancelled since."""
    found: Given = {"closing": None, "forecast": None, "interims": {}}
    for row in typed["rows"].get(year, []):
        if row["basis"] == "取消":
            found = {"closing": None, "forecast": None, "interims": {}}
        elif row["basis"] == "見込":
            found["forecast"] = row
        elif row["basis"] == "中間":
            found["interims"][row["day"]] = row
        else:
            found["closing"] = row
    found["interims"] = [found["interims"][day] for day in sorted(found["interims"])]
    return found


NOTHING: Given = {"basis": None, "value": None, "parts": None, "day": None}


def standing(typed: Given, year: int) -> Given:
    """Return the row that a review takes: the closing one, a forecast, the latest interim."""
    found = slots(typed, year)
    row: Given = found["closing"] or found["forecast"] or (found["interims"] or [NOTHING])[-1]
    return {**NOTHING, **row}


def reported(typed: Given, year: int) -> Figure:
    closing: Given = slots(typed, year)["closing"] or {}
    return closing.get("value")


# ------------------------------------------------------------------------------ one year's figure


def measured_in(given: Given, year: int) -> bool:
    return (not given["from"] or year >= given["from"]) and (
        not given["measured"] or year in given["measured"]
    )


def next_measured(given: Given, year: int) -> int | None:
    if given["ended"]:
        return None
    if given["measured"]:
        later = (each for each in given["measured"] if each > year and measured_in(given, each))
        return min(later, default=None)
    return given["from"] if given["from"] and given["from"] > year else None


def assessed(plan: Given, typed: Given, year: int) -> Given:
    """Return a year's figure against its target: status, rating, and the count it belongs to."""
    given, row = in_year(plan, typed, year), standing(typed, year)
    goal = aim(plan, given, year)
    found = {"given": given, "row": row, "aim": goal, "target": goal["value"]}
    found |= {"status": _status(given, row, year), "next": next_measured(given, year)}
    found |= {"is_asked": found["status"] not in ("ended", "not_yet", "off_year")}
    found |= {"rated": None, "ratio": None, **_against_target(plan, found)}
    count, result = _count(found), found["rated"]
    is_met = count == "reported" and result is not None and result["exact"] >= 100
    return {**found, "count": count, "is_met": is_met}


def _status(given: Given, row: Given, year: int) -> str:
    if given["ended"] and year >= given["ended"]:
        return "ended"
    if row["basis"]:
        return STATUS[row["basis"]]
    if given["from"] and year < given["from"]:
        return "not_yet"
    return "unreported" if measured_in(given, year) else "off_year"


def _against_target(plan: Given, now: Given) -> Given:
    """Return the rating, the 対計画比, or why there is none."""
    value, target, status = now["row"]["value"], now["target"], now["status"]
    if status == "ended":
        return {"reason": "ended"}
    if now["given"]["direction"] == "none":
        has_ratio = value is not None and status != "interim" and target and target > 0
        ratio = shown(100 * value / target, [Fraction(100)]) if has_ratio else None
        return {"reason": "no_direction", "ratio": ratio}
    if target is None:
        return {"reason": "target_later" if now["aim"]["following"] else "no_target"}
    if value is None or status == "interim":
        return {"reason": "no_actual" if value is None else "interim"}
    result = rated(plan, now["given"], value, target)
    return {"rated": result, "reason": None if result else "not_computable"}


def _count(now: Given) -> str:
    """Return in which count of the roll-up a figure is."""
    status = now["status"]
    if status == "ended":
        return "ended"
    if now["rated"]:
        return "reported" if status == "reported" else "forecast"
    if now["given"]["direction"] == "none":
        return "excluded"
    if not now["is_asked"]:
        return "not_due" if now["next"] else "excluded"
    if now["target"] is None:
        return "not_due" if now["aim"]["following"] else "excluded"
    return "pending" if status in ("pending", "interim", "unreported") else "excluded"
