"""One figure against one target: what has come in, its attainment and rating."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from jusou.logs.schema import Actual, Basis
from jusou.logs.slots import Standing
from jusou.plan.model import Indicator, Plan
from jusou.review.attainment import attainment, is_met, rating, shown
from jusou.values.fiscal_year import FiscalYear


class Status(StrEnum):
    """What has come in for an indicator."""

    REPORTED = "reported"
    FORECAST = "forecast"
    INTERIM = "interim"
    PENDING = "pending"
    NOT_APPLICABLE = "not_applicable"
    NOT_MEASURABLE = "not_measurable"
    UNREPORTED = "unreported"


class Unrated(StrEnum):
    """Why there is no rating."""

    NO_ACTUAL = "no_actual"
    INTERIM = "interim"
    NO_TARGET = "no_target"
    NOT_COMPUTABLE = "not_computable"


class Tally(StrEnum):
    """Where a figure counts in the roll-up of its programme: each indicator in exactly one."""

    REPORTED = "reported"
    FORECAST = "forecast"
    PENDING = "pending"
    EXCLUDED = "excluded"


_STATUS = {
    Basis.FINAL: Status.REPORTED,
    Basis.PRELIMINARY: Status.REPORTED,
    Basis.FORECAST: Status.FORECAST,
    Basis.INTERIM: Status.INTERIM,
    Basis.PENDING: Status.PENDING,
    Basis.NOT_APPLICABLE: Status.NOT_APPLICABLE,
    Basis.NOT_MEASURABLE: Status.NOT_MEASURABLE,
}


# Of what has a target but no rating.
_TALLY = {
    Status.PENDING: Tally.PENDING,
    Status.INTERIM: Tally.PENDING,
    Status.UNREPORTED: Tally.PENDING,
}


class Assessment(NamedTuple):
    """One figure against one target: percentages, ``shown`` as printed, ``attainment`` exact.

    ``corrected_since`` is the day of the meeting that was given another figure as 確定.
    """

    year: FiscalYear
    status: Status
    row: Actual | None
    value: Decimal | None
    target: Decimal | None
    attainment: Decimal | None
    shown: Decimal | None
    rating: str | None
    unrated: Unrated | None
    corrected_since: date | None = None

    @property
    def tally(self) -> Tally:
        """Where it counts; what has no target, or a figure that cannot be rated, is excluded."""
        if self.rating:
            return Tally.REPORTED if self.status is Status.REPORTED else Tally.FORECAST
        if self.target is None:
            return Tally.EXCLUDED
        return _TALLY.get(self.status, Tally.EXCLUDED)

    @property
    def is_met(self) -> bool:
        """Whether a reported figure meets its target."""
        reported = self.status is Status.REPORTED
        return reported and self.attainment is not None and is_met(self.attainment)


class Rated(NamedTuple):
    """An attainment, exact and as ``shown``, with its mark."""

    attainment: Decimal
    shown: Decimal
    rating: str


def rate(
    plan: Plan, indicator: Indicator, value: Decimal | None, target: Decimal | None
) -> Rated | None:
    """Rate any figure against any target; None without either, or where it cannot be computed."""
    if value is None or target is None:
        return None
    percent = attainment(value, target, indicator.direction, indicator.tolerance)
    if percent is None:
        return None
    return Rated(percent, shown(percent, plan.scale), rating(percent, plan.scale))


def assess(
    plan: Plan, indicator: Indicator, year: FiscalYear, standing: Standing, target: Decimal | None
) -> Assessment:
    """Rate what stands for one year against its target (design 4); 中間 is never rated."""
    row = standing.shown
    status = _STATUS[row.basis] if row else Status.UNREPORTED
    value = row.value if row else None
    rated = None
    unrated = None
    if target is None:
        unrated = Unrated.NO_TARGET
    elif value is None:
        unrated = Unrated.NO_ACTUAL
    elif status is Status.INTERIM:
        unrated = Unrated.INTERIM
    else:
        rated = rate(plan, indicator, value, target)
        unrated = None if rated else Unrated.NOT_COMPUTABLE
    return Assessment(
        year,
        status,
        row,
        value,
        target,
        rated.attainment if rated else None,
        rated.shown if rated else None,
        rated.rating if rated else None,
        unrated,
    )
