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
    flag,
    load,
    mention,
    mention_later,
    mention_order,
    mention_replaced,
    open_workspace,
    option,
    read_text,
    read_today,
    wants_json,
    warnings_of,
)
from jusou.values.dates import wareki
from jusou.workspace import read_year


def report(
    context: typer.Context,
    year: YearArgument,
    only: Annotated[
        str | None,
        option("--only", "形式,…", "作る形式だけを選びます（pdf,xlsx,html,png,svg,md,txt,json）。"),
    ] = None,
    output: Annotated[
        Path | None, option("--output", "フォルダー", "書き出し先。省くと reports/年度 です。")
    ] = None,
    number: Annotated[str, option("--doc-no", "番号", "資料番号（資料１など）。")] = "",
    draft: Annotated[bool, flag("--draft", "表題に（案）を付けます。")] = False,
    date: DateOption = None,
) -> None:
    """Write the meeting pack and show its summary."""
    from jusou.report.pack import PARTS
    from jusou.report.writers.terminal import render_screen

    chosen, today = read_year(year), read_today(date)
    parts = PARTS if only is None else choose_some(only, PARTS, "--only")
    workspace = open_workspace(context)
    if output is None and (day := workspace.unkept_since(chosen, today)):
        console.tell(
            f"reports/{chosen} にある資料（{wareki(day)}現在）は、控えを残していません。"
            f"会議で配ったものなら、Ctrl-C で止め、先に jusou freeze {chosen} --as 会議名"
            " --date 配った日 を実行してください。"
        )
    pack = workspace.write_pack(
        chosen,
        output,
        today=today,
        parts=parts,
        number=read_text(number, "--doc-no"),
        draft=draft,
        progress=console.progress,
    )
    mention_order(pack.dataset)
    mention_later(pack.dataset, today)
    mention(warnings_of(pack.dataset, today))
    mention_replaced(pack.replaced)
    console.show(render_screen(pack.document, console.width(), ["summary"]))
    console.show_written("書き出しました:", pack.files)
    if "pdf" in parts:
        path = next(each for each in pack.files if each.name == "review.pdf")
        console.tell(f"次: {path} を開いて、印刷の前に確かめてください。")
    else:
        console.tell(f"次: 画面で全体を見るには jusou show {chosen}")
    if output is None:
        console.tell(f"会議で配ったら jusou freeze {chosen} --as 会議名 で控えを残してください。")


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
    from jusou.report.document import YEARS
    from jusou.report.sections.assembly import build_document
    from jusou.report.writers.terminal import render_screen

    document = build_document(review)
    # Too wide for a screen; jusou history has the years of an indicator.
    shown = [section.key for section in document.sections if section.key != YEARS]
    console.show(render_screen(document, console.width(), shown))
