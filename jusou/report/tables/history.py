"""What ``history`` prints: every row that was ever recorded for an indicator, standing or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jusou.logs.dataset import Dataset
from jusou.logs.schema import Actual
from jusou.plan.model import Indicator, Measure
from jusou.report import words
from jusou.report.document import Cell, Column, ColumnOf, Columns, Kind, Table, filled
from jusou.report.writers.json import pick
from jusou.values.dates import wareki

_PARTS: ColumnOf[Actual] = (
    Column("parts", "分子/分母", Kind.TEXT),
    lambda it: words.text_cell(words.parts(it, "/")),
)


def history_table(dataset: Dataset, indicator: Indicator, rows: Sequence[Actual]) -> Table:
    """Return the rows as a table; those of a rate with its parts."""

    def stands(row: Actual) -> Cell:
        return Cell("有効" if _stands(dataset, row) else "以前")

    columns: Columns[Actual] = (
        (Column("year", "年度", Kind.NAME), lambda it: Cell(str(it.year))),
        (Column("value", "実績値", Kind.NUMBER), lambda it: words.number(it.value, indicator)),
        (Column("basis", "区分", Kind.MARK), _basis_cell),
        (Column("stands", "現在", Kind.MARK), stands),
        *([_PARTS] if indicator.measure is Measure.RATE else []),
        (Column("place", "場所", Kind.TEXT), lambda it: Cell(f"{it.path}:{it.line}")),
        (Column("recorded", "記録日時", Kind.TEXT), lambda it: words.text_cell(it.recorded_at)),
        (Column("by", "入力者", Kind.TEXT), lambda it: words.text_cell(it.recorded_by)),
        (Column("remark", "備考", Kind.REMARK), lambda it: words.text_cell(it.remark)),
        (Column("reason", "訂正理由", Kind.REMARK), lambda it: words.text_cell(it.reason)),
    )
    caption = words.bracketed(words.subject_name(dataset.plan, indicator.id), indicator.unit)
    return Table("history", caption, *filled(columns, rows), empty="記録はありません。")


def _basis_cell(row: Actual) -> Cell:
    return Cell(f"{row.basis} {wareki(row.as_of)}" if row.as_of else row.basis)


def _stands(dataset: Dataset, row: Actual) -> bool:
    """Tell whether a row fills one of the slots."""
    standing = dataset.standing(row.year, dataset.plan.indicators[row.indicator])
    return any((each.path, each.line) == (row.path, row.line) for each in standing.rows)


def history_json(dataset: Dataset, indicator: Indicator, rows: Sequence[Actual]) -> dict[str, Any]:
    """Return the rows as ``history --format json`` gives them, and the changes of targets."""
    return {
        "id": indicator.id,
        "label": dataset.plan.labels[indicator.id],
        **pick(indicator, "name", "unit"),
        "sample": dataset.plan.info.sample,
        "rows": [
            {
                **pick(row, "path", "line", "recorded_at", "year", "basis", "value"),
                **pick(row, "numerator", "denominator", "as_of", "recorded_by", "remark"),
                **pick(row, "reason"),
                "stands": _stands(dataset, row),
            }
            for row in rows
        ],
        "revisions": [
            {
                **pick(each, "path", "line", "recorded_at", "item", "year", "before", "after"),
                **pick(each, "texts", "reason", "decided_by", "decided_on", "recorded_by"),
            }
            for each in dataset.rows.revisions
            if each.indicator == indicator.id
        ],
    }
