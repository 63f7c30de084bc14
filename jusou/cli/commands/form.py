"""form: 照会票 out to the departments, or the planner's own with everything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date as Date  # noqa: N812 - `date` is the option's name
from pathlib import Path
from typing import Annotated

import typer

from jusou.cli import console
from jusou.cli.options import (
    DateOption,
    YearArgument,
    choose,
    flag,
    load,
    open_workspace,
    option,
    read_day,
    read_text,
    read_today,
)
from jusou.errors import JusouError, UsageError
from jusou.forms.layout import PLANNER, file_name
from jusou.forms.outgoing import FormRequest, build_form, due_doubt, reporters
from jusou.logs.dataset import Dataset
from jusou.logs.schema import FormKind
from jusou.plan.model import check_plan_year
from jusou.storage.output import write_files
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import quote
from jusou.workspace import read_year

FORMATS = ("xlsx", "csv")


def form(
    context: typer.Context,
    year: YearArgument,
    reporter: Annotated[
        list[str] | None,
        option("--reporter", "照会先", "この照会先の分だけを作ります（くり返せます）。"),
    ] = None,
    due: Annotated[str, option("--due", "年月日", "回答期限（2028-05-31）。")] = "",
    contact: Annotated[str, option("--contact", "文", "提出先（係、内線、メールなど）。")] = "",
    edition: Annotated[str, option("--edition", "数", "第何版か。省くと 1 です。")] = "1",
    interim: Annotated[bool, flag("--interim", "中間実績と年度末見込の照会票を作ります。")] = False,
    everything: Annotated[
        bool, flag("--all", "計画担当用の取りまとめ票（全指標と取組）を作ります。")
    ] = False,
    format: Annotated[str, option("--format", "xlsx|csv", "形式。省くと xlsx です。")] = "xlsx",
    output: Annotated[
        Path | None,
        option("--output", "フォルダー", "書き出し先。省くと reports/年度/forms です。"),
    ] = None,
    date: DateOption = None,
) -> None:
    """Write the 照会票 of each reporter."""
    if interim and everything:
        raise UsageError("--interim と --all は一緒に使えません。", "どちらか1つにしてください。")
    kind = FormKind.INTERIM if interim else FormKind.ALL if everything else FormKind.CLOSING
    chosen, today = read_year(year), read_today(date)
    ending = choose(format, FORMATS, "--format")
    last_day = read_day(due) if due else None
    deadline = wareki(last_day) if last_day else ""
    if re.fullmatch("[1-9][0-9]?", edition) is None:
        raise UsageError(f"--edition {quote(edition)}は使えません。", "1 から 99 までの数です。")
    if kind is FormKind.ALL and reporter:
        hint = "どちらかを取ってください。"
        raise UsageError("--all と --reporter は一緒に使えません。", hint)
    dataset = load(context, today, chosen, imports=True)
    chosen = check_plan_year(dataset.plan, chosen)
    names = (PLANNER,) if kind is FormKind.ALL else _chosen_reporters(dataset, chosen, reporter)
    place = read_text(contact, "--contact") or dataset.plan.info.contact or ""
    request = FormRequest(kind, chosen, int(edition), deadline, place, ending == "csv")
    files = _render(dataset, request, names, today)
    folder = output or open_workspace(context).root / "reports" / str(chosen) / "forms"
    _keep_answers(dataset, [folder / name for name in files])
    written = write_files(folder, files)
    console.show_written(f"{kind}を{len(written)}件作りました:", written)
    if last_day and (doubt := due_doubt(request, last_day)):
        console.tell(doubt)
    _tell_next(dataset, request, today)


def _chosen_reporters(
    dataset: Dataset, year: FiscalYear, reporter: list[str] | None
) -> Sequence[str]:
    names = reporters(dataset, year)
    if not names:
        hint = f"調査年度外か、終了した指標だけです。jusou status {year} で確かめられます。"
        raise JusouError(f"{year} にたずねる指標はありません。", hint)
    for each in reporter or ():
        if each not in names:
            hint = f"照会先: {'、'.join(names)}"
            message = f"照会先{quote(each)}に、{year} にたずねる指標はありません。"
            raise JusouError(message, hint)
    return tuple(dict.fromkeys(reporter or names))


def _render(
    dataset: Dataset, request: FormRequest, names: Sequence[str], today: Date
) -> dict[str, bytes]:
    """Return the files by name; two names that differ in what no file name holds get a number.

    The number counts all reporters, so that a form has the same name whoever is chosen.
    """
    from jusou.report.workbook.form import render_form
    from jusou.report.writers.form_csv import render_form_csv

    files: dict[str, bytes] = {}
    stems: set[str] = set()
    everybody = (PLANNER,) if request.kind is FormKind.ALL else reporters(dataset, request.year)
    for number, name in enumerate(everybody, 1):
        made = build_form(dataset, name, request)
        stem = file_name(made)
        if stem.casefold() in stems:
            stem += f"_{number}"
        stems.add(stem.casefold())
        if name in names and request.one_table:
            files[f"{stem}.csv"] = render_form_csv(made)
        elif name in names:
            files[f"{stem}.xlsx"] = render_form(made, today)
    return files


def _keep_answers(dataset: Dataset, targets: Sequence[Path]) -> None:
    """Refuse to replace a form that has been filled in and not been imported."""
    from jusou.forms.importing.outlook import unrecorded
    from jusou.storage.files import translated
    from jusou.storage.inbox import read_books

    with translated(targets[0].parent, "読み込み"):
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
    kind, year = request.kind, request.year
    if kind is FormKind.ALL:
        console.tell("次: Excel で書き足し、jusou import ファイル で取り込みます。")
        return
    over = dataset.plan.year_of(today).previous
    if kind is FormKind.CLOSING and not year.has_ended(today):
        perhaps = f"{over}（{over.long_name}）の照会ではありませんか。"
        known = over in dataset.plan.years
        console.tell(
            f"{year} は{wareki(year.last_day)}まで続いています。{perhaps if known else ''}"
        )
    for given, name, hint in (
        (request.due, "回答期限", "--due 年月日"),
        (request.contact, "提出先", "--contact 提出先"),
    ):
        if not given:
            console.tell(f"{name}が空欄です。{hint} で入れられます。")
    console.tell("次: 照会先に送り、返ってきたものを1つのフォルダーに集めて、")
    console.tell("    jusou import フォルダー で取り込みます。")
