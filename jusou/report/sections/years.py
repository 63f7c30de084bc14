"""全年度の目標と実績: every indicator of the plan with all its years, a row each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

from jusou.report import words
from jusou.report.document import (
    NONE,
    YEARS,
    Cell,
    Column,
    ColumnOf,
    Columns,
    Kind,
    Section,
    Table,
    filled,
)
from jusou.review.build import IndicatorReview, Review
from jusou.values.fiscal_year import FiscalYear

# As many as A4 holds in type that can be read.
_MOST_YEARS = 5


def years_section(review: Review) -> Section:
    """Return the sheet of all years; of those after the reviewed one only the targets."""
    years = review.plan.years
    size = ceil(len(years) / ceil(len(years) / _MOST_YEARS))
    runs = [years[start : start + size] for start in range(0, len(years), size)]
    title = "全年度の目標と実績"
    tables = tuple(
        _table(review, run, title if run == years else f"{title}（{run[0]}〜{run[-1]}）")
        for run in runs
    )
    return Section(YEARS, title, tables, tab="全年度")


def _table(review: Review, years: Sequence[FiscalYear], caption: str) -> Table:
    plan = review.plan
    columns: Columns[IndicatorReview] = (
        (Column("name", "指標", Kind.NAME), words.title_cell),
        *_before(review),
        *(column for year in years for column in _of_year(review, year)),
    )
    ahead = "" if review.year == plan.info.end else f"{review.year}より後は目標だけです。"
    return Table(
        YEARS if years[0] == plan.info.start else f"{YEARS}-{years[0]}",
        caption,
        *filled(columns, review.indicators),
        legend=words.legend(
            f"達成度 {words.scale_words(plan)}。{ahead}", words.corrected_words(review.indicators)
        ),
        marks=f"{NONE}: 数値なし",
    )


def _before(review: Review) -> Iterator[ColumnOf[IndicatorReview]]:
    """Yield the baseline, and the year before the plan if that is another."""
    info = review.plan.info
    yield (
        words.baseline_column(review.plan),
        lambda it: words.number(it.indicator.baseline, it.indicator),
    )
    last = info.start.previous
    if info.baseline_year and info.baseline_year < last:
        column = Column(f"before-{last}", f"{last}（参考）", Kind.NUMBER)
        yield column, lambda it: words.actual_cell(it.earlier[-1], it.indicator)


def _of_year(review: Review, year: FiscalYear) -> Iterator[ColumnOf[IndicatorReview]]:
    """Yield the columns of a year of the plan: its figure is judged once it is reviewed."""

    def column(key: str, title: str, kind: Kind) -> Column:
        return Column(f"{key}-{year}", f"{year}{title}", kind)

    yield column("target", "目標", Kind.NUMBER), lambda it: words.target_cell(it, year)
    if year > review.year:
        return
    index = year.number - review.plan.info.start.number
    yield (
        column("actual", "実績", Kind.NUMBER),
        lambda it: words.actual_cell(it.years[index], it.indicator),
    )
    yield column("attainment", "達成率", Kind.NUMBER), lambda it: _percent(it, index)
    yield column("rating", "達成度", Kind.MARK), lambda it: words.rating_cell(it.years[index])


def _percent(review: IndicatorReview, index: int) -> Cell:
    return words.with_unit(words.attainment_cell(review.years[index]), "％")
