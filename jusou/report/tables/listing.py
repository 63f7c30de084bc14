"""The tables of ``list``: the plan as it was published."""

from __future__ import annotations

from collections.abc import Iterable

from jusou.logs.schema import Item, Revision
from jusou.plan.model import Indicator, Plan
from jusou.report import words
from jusou.report.document import Cell, Column, ColumnOf, Columns, Kind, Table, filled
from jusou.values.fiscal_year import FiscalYear


def plan_tables(plan: Plan, revisions: Iterable[Revision] = ()) -> tuple[Table, ...]:
    """Return a table a programme: indicators with their ids, baselines and targets.

    The targets are those that were published, but none of years in which an indicator has ended,
    by the changes that stand.
    """
    ends = {each.indicator: each.year for each in revisions if each.item is Item.END and each.year}

    def targets(year: FiscalYear) -> ColumnOf[Indicator]:
        def target(indicator: Indicator) -> Cell:
            end = ends.get(indicator.id)
            return words.number(
                None if end and year >= end else indicator.targets.get(year), indicator
            )

        return Column(str(year), str(year), Kind.NUMBER), target

    own = {year for each in plan.indicators.values() for year in each.targets}
    columns: Columns[Indicator] = (
        (Column("name", "指標", Kind.NAME), lambda it: Cell(words.subject_name(plan, it.id))),
        (Column("id", "id", Kind.MARK), lambda it: Cell(it.id)),
        (words.baseline_column(plan), lambda it: words.baseline_cell(plan, it)),
        *map(targets, sorted({*plan.years, *own})),
        (Column("unit", "単位", Kind.MARK), lambda it: words.text_cell(it.unit)),
    )
    return tuple(
        Table(programme.id, programme.title, *filled(columns, programme.indicators))
        for programme in plan.programmes
    )
