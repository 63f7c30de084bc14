"""Form → Excel workbook: the cells to fill in are open, everything else is locked."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from jusou.forms.shape import (
    CLOSING_BASES,
    TEXT_LIMIT,
    TEXTS,
    ColumnKind,
    Form,
    FormColumn,
    FormSheet,
)

_FONT = "游ゴシック"
_HEADING_ROW = 6
_HELP = {
    ColumnKind.FIGURE: (
        "数値",
        "数字だけを入力してください。無い場合は空欄のまま、区分を選んでください。",
    ),
    ColumnKind.BASIS: (
        "区分",
        "空欄は確定です。数値が無い場合は 未確定・該当なし・測定不能 から選びます。",
    ),
    ColumnKind.TEXT: ("記述", "150字程度で入力してください。"),
    ColumnKind.COURSE: ("方向性", "一覧から選んでください。"),
    ColumnKind.MARK: ("評価", "一覧から選び、評価理由も入力してください。"),
}


def render_form(form: Form, today: date) -> bytes:
    """Return the workbook; the same form and day give the same bytes."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        created = datetime(today.year, today.month, today.day, tzinfo=UTC).replace(tzinfo=None)
        book.set_properties({"title": form.title, "created": created})
        for sheet in form.sheets:
            _write_sheet(book, form, sheet)
    return buffer.getvalue()


def _format(book: Any, **changes: Any) -> Any:
    style = {"font_name": _FONT, "font_size": 10, "valign": "top", "text_wrap": True}
    return book.add_format(style | changes)


def _write_sheet(book: Any, form: Form, sheet: FormSheet) -> None:
    page = book.add_worksheet(sheet.name)
    _write_cover(book, page, form, len(sheet.columns) - 1)
    heading = {"border": 1, "bold": True, "valign": "vcenter", "align": "center"}
    fixed = _format(book, bg_color="#D9D9D9", **heading)
    asked = _format(book, bg_color="#FFF2CC", **heading)
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width)
        page.write_string(_HEADING_ROW, index, column.title, asked if column.is_input else fixed)
    for number, (row, decimals) in enumerate(zip(sheet.rows, sheet.decimals, strict=True)):
        line = _HEADING_ROW + 1 + number
        page.set_row(line, _height(sheet, row))
        for index, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            _write_cell(page, line, index, value, _cell_format(book, column, decimals))
    last = _HEADING_ROW + len(sheet.rows)
    for index, column in enumerate(sheet.columns):
        if column.is_input:
            page.data_validation(_HEADING_ROW + 1, index, last, index, _validation(form, column))
    page.freeze_panes(_HEADING_ROW + 1, 3)
    page.protect("", {"format_columns": True, "format_rows": True})
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.8, right=0.4, top=0.5, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(_HEADING_ROW)
    page.set_footer(f"&L{form.title}（第{form.edition}版）&R&P / &N")


def _write_cover(book: Any, page: Any, form: Form, last: int) -> None:
    """Write the labelled head: the way back in finds each value right of its label."""
    plain = _format(book, text_wrap=False)
    label = _format(book, text_wrap=False, bg_color="#D9D9D9", border=1)
    blank = _format(book, text_wrap=False, border=1, locked=False, bg_color="#FFF2CC")
    page.write_string(0, 0, form.title, _format(book, text_wrap=False, bold=True, font_size=14))
    page.set_row(0, 24)
    left, middle, right = (0, 2), (4, 5), (last - 1, last)
    head = (
        (1, left, "照会先", form.reporter),
        (1, middle, "年度", str(form.year)),
        (1, right, "版", f"第{form.edition}版"),
        (2, left, "提出先", form.contact),
        (2, middle, "回答期限", form.due),
        (2, right, "種類", str(form.kind)),
        (3, left, "計画", form.plan),
        (4, left, "記入者・内線", None),
        (4, right, "所属長確認", None),
    )
    for row, (label_column, value_column), name, text in head:
        page.write_string(row, label_column, name, label)
        if label_column + 1 < value_column:
            page.write_blank(row, label_column + 1, None, label)
        page.write_string(row, value_column, text or "", blank if text is None else plain)
    asked = "黄色の見出しの列に入力してください。行や列の追加・削除、セルの結合はしないでください。"
    page.write_string(5, 0, "　".join([*form.notices, asked]), plain)


def _cell_format(book: Any, column: FormColumn, decimals: int) -> Any:
    number = "#,##0" + (f".{'0' * decimals}" if decimals else "")
    match column.kind:
        case ColumnKind.FIGURE:
            whole = column.title in ("分子", "分母")
            return _format(book, border=1, locked=False, num_format="#,##0" if whole else number)
        case ColumnKind.FIXED:
            return _format(book, border=1, num_format=number)
        case _:
            # Text format: what is typed stays as it is, also a date or a text beginning with =.
            return _format(book, border=1, locked=False, num_format="@")


def _write_cell(page: Any, row: int, column: int, value: str | Decimal, style: Any) -> None:
    if isinstance(value, Decimal):
        page.write_number(row, column, float(value), style)
    elif value:
        page.write_string(row, column, value, style)
    else:
        page.write_blank(row, column, None, style)


def _height(sheet: FormSheet, row: tuple[str | Decimal, ...]) -> float:
    """Estimate the row's height: Excel does not fit wrapped text by itself on opening."""
    lines = 1
    for column, value in zip(sheet.columns, row, strict=True):
        if isinstance(value, str):
            per_line = max(column.width // 2, 1)
            needed = sum(-(-len(part) // per_line) for part in value.split("\n"))
            lines = max(lines, needed)
    roomy = 5 if sheet.name == TEXTS else 2
    return 15.0 * max(lines, roomy)


def _validation(form: Form, column: FormColumn) -> dict[str, Any]:
    title, message = _HELP[column.kind]
    common = {
        "input_title": title,
        "input_message": message,
        "error_title": title,
        "error_message": message,
        "ignore_blank": True,
    }
    lists: dict[ColumnKind, tuple[str, ...]] = {
        ColumnKind.BASIS: CLOSING_BASES,
        ColumnKind.COURSE: form.courses,
        ColumnKind.MARK: form.marks,
    }
    if choices := lists.get(column.kind):
        return {"validate": "list", "source": list(choices), **common}
    if column.kind is ColumnKind.FIGURE:
        return {"validate": "decimal", "criteria": ">=", "value": 0, **common}
    limit = {"validate": "length", "criteria": "<=", "value": TEXT_LIMIT, "error_type": "warning"}
    return {**limit, **common}
