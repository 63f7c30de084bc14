"""Finds the tables in a file that came back: headings, columns in any order, rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jusou.errors import Problem, Severity, quote
from jusou.forms.book import Book, Cell, Sheet
from jusou.forms.shape import INPUT_TITLES, KEYS, is_fixed_title


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not blank: whose it is, the cells to fill in by title, its first cell."""

    key: Cell | None
    number: Cell | None
    year: Cell | None
    inputs: Mapping[str, Cell]
    first: Cell

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
    def body(self) -> tuple[tuple[Cell, ...], ...]:
        return self.sheet.rows[self.heading + 1 :]

    def rows(self) -> Iterator[Row]:
        """Yield every row that is not blank."""
        columns = self.columns
        key = next(title for title in KEYS if title in columns)
        for line in self.body:
            first = next((cell for cell in line if cell), None)
            if first is None:
                continue
            cells = {title: line[at] for title, at in columns.items() if at < len(line)}
            inputs = {title: cells[title] for title in INPUT_TITLES if title in cells}
            given = [cells[title] if cells.get(title) else None for title in (key, "番号", "年度")]
            yield Row(given[0], given[1], given[2], inputs, first)


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


def strangers(table: Table) -> Iterator[Problem]:
    """Warn of columns that will not be read, if there is something in them."""
    for index, title in enumerate(table.titles):
        if is_known_title(plain(title.text)):
            continue
        cells = (line[index] for line in table.body if index < len(line))
        if first := next(filter(None, cells), None):
            name = f"知らない見出し{quote(title.text)}の列" if title else "見出しのない列"
            message = f"{name}にある{quote(first.text)}は取り込みません。"
            hint = "必要な内容であれば、備考などの決まった列に移してください。"
            yield warning(first.place, message, hint)


def is_known_title(title: str) -> bool:
    """Tell whether a column is read, or known to be there for the reader."""
    return title in INPUT_TITLES or is_fixed_title(title)
