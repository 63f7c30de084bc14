"""Document → text for a terminal: aligned tables, never wider than the window.

Aligned columns use no character whose width differs between consoles (East Asian Ambiguous).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from unicodedata import east_asian_width

from jusou.report import words
from jusou.report.document import (
    PDCA_OPINION,
    PDCA_TITLES,
    Bullets,
    Cell,
    Document,
    Facts,
    Kind,
    Pdca,
    Section,
    Table,
)
from jusou.values.columns import columns, steady, wrapped

_ALIGNED = (Kind.NUMBER, Kind.MARK)
_MARK = "*"  # of a figure, for 「※」, which takes one column on some consoles and two on others
_INDENT = "  "


def render_screen(document: Document, width: int, sections: Sequence[str] | None = None) -> str:
    """Return the document, or the sections named, for a terminal of ``width`` columns."""
    lines = wrapped(document.title, width)
    lines += wrapped("　".join(document.below_title), width)
    for notice in document.notices:
        lines += wrapped(f"【{notice}】", width)
    for section in document.sections:
        if sections is None or section.key in sections:
            lines += _section(section, width)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _section(section: Section, width: int) -> Iterator[str]:
    yield ""
    yield from wrapped(f"■ {section.title}", width, _INDENT)
    for block in section.blocks:
        yield ""
        match block:
            case Table():
                yield from render_table(block, width)
            case Pdca():
                yield from _pdca(block, width)
            case Facts(items):
                for item in items:
                    yield from wrapped(item.text, width, _INDENT)
            case Bullets(items):
                for text in items:
                    yield from wrapped(f"- {text}", width, _INDENT)


def render_table(table: Table, width: int) -> Iterator[str]:
    """Yield the lines of a table: plain if it fits, else each name on a line of its own."""
    yield from wrapped(f"〔{table.caption}〕", width, _INDENT)
    if not table.rows:
        yield from wrapped(table.empty, width)
        return
    every = range(len(table.columns))
    plain = _grid(table, every) if all(_is_steady(table, index) for index in every) else []
    if plain and max(map(columns, plain)) <= width and not any(table.below):
        yield from plain
    else:
        yield from _stacked(table, width)
    if table.printed_legend:
        legend = table.printed_legend.replace(words.CORRECTED, _MARK)
        yield from wrapped(f"※{legend}", width, _INDENT)


def _is_steady(table: Table, index: int) -> bool:
    """Tell whether every console prints a column equally wide: ``①`` and ``△`` differ."""
    texts = [table.columns[index].title, *(steady(_shown(row[index])) for row in table.rows)]
    return all(text.isascii() or "A" not in map(east_asian_width, text) for text in texts)


def _grid(table: Table, chosen: Sequence[int]) -> list[str]:
    """Lay out the chosen columns: heading, rule, then one line a row."""
    titles = [table.columns[index].short or table.columns[index].title for index in chosen]
    rows = [[steady(_shown(row[index])).strip() for index in chosen] for row in table.rows]
    widths = [max(map(columns, cells)) for cells in zip(titles, *rows, strict=True)]
    kinds = [table.columns[index].kind for index in chosen]
    return [
        "  ".join(map(_padded, cells, widths, kinds))
        for cells in (titles, ["-" * width for width in widths], *rows)
    ]


def _padded(cell: str, width: int, kind: Kind) -> str:
    space = " " * (width - columns(cell))
    return f"{space}{cell}" if kind is Kind.NUMBER else f"{cell}{space}"


def _stacked(table: Table, width: int) -> Iterator[str]:
    """Yield each row as its name, then its aligned figures if they fit, then its texts."""
    rest = range(1, len(table.columns))
    aligned = [
        index
        for index in rest
        if table.columns[index].kind in _ALIGNED and _is_steady(table, index)
    ]
    lines = [f"{_INDENT}{line}" for line in _grid(table, aligned)] if aligned else []
    if any(columns(line) > width for line in lines):
        aligned = []
    others = [index for index in rest if index not in aligned]
    yield from lines[:2] if aligned else []
    lines = lines[2:] if aligned else [""] * len(table.rows)
    for (row, below), line in zip(table.whole_rows, lines, strict=True):
        yield from wrapped(row[0].text, width, _INDENT) if row[0].text else ()
        if line:
            yield line
        texts = [
            f"{table.columns[index].title}：{_shown(row[index])}"
            for index in others
            if row[index].text
        ]
        yield from _flow("    ", [*texts, *(item.text for item in below)], width)


def _shown(cell: Cell) -> str:
    text = f"{cell.text.removesuffix(cell.mark)}{_MARK}" if cell.mark else cell.text
    return f"_{text}_" if cell.underlined else text


def _pdca(pdca: Pdca, width: int) -> Iterator[str]:
    yield from wrapped(f"〔{pdca.caption}〕", width, _INDENT)
    for row in pdca.rows:
        yield from wrapped(row.title, width, _INDENT)
        parts = list(zip(PDCA_TITLES, row.cells, strict=True))
        if row.opinion:
            parts.append((PDCA_OPINION, row.opinion))
        for title, items in parts:
            yield from _flow(f"{_INDENT}{title}  ", [item.text for item in items], width)
    yield from wrapped(f"※{pdca.printed_legend}", width, _INDENT)


def _flow(head: str, texts: Iterable[str], width: int) -> Iterator[str]:
    """Yield labelled texts: short ones share a line, long ones fold below one another."""
    hang = " " * columns(head)
    line = head
    for text in map(steady, texts):
        joined = f"{line}{text}" if line in (head, hang) else f"{line}　{text}"
        if columns(joined) > width and line not in (head, hang):
            yield line
            joined = f"{hang}{text}"
        *full, line = wrapped(joined, width, hang)
        yield from full
    if line.strip():
        yield line
