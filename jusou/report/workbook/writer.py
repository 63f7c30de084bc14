"""Document → Excel workbook: one sheet a section, with real numbers and live formulas."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from jusou.report.document import (
    PDCA_NAME,
    PDCA_TITLES,
    Bullets,
    Cell,
    Document,
    Facts,
    Pdca,
    Section,
    Table,
)
from jusou.report.workbook import style
from jusou.report.workbook.sheet import Piece, SheetWriter, WorkbookWriter
from jusou.report.workbook.tables import printed_widths, write_table

# In inches; 20 mm to bind.
_MARGINS: Mapping[str, float] = {"left": 0.79, "right": 0.39, "top": 0.79, "bottom": 0.59}
_PAGE_WIDTH = 150.0
_PDCA_GRID = (28.0, 14.0, 24.0, 38.0, 38.0, 28.0, 12.0)
_PDCA_SPANS = (1, 2, 1, 1, 2)
# What may stay on the screen while the rest is scrolled.
_FROZEN_POINTS = 250.0
_HEADER_LIMIT = 255
_NUMBER_LIMIT = 40
_PAGE_NUMBER = "&P／&N"


def render_xlsx(document: Document, today: date) -> bytes:
    """Return the workbook; the same document and day give the same bytes."""
    about = {"title": document.properties.title, "author": document.properties.author}
    workbook = WorkbookWriter(about, today, _marks(document))
    names = style.tab_names(section.tab or section.title for section in document.sections)
    for name, section in zip(names, document.sections, strict=True):
        _write_section(workbook.add_sheet(name, _grid(section)), document, section)
    return workbook.finish()


def _marks(document: Document) -> tuple[str, ...]:
    """The marks of the rating scale, from the best."""
    blocks = [block for section in document.sections for block in section.blocks]
    scales = [block for block in blocks if isinstance(block, Table) and block.key == "scale"]
    return tuple(row[0].text for scale in scales for row in scale.rows)


def _grid(section: Section) -> list[float]:
    """Return the widths of the sheet's columns: those of its widest table, filling the page."""
    if any(isinstance(block, Pdca) for block in section.blocks):
        return list(_PDCA_GRID)
    tables = [printed_widths(block) for block in section.blocks if isinstance(block, Table)]
    widest = max(tables, key=len, default=[_PAGE_WIDTH])
    factor = max(_PAGE_WIDTH / sum(widest), 1.0)
    return [width * factor for width in widest]


def _write_section(sheet: SheetWriter, document: Document, section: Section) -> None:
    sheet.line(section.title, style.TITLE)
    sheet.line(document.title, style.CAPTION)
    sheet.line("　".join(document.below_title), style.PLAIN)
    for notice in document.notices:
        sheet.line(f"【{notice}】", style.NOTICE)
    head, heading = sheet.row, None
    for block in section.blocks:
        sheet.skip()
        match block:
            case Table():
                area = write_table(sheet, block, has_caption=block.caption != section.title)
                if area and len(section.blocks) == 1:
                    heading = area.first - 1
                if area and section.key == "long":
                    last = max(area.columns.values())
                    sheet.worksheet.autofilter(area.first - 1, 0, area.last, last)
            case Pdca():
                heading = _write_pdca(sheet, block, heading)
            case Facts(items):
                for item in items:
                    label = Piece(1, Cell(item.label), style.LABEL)
                    sheet.put([label, Piece(sheet.width - 1, item.cell, style.TEXT)])
            case Bullets(items):
                for text in items:
                    sheet.line(f"・{text}", style.PLAIN)
    frozen = head
    if heading is not None and sum(sheet.heights[: heading + 1]) <= _FROZEN_POINTS:
        frozen = heading + 1
    sheet.worksheet.freeze_panes(frozen, 0)
    holds_chart = any(isinstance(block, Table) and block.bars for block in section.blocks)
    _set_up_print(sheet, document, heading or 0, holds_chart=holds_chart)


def _write_pdca(sheet: SheetWriter, pdca: Pdca, heading: int | None) -> int:
    """Write a PDCA table, and its heading if the sheet has none yet; return the heading's row."""
    sheet.line(pdca.caption, style.CAPTION if heading is None else style.LABEL)
    if heading is None:
        titles = zip(_PDCA_SPANS, map(Cell, (PDCA_NAME, *PDCA_TITLES)), strict=True)
        heading = sheet.put([Piece(span, title, style.HEADER) for span, title in titles])
    first, *rest = _PDCA_SPANS
    for row in pdca.rows:
        cells = [Piece(*each, style.TEXT) for each in zip(rest, row.cells, strict=True)]
        sheet.put([Piece(first, Cell(row.title), style.LABEL), *cells])
        if row.opinion:
            sheet.put([Piece(sheet.width, row.opinion, style.TEXT)])
    sheet.line(pdca.printed_legend, style.PLAIN)
    return heading


def _set_up_print(
    sheet: SheetWriter, document: Document, heading: int, *, holds_chart: bool
) -> None:
    sheet.set_up_print(heading, _MARGINS, holds_chart=holds_chart)
    sheet.worksheet.print_area(0, 0, sheet.row - 1, sheet.width - 1)
    font = f'&"{style.FONT},Regular"&8 '
    number = style.clip(document.number, _NUMBER_LIMIT).replace("&", "&&")
    notices = _fitting("\n".join(document.notices), f"&L{font}&R{font}{number}")
    sheet.worksheet.set_header(f"&L{font}{notices}&R{font}{number}")
    rest = f"　&A&R{font}{_PAGE_NUMBER}"
    title = _fitting(document.title, f"&L{font}{rest}")
    sheet.worksheet.set_footer(f"&L{font}{title}{rest}")


def _fitting(text: str, rest: str) -> str:
    """Return a text for a header or footer, cut to Excel's limit for it and ``rest``."""
    return style.clip(text, _HEADER_LIMIT - len(rest) - text.count("&")).replace("&", "&&")
