"""Document → PDF: the handout in A4 landscape, laid out by typst from ``review.typ``."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from jusou.report.charts.content import AttainmentSheet, Chart, Illustrated, alt
from jusou.report.document import PDCA_NUMBER, PDCA_TITLES, Cell, Document, Table
from jusou.report.typesetting import typeset

Pages = Mapping[str, Mapping[str, int]]
"""The page of each subject of a table, by the table's key; of a row of none, under ``""``."""


def render_pdf(
    document: Illustrated, pictures: Mapping[str, bytes], today: date
) -> tuple[bytes, Pages]:
    """Return the document as PDF/A-2a and PDF/UA-1, and on which pages its tables stand.

    ``document`` is printable (see ``fonts``); ``pictures`` are the SVGs of its charts, by
    key.
    """
    pdf, (places,) = typeset(
        "review.typ",
        {
            "data": json.dumps(_data(document), ensure_ascii=False),
            **{f"picture-{key}": svg.decode() for key, svg in pictures.items()},
        },
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        timestamp=datetime.combine(today, time(), UTC),
    )
    pages: dict[str, dict[str, int]] = {}
    for place in places:  # in the order of pages: a row that is torn begins on its first
        pages.setdefault(place["table"], {}).setdefault(place["subject"], place["page"])
    return pdf, pages


def _data(document: Illustrated) -> dict[str, Any]:
    """Return what the template reads; of the charts only the words, for they come as pictures."""
    names = [field.name for field in dataclasses.fields(Document)]
    return {
        **{name: _plain(getattr(document, name)) for name in names},
        "attainment": _pictured(document.attainment),
        "charts": _pictured(document.charts),
        "pdca_titles": (PDCA_NUMBER, *PDCA_TITLES),
    }


def _pictured(sheets: Sequence[AttainmentSheet | Chart]) -> list[dict[str, Any]]:
    return [
        {"key": sheet.key, "title": _plain(sheet.title), "alt": _plain(alt(sheet))}
        for sheet in sheets
    ]


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it: a cell is its text, a named tuple names its ``type``.

    A tab, for which the font has no glyph, becomes a space.
    """
    if isinstance(value, str):
        return value.replace("\t", " ")
    if isinstance(value, Cell):
        return _plain(value.text)
    if hasattr(value, "_asdict"):
        fields = {name: _plain(each) for name, each in value._asdict().items()}
        if isinstance(value, Table):
            fields["subjects"] = [row[0].subject for row in value.rows]
            fields["underlined"] = [[cell.underlined for cell in row] for row in value.rows]
        return {"type": type(value).__name__.lower(), **fields}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value
