"""The document: what every writer lays out. All words, marks and rounding are settled in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import compress
from typing import NamedTuple, TypeVar

from jusou.values.fiscal_year import FiscalYear

NONE = "—"


class Bars(NamedTuple):
    """A stacked bar chart of columns of a table, by key, a bar a row: native in the workbook."""

    title: str
    series: tuple[str, ...]
    category_title: str
    value_title: str
    alt: str


class Kind(StrEnum):
    """What a column holds, so that a writer can align it."""

    NAME = "name"
    TEXT = "text"
    NUMBER = "number"
    DIFFERENCE = "difference"
    MARK = "mark"
    REMARK = "remark"
    WORKING = "working"
    """A step of a computation, in the workbook only."""


class Notation(StrEnum):
    """How the digits of a figure are written: ``2,655``, ``+2,655``, or ``2655``."""

    GROUPED = "grouped"
    SIGNED = "signed"
    BARE = "bare"


class Held(StrEnum):
    """What a figure is that the plan or a log holds; all others are computed."""

    ACTUAL = "actual"
    TARGET = "target"


class Cell(NamedTuple):
    """A text as printed; ``spoken`` as read aloud if it differs.

    A figure carries what its text is made of: the exact ``value``, the ``decimals`` it is printed
    with, the ``unit`` behind it, what stands ``aside`` in brackets (見込), its ``notation``. A word
    in place of a figure has the ``decimals`` of the figure that a person may type there.
    ``mark`` stands behind the digits.
    ``formula`` is how a workbook computes the cell (see :mod:`jusou.report.workbook.formulas`).
    The name at the head of a row says by ``subject`` of which indicator it is; an actual or a
    target says by ``held`` that it is one, and of which year.
    What was changed is ``underlined``.
    """

    text: str
    spoken: str = ""
    value: Decimal | None = None
    decimals: int = 0
    unit: str = ""
    aside: str = ""
    notation: Notation = Notation.GROUPED
    formula: str = ""
    subject: str = ""
    mark: str = ""
    underlined: bool = False
    held: tuple[Held, FiscalYear] | None = None

    @property
    def aloud(self) -> str:
        return self.spoken or self.text


class Item(NamedTuple):
    """A labelled text; the label may be empty."""

    label: str
    cell: Cell

    @property
    def text(self) -> str:
        return f"{self.label}：{self.cell.text}" if self.label else self.cell.text

    @property
    def aloud(self) -> str:
        return f"{self.label}、{self.cell.aloud}" if self.label else self.cell.aloud


class Column(NamedTuple):
    """A column of a table. ``key`` names it for writers that treat one specially.

    ``short`` is the title where room is short, if it differs. A workbook has columns that are not
    ``printed``: on the screen only, right of the others.
    """

    key: str
    title: str
    kind: Kind
    short: str = ""
    printed: bool = True


class Table(NamedTuple):
    """A table; ``empty`` is said in place of a table without rows.

    ``marks`` explains what only the eye meets, 「—」; ``legend`` what everybody has to know.
    ``below`` is what runs full-width below each row: nothing at all, or a (maybe empty) run of
    items for every row. With a ``total`` the last row adds up those above it.
    """

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    legend: str = ""
    empty: str = ""
    bars: Bars | None = None
    marks: str = ""
    below: tuple[tuple[Item, ...], ...] = ()
    total: bool = False

    @property
    def whole_rows(self) -> Iterator[tuple[tuple[Cell, ...], tuple[Item, ...]]]:
        """Each row with what runs below it."""
        return zip(self.rows, self.below or ((),) * len(self.rows), strict=True)

    @property
    def printed_legend(self) -> str:
        return "　".join(filter(None, (self.marks, self.legend)))


T = TypeVar("T")
ColumnOf = tuple[Column, Callable[[T], Cell]]
"""A column, and what it says of a subject."""
Columns = Sequence[ColumnOf[T]]


def filled(
    columns: Columns[T], subjects: Iterable[T]
) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...]]:
    """Return the columns of a table, and a row for each subject."""
    rows = tuple(tuple(cell_of(each) for _, cell_of in columns) for each in subjects)
    return tuple(column for column, _ in columns), rows


def filled_where_said(
    columns: Columns[T], subjects: Iterable[T]
) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...]]:
    """Return the same without the remarks and texts that are blank for all of the subjects."""
    heads, rows = filled(columns, subjects)
    said = [
        head.kind not in (Kind.REMARK, Kind.TEXT) or any(row[index].text != NONE for row in rows)
        for index, head in enumerate(heads)
    ]
    return tuple(compress(heads, said)), tuple(tuple(compress(row, said)) for row in rows)


class PdcaRow(NamedTuple):
    """One indicator in the PDCA table; ``cells`` are as in ``PDCA_TITLES``, ``opinion`` runs below.

    ``label`` is its number in the plan, ``(1)②``, ``aside`` its unit, ``（件）``; an initiative has
    neither.
    """

    label: str
    name: str
    aside: str
    cells: tuple[tuple[Item, ...], ...]
    opinion: tuple[Item, ...] = ()
    subject: str = ""

    @property
    def title(self) -> str:
        """``(1)② 相談件数（件）``."""
        return f"{self.label} {self.name}{self.aside}".strip()


PDCA_NAME = "指標・取組"
PDCA_NUMBER = "番号"
PDCA_TITLES = ("計画", "実施", "点検・評価", "改善")
PDCA_OPINION = "意見"


class Pdca(NamedTuple):
    """The PDCA table of one programme; ``marks`` and ``legend`` as of a :class:`Table`."""

    key: str
    caption: str
    rows: tuple[PdcaRow, ...]
    legend: str
    marks: str

    @property
    def printed_legend(self) -> str:
        return "　".join(filter(None, (self.marks, self.legend)))


class Facts(NamedTuple):
    """Labelled facts that head a section."""

    items: tuple[Item, ...]


class Bullets(NamedTuple):
    """A list of short sentences."""

    items: tuple[str, ...]


Block = Table | Pdca | Facts | Bullets


class Section(NamedTuple):
    """A headed part of the document; ``tab`` is a shorter title for where room is short."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    tab: str = ""


SUMMARY = "summary"
REVISIONS = "revisions"
HOW_TO_READ = "how-to-read"
ATTENTION = "attention"
INDICATORS = "indicators"
OPINIONS = "opinions"
YEARS = "years"
CHANGES = "changes"
METHOD = "method"
HALF_YEAR = "half-year"
HALF_YEAR_LIST = "half-year-list"
HALF_YEAR_METHOD = "half-year-method"


def programme_key(programme: str) -> str:
    """Return the key of the section of a programme, given its id."""
    return f"programme-{programme}"


class Properties(NamedTuple):
    """What a file says of itself where its pages are not seen: in a folder, in a search."""

    title: str
    author: str


@dataclass(frozen=True, slots=True)
class Document:
    """The meeting pack of one year. ``notices`` must stand on every output.

    ``number`` is the number of the handout (資料１), ``meeting`` where and when it is handed out,
    ``year`` the reviewed year (令和9年度). ``subtitle`` says whose plan it is, and which years it
    is for.
    """

    title: str
    year: str
    number: str
    meeting: str
    subtitle: str
    as_of: str
    notices: tuple[str, ...]
    sections: tuple[Section, ...]
    properties: Properties

    @property
    def below_title(self) -> tuple[str, ...]:
        """What stands below the title, as far as it is given."""
        return tuple(filter(None, (self.number, self.meeting, self.subtitle, self.as_of)))
