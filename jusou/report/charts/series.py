"""The figures of the charts: which marks stand where, and the same in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from itertools import accumulate

from jusou.logs.dataset import Targets
from jusou.logs.schema import Basis
from jusou.plan.model import Indicator, Measure
from jusou.report import words
from jusou.report.charts.content import (
    Chart,
    Illustrated,
    Legend,
    Mark,
    Overview,
    OverviewCell,
    Panel,
    Style,
)
from jusou.report.document import NONE, Document
from jusou.report.fonts import printable
from jusou.review.assessment import Assessment, Status
from jusou.review.build import IndicatorReview, ProgrammeReview, Review
from jusou.values.fiscal_year import FiscalYear
from jusou.values.numbers import format_number

_STYLES = {
    Basis.FINAL: Style.FINAL,
    Basis.PRELIMINARY: Style.PRELIMINARY,
    Basis.FORECAST: Style.FORECAST,
    Basis.INTERIM: Style.INTERIM,
}
_LEGEND = {
    Style.TARGET: "目標",
    Style.FORMER: "変更前",
    Style.REFERENCE: "参考",
    Style.FINAL: "実績（確定）",
    Style.PRELIMINARY: "速報",
    Style.FORECAST: "見込",
    Style.INTERIM: "中間",
    Style.MISSING: "数値なし",
}


def illustrate(review: Review, document: Document) -> Illustrated:
    """Return a document with the charts of its review: a panel an indicator, and the overview."""
    charts = (_chart(review, each) for each in review.programmes)
    return Illustrated(
        **{field.name: getattr(document, field.name) for field in fields(Document)},
        overview=_overview(review),
        charts=tuple(sheet for chart in charts for sheet in _sheets(document, chart)),
    )


def _sheets(document: Document, chart: Chart) -> tuple[Chart, ...]:
    """Return a chart on as many sheets as its panels need, numbered if there are several."""
    from jusou.report.charts.draw import head_lines, spread

    counts = spread(*printable((chart, head_lines(document)))[0])
    if len(counts) == 1:
        return (chart,)
    ends = accumulate(counts)
    return tuple(
        _sheet(
            chart.programme,
            f"{chart.title}（{number}／{len(counts)}）",
            chart.columns,
            chart.panels[end - count : end],
            key=chart.key if number == 1 else f"{chart.key}.{number}",
        )
        for number, (count, end) in enumerate(zip(counts, ends, strict=True), 1)
    )


def _chart(review: Review, programme: ProgrammeReview) -> Chart:
    panels = tuple(_panel(review, each) for each in programme.indicators)
    count = len(panels)
    columns = count if count < 4 else 2 if count == 4 else 3 if count < 7 else 4
    key = programme.programme.id
    return _sheet(key, f"{programme.programme.title}　目標と実績", columns, panels, key=key)


def _sheet(
    programme: str, title: str, columns: int, panels: tuple[Panel, ...], *, key: str
) -> Chart:
    return Chart(
        key=key,
        programme=programme,
        title=title,
        columns=columns,
        panels=panels,
        legend=_legend(style for panel in panels for style, _ in panel.legend),
        alt=f"{title}のグラフ。" + "".join(panel.alt for panel in panels),
    )


def _legend(styles: Iterable[Style]) -> Legend:
    used = set(styles)
    return tuple((style, text) for style, text in _LEGEND.items() if style in used)


def _panel(review: Review, each: IndicatorReview) -> Panel:
    indicator = each.indicator
    targets = _targets(each.targets, indicator, Style.TARGET)
    replaced = {
        year: value for year, value in indicator.targets.items() if value != each.targets.get(year)
    }
    former = _targets(replaced, indicator, Style.FORMER)
    marks = _marks(review, each)
    is_rate = indicator.measure is Measure.RATE
    gaps = _gaps(review, each, marks)
    missing = [Style.MISSING for _, state in gaps if state == NONE]
    drawn = (*targets, *former, *marks)
    floor = _floor([mark.value for mark in drawn]) if is_rate else Decimal(0)
    panel = Panel(
        key=indicator.id,
        title=f"{each.label} {indicator.name}（{indicator.unit}）",
        unit=indicator.unit,
        years=tuple(str(year) for year in review.plan.log_years),
        marks=marks,
        targets=targets,
        former=former,
        gaps=gaps,
        is_rate=is_rate,
        floor=floor,
        note=f"縦軸は0ではなく{floor:f}{indicator.unit}から" if floor else "",
        legend=_legend([mark.style for mark in drawn] + missing),
        alt="",
    )
    return replace(panel, alt=_alt(panel))


def _targets(targets: Targets, indicator: Indicator, style: Style) -> tuple[Mark, ...]:
    return tuple(
        _mark(year, value, indicator, style) for year, value in targets.items() if value is not None
    )


def _floor(values: Sequence[Decimal]) -> Decimal:
    """Where the axis of a rate begins: zero, unless that would hide the differences."""
    low, high = min(values, default=Decimal(0)), max(values, default=Decimal(0))
    if low * 2 <= high:
        return Decimal(0)
    spread = high - low or high / 10
    step = Decimal(1).scaleb(spread.adjusted())
    return max((low - spread / 5) // step * step, Decimal(0))


def _marks(review: Review, each: IndicatorReview) -> tuple[Mark, ...]:
    indicator, plan = each.indicator, review.plan
    marks = []
    if plan.info.baseline_year and indicator.baseline is not None:
        year = plan.info.baseline_year
        marks.append(_mark(year, indicator.baseline, indicator, Style.REFERENCE))
    marks += [
        _mark(past.year, past.value, indicator, Style.REFERENCE)
        for past in each.earlier
        if past.value is not None
        and past.status is Status.REPORTED
        and str(past.year) not in {mark.year for mark in marks}
    ]
    marks += [
        _mark(past.year, past.value, indicator, _STYLES[past.row.basis])
        for past in each.years
        if past.value is not None and past.row
    ]
    return tuple(marks)


def _mark(year: FiscalYear, value: Decimal, indicator: Indicator, style: Style) -> Mark:
    return Mark(str(year), value, format_number(value, indicator.decimals), style)


def _gaps(
    review: Review, each: IndicatorReview, marks: tuple[Mark, ...]
) -> tuple[tuple[str, str], ...]:
    """Say why a year has no mark: 「—」 before the plan, the state in words inside it."""
    states = dict.fromkeys(map(str, review.plan.log_years), NONE)
    states |= {str(past.year): words.STATES.get(past.status, NONE) for past in each.years}
    marked = {mark.year for mark in marks}
    return tuple(
        (str(year), states[str(year)])
        for year in review.plan.log_years
        if year <= review.year and str(year) not in marked
    )


def _alt(panel: Panel) -> str:
    said = {mark.year: _said(mark, Style.FINAL) for mark in panel.marks}
    said |= {
        year: f"{year} {words.NO_FIGURE.aloud if state == NONE else state}"
        for year, state in panel.gaps
    }
    actuals = "、".join(said[year] for year in panel.years if year in said)
    aims = "、".join(_said(mark, Style.TARGET) for mark in panel.targets + panel.former)
    return f"{panel.title}: 実績は{actuals or 'なし'}。目標は{aims or 'なし'}。"


def _said(mark: Mark, plain: Style) -> str:
    kind = "" if mark.style is plain else f"（{_LEGEND[mark.style]}）"
    return f"{mark.year} {mark.text}{kind}"


def _overview(review: Review) -> Overview:
    """Return indicator × year with the attainment and rating of each year so far."""
    groups = tuple(
        (
            programme.programme.title,
            tuple(_overview_row(review, each) for each in programme.indicators),
        )
        for programme in review.programmes
    )
    first = review.plan.years[0]
    span = f"{first}から{review.year}まで" if review.year > first else f"{first}"
    title = f"達成率と達成度の一覧（{span}）"
    said = [
        f"{name}: {'、'.join(f'{year} {cell.text}' for year, cell in _by_year(review, cells))}。"
        for _, rows in groups
        for name, cells in rows
    ]
    scale = "、".join(f"{each.mark} {each.label}" for each in review.plan.scale)
    return Overview(
        title=title,
        years=tuple(str(year) for year in review.plan.years),
        groups=groups,
        grades=len(review.plan.scale),
        legend=f"数字は達成率（％）、文字は達成度（{scale}）。"
        "濃い網かけほど達成度が低い。空欄: 今後の年度",
        alt=f"{title}。{''.join(said)}",
    )


def _by_year(
    review: Review, cells: tuple[OverviewCell, ...]
) -> list[tuple[FiscalYear, OverviewCell]]:
    return [
        (year, cell)
        for year, cell in zip(review.plan.years, cells, strict=True)
        if year <= review.year
    ]


def _overview_row(review: Review, each: IndicatorReview) -> tuple[str, tuple[OverviewCell, ...]]:
    known = {past.year: past for past in each.years}
    cells = tuple(
        _overview_cell(review, known[year]) if year in known else OverviewCell("", "", None)
        for year in review.plan.years
    )
    return f"{each.label} {each.indicator.name}", cells


def _overview_cell(review: Review, past: Assessment) -> OverviewCell:
    if past.rating is None or past.shown is None:
        state = words.STATES.get(past.status) or words.attainment_cell(past).text
        return OverviewCell("", state, None)
    marks = [grade.mark for grade in review.plan.scale]
    return OverviewCell(
        words.percent(past.shown).text, words.rating_cell(past).text, marks.index(past.rating)
    )
