"""list and schema: the plan as it was published, and what a plan may say."""

from __future__ import annotations

import typer

from jusou.cli import console
from jusou.cli.options import FormatOption, open_workspace, wants_json


def list_(context: typer.Context, format: FormatOption = "text") -> None:
    """Show the plan: programmes, indicators, targets as published, and their changes."""
    as_json = wants_json(format)
    workspace = open_workspace(context)
    plan = workspace.plan()
    if as_json:
        from jusou.report.writers.json import dump, plan_json

        console.show_json(dump(plan_json(plan)))
        return
    from jusou.report.sections.revisions import revision_table
    from jusou.report.tables.listing import plan_tables
    from jusou.storage.loading import read_revisions

    changes = revision_table(plan, read_revisions(workspace.root, plan))
    tables = [*plan_tables(plan), *([changes] if changes else [])]
    title = f"{plan.info.title}{'（公表時の目標。変更は最後の表）' if changes else ''}"
    console.show_tables(title, tables, sample=plan.info.sample)


def schema() -> None:
    """Print the JSON Schema of ``targets.yaml``."""
    from jusou.plan.shape import plan_schema
    from jusou.report.writers.json import dump

    console.show_json(dump(plan_schema()))
