"""The tidy long table: one row an indicator and year, as CSV with ``datapackage.json`` or JSON."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from typing import Any

from jusou.logs.dataset import Dataset
from jusou.plan.model import Indicator, Programme
from jusou.review.assessment import assess
from jusou.values.fiscal_year import FiscalYear

CSV_NAME = "indicators.csv"
PACKAGE_NAME = "datapackage.json"
FIELDS = (
    ("programme", "事業ID", "string"),
    ("programme_name", "事業", "string"),
    ("indicator", "指標ID", "string"),
    ("label", "番号", "string"),
    ("name", "指標", "string"),
    ("unit", "単位", "string"),
    ("measure", "数え方", "string"),
    ("direction", "よい方向", "string"),
    ("year", "年度", "string"),
    ("year_start", "年度開始日", "date"),
    ("target_published", "当初目標", "number"),
    ("target", "目標", "number"),
    ("status", "状況", "string"),
    ("basis", "区分", "string"),
    ("as_of", "基準日", "date"),
    ("actual", "実績", "number"),
    ("numerator", "分子", "number"),
    ("denominator", "分母", "number"),
    ("attainment", "達成率", "number"),
    ("rating", "達成度", "string"),
    ("sample", "架空データ", "boolean"),
)


def long_rows(dataset: Dataset, today: date) -> list[dict[str, Any]]:
    """Return every indicator in every year from the baseline year to the plan's end.

    The baseline year's ``actual`` is the log's, else the plan's 参考値; years before the plan's
    start have neither target nor attainment. The targets are those of each year's own review; of
    a year yet to come, those of this year's (as in the workbook's long table).
    """
    current = FiscalYear.of(today)
    return [
        _row(dataset, programme, indicator, year, min(year, current))
        for programme in dataset.plan.programmes
        for indicator in programme.indicators
        for year in dataset.plan.log_years
    ]


def _row(
    dataset: Dataset,
    programme: Programme,
    indicator: Indicator,
    year: FiscalYear,
    review_year: FiscalYear,
) -> dict[str, Any]:
    target = dataset.targets(indicator, review_year).get(year)
    current = assess(dataset.plan, indicator, year, dataset.standing(year, indicator), target)
    row = current.row
    is_baseline = row is None and year == dataset.plan.info.baseline_year
    return {
        "programme": programme.id,
        "programme_name": programme.name,
        "indicator": indicator.id,
        "label": dataset.plan.labels[indicator.id],
        "name": indicator.name,
        "unit": indicator.unit,
        "measure": indicator.measure.value,
        "direction": indicator.direction.value,
        "year": str(year),
        "year_start": year.first_day.isoformat(),
        "target_published": indicator.targets.get(year),
        "target": target,
        "status": "baseline" if is_baseline else current.status.value,
        "basis": row.basis.value if row else None,
        "as_of": row.as_of.isoformat() if row and row.as_of else None,
        "actual": indicator.baseline if is_baseline else current.value,
        "numerator": row.numerator if row else None,
        "denominator": row.denominator if row else None,
        "attainment": current.shown,
        "rating": current.rating,
        "sample": dataset.plan.info.sample,
    }


def csv_package(dataset: Dataset, today: date) -> dict[str, bytes]:
    """Return the CSV (Japanese headings, UTF-8 with BOM) and its description, by file name."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([title for _, title, _ in FIELDS])
    for row in long_rows(dataset, today):
        writer.writerow([_cell(row[key]) for key, _, _ in FIELDS])
    content = buffer.getvalue().encode("utf-8-sig")
    info = dataset.plan.info
    notice = "架空データ。" if info.sample else ""
    package = {
        "profile": "tabular-data-package",
        "name": "jusou-indicators",
        "title": info.title,
        "description": f"{notice}指標ごと・年度ごとの目標、実績、達成率（{info.municipality}）。",
        "created": f"{today.isoformat()}T00:00:00Z",
        "resources": [
            {
                "name": "indicators",
                "path": CSV_NAME,
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {
                    "fields": [
                        {"name": title, "title": key, "type": kind} for key, title, kind in FIELDS
                    ],
                    "missingValues": [""],
                },
            }
        ],
    }
    described = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    return {CSV_NAME: content, PACKAGE_NAME: described.encode()}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
