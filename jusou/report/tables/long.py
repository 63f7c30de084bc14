"""一覧: one row an indicator and year, all values raw, for filters and pivot tables.

A missing value is an empty cell here, never 「—」: a word among figures would keep a pivot table
from adding them up.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jusou.plan.model import Indicator
from jusou.report import words
from jusou.report.document import Cell, Column, Kind, Notation, Table
from jusou.review.assessment import Assessment
from jusou.review.build import IndicatorReview, ProgrammeReview, Review
from jusou.values.dates import wareki

EMPTY = Cell("")
REFERENCE = "参考"
SAMPLE = "架空"
_COLUMNS = (
    Column("label", "番号", Kind.TEXT),
    Column("name", "指標", Kind.NAME),
    Column("unit", "単位", Kind.TEXT),
    Column("year", "年度", Kind.TEXT),
    Column("published", "当初目標", Kind.NUMBER),
    Column("target", "目標", Kind.NUMBER),
    Column("actual", "実績", Kind.NUMBER),
    Column("basis", "区分", Kind.TEXT),
    Column("as-of", "基準日", Kind.TEXT),
    Column("attainment", "達成率（％）", Kind.NUMBER),
    Column("rating", "達成度", Kind.MARK),
    Column("programme", "事業", Kind.TEXT, printed=False),
    Column("measure", "数え方", Kind.TEXT, printed=False),
    Column("direction", "よい方向", Kind.TEXT, printed=False),
    Column("western", "西暦（年度）", Kind.NUMBER, printed=False),
    Column("numerator", "分子", Kind.NUMBER, printed=False),
    Column("denominator", "分母", Kind.NUMBER, printed=False),
)
_SAMPLE_COLUMN = Column("sample", "データの種類", Kind.TEXT, printed=False)


def long_table(review: Review) -> Table:
    """Return every indicator in every year from the baseline year to the plan's end.

    The targets are those of each year's own review; of a year yet to come, those in force now.
    """
    is_sample = review.plan.info.sample
    columns = (*_COLUMNS, _SAMPLE_COLUMN) if is_sample else _COLUMNS
    last = (Cell(SAMPLE),) if is_sample else ()
    rows = tuple(
        (*row, *last)
        for programme in review.programmes
        for each in programme.indicators
        for row in _rows(review, programme, each)
    )
    legend = (
        f"空欄: 数値なし。{REFERENCE}: 計画に記載の参考値。"
        f"達成度 {words.scale_words(review.plan)}。"
        "「事業」から右の列は画面だけに表示し、印刷しません。"
    )
    return Table("long", "指標・年度別の一覧", columns, rows, legend)


def _rows(
    review: Review, programme: ProgrammeReview, each: IndicatorReview
) -> Iterator[tuple[Cell, ...]]:
    indicator, plan = each.indicator, review.plan
    known = {past.year: past for past in (*each.earlier, *each.years)}
    for year in plan.log_years:
        past = known.get(year)
        if past is None or not (past.row or year in plan.years):
            figures = _unassessed(indicator if year == plan.info.baseline_year else None)
        else:
            figures = _assessed(past, indicator)
        target = past.target if past else each.targets.get(year)
        yield (
            Cell(each.label),
            Cell(indicator.name),
            Cell(indicator.unit),
            Cell(str(year)),
            _figure(indicator.targets.get(year), indicator),
            _figure(target, indicator),
            *figures,
            Cell(programme.programme.title),
            Cell(words.MEASURES[indicator.measure]),
            Cell(words.DIRECTIONS[indicator.direction]),
            words.figure(Decimal(year.first_day.year), notation=Notation.BARE),
            *_parts(past),
        )


def _assessed(past: Assessment, indicator: Indicator) -> tuple[Cell, ...]:
    row = past.row
    return (
        _figure(past.value, indicator),
        Cell(str(row.basis) if row else words.COLLECTING),
        Cell(wareki(row.as_of)) if row and row.as_of else EMPTY,
        EMPTY if past.shown is None else words.percent(past.shown),
        Cell(past.rating or ""),
    )


def _unassessed(baseline_of: Indicator | None) -> tuple[Cell, ...]:
    """The cells of a year without a row; in the baseline year, the plan's own figure."""
    if baseline_of is None or baseline_of.baseline is None:
        return (EMPTY,) * 5
    return (_figure(baseline_of.baseline, baseline_of), Cell(REFERENCE), *(EMPTY,) * 3)


def _parts(past: Assessment | None) -> tuple[Cell, Cell]:
    row = past.row if past else None
    found = (row.numerator, row.denominator) if row else (None, None)
    numerator, denominator = (EMPTY if each is None else words.count(each) for each in found)
    return numerator, denominator


def _figure(value: Decimal | None, indicator: Indicator) -> Cell:
    return EMPTY if value is None else words.number(value, indicator)
