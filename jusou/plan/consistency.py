"""What contradicts itself across the parts of a plan, each of which is right by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple, TypeVar

from jusou.plan.model import (
    Direction,
    Formula,
    Grade,
    Indicator,
    Loc,
    Measure,
    Name,
    Plan,
    PlanInfo,
    ReviewTrigger,
)
from jusou.values.fiscal_year import FiscalYear
from jusou.values.numbers import round_half_up
from jusou.values.text import normalise_key, quote

_T = TypeVar("_T")
_NUMBERS_DIFFER = "番号や記号は、ほかの事業・指標・取組と同じに読めないように変えてください。"
_NAME_HINTS = {
    "id": "id は計画全体で1つずつ変えてください。",
    "number": _NUMBERS_DIFFER,
    "label": _NUMBERS_DIFFER,
    "mark": _NUMBERS_DIFFER,
    "former_ids": "前の id は、今の id や番号とも、ほかの指標の前の id とも違うものです。",
}


class Finding(NamedTuple):
    """What is wrong at a part of ``targets.yaml``, and how to mend it."""

    loc: Loc
    message: str
    hint: str


def contradictions(plan: Plan) -> Iterator[Finding]:
    """Yield what contradicts itself in a plan."""
    yield from _shared_names(plan)
    yield from _scale(plan.scale)
    if plan.review_trigger:
        yield from _trigger(plan.review_trigger)
    yield from _plan_years(plan.info)
    for place, programme in _placed((), "programmes", plan.programmes):
        for loc, indicator in _placed(place, "indicators", programme.indicators):
            yield from _figures(loc, indicator)
            yield from _baseline_years(loc, indicator, plan.info)
            yield from _own_years(loc, indicator, plan.years)
            yield from _combinations(loc, indicator)


def _placed(loc: Loc, name: str, parts: Iterable[_T]) -> list[tuple[Loc, _T]]:
    """Return each part of the list ``name``, which stands at ``loc``, with its own place."""
    return [((*loc, name, index), part) for index, part in enumerate(parts)]


def _shared_names(plan: Plan) -> Iterator[Finding]:
    """Whatever people may type to name a subject, in any spelling, must name one."""
    seen: dict[str, Name] = {}
    numbered_twice = set()
    for name in plan.names:
        first, field = seen.setdefault(normalise_key(name.text), name), str(name.field[0])
        if first.part == name.part:
            continue
        if field == "number":
            numbered_twice.add(name.part)
        if field in ("label", "mark") and name.part[:2] in numbered_twice:
            continue  # an echo
        both = "と".join(_titled(plan, each.part) for each in (first, name))
        message = f"{field}: {quote(name.text)}が重複しています（{both}）。"
        yield Finding((*name.part, *name.field), message, _NAME_HINTS[field])


def _titled(plan: Plan, part: Loc) -> str:
    """Return what a subject is called, given its place in the plan."""
    programme = plan.programmes[int(part[1])]
    if len(part) == 2:
        return f"「{programme.title}」"
    subject = getattr(programme, str(part[2]))[int(part[3])]
    label = subject.label if isinstance(subject, Indicator) else subject.mark or ""
    return f"「{programme.labelled(label)} {subject.name}」"


def _scale(scale: tuple[Grade, ...]) -> Iterator[Finding]:
    grades = _placed(("rating",), "scale", scale)
    seen: set[str] = set()
    for loc, grade in grades:
        if grade.mark in seen:
            message = f"mark: {quote(grade.mark)}が重複しています。"
            yield Finding((*loc, "mark"), message, "達成度の記号は1つずつ変えてください。")
        seen.add(grade.mark)
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


def _baseline_years(loc: Loc, indicator: Indicator, info: PlanInfo) -> Iterator[Finding]:
    """The years of an indicator's own baseline; those of the plan's are the plan's affair."""
    years = indicator.baseline_years
    if not years or years == (info.baseline_year,):
        return
    field = "year" if len(years) == 1 else "years"
    if years[-1] >= info.start:
        message = f"{field}: {years[-1]} が、最初の年度 {info.start} より前ではありません。"
        hint = "計画が始まる前の年度を書いてください。"
        yield Finding((*loc, "baseline", field), message, hint)
        return
    for earlier, later in pairwise(years):
        if later <= earlier:
            message = f"years: {later} が {earlier} より後ではありません。"
            hint = "平均した年度を1つずつ、古い順に並べてください。"
            yield Finding((*loc, "baseline", field), message, hint)


def _figures(loc: Loc, indicator: Indicator) -> Iterator[Finding]:
    """The figures of an indicator fit its decimals, its sign and its maximum."""
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
        if refusal := indicator.refusal(value):
            yield Finding((*loc, *part), f"{found}{refusal[0]}", refusal[1])


def _own_years(loc: Loc, indicator: Indicator, years: tuple[FiscalYear, ...]) -> Iterator[Finding]:
    """The years from and in which an indicator is measured leave something to review."""
    since = indicator.since
    if since and years and since > years[-1]:
        message = f"from: {since} が、計画の最後の年度 {years[-1]} より後です。"
        yield Finding((*loc, "from"), message, "この計画で始まる年度を書いてください。")
    if indicator.measured and not any(map(indicator.is_measured_in, indicator.measured)):
        message = f"measured: 調べる年度が、どれも from の {since} より前です。"
        yield Finding((*loc, "measured"), message, "from と measured を確かめてください。")


def _combinations(loc: Loc, indicator: Indicator) -> Iterator[Finding]:
    """What an indicator says of itself goes together."""
    direction, measure = indicator.direction, indicator.measure
    keep = direction is Direction.KEEP
    if indicator.tolerance and not keep:
        message = f"tolerance: 「{indicator.tolerance:f}」は direction: keep のときだけ書けます。"
        hint = "tolerance の行を取るか、direction を確かめてください。"
        yield Finding((*loc, "tolerance"), message, hint)
    if indicator.per and measure is not Measure.RATE:
        message = f"per: 「{indicator.per}」は measure: rate のときだけ書けます。"
        yield Finding((*loc, "per"), message, "per の行を取るか、measure を確かめてください。")
    if indicator.signed and keep:
        message = "signed: 負の数を使う指標は、direction: keep にできません。"
        hint = "direction を up、down、none のどれかにしてください。"
        yield Finding((*loc, "signed"), message, hint)
    elif indicator.attainment is Formula.PROGRESS and keep:
        message = "attainment: 「progress」は direction: keep の指標に使えません。"
        yield Finding((*loc, "attainment"), message, "attainment: ratio と書いてください。")
    elif indicator.attainment is Formula.RATIO and indicator.signed:
        message = "attainment: 「ratio」は、負の数を使う指標に使えません。"
        yield Finding((*loc, "attainment"), message, "attainment の行を取ってください。")
