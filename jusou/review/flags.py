"""What a reader of a figure must know: the flags, by code."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from jusou.plan.model import Direction, Formula, Indicator, Measure, Plan
from jusou.review.assessment import Assessment, Status
from jusou.review.attainment import (
    FEW,
    SMALL,
    Judgement,
    before_rounding,
    is_added_up,
    is_beyond,
    is_coarse,
    is_count,
    is_level,
    judge,
)
from jusou.values.fiscal_year import FiscalYear


class Flag(StrEnum):
    """What a reader of a figure must know; the words are the document's."""

    TARGET_BELOW_BASELINE = "target_below_baseline"
    MET_BUT_WORSE_THAN_BASELINE = "met_but_worse_than_baseline"
    NO_PROGRESS_FROM_BASELINE = "no_progress_from_baseline"
    WORSE_THAN_BASELINE = "worse_than_baseline"
    FAR_ABOVE_TARGET = "far_above_target"
    LIFTED_BY_ROUNDING = "lifted_by_rounding"
    SMALL_TARGET = "small_target"
    SMALL_DENOMINATOR = "small_denominator"
    WORSE_THAN_LAST_YEAR = "worse_than_last_year"
    CUMULATIVE_FELL = "cumulative_fell"
    REVISED_IN_YEAR = "revised_in_year"
    BEFORE_YEAR_END = "before_year_end"
    AGGREGATION_UNCONFIRMED = "aggregation_unconfirmed"
    DEFINITION_CHANGED = "definition_changed"


def figure_flags(
    plan: Plan,
    indicator: Indicator,
    current: Assessment,
    against_baseline: Judgement | None,
    against_previous: Judgement | None,
) -> tuple[Flag, ...]:
    """The flags of a target, and of a figure as it stands against the baseline and last year.

    Where a year has no target, the next one tells whether the plan asks for a move.
    """
    target, baseline = current.target, indicator.comparable_baseline
    asked = current.aim.ahead if target is None else target
    final = current.status in (Status.REPORTED, Status.FORECAST)
    denominator = current.row.denominator if current.row else None
    found = {
        Flag.TARGET_BELOW_BASELINE: _is_behind(asked, baseline, indicator.direction),
        Flag.MET_BUT_WORSE_THAN_BASELINE: current.is_met and against_baseline is Judgement.WORSE,
        Flag.NO_PROGRESS_FROM_BASELINE: final
        and is_level(indicator)
        and is_beyond(asked, baseline, indicator.direction)
        and against_baseline in (Judgement.SAME, Judgement.WORSE),
        Flag.WORSE_THAN_BASELINE: against_baseline is Judgement.WORSE,
        Flag.FAR_ABOVE_TARGET: is_far_above(plan, indicator, current),
        Flag.LIFTED_BY_ROUNDING: rate_before_rounding(indicator, current) is not None,
        Flag.SMALL_TARGET: target is not None
        and target <= SMALL
        and not indicator.signed
        and is_count(indicator),
        Flag.SMALL_DENOMINATOR: final and denominator is not None and denominator < FEW,
        Flag.WORSE_THAN_LAST_YEAR: final and against_previous is Judgement.WORSE,
        Flag.DEFINITION_CHANGED: _is_across(plan, indicator, current.year),
    }
    return tuple(flag for flag, holds in found.items() if holds)


def _is_across(plan: Plan, indicator: Indicator, year: FiscalYear) -> bool:
    """Tell whether a comparison is missing because figures are counted in another way since."""
    if not indicator.redefined:
        return False
    from_baseline = indicator.baseline is not None and not indicator.is_baseline_alike
    is_later = any(each > plan.info.start for each in indicator.redefined)
    from_start = is_added_up(indicator) and is_later
    return year in indicator.redefined or from_baseline or from_start


def is_far_above(plan: Plan, indicator: Indicator, current: Assessment) -> bool:
    """Tell whether an attainment reaches the trigger's high mark.

    By the way made (progress) a short way is passed far by one case, so none is far.
    """
    trigger, target, baseline = plan.review_trigger, current.target, indicator.comparable_baseline
    if trigger is None or current.shown is None or current.shown < trigger.high:
        return False
    if indicator.attainment is Formula.RATIO or target is None or baseline is None:
        return True
    return not is_coarse(indicator, abs(target - baseline))


def _is_behind(target: Decimal | None, baseline: Decimal | None, direction: Direction) -> bool:
    """Tell whether a target asks for less than the baseline; of keep nothing is less."""
    if target is None or baseline is None or direction is Direction.KEEP:
        return False
    return judge(target, baseline, direction) is Judgement.WORSE


def rate_before_rounding(indicator: Indicator, current: Assessment) -> Decimal | None:
    """Return a rate with one more digit where only rounding lifts it to its target."""
    row = current.row
    if not current.rating or current.value is None or current.target is None or row is None:
        return None
    if row.numerator is None or row.denominator is None:
        return None
    parts = (row.numerator, row.denominator)
    return before_rounding(indicator, current.value, current.target, parts)


def circumstance_flags(
    indicator: Indicator,
    current: Assessment,
    last_count: Decimal | None,
    target_before: Decimal | None,
    today: date,
) -> tuple[Flag, ...]:
    """The flags of how a figure came about.

    ``last_count`` is the latest known before it, the baseline included.
    """
    early = current.status is Status.REPORTED and not current.year.has_ended(today)
    found = {
        Flag.CUMULATIVE_FELL: indicator.measure is Measure.CUMULATIVE
        and current.value is not None
        and last_count is not None
        and current.value < last_count,
        Flag.REVISED_IN_YEAR: target_before != current.target,
        Flag.BEFORE_YEAR_END: early,
        Flag.AGGREGATION_UNCONFIRMED: indicator.measure is Measure.UNCONFIRMED,
    }
    return tuple(flag for flag, holds in found.items() if holds)
