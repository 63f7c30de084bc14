"""What looks wrong about a figure before it is taken: reasons to ask, never to refuse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from jusou.attainment import Judgement, judge
from jusou.data import Data
from jusou.fiscal_year import FiscalYear
from jusou.numbers import format_number
from jusou.plan import Indicator, Measure
from jusou.records import REPORTED, Actual, Basis

TENFOLD = 10


def suspicions(data: Data, actual: Actual, today: date) -> tuple[str, ...]:
    """Return what a careful colleague would ask about a figure; nothing for one without a value."""
    if actual.value is None:
        return ()
    indicator = data.plan.indicators[actual.indicator]
    return (
        *_share(data, indicator, actual, actual.value),
        *_other_magnitude(data, indicator, actual, actual.value),
        *_fallen_count(data, indicator, actual, actual.value),
        *_worse_than_baseline(data, indicator, actual, actual.value),
        *_too_early(actual, today),
        *_not_yet(actual, today),
    )


def _share(data: Data, indicator: Indicator, actual: Actual, value: Decimal) -> Iterator[str]:
    """A rate of 1 or less where tens are meant: Excel keeps 91.5% as 0.915."""
    target = data.targets(indicator, actual.year).get(actual.year)
    if indicator.is_percentage and 0 < value <= 1 and (target is None or target > 1):
        yield f"率が {value}％ です。91.5％ なら 91.5 と入力します（0.915 ではありません）。"


def _other_magnitude(
    data: Data, indicator: Indicator, actual: Actual, value: Decimal
) -> Iterator[str]:
    """Ten times or a tenth of last year; without last year's figure, of baseline and target both.

    A plan may mean to grow tenfold, so a figure near its target is not strange.
    """
    last = data.standing(actual.year.previous, indicator).reported
    known = {"前年度": last.value if last else None}
    if last is None:
        target = data.targets(indicator, actual.year).get(actual.year)
        known = {_baseline_name(data): indicator.baseline, "目標": target}
    figures = {name: figure for name, figure in known.items() if figure is not None}
    if not figures:
        return
    said = "・".join(f"{name}（{_shown(each, indicator)}）" for name, each in figures.items())
    if value >= max(figures.values()) * TENFOLD > 0:
        yield f"{said}の10倍以上です。"
    elif actual.basis is not Basis.INTERIM and value * TENFOLD <= min(figures.values()) > 0:
        yield f"{said}の10分の1以下です。"


def _fallen_count(
    data: Data, indicator: Indicator, actual: Actual, value: Decimal
) -> Iterator[str]:
    """A cumulative count never falls: one that does is often what was added in the year."""
    if indicator.measure is not Measure.CUMULATIVE:
        return
    name, count = _count_before(data, indicator, actual.year)
    if count is not None and value < count:
        yield (
            f"累計なのに、{name}の {_shown(count, indicator)} より少ない数です。"
            "今年度に増えた分だけを入力していませんか。"
        )


def _count_before(data: Data, indicator: Indicator, year: FiscalYear) -> tuple[str, Decimal | None]:
    """Return the latest count before a year, with its name; the baseline if no row has one."""
    for each in reversed(data.plan.log_years):
        row = data.standing(each, indicator).reported
        if each < year and row:
            return str(each), row.value
    return _baseline_name(data), indicator.baseline


def _worse_than_baseline(
    data: Data, indicator: Indicator, actual: Actual, value: Decimal
) -> Iterator[str]:
    if indicator.baseline is None or actual.basis is Basis.INTERIM:
        return
    target = data.targets(indicator, actual.year).get(actual.year)
    if judge(value, indicator.baseline, indicator.direction, target) is Judgement.WORSE:
        baseline = _shown(indicator.baseline, indicator)
        yield f"{_baseline_name(data)}（{baseline}）より後退しています。"


def _too_early(actual: Actual, today: date) -> Iterator[str]:
    year = actual.year
    if actual.basis in REPORTED and not year.has_ended(today):
        over = FiscalYear.of(today).previous
        yield (
            f"{year} は {year.last_day} まで続いています。"
            f"{over}（{over.long_name}）の数値ではありませんか。"
        )


def _not_yet(actual: Actual, today: date) -> Iterator[str]:
    if actual.as_of and actual.as_of > today:
        yield f"基準日 {actual.as_of} はまだ来ていません。"


def _baseline_name(data: Data) -> str:
    return str(data.plan.info.baseline_year or "参考値")


def _shown(value: Decimal, indicator: Indicator) -> str:
    return format_number(value, indicator.decimals)
