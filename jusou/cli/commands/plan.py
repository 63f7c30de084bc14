"""list and schema: the plan as it was published, and what a plan may say."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812 - `date` is the option's name
from pathlib import Path
from typing import Annotated

import typer

from jusou.cli import console
from jusou.cli.options import DateOption, choose, open_workspace, option, read_today
from jusou.errors import UsageError
from jusou.plan.model import Plan
from jusou.storage.output import write_files

_FILES = ("csv", "xlsx")


def list_(
    context: typer.Context,
    format: Annotated[
        str, option("--format", "text|json|csv|xlsx", "出力の形式。省くと text です。")
    ] = "text",
    output: Annotated[
        Path | None,
        option("--output", "フォルダー", "csv と xlsx の書き出し先。省くと reports/export です。"),
    ] = None,
    date: DateOption = None,
) -> None:
    """Show the plan: programmes, indicators, targets as published, and their changes.

    As csv or xlsx it is written as the table that ``init --from`` reads.
    """
    kind, today = choose(format, ("text", "json", *_FILES), "--format"), read_today(date)
    workspace = open_workspace(context)
    if output and kind not in _FILES:
        hint = "--output を取るか、--format csv か --format xlsx を指定してください。"
        raise UsageError("--output は、csv と xlsx のときだけ使えます。", hint)
    plan = workspace.plan()
    if kind in _FILES:
        folder = output or workspace.root / "reports" / "export"
        files = {f"plan.{kind}": _table(plan, kind, today)}
        console.show_written("書き出しました:", write_files(folder, files))
        return
    if kind == "json":
        from jusou.report.writers.json import plan_json

        console.show_json(plan_json(plan))
        return
    from jusou.report.sections.revisions import revision_table
    from jusou.report.tables.listing import plan_tables
    from jusou.storage.loading import read_revisions

    revisions = read_revisions(workspace.root, plan)
    changes = revision_table(plan, revisions)
    tables = [*plan_tables(plan, revisions), *([changes] if changes else [])]
    title = f"{plan.info.title}{'（公表時の目標。変更は最後の表）' if changes else ''}"
    console.show_tables(title, tables, sample=plan.info.sample)


def _table(plan: Plan, kind: str, today: Date) -> bytes:
    from jusou.plan_table.writing import plan_table, render_plan_csv
    from jusou.report.workbook.plan_table import render_plan_table

    table = plan_table(plan)
    return render_plan_table(table, today) if kind == "xlsx" else render_plan_csv(table)


def schema() -> None:
    """Print the JSON Schema of ``targets.yaml``."""
    from jusou.plan.shape import plan_schema

    console.show_json(plan_schema())
