"""Who has reported what: the state of each indicator, by reporter (照会先)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from jusou.assessment import Status
from jusou.records import FormKind, Import
from jusou.review import IndicatorReview, Review


class State(StrEnum):
    """Whether a figure has come in. ``LEFT_BLANK``: the form came back without it."""

    ANSWERED = "answered"
    FORECAST_ONLY = "forecast_only"
    INTERIM_ONLY = "interim_only"
    PENDING = "pending"
    LEFT_BLANK = "left_blank"
    UNANSWERED = "unanswered"


_STATES = {
    Status.REPORTED: State.ANSWERED,
    Status.NOT_APPLICABLE: State.ANSWERED,
    Status.NOT_MEASURABLE: State.ANSWERED,
    Status.FORECAST: State.FORECAST_ONLY,
    Status.INTERIM: State.INTERIM_ONLY,
    Status.PENDING: State.PENDING,
}
# Before the year's end there is no more to ask for.
_ENOUGH_IN_YEAR = (State.FORECAST_ONLY, State.INTERIM_ONLY, State.PENDING)


@dataclass(frozen=True, slots=True)
class Asked:
    """One indicator that a reporter is asked for; ``outstanding``: to be asked for again."""

    review: IndicatorReview
    state: State
    outstanding: bool


@dataclass(frozen=True, slots=True)
class Collection:
    """What one reporter was asked for; ``received`` is the last form that came back."""

    reporter: str | None
    asked: tuple[Asked, ...]
    received: Import | None

    @property
    def answered(self) -> int:
        return sum(each.state is State.ANSWERED for each in self.asked)


def collect(review: Review, imports: Sequence[Import]) -> tuple[Collection, ...]:
    """Return the state of the collection by reporter, in the plan's order.

    A form belongs to its indicators, not to a name: a department that was renamed has answered.
    """
    over = review.year.has_ended(review.today)
    begun = review.today >= review.year.first_day
    forms = {
        indicator: form
        for form in imports
        if form.year == review.year and _asks(form, over)
        for indicator in form.indicators
    }
    groups: dict[str | None, list[Asked]] = {}
    received: dict[str | None, Import] = {}
    for each in review.indicators:
        reporter, form = each.indicator.reporter, forms.get(each.indicator.id)
        missing = State.LEFT_BLANK if form else State.UNANSWERED
        state = _STATES.get(each.current.status, missing)
        enough = state is State.ANSWERED or (not over and state in _ENOUGH_IN_YEAR)
        groups.setdefault(reporter, []).append(Asked(each, state, begun and not enough))
        if form:
            received[reporter] = form
    return tuple(
        Collection(reporter, tuple(asked), received.get(reporter))
        for reporter, asked in groups.items()
    )


def _asks(form: Import, over: bool) -> bool:
    """Tell whether a form asked for what is missing: at half-year the closing figure was not."""
    return form.kind is FormKind.CLOSING or (form.kind is FormKind.INTERIM and not over)
