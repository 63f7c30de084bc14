"""What ``add`` and ``enter`` say of the figure they took: the row, and its attainment at once."""

from __future__ import annotations

from jusou.logs.dataset import Dataset
from jusou.logs.schema import Actual, Standing
from jusou.plan.model import Plan
from jusou.report import words
from jusou.review.assessment import assess
from jusou.values.fiscal_year import FiscalYear

SAME = "同じ内容がすでに記録されているため、何も書き込みませんでした"


def receipt(dataset: Dataset, actual: Actual, *, written: bool, new: bool) -> str:
    """Return the confirmation of one entry, with its attainment and rating where it has one."""
    subject = f"{actual.year} {words.subject_name(dataset.plan, actual.indicator)}"
    head = "記録しました" if written else "記録する内容（書き込んでいません）"
    lines = [f"{head if new else SAME}: {subject}  {figure_words(dataset, actual)}"]
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


def figure_words(dataset: Dataset, actual: Actual) -> str:
    """``2,655件（確定）``, or the 区分 alone."""
    return words.recorded(actual, dataset.plan.indicators[actual.indicator])


def rating_words(dataset: Dataset, actual: Actual) -> str:
    """``目標 2,650　達成率 100.2％　達成度 A``; empty where there is no attainment."""
    if actual.value is None:
        return ""
    indicator = dataset.plan.indicators[actual.indicator]
    target = dataset.targets(indicator, actual.year).get(actual.year)
    current = assess(dataset.plan, indicator, actual.year, Standing(actual), target)
    if current.shown is None:
        return ""
    aim, attainment = words.number(target, indicator), words.percent(current.shown, "％")
    rating = words.rating_cell(current)
    return f"目標 {aim.text}　達成率 {attainment.text}　達成度 {rating.text}"
