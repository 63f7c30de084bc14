"""What contradicts itself across the parts of a plan, each of which is right by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple, TypeVar

from jusou.plan.model import Direction, Grade, Indicator, Plan, PlanInfo, ReviewTrigger
from jusou.values.fiscal_year import FiscalYear
from jusou.values.numbers import round_half_up
from jusou.values.text import normalise_key, quote

Loc = tuple[str | int, ...]
"""The keys and the indexes that lead to a part of ``targets.yaml``."""
_T = TypeVar("_T")


class Finding(NamedTuple):
    """What is wrong at a part of ``targets.yaml``, and how to mend it."""

    loc: Loc
    message: str
    hint: str


def contradictions(plan: Plan) -> Iterator[Finding]:
    """Yield what contradicts itself in a plan."""
    yield from _repeated_names(plan)
    yield from _scale(plan.scale)
    if plan.review_trigger:
        yield from _trigger(plan.review_trigger)
    yield from _plan_years(plan.info)
    for place, programme in _placed((), "programmes", plan.programmes):
        for loc, indicator in _placed(place, "indicators", programme.indicators):
            yield from _figures(loc, indicator)
            yield from _tolerance(loc, indicator)
            if plan.years:
                yield from _target_years(loc, indicator, plan.years)


def _placed(loc: Loc, name: str, parts: Iterable[_T]) -> list[tuple[Loc, _T]]:
    """Return each part of the list ``name``, which stands at ``loc``, with its own place."""
    return [((*loc, name, index), part) for index, part in enumerate(parts)]


def _repeated_names(plan: Plan) -> Iterator[Finding]:
    """Whatever people may type to name a subject must name one."""
    programmes = _placed((), "programmes", plan.programmes)
    ids = [((*loc, "id"), each.id) for loc, each in programmes]
    for place, programme in programmes:
        indicators = _placed(place, "indicators", programme.indicators)
        initiatives = _placed(place, "initiatives", programme.initiatives)
        ids += [((*loc, "id"), each.id) for loc, each in indicators]
        ids += [((*loc, "id"), each.id) for loc, each in initiatives]
        labels = [((*loc, "label"), each.label) for loc, each in indicators]
        labels += [((*loc, "mark"), each.mark) for loc, each in initiatives if each.mark]
        hint = "番号や記号は、事業の中で1つずつ変えてください。"
        yield from _repeated(labels, hint, normalise_key)
    yield from _repeated(ids, "id は計画全体で1つずつ変えてください。")
    numbers = [((*loc, "number"), str(each.number)) for loc, each in programmes]
    yield from _repeated(numbers, "事業の番号は1つずつ変えてください。")


def _repeated(
    texts: Iterable[tuple[Loc, str]], hint: str, spelling: Callable[[str], str] = str
) -> Iterator[Finding]:
    """Yield a finding for each text that stood before, in this or another spelling."""
    seen: set[str] = set()
    for loc, text in texts:
        if (key := spelling(text)) in seen:
            yield Finding(loc, f"{loc[-1]}: {quote(text)}が重複しています。", hint)
        seen.add(key)


def _scale(scale: tuple[Grade, ...]) -> Iterator[Finding]:
    grades = _placed(("rating",), "scale", scale)
    marks = [((*loc, "mark"), grade.mark) for loc, grade in grades]
    yield from _repeated(marks, "達成度の記号は1つずつ変えてください。")
    for (_, above), (loc, grade) in pairwise(grades):
        if grade.at_least >= above.at_least:
            found = f"「{grade.at_least:f}」が、1つ上の「{above.at_least:f}」"
            hint = "達成度は、at_least の大きい順に並べてください。"
            yield Finding((*loc, "at_least"), f"at_least: {found}より小さくありません。", hint)
    loc, lowest = grades[-1]
    if lowest.at_least:
        message = f"at_least: いちばん下の達成度が「{lowest.at_least:f}」になっています。"
        yield Finding((*loc, "at_least"), message, "いちばん下は 0 にしてください。")


def _trigger(trigger: ReviewTrigger) -> Iterator[Finding]:
    if trigger.low >= trigger.high:
        message = f"low: 「{trigger.low:f}」が、high の「{trigger.high:f}」より小さくありません。"
        hint = "low は high より小さくしてください。"
        yield Finding(("review_trigger", "low"), message, hint)


def _plan_years(info: PlanInfo) -> Iterator[Finding]:
    start, end, baseline_year = info.start, info.end, info.baseline_year
    if end < start:
        message = f"end: 最後の年度 {end} が、最初の年度 {start} より前です。"
        yield Finding(("plan", "end"), message, "start と end を確かめてください。")
    if baseline_year and baseline_year >= start:
        message = f"baseline_year: {baseline_year} が、最初の年度 {start} より前ではありません。"
        hint = "計画が始まる前の年度を書いてください。"
        yield Finding(("plan", "baseline_year"), message, hint)


def _figures(loc: Loc, indicator: Indicator) -> Iterator[Finding]:
    """The figures of an indicator fit its decimals, and the hundred of a percentage."""
    decimals = indicator.decimals
    figures: list[tuple[Loc, Decimal | None]] = [(("baseline",), indicator.baseline)]
    figures += [(("targets", str(year)), target) for year, target in indicator.targets.items()]
    for part, value in figures:
        if value is None:
            continue
        found = f"{part[-1]}: 「{value:f}」"
        if value != round_half_up(value, decimals):
            hint = f"decimals（今は {decimals}）を増やすか、数値を確かめてください。"
            yield Finding((*loc, *part), f"{found}は小数点以下の桁が多すぎます。", hint)
        if indicator.is_percentage and value > 100:
            message = f"{found}が 100％ を超えています。"
            yield Finding((*loc, *part), message, "率を確かめてください。")


def _tolerance(loc: Loc, indicator: Indicator) -> Iterator[Finding]:
    if indicator.tolerance and indicator.direction is not Direction.KEEP:
        message = f"tolerance: 「{indicator.tolerance:f}」は direction: keep のときだけ書けます。"
        hint = "tolerance の行を取るか、direction を確かめてください。"
        yield Finding((*loc, "tolerance"), message, hint)


def _target_years(
    loc: Loc, indicator: Indicator, years: tuple[FiscalYear, ...]
) -> Iterator[Finding]:
    if missing := [str(year) for year in years if year not in indicator.targets]:
        message = f"targets: {'、'.join(missing)} の目標値がありません。"
        hint = "目標がない年度は null と書いてください。"
        yield Finding((*loc, "targets"), message, hint)
    for year in indicator.targets:
        if year not in years:
            hint = f"計画期間は {years[0]} から {years[-1]} までです。"
            message = f"targets: {year} は計画期間の外です。"
            yield Finding((*loc, "targets", str(year)), message, hint)
