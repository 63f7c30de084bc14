"""The tables of ``list``: the plan as published, and how its targets were changed since."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from jusou.logs.schema import Item, Revision
from jusou.plan.model import Indicator, Plan
from jusou.report import words
from jusou.report.document import Cell, Column, ColumnOf, Columns, Kind, Table, filled
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear


def plan_tables(plan: Plan) -> tuple[Table, ...]:
    """Return a table a programme: indicators with their ids, baselines and targets."""

    def targets(year: FiscalYear) -> ColumnOf[Indicator]:
        column = Column(str(year), str(year), Kind.NUMBER)
        return column, lambda it: words.number(it.targets.get(year), it)

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


def revision_table(plan: Plan, revisions: Iterable[Revision]) -> Table | None:
    """Return the changes of the plan, a row a decision; None if there are none."""
    revisions = list(revisions)
    titles = ("目標の変更", "目標")
    if any(each.item is not Item.TARGET for each in revisions):
        titles = ("計画の変更", "変更")

    def changed(each: Revision) -> str:
        indicator = plan.indicators[each.indicator]
        if each.item is not Item.TARGET:
            return f"{each.item} {words.revised_cell(each, indicator).text}"
        values = (words.number(value, indicator).text for value in (each.before, each.after))
        return f"{each.year} {'→'.join(values)}"

    def decided(each: Revision) -> str:
        return f"{wareki(each.decided_on)} {each.decided_by}".strip()

    columns: Columns[list[Revision]] = (
        (
            Column("name", "指標", Kind.NAME),
            lambda it: Cell(words.subject_name(plan, it[0].indicator)),
        ),
        (Column("targets", titles[1], Kind.TEXT), lambda it: Cell("、".join(map(changed, it)))),
        (Column("decided", "決定", Kind.TEXT), lambda it: Cell(decided(it[0]))),
        (Column("reason", "理由", Kind.REMARK), lambda it: Cell(it[0].reason)),
    )
    groups = groupby(revisions, lambda each: (each.indicator, each.decided_on, each.reason))
    decisions = [list(changes) for _, changes in groups]
    return Table("revisions", titles[0], *filled(columns, decisions)) if decisions else None
