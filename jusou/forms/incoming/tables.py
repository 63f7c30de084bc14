"""Finds the tables in a file that came back: headings, columns in any order, rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from jusou.errors import Problem
from jusou.forms.layout import INPUT_TITLES, KEYS
from jusou.values.text import quote, squeeze
from jusou.values.workbook import FoundCell, Sheet, Workbook

_COMPUTED = {"達成率(%)", "達成度"}


class TableRow(NamedTuple):
    """A row that is not blank: whose it is, the cells to fill in by title, and all its cells."""

    key: FoundCell | None
    number: FoundCell | None
    year: FoundCell | None
    inputs: Mapping[str, FoundCell]
    cells: tuple[FoundCell, ...]

    @property
    def filled(self) -> Mapping[str, FoundCell]:
        return {title: cell for title, cell in self.inputs.items() if cell}


class Table(NamedTuple):
    """The table of one sheet; ``heading`` is the index of its heading row."""

    sheet: Sheet
    heading: int

    @property
    def titles(self) -> tuple[FoundCell, ...]:
        return self.sheet.rows[self.heading]

    @property
    def columns(self) -> dict[str, int]:
        """The column of each title; of a title that stands twice the first."""
        found: dict[str, int] = {}
        for index, cell in enumerate(self.titles):
            found.setdefault(squeeze(cell.text), index)
        return found

    @property
    def width(self) -> int:
        """How many columns the headings take."""
        return max(index for index, cell in enumerate(self.titles, 1) if cell)

    @property
    def body(self) -> tuple[tuple[FoundCell, ...], ...]:
        return self.sheet.rows[self.heading + 1 :]

    def rows(self) -> Iterator[TableRow]:
        """Yield every row that is not blank."""
        columns = self.columns
        key = next(title for title in KEYS if title in columns)
        for line in self.body:
            if not any(line):
                continue
            cells = {title: line[at] for title, at in columns.items() if at < len(line)}
            inputs = {title: cells[title] for title in INPUT_TITLES if title in cells}
            given = [cells[title] if cells.get(title) else None for title in (key, "番号", "年度")]
            yield TableRow(given[0], given[1], given[2], inputs, line)


def find_tables(book: Workbook) -> list[Table]:
    """Return the tables of a file, one a sheet."""
    found = ((sheet, heading_index(sheet)) for sheet in book.sheets)
    return [Table(sheet, heading) for sheet, heading in found if heading is not None]


def heading_index(sheet: Sheet) -> int | None:
    """Return the first row that is a heading."""
    return next((index for index, line in enumerate(sheet.rows) if _is_heading(line)), None)


def _is_heading(line: tuple[FoundCell, ...]) -> bool:
    """Tell whether a row names a key column and a column to fill in."""
    titles = {squeeze(cell.text) for cell in line}
    return bool(titles & set(KEYS)) and bool(titles & set(INPUT_TITLES))


def not_a_form(book: Workbook, tables: Sequence[Table]) -> Problem | None:
    """Say so if a file is what ``report`` wrote: figures that were computed, nothing filled in."""
    titles = {title for table in tables for title in table.columns}
    if "実績値" in titles or not titles >= _COMPUTED:
        return None
    message = "照会票ではありません（達成率を計算した表です）。"
    return Problem(message, "返ってきた照会票か、指標と実績値の表を指定してください。", book.name)


def no_table(book: Workbook) -> Problem:
    """Say what stands in a file in place of a table."""
    lines = ([cell for cell in line if cell] for sheet in book.sheets for line in sheet.rows)
    first = next(filter(None, lines), [])
    text = ",".join(cell.text for cell in first)
    found = f"最初の行は{quote(text)}です" if first else "何も書かれていません"
    message = f"見出しのある表が見つかりません（{found}）。"
    hint = (
        "「指標」（照会票では id）と「実績値」などの見出しが、同じ行に要ります。"
        "照会票なら、見出しを消したり変えたりせずに返してもらってください。"
    )
    return Problem(message, hint, first[0].place if first else book.name)


def table_errors(table: Table) -> Iterator[Problem]:
    """Yield what keeps a table from being read: doubled headings, merged cells."""
    columns = table.columns
    for index, cell in enumerate(table.titles):
        title = squeeze(cell.text)
        if title in (*KEYS, *INPUT_TITLES) and columns[title] != index:
            message = f"見出し{quote(title)}の列が2つあります。"
            yield Problem(message, "写した列を消してください。", cell.place)
    for line in filter(_is_heading, table.body):
        message = f"見出しの行{quote(line[0].text)}がもう1つあります。"
        hint = "1つの表にまとめるか、別のシートに分けてください。"
        yield Problem(message, hint, line[0].place)
    used = {at for title, at in columns.items() if title in (*KEYS, *INPUT_TITLES)}
    for row, column in sorted(table.sheet.merged):
        if table.heading <= row < len(table.sheet.rows) and column in used:
            cell = table.sheet.rows[row][column]
            hint = "結合を解除し、指標ごとに1行で入力してください。"
            yield Problem(f"セル{quote(cell.text)}が結合されています。", hint, cell.place)
            return


def beyond(table: Table, row: TableRow) -> Problem | None:
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
    return Problem(message, hint, extra[0].place)
