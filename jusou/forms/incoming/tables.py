"""Finds the tables in a file that came back: headings, columns in any order, rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from jusou.errors import Problem
from jusou.forms.layout import INPUT_TITLES, KEYS, NUMBERS_AND_DAYS
from jusou.plan.model import Plan
from jusou.values.text import normalise_key, quote, squeeze
from jusou.values.workbook import FoundCell, Sheet, Workbook

_COMPUTED = {"達成率(%)", "達成度"}
_BLANK = FoundCell("", "")


class TableRow(NamedTuple):
    """A row that is not blank: the cell that says whose it is, its cells by title, all its cells.

    The key is a blank cell where there is none.
    """

    key: FoundCell
    named: Mapping[str, FoundCell]
    cells: tuple[FoundCell, ...]

    @property
    def number(self) -> FoundCell:
        return self.named.get("番号", _BLANK)

    @property
    def inputs(self) -> dict[str, FoundCell]:
        """The cells to fill in by title, in the order of the forms' columns."""
        return {title: self.named[title] for title in INPUT_TITLES if title in self.named}

    def subject(self, plan: Plan) -> str | None:
        """Return whose row it is by its key, if that is a subject of the plan."""
        return plan.keys.get(normalise_key(self.key.text))

    def other(self, plan: Plan) -> str | None:
        """Return whose row it is by its number, if that is another than by its key."""
        found = plan.keys.get(normalise_key(self.number.text))
        return None if found == self.subject(plan) else found


class Table(NamedTuple):
    """The table of one sheet: the index of its heading row, where each title is, and its rows.

    Of a title that stands twice ``columns`` has the first.
    """

    sheet: Sheet
    heading: int
    columns: Mapping[str, int]
    rows: tuple[TableRow, ...]

    @property
    def titles(self) -> tuple[FoundCell, ...]:
        return self.sheet.rows[self.heading]

    @property
    def width(self) -> int:
        """How many columns the headings take."""
        return max(index for index, cell in enumerate(self.titles, 1) if cell)

    def has_any(self, titles: Iterable[str]) -> bool:
        """Tell whether one of some columns is there."""
        return not self.columns.keys().isdisjoint(titles)


def find_tables(book: Workbook) -> tuple[Table, ...]:
    """Return the tables of a file, one a sheet."""
    found = ((sheet, heading_index(sheet)) for sheet in book.sheets)
    return tuple(_table(sheet, heading) for sheet, heading in found if heading is not None)


def heading_index(sheet: Sheet) -> int | None:
    """Return the first row that is a heading."""
    return next((index for index, line in enumerate(sheet.rows) if _is_heading(line)), None)


def _is_heading(line: tuple[FoundCell, ...]) -> bool:
    """Tell whether a row names a key column and a column to fill in."""
    titles = {squeeze(cell.text) for cell in line}
    return bool(titles & set(KEYS)) and bool(titles & set(INPUT_TITLES))


def _table(sheet: Sheet, heading: int) -> Table:
    columns: dict[str, int] = {}
    for index, cell in enumerate(sheet.rows[heading]):
        columns.setdefault(squeeze(cell.text), index)
    key = next(title for title in KEYS if title in columns)
    rows = []
    for line in filter(any, sheet.rows[heading + 1 :]):
        named = {title: line[at] for title, at in columns.items() if at < len(line)}
        if not sheet.name:  # a CSV file
            named = {
                title: cell if title in NUMBERS_AND_DAYS else cell.unescaped()
                for title, cell in named.items()
            }
        rows.append(TableRow(named.get(key, _BLANK), named, line))
    return Table(sheet, heading, columns, tuple(rows))


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
    read = {at for title, at in table.columns.items() if title in (*KEYS, *INPUT_TITLES)}
    for index, cell in enumerate(table.titles):
        title = squeeze(cell.text)
        if table.columns[title] in read - {index}:
            message = f"見出し{quote(title)}の列が2つあります。"
            yield Problem(message, "写した列を消してください。", cell.place)
    for row in table.rows:
        if _is_heading(row.cells):
            message = f"見出しの行{quote(row.cells[0].text)}がもう1つあります。"
            hint = "1つの表にまとめるか、別のシートに分けてください。"
            yield Problem(message, hint, row.cells[0].place)
    for line, column in sorted(table.sheet.merged):
        if table.heading <= line < len(table.sheet.rows) and column in read:
            cell = table.sheet.rows[line][column]
            hint = "結合を解除し、指標ごとに1行で入力してください。"
            yield Problem(f"セル{quote(cell.text)}が結合されています。", hint, cell.place)
            return


def beyond(table: Table, row: TableRow) -> Iterator[Problem]:
    """Yield what is wrong with a row that goes on right of the headings.

    In a CSV file the comma of a figure does that, and what stands left of it is another figure.
    """
    if extra := [cell for cell in row.cells[table.width :] if cell]:
        message = f"見出しより右に{quote(','.join(cell.text for cell in extra))}があります。"
        hint = (
            "数値のカンマで列がずれていないか確かめてください。"
            'カンマのある数値や文は、引用符（"）で囲みます。'
        )
        yield Problem(message, hint, extra[0].place)
