"""What the charts show, settled before they are drawn. Only writers that hold charts load it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from jusou.report.document import Document


class Style(StrEnum):
    """How a value is drawn: as a line, solid, outlined or hatched; never by colour alone."""

    TARGET = "target"
    FORMER = "former"
    REFERENCE = "reference"
    FINAL = "final"
    PRELIMINARY = "preliminary"
    FORECAST = "forecast"
    INTERIM = "interim"
    MISSING = "missing"
    MET = "met"
    UNIMPROVED = "unimproved"
    REVISED = "revised"
    UNMET = "unmet"
    CUT = "cut"
    WAY = "way"


@dataclass(frozen=True, slots=True)
class Datum:
    """A value in a chart, with the text written on it. A year without a value has none."""

    year: str
    value: Decimal
    text: str
    style: Style


Legend = tuple[tuple[Style, str], ...]


class Way(NamedTuple):
    """The way to a target over years that have none: from a year and value to another."""

    start: str
    low: Decimal
    end: str
    high: Decimal


@dataclass(frozen=True, slots=True)
class Panel:
    """The chart of one indicator: actuals and the baseline against targets, by year.

    ``former`` are targets that a revision replaced, ``ways`` lead over years without one. ``gaps``
    are (year, words) where a value is missing. Counts are bars from zero; a rate (``is_rate``) is
    points. The axis begins at ``floor``: below zero where a figure is, above it only for rates.
    ``note`` says in words what the eye would miss; ``alt`` is all of it in text.
    """

    key: str
    title: str
    years: tuple[str, ...]
    actuals: tuple[Datum, ...]
    targets: tuple[Datum, ...]
    former: tuple[Datum, ...]
    ways: tuple[Way, ...]
    gaps: tuple[tuple[str, str], ...]
    is_rate: bool
    floor: Decimal
    note: str
    breaks: tuple[str, ...]
    legend: Legend
    alt: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A sheet of panels, ``columns`` side by side at most: of one programme, or of a part of it."""

    key: str
    programme: str
    title: str
    columns: int
    panels: tuple[Panel, ...]
    legend: Legend

    @property
    def alts(self) -> Iterator[str]:
        """Each panel in text."""
        for panel in self.panels:
            yield f"{panel.alt}（{panel.note}）" if panel.note else panel.alt


CUT = 200
"""Where the bars of attainment end, in percent, however long they would be."""


class Bar(NamedTuple):
    """Attainment of an indicator: ``value`` in percent, ``text`` and ``rating`` as printed.

    Without a value, ``text`` says why there is none.
    """

    name: str
    value: Decimal | None
    text: str
    rating: str
    style: Style


_HATCHED = (Style.UNIMPROVED, Style.REVISED)


@dataclass(frozen=True, slots=True)
class AttainmentSheet:
    """A sheet with the attainment of indicators against 100 %, by programme.

    ``groups`` are programmes and their bars; ``legend`` says what the sheet shows of them.
    """

    key: str
    title: str
    groups: tuple[tuple[str, tuple[Bar, ...]], ...]
    legend: Legend

    @property
    def alts(self) -> Iterator[str]:
        """Each bar in text, with what its hatching says."""
        looks = {style: f"　{text}" for style, text in self.legend if style in _HATCHED}
        for bar in (bar for _, bars in self.groups for bar in bars):
            yield f"{bar.name}: {bar.text} {bar.rating}".rstrip() + looks.get(bar.style, "") + "。"


def alt(sheet: AttainmentSheet | Chart) -> str:
    """Return a sheet in text."""
    return f"{sheet.title}のグラフ。{''.join(sheet.alts)}"


@dataclass(frozen=True, slots=True)
class Illustrated(Document):
    """A document with its charts: the sheets of attainment, and those of each programme."""

    attainment: tuple[AttainmentSheet, ...]
    charts: tuple[Chart, ...]

    @property
    def sheets(self) -> tuple[AttainmentSheet | Chart, ...]:
        """All of them, in the order in which they are printed."""
        return (*self.attainment, *self.charts)
