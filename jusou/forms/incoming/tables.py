"""Finds the tables in a file that came back: headings, columns in any order, rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from jusou.errors import Problem, Severity, quote
from jusou.forms.layout import INPUT_TITLES, KEYS, is_fixed_title
from jusou.values.workbook import Book, Cell, Sheet

_COMPUTED = {"達成率(%)", "達成度"}


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not blank: whose it is, the cells to fill in by title, and all its cells."""

    key: Cell | None
    number: Cell | None
    year: Cell | None
    inputs: Mapping[str, Cell]
    cells: tuple[Cell, ...]

    @property
    def filled(self) -> Mapping[str, Cell]:
        return {title: cell for title, cell in self.inputs.items() if cell}


@dataclass(frozen=True, slots=True)
class Table:
    """The table of one sheet; ``heading`` is the index of its heading row."""

    sheet: Sheet
    heading: int

    @property
    def titles(self) -> tuple[Cell, ...]:
        return self.sheet.rows[self.heading]

    @property
    def columns(self) -> dict[str, int]:
        """The column of each title; of a title that stands twice the first."""
        found: dict[str, int] = {}
        for index, cell in enumerate(self.titles):
            found.setdefault(plain(cell.text), index)
        return found

    @property
    def width(self) -> int:
        """How many columns the headings take."""
        return max(index for index, cell in enumerate(self.titles, 1) if cell)

    @property
    def body(self) -> tuple[tuple[Cell, ...], ...]:
        return self.sheet.rows[self.heading + 1 :]

    def rows(self) -> Iterator[Row]:
        """Yield every row that is not blank."""
        columns = self.columns
        key = next(title for title in KEYS if title in columns)
        for line in self.body:
            if not any(line):
                continue
            cells = {title: line[at] for title, at in columns.items() if at < len(line)}
            inputs = {title: cells[title] for title in INPUT_TITLES if title in cells}
            given = [cells[title] if cells.get(title) else None for title in (key, "番号", "年度")]
            yield Row(given[0], given[1], given[2], inputs, line)


def plain(text: str) -> str:
    """Bring the forms of a label together: full-width and half-width, spaces, line breaks."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def error(place: str, message: str, hint: str) -> Problem:
    """Return an error at a place of a file."""
    return Problem(Severity.ERROR, place, None, None, message, hint)


def warning(place: str, message: str, hint: str) -> Problem:
    """Return a warning at a place of a file."""
    return Problem(Severity.WARNING, place, None, None, message, hint)


def find_tables(book: Book) -> list[Table]:
    """Return the tables of a file, one a sheet."""
    found = ((sheet, heading_index(sheet)) for sheet in book.sheets)
    return [Table(sheet, heading) for sheet, heading in found if heading is not None]


def heading_index(sheet: Sheet) -> int | None:
    """Return the first row that is a heading."""
    return next((index for index, line in enumerate(sheet.rows) if _is_heading(line)), None)


def _is_heading(line: tuple[Cell, ...]) -> bool:
    """Tell whether a row names a key column and a column to fill in."""
    titles = {plain(cell.text) for cell in line}
    return bool(titles & set(KEYS)) and bool(titles & set(INPUT_TITLES))


def not_a_form(book: Book, tables: Sequence[Table]) -> Problem | None:
    """Say so if a file is what ``report`` wrote: figures that were computed, nothing filled in."""
    titles = {title for table in tables for title in table.columns}
    if "実績値" in titles or not titles >= _COMPUTED:
        return None
    message = "照会票ではありません（達成率を計算した表です）。"
    return error(book.name, message, "返ってきた照会票か、指標と実績値の表を指定してください。")


def no_table(book: Book) -> Problem:
    """Say what stands in a file in place of a table."""
    lines = ([cell for cell in line if cell] for sheet in book.sheets for line in sheet.rows)
    first = next(filter(None, lines), [])
    text = ",".join(cell.text for cell in first)
    found = f"最初の行は{quote(text)}です" if first else "何も書かれていません"
    return error(
        first[0].place if first else book.name,
        f"見出しのある表が見つかりません（{found}）。",
        "「指標」（照会票では id）と「実績値」などの見出しが、同じ行に要ります。"
        "照会票なら、見出しを消したり変えたりせずに返してもらってください。",
    )


def table_errors(table: Table) -> Iterator[Problem]:
    """Yield what keeps a table from being read: doubled headings, merged cells."""
    columns = table.columns
    for index, cell in enumerate(table.titles):
        title = plain(cell.text)
        if title in (*KEYS, *INPUT_TITLES) and columns[title] != index:
            message = f"見出し{quote(title)}の列が2つあります。"
            yield error(cell.place, message, "写した列を消してください。")
    for line in filter(_is_heading, table.body):
        message = f"見出しの行{quote(line[0].text)}がもう1つあります。"
        hint = "1つの表にまとめるか、別のシートに分けてください。"
        yield error(line[0].place, message, hint)
    used = {at for title, at in columns.items() if title in (*KEYS, *INPUT_TITLES)}
    for row, column in sorted(table.sheet.merged):
        if table.heading <= row < len(table.sheet.rows) and column in used:
            cell = table.sheet.rows[row][column]
            hint = "結合を解除し、指標ごとに1行で入力してください。"
            yield error(cell.place, f"セル{quote(cell.text)}が結合されています。", hint)
            return


def beyond(table: Table, row: Row) -> Problem | None:
    """Return what is wrong with a row that goes on right of the headings.

    In a CSV file the comma of a figure does that, and what stands left of it is another figure.
    """
    extra = [cell for cell in row.cells[table.width :] if cell]
    if not extra:
        return None
    message = f"見出しより右に{quote(','.join(cell.text for cell in extra))}があります。"
    hint = (
        "数値のカンマで列がずれていないか確かめてください。"
        'カンマのある数値や文は、引用符（"）で囲みます。'
    )
    return error(extra[0].place, message, hint)


def is_known_title(title: str) -> bool:
    """Tell whether a column is read, or known to be there for the reader."""
    return title in INPUT_TITLES or is_fixed_title(title)
