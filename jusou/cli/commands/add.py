"""add: appends one actual."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from jusou.cli import console
from jusou.cli.options import (
    ByOption,
    DateOption,
    DryRunOption,
    IndicatorArgument,
    YearArgument,
    flag,
    mention_kept,
    mention_order,
    mention_unseen,
    open_workspace,
    option,
    person,
    read_today,
)
from jusou.entry.decide import Obstacle, RefusedError
from jusou.entry.plausibility import old_year
from jusou.report.tables.receipt import after_correction, next_step, receipt
from jusou.workspace import read_year

# What helps against each obstacle, in the options of this command.
_REMEDIES: Mapping[Obstacle | None, str] = {
    Obstacle.ANOTHER_STANDS: "訂正する場合は --correct と --reason 理由 を付けてください。",
    Obstacle.CLOSED: "訂正する場合は --correct と --reason 理由 も付けてください。",
    Obstacle.BLOCKED: "取り消すには --basis 取消 --reason 理由 と入力します。",
    Obstacle.NO_REASON: "--reason で理由を入力してください（会議資料に載ります）。",
    Obstacle.YEAR_NOT_OVER: "途中の数値なら --basis 中間 か --basis 見込、"
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
        option(
            "--basis",
            "区分",
            "確定・速報・未確定・該当なし・測定不能・見込・中間・取消。省くと確定です。",
        ),
    ] = "",
    as_of: Annotated[str, option("--as-of", "年月日", "いつ時点の数値か。中間では必要です。")] = "",
    numerator: Annotated[str, option("--numerator", "数", "分子（率の指標）。")] = "",
    denominator: Annotated[str, option("--denominator", "数", "分母（率の指標）。")] = "",
    remark: Annotated[str, option("--remark", "文", "備考（会議資料には載りません）。")] = "",
    reason: Annotated[
        str, option("--reason", "文", "訂正や取消の理由（会議資料に載ります）。")
    ] = "",
    by: ByOption = None,
    correct: Annotated[
        bool, flag("--correct", "すでにある数値を訂正します（--reason が必要）。")
    ] = False,
    before_year_end: Annotated[
        bool, flag("--before-year-end", "年度が終わる前に確定した数値を記録します。")
    ] = False,
    dry_run: DryRunOption = False,
    date: DateOption = None,
) -> None:
    """Append one actual. Raises JusouError when it may not be recorded as it is."""
    chosen, today = read_year(year), read_today(date)
    try:
        added = open_workspace(context).add(
            chosen,
            indicator,
            value,
            basis=basis,
            as_of=as_of,
            numerator=numerator,
            denominator=denominator,
            remark=remark,
            reason=reason,
            recorded_by=person(by),
            correct=correct,
            before_year_end=before_year_end,
            dry_run=dry_run,
            today=today,
        )
    except RefusedError as refused:
        remedy = _REMEDIES.get(refused.decision.obstacle, "")
        raise RefusedError(refused.decision, remedy) from refused
    decision, dataset = added.decision, added.dataset
    mention_kept(added.kept, written=added.written)
    console.show(receipt(dataset, decision, written=added.written))
    mention_unseen(filter(None, [value, numerator, denominator, as_of, remark, reason]))
    mention_order(dataset)
    if decision.verdict.is_written:
        for doubt in filter(None, (old_year(dataset.plan, chosen, today), *decision.doubts)):
            console.tell(f"確認してください: {doubt}")
        for said in after_correction(dataset, decision):
            console.tell(said)
    console.tell(next_step(dataset.plan, chosen, indicator))
