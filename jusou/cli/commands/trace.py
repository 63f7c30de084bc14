"""trace: where a figure comes from."""

from __future__ import annotations

import typer

from jusou.cli import console
from jusou.cli.options import (
    DateOption,
    FormatOption,
    IndicatorArgument,
    YearArgument,
    mention,
    mention_later,
    mention_order,
    open_workspace,
    read_today,
    wants_json,
)
from jusou.workspace import read_year


def trace(
    context: typer.Context,
    year: YearArgument,
    indicator: IndicatorArgument,
    format: FormatOption = "text",
    date: DateOption = None,
) -> None:
    """Show how a figure was worked out, from which rows, and where it was printed."""
    as_json, chosen, today = wants_json(format), read_year(year), read_today(date)
    found = open_workspace(context).trace(chosen, indicator, today=today)
    mention_order(found.dataset)
    mention_later(found.dataset, today, found.review.year)
    mention(found.dataset.warnings)
    from jusou.report.tables.trace import trace_document, trace_json

    if as_json:
        console.show_json(trace_json(found))
        return
    from jusou.report.writers.terminal import render_screen

    console.show(render_screen(trace_document(found), console.width()))
