"""The tables of ``list`` and ``history``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from jusou.logs.dataset import Dataset
from jusou.logs.schema import Actual, Revision
from jusou.plan.model import Indicator, Measure, Plan
from jusou.report import words
from jusou.report.document import Cell, Column, Kind, Table
from jusou.values.dates import wareki


def plan_tables(plan: Plan) -> tuple[Table, ...]:
    """The plan, one table a programme: indicators with their ids, baseline and targets."""
    columns = (
        Column("name", "指標", Kind.NAME),
        Column("id", "id", Kind.MARK),
        words.baseline_column(plan),
        *(Column(str(year), str(year), Kind.NUMBER) for year in plan.years),
        Column("unit", "単位", Kind.MARK),
    )
    return tuple(
        Table(
            programme.id,
            programme.title,
            columns,
            tuple(_plan_row(plan, each) for each in programme.indicators),
        )
        for programme in plan.programmes
    )


def _plan_row(plan: Plan, indicator: Indicator) -> tuple[Cell, ...]:
    return (
        Cell(f"{plan.labels[indicator.id]} {indicator.name}"),
        Cell(indicator.id),
        words.number(indicator.baseline, indicator),
        *(words.number(indicator.targets.get(year), indicator) for year in plan.years),
        Cell(indicator.unit),
    )


def revision_table(plan: Plan, revisions: Iterable[Revision]) -> Table | None:
    """The changes of targets, a row a decision; None if there are none."""
    columns = (
        Column("name", "指標", Kind.NAME),
        Column("targets", "目標", Kind.TEXT),
        Column("decided", "決定", Kind.TEXT),
        Column("reason", "理由", Kind.REMARK),
    )
    decisions = groupby(revisions, lambda each: (each.indicator, each.decided_on, each.reason))
    rows = tuple(_decision_row(plan, list(changes)) for _, changes in decisions)
    return Table("revisions", "目標の変更", columns, rows) if rows else None


def _decision_row(plan: Plan, changes: Sequence[Revision]) -> tuple[Cell, ...]:
    decision = changes[0]
    indicator = plan.indicators[decision.indicator]
    targets = (
        f"{each.year} {words.number(each.before, indicator).text}→"
        f"{words.number(each.after, indicator).text}"
        for each in changes
    )
    return (
        Cell(f"{plan.labels[indicator.id]} {indicator.name}"),
        Cell("、".join(targets)),
        Cell(f"{wareki(decision.decided_on)} {decision.decided_by}".strip()),
        Cell(decision.reason),
    )


def history_table(dataset: Dataset, indicator: Indicator, rows: Sequence[Actual]) -> Table:
    """Every row that was ever recorded for an indicator, and whether it stands."""
    is_rate = indicator.measure is Measure.RATE
    columns = (
        Column("year", "年度", Kind.NAME),
        Column("value", "実績値", Kind.NUMBER),
        Column("basis", "区分", Kind.MARK),
        Column("stands", "現在", Kind.MARK),
        *([Column("parts", "分子/分母", Kind.TEXT)] if is_rate else []),
        Column("place", "場所", Kind.TEXT),
        Column("recorded", "記録日時", Kind.TEXT),
        Column("by", "入力者", Kind.TEXT),
        Column("remark", "備考", Kind.REMARK),
    )
    cells = tuple(
        (
            Cell(str(row.year)),
            words.number(row.value, indicator),
            Cell(_basis_words(row)),
            Cell("有効" if stands(dataset, row) else "以前"),
            *([words.text_cell(words.parts(row, "/"))] if is_rate else []),
            Cell(f"{row.path}:{row.line}"),
            words.text_cell(row.recorded_at),
            words.text_cell(row.recorded_by),
            words.text_cell(row.remark),
        )
        for row in rows
    )
    caption = f"{dataset.plan.labels[indicator.id]} {indicator.name}（{indicator.unit}）"
    return Table("history", caption, columns, cells, "", "記録はありません。")


def _basis_words(row: Actual) -> str:
    return f"{row.basis} {wareki(row.as_of)}" if row.as_of else str(row.basis)


def stands(dataset: Dataset, row: Actual) -> bool:
    """Tell whether a row fills one of the slots."""
    standing = dataset.standing(row.year, dataset.plan.indicators[row.indicator])
    return any((each.path, each.line) == (row.path, row.line) for each in standing.rows)


def history_json(dataset: Dataset, indicator: Indicator, rows: Sequence[Actual]) -> dict[str, Any]:
    """``history --format json``."""
    return {
        "id": indicator.id,
        "label": dataset.plan.labels[indicator.id],
        "name": indicator.name,
        "unit": indicator.unit,
        "sample": dataset.plan.info.sample,
        "rows": [
            {
                "path": row.path,
                "line": row.line,
                "recorded_at": row.recorded_at or None,
                "year": str(row.year),
                "basis": row.basis.value,
                "value": row.value,
                "numerator": row.numerator,
                "denominator": row.denominator,
                "as_of": row.as_of.isoformat() if row.as_of else None,
                "recorded_by": row.recorded_by or None,
                "remark": row.remark or None,
                "stands": stands(dataset, row),
            }
            for row in rows
        ],
        "revisions": [
            {
                "path": each.place.path,
                "line": each.place.line,
                "recorded_at": each.recorded_at or None,
                "year": str(each.year),
                "before": each.before,
                "after": each.after,
                "reason": each.reason,
                "decided_by": each.decided_by or None,
                "decided_on": each.decided_on.isoformat(),
                "recorded_by": each.recorded_by or None,
            }
            for each in dataset.revisions
            if each.indicator == indicator.id
        ],
    }
