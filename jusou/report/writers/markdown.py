"""Document → Markdown (GitHub's tables), for pasting into other documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
from jusou.values.columns import columns

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
    to_right = [column.kind is Kind.NUMBER for column in table.columns]
    rows = []
    for row, below in table.whole_rows:
        name, *rest = map(_cell, row)
        rows.append(["<br>".join([name, *map(_item, below)]), *rest])
    yield _pipe([escape(column.title) for column in table.columns], rows, to_right)
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
    yield _pipe(list(PDCA_TITLES), rows, [False] * 4)
    yield ""
    yield escape(pdca.printed_legend)


def _item(item: Item) -> str:
    text = escape(item.cell.text)
    return f"**{escape(item.label)}**: {text}" if item.label else text


def _pipe(titles: Sequence[str], rows: Sequence[Sequence[str]], to_right: Sequence[bool]) -> str:
    """Return a table whose columns stand below each other where it is read as it is, too."""
    lines = [[*titles], *([text.strip() for text in row] for row in rows)]
    widths = [
        max(columns(title) + 2, *map(columns, texts)) for title, *texts in zip(*lines, strict=True)
    ]
    rules = ["-" * (width + 1) for width in widths]
    rules = [
        f"{rule}:" if right else f":{rule}" for rule, right in zip(rules, to_right, strict=True)
    ]

    def padded(text: str, width: int, right: bool) -> str:
        room = " " * (width - columns(text))
        return f" {room}{text} " if right else f" {text}{room} "

    body = [map(padded, line, widths, to_right) for line in lines]
    return "\n".join(f"|{'|'.join(cells)}|" for cells in (body[0], rules, *body[1:]))
