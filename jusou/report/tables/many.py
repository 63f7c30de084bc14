"""The tidy table of many plans: one row a municipality, plan, indicator and year, for SQL.

Its headings are the keys, in English; beside the codes stand their words. Rows come plan by plan,
so that a prefecture takes no more memory than a city.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date

from jusou.logs.dataset import Dataset
from jusou.report import words
from jusou.report.tables.long import FIELDS, Field, Line, csv_text, data_package, lines_of
from jusou.review.assessment import Tally

NAME = "plans"


def _met(line: Line) -> bool | None:
    """Tell whether a year is met; None where there is no 確定 or 速報 that can be rated."""
    found = line.found
    return found.is_met if found and found.tally is Tally.REPORTED else None


_BEFORE = (
    Field("municipality", "市町村名", "string", lambda it: it.plan.info.municipality),
    Field("plan", "計画の名称", "string", lambda it: it.plan.info.title),
)
# What stands behind a column of the long table that holds a code, or a rating.
_BESIDE: dict[str, tuple[Field, ...]] = {
    "measure": (
        Field("measure_name", "数え方", "string", lambda it: words.MEASURES[it.indicator.measure]),
    ),
    "direction": (
        Field(
            "direction_name",
            "よい方向",
            "string",
            lambda it: words.DIRECTIONS[it.indicator.direction],
        ),
        Field("kind", "指標の種類", "string", lambda it: it.indicator.kind),
        Field(
            "kind_name",
            "指標の種類",
            "string",
            lambda it: it.indicator.kind and words.KINDS[it.indicator.kind],
        ),
    ),
    "rating": (Field("met", "達成", "boolean", _met),),
}
_FIELDS = (
    *_BEFORE,
    *(each for field in FIELDS for each in (field, *_BESIDE.get(field.key, ()))),
)
_SOURCE = ("source", "フォルダー", "string")


def csv_chunks(datasets: Iterable[tuple[str, Dataset]], today: date) -> Iterator[bytes]:
    """Yield the table as CSV, a piece a plan, given each with the name of its folder.

    UTF-8 without BOM, and a row is a line: Spark reads it in parts.
    """
    yield _lines([[_SOURCE[0], *(each.key for each in _FIELDS)]])
    for source, dataset in datasets:
        rows = lines_of(dataset, dataset.plan.year_of(today))
        yield _lines([source, *(_text(each, line) for each in _FIELDS)] for line in rows)


def _text(field: Field, line: Line) -> str:
    return csv_text(field, field.value(line)).replace("\n", " ")


def _lines(rows: Iterable[Iterable[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode()


def description(today: date) -> bytes:
    """Return ``datapackage.json``: what each column holds, with its Japanese name."""
    head = {
        "name": "jusou-plans",
        "title": "計画ごと・指標ごと・年度ごとの目標、実績、達成率",
    }
    fields = [_SOURCE, *((each.key, each.title, each.type) for each in _FIELDS)]
    return data_package(head, NAME, fields, today)
