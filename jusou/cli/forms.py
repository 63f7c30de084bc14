"""form and import: 照会票 out, and back in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jusou.cli import console
from jusou.cli.common import (
    DateOption,
    DryRunOption,
    YearArgument,
    choose,
    load,
    open_workspace,
    read_day,
    read_today,
    read_year,
    stamp_now,
    user_name,
)
from jusou.errors import DataError, JusouError, Severity, UsageError

if TYPE_CHECKING:
    from jusou.data import Data
    from jusou.records import Import


def form(
    context: typer.Context,
    year: YearArgument,
    reporter: Annotated[
        str | None,
        typer.Option("--reporter", metavar="照会先", help="この照会先の分だけを作ります。"),
    ] = None,
    due: Annotated[str, typer.Option("--due", metavar="年月日", help="回答期限。")] = "",
    contact: Annotated[str, typer.Option("--contact", metavar="文", help="提出先。")] = "",
    edition: Annotated[
        int, typer.Option("--edition", metavar="数", help="第何版か。省くと1。")
    ] = 1,
    interim: Annotated[
        bool, typer.Option("--interim", help="9月末実績と年度末見込の照会票を作ります。")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="計画担当用の取りまとめ票（全指標と取組）を作ります。")
    ] = False,
    format: Annotated[
        str, typer.Option("--format", metavar="xlsx|csv", help="形式。省くと xlsx です。")
    ] = "xlsx",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", metavar="フォルダー", help="書き出し先。省くと reports/年度/forms です。"
        ),
    ] = None,
    date: DateOption = None,
) -> None:
    """照会先ごとの実績等照会票を作ります。"""
    from jusou.dates import wareki
    from jusou.forms.outgoing import FormCover, build_form, reporters
    from jusou.forms.shape import PLANNER, FormKind, file_name
    from jusou.storage.output import write_pack

    if interim and everything:
        raise UsageError("--interim と --all は一緒に使えません。", "どちらか1つにしてください。")
    kind = FormKind.INTERIM if interim else FormKind.ALL if everything else FormKind.CLOSING
    chosen, today = read_year(year), read_today(date)
    ending = choose(format, ("xlsx", "csv"), "--format")
    data = load(context, today)
    if chosen not in data.plan.years:
        years = data.plan.years
        raise JusouError(
            f"{chosen} は計画期間の外です。", f"計画期間は {years[0]} から {years[-1]} までです。"
        )
    names = (PLANNER,) if everything else reporters(data)
    if reporter is not None:
        if reporter not in names:
            raise JusouError(
                f"照会先「{reporter}」は計画にありません。", f"照会先: {'、'.join(names)}"
            )
        names = (reporter,)
    cover = FormCover(kind, edition, wareki(read_day(due)) if due else "", contact)
    files = {}
    for name in names:
        made = build_form(data, chosen, name, cover)
        if ending == "xlsx":
            from jusou.report.form_xlsx import render_form

            content = render_form(made, today)
        else:
            from jusou.report.form_csv import render_form_csv

            content = render_form_csv(made)
        files[f"{file_name(made)}.{ending}"] = content
    folder = output or open_workspace(context).root / "reports" / str(chosen) / "forms"
    written = write_pack(folder, files)
    console.show("\n".join([f"{kind}を{len(written)}件作りました:", *(f"  {w}" for w in written)]))
    console.tell("次: 送って記入してもらい、返ってきたら jusou import ファイル で取り込みます。")


def import_(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="ファイル…", help="照会票か、それを入れたフォルダー。")
    ],
    year: Annotated[
        str | None,
        typer.Option("--year", metavar="年度", help="年度の書かれていない表の年度。"),
    ] = None,
    dry_run: DryRunOption = False,
    accept_valid: Annotated[
        bool,
        typer.Option(
            "--accept-valid", help="取り込めないものを残し、取り込めるものだけ取り込みます。"
        ),
    ] = False,
    accept_suspicious: Annotated[
        bool, typer.Option("--accept-suspicious", help="「要確認」を確かめたうえで取り込みます。")
    ] = False,
    correct: Annotated[
        list[str] | None,
        typer.Option("--correct", metavar="指標", help="食い違いを訂正する指標（くり返せます）。"),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="文", help="訂正の理由。")] = "",
    before_year_end: Annotated[
        bool, typer.Option("--before-year-end", help="年度が終わる前に確定した数値を取り込みます。")
    ] = False,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="名前", help="入力者。省くとパソコンの利用者名です。"),
    ] = None,
    date: DateOption = None,
) -> None:
    """返ってきた照会票（xlsx・CSV）を取り込みます。"""
    from jusou.forms.changes import Allowed
    from jusou.forms.importing import Outlook, Request, look
    from jusou.report.change_table import change_table, import_receipt
    from jusou.report.screen import render_table
    from jusou.rows import find_subject
    from jusou.storage.collection import Batch, append_batch
    from jusou.storage.spreadsheet import read_books

    if correct and not reason:
        raise JusouError("訂正の理由がありません。", "--reason で理由を入力してください。")
    workspace = open_workspace(context)
    plan = workspace.load_plan()
    subjects = frozenset(find_subject(plan, text) for text in correct or ())
    request = Request(
        books=read_books(files),
        year=read_year(year) if year else None,
        allowed=Allowed(subjects, reason, accept_suspicious, before_year_end),
        accept_valid=accept_valid,
        recorded_by=user_name() if by is None else by,
        recorded_at=stamp_now(),
        today=read_today(date),
    )
    seen: list[Outlook] = []

    def compose(data: Data, imports: Sequence[Import]) -> Batch:
        outlook = look(data, imports, request)
        seen.append(outlook)
        if dry_run or not outlook.may_write:
            return Batch()
        return Batch(outlook.actuals, outlook.notes, outlook.imports)

    written = append_batch(workspace, compose)
    outlook = seen[-1]
    table = change_table(outlook.data, outlook.changes, all_rows=dry_run)
    console.show("\n".join(line.rstrip() for line in render_table(table, console.width())))
    console.tell_problems([p for p in outlook.problems if p.severity is Severity.WARNING])
    if not outlook.may_write:
        raise DataError(outlook.blocking)
    console.tell_problems(outlook.blocking)
    console.tell(import_receipt(outlook, written=written, dry_run=dry_run))


import_.__name__ = "import"
COMMANDS = (form, import_)
