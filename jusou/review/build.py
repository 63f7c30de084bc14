"""The review (評価表) of one year, computed whole from the data: pure, without words or layout."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from jusou.logs.amendments import Amendment, amendments
from jusou.logs.dataset import Dataset, Note
from jusou.logs.schema import Actual, Revision
from jusou.logs.slots import Standing
from jusou.plan.model import (
    Direction,
    Formula,
    Indicator,
    Initiative,
    Measure,
    Plan,
    Programme,
    check_plan_year,
)
from jusou.plan.targets import TargetBasis, Targets
from jusou.review.assessment import Assessment, Rated, Status, assess, rate
from jusou.review.attainment import (
    SHOWN_DECIMALS,
    SMALL,
    Judgement,
    PlanToDate,
    Progress,
    attained,
    change_rate,
    is_added_up,
    is_beyond,
    is_met,
    judge,
    one_case_points,
    plan_to_date,
    progress,
    shown,
)
from jusou.review.flags import Flag, circumstance_flags, figure_flags, is_far_above
from jusou.review.order import rows_after, without_later_opinions
from jusou.review.roll_up import Moves, RollUp, moves, roll_up
from jusou.values.fiscal_year import FiscalYear, year_range
from jusou.values.numbers import percentage, round_half_up


class Comparison(NamedTuple):
    """Against the baseline: difference, change in percent (or None), judgement by direction."""

    difference: Decimal
    change_rate: Decimal | None
    judgement: Judgement | None


class Interim(NamedTuple):
    """A figure inside the year; ``progress`` of the annual target, ``elapsed`` of the year.

    ``months`` are those that are over, ``previous`` is the figure of the same day a year before.
    """

    value: Decimal
    as_of: date
    progress: Decimal | None
    months: int
    elapsed: Decimal
    previous: Decimal | None


class Former(NamedTuple):
    """The target that stood when the year began, where it was made easier since; how that rates."""

    target: Decimal
    rated: Rated | None


class IndicatorReview(NamedTuple):
    """All that the review says of one indicator. Percentages are rounded as they are shown.

    ``years`` run from the plan's start to the reviewed year, ``earlier`` are those before, from
    the baseline year on; ``targets`` are those in force for this review, ``revisions`` what made
    them of the published ones. ``standing_still`` is how the baseline would be rated against a
    target that lies beyond it; ``final_progress`` leads to the latest year that has a target.
    ``last_note`` are the texts of the year before, which those of this year answer.
    """

    indicator: Indicator
    label: str
    current: Assessment
    target_before: Decimal | None
    former: Former | None
    revisions: tuple[Revision, ...]
    final_year: FiscalYear | None
    final_target: Decimal | None
    previous: Decimal | None
    previous_forecast: Decimal | None
    vs_previous: Decimal | None
    against_previous: Judgement | None
    vs_baseline: Comparison | None
    vs_final_target: Decimal | None
    progress: Progress | None
    final_progress: Progress | None
    standing_still: Rated | None
    one_case_points: Decimal | None
    plan_to_date: PlanToDate | None
    forecast: Decimal | None
    interim: Interim | None
    flags: tuple[Flag, ...]
    note: Note
    last_note: Note
    years: tuple[Assessment, ...]
    earlier: tuple[Assessment, ...]
    targets: Targets

    @property
    def against_baseline(self) -> Judgement | None:
        return self.vs_baseline.judgement if self.vs_baseline else None

    @property
    def is_met_by_revision(self) -> bool:
        """Whether the target is met only because it was made easier inside the year."""
        before = self.former.rated if self.former else None
        return self.current.is_met and before is not None and not is_met(before.attainment)


class Side(StrEnum):
    """On which side of the trigger an indicator stays."""

    LOW = "low"
    HIGH = "high"


class Candidate(NamedTuple):
    """見直し候補 (``watch`` False) or 経過観察, with the years that make it one.

    ``target_share`` is this year's target in percent of the baseline.
    """

    review: IndicatorReview
    side: Side
    watch: bool
    evidence: tuple[Assessment, ...]
    target_share: Decimal | None


class InitiativeReview(NamedTuple):
    """A commitment without a number, with its notes."""

    initiative: Initiative
    note: Note
    last_note: Note


class ProgrammeReview(NamedTuple):
    """A programme with its indicators and initiatives, its own notes, and its roll-up."""

    programme: Programme
    indicators: tuple[IndicatorReview, ...]
    initiatives: tuple[InitiativeReview, ...]
    note: Note
    last_note: Note
    roll_up: RollUp


class Summary(NamedTuple):
    """Where the plan stands: all its indicators, and which way their 確定 and 速報 have moved.

    ``met_against_baseline`` are the moves of those that met their target, ``met_by_revision`` is
    how many did so only because it was made easier inside the year. ``standing_still`` is how
    many indicators would be rated how if they stood at the baseline.
    """

    roll_up: RollUp
    against_previous: Moves
    against_baseline: Moves
    met_against_baseline: Moves
    met_by_revision: int
    standing_still: dict[str, int]


class Review(NamedTuple):
    """The evaluation of one year of a plan, as seen on ``today``.

    ``recorded_later`` is how many rows it took that were recorded after that day. ``amendments``
    are the decisions up to the year's last day that changed the plan.
    """

    plan: Plan
    year: FiscalYear
    today: date
    recorded_later: int
    programmes: tuple[ProgrammeReview, ...]
    summary: Summary
    candidates: tuple[Candidate, ...]
    amendments: tuple[Amendment, ...]

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
    year = check_plan_year(dataset.plan, year)
    dataset = without_later_opinions(dataset, today)
    plan = dataset.plan_in(year)
    programmes = tuple(_review_programme(dataset, each, year, today) for each in plan.programmes)
    indicators = [each for programme in programmes for each in programme.indicators]
    found = (_candidate(plan, each) for each in indicators)
    candidates = tuple(each for each in found if each)
    changes = tuple(
        each
        for each in amendments(plan, dataset.rows.revisions)
        if each.decided_on <= year.last_day
    )
    later = len(rows_after(dataset, today, year))
    summary = _summary(plan, indicators)
    return Review(plan, year, today, later, programmes, summary, candidates, changes)


def _summary(plan: Plan, indicators: Sequence[IndicatorReview]) -> Summary:
    there = [each for each in indicators if each.current.status is not Status.ENDED]
    figures = [each for each in there if each.current.status is Status.REPORTED]
    nothing = [None] * (len(there) - len(figures))
    met = [each for each in figures if each.current.is_met]
    still = [each.standing_still.rating for each in there if each.standing_still]
    return Summary(
        roll_up=roll_up([each.current for each in indicators], plan.scale),
        against_previous=moves([*(each.against_previous for each in figures), *nothing]),
        against_baseline=moves([*(each.against_baseline for each in figures), *nothing]),
        met_against_baseline=moves(each.against_baseline for each in met),
        met_by_revision=sum(each.is_met_by_revision for each in met),
        standing_still={grade.mark: still.count(grade.mark) for grade in plan.scale},
    )


def _review_programme(
    dataset: Dataset, programme: Programme, year: FiscalYear, today: date
) -> ProgrammeReview:
    reviews = tuple(_review_indicator(dataset, each, year, today) for each in programme.indicators)
    return ProgrammeReview(
        programme=programme,
        indicators=reviews,
        initiatives=tuple(
            InitiativeReview(
                each, dataset.note(year, each.id), dataset.note(year.previous, each.id)
            )
            for each in programme.initiatives
        ),
        note=dataset.note(year, programme.id),
        last_note=dataset.note(year.previous, programme.id),
        roll_up=roll_up([each.current for each in reviews], dataset.plan.scale),
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
    standing, last_year = (dataset.standing(each, indicator) for each in (year, year.previous))
    previous = last_year.reported.value if last_year.reported else None
    comparable = None if year in indicator.redefined else previous
    baseline = indicator.comparable_baseline
    value = current.value if is_comparable(indicator, current) else None
    last = dataset.last_count(indicator, current.row) if current.row else None
    final_year = max((each for each, target in targets.items() if target is not None), default=None)
    final_target = targets.get(plan.info.end)
    vs_baseline = _compare_baseline(indicator, value, current.target)
    against_previous = None
    if value is not None and comparable is not None:
        against_previous = judge(value, comparable, indicator.direction, current.target)
    denominator = current.row.denominator if current.row else None
    # A target between two others is changed by no decision of its own.
    target_before = before.get(year) if targets.get(year) is not None else current.target
    return IndicatorReview(
        indicator=indicator,
        label=plan.labels[indicator.id],
        current=current,
        target_before=target_before,
        former=_former(plan, indicator, current, target_before),
        revisions=dataset.revisions_for(indicator, year),
        final_year=final_year,
        final_target=final_target,
        previous=previous,
        previous_forecast=last_year.forecast.value if last_year.forecast else None,
        vs_previous=None if value is None or comparable is None else value - comparable,
        against_previous=against_previous,
        vs_baseline=vs_baseline,
        vs_final_target=_against_final(plan, indicator, value, final_target),
        progress=progress(indicator, value, current.target),
        final_progress=progress(indicator, value, targets[final_year] if final_year else None),
        standing_still=rate(plan, indicator, baseline, current.target)
        if is_beyond(current.target, baseline, indicator.direction)
        else None,
        one_case_points=one_case_points(indicator, current.target, denominator),
        plan_to_date=_plan_to_date(plan, indicator, years),
        forecast=standing.forecast.value if standing.forecast else None,
        interim=interim_of(plan, indicator, _latest(standing), last_year, current.target),
        flags=()
        if indicator.direction is Direction.NONE or current.status is Status.ENDED
        else figure_flags(
            plan,
            indicator,
            current,
            vs_baseline.judgement if vs_baseline else None,
            against_previous,
        )
        + circumstance_flags(indicator, current, last[1] if last else None, target_before, today),
        note=dataset.note(year, indicator.id),
        last_note=dataset.note(year.previous, indicator.id),
        years=years,
        earlier=tuple(_assess_year(dataset, indicator, each) for each in _years_before(plan)),
        targets=targets,
    )


def _years_before(plan: Plan) -> tuple[FiscalYear, ...]:
    """The years before the plan that may have figures, shown as 参考."""
    return tuple(year for year in plan.log_years if year < plan.info.start)


def _assess_year(dataset: Dataset, indicator: Indicator, year: FiscalYear) -> Assessment:
    indicator = dataset.in_year(indicator, year)
    aim = dataset.aim(indicator, year)
    found = assess(dataset.plan, indicator, year, dataset.standing(year, indicator), aim)
    return found._replace(corrected_since=dataset.corrected.get((year, indicator.id)))


def is_comparable(indicator: Indicator, current: Assessment) -> bool:
    """Tell whether a figure can stand beside other years'.

    Not a part of a year that adds up, nor what was recorded of an indicator after its end.
    """
    adds_up = indicator.measure in (Measure.FLOW, Measure.UNCONFIRMED)
    return current.status is not Status.ENDED and not (current.status is Status.INTERIM and adds_up)


def _compare_baseline(
    indicator: Indicator, value: Decimal | None, target: Decimal | None
) -> Comparison | None:
    baseline = indicator.comparable_baseline
    if value is None or baseline is None:
        return None
    rate = change_rate(value, baseline, indicator.measure is Measure.RATE)
    return Comparison(
        value - baseline,
        None if rate is None else round_half_up(rate, SHOWN_DECIMALS),
        judge(value, baseline, indicator.direction, target),
    )


def _former(
    plan: Plan, indicator: Indicator, current: Assessment, before: Decimal | None
) -> Former | None:
    """Return the target that a year began with, if a decision inside it asks for less."""
    if before is None or not is_beyond(before, current.target, indicator.direction):
        return None
    value = None if current.status in (Status.INTERIM, Status.ENDED) else current.value
    return Former(before, rate(plan, indicator, value, before))


def _against_final(
    plan: Plan, indicator: Indicator, value: Decimal | None, final_target: Decimal | None
) -> Decimal | None:
    if value is None or final_target is None:
        return None
    percent = attained(indicator, value, final_target)
    return None if percent is None else shown(percent, plan.scale)


def _plan_to_date(
    plan: Plan, indicator: Indicator, years: tuple[Assessment, ...]
) -> PlanToDate | None:
    """Add up a flow against the targets of its years, if it was counted in one way in all."""
    is_recounted = any(each > plan.info.start for each in indicator.redefined)
    if is_recounted or not is_added_up(indicator):
        return None

    def added_up(targets: Targets) -> PlanToDate:
        pairs = [
            (
                str(each.year),
                each.value if each.status is Status.REPORTED else None,
                targets.get(each.year),
            )
            for each in years
        ]
        total = plan_to_date(pairs, indicator.direction, indicator.tolerance)
        percent = None if total.attainment is None else shown(total.attainment, plan.scale)
        return total._replace(attainment=percent)

    own = {each.year: each.target for each in years if each.aim.basis is TargetBasis.OWN}
    total = added_up(own)
    first = added_up(indicator.targets)
    if total.target is None or first.target is None or first.target == total.target:
        return total
    return total._replace(published=(first.target, first.attainment))


def _latest(standing: Standing) -> Actual | None:
    return standing.interims[-1] if standing.interims else None


def interim_of(
    plan: Plan,
    indicator: Indicator,
    row: Actual | None,
    last_year: Standing,
    target: Decimal | None,
) -> Interim | None:
    """Return a figure inside its year, given what stands of the year before.

    A share of the target is said only where more is better: less of what should be less is no
    reason to worry halfway.
    """
    if row is None or row.value is None or row.as_of is None:
        return None
    share = None
    has_ended = indicator.ended is not None and row.year >= indicator.ended
    adds_up = indicator.measure is Measure.FLOW and indicator.direction is Direction.UP
    is_share = adds_up and indicator.attainment is Formula.RATIO and not has_ended
    if is_share and target is not None and target > SMALL:
        share = shown(percentage(row.value, target), plan.scale)
    day = (row.as_of.month, row.as_of.day)
    previous = (
        each.value
        for each in last_year.interims
        if each.as_of and day == (each.as_of.month, each.as_of.day)
    )
    months = row.year.months_over(row.as_of)
    last = None if has_ended or row.year in indicator.redefined else next(previous, None)
    return Interim(row.value, row.as_of, share, months, elapsed_share(months), last)


def elapsed_share(months: int) -> Decimal:
    """Return how much of a year some months are, in percent."""
    return round_half_up(percentage(Decimal(months), Decimal(12)), SHOWN_DECIMALS)


def _candidate(plan: Plan, review: IndicatorReview) -> Candidate | None:
    """Apply the trigger to the last years, 確定 or 速報; in the plan's first years, a watch.

    What could be measured in none of them has missed its target too; a planned volume has none.
    """
    trigger, indicator = plan.review_trigger, review.indicator
    if trigger is None or indicator.direction is Direction.NONE:
        return None
    evidence = review.years[-trigger.years :]
    percents = [
        each.shown for each in evidence if each.status is Status.REPORTED and each.shown is not None
    ]
    is_whole = len(percents) == len(evidence)
    if all(each.status in _WITHOUT_FIGURE for each in evidence) or (
        is_whole and all(percent <= trigger.low for percent in percents)
    ):
        side = Side.LOW
    elif all(
        each.status is Status.REPORTED and is_far_above(plan, indicator, each) for each in evidence
    ):
        side = Side.HIGH
    else:
        return None
    baseline, target = indicator.comparable_baseline, review.current.target
    share = None
    if baseline and baseline > 0 and target is not None:
        share = shown(percentage(target, baseline), ())
    return Candidate(review, side, len(review.years) < trigger.years, evidence, share)


_WITHOUT_FIGURE = (Status.NOT_APPLICABLE, Status.NOT_MEASURABLE)
