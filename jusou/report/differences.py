"""What one document says otherwise than another of the same kind: cells, rows, sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from jusou.logs.schema import NOTE_FIELDS
from jusou.report.document import NONE, Block, Bullets, Cell, Document, Facts, Pdca, Table

BELOW = "表の下の注"
_SENTENCES = re.compile("(?<=。)")


class Spot(NamedTuple):
    """Where something is said: in a table or section, by its key, in which row, under which title.

    A row as such has no title: it says all but the texts of people. A sentence has no row; what
    stands below a table is ``BELOW`` it.
    """

    block: str
    subject: str = ""
    row: str = ""
    title: str = ""


class Difference(NamedTuple):
    """What is said at a spot of one document alone, ``before``, and of the other, ``after``.

    ``caption`` is that of the table or the section.
    """

    spot: Spot
    caption: str
    before: tuple[Cell, ...]
    after: tuple[Cell, ...]


def differences(before: Document, after: Document) -> Iterator[Difference]:
    """Yield what differs in the order in which it is read; last what is gone.

    A row that only one of them has is told as such, not by its cells.
    """
    there, here = _said(before), _said(after)
    for spot in dict.fromkeys((*here, *there)):
        is_row, row = not spot.title, spot._replace(title="")
        if spot.row and is_row == (row in there and row in here):
            continue
        old, new = (said.get(spot, ("", [])) for said in (there, here))
        gone, come = _without(old[1], new[1]), _without(new[1], old[1])
        if gone or come:
            yield Difference(spot, new[0] or old[0], gone, come)


def _without(cells: list[Cell], others: list[Cell]) -> tuple[Cell, ...]:
    texts = {cell.text for cell in others}
    return tuple(cell for cell in cells if cell.text not in texts)


def _said(document: Document) -> dict[Spot, tuple[str, list[Cell]]]:
    """Return all that a document says, with the caption it stands under."""
    found: dict[Spot, tuple[str, list[Cell]]] = {}
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Facts | Bullets):
                key, caption = section.key, section.title
            else:
                key, caption = block.key, block.caption
            for spot, cell in _cells(block, key):
                found.setdefault(spot, (caption, []))[1].append(cell)
    return found


def _cells(block: Block, key: str) -> Iterator[tuple[Spot, Cell]]:
    match block:
        case Table():
            yield from _of_table(block)
        case Pdca():
            for each in block.rows:
                row = Spot(key, each.subject, each.title)
                yield row, Cell(each.title)
                for item in (*chain(*each.cells), *each.opinion):
                    yield row._replace(title=item.label), item.cell
        case Facts(items):
            yield from ((Spot(key, title=item.label), item.cell) for item in items)
        case Bullets(items):
            yield from ((Spot(key), cell) for item in items for cell in _sentences(item))


def _of_table(table: Table) -> Iterator[tuple[Spot, Cell]]:
    for (name, *cells), below in table.whole_rows:
        row = Spot(table.key, name.subject, name.text or name.aloud)
        told = (
            f"{column.title} {cell.text}"
            for column, cell in zip(table.columns[1:], cells, strict=True)
            if cell.text != NONE and column.key not in NOTE_FIELDS
        )
        yield row, Cell(f"{name.text}\n{'、'.join(told)}")
        for column, cell in zip(table.columns[1:], cells, strict=True):
            yield row._replace(title=column.title), cell
        for item in below:
            yield row._replace(title=item.label), item.cell
    for cell in _sentences(table.printed_legend):
        yield Spot(table.key, title=BELOW), cell


def _sentences(text: str) -> Iterator[Cell]:
    return (Cell(sentence) for sentence in _SENTENCES.split(text) if sentence)
