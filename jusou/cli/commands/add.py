"""add: appends one actual."""

from __future__ import annotations

from typing import Annotated

import typer

from jusou.cli import console
from jusou.cli.options import (
    ByOption,
    DateOption,
    DryRunOption,
    IndicatorArgument,
    YearArgument,
    mention_kept,
    open_workspace,
    person,
    read_today,
    read_year,
    stamp_now,
)
from jusou.errors import JusouError

# What helps against each refusal (entry.Refusal), in the options of this command.
_OPTIONS = {
    "conflict": "訂正する場合は --correct と --remark 理由 を付けてください。",
    "closed": "訂正する場合は --correct と --remark 理由 も付けてください。",
    "blocked": "取り消すには --basis 取消 --remark 理由 と入力します。",
    "no_reason": "--remark で理由を入力してください。",
    "year_not_over": "途中の数値なら --basis 中間 か --basis 見込、"
    "年度が終わる前に確定した数値なら --before-year-end を付けてください。",
}


def add(
    context: typer.Context,
    year: YearArgument,
    indicator: IndicatorArgument,
    value: Annotated[
        str, typer.Argument(metavar="実績値", help="数値（2655、2,655、２６５５件）。")
    ] = "",
    basis: Annotated[
        str,
        typer.Option(
            "--basis",
            metavar="区分",
            help="確定・速報・未確定・該当なし・測定不能・見込・中間・取消。省くと確定です。",
        ),
    ] = "",
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="年月日", help="いつ時点の数値か。中間では必要です。")
    ] = "",
    numerator: Annotated[
        str, typer.Option("--numerator", metavar="数", help="分子（率の指標）。")
    ] = "",
    denominator: Annotated[
        str, typer.Option("--denominator", metavar="数", help="分母（率の指標）。")
    ] = "",
    remark: Annotated[
        str, typer.Option("--remark", metavar="文", help="備考。訂正では理由。")
    ] = "",
    by: ByOption = None,
    correct: Annotated[
        bool, typer.Option("--correct", help="すでにある数値を訂正します（--remark が必要）。")
    ] = False,
    before_year_end: Annotated[
        bool, typer.Option("--before-year-end", help="年度が終わる前に確定した数値を記録します。")
    ] = False,
    dry_run: DryRunOption = False,
    date: DateOption = None,
) -> None:
    """Append one actual. Raises JusouError when it may not be recorded as it is."""
    from jusou.entry.decide import Entry, RefusedError, cells_of, read_entry, row_to_record
    from jusou.entry.plausibility import old_year, suspicions
    from jusou.logs.dataset import Dataset
    from jusou.report.tables.receipt import next_step, receipt

    entry = Entry(
        year=read_year(year),
        indicator=indicator,
        value=value,
        basis=basis,
        as_of=as_of,
        numerator=numerator,
        denominator=denominator,
        remark=remark,
        recorded_by=person(by),
        correct=correct,
        before_year_end=before_year_end,
    )
    today = read_today(date)
    now = stamp_now()
    said = ""
    following = ""
    doubts: tuple[str, ...] = ()

    def compose(dataset: Dataset) -> list[list[str]]:
        nonlocal said, doubts, following
        actual = read_entry(dataset, entry)
        row = row_to_record(dataset, actual, entry, today)
        written = row is not None and not dry_run
        said = receipt(dataset, row or actual, written=written, new=row is not None)
        following = next_step(dataset.plan, entry.year, indicator)
        if row:
            doubts = (old_year(dataset.plan, entry.year, today), *suspicions(dataset, row, today))
        return [cells_of(dataset, row, now)] if row and written else []

    try:
        appended = open_workspace(context).append_actuals(entry.year, compose)
    except RefusedError as refused:
        hint = refused.hint + _OPTIONS[refused.refusal]
        raise JusouError(refused.message, hint) from refused
    console.show(said)
    mention_kept(appended.kept)
    for doubt in filter(None, doubts):
        console.tell(f"確認してください: {doubt}")
    console.tell(following)
