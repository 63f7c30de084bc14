"""Form → CSV (UTF-8 with BOM): the head, then one table with a row for each subject.

It is opened in a spreadsheet, so its texts are escaped; they come back so.
"""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from jusou.forms.layout import ID, NUMBERS_AND_DAYS, Form, Value
from jusou.values.escaping import escaped


def render_form_csv(form: Form) -> bytes:
    """Return the form as a CSV file; its sheets stand side by side in one table."""
    titles: dict[str, None] = {}
    rows: dict[Value, dict[str, Value]] = {}
    for sheet in form.sheets:
        titles |= dict.fromkeys(column.title for column in sheet.columns)
        for row in sheet.rows:
            rows.setdefault(row.values[ID], {}).update(row.values)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([form.title])
    writer.writerows((label, escaped(text)) for label, text in form.head.items())
    writer.writerows([line] for line in (*form.notices, *form.guide))
    writer.writerow(titles)
    writer.writerows(
        [_cell(title, row.get(title, "")) for title in titles] for row in rows.values()
    )
    return buffer.getvalue().encode("utf-8-sig")


def _cell(title: str, value: Value) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value if title in NUMBERS_AND_DAYS else escaped(value)
