"""Review → the content of its charts: which values stand where, and the same in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from decimal import ROUND_FLOOR, Decimal
from itertools import accumulate, groupby, pairwise
from operator import itemgetter

from jusou.logs.schema import Basis
from jusou.plan.model import Between, Indicator, Measure
from jusou.plan.targets import Targets, aim_of, last_known
from jusou.report import words
from jusou.report.charts.content import (
    CUT,
    AttainmentSheet,
    Bar,
    Chart,
    Datum,
    Illustrated,
    Legend,
    Panel,
    Style,
    Way,
)
from jusou.report.document import NONE, Document
from jusou.report.fonts import printable
from jusou.review.assessment import Status
from jusou.review.attainment import Judgement
from jusou.review.build import IndicatorReview, ProgrammeReview, Review
from jusou.values.fiscal_year import FiscalYear

_STYLES = {
    Basis.FINAL: Style.FINAL,
    Basis.PRELIMINARY: Style.PRELIMINARY,
    Basis.FORECAST: Style.FORECAST,
    Basis.INTERIM: Style.INTERIM,
}
_LEGEND = {
    Style.TARGET: "目標",
    Style.FORMER: "変更前",
    Style.WAY: "次の目標へ",
    Style.REFERENCE: "参考",
    Style.FINAL: "実績（確定）",
    Style.PRELIMINARY: "速報",
    Style.FORECAST: "見込",
    Style.INTERIM: "中間",
    Style.MISSING: "数値なし",
}
_BARS = {
    Style.MET: "達成（100％以上）",
    Style.UNIMPROVED: "達成（{base}から改善なし）",
    Style.REVISED: "達成（年度途中に変更した目標による）",
    Style.UNMET: "未達",
    Style.FORECAST: "見込",
    Style.CUT: f"{CUT}％から先は省略",
}
ATTAINMENT = "attainment"


def illustrate(review: Review, document: Document) -> Illustrated:
    """Return a document with the charts of its review: a bar and a panel an indicator."""
    return Illustrated(
        **{field.name: getattr(document, field.name) for field in fields(Document)},
        attainment=_attainment(review, document),
        charts=tuple(
            sheet for each in review.programmes for sheet in _sheets(review, document, each)
        ),
    )


def without_charts(document: Document) -> Illustrated:
    """Return a document that has no charts, for the writers that could hold some."""
    own = {field.name: getattr(document, field.name) for field in fields(Document)}
    return Illustrated(**own, attainment=(), charts=())


def _sheets(review: Review, document: Document, each: ProgrammeReview) -> list[Chart]:
    """Return a programme's chart, on as many sheets as its panels need; several are numbered."""
    from jusou.report.charts.draw import head_lines, spread

    panels = tuple(_panel(review, indicator) for indicator in each.indicators)
    count = len(panels)
    columns = count if count < 4 else 2 if count == 4 else 3 if count < 7 else 4
    programme, title = each.programme.id, f"{each.programme.title}　目標と実績"

    def sheet(key: str, title: str, panels: tuple[Panel, ...]) -> Chart:
        legend = _legend(style for panel in panels for style, _ in panel.legend)
        return Chart(key, programme, title, columns, panels, legend)

    whole = sheet(programme, title, panels)
    counts = spread(*printable((whole, head_lines(document)))[0])
    return [
        sheet(key, title, panels[part]) for key, title, part in _numbered(programme, title, counts)
    ]


def _numbered(key: str, title: str, counts: Sequence[int]) -> Iterator[tuple[str, str, slice]]:
    """Yield the key and title of each sheet and what stands on it; several are numbered."""
    if len(counts) < 2:
        yield key, title, slice(None)
        return
    for number, (start, end) in enumerate(pairwise((0, *accumulate(counts))), 1):
        own = key if number == 1 else f"{key}.{number}"
        yield own, f"{title}（{number}／{len(counts)}）", slice(start, end)


def _legend(styles: Iterable[Style]) -> Legend:
    used = set(styles)
    return tuple((style, text) for style, text in _LEGEND.items() if style in used)


def _panel(review: Review, each: IndicatorReview) -> Panel:
    indicator = each.indicator
    published, in_force = (
        {year: value for year, value in targets.items() if year in review.plan.log_years}
        for targets in (indicator.targets, each.targets)
    )
    # A target that went with its indicator has no other in its place.
    replaced = {
        year: value for year, value in published.items() if in_force[year] not in (None, value)
    }
    targets = _targets(in_force, indicator, Style.TARGET)
    former = _targets(replaced, indicator, Style.FORMER)
    actuals = _actuals(review, each)
    gaps = _gaps(review, each, actuals)
    drawn = (*targets, *former, *actuals)
    styles = [datum.style for datum in drawn]
    styles += [Style.MISSING for _, state in gaps if state == NONE]
    is_rate = indicator.measure is Measure.RATE
    floor = _floor([datum.value for datum in drawn], is_rate=is_rate)
    ways = _ways(review, each)
    styles += [Style.WAY for _ in ways]
    panel = Panel(
        key=indicator.id,
        title=words.title_cell(each).text,
        years=tuple(map(str, review.plan.log_years)),
        actuals=actuals,
        targets=targets,
        former=former,
        ways=ways,
        gaps=gaps,
        is_rate=is_rate,
        floor=floor,
        note=_note(review, each, floor),
        breaks=tuple(map(str, indicator.redefined)),
        legend=_legend(styles),
        alt="",
    )
    return replace(panel, alt=_alt(panel))


def _targets(targets: Targets, indicator: Indicator, style: Style) -> tuple[Datum, ...]:
    return tuple(
        _datum(year, value, indicator, style)
        for year, value in targets.items()
        if value is not None
    )


def _datum(year: FiscalYear, value: Decimal, indicator: Indicator, style: Style) -> Datum:
    return Datum(str(year), value, words.number(value, indicator).text, style)


def _actuals(review: Review, each: IndicatorReview) -> tuple[Datum, ...]:
    """Return the values of the years before the plan, as references, and of its own."""
    indicator = each.indicator
    at = indicator.baseline_years[-1:]
    stated = {year: indicator.baseline for year in at if indicator.baseline is not None}
    recorded = {past.year: past.value for past in each.earlier if past.status is Status.REPORTED}
    references = dict(sorted({**recorded, **stated}.items()))
    own = (
        _datum(past.year, past.value, indicator, _STYLES[past.row.basis])
        for past in each.years
        if past.value is not None and past.row
    )
    return (*_targets(references, indicator, Style.REFERENCE), *own)


def _gaps(
    review: Review, each: IndicatorReview, actuals: Sequence[Datum]
) -> tuple[tuple[str, str], ...]:
    """Say why a year has no value: 「—」 before the plan, the state in words inside it."""
    states = {past.year: words.state(past, each.indicator) or NONE for past in each.years}
    known = {datum.year for datum in actuals}
    return tuple(
        (str(year), states.get(year, NONE))
        for year in review.plan.log_years
        if year <= review.year and str(year) not in known
    )


def _floor(values: Sequence[Decimal], *, is_rate: bool) -> Decimal:
    """Where an axis begins: zero, unless a figure is below it, or it would hide a rate's moves."""
    low, high = min(values, default=Decimal(0)), max(values, default=Decimal(0))
    if low >= 0 and (low * 2 <= high or not is_rate):
        return Decimal(0)
    spread = max(high, Decimal(0)) - low if low < 0 else high - low or high / 10
    step = Decimal(1).scaleb(spread.adjusted())
    steps = ((low - spread / 5) / step).to_integral_value(ROUND_FLOOR)
    return steps * step if low < 0 else max(steps * step, Decimal(0))


def _ways(review: Review, each: IndicatorReview) -> tuple[Way, ...]:
    """Return the ways to targets over years of the plan without one, from what was last known.

    Where nothing was, or where the next target counts, the way is level from the first such year.
    """
    plan, indicator = review.plan, each.indicator
    given = {year: value for year, value in each.targets.items() if value is not None}
    ways = []
    for year in plan.years:
        aim = aim_of(indicator, each.targets, year)
        starts = year == plan.years[0] or year.previous in given
        if year in given or not starts or aim.following is None or aim.ahead is None:
            continue
        known = last_known(indicator, each.targets, year)
        level = known is None or indicator.between is Between.NEXT
        start, value = (year, aim.ahead) if known is None or level else known
        years = plan.log_years
        if start in years and aim.following in years:
            ways.append(Way(str(start), value, str(aim.following), aim.ahead))
    return tuple(ways)


def _note(review: Review, each: IndicatorReview, floor: Decimal) -> str:
    """Return where a rate's axis begins, targets beyond the years shown, a change of counting."""
    indicator, years = each.indicator, review.plan.log_years
    begins = f"縦軸は0ではなく{floor:f}{indicator.unit}から" if floor > 0 else ""
    beyond = (
        f"{year}目標 {words.amount(value, indicator).text}"
        for year, value in each.targets.items()
        if year > years[-1] and value is not None
    )
    redefined = (f"{year}から集計方法を変更" for year in indicator.redefined)
    return "　".join(filter(None, (begins, *beyond, *redefined)))


def _alt(panel: Panel) -> str:
    said = {datum.year: _said(datum, Style.FINAL) for datum in panel.actuals}
    for year, state in panel.gaps:
        said[year] = f"{year} {words.NO_FIGURE.aloud if state == NONE else state}"
    actuals = "、".join(said[year] for year in panel.years if year in said)
    aims = "、".join(_said(datum, Style.TARGET) for datum in panel.targets + panel.former)
    return f"{panel.title}: 実績は{actuals or 'なし'}。目標は{aims or 'なし'}。"


def _said(datum: Datum, plain: Style) -> str:
    kind = "" if datum.style is plain else f"（{_LEGEND[datum.style]}）"
    return f"{datum.year} {datum.text}{kind}"


def _attainment(review: Review, document: Document) -> tuple[AttainmentSheet, ...]:
    """Return the attainment of every indicator, on as many sheets as that needs."""
    from jusou.report.charts.attainment import spread_bars
    from jusou.report.charts.draw import head_lines

    title = f"全指標の達成率（{review.year.long_name}）"
    bars = [
        (each.programme.title, _bar(one)) for each in review.programmes for one in each.indicators
    ]
    used = {bar.style for _, bar in bars}
    used |= {Style.CUT for _, bar in bars if bar.value is not None and bar.value > CUT}
    base = review.plan.baseline_name
    legend = tuple(
        (style, text.format(base=base)) for style, text in _BARS.items() if style in used
    )
    counts = spread_bars(*printable((_groups(bars), title, legend, head_lines(document)))[0])
    return tuple(
        AttainmentSheet(key, title, _groups(bars[part]), legend)
        for key, title, part in _numbered(ATTAINMENT, title, counts)
    )


def _groups(bars: Iterable[tuple[str, Bar]]) -> tuple[tuple[str, tuple[Bar, ...]], ...]:
    by_programme = groupby(bars, key=itemgetter(0))
    return tuple((programme, tuple(bar for _, bar in run)) for programme, run in by_programme)


def _bar(each: IndicatorReview) -> Bar:
    current, name = each.current, words.name_cell(each).text
    if current.rating is None or current.shown is None:
        state = words.state(current, each.indicator)
        if current.plan_ratio is None:
            state = state or words.unrated_words(current)
        return Bar(name, None, state or words.attainment_cell(current).text, "", Style.MISSING)
    style = Style.UNMET
    if current.status is Status.FORECAST:
        style = Style.FORECAST
    elif each.is_met_by_revision:
        style = Style.REVISED
    elif current.is_met:
        improved = each.against_baseline in (None, Judgement.IMPROVED)
        style = Style.MET if improved else Style.UNIMPROVED
    percent = words.percent(current.shown, "％").text
    return Bar(name, current.shown, percent, words.rating_cell(current).text, style)
