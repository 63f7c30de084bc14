"""diff: what changed since a pack was handed out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date as Date  # noqa: N812 - `date` is the option's name
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jusou.cli import console
from jusou.cli.options import (
    DateOption,
    FormatOption,
    YearArgument,
    flag,
    mention_later,
    mention_order,
    open_workspace,
    option,
    read_today,
    wants_json,
)
from jusou.errors import JusouError, UsageError
from jusou.handouts.changes import Change, Kind
from jusou.values.text import fold
from jusou.workspace import read_year

if TYPE_CHECKING:
    from jusou.handouts.manifest import Handout
    from jusou.logs.dataset import Dataset
    from jusou.workspace import Workspace


def diff(
    context: typer.Context,
    year: YearArgument,
    format: FormatOption = "text",
    errata: Annotated[
        bool, flag("--errata", "正誤表と「数値の確定について」を書き出します（pdf,xlsx,md）。")
    ] = False,
    name: Annotated[
        str, option("--handout", "控え", "比べる控え（R9-1）。省くと最後の控えです。")
    ] = "",
    date: DateOption = None,
) -> None:
    """Show what changed since a handout of a year, else the newest, or write its 正誤表."""
    as_json, chosen, today = wants_json(format), read_year(year), read_today(date)
    workspace = open_workspace(context)
    dataset, handout, changes = workspace.since_handout(chosen, today, fold(name).upper())
    mention_order(dataset)
    mention_later(dataset, today, chosen)
    if handout is None:
        message = f"{chosen} の配った資料の控えがありません。"
        hint = f"会議で配ったら jusou freeze {chosen} --as 会議名 で残してください。"
        if workspace.handouts(f"{chosen}-interim"):
            hint = f"上半期の資料の控えとは比べられません。{hint}"
        raise JusouError(message, hint)
    plan = dataset.plan
    if errata:
        if as_json:
            raise UsageError("--errata は --format json と一緒に使えません。")
        _write_errata(workspace, dataset, handout, changes, today)
        return
    if as_json:
        found = [*map(_json, changes)]
        console.show_json({"sample": plan.info.sample, "handout": handout.name, "changes": found})
        return
    from jusou.report.sections.changes import change_table

    title = f"{chosen}（{plan.own(chosen).long_name}）の、配った資料からの変更点{_counted(changes)}"
    order = [*Kind]
    ordered = sorted(
        changes,
        key=lambda it: (it.follows, min(map(order.index, it.kinds), default=len(order))),
    )
    table = change_table(plan, handout, ordered, missing="")
    console.show_tables(title, [table], sample=plan.info.sample)
    _mention_causes(handout, workspace.state(dataset), changes)
    _mention_texts(dataset, changes)
    if any(each.kinds == (Kind.CORRECTED,) and not each.follows for each in changes):
        which = f" --handout {handout.name}" if name else ""
        console.tell(f"次: 正誤表は jusou diff {chosen} --errata{which} で書き出せます。")


def _counted(changes: Sequence[Change]) -> str:
    """Return how many changes of each kind there are, a 訂正 first: 「: 訂正1件、確定2件」."""
    counts = Counter(kind for each in changes if not each.follows for kind in each.kinds)
    said = "、".join(f"{kind}{counts[kind]}件" for kind in Kind if counts[kind])
    return f": {said}" if said else ""


def _write_errata(
    workspace: Workspace,
    dataset: Dataset,
    handout: Handout,
    changes: Sequence[Change],
    today: Date,
) -> None:
    """Write what a city sends after a meeting; say so where there is nothing to correct."""
    from jusou.report.writers.terminal import render_screen

    documents, files = workspace.write_errata(dataset, handout, changes, today=today)
    for document in documents:
        console.show(render_screen(document, console.width()))
    if files:
        console.show_written("書き出しました:", files)
    if not any(path.stem == "errata" for path in files):
        console.show(f"{handout.name}（{handout.title}）に、訂正する数値はありません。")
        old = workspace.errata_folder(handout) / "errata.pdf"
        if old.exists():
            console.tell(f"{old} は前に作ったものです。使わないでください。")
    texts = sum(not {*each.kinds}.isdisjoint({Kind.TEXT, Kind.NEW_TEXT}) for each in changes)
    if texts:
        console.tell(
            f"ほかに記述が{texts}件変わっています（jusou diff {handout.year} で見られます）。"
        )
    if files and not dataset.plan.info.contact:
        console.tell("担当課は、targets.yaml の plan に contact を書くと載ります。")
    _mention_causes(handout, workspace.state(dataset), changes)
    _mention_texts(dataset, changes)


def _mention_causes(handout: Handout, now: dict[str, Any], changes: Sequence[Change]) -> None:
    """Say what else may be behind a change that no row explains."""
    source = handout.review["source"]
    if source["plan"] != now["plan"]:
        console.tell(f"data/targets.yaml が、{handout.name} を作った後に書き換えられています。")
    if source["program"] != now["program"]:
        console.tell(f"{handout.name} は {source['program']}、今回は {now['program']} の計算です。")


def _mention_texts(dataset: Dataset, changes: Sequence[Change]) -> None:
    from jusou.report.tables.receipt import texts_to_read_again

    wrong = dict.fromkeys(  # a rate and its parts are one figure
        (each.year, each.subject)
        for each in changes
        if not each.follows and Kind.CORRECTED in each.kinds and each.field != "previous"
    )
    for figure in wrong:
        for said in texts_to_read_again(dataset, *figure):
            console.tell(said)


def _json(change: Change) -> dict[str, Any]:
    return {
        "kinds": [*change.kinds],
        "follows": change.follows,
        "subject": change.subject or None,
        "year": change.year,
        "field": change.field,
        "before": change.before,
        "after": change.after,
        "reason": change.reason or None,
        "date": change.day,
    }
