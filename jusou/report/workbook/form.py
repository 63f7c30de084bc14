"""Form → Excel workbook: the cells to fill in are open, everything else is locked."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby
from typing import Any

from jusou.forms.guide import SHORT_GUIDE
from jusou.forms.layout import (
    BASES,
    FILLED_IN,
    LAST_ACTION,
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
from jusou.logs.schema import FormKind
from jusou.report import words
from jusou.report.document import NONE, Cell, Kind
from jusou.report.workbook import style
from jusou.report.workbook.sheet import Book, Page, Piece

_SHORT_HEAD = ((Label.REPORTER, Label.YEAR), (Label.KIND, Label.EDITION))
_OWN_HEAD = (*_SHORT_HEAD, (Label.PLAN, None))
_HEAD = (*_OWN_HEAD, (Label.CONTACT, Label.DUE), FILLED_IN)
_HEAD_NEEDS = (10, 40, 14, 24)
_CELL: Mapping[str, Any] = {**style.TEXT, "valign": "vcenter"}
_CENTRED: Mapping[str, Any] = {"align": "center"}
_CLOSED: Mapping[str, Any] = {"bg_color": "#D9D9D9"}
_WORDS = (ColumnKind.BASIS, ColumnKind.COURSE, ColumnKind.MARK)
_OPEN: Mapping[str, Any] = {"locked": False}
_TOP: Mapping[str, Any] = {"valign": "top"}
_ASKED = {**style.HEADER, "bg_color": "#FFF2CC"}
_LEAST = 2
_SPARE = 1
_NAMES = 3
_A4 = 9
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
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, style.workbook_options()) as workbook:
        workbook.set_properties({"title": form.title, "created": datetime.combine(today, time())})
        book = Book(workbook, form.marks)
        for sheet in form.sheets:
            _write_sheet(book, form, sheet)
    return buffer.getvalue()


def _write_sheet(book: Book, form: Form, sheet: FormSheet) -> None:
    grid = [float(column.width) for column in sheet.columns]
    page = Page(book, sheet.name, book.workbook.add_worksheet(sheet.name), grid)
    first = sheet is form.sheets[0]
    page.line(form.title, style.TITLE)
    whole = _OWN_HEAD if form.kind is FormKind.ALL else _HEAD
    for labels in whole if first else _SHORT_HEAD:
        _write_head(page, form, labels)
    page.skip()
    for text in form.notices:
        page.line(text, {**style.PLAIN, "bold": True})
    for text in form.guide if first else (SHORT_GUIDE,):
        page.line(text, style.PLAIN)
    heading = page.row
    looks = [_ASKED if column.is_input else style.HEADER for column in sheet.columns]
    titles = [Cell(column.title) for column in sheet.columns]
    page.put_whole([Piece(1, *pair) for pair in zip(titles, looks, strict=True)])
    least = max(map(_room, sheet.columns))
    for row in sheet.rows:
        page.put_whole([_piece(column, row) for column in sheet.columns], least)
    _allow(page, form, sheet, heading)
    _set_up(page, form, heading, first)


def _room(column: FormColumn) -> int:
    """Return how many lines a cell needs for the text that is asked for."""
    if column.kind is not ColumnKind.TEXT:
        return _LEAST
    length = REMARK_LENGTH if column.title == REMARK else WISHED_LENGTH
    return style.lines("字" * length, column.width) + _SPARE


def _write_head(page: Page, form: Form, labels: tuple[Label, Label | None]) -> None:
    """Write one or two labelled cells: the way back in finds each value right of its label."""
    spans = style.spans(_HEAD_NEEDS, page.grid)
    if labels[1] is None:
        spans = [spans[0], sum(spans[1:])]
    pairs = zip(spans[::2], spans[1::2], strict=True)
    pieces = []
    for label, (narrow, wide) in zip(filter(None, labels), pairs, strict=True):
        look = {**_CELL, **(_OPEN if label in FILLED_IN else {})}
        pieces += [
            Piece(narrow, Cell(label), {**style.LABEL, "valign": "vcenter"}),
            Piece(wide, Cell(form.head[label]), look),
        ]
    page.put(pieces)


def _piece(column: FormColumn, row: FormRow) -> Piece:
    places = 0 if column.kind is ColumnKind.COUNT else row.decimals
    look: dict[str, Any] = {**_CELL, **(_CENTRED if column.kind in _WORDS else {})}
    if column.kind is ColumnKind.TEXT or column.title == LAST_ACTION:
        look |= _TOP
    if column.title in row.closed:
        look |= _CLOSED
    elif column.is_input:
        numeric = column.kind in (ColumnKind.FIGURE, ColumnKind.COUNT)
        fraction = f".{'0' * places}" if places else ""
        # "@" is text: what is typed stays as it is, also a date or a text beginning with "=".
        look |= {**_OPEN, "num_format": f"#,##0{fraction}" if numeric else "@"}
    value = row.values.get(column.title, "")
    if isinstance(value, Decimal):
        return Piece(1, words.figure(value, places), look, Kind.NUMBER)
    return Piece(1, Cell(value), {**look, **(_CENTRED if value == NONE else {})})


def _allow(page: Page, form: Form, sheet: FormSheet, heading: int) -> None:
    """Say of each open cell what may be typed into it."""
    for index, column in enumerate(sheet.columns):
        if not column.is_input:
            continue
        said = {
            f"{name}_{part}": text
            for name in ("input", "error")
            for part, text in (("title", column.title), ("message", _help(form, column)))
        }
        first = heading + 1
        for rule, rows in groupby(_rule(form, column, row) for row in sheet.rows):
            last = first + len(list(rows)) - 1
            rules = {**rule, **said, "ignore_blank": True}
            page.sheet.data_validation(first, index, last, index, rules)
            first = last + 1


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
    match column.kind:
        case ColumnKind.FIGURE | ColumnKind.COUNT:
            whole = column.kind is ColumnKind.COUNT or not row.decimals
            kind = "integer" if whole else "decimal"
            return {"validate": kind, "criteria": ">=", "value": 0}
        case ColumnKind.TEXT:
            limit = {"validate": "length", "criteria": "<=", "value": WARNED_LENGTH}
            return {**limit, "error_type": "warning"}
    return {"validate": "any"}


def _set_up(page: Page, form: Form, heading: int, first: bool) -> None:
    """Protect the sheet, and fit it to A4 landscape."""
    sheet = page.sheet
    sheet.protect("", {"format_columns": True, "format_rows": True})
    if not first:  # on the first the guide would take the whole screen
        sheet.freeze_panes(heading + 1, _NAMES)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.6, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(heading)
    name = f"{form.title}（{form.head[Label.EDITION]}）　{form.head[Label.REPORTER]}"
    sheet.set_footer(f"&L{style.clip(name.replace('&', '＆'), _FOOTER_LIMIT)}&R&P／&N")
