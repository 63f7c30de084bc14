"""Document → text for a terminal: aligned tables, never wider than the window.

Aligned columns use no character whose width differs between consoles (East Asian Ambiguous).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from tabulate import tabulate
from wcwidth import wcswidth

from jusou.report.document import (
    PDCA_TITLES,
    Bullets,
    Document,
    Facts,
    Kind,
    Pdca,
    Section,
    Table,
)

_ALIGNED = (Kind.NUMBER, Kind.MARK)
_ALIGN = {Kind.NUMBER: "right"}
_INDENT = "  "
# A run of ASCII stays whole, and closing marks stay with what they close.
_TOKEN = re.compile(r"(?:[!-~]+|.)[、。，．）」』】〕！？％ー]*", re.DOTALL)


def render_screen(document: Document, width: int, sections: Sequence[str] | None = None) -> str:
    """Return the document, or the sections named, for a terminal of ``width`` columns."""
    lines = [*fold(document.title, width), f"{document.subtitle}　{document.as_of}"]
    for notice in document.notices:
        lines += fold(f"【{notice}】", width)
    for section in document.sections:
        if sections is None or section.key in sections:
            lines += _section(section, width)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _section(section: Section, width: int) -> Iterator[str]:
    yield ""
    yield f"■ {section.title}"
    for block in section.blocks:
        yield ""
        match block:
            case Table():
                yield from render_table(block, width)
            case Pdca():
                yield from _pdca(block, width)
            case Facts(items):
                for item in items:
                    yield from fold(item.text, width)
            case Bullets(items):
                for text in items:
                    yield from fold(f"- {_steady(text)}", width, _INDENT)


def render_table(table: Table, width: int) -> Iterator[str]:
    """Yield the lines of a table: plain if it fits, else each name on a line of its own."""
    kinds = [column.kind for column in table.columns]
    yield f"〔{table.caption}〕"
    if not table.rows:
        yield table.empty
        return
    plain = _grid(table, range(len(table.columns)))
    if Kind.DIFFERENCE not in kinds and max(map(columns, plain)) <= width:
        yield from plain
    else:
        yield from _stacked(table, width)
    if table.legend:
        yield from fold(f"※{_steady(table.legend)}", width, _INDENT)


def _grid(table: Table, chosen: Sequence[int]) -> list[str]:
    """Lay out the chosen columns: heading, rule, then one line a row."""
    columns = [table.columns[index] for index in chosen]
    rows = [[_steady(row[index].text) for index in chosen] for row in table.rows]
    return tabulate(
        rows,
        headers=[_short(column.title) for column in columns],
        tablefmt="simple",
        disable_numparse=True,
        colalign=[_ALIGN.get(column.kind, "left") for column in columns],
    ).splitlines()


def _short(title: str) -> str:
    return title.replace("（参考）", "参考").replace("（％）", "")


def _stacked(table: Table, width: int) -> Iterator[str]:
    """Yield each row as its name, then its aligned figures, then its texts, indented."""
    aligned = [
        index for index, column in enumerate(table.columns) if index and column.kind in _ALIGNED
    ]
    others = [index for index in range(1, len(table.columns)) if index not in aligned]
    lines = [""] * len(table.rows)
    if aligned:
        heading, rule, *lines = (f"{_INDENT}{line}" for line in _grid(table, aligned))
        yield heading
        yield rule
    for row, line in zip(table.rows, lines, strict=True):
        yield from fold(_steady(row[0].text), width, _INDENT)
        if line:
            yield line
        texts = [f"{table.columns[index].title}：{row[index].text}" for index in others]
        yield from _flow("    ", texts, width)


def _pdca(pdca: Pdca, width: int) -> Iterator[str]:
    yield f"〔{pdca.caption}〕"
    for row in pdca.rows:
        yield from fold(row.title, width, _INDENT)
        parts = list(zip(PDCA_TITLES, row.cells, strict=True))
        if row.opinion:
            parts.append(("意見", row.opinion))
        for title, items in parts:
            yield from _flow(f"{_INDENT}{title}  ", [item.text for item in items], width)
    yield from fold(f"※{_steady(pdca.legend)}", width, _INDENT)


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
    lines, line, used = [], "", 0
    for token in _TOKEN.findall(text.replace("\n", " ")):
        taken = columns(token)
        if used + taken > width and line.strip():
            lines.append(line.rstrip())
            line = hang + token.lstrip(" 　")
            used = columns(line)
        else:
            line += token
            used += taken
    return [*lines, line]


@cache
def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return wcswidth(text)


def _steady(text: str) -> str:
    """「—」 is one column wide on some consoles and two on others; aligned text may not use it."""
    return text.replace("\n", " ").replace("—", "-")
