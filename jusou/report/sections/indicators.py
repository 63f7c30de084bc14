"""指標一覧: every indicator of the plan, a row each."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from jusou.report import words
from jusou.report.document import (
    INDICATORS,
    NONE,
    Column,
    ColumnOf,
    Columns,
    Kind,
    Section,
    Table,
    filled,
)
from jusou.review.build import IndicatorReview, Review

ATTAINMENT: Columns[IndicatorReview] = (
    (Column("actual", "実績", Kind.NUMBER), lambda it: words.actual_cell(it.current, it.indicator)),
    (
        Column("attainment", "達成率（％）", Kind.NUMBER, "達成率"),
        lambda it: words.attainment_cell(it.current),
    ),
    (Column("rating", "達成度", Kind.MARK), lambda it: words.rating_cell(it.current)),
)
"""What the list says of a figure, and the summary too."""


def indicators_section(review: Review) -> Section:
    """Return the list of all indicators: figures, differences, and what must be known of them."""
    plan = review.plan
    base = plan.baseline_name.removesuffix("値")
    columns: Columns[IndicatorReview] = (
        (Column("name", "指標", Kind.NAME), words.name_cell),
        (Column("unit", "単位", Kind.TEXT), lambda it: words.text_cell(it.indicator.unit)),
        (words.baseline_column(plan), lambda it: words.baseline_cell(plan, it.indicator)),
        (Column("previous", "前年度実績", Kind.NUMBER), words.previous_cell),
        (Column("target", "目標", Kind.NUMBER), words.target_cell),
        *ATTAINMENT,
        _difference("vs-previous", "前年度差", lambda it: it.vs_previous),
        _difference("vs-baseline", f"{base}差", _from_baseline),
        (
            Column("final-target", words.final_title(plan), Kind.NUMBER),
            lambda it: words.target_cell(it, plan.info.end),
        ),
        (Column("remarks", "備考", Kind.REMARK), lambda it: words.remarks_cell(it, plan)),
    )
    table = Table(
        INDICATORS,
        "指標一覧",
        *filled(columns, review.indicators),
        legend=words.legend(
            f"達成度 {words.scale_words(plan)}。", words.corrected_words(review.indicators)
        ),
        marks=f"{NONE}: 数値なし　△: 減・マイナス",
    )
    return Section(INDICATORS, table.caption, (table,))


Value = Callable[[IndicatorReview], Decimal | None]


def _difference(key: str, title: str, value: Value) -> ColumnOf[IndicatorReview]:
    return Column(key, title, Kind.DIFFERENCE), lambda it: words.difference(value(it), it.indicator)


def _from_baseline(review: IndicatorReview) -> Decimal | None:
    return review.vs_baseline.difference if review.vs_baseline else None
