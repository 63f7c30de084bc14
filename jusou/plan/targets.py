"""Which target holds for a year: its own, or what the plan says of the years between two."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from jusou.plan.model import Between, Indicator
from jusou.values.fiscal_year import FiscalYear
from jusou.values.numbers import round_half_up

Targets = Mapping[FiscalYear, Decimal | None]


class TargetBasis(StrEnum):
    """Where a target comes from: the plan itself, the next one to come, the line to that."""

    OWN = "own"
    NEXT = "next"
    LINEAR = "linear"


class Aim(NamedTuple):
    """What a year is measured against, if anything.

    A target of another ``basis`` than its own stands in no plan (目安). ``following`` is the next
    year that has a target, and ``ahead`` that target.
    """

    value: Decimal | None = None
    basis: TargetBasis | None = None
    following: FiscalYear | None = None
    ahead: Decimal | None = None


def aim_of(indicator: Indicator, targets: Targets, year: FiscalYear) -> Aim:
    """Return what a year is measured against, given the targets that are in force."""
    own = targets.get(year)
    later = {each: value for each, value in targets.items() if each > year and value is not None}
    following, ahead = min(later.items(), default=(None, None))
    if own is not None:
        return Aim(own, TargetBasis.OWN, following, ahead)
    if following is not None and ahead is not None:
        if indicator.between is Between.NEXT:
            return Aim(ahead, TargetBasis.NEXT, following, ahead)
        start = last_known(indicator, targets, year)
        if indicator.between is Between.LINEAR and start:
            since, value = start
            passed, whole = year.number - since.number, following.number - since.number
            on_line = value + (ahead - value) * passed / whole
            rounded = round_half_up(on_line, indicator.decimals)
            return Aim(rounded, TargetBasis.LINEAR, following, ahead)
    return Aim(None, None, following, ahead)


def last_known(
    indicator: Indicator, targets: Targets, year: FiscalYear
) -> tuple[FiscalYear, Decimal] | None:
    """Return the last target before a year, else the baseline, with its year; None of neither.

    No line begins at a baseline that was counted in another way than the figures of the year.
    """
    past = {each: value for each, value in targets.items() if each < year and value is not None}
    if past:
        return max(past.items())
    years, baseline = indicator.baseline_years, indicator.baseline
    is_alike = indicator.is_baseline_alike or year < min(indicator.redefined)
    if baseline is None or not is_alike or not years or years[-1] >= year:
        return None
    return years[-1], baseline
