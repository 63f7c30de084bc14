"""上半期進捗状況: where a year stands at its half, and what is expected of its end. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from jusou.logs.dataset import Dataset
from jusou.logs.schema import Actual, Basis
from jusou.logs.slots import Standing
from jusou.review.assessment import NOT_EXPECTED, Assessment, Status, Tally
from jusou.review.attainment import Judgement, is_met, judge
from jusou.review.build import (
    IndicatorReview,
    Interim,
    Review,
    build_review,
    elapsed_share,
    interim_of,
)
from jusou.values.fiscal_year import FiscalYear


class Outlook(StrEnum):
    """What the year's end will bring, by its 確定, 速報 or 見込: each indicator is one of them.

    ``open``: there is an answer (中間, 未確定), but no figure of the end.
    """

    MET = "met"
    SHORT = "short"
    OPEN = "open"
    UNREPORTED = "unreported"
    EXCLUDED = "excluded"


class HalfYearIndicator(NamedTuple):
    """An indicator at half-year. ``interim`` is the figure of that day, or what comes nearest.

    ``against_previous`` is how it stands against the same day a year before. ``gap`` is the
    figure expected of the year's end less its target; ``missing`` is what has not been given.
    """

    review: IndicatorReview
    interim: Interim | None
    against_previous: Judgement | None
    outlook: Outlook
    gap: Decimal | None
    missing: tuple[Basis, ...]

    @property
    def vs_previous(self) -> Decimal | None:
        """How much more or less there is than on the same day a year before."""
        if self.interim is None or self.interim.previous is None:
            return None
        return self.interim.value - self.interim.previous

    @property
    def is_behind_last_year(self) -> bool:
        return self.against_previous is Judgement.WORSE

    @property
    def is_behind_elapsed(self) -> bool:
        """Whether the share of the target is below that of the year that is over, as shown."""
        interim = self.interim
        return (
            interim is not None
            and interim.progress is not None
            and interim.progress < interim.elapsed
        )


class HalfYear(NamedTuple):
    """All indicators at half-year, beside the review of the year; ``day`` is its middle."""

    review: Review
    day: date
    months: int
    elapsed: Decimal
    indicators: tuple[HalfYearIndicator, ...]
    outlooks: Mapping[Outlook, int]

    @property
    def asked(self) -> int:
        """How many indicators somebody was asked for: those that are measured in the year."""
        return len(self._asked)

    @property
    def reported(self) -> int:
        """How many of them have an answer of any kind."""
        return sum(each.row is not None for each in self._asked)

    @property
    def _asked(self) -> list[Assessment]:
        """What stands of those that are asked for; one that has ended may have figures too."""
        found = (each.review.current for each in self.indicators)
        return [each for each in found if each.status not in NOT_EXPECTED]

    @property
    def comparable(self) -> int:
        """How many can be compared with the same day a year before."""
        return sum(each.against_previous is not None for each in self.indicators)


def build_half_year(dataset: Dataset, year: FiscalYear, today: date) -> HalfYear:
    """Compute where ``year`` stands at its half. Raises JusouError for a year outside the plan."""
    review = build_review(dataset, year, today)
    year = review.year  # with the days of the plan's own years
    day = year.interim_day
    indicators = tuple(_indicator(dataset, each, year) for each in review.indicators)
    counted = Counter(each.outlook for each in indicators)
    months = year.months_over(day)
    return HalfYear(
        review,
        day,
        months,
        elapsed_share(months),
        indicators,
        {each: counted[each] for each in Outlook},
    )


def _indicator(dataset: Dataset, review: IndicatorReview, year: FiscalYear) -> HalfYearIndicator:
    indicator, current = review.indicator, review.current
    last_year, standing = (dataset.standing(each, indicator) for each in (year.previous, year))
    row = _nearest(standing, year.interim_day)
    interim = interim_of(dataset.plan, indicator, row, last_year, current.target)
    against = None
    if interim and interim.previous is not None:
        against = judge(interim.value, interim.previous, indicator.direction, current.target)
    outlook = outlook_of(current)
    gap = None
    if current.rating and current.value is not None and current.target is not None:
        gap = current.value - current.target
    missing = () if current.status in NOT_EXPECTED else standing.missing_in_year
    return HalfYearIndicator(review, interim, against, outlook, gap, missing)


def _nearest(standing: Standing, day: date) -> Actual | None:
    """Return the last 中間 up to a day, else the first after it: some answer late."""
    rows = standing.interims
    up_to = [each for each in rows if each.as_of and each.as_of <= day]
    return up_to[-1] if up_to else next(iter(rows), None)


def outlook_of(current: Assessment) -> Outlook:
    """Return what the year's end will bring, given what stands of it.

    Where nothing does, it is owed of all that is asked for, be it rated or not.
    """
    if current.attainment is not None:
        return Outlook.MET if is_met(current.attainment) else Outlook.SHORT
    if current.status is Status.UNREPORTED:
        return Outlook.UNREPORTED
    return Outlook.OPEN if current.tally is Tally.PENDING else Outlook.EXCLUDED
