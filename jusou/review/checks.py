"""What is suspicious across the files of a workspace: warnings, computed from what stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from jusou.errors import Problem, Severity, warning
from jusou.logs.dataset import Dataset
from jusou.logs.lost_rows import lost_rows
from jusou.logs.schema import REPORTED, Actual
from jusou.plan.model import Direction, Indicator, Measure, Notice
from jusou.review.attainment import Judgement, judge
from jusou.review.order import rows_that_go_back
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear
from jusou.values.moments import parse_moment
from jusou.values.numbers import format_number

_NAMED = 10


def find_warnings(dataset: Dataset, today: date) -> tuple[Problem, ...]:
    """Return every warning: those of the rows, then those across rows, files and the plan."""
    found = [*dataset.warnings, *rows_that_go_back(dataset.rows), *_lost_answers(dataset)]
    for indicator in dataset.plan_in(dataset.plan.info.end).indicators.values():
        found += _against_baseline(dataset, indicator)
        found += _targets_worse_than_baseline(dataset, indicator)
        found += _targets_outside_plan(dataset, indicator)
        if indicator.measure is Measure.CUMULATIVE:
            found += _falls(dataset, indicator)
    for (year, _), standing in dataset.standings.items():
        closing = standing.closing
        if closing and closing.basis in REPORTED and not year.has_ended(today):
            found.append(_too_early(year, closing))
    return tuple(found)


def _warning(row: Actual, column: str, message: str, hint: str) -> Problem:
    return Problem(message, hint, row.path, row.line, column, Severity.WARNING)


def _lost_answers(dataset: Dataset) -> Iterator[Problem]:
    """Yield a warning for each file that was taken and whose rows are not all in the logs."""
    for record, rows in groupby(lost_rows(dataset), key=lambda each: each.record):
        items: dict[str, list[str]] = {}
        for each in rows:
            items.setdefault(each.subject, []).append(each.item)
        named = [f"{subject}（{'・'.join(own)}）" for subject, own in items.items()]
        more = f"など{len(named)}件" if len(named) > _NAMED else ""
        moment = parse_moment(record.recorded_at)
        when = f"（{wareki(moment.first.date())}に取り込み）" if moment else ""
        message = (
            f"「{record.file}」{when}から取り込んだ {'、'.join(named[:_NAMED])}{more}の行が、"
            f"{record.year} の記録にありません。"
        )
        hint = (
            "古い控えに戻したり、行を消したり直したりしていないか確かめてください。"
            "その行のある控え（.bak など）があれば戻し、なければ、同じファイルをもう一度"
            " jusou import で取り込んでください。"
        )
        yield warning(message, hint, record.path, record.line, "記録")


def _too_early(year: FiscalYear, row: Actual) -> Problem:
    last_day = wareki(year.last_day)
    message = f"{year} はまだ終わっていません（{last_day}まで）が、区分「{row.basis}」です。"
    hint = (
        f"{year.previous} の数値であれば {year.previous}.csv に移し、"
        "途中の数値であれば区分を「中間」にしてください。"
    )
    return _warning(row, "区分", message, hint)


def _falls(dataset: Dataset, indicator: Indicator) -> Iterator[Problem]:
    """A cumulative count can only grow; each figure is compared with the last one before it."""
    rows = [
        row
        for year in dataset.plan.log_years
        if year not in indicator.baseline_years
        for standing in [dataset.standing(year, indicator)]
        for row in (*standing.interims, standing.reported)
        if row
    ]
    for row in rows:
        last = dataset.last_count(indicator, row)
        if row.value is None or last is None:
            continue
        name, count = last
        if row.value < count:
            before = format_number(count, indicator.decimals)
            value = format_number(row.value, indicator.decimals)
            message = f"累計の {indicator.id} が {name} の {before} から {value} に減っています。"
            hint = "その年度に増えた分だけを入力していないか確かめてください。"
            yield _warning(row, "実績値", message, hint)


def _against_baseline(dataset: Dataset, indicator: Indicator) -> Iterator[Problem]:
    year = indicator.baseline_year
    row = dataset.standing(year, indicator).reported if year else None
    if row is None or row.value is None or indicator.baseline in (None, row.value):
        return
    assert indicator.baseline is not None
    value, baseline = (
        format_number(each, indicator.decimals) for each in (row.value, indicator.baseline)
    )
    message = f"{indicator.id} の実績値 {value} が、計画書の {year} 参考値 {baseline} と違います。"
    yield _warning(row, "実績値", message, "どちらが正しいか確かめてください。")


def _is_at_rest(dataset: Dataset, indicator: Indicator, notice: Notice) -> bool:
    """Tell whether the plan says that a notice has been read."""
    return notice in (*dataset.plan.info.acknowledged, *indicator.acknowledged)


def _about_plan(message: str, notice: Notice) -> Problem:
    """Return a warning that the plan itself can put to rest."""
    hint = (
        f"計画書のとおりであれば、この指標に acknowledged: [{notice}] と書くと、"
        "次から表示しません。"
    )
    return Problem(message, hint, "data/targets.yaml", severity=Severity.WARNING)


def _targets_outside_plan(dataset: Dataset, indicator: Indicator) -> Iterator[Problem]:
    years = dataset.plan.years
    outside = [str(year) for year in indicator.targets if year not in years]
    if outside and not _is_at_rest(dataset, indicator, Notice.TARGET_OUTSIDE_PLAN):
        message = (
            f"{indicator.id} の目標値（{'、'.join(outside)}）が、"
            f"計画期間（{years[0]} から {years[-1]} まで）の外にあります。"
        )
        yield _about_plan(message, Notice.TARGET_OUTSIDE_PLAN)


def _targets_worse_than_baseline(dataset: Dataset, indicator: Indicator) -> Iterator[Problem]:
    is_at_rest = _is_at_rest(dataset, indicator, Notice.TARGET_BELOW_BASELINE)
    if indicator.baseline is None or is_at_rest:
        return
    years = [
        str(year)
        for year, target in indicator.targets.items()
        if target is not None
        and judge(target, indicator.baseline, indicator.direction) is Judgement.WORSE
    ]
    if years:
        baseline = format_number(indicator.baseline, indicator.decimals)
        side = "上回っています" if indicator.direction is Direction.DOWN else "下回っています"
        base = f"{indicator.baseline_name} の" if indicator.baseline_years else ""
        message = (
            f"{indicator.id} の目標値（{'、'.join(years)}）が、{base}参考値 {baseline} を{side}。"
        )
        yield _about_plan(message, Notice.TARGET_BELOW_BASELINE)
