"""Document → Markdown (GitHub's tables), for pasting into other documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tabulate import tabulate

from jusou.report.document import (
    PDCA_TITLES,
    Bullets,
    Cell,
    Document,
    Facts,
    Item,
    Kind,
    Pdca,
    Section,
    Table,
)

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#$~&])")


def render_markdown(document: Document) -> str:
    """Return the document as Markdown."""
    lines = [f"# {escape(document.title)}", "", "　".join(map(escape, document.below_title))]
    for notice in document.notices:
        lines += ["", f"> **{escape(notice)}**"]
    for section in document.sections:
        lines += ["", f"## {escape(section.title)}", *_section(section)]
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Make a text stand as it is inside Markdown, on one line; line breaks become ``<br>``."""
    return "<br>".join(_SPECIAL.sub(r"\\\1", text).splitlines())


def _section(section: Section) -> Iterator[str]:
    for block in section.blocks:
        yield ""
        match block:
            case Table():
                yield from _table(block)
            case Pdca():
                yield from _pdca(block)
            case Facts(items):
                yield from (f"- {_item(item)}" for item in items)
            case Bullets(items):
                yield from (f"- {escape(text)}" for text in items)


def _table(table: Table) -> Iterator[str]:
    yield f"### {escape(table.caption)}"
    yield ""
    if not table.rows:
        yield escape(table.empty)
        return
    align = ["right" if column.kind is Kind.NUMBER else "left" for column in table.columns]
    rows = []
    for row, below in table.whole_rows:
        name, *rest = map(_cell, row)
        rows.append(["<br>".join([name, *map(_item, below)]), *rest])
    yield _pipe([escape(column.title) for column in table.columns], rows, align)
    if table.printed_legend:
        yield ""
        yield escape(table.printed_legend)


def _cell(cell: Cell) -> str:
    text = escape(cell.text)
    return f"<ins>{text}</ins>" if cell.underlined else text


def _pdca(pdca: Pdca) -> Iterator[str]:
    yield f"### {escape(pdca.caption)}"
    yield ""
    rows = []
    for row in pdca.rows:
        cells = ["<br>".join(_item(item) for item in items) for items in row.cells]
        cells[0] = f"**{escape(row.title)}**<br>{cells[0]}"
        if row.opinion:
            cells[3] += "<br>" + "<br>".join(_item(item) for item in row.opinion)
        rows.append(cells)
    yield _pipe(list(PDCA_TITLES), rows, ["left"] * 4)
    yield ""
    yield escape(pdca.printed_legend)


def _item(item: Item) -> str:
    text = escape(item.cell.text)
    return f"**{escape(item.label)}**: {text}" if item.label else text


def _pipe(headers: Sequence[str], rows: Sequence[Sequence[str]], align: Sequence[str]) -> str:
    return tabulate(rows, headers=headers, tablefmt="pipe", disable_numparse=True, colalign=align)
