"""Form → CSV (UTF-8 with BOM): one table, each row with its year and edition."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from jusou.forms.shape import Form, Value


def render_form_csv(form: Form) -> bytes:
    """Return the form as a CSV file: fixed columns, then the ones to fill in."""
    titles: dict[str, None] = {"年度": None, "版": None, "照会先": None}
    rows: dict[str, dict[str, str]] = {}
    for sheet in form.sheets:
        names = [column.title for column in sheet.columns]
        titles |= dict.fromkeys(names)
        for row in sheet.rows:
            cells = dict(zip(names, map(_text, row), strict=True))
            rows.setdefault(cells["id"], {}).update(cells)
    head = {"年度": str(form.year), "版": f"第{form.edition}版", "照会先": form.reporter}
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(titles)
    writer.writerows([(head | row).get(title, "") for title in titles] for row in rows.values())
    return buffer.getvalue().encode("utf-8-sig")


def _text(value: Value) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else value
