"""What ``add`` and ``enter`` say of the figure they took: the row, and its attainment at once."""

from __future__ import annotations

from jusou.entry.decide import Decision
from jusou.logs.dataset import Dataset
from jusou.logs.schema import Actual, Basis
from jusou.logs.slots import NOTHING
from jusou.plan.model import Plan
from jusou.report import words
from jusou.review.assessment import assess
from jusou.values.fiscal_year import FiscalYear

SAME = "同じ内容がすでに記録されているため、何も書き込みませんでした"


def receipt(dataset: Dataset, decision: Decision[Actual], *, written: bool) -> str:
    """Return the confirmation of one figure, with its attainment and rating where it has one."""
    actual = decision.row
    indicator = dataset.plan.indicators[actual.indicator]
    subject = f"{actual.year} {dataset.plan.labels[indicator.id]} {indicator.name}"
    head = "記録しました" if written else "記録する内容（書き込んでいません）"
    said = head if decision.verdict.is_written else SAME
    lines = [f"{said}: {subject}  {short_words(dataset, actual)}"]
    if rated := rating_words(dataset, actual):
        lines.append(f"  {rated}")
    if dataset.plan.info.sample:
        lines.append(f"【{words.SAMPLE_NOTICE}】")
    return "\n".join(lines)


def next_step(plan: Plan, year: FiscalYear, indicator: str = "") -> str:
    """Return where to look next; outside the plan there is no review and no status."""
    if year in plan.years:
        return f"次: まだ出ていない指標は jusou status {year} で確かめられます。"
    return f"次: これまでの記録は jusou history {indicator or '指標'} で確かめられます。"


def short_words(dataset: Dataset, actual: Actual) -> str:
    """``2,655件（確定）``, or the 区分 alone."""
    indicator = dataset.plan.indicators[actual.indicator]
    if actual.value is None:
        return str(actual.basis)
    value = words.with_unit(words.figure(actual.value, indicator), indicator)
    return f"{value.text}（{actual.basis}）"


def rating_words(dataset: Dataset, actual: Actual) -> str:
    """``目標 2,650　達成率 100.2％　達成度 A``; empty where there is no attainment."""
    indicator = dataset.plan.indicators[actual.indicator]
    if actual.basis is Basis.CANCELLED or actual.year not in dataset.plan.years:
        return ""
    target = dataset.targets(indicator, actual.year).get(actual.year)
    current = assess(dataset.plan, indicator, actual.year, NOTHING.with_row(actual), target)
    if current.shown is None:
        return ""
    return (
        f"目標 {words.figure(target, indicator).text}　達成率 {current.shown}％　"
        f"達成度 {words.rating_cell(current).text}"
    )
