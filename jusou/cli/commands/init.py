"""init: a new workspace, from the table of a plan or from an example; the empty table."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812 - `date` is the option's name
from pathlib import Path
from typing import Annotated

import typer

from jusou.cli import console
from jusou.cli.options import ByOption, DateOption, open_workspace, option, person, read_today
from jusou.errors import UsageError
from jusou.storage.output import write_new
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import quote
from jusou.workspace import Workspace


def init(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="フォルダー", help="新しい作業フォルダー。"),
    ] = None,
    source: Annotated[
        Path | None,
        option("--from", "ファイル", "計画の表（xlsx・CSV。1行に1つの指標）から作ります。"),
    ] = None,
    table: Annotated[
        Path | None,
        option("--table", "ファイル.xlsx", "書き込むための空の表（Excel）だけを作ります。"),
    ] = None,
    next_: Annotated[
        str | None,
        option("--next", "R13-R17", "今の計画に続く、次の計画を作ります（目標は後で書きます）。"),
    ] = None,
    by: ByOption = None,
    date: DateOption = None,
) -> None:
    """Make a new workspace, or the table to make one from."""
    today = read_today(date)
    if next_ and (source or table):
        hint = "jusou init 新しいフォルダー --next R13-R17 のように指定してください。"
        raise UsageError("--next は、--from や --table と一緒に使えません。", hint)
    if table:
        if folder or source:
            hint = "空の表だけを作るときは、jusou init --table 表.xlsx とします。"
            raise UsageError("--table は、フォルダーや --from と一緒に使えません。", hint)
        _write_table(table, today)
        return
    if folder is None:
        hint = "jusou init フォルダー --from 表.xlsx のように指定してください。"
        raise UsageError("フォルダーを指定してください。", hint)
    if next_:
        made = open_workspace(context).found_next(
            folder, next_, recorded_by=person(by), today=today
        )
    else:
        made = Workspace(folder).found(source, recorded_by=person(by), today=today)
    console.tell_problems(made.notices)
    plan = made.plan
    years = f"{plan.info.start}〜{plan.info.end}"
    count = f"{len(plan.programmes)}事業{len(plan.indicators)}指標、{years}"
    console.show_written(f"作業フォルダーを作りました（{count}）:", made.files)
    if made.figures:
        console.show(f"実績を{made.figures}件記録しました。")
    console.show("確かめるところ（targets.yaml の「# 要確認」の行）:")
    for what, lines in made.open.items():
        console.show_folded(f"  {what}: {'、'.join(map(str, lines))}行目")
    console.tell(f"次: {made.files[-1]} をメモ帳などで開いて「# 要確認」を直し、")
    console.tell(f"    jusou --workspace {folder} check で確かめます。")


def _write_table(path: Path, today: Date) -> None:
    """Write the empty table; nothing is replaced."""
    from jusou.plan_table.writing import empty_table
    from jusou.report.workbook.plan_table import render_empty_table

    if path.suffix.lower() != ".xlsx":
        hint = "jusou init --table 表.xlsx のように指定してください。"
        raise UsageError(f"--table {quote(path.name)} は、.xlsx で終わる名前にしてください。", hint)
    write_new(path, render_empty_table(empty_table(FiscalYear.of(today)), today))
    console.show_written("空の表を作りました:", [path])
    console.tell("次: Excel で開き、「記入例」と「書き方」のシートを見ながら書いて、")
    console.tell(f"    jusou init 新しいフォルダー --from {path} で作業フォルダーを作ります。")
