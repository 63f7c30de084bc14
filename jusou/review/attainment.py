"""The formulas of the evaluation: pure, exact, and nothing else (docs/formulas.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from jusou.plan.model import Direction, Formula, Grade, Indicator, Measure
from jusou.values.numbers import HUNDRED, percentage, round_below, round_half_up

SMALL = Decimal(10)
FEW = HUNDRED
"""Below this denominator one case moves a rate so much that it has to be said."""
SHOWN_DECIMALS = 1


class Judgement(StrEnum):
    """How a figure stands against an earlier one, by direction."""

    IMPROVED = "improved"
    SAME = "same"
    WORSE = "worse"


def attainment(
    actual: Decimal, target: Decimal, direction: Direction, tolerance: Decimal = Decimal(0)
) -> Decimal | None:
    """Return the attainment (達成率) in percent, uncapped and unrounded.

    up: actual ÷ target; None (算定不能) when the target is 0. down: target ÷ actual; 100 when the
    actual is 0. keep: 100 within the tolerance; below it actual ÷ target, above it the inverse.
    """
    if direction is Direction.UP:
        return percentage(actual, target) if target else None
    if direction is Direction.DOWN:
        return percentage(target, actual) if actual else HUNDRED
    if abs(actual - target) <= tolerance:
        return HUNDRED
    return percentage(actual, target) if actual < target else percentage(target, actual)


def attained(indicator: Indicator, actual: Decimal, target: Decimal) -> Decimal | None:
    """Return the attainment of a figure by the formula of its indicator; None if 算定不能.

    ratio: see :func:`attainment`. progress: the way made from the baseline in percent of the way
    to the target, below 0 where it led backward; where the target does not lie beyond the
    baseline, 100 for a figure that meets it; None from a baseline that was counted in another way.
    A planned volume (none) has no attainment.
    """
    direction = indicator.direction
    if direction is Direction.NONE:
        return None
    if indicator.attainment is Formula.RATIO:
        return attainment(actual, target, direction, indicator.tolerance)
    baseline = indicator.comparable_baseline
    if baseline is None:
        return None
    sign = 1 if direction is Direction.UP else -1
    needed, made = sign * (target - baseline), sign * (actual - baseline)
    if needed > 0:
        return percentage(made, needed)
    return HUNDRED if made >= needed else None


def plan_ratio(actual: Decimal, target: Decimal) -> Decimal | None:
    """Return a planned volume's 対計画比 in percent; None where the plan has none above 0."""
    return percentage(actual, target) if target > 0 else None


def shown(value: Decimal, scale: Sequence[Grade]) -> Decimal:
    """Round a percentage for print: half up, never onto a cut or 100 it has not reached."""
    cuts = [grade.at_least for grade in scale]
    return round_below(value, SHOWN_DECIMALS, [*cuts, HUNDRED])


def rating(value: Decimal, scale: Sequence[Grade]) -> str:
    """Return the mark (達成度) of an unrounded attainment; the scale descends to 0.

    Below 0 stands what moved backward: the lowest.
    """
    return next((grade.mark for grade in scale if value >= grade.at_least), scale[-1].mark)


def is_met(value: Decimal) -> bool:
    """Tell whether the target is met (達成): attainment ≥ 100, whatever the scale."""
    return value >= HUNDRED


def judge(
    value: Decimal, earlier: Decimal, direction: Direction, target: Decimal | None = None
) -> Judgement | None:
    """Compare with an earlier figure: better, exactly equal, or worse.

    keep: nearer the target is better; None without a target. none: nothing is better.
    """
    if direction is Direction.NONE:
        return None
    if direction is Direction.KEEP:
        if target is None:
            return None
        gain = abs(earlier - target) - abs(value - target)
    else:
        gain = value - earlier if direction is Direction.UP else earlier - value
    if gain == 0:
        return Judgement.SAME
    return Judgement.IMPROVED if gain > 0 else Judgement.WORSE


def is_beyond(target: Decimal | None, baseline: Decimal | None, direction: Direction) -> bool:
    """Tell whether a target asks for more than the baseline; keep asks for no move."""
    if target is None or baseline is None or direction is Direction.KEEP:
        return False
    return judge(target, baseline, direction) is Judgement.IMPROVED


class Progress(NamedTuple):
    """The way from the baseline to a target (R6からの進捗率).

    ``needed`` is the whole way, ``made`` what was gone of it, both positive in the better
    direction; ``percent`` is the share as shown.
    """

    needed: Decimal
    made: Decimal
    percent: Decimal


_LEVELS = (Measure.STOCK, Measure.CUMULATIVE, Measure.RATE)


def is_level(indicator: Indicator) -> bool:
    """Tell whether a figure is a level that is reached, not what happened in one year."""
    return indicator.measure in _LEVELS


def progress(
    indicator: Indicator, value: Decimal | None, target: Decimal | None
) -> Progress | None:
    """Return how far a level has come from the baseline to a target that lies beyond it.

    The share is rounded half up, never onto 0 or 100 from below. None without a way to go: of
    anything but levels, without a baseline or with one of 0, where the target asks for no more.
    """
    baseline, direction = indicator.comparable_baseline, indicator.direction
    if value is None or target is None or not baseline or not is_level(indicator):
        return None
    if not is_beyond(target, baseline, direction):
        return None
    sign = 1 if direction is Direction.UP else -1
    needed, made = sign * (target - baseline), sign * (value - baseline)
    share = round_below(percentage(made, needed), SHOWN_DECIMALS, (Decimal(0), HUNDRED))
    return Progress(needed, made, share)


def is_count(indicator: Indicator) -> bool:
    """Tell whether the figures of an indicator are whole cases: no rate, and no 1.28倍."""
    return indicator.measure is not Measure.RATE and not indicator.decimals


def is_coarse(indicator: Indicator, way: Decimal) -> bool:
    """Tell whether a way to go is under ten of the last digit: one step is more than a tenth."""
    return way < Decimal(10).scaleb(-indicator.decimals)


def one_case_points(
    indicator: Indicator, target: Decimal | None, denominator: Decimal | None
) -> Decimal | None:
    """Return by how many points one case moves the attainment, where cases are few.

    Of a count where the target is at most 10, of a rate where its denominator is below 100; as
    shown. None where more is not better, for one case then has no fixed weight.
    """
    if indicator.direction is not Direction.UP or indicator.attainment is not Formula.RATIO:
        return None
    if not target:
        return None
    if indicator.measure is Measure.RATE:
        if denominator is None or denominator >= FEW or indicator.per is None:
            return None
        points = indicator.per * HUNDRED / denominator / target
    elif not is_count(indicator) or target > SMALL:
        return None
    else:
        points = HUNDRED / target
    return round_half_up(points, SHOWN_DECIMALS)


def before_rounding(
    indicator: Indicator, value: Decimal, target: Decimal, parts: tuple[Decimal, Decimal]
) -> Decimal | None:
    """Return the rate of ``parts`` with one more digit, where only rounding lifts it to its target.

    Half up, but never onto a figure that meets the target. None where it needs no lift.
    """

    def meets(figure: Decimal) -> bool:
        percent = attained(indicator, figure, target)
        return percent is not None and is_met(percent)

    if indicator.per is None:
        return None
    exact = parts[0] * indicator.per / parts[1]
    if meets(exact) or not meets(value):
        return None
    digits = indicator.decimals + 1
    step = Decimal(1).scaleb(-digits)
    nearest = round_half_up(exact, digits)
    around = (nearest, nearest - step, nearest + step)
    return next(each for each in around if not meets(each) and abs(each - exact) < step)


def change_rate(value: Decimal, earlier: Decimal, is_rate: bool) -> Decimal | None:
    """Return the change in percent, for counts that began above 10; None otherwise."""
    if is_rate or earlier <= SMALL:
        return None
    return percentage(value - earlier, earlier)


def capped_mean(attainments: Iterable[Decimal]) -> Decimal | None:
    """Return the mean of attainments, each held between 0 and 100 (平均達成率); None of nothing.

    Without a floor one figure that moved backward (−1,000 %) would stand for all the others.
    """
    capped = [max(Decimal(0), min(value, HUNDRED)) for value in attainments]
    return sum(capped, Decimal(0)) / len(capped) if capped else None


class PlanToDate(NamedTuple):
    """計画期間累計 of a flow: Σ actual against Σ target since the plan's start.

    ``published`` is the same against the targets of the plan as it was published, where they
    differ: their sum and the attainment.
    """

    actual: Decimal | None
    target: Decimal | None
    attainment: Decimal | None
    missing_years: tuple[str, ...]
    published: tuple[Decimal, Decimal | None] | None = None


def is_added_up(indicator: Indicator) -> bool:
    """Tell whether there is a 計画期間累計: of a flow whose attainment is its share of the target.

    There is none of keep, where too much and too little would cancel out.
    """
    is_better = indicator.direction in (Direction.UP, Direction.DOWN)
    is_share = is_better and indicator.attainment is Formula.RATIO
    return indicator.measure is Measure.FLOW and is_share


def plan_to_date(
    pairs: Sequence[tuple[str, Decimal | None, Decimal | None]],
    direction: Direction,
    tolerance: Decimal,
) -> PlanToDate:
    """Add up (year, actual, target); all null, naming the years, if one lacks a figure."""
    missing = tuple(year for year, actual, target in pairs if actual is None or target is None)
    if missing:
        return PlanToDate(None, None, None, missing)
    actual = sum((each[1] for each in pairs if each[1] is not None), Decimal(0))
    target = sum((each[2] for each in pairs if each[2] is not None), Decimal(0))
    return PlanToDate(actual, target, attainment(actual, target, direction, tolerance), ())
