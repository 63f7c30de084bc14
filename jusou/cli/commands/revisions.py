"""revisions: the 新旧対照表, of every decision or of one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jusou.cli import console
from jusou.cli.options import DateOption, choose_some, open_workspace, option, read_today
from jusou.entry.revising import find_amendment
from jusou.logs.amendments import amendments
from jusou.report.sections.revisions import revisions_document


def revisions(
    context: typer.Context,
    number: Annotated[
        str | None, typer.Argument(metavar="回", help="何回目の変更か（省くと、すべて）。")
    ] = None,
    format: Annotated[
        str,
        option(
            "--format",
            "text|pdf,xlsx,md",
            "画面（text）か、書き出すファイルの形式。省くと text です。",
        ),
    ] = "text",
    output: Annotated[
        Path | None, option("--output", "フォルダー", "書き出し先。省くと reports/revisions です。")
    ] = None,
    date: DateOption = None,
) -> None:
    """Show the 新旧対照表 of every decision or of one, or write it as files."""
    from jusou.report.pack import paper_files
    from jusou.report.writers.terminal import render_screen
    from jusou.storage.output import write_files

    chosen, today = choose_some(format, ("text", "pdf", "xlsx", "md"), "--format"), read_today(date)
    workspace = open_workspace(context)
    dataset = workspace.load()
    found = amendments(dataset.plan, dataset.rows.revisions)
    if number is not None:
        found = (find_amendment(dataset, number),)
    document = revisions_document(dataset.plan, found, today)
    if "text" in chosen:
        console.show(render_screen(document, console.width()))
    parts = [each for each in chosen if each != "text"]
    if parts:
        folder = output or workspace.root / "reports" / "revisions"
        files = write_files(folder, paper_files("revisions", document, parts, today))
        console.show_written("書き出しました:", files)
