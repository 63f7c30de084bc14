"""The table of a plan → Excel workbook: written, or empty with what helps to fill it in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from jusou.plan_table import example
from jusou.plan_table.columns import COLUMNS
from jusou.plan_table.headings import EXAMPLE_SHEETS, HEAD_LABELS
from jusou.plan_table.writing import Head, PlanTable
from jusou.report import words
from jusou.report.document import Cell, Kind
from jusou.report.workbook import style
from jusou.report.workbook.sheet import Piece, SheetWriter, WorkbookWriter

SHEET = "指標"
_BLANK_ROWS = 40
_VALIDATED_ROWS = 1000
_FIGURE = re.compile(r"[0-9]+(\.[0-9]+)?")
_CELL: Mapping[str, Any] = {**style.TEXT, "valign": "vcenter"}
_TYPED: Mapping[str, Any] = {**_CELL, "num_format": "@"}  # what is typed stays as it is: 1-2
_TITLE_LENGTH, _HELP_LENGTH = 32, 255  # Excel's own
_MARGINS: Mapping[str, float] = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.5}
_HOW = (
    "1つの指標を1行に書きます。見出しの年度（R8 など）は、計画に合わせて書き換えます。",
    "年度の列は、増やしたり減らしたりできます。実績の列は、なくてもかまいません。",
    "表にない列（下の「使うときに足す列」）は、右に足してください。要らない列は消してもかまいません。",
    "計画の最初と最後の年度は、最初と最後の「目標」の列の年度になります。",
    "書き終えたら保存して閉じ、jusou init 新しいフォルダー --from この表.xlsx とします。",
)


def render_plan_table(table: PlanTable, today: date) -> bytes:
    """Return a plan's table as a workbook of one sheet; the same day gives the same bytes."""
    workbook = WorkbookWriter({"title": SHEET}, today, ())
    _write(_sheet(workbook, SHEET, table.heads), table)
    return workbook.finish()


def render_empty_table(table: PlanTable, today: date) -> bytes:
    """Return the workbook to write a plan into: drop-downs, an example, what each column is."""
    workbook = WorkbookWriter({"title": SHEET}, today, ())
    sheet = _sheet(workbook, SHEET, table.heads)
    for label in HEAD_LABELS:
        sheet.put([Piece(1, Cell(label), style.LABEL), Piece(2, Cell(""), _TYPED)])
    _write(sheet, table, blank=_BLANK_ROWS)
    filled, how = EXAMPLE_SHEETS
    _write_example(workbook, filled)
    _write_help(workbook, how)
    return workbook.finish()


def _sheet(workbook: WorkbookWriter, name: str, heads: Sequence[Head]) -> SheetWriter:
    return workbook.add_sheet(name, [float(each.width) for each in heads])


def _write(sheet: SheetWriter, table: PlanTable, blank: int = 0) -> None:
    """Write heads and rows, then rows to fill in, with what may be typed."""
    heading = sheet.put([Piece(1, Cell(each.text), style.HEADER) for each in table.heads])
    for row in table.rows:
        sheet.put([_piece(value) for value in row])
    for _ in range(blank):
        sheet.put([Piece(1, Cell(""), _CELL if each.is_figure else _TYPED) for each in table.heads])
    for index, each in enumerate(table.heads):
        rule: dict[str, Any] = {"validate": "any"}
        if each.choices:
            rule = {"validate": "list", "source": list(each.choices), "error_type": "warning"}
        said = {
            "input_title": each.text[:_TITLE_LENGTH],
            "input_message": each.help[:_HELP_LENGTH],
            "ignore_blank": True,
        }
        rows = (heading + 1, index, heading + _VALIDATED_ROWS, index)
        sheet.worksheet.data_validation(*rows, {**rule, **said})
    names = next((at for at, each in enumerate(table.heads, 1) if each.text == "指標"), 0)
    sheet.worksheet.freeze_panes(heading + 1, names)
    sheet.set_up_print(heading, _MARGINS)


def _piece(value: str | Decimal | None) -> Piece:
    if isinstance(value, Decimal):
        return Piece(1, words.count(value), _CELL, Kind.NUMBER)
    return Piece(1, Cell(value or ""), _TYPED)


def _write_example(workbook: WorkbookWriter, name: str) -> None:
    widths = {each.heading: each.width for each in COLUMNS}
    sheet = workbook.add_sheet(name, [float(widths.get(each, 11)) for each in example.HEADINGS])
    sheet.line(f"{name}（{example.TITLE}。架空の計画です）", style.CAPTION)
    sheet.put([Piece(1, Cell(each), style.HEADER) for each in example.HEADINGS])
    for row in example.ROWS:
        sheet.put([_piece(Decimal(each) if _FIGURE.fullmatch(each) else each) for each in row])
    sheet.skip()
    sheet.line("計画書の目標が数だけではないとき", style.CAPTION)
    spans = (2, 1, sheet.width - 3)
    heads = ("計画書の目標", "目標の欄に書くもの", "ほかに")
    for texts, look in [(heads, style.HEADER), *((each, _CELL) for each in example.WISHES)]:
        pairs = zip(spans, texts, strict=True)
        sheet.put([Piece(span, Cell(text), look) for span, text in pairs])
    sheet.set_up_print(1, _MARGINS)


def _write_help(workbook: WorkbookWriter, name: str) -> None:
    sheet = workbook.add_sheet(name, [20.0, 70.0, 60.0])
    for line in _HOW:
        sheet.line(f"・{line}", style.PLAIN)
    for usual, caption in ((True, "いつもの列"), (False, "使うときに足す列")):
        sheet.skip()
        sheet.line(caption, style.CAPTION)
        titles = ("見出し", "書くもの", "選ぶ言葉")
        sheet.put([Piece(1, Cell(each), style.HEADER) for each in titles])
        for each in COLUMNS:
            if each.usual is usual:
                texts = (each.heading, each.help, "、".join(each.choices))
                sheet.put([Piece(1, Cell(text), _CELL) for text in texts])
    sheet.set_up_print(0, _MARGINS)
