"""Where a folder stands: its years, what is open in them, what a successor has to know."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from jusou.errors import Problem
from jusou.logs.dataset import Dataset
from jusou.plan.model import WHOLE_PLAN, Plan
from jusou.plan.remarks import Remark
from jusou.review.build import Review, build_review
from jusou.review.checks import find_warnings
from jusou.review.collection import Collection, collect
from jusou.review.unfinished import unfinished
from jusou.values.fiscal_year import FiscalYear


class Neighbour(NamedTuple):
    """The plan before or after this one, which lies in another folder beside it."""

    folder: Path
    plan: Plan


class YearState(NamedTuple):
    """A year that has begun or has figures: its review, who was asked, whether it has a pack."""

    review: Review
    collections: tuple[Collection, ...]
    has_pack: bool

    @property
    def year(self) -> FiscalYear:
        return self.review.year

    @property
    def outstanding(self) -> int:
        """How many indicators are to be asked for."""
        return sum(each.outstanding for it in self.collections for each in it.asked)


class Overview(NamedTuple):
    """All that is known of a folder on ``today``, without a year being named.

    ``unfinished`` is what is to be written and settled, ``warnings`` are all others. ``handover``
    is the last text for the successor, with the year in whose log it stands.
    """

    plan: Plan
    today: date
    years: tuple[YearState, ...]
    unfinished: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    handover: tuple[FiscalYear, str] | None
    remarks: tuple[Remark, ...]
    neighbours: tuple[Neighbour, ...]

    @property
    def waiting(self) -> tuple[YearState, ...]:
        """The years of which figures are to be asked for."""
        return tuple(each for each in self.years if each.outstanding)


def build_overview(
    dataset: Dataset,
    today: date,
    packs: Some[FiscalYear],
    remarks: Sequence[Remark] = (),
    neighbours: Sequence[Neighbour] = (),
) -> Overview:
    """Return where a folder stands; ``packs`` are the years whose meeting pack lies in it."""
    plan = dataset.plan
    with_figures = {year for year, _ in dataset.standings}
    begun = [year for year in plan.years if year.first_day <= today or year in with_figures]
    reviews = [build_review(dataset, year, today) for year in begun]
    return Overview(
        plan,
        today,
        tuple(YearState(each, collect(each, dataset), each.year in packs) for each in reviews),
        tuple(unfinished(dataset, today)),
        find_warnings(dataset, today),
        next(
            (
                (year, text)
                for year in reversed(plan.years)
                if (text := dataset.note(year, WHOLE_PLAN).handover)
            ),
            None,
        ),
        tuple(remarks),
        tuple(neighbours),
    )
