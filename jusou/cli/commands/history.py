"""history: every row that was ever recorded for one indicator."""

from __future__ import annotations

import typer

from jusou.cli import console
from jusou.cli.options import FormatOption, IndicatorArgument, mention, open_workspace, wants_json
from jusou.logs.cells import find_indicator
from jusou.report.sections.revisions import revision_table
from jusou.report.tables.history import history_json, history_table


def history(
    context: typer.Context, indicator: IndicatorArgument, format: FormatOption = "text"
) -> None:
    """Show every row that was ever recorded for one indicator, and the changes of its targets."""
    as_json = wants_json(format)
    dataset = open_workspace(context).load()
    found = find_indicator(dataset.plan, indicator)
    mention(dataset.warnings)
    rows = [row for row in dataset.rows.actuals if row.indicator == found.id]
    if as_json:
        console.show_json(history_json(dataset, found, rows))
        return
    revisions = [row for row in dataset.rows.revisions if row.indicator == found.id]
    changes = revision_table(dataset.plan, revisions)
    tables = [history_table(dataset, found, rows), *([changes] if changes else [])]
    console.show_tables("記録の履歴", tables, sample=dataset.plan.info.sample)
