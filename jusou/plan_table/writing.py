"""A plan → its table: the usual columns, those of its years, and the others that it needs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import NamedTuple

from jusou.plan.model import Plan
from jusou.plan_table.columns import COLUMNS, Column, Line, Value, lines_of
from jusou.plan_table.headings import ACTUAL, CALENDAR, OUTSIDE, TARGET
from jusou.values.escaping import escaped
from jusou.values.fiscal_year import FiscalYear, year_range

_PLAN_LENGTH = 5
_FIGURE_WIDTH = 11
_TARGET_HELP = "数だけを書きます。目標のない年度は空欄にします。年度は計画に合わせて書き換えます。"
_ACTUAL_HELP = "数だけを書きます。数がなければ、測定不能 か 該当なし と、空白の後に理由を書きます。"


class Head(NamedTuple):
    """The head of a column on its way out: its heading, what may be typed below, and how wide."""

    text: str
    help: str
    choices: Sequence[str] = ()
    width: int = _FIGURE_WIDTH
    is_figure: bool = True


class PlanTable(NamedTuple):
    """A table as it is written: the heads of its columns, and the cells of its rows."""

    heads: Sequence[Head]
    rows: Sequence[Sequence[Value]]


def plan_table(plan: Plan) -> PlanTable:
    """Return the table that gives the same indicators when it is read."""
    lines = [*lines_of(plan)]
    own = {year for each in plan.indicators.values() for year in each.targets}
    years = sorted({*plan.years, *own})
    written: list[tuple[Head, Callable[[Line], Value]]] = [
        (_head(each), each.write) for each in COLUMNS if each.usual
    ]
    written += [(_target_head(plan, year), _target(year)) for year in years]
    written += [
        (_head(each), each.write)
        for each in COLUMNS
        if not each.usual and any(each.write(line) is not None for line in lines)
    ]
    rows = [[write(line) for _, write in written] for line in lines]
    return PlanTable([head for head, _ in written], rows)


def empty_table(first: FiscalYear) -> PlanTable:
    """Return the table to write a plan of five years into; its figures begin two years before."""
    start, last = (first._replace(number=first.number + more) for more in (-2, _PLAN_LENGTH - 1))
    targets = [Head(f"{TARGET}{year}", _TARGET_HELP) for year in year_range(first, last)]
    actuals = [Head(f"{ACTUAL}{year}", _ACTUAL_HELP) for year in year_range(start, first.previous)]
    usual = [_head(each) for each in COLUMNS if each.usual]
    return PlanTable([*usual, *targets, *actuals], [])


def render_plan_csv(table: PlanTable) -> bytes:
    """Return a table as a CSV file that a spreadsheet opens without turning its texts."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(head.text for head in table.heads)
    writer.writerows([_cell(each) for each in row] for row in table.rows)
    return buffer.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> str:
    if value is None:
        return ""
    return escaped(value) if isinstance(value, str) else f"{value:f}"


def _head(column: Column) -> Head:
    return Head(column.heading, column.help, column.choices, column.width, is_figure=False)


def _target_head(plan: Plan, year: FiscalYear) -> Head:
    said = [OUTSIDE] if year not in plan.years else []
    said += [CALENDAR] if year.calendar else []
    aside = f"（{'・'.join(said)}）" if said else ""
    return Head(f"{TARGET}{year}{aside}", _TARGET_HELP)


def _target(year: FiscalYear) -> Callable[[Line], Value]:
    return lambda line: line.indicator.targets.get(year)
