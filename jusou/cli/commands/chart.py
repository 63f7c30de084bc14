"""chart: the charts alone, as PNG and SVG."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jusou.cli import console
from jusou.cli.options import (
    DateOption,
    YearAndIndicators,
    choose_some,
    flag,
    load,
    mention_replaced,
    open_workspace,
    option,
    read_today,
)
from jusou.errors import UsageError
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import normalise_key

if TYPE_CHECKING:
    from jusou.logs.dataset import Dataset
    from jusou.plan.model import Plan
    from jusou.report.charts.content import Illustrated

FORMATS = ("png", "svg")


def chart(
    context: typer.Context,
    words: YearAndIndicators = None,
    each: Annotated[
        bool, flag("--each", "全体と事業ごとのグラフに加えて、すべての指標を1つずつ。")
    ] = False,
    format: Annotated[
        str, option("--format", "png,svg", "画像の形式。省くと両方です。")
    ] = "png,svg",
    output: Annotated[
        Path | None,
        option("--output", "フォルダー", "書き出し先。省くと reports/年度/charts です。"),
    ] = None,
    date: DateOption = None,
) -> None:
    """Write the charts alone, or those of the indicators named."""
    from jusou.logs.cells import find_indicator
    from jusou.report.charts.series import illustrate
    from jusou.report.fonts import printable
    from jusou.report.sections.assembly import build_document
    from jusou.review.build import build_review
    from jusou.storage.output import write_files

    formats, today = choose_some(format, FORMATS, "--format"), read_today(date)
    dataset = load(context, today)
    given, names = _split(dataset.plan, words or [])
    if each and names:
        raise UsageError("--each と指標は一緒に使えません。", "どちらかを取ってください。")
    year = given or _latest(dataset)
    chosen = [find_indicator(dataset.plan, name).id for name in names]
    review = build_review(dataset, year, today)
    document = illustrate(review, build_document(review))
    if not given:
        console.tell(f"年度の指定がないので、{year}（{year.long_name}）のグラフを作ります。")
    drawn, replaced = printable(replace(document, sections=()))
    mention_replaced(replaced)
    pictures = _draw(drawn, chosen, each, formats)
    folder = output or open_workspace(context).root / "reports" / str(year) / "charts"
    written = write_files(folder, pictures)
    console.show_written("書き出しました:", written)


def _split(plan: Plan, words: Sequence[str]) -> tuple[FiscalYear | None, Sequence[str]]:
    """Tell the year, if the first word is one, from the indicators; h1 may be the id of one."""
    if words and normalise_key(words[0]) not in plan.keys:
        with suppress(ValueError):
            return plan.own(FiscalYear.parse(words[0])), words[1:]
    return None, words


def _latest(dataset: Dataset) -> FiscalYear:
    """The last year of the plan with a row, else its first."""
    plan = dataset.plan
    return max(
        (year for year, _ in dataset.standings if year in plan.years), default=plan.info.start
    )


def _draw(
    document: Illustrated, chosen: Sequence[str], each: bool, formats: Sequence[str]
) -> dict[str, bytes]:
    """Draw the sheets unless indicators are chosen, and the single indicators asked for."""
    from jusou.report.charts.draw import draw_all, draw_panel, head_lines
    from jusou.report.charts.png import render_pngs

    drawings = {} if chosen else draw_all(document)
    lines = head_lines(document)
    for panel in (panel for chart in document.charts for panel in chart.panels):
        if each or panel.key in chosen:
            drawings[panel.key] = draw_panel(panel, lines)
    pngs = render_pngs(drawings) if "png" in formats else {}
    pictures = {"png": pngs, "svg": drawings}
    return {f"{key}.{kind}": pictures[kind][key] for key in drawings for kind in formats}
