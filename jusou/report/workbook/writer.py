"""Document → Excel workbook: one sheet a section, with real numbers and live formulas."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import date, datetime, time

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
from jusou.report.workbook.sheet import Book, LiveCell, Page, Piece
from jusou.report.workbook.tables import printed_widths, write_table

_A4 = 9
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
_PLACEHOLDER = re.compile(r"\{(?:([a-z-]+)\.)?([a-z-]+)\}")


def render_xlsx(document: Document, today: date) -> bytes:
    """Return the workbook; the same document and day give the same bytes."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, style.workbook_options()) as workbook:
        workbook.set_properties(
            {
                "title": document.properties.title,
                "author": document.properties.author,
                "created": datetime.combine(today, time()),
            }
        )
        book = Book(workbook, _marks(document))
        names = style.tab_names(section.tab or section.title for section in document.sections)
        for name, section in zip(names, document.sections, strict=True):
            _write_section(book, document, section, name)
        for cell in book.live:
            _write_formula(book, cell)
    return buffer.getvalue()


def _marks(document: Document) -> tuple[str, ...]:
    """The marks of the rating scale, from the best."""
    blocks = [block for section in document.sections for block in section.blocks]
    scales = [block for block in blocks if isinstance(block, Table) and block.key == "scale"]
    return tuple(row[0].text for scale in scales for row in scale.rows)


def _write_section(book: Book, document: Document, section: Section, name: str) -> None:
    page = Page(book, name, book.workbook.add_worksheet(name), _grid(section))
    _write_head(page, document, section)
    head, heading = page.row, None
    only = len(section.blocks) == 1
    for block in section.blocks:
        page.skip()
        match block:
            case Table():
                place = write_table(page, block, has_caption=block.caption != section.title)
                if place and only:
                    heading = place.first - 1
                if place and section.key == "long":
                    last = max(place.columns.values())
                    page.sheet.autofilter(place.first - 1, 0, place.last, last)
            case Pdca() if heading is None:
                heading = _write_pdca_heading(page, block)
                _write_pdca(page, block)
            case Pdca():
                page.line(block.caption, style.LABEL)
                _write_pdca(page, block)
            case Facts(items):
                for item in items:
                    label = Piece(1, Cell(item.label), style.LABEL)
                    page.put([label, Piece(page.width - 1, item.cell, style.TEXT)])
            case Bullets(items):
                for text in items:
                    page.line(f"・{text}", style.PLAIN)
    _freeze(page, head, heading)
    _set_up_print(page, document, heading or 0)


def _grid(section: Section) -> list[float]:
    """Return the widths of the sheet's columns: those of its widest table, filling the page."""
    if any(isinstance(block, Pdca) for block in section.blocks):
        return list(_PDCA_GRID)
    tables = [printed_widths(block) for block in section.blocks if isinstance(block, Table)]
    return style.stretch(max(tables, key=len), _PAGE_WIDTH)


def _write_head(page: Page, document: Document, section: Section) -> None:
    page.line(section.title, style.TITLE)
    page.line(document.title, style.CAPTION)
    stand = (document.subtitle, document.as_of, document.number)
    page.line("　".join(filter(None, stand)), style.PLAIN)
    for notice in document.notices:
        page.line(f"【{notice}】", style.NOTICE)


def _write_pdca_heading(page: Page, pdca: Pdca) -> int:
    """Write caption and headings, which all PDCA tables of a sheet share; return their row."""
    titles = map(Cell, (PDCA_NAME, *PDCA_TITLES))
    pieces = [
        Piece(span, each, style.HEADER) for span, each in zip(_PDCA_SPANS, titles, strict=True)
    ]
    page.line(pdca.caption, style.CAPTION)
    return page.put(pieces)


def _write_pdca(page: Page, pdca: Pdca) -> None:
    for row in pdca.rows:
        cells = [Piece(_PDCA_SPANS[0], Cell(row.title), style.LABEL)]
        for span, items in zip(_PDCA_SPANS[1:], row.cells, strict=True):
            cells.append(Piece(span, items, style.TEXT))
        page.put(cells)
        if row.opinion:
            page.put([Piece(page.width, row.opinion, style.TEXT)])
    page.line(pdca.printed_legend, style.PLAIN)


def _freeze(page: Page, head: int, heading: int | None) -> None:
    """Keep the headings on the screen; where they stand too low for that, the sheet's title."""
    rows = head
    if heading is not None and sum(page.heights[: heading + 1]) <= _FROZEN_POINTS:
        rows = heading + 1
    page.sheet.freeze_panes(rows, 0)


def _set_up_print(page: Page, document: Document, repeated: int) -> None:
    sheet = page.sheet
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(**_MARGINS)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, page.row - 1, page.width - 1)
    sheet.repeat_rows(repeated)
    font = f'&"{style.FONT},Regular"&8 '
    number = style.clip(document.number, _NUMBER_LIMIT).replace("&", "&&")
    notices = _fitting("\n".join(document.notices), f"&L{font}&R{font}{number}")
    sheet.set_header(f"&L{font}{notices}&R{font}{number}")
    fixed = f"&L{font}　&A&R{font}{_PAGE_NUMBER}"
    title = _fitting(document.title, fixed)
    sheet.set_footer(f"&L{font}{title}　&A&R{font}{_PAGE_NUMBER}")


def _fitting(text: str, rest: str) -> str:
    """Return a text for a header or footer, cut to Excel's limit for it and ``rest``."""
    return style.clip(text, _HEADER_LIMIT - len(rest) - text.count("&")).replace("&", "&&")


def _write_formula(book: Book, live: LiveCell) -> None:
    """Write a formula with the addresses of its cells, and its result beside it."""
    from xlsxwriter.utility import quote_sheetname, xl_range_abs, xl_rowcol_to_cell

    def address(match: re.Match[str]) -> str:
        table, key = match.groups()
        place = book.places[table or live.spot.table]
        column = place.columns[key]
        if table is None:
            return str(xl_rowcol_to_cell(live.spot.row, column, col_abs=True))
        cells = xl_range_abs(place.first, column, place.last, column)
        return f"{quote_sheetname(place.sheet)}!{cells}"

    cell, spot = live.cell, live.spot
    formula = _PLACEHOLDER.sub(address, cell.formula)
    result = cell.text if cell.value is None else float(cell.value)
    live.sheet.write_formula(spot.row, spot.column, f"={formula}", live.format, result)
