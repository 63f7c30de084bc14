"""Document → text for a terminal: aligned tables, never wider than the window.

Aligned columns use no character whose width differs between consoles (East Asian Ambiguous).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from unicodedata import east_asian_width

from wcwidth import wcswidth

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
from jusou.values.text import without_controls

_ALIGNED = (Kind.NUMBER, Kind.MARK)
_ALIGN = {Kind.NUMBER: "right"}
_INDENT = "  "
# A run of ASCII stays whole, and brackets and closing marks stay with what they belong to.
_TOKEN = re.compile(r"[（「『【〔]*(?:[!-~]+|.)[、。，．：）」』】〕！？％ー]*", re.DOTALL)


def render_screen(document: Document, width: int, sections: Sequence[str] | None = None) -> str:
    """Return the document, or the sections named, for a terminal of ``width`` columns."""
    lines = fold(document.title, width)
    lines += fold("　".join(document.below_title), width)
    for notice in document.notices:
        lines += fold(f"【{notice}】", width)
    for section in document.sections:
        if sections is None or section.key in sections:
            lines += _section(section, width)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _section(section: Section, width: int) -> Iterator[str]:
    yield ""
    yield from fold(f"■ {section.title}", width, _INDENT)
    for block in section.blocks:
        yield ""
        match block:
            case Table():
                yield from render_table(block, width)
            case Pdca():
                yield from _pdca(block, width)
            case Facts(items):
                for item in items:
                    yield from fold(item.text, width, _INDENT)
            case Bullets(items):
                for text in items:
                    yield from fold(f"- {text}", width, _INDENT)


def render_table(table: Table, width: int) -> Iterator[str]:
    """Yield the lines of a table: plain if it fits, else each name on a line of its own."""
    yield from fold(f"〔{table.caption}〕", width, _INDENT)
    if not table.rows:
        yield from fold(table.empty, width)
        return
    every = range(len(table.columns))
    plain = _grid(table, every) if all(_is_steady(table, index) for index in every) else []
    if plain and max(map(columns, plain)) <= width and not any(table.below):
        yield from plain
    else:
        yield from _stacked(table, width)
    if table.printed_legend:
        yield from fold(f"※{table.printed_legend}", width, _INDENT)


def _is_steady(table: Table, index: int) -> bool:
    """Tell whether every console prints a column equally wide: ``①`` and ``△`` differ."""
    texts = [table.columns[index].title, *(_steady(row[index].text) for row in table.rows)]
    return all(text.isascii() or "A" not in map(east_asian_width, text) for text in texts)


def _grid(table: Table, chosen: Sequence[int]) -> list[str]:
    """Lay out the chosen columns: heading, rule, then one line a row."""
    from tabulate import tabulate  # only where there is a table: a tenth of a command

    titles = [table.columns[index].short or table.columns[index].title for index in chosen]
    rows = [titles]
    rows += [[_steady(_shown(row[index])) for index in chosen] for row in table.rows]
    heading, *lines = tabulate(
        rows,
        tablefmt="plain",
        disable_numparse=True,
        colalign=[_ALIGN.get(table.columns[index].kind, "left") for index in chosen],
    ).splitlines()
    rule = "  ".join("-" * max(map(columns, cells)) for cells in zip(*rows, strict=True))
    return [heading, rule, *lines]


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
        yield from fold(row[0].text, width, _INDENT) if row[0].text else ()
        if line:
            yield line
        texts = [
            f"{table.columns[index].title}：{_shown(row[index])}"
            for index in others
            if row[index].text
        ]
        yield from _flow("    ", [*texts, *(item.text for item in below)], width)


def _shown(cell: Cell) -> str:
    return f"_{cell.text}_" if cell.underlined else cell.text


def _pdca(pdca: Pdca, width: int) -> Iterator[str]:
    yield from fold(f"〔{pdca.caption}〕", width, _INDENT)
    for row in pdca.rows:
        yield from fold(row.title, width, _INDENT)
        parts = list(zip(PDCA_TITLES, row.cells, strict=True))
        if row.opinion:
            parts.append((PDCA_OPINION, row.opinion))
        for title, items in parts:
            yield from _flow(f"{_INDENT}{title}  ", [item.text for item in items], width)
    yield from fold(f"※{pdca.printed_legend}", width, _INDENT)


def _flow(head: str, texts: Iterable[str], width: int) -> Iterator[str]:
    """Yield labelled texts: short ones share a line, long ones fold below one another."""
    hang = " " * columns(head)
    line = head
    for text in map(_steady, texts):
        joined = f"{line}{text}" if line in (head, hang) else f"{line}　{text}"
        if columns(joined) > width and line not in (head, hang):
            yield line
            joined = f"{hang}{text}"
        *full, line = fold(joined, width, hang)
        yield from full
    if line.strip():
        yield line


def fold(text: str, width: int, hang: str = "") -> list[str]:
    """Break a text into lines of at most ``width`` columns; later lines begin with ``hang``."""
    text = _steady(text)
    if columns(text) <= width:
        return [text]
    lines, line, used = [], "", 0
    for token in _tokens(text, width - columns(hang)):
        taken = columns(token)
        if used + taken > width and line.strip():
            lines.append(line.rstrip())
            line = hang + token.lstrip(" 　")
            used = columns(line)
        else:
            line += token
            used += taken
    return [*lines, line]


def _tokens(text: str, room: int) -> Iterator[str]:
    """Split a text into what stays on one line; what is too long even for a line, anywhere."""
    for token in _TOKEN.findall(text):
        yield from [token] if 2 * len(token) <= room or columns(token) <= room else token


@cache
def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return len(text) if text.isascii() else wcswidth(text)


def _steady(text: str) -> str:
    """Make a text safe to print and align.

    A line break or any other control character becomes a space: a console may obey it. 「—」 is
    one column wide on some consoles and two on others.
    """
    return without_controls(text, "").replace("—", "-")
