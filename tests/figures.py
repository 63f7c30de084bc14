"""The figures of ``review.json`` as they have to stand in what people read."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any


def figures(each: dict[str, Any], decimals: int) -> Iterator[str]:
    """Yield every number of an indicator's review as it has to be written."""
    total, versus = each["plan_to_date"] or {}, each["vs_baseline"]
    interim, forecast = each["interim"] or {}, each["forecast"] or {}
    former, first = each["former_target"] or {}, total.get("published") or {}
    is_early = each["status"] in ("forecast", "interim") and each["previous"] is not None
    ways = [way for way in (each["progress"], each["final_progress"]) if way]
    long = [way for way in ways if way["made"] > 0 and way["needed"] * 10**decimals >= 10]
    counts = [
        *(each[key] for key in ("baseline", "previous", "target", "target_published", "actual")),
        *(abs(way["made"]) for way in ways if way["made"]),
        *(way["needed"] for way in ways if way["made"] >= 0),
        former.get("target"),
        first.get("target"),
        interim.get("previous"),
        each["previous_forecast"] if is_early else None,
        total.get("actual") if not total.get("missing_years") else None,
        total.get("target") if not total.get("missing_years") else None,
        forecast.get("value"),
        interim.get("value"),
    ]
    rates = [
        each["attainment"],
        total.get("attainment"),
        first.get("attainment"),
        former.get("attainment"),
        interim.get("progress"),
        None if each["final_progress"] else each["vs_final_target"],
        None if each["actual"] is None else each["one_case_points"],
        *(way["percent"] for way in long),
    ]
    yield from (_written(number, decimals) for number in counts if number is not None)
    yield from (_written(number, 1) for number in rates if number is not None)
    yield from (f"{each[key]:,}" for key in ("numerator", "denominator") if each[key] is not None)
    yield from (
        _signed(number, places)
        for number, places in (
            (each["vs_previous"], decimals),
            (versus["difference"], decimals),
            (versus["change_rate"], 1),
        )
        if number is not None
    )


def _written(number: float, places: int) -> str:
    exact = Decimal(str(number)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{exact:,}"


def _signed(number: float, places: int) -> str:
    written = _written(abs(number), places)
    sign = "△" if number < 0 else "+" if number > 0 else ""
    return sign + written
