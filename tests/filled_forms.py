"""Forms as people send them back: read, filled in or spoiled, and written anew as xlsx or CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from jusou.forms.layout import FIGURES, ID, INPUT_TITLES

Cells = list[list[Any]]
Touch = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Formula:
    """A formula with the result that Excel stored; None is a formula nobody computed."""

    text: str
    result: float | str | None = None


@dataclass(frozen=True)
class Styled:
    """A value with a look: properties of XlsxWriter's formats."""

    value: Any
    look: Mapping[str, Any]


@dataclass(frozen=True)
class Struck:
    """A text of which ``struck`` is struck through."""

    before: str
    struck: str
    after: str


STRIKE = {"font_strikeout": True}


@dataclass
class Paper:
    """A form on the desk: its sheets, and what was merged (sheet, first row and column, last).

    ``hidden`` are rows (sheet, row), ``narrow`` columns; ``shut`` are sheets with how they are shut
    away; ``notes`` and ``boxes`` are stuck on cells (sheet, row, column, text). ``touches`` are
    what else happens to a sheet, by XlsxWriter's workbook and worksheet.
    """

    sheets: dict[str, Cells]
    merges: list[tuple[str, int, int, int, int]] = field(default_factory=list)
    hidden: set[tuple[str, int]] = field(default_factory=set)
    narrow: set[tuple[str, int]] = field(default_factory=set)
    shut: dict[str, str] = field(default_factory=dict)
    notes: list[tuple[str, int, int, str]] = field(default_factory=list)
    boxes: list[tuple[str, int, int, str]] = field(default_factory=list)
    touches: list[tuple[str, Touch]] = field(default_factory=list)

    @classmethod
    def open(cls, path: Path) -> Paper:
        book = CalamineWorkbook.from_path(str(path))
        sheets = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        }
        return cls({name: [list(row) for row in rows] for name, rows in sheets.items()})

    def heading(self, sheet: str) -> int:
        """Return the row of the table's heading."""
        rows = self.sheets[sheet]
        return next(at for at, row in enumerate(rows) if ID in row and {*row} & {*INPUT_TITLES})

    def column(self, sheet: str, title: str) -> int:
        return self.sheets[sheet][self.heading(sheet)].index(title)

    def row(self, sheet: str, subject: str) -> int:
        column = self.column(sheet, ID)
        rows = self.sheets[sheet]
        return next(at for at, row in enumerate(rows) if row[column] == subject)

    def address(self, sheet: str, subject: str, title: str) -> str:
        """Return ``I9``."""
        return f"{chr(ord('A') + self.column(sheet, title))}{self.row(sheet, subject) + 1}"

    def subjects(self, sheet: str) -> Iterator[str]:
        column = self.column(sheet, ID)
        yield from (row[column] for row in self.sheets[sheet][self.heading(sheet) + 1 :])

    def put(self, subject: str, title: str, value: Any, sheet: str = "") -> None:
        """Type a value into the cell of a subject and a title."""
        sheet = sheet or next(name for name in self.sheets if title in self.titles(name))
        self.sheets[sheet][self.row(sheet, subject)][self.column(sheet, title)] = value

    def titles(self, sheet: str) -> list[Any]:
        return self.sheets[sheet][self.heading(sheet)]

    def label(self, label: str, value: Any) -> None:
        """Type a value right of a label of the head."""
        for rows in self.sheets.values():
            for row in rows:
                if label in row:
                    at = row.index(label)
                    right = next((i for i in range(at + 1, len(row)) if row[i] != ""), at + 1)
                    row[right] = value

    def save(self, path: Path) -> Path:
        """Write the form as an xlsx file; dates, formulas and truth values as what they are."""
        path.parent.mkdir(parents=True, exist_ok=True)
        options = {"strings_to_formulas": False, "in_memory": True}
        with xlsxwriter.Workbook(path, options) as book:
            for name, rows in self.sheets.items():
                page = book.add_worksheet(name)
                self._mark(book, page, name)
                for row, cells in enumerate(rows):
                    for column, value in enumerate(cells):
                        _type(book, page, (row, column), value)
        return path

    def _mark(self, book: Any, page: Any, name: str) -> None:
        """Merge, hide and stick on what is to be on a sheet."""
        for sheet, *area in self.merges:
            if sheet == name:
                page.merge_range(*area, "")
        if name in self.shut:
            getattr(page, self.shut[name])()
        elif name == next(each for each in self.sheets if each not in self.shut):
            page.activate()
        for at in (at for sheet, at in self.hidden if sheet == name):
            page.set_row(at, None, None, {"hidden": True})
        for at in (at for sheet, at in self.narrow if sheet == name):
            page.set_column(at, at, None, None, {"hidden": True})
        for sheet, row, column, text in self.notes:
            if sheet == name:
                page.write_comment(row, column, text, {"author": "甲課"})
        for sheet, row, column, text in self.boxes:
            if sheet == name:
                page.insert_textbox(row, column, text)
        for touch in (touch for sheet, touch in self.touches if sheet == name):
            touch(book, page)


def _type(book: Any, page: Any, at: tuple[int, int], value: Any) -> None:
    match value:
        case Formula():
            page.write_formula(*at, value.text, None, "" if value.result is None else value.result)
        case datetime() | date():
            page.write_datetime(*at, value, book.add_format({"num_format": "yyyy/m/d"}))
        case time():
            page.write_datetime(*at, value, book.add_format({"num_format": "h:mm"}))
        case Struck():
            pieces = (value.before, book.add_format(STRIKE), value.struck, value.after)
            page.write_rich_string(*at, *(each for each in pieces if each != ""))
        case Styled():
            page.write(*at, value.value, book.add_format(dict(value.look)))
        case "":
            pass
        case _:
            page.write(*at, value)


def read_csv(path: Path) -> Cells:
    """Return the rows of a CSV file in UTF-8, each as long as the longest."""
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    width = max(map(len, rows))
    return [row + [""] * (width - len(row)) for row in rows]


def csv_text(rows: Cells) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()


def as_csv(path: Path) -> Paper:
    """Return a form that went out as CSV; its one sheet has the name of the table of figures."""
    return Paper({FIGURES: read_csv(path)})
