"""Review → the content of its charts: which values stand where, and the same in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from itertools import accumulate, pairwise

from jusou.logs.schema import Basis
from jusou.plan.model import Indicator, Measure
from jusou.plan.targets import Targets
from jusou.report import words
from jusou.report.charts.content import (
    Chart,
    Datum,
    Illustrated,
    Legend,
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
    return Illustrated(
        **{field.name: getattr(document, field.name) for field in fields(Document)},
        overview=_overview(review),
        charts=tuple(
            sheet for each in review.programmes for sheet in _sheets(review, document, each)
        ),
    )


def _sheets(review: Review, document: Document, each: ProgrammeReview) -> list[Chart]:
    """Return a programme's chart, on as many sheets as its panels need; several are numbered."""
    from jusou.report.charts.draw import head_lines, spread

    panels = tuple(_panel(review, indicator) for indicator in each.indicators)
    count = len(panels)
    columns = count if count < 4 else 2 if count == 4 else 3 if count < 7 else 4
    programme, title = each.programme.id, f"{each.programme.title}　目標と実績"

    def sheet(key: str, title: str, panels: tuple[Panel, ...]) -> Chart:
        legend = _legend(style for panel in panels for style, _ in panel.legend)
        alt = f"{title}のグラフ。" + "".join(panel.alt for panel in panels)
        return Chart(key, programme, title, columns, panels, legend, alt)

    whole = sheet(programme, title, panels)
    ends = list(accumulate(spread(*printable((whole, head_lines(document)))[0])))
    if len(ends) == 1:
        return [whole]
    return [
        sheet(
            programme if number == 1 else f"{programme}.{number}",
            f"{title}（{number}／{len(ends)}）",
            panels[start:end],
        )
        for number, (start, end) in enumerate(pairwise((0, *ends)), 1)
    ]


def _legend(styles: Iterable[Style]) -> Legend:
    used = set(styles)
    return tuple((style, text) for style, text in _LEGEND.items() if style in used)


def _panel(review: Review, each: IndicatorReview) -> Panel:
    indicator = each.indicator
    replaced = {
        year: value for year, value in indicator.targets.items() if value != each.targets.get(year)
    }
    there = {year: value for year, value in each.targets.items() if year in review.plan.log_years}
    targets = _targets(there, indicator, Style.TARGET)
    former = _targets(replaced, indicator, Style.FORMER)
    actuals = _actuals(review, each)
    gaps = _gaps(review, each, actuals)
    drawn = (*targets, *former, *actuals)
    styles = [datum.style for datum in drawn]
    styles += [Style.MISSING for _, state in gaps if state == NONE]
    is_rate = indicator.measure is Measure.RATE
    floor = _floor([datum.value for datum in drawn]) if is_rate else Decimal(0)
    panel = Panel(
        key=indicator.id,
        title=words.title_cell(each).text,
        years=tuple(map(str, review.plan.log_years)),
        actuals=actuals,
        targets=targets,
        former=former,
        gaps=gaps,
        is_rate=is_rate,
        floor=floor,
        note=f"縦軸は0ではなく{floor:f}{indicator.unit}から" if floor else "",
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


def _floor(values: Sequence[Decimal]) -> Decimal:
    """Where the axis of a rate begins: zero, unless that would hide the differences."""
    low, high = min(values, default=Decimal(0)), max(values, default=Decimal(0))
    if low * 2 <= high:
        return Decimal(0)
    spread = high - low or high / 10
    step = Decimal(1).scaleb(spread.adjusted())
    return max((low - spread / 5) // step * step, Decimal(0))


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


def _overview(review: Review) -> Overview:
    """Return indicator × year with the attainment and rating of each year so far."""
    plan = review.plan
    groups = tuple(
        (
            each.programme.title,
            tuple(
                (words.name_cell(one).text, _overview_cells(review, one)) for one in each.indicators
            ),
        )
        for each in review.programmes
    )
    first = plan.years[0]
    span = f"{first}から{review.year}まで" if review.year > first else f"{first}"
    title = f"達成率と達成度の一覧（{span}）"
    so_far = [str(year) for year in plan.years if year <= review.year]
    said = []
    for name, cells in (row for _, rows in groups for row in rows):
        texts = (f"{year} {cell.text}" for year, cell in zip(so_far, cells, strict=False))
        said.append(f"{name}: {'、'.join(texts)}。")
    scale = "、".join(f"{grade.mark} {grade.label}" for grade in plan.scale)
    return Overview(
        title=title,
        years=tuple(map(str, plan.years)),
        groups=groups,
        grades=len(plan.scale),
        legend=f"数字は達成率（％）、文字は達成度（{scale}）。"
        "濃い網かけほど達成度が低い。空欄: 今後の年度",
        alt=f"{title}。{''.join(said)}",
    )


def _overview_cells(review: Review, each: IndicatorReview) -> tuple[OverviewCell, ...]:
    known = {past.year: _overview_cell(review, each, past) for past in each.years}
    return tuple(known.get(year, OverviewCell("", "", None)) for year in review.plan.years)


def _overview_cell(review: Review, each: IndicatorReview, past: Assessment) -> OverviewCell:
    if past.rating is None or past.shown is None:
        state = words.state(past, each.indicator) or words.unrated_words(past)
        return OverviewCell("", state or words.attainment_cell(past).text, None)
    marks = [grade.mark for grade in review.plan.scale]
    return OverviewCell(
        words.percent(past.shown).text, words.rating_cell(past).text, marks.index(past.rating)
    )
