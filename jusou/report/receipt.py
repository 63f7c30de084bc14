"""What ``add`` says of the figure it took: the row, and its attainment at once."""

from __future__ import annotations

from jusou.assessment import assess
from jusou.data import Data
from jusou.records import Actual, Slots
from jusou.report import words


def receipt(data: Data, actual: Actual, *, written: bool, new: bool) -> str:
    """Return the confirmation of one entry, with its attainment and rating where it has one."""
    indicator = data.plan.indicators[actual.indicator]
    slots = Slots()
    slots.add(actual)
    standing = slots.standing().get(indicator.id)
    value = words.with_unit(words.figure(actual.value, indicator), indicator)
    figure = f"{value.text}（{actual.basis}）" if actual.value is not None else str(actual.basis)
    subject = f"{actual.year} {data.plan.labels[indicator.id]} {indicator.name}"
    head = "記録しました" if written else "記録する内容（書き込んでいません）"
    if not new:
        head = "同じ内容がすでに記録されているため、何も書き込みませんでした"
    lines = [f"{head}: {subject}  {figure}"]
    if standing and actual.year in data.plan.years:
        target = data.targets(indicator, actual.year).get(actual.year)
        current = assess(data.plan, indicator, actual.year, standing, target)
        if current.shown is not None:
            lines.append(
                f"  目標 {words.figure(target, indicator).text}　達成率 {current.shown}％　"
                f"達成度 {words.rating_cell(current).text}"
            )
    return "\n".join(lines)
