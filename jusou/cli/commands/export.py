"""export: the figures of all years as one long table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jusou.cli import console
from jusou.cli.options import DateOption, choose, load, open_workspace, option, read_today
from jusou.errors import UsageError
from jusou.report.tables.long import csv_package, long_rows
from jusou.storage.output import write_files


def export(
    context: typer.Context,
    format: Annotated[str, option("--format", "csv|json", "出力の形式。省くと csv です。")] = "csv",
    output: Annotated[
        Path | None, option("--output", "フォルダー", "書き出し先。省くと reports/export です。")
    ] = None,
    date: DateOption = None,
) -> None:
    """Write the long table of all years as CSV, or print it as JSON."""
    kind, today = choose(format, ("csv", "json"), "--format"), read_today(date)
    dataset = load(context, today)
    if kind == "json":
        from jusou.report.writers.json import dump

        if output:
            hint = "--output を取るか、--format csv を指定してください。"
            raise UsageError("--output は --format csv のときだけ使えます。", hint)
        console.show_json(dump({"rows": long_rows(dataset, today)}))
        return
    folder = output or open_workspace(context).root / "reports" / "export"
    console.show_written("書き出しました:", write_files(folder, csv_package(dataset, today)))
    console.tell("次: Excel などで開いて使えます。列の説明は datapackage.json にあります。")
