"""report and show: the meeting pack of one year."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812 - `date` is the option's name
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jusou.cli import console
from jusou.cli.options import (
    DateOption,
    FormatOption,
    YearArgument,
    choose_some,
    complete_years,
    flag,
    load,
    mention,
    mention_later,
    mention_order,
    mention_replaced,
    open_workspace,
    option,
    read_day,
    read_text,
    read_today,
    wants_json,
    warnings_of,
)
from jusou.errors import UsageError
from jusou.values.dates import wareki
from jusou.workspace import read_year

if TYPE_CHECKING:
    from jusou.logs.dataset import Dataset
    from jusou.values.fiscal_year import FiscalYear

_MANY_INDICATORS = 500  # as many as a city's general plan has; the PDF of 1,900 takes 3 GB
InterimOption = Annotated[bool, flag("--interim", "上半期進捗状況（9月30日現在）にします。")]


def report(
    context: typer.Context,
    year: Annotated[
        str,
        typer.Argument(
            metavar="年度",
            help="対象の年度（R9、令和9年度）。--plan では省きます。",
            autocompletion=complete_years,
        ),
    ] = "",
    only: Annotated[
        str | None,
        option("--only", "形式,…", "作る形式だけを選びます（pdf,xlsx,html,png,svg,md,txt,json）。"),
    ] = None,
    output: Annotated[
        Path | None, option("--output", "フォルダー", "書き出し先。省くと reports/年度 です。")
    ] = None,
    number: Annotated[str, option("--doc-no", "番号", "資料番号（資料１など）。")] = "",
    meeting: Annotated[
        str, option("--meeting", "名前", "会議名（第1回計画見直し会議など）。")
    ] = "",
    meeting_date: Annotated[str, option("--meeting-date", "日付", "会議の日付。")] = "",
    draft: Annotated[bool, flag("--draft", "表題に（案）を付けます。")] = False,
    interim: InterimOption = False,
    plan: Annotated[
        bool, flag("--plan", "計画全体の最終評価を作ります（pdf,xlsx,html,md,json）。")
    ] = False,
    to: Annotated[
        str | None, option("--to", "年度", "--plan で、その年度までの中間評価にします。")
    ] = None,
    date: DateOption = None,
) -> None:
    """Write the meeting pack and show its summary; or the evaluation of the whole plan."""
    if plan or to:
        if year or not plan or number or meeting or meeting_date or draft or interim:
            hint = "jusou report --plan か jusou report --plan --to R10 のように指定してください。"
            raise UsageError("--plan と --to は、年度や資料番号などと一緒に使えません。", hint)
        _report_plan(context, to, only, output, read_today(date))
        return
    if not year:
        hint = "計画全体の評価は jusou report --plan です。"
        raise UsageError("「年度」を指定してください。", hint)
    from jusou.handouts.manifest import arguments, pack_name
    from jusou.report.document import ATTENTION, HALF_YEAR, SUMMARY
    from jusou.report.pack import HALF_YEAR_PARTS, PARTS
    from jusou.report.writers.terminal import render_screen

    chosen, today = read_year(year), read_today(date)
    able = HALF_YEAR_PARTS if interim else PARTS
    parts = able if only is None else choose_some(only, able, "--only")
    workspace = open_workspace(context)
    name = pack_name(chosen, interim=interim)
    if output is None and (day := workspace.unkept_since(name, today)):
        console.tell(
            f"reports/{name} にある資料（{wareki(day)}現在）は、控えを残していません。"
            f"会議で配ったものなら、Ctrl-C で止め、先に jusou freeze {arguments(name)} --as 会議名"
            " --date 配った日 を実行してください。"
        )
    if "pdf" in parts and (count := len(workspace.plan().indicators)) > _MANY_INDICATORS:
        console.tell(
            f"指標が{count:,}あります。PDF は数分かかり、メモリーも数GB使うことがあります。"
            "--only xlsx,md,txt を付けると、PDF と図を省けます。"
        )
    pack = workspace.write_pack(
        chosen,
        output,
        today=today,
        parts=parts,
        number=read_text(number, "--doc-no"),
        meeting=read_text(meeting, "--meeting"),
        meeting_day=read_day(meeting_date) if meeting_date else None,
        draft=draft,
        interim=interim,
        progress=console.progress,
    )
    mention_order(pack.dataset)
    mention_later(pack.dataset, today, chosen)
    mention(warnings_of(pack.dataset, today))
    mention_replaced(pack.replaced)
    shown = [HALF_YEAR] if interim else [SUMMARY, ATTENTION]
    console.show(render_screen(pack.document, console.width(), shown))
    console.show_written("書き出しました:", pack.files)
    if "pdf" in parts:
        path = next(each for each in pack.files if each.name == "review.pdf")
        console.tell(f"次: {path} を開いて、印刷の前に確かめてください。")
    else:
        console.tell(f"次: 画面で全体を見るには jusou show {arguments(name)}")
    if output is None:
        which = "" if meeting else " --as 会議名"
        console.tell(
            f"会議で配ったら jusou freeze {arguments(name)}{which} で控えを残してください。"
        )


def _report_plan(
    context: typer.Context, to: str | None, only: str | None, output: Path | None, today: Date
) -> None:
    """Write the evaluation of the whole plan and show what it comes to."""
    from jusou.report.writers.terminal import render_screen

    parts = ("pdf", "xlsx", "html", "md", "json")
    chosen = parts if only is None else choose_some(only, parts, "--only")
    workspace = open_workspace(context)
    document, files = workspace.write_whole_plan(to, output, today=today, parts=chosen)
    console.show(render_screen(document, console.width(), ["summary"]))
    console.show_written("書き出しました:", files)
    if to:
        _mention_left_out(workspace.load(), read_year(to))
    console.tell("次: 計画期間の総括などは jusou note plan --plan-summary 文 で書けます。")


def _mention_left_out(dataset: Dataset, year: FiscalYear) -> None:
    """Say which texts of the plan as a whole stand in the logs of later years."""
    from jusou.logs.schema import PLAN_FIELDS
    from jusou.plan.model import WHOLE_PLAN

    later = [
        f"{each} の{title}"
        for each in dataset.plan.years
        for field, title in PLAN_FIELDS.items()
        if each.number > year.number
        and field != "handover"  # it is in no paper
        and getattr(dataset.note(each, WHOLE_PLAN), field)
    ]
    if later:
        console.tell(f"{year} より後の記録にある文は載せていません（{'、'.join(later)}）。")


def show(
    context: typer.Context,
    year: YearArgument,
    format: FormatOption = "text",
    interim: InterimOption = False,
    date: DateOption = None,
) -> None:
    """Show the tables of the meeting pack; write nothing."""
    from jusou.report.pack import source_of

    as_json = wants_json(format)
    chosen, today = read_year(year), read_today(date)
    dataset, _ = open_workspace(context).marked(load(context, today, chosen), chosen)
    source = source_of(dataset, chosen, today, interim=interim)
    if as_json:
        console.show_json(source.json)
        return
    from jusou.report.document import YEARS
    from jusou.report.writers.terminal import render_screen

    document = source.document
    # Too wide for a screen; jusou history has the years of an indicator.
    shown = [section.key for section in document.sections if section.key != YEARS]
    console.show(render_screen(document, console.width(), shown))
