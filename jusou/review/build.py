"""The review (評価表) of one year, computed whole from the data: pure, without words or layout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from jusou.logs.dataset import Dataset, Note
from jusou.logs.schema import Revision
from jusou.logs.slots import Standing
from jusou.plan.model import Indicator, Initiative, Measure, Plan, Programme, check_plan_year
from jusou.plan.targets import Targets
from jusou.review.assessment import Assessment, Status, Tally, assess
from jusou.review.attainment import (
    SHOWN_DECIMALS,
    SMALL,
    Judgement,
    PlanToDate,
    attainment,
    capped_mean,
    change_rate,
    judge,
    plan_to_date,
    shown,
)
from jusou.review.flags import Flag, circumstance_flags, figure_flags
from jusou.values.fiscal_year import FiscalYear, year_range
from jusou.values.numbers import percentage, round_half_up


@dataclass(frozen=True, slots=True)
class Comparison:
    """Against the baseline: difference, change in percent (or None), judgement by direction."""

    difference: Decimal
    change_rate: Decimal | None
    judgement: Judgement | None


@dataclass(frozen=True, slots=True)
class Interim:
    """A figure inside the year; ``progress`` of the annual target, ``elapsed`` of the year."""

    value: Decimal
    as_of: date
    progress: Decimal | None
    elapsed: Decimal


@dataclass(frozen=True, slots=True)
class IndicatorReview:
    """All that the review says of one indicator. Percentages are rounded as they are shown.

    ``years`` run from the plan's start to the reviewed year, ``earlier`` are those before, from
    the baseline year on; ``targets`` are those in force for this review, ``revisions``
    what made of the published target of the reviewed year the one in force.
    """

    indicator: Indicator
    label: str
    current: Assessment
    target_before: Decimal | None
    revisions: tuple[Revision, ...]
    final_target: Decimal | None
    previous: Decimal | None
    vs_previous: Decimal | None
    vs_baseline: Comparison | None
    vs_final_target: Decimal | None
    plan_to_date: PlanToDate | None
    forecast: Decimal | None
    interim: Interim | None
    flags: tuple[Flag, ...]
    note: Note
    previous_action: str
    years: tuple[Assessment, ...]
    earlier: tuple[Assessment, ...]
    targets: Targets


class Side(StrEnum):
    """On which side of the trigger an indicator stays."""

    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Candidate:
    """見直し候補 (``watch`` False) or 経過観察, with the attainments as shown that make it one."""

    review: IndicatorReview
    side: Side
    watch: bool
    evidence: tuple[Assessment, ...]


@dataclass(frozen=True, slots=True)
class InitiativeReview:
    """A commitment without a number, with its notes."""

    initiative: Initiative
    note: Note
    previous_action: str


@dataclass(frozen=True, slots=True)
class ProgrammeReview:
    """The roll-up of a programme: ``indicators`` = reported + forecast + pending + excluded.

    ``capped_mean`` is ``exact_mean`` as it is shown.
    """

    programme: Programme
    indicators: tuple[IndicatorReview, ...]
    initiatives: tuple[InitiativeReview, ...]
    note: Note
    reported: int
    met: int
    ratings: Mapping[str, int]
    forecast: int
    pending: int
    excluded: int
    exact_mean: Decimal | None
    capped_mean: Decimal | None


@dataclass(frozen=True, slots=True)
class Review:
    """The evaluation of one year of a plan, as seen on ``today``."""

    plan: Plan
    year: FiscalYear
    today: date
    programmes: tuple[ProgrammeReview, ...]
    candidates: tuple[Candidate, ...]

    @property
    def indicators(self) -> tuple[IndicatorReview, ...]:
        """All indicators, in the plan's order."""
        return tuple(each for programme in self.programmes for each in programme.indicators)

    @property
    def is_running(self) -> bool:
        """Whether the year is not over (年度途中)."""
        return not self.year.has_ended(self.today)


def build_review(dataset: Dataset, year: FiscalYear, today: date) -> Review:
    """Compute the review of ``year``. Raises JusouError for a year outside the plan."""
    plan = dataset.plan
    year = check_plan_year(plan, year)
    programmes = tuple(_review_programme(dataset, each, year, today) for each in plan.programmes)
    indicators = [each for programme in programmes for each in programme.indicators]
    found = (_candidate(plan, each) for each in indicators)
    return Review(plan, year, today, programmes, tuple(each for each in found if each))


def _review_programme(
    dataset: Dataset, programme: Programme, year: FiscalYear, today: date
) -> ProgrammeReview:
    reviews = tuple(_review_indicator(dataset, each, year, today) for each in programme.indicators)
    current = [each.current for each in reviews]
    rated = [each for each in current if each.tally is Tally.REPORTED]
    ratings = Counter(each.rating for each in rated)
    scale = dataset.plan.scale
    mean = capped_mean(each.attainment for each in rated if each.attainment is not None)
    tallies = Counter(each.tally for each in current)
    return ProgrammeReview(
        programme=programme,
        indicators=reviews,
        initiatives=tuple(
            InitiativeReview(
                each, dataset.note(year, each.id), dataset.note(year.previous, each.id).action
            )
            for each in programme.initiatives
        ),
        note=dataset.note(year, programme.id),
        reported=len(rated),
        met=sum(each.is_met for each in rated),
        ratings={grade.mark: ratings[grade.mark] for grade in scale},
        forecast=tallies[Tally.FORECAST],
        pending=tallies[Tally.PENDING],
        excluded=tallies[Tally.EXCLUDED],
        exact_mean=mean,
        capped_mean=None if mean is None else shown(mean, scale),
    )


def _review_indicator(
    dataset: Dataset, indicator: Indicator, year: FiscalYear, today: date
) -> IndicatorReview:
    plan = dataset.plan
    targets = dataset.targets(indicator, year)
    before = dataset.targets_before(indicator, year)
    years = tuple(
        _assess_year(dataset, indicator, each) for each in year_range(plan.info.start, year)
    )
    current = years[-1]
    standing = dataset.standing(year, indicator)
    previous_row = dataset.standing(year.previous, indicator).reported
    previous = previous_row.value if previous_row else None
    value = current.value if is_comparable(indicator, current) else None
    last = dataset.last_count(indicator, year)
    final_target = targets.get(plan.info.end)
    vs_baseline = _compare_baseline(indicator, value, current.target)
    return IndicatorReview(
        indicator=indicator,
        label=plan.labels[indicator.id],
        current=current,
        target_before=before.get(year),
        revisions=tuple(
            each for each in dataset.revisions_for(indicator, year) if each.year == year
        ),
        final_target=final_target,
        previous=previous,
        vs_previous=None if value is None or previous is None else value - previous,
        vs_baseline=vs_baseline,
        vs_final_target=_against_final(plan, indicator, value, final_target),
        plan_to_date=_plan_to_date(plan, indicator, years),
        forecast=standing.forecast.value if standing.forecast else None,
        interim=_interim(plan, indicator, year, standing, current.target),
        flags=figure_flags(plan, indicator, current, previous, last[1] if last else None)
        + circumstance_flags(indicator, current, before.get(year), today),
        note=dataset.note(year, indicator.id),
        previous_action=dataset.note(year.previous, indicator.id).action,
        years=years,
        earlier=tuple(_assess_year(dataset, indicator, each) for each in _years_before(plan)),
        targets=targets,
    )


def _years_before(plan: Plan) -> tuple[FiscalYear, ...]:
    """The years before the plan that may have figures, shown as 参考."""
    return tuple(year for year in plan.log_years if year < plan.info.start)


def _assess_year(dataset: Dataset, indicator: Indicator, year: FiscalYear) -> Assessment:
    aim = dataset.aim(indicator, year)
    return assess(dataset.plan, indicator, year, dataset.standing(year, indicator), aim)


def is_comparable(indicator: Indicator, current: Assessment) -> bool:
    """Tell whether a figure can stand beside other years': not a part of a year that adds up."""
    adds_up = indicator.measure in (Measure.FLOW, Measure.UNCONFIRMED)
    return not (current.status is Status.INTERIM and adds_up)


def _compare_baseline(
    indicator: Indicator, value: Decimal | None, target: Decimal | None
) -> Comparison | None:
    baseline = indicator.baseline
    if value is None or baseline is None:
        return None
    rate = change_rate(value, baseline, indicator.measure is Measure.RATE)
    return Comparison(
        value - baseline,
        None if rate is None else round_half_up(rate, SHOWN_DECIMALS),
        judge(value, baseline, indicator.direction, target),
    )


def _against_final(
    plan: Plan, indicator: Indicator, value: Decimal | None, final_target: Decimal | None
) -> Decimal | None:
    if value is None or final_target is None:
        return None
    percent = attainment(value, final_target, indicator.direction, indicator.tolerance)
    return None if percent is None else shown(percent, plan.scale)


def _plan_to_date(
    plan: Plan, indicator: Indicator, years: tuple[Assessment, ...]
) -> PlanToDate | None:
    if indicator.measure is not Measure.FLOW:
        return None
    pairs = [
        (str(each.year), each.value if each.status is Status.REPORTED else None, each.target)
        for each in years
    ]
    total = plan_to_date(pairs, indicator.direction, indicator.tolerance)
    if total.attainment is None:
        return total
    percent = shown(total.attainment, plan.scale)
    return PlanToDate(total.actual, total.target, percent, ())


def _interim(
    plan: Plan,
    indicator: Indicator,
    year: FiscalYear,
    standing: Standing,
    target: Decimal | None,
) -> Interim | None:
    row = standing.interims[-1] if standing.interims else None
    if row is None or row.value is None or row.as_of is None:
        return None
    progress = None
    if indicator.measure is Measure.FLOW and target is not None and target > SMALL:
        progress = shown(percentage(row.value, target), plan.scale)
    elapsed = shown(year.elapsed(row.as_of), ())
    return Interim(row.value, row.as_of, progress, elapsed)


def _candidate(plan: Plan, review: IndicatorReview) -> Candidate | None:
    """Apply the trigger to the last years, 確定 or 速報; in the plan's first years, a watch."""
    trigger = plan.review_trigger
    if trigger is None:
        return None
    evidence = review.years[-trigger.years :]
    percents = [
        each.shown for each in evidence if each.status is Status.REPORTED and each.shown is not None
    ]
    if len(percents) < len(evidence):
        return None
    watch = len(review.years) < trigger.years
    if all(percent <= trigger.low for percent in percents):
        return Candidate(review, Side.LOW, watch, evidence)
    if all(percent >= trigger.high for percent in percents):
        return Candidate(review, Side.HIGH, watch, evidence)
    return None
