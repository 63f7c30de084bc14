"""report and show: the meeting pack of one year."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jusou.cli import console
from jusou.cli.options import (
    DateOption,
    FormatOption,
    YearArgument,
    choose_some,
    load,
    mention_replaced,
    open_workspace,
    read_today,
    read_year,
    wants_json,
)


def report(
    context: typer.Context,
    year: YearArgument,
    only: Annotated[
        str | None,
        typer.Option(
            "--only",
            metavar="形式,…",
            help="作る形式だけを選びます（pdf,xlsx,html,png,svg,md,txt,json）。",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", metavar="フォルダー", help="書き出し先。省くと reports/年度 です。"
        ),
    ] = None,
    number: Annotated[
        str, typer.Option("--doc-no", metavar="番号", help="資料番号（資料１など）。")
    ] = "",
    draft: Annotated[bool, typer.Option("--draft", help="表題に（案）を付けます。")] = False,
    date: DateOption = None,
) -> None:
    """Write the meeting pack and show its summary."""
    from jusou.report.pack import PARTS, Source, build_pack, replaced_texts
    from jusou.report.sections.assembly import build_document
    from jusou.report.writers.terminal import render_screen
    from jusou.review.build import build_review
    from jusou.storage.output import write_pack

    chosen, today = read_year(year), read_today(date)
    parts = PARTS if only is None else choose_some(only, PARTS, "--only")
    data = load(context, today)
    review = build_review(data, chosen, today)
    document = build_document(review, number=number, draft=draft)
    workspace = open_workspace(context)
    source = Source(review, document, workspace.digests())
    folder = output or workspace.root / "reports" / str(chosen)
    files = build_pack(source, parts, console.progress)
    mention_replaced(replaced_texts(source, parts))
    written = write_pack(folder, files)
    console.show(render_screen(document, console.width(), ["summary"]))
    console.show("\n".join(["書き出しました:", *(f"  {path}" for path in written)]))
    if "pdf" in parts:
        console.tell(f"次: {folder / 'review.pdf'} を開いて、印刷の前に確かめてください。")
    else:
        console.tell(f"次: 画面で全体を見るには jusou show {chosen}")


def show(
    context: typer.Context,
    year: YearArgument,
    format: FormatOption = "text",
    date: DateOption = None,
) -> None:
    """Show the tables of the meeting pack; write nothing."""
    from jusou.review.build import build_review

    as_json = wants_json(format)
    chosen, today = read_year(year), read_today(date)
    review = build_review(load(context, today), chosen, today)
    if as_json:
        from jusou.report.writers.json import dump, review_json

        console.show_json(dump(review_json(review)))
        return
    from jusou.report.sections.assembly import build_document
    from jusou.report.writers.terminal import render_screen

    console.show(render_screen(build_document(review), console.width()))
