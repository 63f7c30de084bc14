"""資料の見方: what a reader has to know before the figures. The whole method stands at the end."""

from __future__ import annotations

from collections.abc import Mapping

from jusou.plan.model import Measure, Plan
from jusou.report import words
from jusou.report.document import (
    HOW_TO_READ,
    NONE,
    Cell,
    Column,
    Facts,
    Kind,
    Section,
    Table,
)
from jusou.report.sections.method import attainment_formulas
from jusou.review.build import Review


def how_to_read_section(review: Review) -> Section:
    """Return what the years, rates, grades and marks mean, and how the grades are made."""
    facts = Facts(words.written_items(_explained(review)))
    return Section(HOW_TO_READ, "資料の見方", (facts, scale_table(review.plan)))


def _explained(review: Review) -> Mapping[str, str]:
    plan, year, base = review.plan, review.year, review.plan.baseline_name
    first, last = (f"{day.year}年{day.month}月" for day in (year.first_day, year.last_day))
    evaluated = any(each.note.evaluation for each in review.indicators)
    return {
        "年度": f"{year}＝{year.long_name}（{first}〜{last}）。"
        f"{words.baseline_title(plan)}は、計画を作ったときの値です。",
        "達成率": "".join(attainment_formulas(plan)),
        "達成度": "達成率だけから計算で付けます（「達成度の区分」のとおり）。"
        "達成とは、達成率100％以上のことです。",
        f"{base}と比べる値": f"{base}差: {base}の値との差（「{base}を下回る」などは、その向き）。"
        f"目標÷{base}: 目標が{base}の値の何％か。{base}からの進捗率: {base}の値から目標までの"
        "道のりのうち、進んだ割合。どれも達成度には使いません。",
        "実績の区分": "何も付かない値は確定です。速報: 後で変わることのある値。"
        f"見込・中間: 年度の途中の値で、達成数に含めません。{words.COLLECTING}: まだ値がないもの。"
        f"該当なし: 対象がなかったもの。測定不能: 測れなかったもの。{_unconfirmed(plan)}",
        words.EVALUATION: "担当する課が付けた評価です。計算による達成度とは別のものです。"
        if evaluated
        else "",
        "記号": f"{NONE}: 数値または記入なし。△: 減・マイナス。ポイント: ％と％の差。"
        "8（当初10）: 計画で10だった目標を8に変えたもの。",
    }


def _unconfirmed(plan: Plan) -> str:
    measure = Measure.UNCONFIRMED
    if all(each.measure is not measure for each in plan.indicators.values()):
        return ""
    return f"{words.MEASURES[measure]}: 数え方が決まると、値が変わることのあるもの。"


def scale_table(plan: Plan) -> Table:
    """Return the scale of the rating, from the best."""
    columns = (
        Column("mark", "達成度", Kind.MARK),
        Column("label", "区分", Kind.TEXT),
        Column("range", "達成率", Kind.TEXT),
    )
    rows = []
    upper = ""
    for grade in plan.scale:
        rows.append((Cell(grade.mark), Cell(grade.label), Cell(f"{grade.at_least}％以上{upper}")))
        upper = f"{grade.at_least}％未満"
    return Table("scale", "達成度の区分", columns, tuple(rows))
