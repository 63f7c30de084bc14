"""Form → Excel workbook: the cells to fill in are open, everything else is locked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from jusou.forms.guide import SHORT_GUIDE
from jusou.forms.layout import (
    BASES,
    FILLED_IN,
    REMARK,
    REMARK_LENGTH,
    WARNED_LENGTH,
    WISHED_LENGTH,
    ColumnKind,
    Form,
    FormColumn,
    FormRow,
    FormSheet,
    Label,
)
from jusou.logs.schema import LAST_ACTION, LAST_OPINION, FormKind
from jusou.report import words
from jusou.report.document import NONE, Cell, Kind
from jusou.report.workbook import style
from jusou.report.workbook.sheet import Piece, SheetWriter, WorkbookWriter
from jusou.values.numbers import MAX_DIGITS

_SHORT_HEAD = ((Label.REPORTER, Label.YEAR), (Label.KIND, Label.EDITION))
_OWN_HEAD = (*_SHORT_HEAD, (Label.PLAN, None))
_HEAD = (*_OWN_HEAD, (Label.CONTACT, Label.DUE), FILLED_IN)
_HEAD_NEEDS = (10, 40, 14, 24)
_LABEL: Mapping[str, Any] = {**style.LABEL, "valign": "vcenter"}
_CELL: Mapping[str, Any] = {**style.TEXT, "valign": "vcenter"}
_CENTRED: Mapping[str, Any] = {"align": "center"}
_CLOSED: Mapping[str, Any] = {"bg_color": "#D9D9D9"}
_OPEN: Mapping[str, Any] = {"locked": False}
_TOP: Mapping[str, Any] = {"valign": "top"}
_ASKED = {**style.HEADER, "bg_color": "#FFF2CC"}
_WORDS = (ColumnKind.BASIS, ColumnKind.COURSE, ColumnKind.MARK)
_NUMBERS = (ColumnKind.FIGURE, ColumnKind.COUNT)
_LEAST_LINES, _SPARE_LINES = 2, 1
_NAMES = 3
_MARGINS: Mapping[str, float] = {"left": 0.6, "right": 0.4, "top": 0.5, "bottom": 0.6}
_LOWEST = -(10**MAX_DIGITS)  # of figures that may be negative: a rule needs a bound
_LIST_LIMIT = 255
_FOOTER_LIMIT = 200
_HELP = {
    ColumnKind.FIGURE: "数字だけを入力します。入力できないときは空欄にして、区分を選んでください。",
    ColumnKind.COUNT: "率の指標だけ、整数で入力します。",
    ColumnKind.BASIS: "空欄なら確定です。数値がなければ、未確定・該当なし・測定不能から選びます。",
    ColumnKind.DAY: "区分が中間のときに、いつ時点の数値かを入力します（例: R9.9.30）。",
    ColumnKind.COURSE: "一覧から選びます。",
    ColumnKind.MARK: "一覧から選び、評価理由も入力してください。",
    ColumnKind.TEXT: f"{WISHED_LENGTH}字程度で入力します。",
}
_HELP_INTERIM = "数字だけを入力します。まだ分からないときは空欄のままにしてください。"
_HELP_REMARK = f"数値についての補足や、数値がない理由を、{REMARK_LENGTH}字程度までで入力します。"


def render_form(form: Form, today: date) -> bytes:
    """Return the workbook; the same form and day give the same bytes."""
    workbook = WorkbookWriter({"title": form.title}, today, form.marks)
    for asked in form.sheets:
        grid = [float(column.width) for column in asked.columns]
        _write_sheet(workbook.add_sheet(asked.name, grid), form, asked)
    return workbook.finish()


def _write_sheet(sheet: SheetWriter, form: Form, asked: FormSheet) -> None:
    is_first = asked is form.sheets[0]
    sheet.line(form.title, style.TITLE)
    head = _OWN_HEAD if form.kind is FormKind.ALL else _HEAD
    for labels in head if is_first else _SHORT_HEAD:
        _write_head(sheet, form, labels)
    sheet.skip()
    for text in form.notices:
        sheet.line(text, {**style.PLAIN, "bold": True})
    for text in form.guide if is_first else (SHORT_GUIDE,):
        sheet.line(text, style.PLAIN)
    heading = sheet.put(
        [
            Piece(1, Cell(column.title), _ASKED if column.is_input else style.HEADER)
            for column in asked.columns
        ]
    )
    least = max(map(_lines, asked.columns))
    for row in asked.rows:
        sheet.put([_piece(column, row) for column in asked.columns], least=least)
    _allow(sheet, form, asked, heading + 1)
    sheet.worksheet.protect("", {"format_columns": True, "format_rows": True})
    if not is_first:  # there the guide would take the whole screen
        sheet.worksheet.freeze_panes(heading + 1, _NAMES)
    sheet.set_up_print(heading, _MARGINS)
    name = f"{form.title}（{form.head[Label.EDITION]}）　{form.head[Label.REPORTER]}"
    footer = style.clip(name.replace("&", "＆"), _FOOTER_LIMIT)
    sheet.worksheet.set_footer(f"&L{footer}&R&P／&N")


def _write_head(sheet: SheetWriter, form: Form, labels: tuple[Label, Label | None]) -> None:
    """Write one or two labelled cells: the way back in finds each value right of its label."""
    spans = style.spans(_HEAD_NEEDS, sheet.grid)
    if labels[1] is None:
        spans = [spans[0], sum(spans[1:])]
    pairs = zip(spans[::2], spans[1::2], strict=True)
    pieces = []
    for label, (narrow, wide) in zip(filter(None, labels), pairs, strict=True):
        look = {**_CELL, **(_OPEN if label in FILLED_IN else {})}
        pieces += [Piece(narrow, Cell(label), _LABEL), Piece(wide, Cell(form.head[label]), look)]
    sheet.put(pieces)


def _lines(column: FormColumn) -> int:
    """Return how many lines a cell needs for the text that is asked for."""
    if column.kind is not ColumnKind.TEXT:
        return _LEAST_LINES
    length = REMARK_LENGTH if column.title == REMARK else WISHED_LENGTH
    return style.lines("字" * length, column.width) + _SPARE_LINES


def _piece(column: FormColumn, row: FormRow) -> Piece:
    places = 0 if column.kind is ColumnKind.COUNT else row.decimals
    look = {**_CELL, **(_CENTRED if column.kind in _WORDS else {})}
    if column.kind is ColumnKind.TEXT or column.title in (LAST_ACTION, LAST_OPINION):
        look |= _TOP
    if column.title in row.closed:
        look |= _CLOSED
    elif column.is_input:
        fraction = f".{'0' * places}" if places else ""
        # "@" is text: what is typed stays as it is, also a date or a text beginning with "=".
        number = f"#,##0{fraction}" if column.kind in _NUMBERS else "@"
        look |= {**_OPEN, "num_format": number}
    value = row.values.get(column.title, "")
    if isinstance(value, Decimal):
        return Piece(1, words.figure(value, places), look, Kind.NUMBER)
    text = style.clip(value, style.CELL_LIMIT)  # what is asked for stands in one row
    return Piece(1, Cell(text), {**look, **(_CENTRED if value == NONE else {})})


def _allow(sheet: SheetWriter, form: Form, asked: FormSheet, first: int) -> None:
    """Say of each open cell what may be typed into it; the table's body begins in row ``first``."""
    for index, column in enumerate(asked.columns):
        if not column.is_input:
            continue
        message = _help(form, column)
        said = {
            "input_title": column.title,
            "input_message": message,
            "error_title": column.title,
            "error_message": message,
        }
        start = first
        for rule, rows in groupby(_rule(form, column, row) for row in asked.rows):
            end = start + len(list(rows))
            rules = {**rule, **said, "ignore_blank": True}
            sheet.worksheet.data_validation(start, index, end - 1, index, rules)
            start = end


def _help(form: Form, column: FormColumn) -> str:
    if column.title == REMARK:
        return _HELP_REMARK
    if column.kind is ColumnKind.FIGURE and form.kind is FormKind.INTERIM:
        return _HELP_INTERIM
    return _HELP[column.kind]


def _rule(form: Form, column: FormColumn, row: FormRow) -> dict[str, Any]:
    lists: Mapping[ColumnKind, tuple[str, ...]] = {
        ColumnKind.BASIS: BASES[form.kind],
        ColumnKind.COURSE: form.courses,
        ColumnKind.MARK: form.marks,
    }
    choices = lists.get(column.kind, ())
    if choices and len(",".join(choices)) <= _LIST_LIMIT and "," not in "".join(choices):
        return {"validate": "list", "source": list(choices)}
    if column.kind in _NUMBERS:
        is_whole = column.kind is ColumnKind.COUNT or not row.decimals
        kind = "integer" if is_whole else "decimal"
        lowest = _LOWEST if row.signed and column.kind is ColumnKind.FIGURE else 0
        return {"validate": kind, "criteria": ">=", "value": lowest}
    if column.kind is ColumnKind.TEXT:
        limit = {"validate": "length", "criteria": "<=", "value": WARNED_LENGTH}
        return {**limit, "error_type": "warning"}
    return {"validate": "any"}
