"""The decisions that changed a plan (変更): their numbers, and what each made of the targets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from jusou.logs.revisions import first_year, fold_revisions
from jusou.logs.rows import NAMING
from jusou.logs.schema import Item, Revision
from jusou.plan.model import Plan
from jusou.plan.targets import Targets
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear


class Amended(NamedTuple):
    """What a decision made of an indicator: its targets before and after, the rows that say so."""

    indicator: str
    before: Targets
    after: Targets
    revisions: tuple[Revision, ...]

    @property
    def years(self) -> tuple[FiscalYear, ...]:
        """The years whose target is another one now."""
        return tuple(year for year, target in self.after.items() if self.before.get(year) != target)


class Amendment(NamedTuple):
    """第n回変更: a decision, that is a day and who decided; ``indicators`` in the plan's order.

    ``number`` counts decisions as they were recorded, so a printed number never changes. ``since``
    tells the first year in which a change holds, of other decisions too.
    """

    number: int
    decided_on: date
    decided_by: str
    indicators: tuple[Amended, ...]
    since: Mapping[Revision, FiscalYear]

    @property
    def revisions(self) -> tuple[Revision, ...]:
        return tuple(row for each in self.indicators for row in each.revisions)

    @property
    def consultation(self) -> str:
        """Who was heard, how and when, as the rows say it; each text once."""
        return "／".join(dict.fromkeys(filter(None, (row.consultation for row in self.revisions))))

    @property
    def published_on(self) -> date | None:
        """When the change was published: the last day that a row names."""
        return max(filter(None, (row.published_on for row in self.revisions)), default=None)

    @property
    def is_published(self) -> bool:
        """Whether every row names a day of publication."""
        return all(row.published_on for row in self.revisions)

    @property
    def decided(self) -> str:
        """The day and who decided, as printed behind the number."""
        return "、".join(filter(None, (wareki(self.decided_on), self.decided_by)))


def decision_numbers(rows: Iterable[Revision]) -> dict[tuple[date, str], int]:
    """Return the number of each decision of a log, by its day and who decided."""
    keys = ((row.decided_on, row.decided_by) for row in rows if row.item not in NAMING)
    return {key: number for number, key in enumerate(dict.fromkeys(keys), 1)}


def amendments(plan: Plan, rows: Iterable[Revision]) -> tuple[Amendment, ...]:
    """Return the decisions of a log of changes, in the order in which they were recorded.

    One whose rows were all taken out keeps its number, and is not returned.
    """
    rows = list(rows)
    numbers = decision_numbers(rows)
    stand = {key: dict(each.targets) for key, each in plan.indicators.items()}
    found: dict[tuple[date, str], dict[str, Amended]] = {}
    standing, since = fold_revisions(plan, rows)[0], dict[Revision, FiscalYear]()
    definitions = [row for row in standing if row.item is Item.DEFINITION]
    for row in standing:
        redefined = (each for each in definitions if each.indicator == row.indicator)
        since[row] = first_year(row, redefined, calendar=plan.info.start.calendar)
        own = found.setdefault((row.decided_on, row.decided_by), {})
        targets = stand[row.indicator]
        before = own[row.indicator].before if row.indicator in own else dict(targets)
        said = own[row.indicator].revisions if row.indicator in own else ()
        if row.item is Item.TARGET and row.year:
            targets[row.year] = row.after
        own[row.indicator] = Amended(row.indicator, before, dict(targets), (*said, row))
    return tuple(
        Amendment(
            numbers[key], *key, tuple(own[each] for each in plan.indicators if each in own), since
        )
        for key, own in sorted(found.items(), key=lambda item: numbers[item[0]])
    )
