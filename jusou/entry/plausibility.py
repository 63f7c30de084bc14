"""What looks wrong about a figure before it is taken: reasons to ask, never to refuse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from jusou.errors import Problem, warning
from jusou.logs.dataset import Dataset
from jusou.logs.schema import REPORTED, Actual, Basis, Item, Revision
from jusou.logs.slots import figure_words
from jusou.plan.model import Indicator, Measure, Plan
from jusou.review.attainment import SMALL, Judgement, attained, is_met, judge
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear
from jusou.values.numbers import format_number

_OF_A_CLOSED_YEAR = REPORTED | {Basis.PENDING}
_MEANT = {Basis.PENDING: "こと"}


def doubts_about(dataset: Dataset, actual: Actual, today: date) -> tuple[str, ...]:
    """Return what a careful colleague would ask about a figure, one to come, or a cancellation."""
    indicator = dataset.in_year(dataset.plan.indicators[actual.indicator], actual.year)
    if actual.basis is Basis.CANCELLED:
        return tuple(_emptied(dataset, indicator, actual.year))
    if actual.value is None:
        return tuple(_too_early(actual, today))
    return (
        *_slips(dataset, indicator, actual, actual.value),
        *_fallen_count(dataset, indicator, actual, actual.value),
        *_less_than_interim(dataset, indicator, actual, actual.value),
        *_worse_than_baseline(dataset, indicator, actual, actual.value),
        *_too_early(actual, today),
        *_not_yet(actual, today),
    )


def doubts_about_change(dataset: Dataset, row: Revision, today: date) -> tuple[str, ...]:
    """Return what a careful colleague would ask about a change of the plan."""
    indicator = dataset.plan.indicators[row.indicator]
    name = f"{row.indicator} の {row.year or row.item}"
    found = []
    if row.year and row.year.has_ended(today):
        if row.item is Item.CANCELLED:
            found.append(f"{name} は終わった年度です。取り消すと、その年度の評価表が変わります。")
        elif row.item is not Item.PUBLISHED:
            found.append(f"{name} は終わった年度です。終わる前に決定した変更ですか。")
    if row.before and row.after and row.before > 0 and row.after > 0:
        larger = _times(row.after, row.before)
        smaller = _times(row.before, row.after)
        was, now = (_shown(each, indicator) for each in (row.before, row.after))
        if times := larger or smaller:
            much = f"{times}倍以上" if larger else f"{times}分の1以下"
            what = "値" if row.item is Item.BASELINE else "目標"
            found.append(f"{name} の新しい{what} {now} は、今の {was} の{much}です。")
    if row.item is Item.DEFINITION and row.year:
        held = dataset.with_change(row).in_year(indicator, row.year)
        if held.baseline is not None and held.comparable_baseline is None:
            found.append(
                f"{row.indicator} の参考値は前の数え方のままなので、{row.year} から比べません。"
                "新しい数え方の参考値があれば、この決定に入れてください。"
            )
    return tuple(found)


def slips_that_stand(dataset: Dataset, today: date) -> Iterator[Problem]:
    """Yield a warning for each figure that looks like a slip and was confirmed, in haste perhaps.

    Of the year that has just ended and later ones: those before have been through a meeting.
    """
    over = dataset.plan.year_of(today).previous
    for (year, subject), standing in dataset.standings.items():
        row = standing.shown
        if year < over or row is None or not row.value:  # 0 has no digit too many or too few
            continue
        indicator = dataset.in_year(dataset.plan.indicators[subject], year)
        if doubts := "".join(_slips(dataset, indicator, row, row.value)):
            words = figure_words(indicator, row)
            message = f"{subject} の「{words}」は、入力の誤りかもしれません。{doubts}"
            hint = f"正しければ、このままでかまいません。これまでの記録: jusou history {subject}"
            yield warning(message, hint, row.path, row.line, "実績値")


def old_year(plan: Plan, year: FiscalYear, today: date) -> str:
    """Return what to ask about a year that is not the one that has just ended; empty if nothing."""
    year, over = plan.own(year), plan.year_of(today).previous
    if year >= over or over not in plan.years:
        return ""
    what = "計画が始まる前の年度（参考値）です" if year < plan.info.start else "前の年度です"
    return f"{year}（{year.long_name}）は{what}。{over}（{over.long_name}）の数値ではありませんか。"


def _emptied(dataset: Dataset, indicator: Indicator, year: FiscalYear) -> Iterator[str]:
    """What goes with the figure that is cancelled: 見込 and 中間 are easily forgotten."""
    rows = (each._replace(remark="") for each in dataset.standing(year, indicator).rows)
    cancelled, *others = (f"「{figure_words(indicator, each)}」" for each in rows)
    if others:
        what = f"{cancelled}のほか、{'と'.join(others)}"
        yield f"{what}も空になります。残すものは、後でもう一度記録してください。"


def _slips(dataset: Dataset, indicator: Indicator, actual: Actual, value: Decimal) -> Iterator[str]:
    """What suggests that a figure was typed wrongly, not that a year went badly."""
    yield from _share(dataset, indicator, actual, value)
    yield from _other_magnitude(dataset, indicator, actual, value)


def _share(dataset: Dataset, indicator: Indicator, actual: Actual, value: Decimal) -> Iterator[str]:
    """A rate of 1 or less where tens are meant: Excel keeps 91.5% as 0.915."""
    target = dataset.aim(indicator, actual.year).value
    if indicator.is_percentage and 0 < value <= 1 and (target is None or target > 1):
        yield f"率が {value}％ です。91.5％ なら 91.5 と入力します（0.915 ではありません）。"


def _other_magnitude(
    dataset: Dataset, indicator: Indicator, actual: Actual, value: Decimal
) -> Iterator[str]:
    """Far from last year; without last year's figure, from baseline and target both.

    A digit too many or too few seldom gives ten times exactly, so five times is asked about, but
    where the figures are small. A plan may mean to grow tenfold, so a figure near its target is
    not strange.
    """
    if indicator.signed:  # how many times says nothing across 0
        return
    last = None
    if actual.year not in indicator.redefined:
        last = dataset.standing(actual.year.previous, indicator).reported
    known = {"前年度": last.value if last else None}
    if last is None:
        target = dataset.aim(indicator, actual.year).value
        known = {indicator.baseline_name: indicator.comparable_baseline, "目標": target}
    figures = {name: figure for name, figure in known.items() if figure}
    if not figures:
        return
    said = "・".join(f"{name}（{_shown(each, indicator)}）" for name, each in figures.items())
    is_whole_year = actual.basis is not Basis.INTERIM and 0 not in known.values()
    if times := _times(value, max(figures.values())):
        yield f"{said}の{times}倍以上です。"
    elif is_whole_year and (parts := _times(min(figures.values()), value)):
        yield f"{said}の{parts}分の1以下です。"


def _times(figure: Decimal, other: Decimal) -> int:
    """How many times another a figure is: 10 or, of what is not small, 5; 0 if neither."""
    if figure >= other * 10:
        return 10
    return 5 if figure >= other * 5 and max(figure / 5, other) > SMALL else 0


def _fallen_count(
    dataset: Dataset, indicator: Indicator, actual: Actual, value: Decimal
) -> Iterator[str]:
    """A cumulative count never falls: one that does is often what was added in the year."""
    if indicator.measure is not Measure.CUMULATIVE:
        return
    last = dataset.last_count(indicator, actual)
    if last is not None and value < last[1]:
        yield (
            f"累計なのに、{last[0]}の {_shown(last[1], indicator)} より少ない数です。"
            "今年度に増えた分だけを入力していませんか。"
        )


def _less_than_interim(
    dataset: Dataset, indicator: Indicator, actual: Actual, value: Decimal
) -> Iterator[str]:
    """What is counted up in a year cannot be less at its end than inside it."""
    if indicator.measure not in (Measure.FLOW, Measure.CUMULATIVE):
        return
    standing = dataset.standing(actual.year, indicator)
    if actual.basis is Basis.INTERIM:
        end = standing.forecast
        if end and end.value is not None and value > end.value:
            yield f"{end.basis}（{_shown(end.value, indicator)}）より多い途中の数値です。"
        return
    inside = standing.interims[-1] if standing.interims else None
    if inside and inside.as_of and inside.value is not None and value < inside.value:
        day = wareki(inside.as_of)
        yield f"{day}の中間（{_shown(inside.value, indicator)}）より少ない数値です。"


def _worse_than_baseline(
    dataset: Dataset, indicator: Indicator, actual: Actual, value: Decimal
) -> Iterator[str]:
    """Behind the baseline, but where the plan itself aims behind it and the aim is met."""
    baseline = indicator.comparable_baseline
    if baseline is None or actual.basis is Basis.INTERIM:
        return
    target = dataset.aim(indicator, actual.year).value
    if judge(value, baseline, indicator.direction, target) is not Judgement.WORSE:
        return
    percent = None
    if target is not None:
        percent = attained(indicator, value, target)
    if percent is None or not is_met(percent):
        yield f"{indicator.baseline_name}（{_shown(baseline, indicator)}）より後退しています。"


def _too_early(actual: Actual, today: date) -> Iterator[str]:
    year = actual.year
    if actual.basis in _OF_A_CLOSED_YEAR and not year.has_ended(today):
        over = year.of(today, calendar=year.calendar).previous
        yield (
            f"{year} は{wareki(year.last_day)}まで続いています。"
            f"{over}（{over.long_name}）の{_MEANT.get(actual.basis, '数値')}ではありませんか。"
        )


def _not_yet(actual: Actual, today: date) -> Iterator[str]:
    if actual.as_of and actual.as_of > today:
        yield f"基準日の{wareki(actual.as_of)}はまだ来ていません。"


def _shown(value: Decimal, indicator: Indicator) -> str:
    return format_number(value, indicator.decimals)
