"""Document → PDF: the handout in A4 landscape, laid out by typst from ``review.typ``."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from jusou.report.charts.content import Illustrated, alt
from jusou.report.document import PDCA_NUMBER, PDCA_TITLES, Cell, Document, Table
from jusou.report.typesetting import typeset


def render_pdf(document: Illustrated, pictures: Mapping[str, bytes], today: date) -> bytes:
    """Return the document as PDF/A-2a and PDF/UA-1.

    ``document`` is printable (see ``fonts``); ``pictures`` are the SVGs of its charts, by
    key.
    """
    pdf = typeset(
        "review.typ",
        {
            "data": json.dumps(_data(document), ensure_ascii=False),
            **{f"picture-{key}": svg.decode() for key, svg in pictures.items()},
        },
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        timestamp=datetime.combine(today, time(), UTC),
    )
    assert isinstance(pdf, bytes)
    return pdf


def _data(document: Illustrated) -> dict[str, Any]:
    """Return what the template reads; of the charts only the words, for they come as pictures."""
    names = [field.name for field in dataclasses.fields(Document)]
    return {
        **{name: _plain(getattr(document, name)) for name in names},
        "charts": [
            {"key": chart.key, "title": _plain(chart.title), "alt": _plain(alt(chart))}
            for chart in document.sheets
        ],
        "pdca_titles": (PDCA_NUMBER, *PDCA_TITLES),
    }


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
            fields["underlined"] = [[cell.underlined for cell in row] for row in value.rows]
        return {"type": type(value).__name__.lower(), **fields}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value
