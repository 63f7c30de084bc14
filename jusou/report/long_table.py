"""一覧: one row an indicator and year, all values raw, for filters and pivot tables.

A missing value is an empty cell here, never 「—」: a word among figures would keep a pivot table
from adding them up.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jusou.assessment import Assessment
from jusou.dates import wareki
from jusou.plan import Indicator
from jusou.report import words
from jusou.report.document import Cell, Column, Kind, Table
from jusou.review import IndicatorReview, ProgrammeReview, Review

EMPTY = Cell("")
REFERENCE = "参考"
SAMPLE = "架空"
_COLUMNS = (
    ("label", "番号", Kind.TEXT),
    ("name", "指標", Kind.NAME),
    ("programme", "事業", Kind.TEXT),
    ("unit", "単位", Kind.TEXT),
    ("measure", "数え方", Kind.TEXT),
    ("direction", "よい方向", Kind.TEXT),
    ("year", "年度", Kind.TEXT),
    ("western", "西暦（年度）", Kind.NUMBER),
    ("published", "当初目標", Kind.NUMBER),
    ("target", "目標", Kind.NUMBER),
    ("actual", "実績", Kind.NUMBER),
    ("numerator", "分子", Kind.NUMBER),
    ("denominator", "分母", Kind.NUMBER),
    ("basis", "区分", Kind.TEXT),
    ("as-of", "基準日", Kind.TEXT),
    ("attainment", "達成率（％）", Kind.NUMBER),
    ("rating", "達成度", Kind.MARK),
)
_SAMPLE_COLUMN = ("sample", "データの種類", Kind.TEXT)


def long_table(review: Review) -> Table:
    """Return every indicator in every year from the baseline year to the plan's end.

    The targets are those of each year's own review; of a year yet to come, those in force now.
    """
    is_sample = review.plan.info.sample
    named = (*_COLUMNS, _SAMPLE_COLUMN) if is_sample else _COLUMNS
    columns = tuple(Column(*column) for column in named)
    last = (Cell(SAMPLE),) if is_sample else ()
    rows = tuple(
        (*row, *last)
        for programme in review.programmes
        for each in programme.indicators
        for row in _rows(review, programme, each)
    )
    return Table("long", "指標・年度別の一覧", columns, rows)


def _rows(
    review: Review, programme: ProgrammeReview, each: IndicatorReview
) -> Iterator[tuple[Cell, ...]]:
    indicator, plan = each.indicator, review.plan
    head = (
        Cell(each.label),
        Cell(indicator.name),
        Cell(programme.programme.title),
        Cell(indicator.unit),
        Cell(words.MEASURES[indicator.measure]),
        Cell(words.DIRECTIONS[indicator.direction]),
    )
    known = {past.year: past for past in (*each.earlier, *each.years)}
    for year in plan.log_years:
        past = known.get(year)
        if past is not None:
            target, rest = past.target, _assessed(past, indicator, year in plan.years)
        elif year == plan.info.baseline_year:
            target, rest = None, _baseline(indicator)
        else:
            target, rest = each.targets.get(year), (EMPTY,) * 7
        yield (
            *head,
            Cell(str(year)),
            Cell(str(year.first_day.year), value=Decimal(year.first_day.year)),
            _figure(indicator.targets.get(year), indicator),
            _figure(target, indicator),
            *rest,
        )


def _assessed(past: Assessment, indicator: Indicator, is_planned: bool) -> tuple[Cell, ...]:
    row = past.row
    state = words.COLLECTING if is_planned else ""
    return (
        _figure(past.value, indicator),
        _count(row.numerator if row else None),
        _count(row.denominator if row else None),
        Cell(str(row.basis) if row else state),
        Cell(wareki(row.as_of)) if row and row.as_of else EMPTY,
        EMPTY if past.shown is None else words.percent(past.shown),
        Cell(past.rating or ""),
    )


def _baseline(indicator: Indicator) -> tuple[Cell, ...]:
    has_figure = indicator.baseline is not None
    return (
        _figure(indicator.baseline, indicator),
        EMPTY,
        EMPTY,
        Cell(REFERENCE) if has_figure else EMPTY,
        *(EMPTY,) * 3,
    )


def _figure(value: Decimal | None, indicator: Indicator) -> Cell:
    return EMPTY if value is None else words.figure(value, indicator)


def _count(value: Decimal | None) -> Cell:
    if value is None:
        return EMPTY
    return Cell(f"{value:,f}", value=value, decimals=len(f"{value:f}".partition(".")[2]))
