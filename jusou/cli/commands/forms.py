"""form and import: 照会票 out, and back in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date as Date  # noqa: N812 - `date` is the option's name
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jusou.cli import console
from jusou.cli.options import (
    ByOption,
    DateOption,
    DryRunOption,
    YearArgument,
    choose,
    load,
    mention_kept,
    open_workspace,
    person,
    read_day,
    read_today,
)
from jusou.errors import JusouError, UsageError
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import quote
from jusou.workspace import read_year

if TYPE_CHECKING:
    from jusou.forms.importing.outlook import Outlook
    from jusou.forms.outgoing import FormRequest
    from jusou.logs.dataset import Dataset
    from jusou.logs.schema import FormKind
    from jusou.plan.model import Plan

FORMATS = ("xlsx", "csv")


def form(
    context: typer.Context,
    year: YearArgument,
    reporter: Annotated[
        list[str] | None,
        typer.Option(
            "--reporter", metavar="照会先", help="この照会先の分だけを作ります（くり返せます）。"
        ),
    ] = None,
    due: Annotated[
        str, typer.Option("--due", metavar="年月日", help="回答期限（2028-05-31）。")
    ] = "",
    contact: Annotated[
        str, typer.Option("--contact", metavar="文", help="提出先（係、内線、メールなど）。")
    ] = "",
    edition: Annotated[
        str, typer.Option("--edition", metavar="数", help="第何版か。省くと 1 です。")
    ] = "1",
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
    """Write the 照会票 of each reporter."""
    from jusou.forms.outgoing import FormRequest, due_doubt
    from jusou.logs.schema import FormKind
    from jusou.plan.model import check_plan_year
    from jusou.storage.output import write_files
    from jusou.values.dates import wareki

    if interim and everything:
        raise UsageError("--interim と --all は一緒に使えません。", "どちらか1つにしてください。")
    kind = FormKind.INTERIM if interim else FormKind.ALL if everything else FormKind.CLOSING
    chosen, today = read_year(year), read_today(date)
    ending = choose(format, FORMATS, "--format")
    dataset = load(context, today, imports=True)
    check_plan_year(dataset.plan, chosen)
    names = _chosen_reporters(dataset, kind, reporter)
    last_day = read_day(due) if due else None
    deadline = wareki(last_day) if last_day else ""
    if re.fullmatch("[1-9][0-9]?", edition) is None:
        raise UsageError(f"--edition {quote(edition)}は使えません。", "1 から 99 までの数です。")
    request = FormRequest(kind, chosen, int(edition), deadline, contact, ending == "csv")
    files = _render(dataset, request, names, ending, today)
    folder = output or open_workspace(context).root / "reports" / str(chosen) / "forms"
    _keep_answers(dataset, [folder / name for name in files])
    written = write_files(folder, files)
    console.show("\n".join([f"{kind}を{len(written)}件作りました:", *(f"  {w}" for w in written)]))
    if last_day and (doubt := due_doubt(request, last_day)):
        console.tell(doubt)
    _tell_next(dataset, request, today)


def _chosen_reporters(
    dataset: Dataset, kind: FormKind, reporter: list[str] | None
) -> Sequence[str]:
    from jusou.forms.layout import PLANNER
    from jusou.forms.outgoing import reporters
    from jusou.logs.schema import FormKind

    if kind is FormKind.ALL:
        if reporter:
            hint = "どちらかを取ってください。"
            raise UsageError("--all と --reporter は一緒に使えません。", hint)
        return (PLANNER,)
    names = reporters(dataset)
    for each in reporter or ():
        if each not in names:
            hint = f"照会先: {'、'.join(names)}"
            raise JusouError(f"照会先{quote(each)}は計画にありません。", hint)
    return tuple(dict.fromkeys(reporter or names))


def _render(
    dataset: Dataset, request: FormRequest, names: Sequence[str], ending: str, today: Date
) -> dict[str, bytes]:
    from jusou.forms.layout import file_name
    from jusou.forms.outgoing import build_form
    from jusou.report.workbook.form import render_form
    from jusou.report.writers.form_csv import render_form_csv

    files: dict[str, bytes] = {}
    for number, name in enumerate(names, 1):
        form = build_form(dataset, name, request)
        stem = file_name(form)
        if f"{stem}.{ending}" in files:  # two names that differ only in what no file name holds
            stem += f"_{number}"
        content = render_form(form, today) if ending == "xlsx" else render_form_csv(form)
        files[f"{stem}.{ending}"] = content
    return files


def _keep_answers(dataset: Dataset, targets: Sequence[Path]) -> None:
    """Refuse to replace a form that has been filled in and not been imported."""
    from jusou.forms.importing.outlook import unrecorded
    from jusou.storage.inbox import read_books

    there = [path for path in targets if path.exists()]
    if not there:
        return
    books, unread = read_books(there)
    names = [*unrecorded(dataset, books), *(each.path for each in unread)]
    if names:
        raise JusouError(
            f"{names[0]} には、まだ取り込んでいない記入があります。",
            "jusou import で取り込むか、別の場所に移してから、もう一度実行してください。",
        )


def _tell_next(dataset: Dataset, request: FormRequest, today: Date) -> None:
    from jusou.logs.schema import FormKind
    from jusou.values.dates import wareki

    kind, year = request.kind, request.year
    if kind is FormKind.ALL:
        console.tell("次: Excel で書き足し、jusou import ファイル で取り込みます。")
        return
    over = FiscalYear.of(today).previous
    if kind is FormKind.CLOSING and not year.has_ended(today):
        perhaps = f"{over}（{over.long_name}）の照会ではありませんか。"
        known = over in dataset.plan.years
        console.tell(
            f"{year} は{wareki(year.last_day)}まで続いています。{perhaps if known else ''}"
        )
    for given, name, option in (
        (request.due, "回答期限", "--due 年月日"),
        (request.contact, "提出先", "--contact 提出先"),
    ):
        if not given:
            console.tell(f"{name}が空欄です。{option} で入れられます。")
    console.tell("次: 照会先に送り、返ってきたものを1つのフォルダーに集めて、")
    console.tell("    jusou import フォルダー で取り込みます。")


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
        list[str] | None,
        typer.Option(
            "--accept-suspicious",
            metavar="指標",
            help="確かめて正しかった「要確認」の指標（くり返せます。all ですべて）。",
        ),
    ] = None,
    correct: Annotated[
        list[str] | None,
        typer.Option(
            "--correct",
            metavar="指標:項目",
            help="食い違いを訂正する指標と項目（sodan-2:実績。項目を省くと、すべて。くり返せます）。",
        ),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="文", help="訂正の理由。")] = "",
    before_year_end: Annotated[
        bool, typer.Option("--before-year-end", help="年度が終わる前に確定した数値を取り込みます。")
    ] = False,
    by: ByOption = None,
    date: DateOption = None,
) -> None:
    """Take 照会票 and tables back in, all or nothing, after a table of what would change."""
    from jusou.forms.importing.changes import Allowed
    from jusou.forms.importing.outlook import Request, look
    from jusou.logs.cells import find_subject
    from jusou.report.tables.changes import change_table, import_receipt
    from jusou.storage.inbox import read_books

    if correct and not reason:
        raise JusouError("訂正の理由がありません。", "--reason で理由を入力してください。")
    workspace, today = open_workspace(context), read_today(date)
    chosen = read_year(year) if year else None
    books, unread = read_books(files)
    with workspace.transaction(recorded_by=person(by), imports=True, dry_run=dry_run) as t:
        plan = t.dataset.plan
        checked = plan.subjects if "all" in (accept_suspicious or ()) else accept_suspicious
        allowed = Allowed(
            correct=frozenset(_correction(plan, text) for text in correct or ()),
            reason=reason,
            suspicious=frozenset(find_subject(plan, text) for text in checked or ()),
            before_year_end=before_year_end,
        )
        request = Request(books, unread, chosen, allowed, accept_valid, today)
        outlook = look(t.dataset, request)
        for row in outlook.rows:
            t.append(row)
    mention_kept(t.kept)
    console.show_table(change_table(plan, outlook))
    console.tell_problems(outlook.warnings)
    console.tell_problems(outlook.errors)
    if not outlook.may_write:
        raise _not_written(outlook)
    console.tell(import_receipt(plan, outlook, appended=t.written, dry_run=dry_run))


def _correction(plan: Plan, text: str) -> tuple[str, str]:
    """Read ``sodan-2`` or ``sodan-2:要因``. Raises JusouError."""
    from jusou.forms.layout import FIELDS, FIGURES
    from jusou.logs.cells import find_subject

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
