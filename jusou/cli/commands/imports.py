"""import: 照会票 and tables back in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jusou.cli import console
from jusou.cli.options import (
    ByOption,
    DateOption,
    DryRunOption,
    flag,
    mention_kept,
    mention_order,
    open_workspace,
    option,
    person,
    read_today,
)
from jusou.entry.decide import Verdict
from jusou.errors import JusouError, UsageError
from jusou.forms.importing.changes import Allowed
from jusou.forms.importing.outlook import Outlook, Request, look
from jusou.forms.layout import FIELDS, FIGURES
from jusou.logs.cells import find_subject
from jusou.logs.schema import Actual
from jusou.plan.model import Plan
from jusou.report.tables.changes import change_table, import_receipt
from jusou.report.tables.receipt import texts_to_read_again
from jusou.storage.inbox import read_books
from jusou.values.text import quote
from jusou.workspace import read_year


def import_(
    context: typer.Context,
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="ファイル…", help="照会票か、それを入れたフォルダー。", readable=False
        ),
    ],
    year: Annotated[str | None, option("--year", "年度", "年度の書かれていない表の年度。")] = None,
    dry_run: DryRunOption = False,
    accept_valid: Annotated[
        bool, flag("--accept-valid", "取り込めないものを残し、取り込めるものだけ取り込みます。")
    ] = False,
    accept_suspicious: Annotated[
        list[str] | None,
        option(
            "--accept-suspicious",
            "指標",
            "確かめて正しかった「要確認」の指標（くり返せます。all ですべて）。",
        ),
    ] = None,
    correct: Annotated[
        list[str] | None,
        option(
            "--correct",
            "指標:項目",
            "食い違いを訂正する指標と項目（sodan-2:実績。項目を省くと、すべて。くり返せます）。",
        ),
    ] = None,
    reason: Annotated[str, option("--reason", "文", "訂正の理由。")] = "",
    before_year_end: Annotated[
        bool, flag("--before-year-end", "年度が終わる前に確定した数値を取り込みます。")
    ] = False,
    by: ByOption = None,
    date: DateOption = None,
) -> None:
    """Take 照会票 and tables back in, all or nothing, after a table of what would change."""
    if correct and not reason:
        raise UsageError("訂正の理由がありません。", "--reason で理由を入力してください。")
    workspace, today = open_workspace(context), read_today(date)
    chosen = read_year(year) if year else None
    books, unread = read_books(files)
    with workspace.transaction(
        recorded_by=person(by), imports=True, dry_run=dry_run, today=today
    ) as t:
        plan = t.dataset.plan
        checked = plan.subjects if "all" in (accept_suspicious or ()) else accept_suspicious
        allowed = Allowed(
            correct=frozenset(_correction(plan, text) for text in correct or ()),
            reason=reason,
            suspicious=frozenset(find_subject(plan, text) for text in checked or ()),
            before_year_end=before_year_end,
        )
        request = Request(books, unread, chosen, allowed, accept_valid, today, t.stamp)
        outlook = look(t.dataset, request)
        for row in outlook.rows:
            t.append(row)
    mention_kept(t.kept, written=t.written)
    mention_order(t.dataset)
    console.show_table(change_table(plan, outlook))
    console.tell_problems(outlook.warnings)
    console.tell_problems(outlook.errors)
    if not outlook.may_write:
        raise _not_written(outlook)
    console.tell(import_receipt(plan, outlook, appended=t.written, dry_run=dry_run))
    for change in outlook.changes if t.written else ():
        if change.verdict is Verdict.CORRECTED and isinstance(change.row, Actual):
            for said in texts_to_read_again(t.dataset, change.row.year, change.row.indicator):
                console.tell(said)


def _correction(plan: Plan, text: str) -> tuple[str, str]:
    """Read ``sodan-2`` or ``sodan-2:要因``. Raises JusouError."""
    subject, _, title = text.replace("：", ":").partition(":")
    titles = (FIGURES, *FIELDS)
    if title and title not in titles:
        raise JusouError(f"項目{quote(title)}はありません。", f"{'、'.join(titles)} のどれかです。")
    return find_subject(plan, subject), title


def _not_written(outlook: Outlook) -> JusouError:
    hint = "上のとおり直すか確かめて、もう一度実行してください。"
    if any(each.verdict.is_written for each in outlook.changes):
        hint += "--accept-valid を付けると、残りだけを取り込みます。"
    count = len(outlook.errors)
    return JusouError(
        f"直すものや確かめるものが{count}件あるため、何も書き込みませんでした。", hint
    )
