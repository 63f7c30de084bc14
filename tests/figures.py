"""The figures of ``review.json`` as they have to stand in what people read."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any


def figures(each: dict[str, Any], decimals: int) -> Iterator[str]:
    """Yield every number of an indicator's review as it has to be written."""
    total, versus = each["plan_to_date"] or {}, each["vs_baseline"]
    interim, forecast = each["interim"] or {}, each["forecast"] or {}
    counts = [
        *(each[key] for key in ("baseline", "previous", "target", "actual")),
        total.get("actual") if not total.get("missing_years") else None,
        total.get("target") if not total.get("missing_years") else None,
        forecast.get("value"),
        interim.get("value"),
    ]
    rates = [each["attainment"], each["vs_final_target"], total.get("attainment"),
             interim.get("progress")]  # fmt: skip
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
