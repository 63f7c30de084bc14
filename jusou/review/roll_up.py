"""What many figures come to: the roll-up of a programme or the plan, and how many moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from jusou.plan.model import Grade
from jusou.review.assessment import Assessment, Tally
from jusou.review.attainment import Judgement, capped_mean, shown


class RollUp(NamedTuple):
    """Counts of ``indicators`` = reported + forecast + pending + excluded + not_due; their mean.

    ``ended`` are those that are no longer of the plan, in no other count.

    ``capped_mean`` is ``exact_mean`` as it is shown, ``mean_of`` of how many; None unless half of
    those that could be rated are reported: the mean of a few would stand for all.
    """

    indicators: int
    reported: int
    met: int
    ratings: Mapping[str, int]
    forecast: int
    pending: int
    excluded: int
    not_due: int
    ended: int
    exact_mean: Decimal | None
    capped_mean: Decimal | None

    @property
    def mean_of(self) -> int | None:
        return None if self.capped_mean is None else self.reported

    @property
    def open(self) -> int:
        """How many have no figure of the closed year yet."""
        return self.forecast + self.pending


def roll_up(assessments: Sequence[Assessment], scale: Sequence[Grade]) -> RollUp:
    """Return the roll-up of some indicators in one year."""
    rated = [each for each in assessments if each.tally is Tally.REPORTED]
    ratings = Counter(each.rating for each in rated)
    tallies = Counter(each.tally for each in assessments)
    mean = capped_mean(each.attainment for each in rated if each.attainment is not None)
    ended = tallies[Tally.ENDED]
    unrated = ended + tallies[Tally.EXCLUDED] + tallies[Tally.NOT_DUE]
    if 2 * len(rated) < len(assessments) - unrated:
        mean = None
    return RollUp(
        indicators=len(assessments) - ended,
        reported=len(rated),
        met=sum(each.is_met for each in rated),
        ratings={grade.mark: ratings[grade.mark] for grade in scale},
        forecast=tallies[Tally.FORECAST],
        pending=tallies[Tally.PENDING],
        excluded=tallies[Tally.EXCLUDED],
        not_due=tallies[Tally.NOT_DUE],
        ended=ended,
        exact_mean=mean,
        capped_mean=None if mean is None else shown(mean, scale),
    )


class Moves(NamedTuple):
    """How many indicators moved which way against an earlier figure."""

    improved: int
    worsened: int
    unchanged: int
    incomparable: int


def moves(judgements: Iterable[Judgement | None]) -> Moves:
    """Count judgements; None is an indicator that cannot be compared."""
    counted = Counter(judgements)
    order = (Judgement.IMPROVED, Judgement.WORSE, Judgement.SAME, None)
    return Moves(*(counted[each] for each in order))
