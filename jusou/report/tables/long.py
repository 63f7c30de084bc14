"""The long table: one row an indicator and year, all values raw, for the export and the workbook.

Both take their columns from one list. In the workbook (一覧) a missing value is an empty cell,
never 「—」: a word among figures would keep a pivot table from adding them up.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from jusou.logs.dataset import Dataset
from jusou.logs.schema import Actual
from jusou.plan.model import FICTIONAL, Indicator, Plan, Programme
from jusou.report import words
from jusou.report.document import Cell, Column, ColumnOf, Columns, Kind, Notation, Table, filled
from jusou.report.writers.json import dump
from jusou.review.assessment import Assessment, assess
from jusou.review.build import Review
from jusou.values.dates import wareki
from jusou.values.escaping import escaped
from jusou.values.fiscal_year import FiscalYear

_CSV = "indicators.csv"
PACKAGE = "datapackage.json"
_REFERENCE = "参考"


class Line(NamedTuple):
    """An indicator in a year; ``found`` is None where the review does not reach."""

    plan: Plan
    programme: Programme
    indicator: Indicator
    year: FiscalYear
    target: Decimal | None
    found: Assessment | None

    @property
    def row(self) -> Actual | None:
        return self.found.row if self.found else None

    @property
    def is_baseline(self) -> bool:
        """Whether the figure is the plan's own, for the log has none."""
        return self.row is None and self.year == self.indicator.baseline_year

    @property
    def actual(self) -> Decimal | None:
        if self.is_baseline:
            return self.indicator.baseline
        return self.found.value if self.found else None

    @property
    def status(self) -> str | None:
        if self.is_baseline:
            return "baseline"
        return self.found.status.value if self.found else None


class Field(NamedTuple):
    """A column of both: what the export says of a line, and its ``kind`` in the workbook.

    Without one it is a column of figures or of texts by its ``type``, which is Table Schema's.
    """

    key: str
    title: str
    type: str
    value: Callable[[Line], Any]
    kind: Kind | None = None


FIELDS = (
    Field("programme", "事業ID", "string", lambda it: it.programme.id),
    Field("programme_name", "事業", "string", lambda it: it.programme.name),
    Field("indicator", "指標ID", "string", lambda it: it.indicator.id),
    Field("label", "番号", "string", lambda it: it.plan.labels[it.indicator.id]),
    Field("name", "指標", "string", lambda it: it.indicator.name, Kind.NAME),
    Field("unit", "単位", "string", lambda it: it.indicator.unit),
    Field("measure", "数え方", "string", lambda it: it.indicator.measure.value),
    Field("direction", "よい方向", "string", lambda it: it.indicator.direction.value),
    Field("year", "年度", "string", lambda it: str(it.year)),
    Field("year_start", "年度開始日", "date", lambda it: it.year.first_day, Kind.NUMBER),
    Field("target_published", "当初目標", "number", lambda it: it.indicator.targets.get(it.year)),
    Field("target", "目標", "number", lambda it: it.target),
    Field("target_basis", "目標の種類", "string", lambda it: it.found and it.found.aim.basis),
    Field("status", "状況", "string", lambda it: it.status),
    Field("basis", "区分", "string", lambda it: it.row and it.row.basis.value),
    Field("as_of", "基準日", "date", lambda it: it.row and it.row.as_of),
    Field("actual", "実績", "number", lambda it: it.actual),
    Field("numerator", "分子", "number", lambda it: it.row and it.row.numerator),
    Field("denominator", "分母", "number", lambda it: it.row and it.row.denominator),
    Field("attainment", "達成率", "number", lambda it: it.found and it.found.shown),
    Field("rating", "達成度", "string", lambda it: it.found and it.found.rating, Kind.MARK),
    Field("sample", "架空データ", "boolean", lambda it: it.plan.info.sample),
)


def long_rows(dataset: Dataset, today: date) -> list[dict[str, Any]]:
    """Return every indicator in every year from the baseline year to the plan's end.

    The baseline year's ``actual`` is the log's, else the plan's 参考値; years before the plan's
    start have neither target nor attainment. The targets are those of each year's own review; of
    a year yet to come, those of this year's.
    """
    lines = lines_of(dataset, dataset.plan.year_of(today))
    return [{field.key: field.value(line) for field in FIELDS} for line in lines]


def lines_of(dataset: Dataset, current: FiscalYear) -> Iterator[Line]:
    plan = dataset.plan
    for programme in plan.programmes:
        for published in programme.indicators:
            for year in plan.log_years:
                indicator = dataset.in_year(published, year)
                aim = dataset.aim(indicator, year, min(year, current))
                standing = dataset.standing(year, indicator)
                found = assess(plan, indicator, year, standing, aim)
                yield Line(plan, programme, indicator, year, aim.value, found)


def csv_package(dataset: Dataset, today: date) -> dict[str, bytes]:
    """Return the CSV (Japanese headings, UTF-8 with BOM) and its description, by file name."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(field.title for field in FIELDS)
    writer.writerows(
        [csv_text(field, row[field.key]) for field in FIELDS] for row in long_rows(dataset, today)
    )
    info = dataset.plan.info
    notice = f"{FICTIONAL}。" if info.sample else ""
    head = {
        "name": "jusou-indicators",
        "title": info.title,
        "description": f"{notice}指標ごと・年度ごとの目標、実績、達成率（{info.municipality}）。",
    }
    described = [(each.title, each.key, each.type) for each in FIELDS]
    content = buffer.getvalue().encode("utf-8-sig")
    return {_CSV: content, PACKAGE: data_package(head, "indicators", described, today)}


def data_package(
    head: Mapping[str, str], name: str, fields: Iterable[tuple[str, str, str]], today: date
) -> bytes:
    """Return ``datapackage.json`` of a table: heading, other name and type of each column."""
    package = {
        "profile": "tabular-data-package",
        **head,
        "created": f"{today.isoformat()}T00:00:00Z",
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {
                    "fields": [
                        {"name": heading, "title": other, "type": kind}
                        for heading, other, kind in fields
                    ],
                    "missingValues": [""],
                },
            }
        ],
    }
    return dump(package).encode()


def csv_text(field: Field, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return escaped(text) if field.type == "string" else text


# The columns of the workbook in its order: printed, and right of those on the screen only.
_PRINTED = (
    "label", "name", "unit", "year", "target_published", "target",
    "actual", "basis", "as_of", "attainment", "rating",
)  # fmt: skip
_BESIDE = ("programme_name", "measure", "direction", "year_start", "numerator", "denominator")
_TITLES = {"attainment": "達成率（％）", "year_start": "西暦（年度）", "sample": "データの種類"}


def _basis_cell(line: Line, _: str | None) -> Cell:
    if line.row:
        return Cell(line.row.basis)
    if line.is_baseline and line.actual is not None:
        return Cell(_REFERENCE)
    return Cell(words.COLLECTING if line.found and line.year in line.plan.years else "")


# What is not worded as a figure in the decimals of its indicator, or as a text as it is.
_WORDED: Mapping[str, Callable[[Line, Any], Cell]] = {
    "basis": _basis_cell,
    "as_of": lambda _, day: Cell(wareki(day) if day else ""),
    "attainment": lambda _, value: words.percent(value),
    "programme_name": lambda it, _: Cell(it.programme.title),
    "measure": lambda it, _: Cell(words.MEASURES[it.indicator.measure]),
    "direction": lambda it, _: Cell(words.DIRECTIONS[it.indicator.direction]),
    "year_start": lambda _, day: words.figure(Decimal(day.year), notation=Notation.BARE),
    "numerator": lambda _, value: words.count(value),
    "denominator": lambda _, value: words.count(value),
    "sample": lambda *_: Cell("架空"),
}


def long_table(review: Review) -> Table:
    """Return the long table as the workbook lists it.

    The targets are those of each year's own review; of a year yet to come, those in force now.
    """
    plan = review.plan
    columns: Columns[Line] = [
        _listed(field, printed=key in _PRINTED)
        for key in (*_PRINTED, *_BESIDE, *(["sample"] if plan.info.sample else []))
        for field in FIELDS
        if field.key == key
    ]
    legend = (
        f"空欄: 数値なし。{_REFERENCE}: 計画に記載の参考値。"
        f"達成度 {words.scale_words(plan)}。"
        "「事業」から右の列は画面だけに表示し、印刷しません。"
    )
    lines = _reviewed_lines(review)
    return Table("long", "指標・年度別の一覧", *filled(columns, lines), legend=legend)


def _listed(field: Field, *, printed: bool) -> ColumnOf[Line]:
    is_number = field.type == "number"

    def plain(line: Line, value: Any) -> Cell:
        return words.number(value, line.indicator) if is_number else Cell(value or "")

    def cell_of(line: Line) -> Cell:
        cell = _WORDED.get(field.key, plain)(line, field.value(line))
        return Cell("") if cell is words.NO_FIGURE else cell

    title = _TITLES.get(field.key, field.title)
    kind = field.kind or (Kind.NUMBER if is_number else Kind.TEXT)
    return Column(field.key, title, kind, printed=printed), cell_of


def _reviewed_lines(review: Review) -> Iterator[Line]:
    for programme in review.programmes:
        for each in programme.indicators:
            known = {found.year: found for found in (*each.earlier, *each.years)}
            for year in review.plan.log_years:
                found = known.get(year)
                target = found.target if found else each.targets.get(year)
                yield Line(review.plan, programme.programme, each.indicator, year, target, found)
