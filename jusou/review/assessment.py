"""One figure against one target: what has come in, its attainment and rating."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from jusou.logs.schema import Actual, Basis
from jusou.logs.slots import Standing
from jusou.plan.model import Direction, Indicator, Plan
from jusou.plan.targets import Aim
from jusou.review.attainment import attained, is_met, plan_ratio, rating, shown
from jusou.values.fiscal_year import FiscalYear


class Status(StrEnum):
    """What has come in for an indicator.

    Nothing is expected of a year in which it is not measured, or that lies before its first.
    """

    REPORTED = "reported"
    FORECAST = "forecast"
    INTERIM = "interim"
    PENDING = "pending"
    NOT_APPLICABLE = "not_applicable"
    NOT_MEASURABLE = "not_measurable"
    UNREPORTED = "unreported"
    OFF_YEAR = "off_year"
    NOT_YET = "not_yet"
    ENDED = "ended"


class Unrated(StrEnum):
    """Why there is no rating."""

    NO_ACTUAL = "no_actual"
    INTERIM = "interim"
    NO_TARGET = "no_target"
    TARGET_LATER = "target_later"
    NOT_COMPUTABLE = "not_computable"
    NO_DIRECTION = "no_direction"
    ENDED = "ended"


class Tally(StrEnum):
    """Where a figure counts in the roll-up of its programme: each indicator in exactly one.

    ``not_due``: its target or its survey lies in a later year. ``ended``: no longer of the plan.
    """

    REPORTED = "reported"
    FORECAST = "forecast"
    PENDING = "pending"
    EXCLUDED = "excluded"
    NOT_DUE = "not_due"
    ENDED = "ended"


_STATUS = {
    Basis.FINAL: Status.REPORTED,
    Basis.PRELIMINARY: Status.REPORTED,
    Basis.FORECAST: Status.FORECAST,
    Basis.INTERIM: Status.INTERIM,
    Basis.PENDING: Status.PENDING,
    Basis.NOT_APPLICABLE: Status.NOT_APPLICABLE,
    Basis.NOT_MEASURABLE: Status.NOT_MEASURABLE,
}


NOT_EXPECTED = frozenset((Status.OFF_YEAR, Status.NOT_YET, Status.ENDED))
# Of what has a target but no rating.
_TALLY = {
    Status.PENDING: Tally.PENDING,
    Status.INTERIM: Tally.PENDING,
    Status.UNREPORTED: Tally.PENDING,
}


class Assessment(NamedTuple):
    """One figure against one target: percentages, ``shown`` as printed, ``attainment`` exact.

    ``corrected_since`` is the day of the meeting that was given another figure as 確定.
    ``aim`` says where the target comes from, and what the next one is. ``plan_ratio`` is the
    対計画比 of a planned volume, ``next_measured`` the year of the next survey.
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
    aim: Aim
    plan_ratio: Decimal | None
    next_measured: FiscalYear | None
    corrected_since: date | None = None

    @property
    def tally(self) -> Tally:
        """Where it counts; what has no target, or a figure that cannot be rated, is excluded."""
        if self.status is Status.ENDED:
            return Tally.ENDED
        if self.rating:
            return Tally.REPORTED if self.status is Status.REPORTED else Tally.FORECAST
        if self.unrated is Unrated.NO_DIRECTION:
            return Tally.EXCLUDED
        if self.status in NOT_EXPECTED:
            return Tally.NOT_DUE if self.next_measured else Tally.EXCLUDED
        if self.target is None:
            return Tally.NOT_DUE if self.aim.following else Tally.EXCLUDED
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
    percent = attained(indicator, value, target)
    if percent is None:
        return None
    return Rated(percent, shown(percent, plan.scale), rating(percent, plan.scale))


def assess(
    plan: Plan, indicator: Indicator, year: FiscalYear, standing: Standing, aim: Aim
) -> Assessment:
    """Rate what stands for one year against what it is measured by; 中間 is never rated."""
    row, target = standing.shown, aim.value
    status = _STATUS[row.basis] if row else _without_row(indicator, year)
    if indicator.ended and year >= indicator.ended:
        status = Status.ENDED
    value = row.value if row else None
    rated = ratio = None
    unrated = None
    if status is Status.ENDED:
        unrated = Unrated.ENDED
    elif indicator.direction is Direction.NONE:
        unrated = Unrated.NO_DIRECTION
        if value is not None and target is not None and status is not Status.INTERIM:
            ratio = plan_ratio(value, target)
    elif target is None:
        unrated = Unrated.TARGET_LATER if aim.following else Unrated.NO_TARGET
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
        aim,
        None if ratio is None else shown(ratio, ()),
        indicator.next_measured(year),
    )


def _without_row(indicator: Indicator, year: FiscalYear) -> Status:
    if indicator.is_measured_in(year):
        return Status.UNREPORTED
    return Status.NOT_YET if indicator.since and year < indicator.since else Status.OFF_YEAR
