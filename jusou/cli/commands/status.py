"""status: who has reported what, and the text of a 再依頼."""

from __future__ import annotations

import typer

from jusou.cli import console
from jusou.cli.options import (
    DateOption,
    FormatOption,
    YearArgument,
    load,
    read_today,
    wants_json,
)
from jusou.report.tables.status import lost, reminder, status_json, status_tables, too_early
from jusou.review.build import build_review
from jusou.review.collection import collect
from jusou.workspace import read_year


def status(
    context: typer.Context,
    year: YearArgument,
    format: FormatOption = "text",
    date: DateOption = None,
) -> None:
    """Show who has reported what, and word the 再依頼."""
    as_json = wants_json(format)
    chosen, today = read_year(year), read_today(date)
    dataset = load(context, today, imports=True)
    review = build_review(dataset, chosen, today)
    collections = collect(review, dataset)
    for said in filter(None, (too_early(review), lost(collections))):
        console.tell(said)
    if as_json:
        from jusou.report.writers.json import dump

        console.show_json(dump(status_json(review, collections)))
        return
    title = f"{review.year}（{review.year.long_name}）の回答状況"
    console.show_tables(title, status_tables(collections), sample=dataset.plan.info.sample)
    for text in filter(None, (reminder(review, each) for each in collections)):
        console.show(f"\n〔再依頼の文面〕\n{text}")
