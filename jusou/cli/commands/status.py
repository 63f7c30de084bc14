"""status: where a folder stands; of a year, who has reported what, and the text of a 再依頼."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from jusou.cli import console
from jusou.cli.options import (
    DateOption,
    FormatOption,
    complete_years,
    load,
    open_workspace,
    read_today,
    wants_json,
)
from jusou.errors import DataError, JusouError
from jusou.workspace import Workspace, read_year


def status(
    context: typer.Context,
    year: Annotated[
        str | None,
        typer.Argument(
            metavar="年度",
            help="対象の年度（R9）。省くと、作業フォルダー全体の状況です。",
            autocompletion=complete_years,
        ),
    ] = None,
    format: FormatOption = "text",
    date: DateOption = None,
) -> None:
    """Show who has reported what, and word the 再依頼; without a year, where all stands."""
    as_json = wants_json(format)
    if year is None:
        _show_overview(context, date, as_json=as_json)
    else:
        _show_year(context, year, date, as_json=as_json)


def _show_overview(context: typer.Context, date: str | None, *, as_json: bool) -> None:
    from jusou.report.tables.overview import overview_json, overview_lines

    found = open_workspace(context).overview(today=read_today(date))
    if as_json:
        console.show_json(overview_json(found))
        return
    console.show_folded("\n".join(overview_lines(found)))


def _show_year(context: typer.Context, year: str, date: str | None, *, as_json: bool) -> None:
    from jusou.report.tables.status import (
        lost,
        reminder,
        status_json,
        status_tables,
        too_early,
    )
    from jusou.review.build import build_review
    from jusou.review.collection import collect

    chosen, today = read_year(year), read_today(date)
    dataset = load(context, today, chosen, imports=True)
    review = build_review(dataset, chosen, today)
    collections = collect(review, dataset)
    for said in filter(None, (too_early(review), lost(collections))):
        console.tell(said)
    if as_json:
        console.show_json(status_json(review, collections))
        return
    title = f"{review.year}（{review.year.long_name}）の回答状況"
    console.show_tables(title, status_tables(collections), sample=dataset.plan.info.sample)
    for text in filter(None, (reminder(review, each) for each in collections)):
        console.show(f"\n〔再依頼の文面〕\n{text}")


def show_in_three_lines() -> None:
    """Show where the folder at hand stands, if it is a workspace: before the help."""
    from jusou.report.tables.overview import overview_in_three

    try:
        given = os.environ.get("JUSOU_WORKSPACE")
        workspace = Workspace.find(Path(given) if given else None, Path.cwd())
    except (JusouError, OSError):
        return
    try:
        found = workspace.overview(today=read_today(os.environ.get("JUSOU_DATE")))
        console.show_folded("\n".join((*overview_in_three(found), "\n")))
    except DataError as error:
        said = f"データに問題が{len(error.problems)}件あります。jusou check で確かめてください。"
        console.show_folded(f"{workspace.root}\n{said}\n\n")
