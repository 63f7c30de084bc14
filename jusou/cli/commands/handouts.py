"""freeze and handouts: the packs that were handed out at meetings."""

from __future__ import annotations

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
    read_day,
    read_text,
    wants_json,
)
from jusou.logs.schema import Row
from jusou.report.document import Cell, Column, Columns, Kind, Table, filled
from jusou.values.dates import wareki
from jusou.workspace import Frozen, read_year

if TYPE_CHECKING:
    from jusou.handouts.manifest import Handout


def freeze(
    context: typer.Context,
    year: YearArgument,
    meeting: Annotated[
        str, option("--as", "会議名", "配った会議の名前。省くと、資料に載せた会議名と日付です。")
    ] = "",
    interim: Annotated[bool, flag("--interim", "上半期進捗状況の控えを残します。")] = False,
    date: DateOption = None,
) -> None:
    """Keep the pack in ``reports/年度`` as it was handed out."""
    meeting, chosen = read_text(meeting, "--as").strip(), read_year(year)
    day = read_day(date) if date else None
    frozen = open_workspace(context).freeze(chosen, meeting, interim=interim, today=day)
    handout = frozen.handout
    mention_order(frozen.dataset)
    mention_later(frozen.dataset, handout.day, chosen)
    _mention_moved(frozen)
    what = "控えを残しました" if frozen.written else "同じ控えが、もう残っています"
    console.show(f"{what}: data/handouts/{handout.name}（{handout.title}）")
    console.show("\n".join(f"  {name}" for name in handout.files))
    if not interim:
        console.tell(f"次: この後で変わったところは jusou diff {chosen} で確かめられます。")


def _mention_moved(frozen: Frozen) -> None:
    """Say what was recorded after the pack was made: the paper does not show it."""
    rows = frozen.dataset.rows
    every: tuple[Row, ...] = (*rows.actuals, *rows.notes, *rows.revisions)
    moved = [each for each in every if (each.path, each.line) in frozen.moved]
    if moved:
        console.tell(
            f"資料を作った後に記録された行が{len(moved)}行あります（資料には載っていません）:"
        )
        for row in moved[: console.MAX_PROBLEMS]:
            subject = getattr(row, "subject", None) or getattr(row, "indicator", "")
            console.tell(f"    {row.path}:{row.line} {subject}")
    if frozen.plan_changed:
        console.tell("資料を作った後に、data/targets.yaml が書き換えられています。")


def handouts(context: typer.Context, format: FormatOption = "text") -> None:
    """List the packs that were kept."""
    as_json = wants_json(format)
    workspace = open_workspace(context)
    found, sample = workspace.handouts(), workspace.plan().info.sample
    if as_json:
        console.show_json({"sample": sample, "handouts": [*map(_json, found)]})
        return
    columns: Columns[Handout] = (
        (Column("name", "控え", Kind.NAME), lambda it: Cell(it.name)),
        (Column("day", "配った日", Kind.TEXT), lambda it: Cell(wareki(it.day))),
        (Column("meeting", "会議", Kind.TEXT), lambda it: Cell(it.meeting)),
        (Column("number", "資料番号", Kind.TEXT), lambda it: Cell(it.number or "-")),
        (Column("files", "ファイル", Kind.NUMBER), lambda it: Cell(f"{len(it.files)}件")),
    )
    empty = "まだありません。会議で配ったら jusou freeze で残してください。"
    table = Table("handouts", "配った資料の控え", *filled(columns, found), empty=empty)
    console.show_tables("data/handouts", [table], sample=sample)


def _json(handout: Handout) -> dict[str, Any]:
    return {
        "id": handout.name,
        "year": handout.year,
        "interim": handout.pack != str(handout.year),
        "meeting": handout.meeting,
        "date": handout.day,
        "number": handout.number or None,
        "files": [{"name": name, "sha256": digest} for name, digest in handout.files.items()],
    }
