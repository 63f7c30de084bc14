"""The plan as a whole: what became of each indicator, from the baseline to a year of the plan."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from jusou.logs.dataset import Dataset, Note
from jusou.plan.model import Initiative
from jusou.plan.targets import aim_of
from jusou.review.assessment import NOT_EXPECTED, Assessment, Rated, Status, rate
from jusou.review.attainment import Judgement, is_met, judge
from jusou.review.build import IndicatorReview, Review, build_review
from jusou.values.fiscal_year import FiscalYear, year_range


class Outcome(StrEnum):
    """What became of an indicator; of what missed its target, which way it moved."""

    MET = "met"
    IMPROVED = "improved"
    SAME = "same"
    WORSE = "worse"
    UNKNOWN = "unknown"


_MOVED = {
    Judgement.IMPROVED: Outcome.IMPROVED,
    Judgement.SAME: Outcome.SAME,
    Judgement.WORSE: Outcome.WORSE,
}


class Step(NamedTuple):
    """A year of a chain of 改善策: how it was rated, its texts, and what came of them a year on."""

    year: FiscalYear
    assessed: Assessment | None
    note: Note
    following: Note


class Chain(NamedTuple):
    """What was to be done for a subject, year after year; an initiative has no figures."""

    subject: IndicatorReview | Initiative
    programme: str
    steps: tuple[Step, ...]


class WholeIndicator(NamedTuple):
    """An indicator over the plan: its last figure against the target of that year.

    Of a survey the last one counts. Where that year has no target, the plan's last one is taken;
    ``target_year`` is the year of the target. ``moved`` is how that figure stands against the
    baseline.
    """

    review: IndicatorReview
    last: Assessment
    target_year: FiscalYear
    target: Decimal | None
    rated: Rated | None
    moved: Judgement | None
    outcome: Outcome


class WholePlan(NamedTuple):
    """The evaluation of a plan up to the year of ``review``: 最終評価, before the end 中間評価."""

    review: Review
    indicators: tuple[WholeIndicator, ...]
    chains: tuple[Chain, ...]
    note: Note

    @property
    def is_final(self) -> bool:
        return self.review.year == self.review.plan.info.end


def build_whole_plan(dataset: Dataset, year: FiscalYear, today: date) -> WholePlan:
    """Return the evaluation of a plan up to a year. Raises JusouError for one outside the plan."""
    review = build_review(dataset, year, today)
    return WholePlan(
        review,
        tuple(_whole(review, each) for each in review.indicators),
        tuple(_chains(dataset, review)),
        dataset.plan_note(review.year),
    )


_FIGURES = (Status.REPORTED, Status.FORECAST)


def _whole(review: Review, each: IndicatorReview) -> WholeIndicator:
    plan, indicator = review.plan, each.indicator
    last = each.current
    if last.status in NOT_EXPECTED:
        last = next((past for past in reversed(each.years) if past.status in _FIGURES), last)
    # As the review has it: a target between two others follows those that stand now.
    target, target_year = aim_of(indicator, each.targets, last.year).value, last.year
    if target is None and each.final_year:
        target, target_year = each.targets.get(each.final_year), each.final_year
    value = last.value if last.status in _FIGURES else None
    rated = rate(plan, indicator, value, target)
    moved, baseline = None, indicator.comparable_baseline
    if value is not None and target is not None and baseline is not None:
        moved = judge(value, baseline, indicator.direction, target)
    outcome = _MOVED[moved] if moved else Outcome.UNKNOWN
    if rated and is_met(rated.attainment):
        outcome = Outcome.MET
    return WholeIndicator(each, last, target_year, target, rated, moved, outcome)


def _chains(dataset: Dataset, review: Review) -> list[Chain]:
    years = year_range(review.plan.info.start, review.year)
    found = []
    for programme in review.programmes:
        subjects: list[tuple[str, IndicatorReview | Initiative]] = [
            *((each.indicator.id, each) for each in programme.indicators),
            *((each.initiative.id, each.initiative) for each in programme.initiatives),
        ]
        for key, subject in subjects:
            assessed = subject.years if isinstance(subject, IndicatorReview) else ()
            steps = tuple(
                Step(
                    year,
                    assessed[index] if assessed else None,
                    dataset.note(year, key),
                    dataset.note(year.following, key) if year < review.year else Note(),
                )
                for index, year in enumerate(years)
            )
            if any(step.note.action for step in steps):
                found.append(Chain(subject, programme.programme.label, steps))
    return found
