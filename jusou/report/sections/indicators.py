"""指標一覧: every indicator of the plan, a row each."""

from __future__ import annotations

from jusou.report import words
from jusou.report.document import NONE, Cell, Column, Kind, Table
from jusou.review.build import IndicatorReview, Review

ATTAINMENT = Column("attainment", "達成率（％）", Kind.NUMBER, "達成率")
MARKS = f"{NONE}: 数値なし　△: 減・マイナス"


def columns_of(*columns: tuple[str, str, Kind] | Column) -> tuple[Column, ...]:
    return tuple(each if isinstance(each, Column) else Column(*each) for each in columns)


def name_cell(review: IndicatorReview) -> Cell:
    return Cell(f"{review.label} {review.indicator.name}")


def indicator_table(review: Review) -> Table:
    plan = review.plan
    columns = columns_of(
        ("name", "指標", Kind.NAME),
        ("unit", "単位", Kind.TEXT),
        words.baseline_column(plan),
        ("previous", "前年度実績", Kind.NUMBER),
        ("target", "目標", Kind.NUMBER),
        ("actual", "実績", Kind.NUMBER),
        ATTAINMENT,
        ("rating", "達成度", Kind.MARK),
        ("vs-previous", "前年度差", Kind.DIFFERENCE),
        ("vs-baseline", f"{plan.info.baseline_year or '参考'}差", Kind.DIFFERENCE),
        ("final-target", words.final_title(plan), Kind.NUMBER),
        ("remarks", "備考", Kind.REMARK),
    )
    rows = tuple(_indicator_row(review, each) for each in review.indicators)
    legend = f"達成度 {words.scale_words(plan)}。"
    return Table("indicators", "指標一覧", columns, rows, legend, marks=MARKS)


def _indicator_row(review: Review, each: IndicatorReview) -> tuple[Cell, ...]:
    indicator = each.indicator
    versus = each.vs_baseline.difference if each.vs_baseline else None
    target = words.number(each.current.target, indicator)
    remarks = words.remarks(each, review.plan)
    return (
        name_cell(each),
        Cell(indicator.unit),
        words.number(indicator.baseline, indicator),
        words.number(each.previous, indicator),
        target,
        words.actual_cell(each.current, indicator),
        words.attainment_cell(each.current),
        words.rating_cell(each.current),
        words.difference(each.vs_previous, indicator),
        words.difference(versus, indicator),
        words.number(each.final_target, indicator),
        Cell(remarks, "備考なし" if remarks == NONE else ""),
    )
