"""Who has reported what: the state of each indicator, by reporter (照会先)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from jusou.assessment import Status
from jusou.records import Import
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


@dataclass(frozen=True, slots=True)
class Asked:
    """One indicator that a reporter is asked for."""

    review: IndicatorReview
    state: State


@dataclass(frozen=True, slots=True)
class Collection:
    """What one reporter was asked for; ``received`` is the last form that came back."""

    reporter: str | None
    asked: tuple[Asked, ...]
    received: Import | None

    @property
    def answered(self) -> int:
        return sum(each.state is State.ANSWERED for each in self.asked)

    @property
    def outstanding(self) -> tuple[Asked, ...]:
        """What has still to be asked for again."""
        return tuple(each for each in self.asked if each.state is not State.ANSWERED)


def collect(review: Review, imports: Sequence[Import]) -> tuple[Collection, ...]:
    """Return the state of the collection by reporter, in the plan's order."""
    received = {each.reporter: each for each in imports if each.year == review.year}
    groups: dict[str | None, list[IndicatorReview]] = {}
    for each in review.indicators:
        groups.setdefault(each.indicator.reporter, []).append(each)
    return tuple(
        Collection(
            reporter,
            tuple(Asked(each, _state(each, (reporter or "") in received)) for each in group),
            received.get(reporter or ""),
        )
        for reporter, group in groups.items()
    )


def _state(each: IndicatorReview, has_form: bool) -> State:
    missing = State.LEFT_BLANK if has_form else State.UNANSWERED
    return _STATES.get(each.current.status, missing)
