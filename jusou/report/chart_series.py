"""The figures of the charts: which marks stand where, and the same in words."""

from __future__ import annotations

from decimal import Decimal

from jusou.assessment import Assessment, Status
from jusou.fiscal_year import FiscalYear
from jusou.numbers import format_number
from jusou.plan import Indicator, Measure
from jusou.records import Basis
from jusou.report import words
from jusou.report.document import (
    NONE,
    Chart,
    Mark,
    Overview,
    OverviewCell,
    Panel,
    Style,
)
from jusou.review import IndicatorReview, ProgrammeReview, Review

_STYLES = {
    Basis.FINAL: Style.FINAL,
    Basis.PRELIMINARY: Style.PRELIMINARY,
    Basis.FORECAST: Style.FORECAST,
    Basis.INTERIM: Style.INTERIM,
}
_LEGEND = {
    Style.REFERENCE: "参考",
    Style.FINAL: "実績（確定）",
    Style.PRELIMINARY: "実績（速報）",
    Style.FORECAST: "見込",
    Style.INTERIM: "中間",
}


def build_charts(review: Review) -> tuple[Chart, ...]:
    """Return one sheet a programme, a panel an indicator."""
    return tuple(_chart(review, each) for each in review.programmes)


def _chart(review: Review, programme: ProgrammeReview) -> Chart:
    panels = tuple(_panel(review, each) for each in programme.indicators)
    used = {mark.style for panel in panels for mark in panel.marks}
    title = f"{programme.programme.title}　目標と実績"
    return Chart(
        key=programme.programme.id,
        title=title,
        panels=panels,
        legend=tuple((style, text) for style, text in _LEGEND.items() if style in used),
        alt=f"{title}のグラフ。" + "".join(panel.alt for panel in panels),
    )


def _panel(review: Review, each: IndicatorReview) -> Panel:
    indicator = each.indicator
    targets = tuple(
        _mark(year, value, indicator, Style.FINAL)
        for year, value in each.targets.items()
        if value is not None
    )
    former = tuple(
        _mark(year, value, indicator, Style.REFERENCE)
        for year, value in indicator.targets.items()
        if value is not None and value != each.targets.get(year)
    )
    marks = _marks(review, each)
    is_rate = indicator.measure is Measure.RATE
    title = f"{each.label} {indicator.name}（{indicator.unit}）"
    return Panel(
        key=indicator.id,
        title=title,
        unit=indicator.unit,
        years=tuple(str(year) for year in review.plan.log_years),
        marks=marks,
        targets=targets,
        former=former,
        from_zero=not is_rate,
        note="縦軸は0から始まっていません" if is_rate else "",
        alt=_alt(title, marks, targets),
    )


def _marks(review: Review, each: IndicatorReview) -> tuple[Mark, ...]:
    indicator, plan = each.indicator, review.plan
    marks = []
    if plan.info.baseline_year and indicator.baseline is not None:
        year = plan.info.baseline_year
        marks.append(_mark(year, indicator.baseline, indicator, Style.REFERENCE))
    marks += [
        _mark(past.year, past.value, indicator, Style.REFERENCE)
        for past in each.earlier
        if past.value is not None and past.status is Status.REPORTED
    ]
    marks += [
        _mark(past.year, past.value, indicator, _STYLES[past.row.basis])
        for past in each.years
        if past.value is not None and past.row
    ]
    return tuple(marks)


def _mark(year: FiscalYear, value: Decimal, indicator: Indicator, style: Style) -> Mark:
    return Mark(str(year), value, format_number(value, indicator.decimals), style)


def _alt(title: str, marks: tuple[Mark, ...], targets: tuple[Mark, ...]) -> str:
    shown = "、".join(
        f"{mark.year} {mark.text}"
        + ("" if mark.style is Style.FINAL else f"（{_LEGEND[mark.style]}）")
        for mark in marks
    )
    aims = "、".join(f"{mark.year} {mark.text}" for mark in targets)
    return f"{title}: 実績は{shown or 'なし'}。目標は{aims or 'なし'}。"


def build_overview(review: Review) -> Overview:
    """Return indicator × year with the attainment and rating of each year so far."""
    groups = tuple(
        (
            programme.programme.title,
            tuple(_overview_row(review, each) for each in programme.indicators),
        )
        for programme in review.programmes
    )
    title = f"達成率と達成度の一覧（{review.plan.years[0]}から{review.year}まで）"
    said = [
        f"{name}: {'、'.join(f'{year} {cell.text}' for year, cell in _by_year(review, cells))}。"
        for _, rows in groups
        for name, cells in rows
    ]
    scale = "、".join(f"{each.mark} {each.label}" for each in review.plan.rating.scale)
    return Overview(
        title=title,
        years=tuple(str(year) for year in review.plan.years),
        groups=groups,
        legend=f"数字は達成率（％）、文字は達成度（{scale}）。—: 数値なし",
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
        _overview_cell(review, known[year]) if year in known else OverviewCell("", None)
        for year in review.plan.years
    )
    return f"{each.label} {each.indicator.name}", cells


def _overview_cell(review: Review, past: Assessment) -> OverviewCell:
    if past.rating is None or past.shown is None:
        text = words.attainment_cell(past).text
        state = words.STATES.get(past.status, "")
        return OverviewCell(state or text or NONE, None)
    marks = [grade.mark for grade in review.plan.rating.scale]
    text = f"{words.percent(past.shown).text} {words.rating_cell(past).text}"
    return OverviewCell(text, marks.index(past.rating))
