"""What a reader of a figure must know: the flags, by code."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from jusou.plan.model import Direction, Indicator, Measure, Plan
from jusou.review.assessment import Assessment, Status
from jusou.review.attainment import SMALL, Judgement, judge


class Flag(StrEnum):
    """What a reader of a figure must know; the words are the document's."""

    TARGET_BELOW_BASELINE = "target_below_baseline"
    MET_BUT_WORSE_THAN_BASELINE = "met_but_worse_than_baseline"
    NO_PROGRESS_FROM_BASELINE = "no_progress_from_baseline"
    FAR_ABOVE_TARGET = "far_above_target"
    SMALL_TARGET = "small_target"
    WORSE_THAN_LAST_YEAR = "worse_than_last_year"
    CUMULATIVE_FELL = "cumulative_fell"
    REVISED_IN_YEAR = "revised_in_year"
    BEFORE_YEAR_END = "before_year_end"
    AGGREGATION_UNCONFIRMED = "aggregation_unconfirmed"


def figure_flags(
    plan: Plan,
    indicator: Indicator,
    current: Assessment,
    previous: Decimal | None,
    last_count: Decimal | None,
) -> tuple[Flag, ...]:
    """The flags of a target, and of a figure that was rated or forecast.

    ``previous`` is last year's figure, ``last_count`` the latest known, the baseline included.
    """
    target, value, direction = current.target, current.value, indicator.direction
    final = current.status in (Status.REPORTED, Status.FORECAST)
    level = indicator.measure in (Measure.STOCK, Measure.CUMULATIVE, Measure.RATE)

    def side(figure: Decimal | None, earlier: Decimal | None) -> Judgement | None:
        if figure is None or earlier is None:
            return None
        return judge(figure, earlier, direction, target)

    target_side = None if direction is Direction.KEEP else side(target, indicator.baseline)
    value_side = side(value, indicator.baseline) if final else None
    last_side = side(value, previous) if final else None
    trigger = plan.review_trigger
    found = {
        Flag.TARGET_BELOW_BASELINE: target_side is Judgement.WORSE,
        Flag.MET_BUT_WORSE_THAN_BASELINE: current.is_met and value_side is Judgement.WORSE,
        Flag.NO_PROGRESS_FROM_BASELINE: level
        and target_side is Judgement.IMPROVED
        and value_side in (Judgement.SAME, Judgement.WORSE),
        Flag.FAR_ABOVE_TARGET: trigger is not None
        and current.shown is not None
        and current.shown >= trigger.high,
        Flag.SMALL_TARGET: target is not None
        and target <= SMALL
        and indicator.measure is not Measure.RATE,
        Flag.WORSE_THAN_LAST_YEAR: last_side is Judgement.WORSE,
        Flag.CUMULATIVE_FELL: indicator.measure is Measure.CUMULATIVE
        and value is not None
        and last_count is not None
        and value < last_count,
    }
    return tuple(flag for flag, holds in found.items() if holds)


def circumstance_flags(
    indicator: Indicator, current: Assessment, target_before: Decimal | None, today: date
) -> tuple[Flag, ...]:
    """The flags of how a figure came about."""
    early = current.status is Status.REPORTED and not current.year.has_ended(today)
    found = {
        Flag.REVISED_IN_YEAR: target_before != current.target,
        Flag.BEFORE_YEAR_END: early,
        Flag.AGGREGATION_UNCONFIRMED: indicator.measure is Measure.UNCONFIRMED,
    }
    return tuple(flag for flag, holds in found.items() if holds)
