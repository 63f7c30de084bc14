"""The document: what every writer lays out. All words, marks and rounding are settled in it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

NONE = "—"


class Kind(StrEnum):
    """What a column holds, so that a writer can align it."""

    NAME = "name"
    TEXT = "text"
    NUMBER = "number"
    DIFFERENCE = "difference"
    MARK = "mark"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Cell:
    """A text as printed; ``spoken`` as read aloud if it differs; ``value`` is the exact figure.

    ``decimals`` are the places ``value`` is printed with.
    """

    text: str
    spoken: str = ""
    value: Decimal | None = None
    decimals: int = 0

    @property
    def aloud(self) -> str:
        return self.spoken or self.text


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``key`` names it for writers that treat one specially."""

    key: str
    title: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``empty`` is said in place of a table without rows."""

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    legend: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A labelled text; the label may be empty."""

    label: str
    cell: Cell

    @property
    def text(self) -> str:
        return f"{self.label}：{self.cell.text}" if self.label else self.cell.text

    @property
    def aloud(self) -> str:
        return f"{self.label}、{self.cell.aloud}" if self.label else self.cell.aloud


@dataclass(frozen=True, slots=True)
class PdcaRow:
    """One indicator in the PDCA table; ``opinion`` runs full-width below the four cells."""

    title: str
    plan: tuple[Item, ...]
    do: tuple[Item, ...]
    check: tuple[Item, ...]
    act: tuple[Item, ...]
    opinion: tuple[Item, ...] = ()

    @property
    def cells(self) -> tuple[tuple[Item, ...], ...]:
        return (self.plan, self.do, self.check, self.act)


PDCA_TITLES = ("計画", "実施", "点検", "改善")


@dataclass(frozen=True, slots=True)
class Pdca:
    """The PDCA table of one programme."""

    key: str
    caption: str
    rows: tuple[PdcaRow, ...]
    legend: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Labelled facts that head a section."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short sentences."""

    items: tuple[str, ...]


Block = Table | Pdca | Facts | Bullets


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of the document."""

    key: str
    title: str
    blocks: tuple[Block, ...]


class Style(StrEnum):
    """How a figure is drawn: solid, outlined or hatched; never by colour alone."""

    REFERENCE = "reference"
    FINAL = "final"
    PRELIMINARY = "preliminary"
    FORECAST = "forecast"
    INTERIM = "interim"


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure in a chart, with the text written on it. A year without a figure has no mark."""

    year: str
    value: Decimal
    text: str
    style: Style


@dataclass(frozen=True, slots=True)
class Panel:
    """The chart of one indicator: figures against targets, by year.

    ``former`` are targets that a revision replaced. ``from_zero`` is False for rates, whose axis
    is shortened; ``note`` says so in words. ``alt`` is the same in text.
    """

    key: str
    title: str
    unit: str
    years: tuple[str, ...]
    marks: tuple[Mark, ...]
    targets: tuple[Mark, ...]
    former: tuple[Mark, ...]
    from_zero: bool
    note: str
    alt: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A sheet of panels: one programme."""

    key: str
    title: str
    panels: tuple[Panel, ...]
    legend: tuple[tuple[Style, str], ...]
    alt: str


@dataclass(frozen=True, slots=True)
class OverviewCell:
    """Attainment and rating of one indicator and year; ``grade`` counts from 0, the best."""

    text: str
    grade: int | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Indicator × year at a glance; rows are (title, cells), in groups by programme."""

    title: str
    years: tuple[str, ...]
    groups: tuple[tuple[str, tuple[tuple[str, tuple[OverviewCell, ...]], ...]], ...]
    legend: str
    alt: str


@dataclass(frozen=True, slots=True)
class Document:
    """The meeting pack of one year. ``notices`` must stand on every output.

    ``number`` is the number of the handout (資料１), ``year`` the reviewed year (令和9年度).
    """

    title: str
    year: str
    number: str
    subtitle: str
    as_of: str
    notices: tuple[str, ...]
    sections: tuple[Section, ...]
    overview: Overview
    charts: tuple[Chart, ...]
