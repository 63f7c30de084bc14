"""Document → plain text to be read aloud: sentences only, no table drawing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jusou.report.document import (
    PDCA_TITLES,
    Bullets,
    Document,
    Facts,
    Item,
    Pdca,
    Section,
    Table,
)


def render_text(document: Document) -> str:
    """Return the document as text for a screen reader."""
    lines = [document.title, *document.below_title, *document.notices]
    for number, section in enumerate(document.sections, 1):
        lines += ["", f"{number}. {section.title}", *_section(section)]
    return "\n".join(lines) + "\n"


def _section(section: Section) -> Iterator[str]:
    for block in section.blocks:
        yield ""
        match block:
            case Table():
                yield from _table(block)
            case Pdca():
                yield from _pdca(block)
            case Facts(items):
                yield from (_sentence(item) for item in items)
            case Bullets(items):
                yield from items


def _table(table: Table) -> Iterator[str]:
    yield f"{table.caption}（{len(table.rows)}件）"
    if not table.rows:
        yield table.empty
    for row, below in table.whole_rows:
        yield f"{_lines(row[0].aloud)}。"
        rest = zip(table.columns[1:], row[1:], strict=True)
        yield _joined(f"{column.title} {_lines(cell.aloud)}" for column, cell in rest)
        yield from (_sentence(item) for item in below)
    if table.rows and table.legend:
        yield table.legend


def _joined(parts: Iterable[str]) -> str:
    """Return parts as one sentence; those that are sentences keep their own stop."""
    return "".join(part if part.endswith("。") else f"{part}、" for part in parts)[:-1] + "。"


def _pdca(pdca: Pdca) -> Iterator[str]:
    yield pdca.caption
    for row in pdca.rows:
        yield ""
        yield f"{row.title}。"
        for title, items in zip(PDCA_TITLES, row.cells, strict=True):
            yield f"{title}。"
            yield from (_sentence(item) for item in items)
        yield from (_sentence(item) for item in row.opinion)
    yield ""
    yield pdca.legend


def _sentence(item: Item) -> str:
    text = _lines(item.aloud)
    return text if text.endswith("。") else f"{text}。"


def _lines(text: str) -> str:
    """Return a text with one kind of line break, which says where a reader pauses."""
    return "\n".join(text.splitlines())
