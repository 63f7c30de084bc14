"""What ``history`` prints: every row that was ever recorded for an indicator, standing or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jusou.logs.dataset import Dataset
from jusou.logs.schema import Actual, Revision
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
        return Cell(stands_words(dataset, row))

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


def stands_words(dataset: Dataset, row: Actual) -> str:
    """有効 of a row that fills one of the slots, else 以前."""
    return "有効" if dataset.stands(row) else "以前"


def history_json(dataset: Dataset, indicator: Indicator, rows: Sequence[Actual]) -> dict[str, Any]:
    """Return the rows as ``history --format json`` gives them, and the changes of targets."""
    return {
        "id": indicator.id,
        "label": dataset.plan.labels[indicator.id],
        **pick(indicator, "name", "unit"),
        "sample": dataset.plan.info.sample,
        "rows": [row_json(dataset, row) for row in rows],
        "revisions": [
            revision_json(each) for each in dataset.rows.revisions if each.indicator == indicator.id
        ],
    }


def row_json(dataset: Dataset, row: Actual) -> dict[str, Any]:
    """Return a row of actuals, where it is, and whether it stands."""
    return {
        **pick(row, "path", "line", "recorded_at", "year", "basis", "value"),
        **pick(row, "numerator", "denominator", "as_of", "recorded_by", "remark", "reason"),
        "stands": dataset.stands(row),
    }


def revision_json(row: Revision) -> dict[str, Any]:
    """Return a change of the plan, and where it is."""
    return {
        **pick(row, "path", "line", "recorded_at", "item", "year", "before", "after"),
        **pick(row, "texts", "reason", "decided_by", "decided_on", "recorded_by"),
    }
