"""Who has reported what: the state of each indicator, by reporter (照会先)."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from jusou.logs.dataset import Dataset
from jusou.logs.lost_rows import last_records, lost_rows
from jusou.logs.schema import Basis, FormKind, Import
from jusou.review.assessment import Status
from jusou.review.build import IndicatorReview, Review
from jusou.values.fiscal_year import FiscalYear


class State(StrEnum):
    """What has come in for an indicator.

    Where nothing stands, the last form says why: it was left blank, its row was deleted, it was
    filled in but not taken, or it was taken and cancelled since. What was taken and is in no log
    any more is lost, whatever stands in its place. Nobody is asked for what is not measured.
    """

    ANSWERED = "answered"
    INTERIM_AND_FORECAST = "interim_and_forecast"
    FORECAST_ONLY = "forecast_only"
    INTERIM_ONLY = "interim_only"
    PENDING = "pending"
    LEFT_BLANK = "left_blank"
    ROW_MISSING = "row_missing"
    NOT_TAKEN = "not_taken"
    CANCELLED = "cancelled"
    LOST = "lost"
    UNANSWERED = "unanswered"
    NOT_ASKED = "not_asked"


_STATES = {
    Status.REPORTED: State.ANSWERED,
    Status.NOT_APPLICABLE: State.ANSWERED,
    Status.NOT_MEASURABLE: State.ANSWERED,
    Status.FORECAST: State.FORECAST_ONLY,
    Status.INTERIM: State.INTERIM_ONLY,
    Status.PENDING: State.PENDING,
    Status.OFF_YEAR: State.NOT_ASKED,
    Status.NOT_YET: State.NOT_ASKED,
    Status.ENDED: State.NOT_ASKED,
}
# What is lost can be taken again.
_SETTLED = (State.ANSWERED, State.LOST, State.NOT_ASKED)
# Before the year's end there is no more to ask for; with 中間 alone the 見込 is still to come.
_ENOUGH_IN_YEAR = (State.INTERIM_AND_FORECAST, State.FORECAST_ONLY, State.PENDING)


class Asked(NamedTuple):
    """One indicator that a reporter is asked for.

    ``not_taken``: the last form has a figure that was not taken, or not all of it. ``outstanding``:
    to be asked for again.
    """

    review: IndicatorReview
    state: State
    not_taken: bool
    outstanding: bool


class Collection(NamedTuple):
    """What one reporter was asked for; ``received`` is the last form that came back."""

    reporter: str | None
    asked: tuple[Asked, ...]
    received: Import | None

    @property
    def answered(self) -> int:
        return sum(each.state is State.ANSWERED for each in self.asked)

    @property
    def due(self) -> int:
        """How many of the indicators are measured in the year."""
        return sum(each.state is not State.NOT_ASKED for each in self.asked)


def collect(review: Review, dataset: Dataset) -> tuple[Collection, ...]:
    """Return the state of the collection by reporter, in the plan's order.

    A form belongs to its indicators, not to a name: a department that was renamed has answered.
    """
    over, year = review.year.has_ended(review.today), review.year
    forms = {
        indicator: form
        for form in _received(dataset.rows.imports)
        if form.year == year and _asks(form, over)
        for indicator in form.indicators
    }
    lost = {
        each.subject
        for each in lost_rows(dataset)
        if each.record.year == year and each.item in list(Basis) and not each.is_replaced
    }
    cancelled = {
        row.indicator
        for row in dataset.rows.actuals
        if row.year == year and row.basis is Basis.CANCELLED
    }
    groups: dict[str | None, list[Asked]] = {}
    received: dict[str | None, Import] = {}
    for each in review.indicators:
        reporter, form = each.indicator.reporter, forms.get(each.indicator.id)
        state = State.LOST if each.indicator.id in lost else _state(each, form, cancelled)
        groups.setdefault(reporter, []).append(_asked(review, each, form, state))
        if form:
            received[reporter] = form
    return tuple(
        Collection(reporter, tuple(asked), received.get(reporter))
        for reporter, asked in groups.items()
    )


def may_be_asked(review: Review) -> bool:
    """Tell whether there are figures of a year yet: from 1 October those of half the year."""
    return review.today > review.year.interim_day


def year_meant(review: Review) -> FiscalYear | None:
    """Return the year that was probably meant when there is nothing to ask for yet."""
    over = review.plan.year_of(review.today).previous
    return over if not may_be_asked(review) and over in review.plan.years else None


def _received(imports: Sequence[Import]) -> Iterator[Import]:
    """Yield each file once, in the order in which they came in, with what is known of it last."""
    first = last_records(reversed(imports))
    for key, each in last_records(imports).items():
        yield each._replace(recorded_at=first[key].recorded_at)


def _asks(form: Import, over: bool) -> bool:
    """Tell whether a form asked for what is missing: at half-year the closing figure was not."""
    return form.kind is FormKind.CLOSING or (form.kind is FormKind.INTERIM and not over)


def _state(each: IndicatorReview, form: Import | None, cancelled: Container[str]) -> State:
    """Return what has come in; where nothing stands, why."""
    indicator = each.indicator.id
    if state := _STATES.get(each.current.status):
        in_both = state is State.FORECAST_ONLY and each.interim
        return State.INTERIM_AND_FORECAST if in_both else state
    if form is None:
        return State.UNANSWERED
    if indicator in form.missing:
        return State.ROW_MISSING
    if indicator in form.blank:
        return State.LEFT_BLANK
    if indicator in form.pending:
        return State.NOT_TAKEN
    return State.CANCELLED if indicator in cancelled else State.LOST


def _asked(review: Review, each: IndicatorReview, form: Import | None, state: State) -> Asked:
    not_taken = form is not None and each.indicator.id in form.pending
    over = review.year.has_ended(review.today)
    in_part = state in _ENOUGH_IN_YEAR and not over
    enough = in_part and (state is State.INTERIM_AND_FORECAST or not not_taken)
    outstanding = may_be_asked(review) and state not in _SETTLED and not enough
    return Asked(each, state, not_taken, outstanding)
