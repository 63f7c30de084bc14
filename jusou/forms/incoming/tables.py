"""Finds the tables in a file that came back: headings, columns in any order, rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from jusou.errors import Problem
from jusou.forms.layout import (
    FORECAST_TITLE,
    INPUT_TITLES,
    INTERIM_TITLES,
    KEYS,
    NUMBERS_AND_DAYS,
    is_known_title,
)
from jusou.plan.model import Plan
from jusou.values.text import SEPARATORS, normalise_key, quote, squeeze
from jusou.values.workbook import FoundCell, Sheet, Workbook

_COMPUTED = {"達成率(%)", "達成度"}
_FIGURES = "|".join(("実績値", *INTERIM_TITLES, FORECAST_TITLE))
_WITH_UNIT = re.compile(rf"({_FIGURES})[(\[【〔](.+)[)\]】〕]")
_OF_A_YEAR = re.compile(r"(?:[RH]|令和|平成|FY|20)(?:\d|元).*", re.IGNORECASE)
_ONE_YEAR = (
    "1つの表に入れられるのは1年度分です。見出しを「実績値」にし、"
    "年度は「年度」の列か --year R9 のような指定で示してください。"
)
_BLANK = FoundCell("", "")


class TableRow(NamedTuple):
    """A row that is not blank: the cell that says whose it is, its cells by title, all its cells.

    The key is a blank cell where there is none.
    """

    key: FoundCell
    named: Mapping[str, FoundCell]
    cells: tuple[FoundCell, ...]

    @property
    def inputs(self) -> dict[str, FoundCell]:
        """The cells to fill in by title, in the order of the forms' columns."""
        return {title: self.named[title] for title in INPUT_TITLES if title in self.named}

    def subject(self, plan: Plan) -> str | None:
        """Return whose row it is by its key: an id, a number, a name that no other has."""
        if found := plan.keys.get(normalise_key(self.key.text)):
            return found
        namesakes = plan.named.get(squeeze(self.key.text), ())
        return namesakes[0] if len(namesakes) == 1 else None

    def other(self, plan: Plan) -> tuple[str, FoundCell, str] | None:
        """Return the title and cell by which a row is another's than by its key, and whose."""
        own = self.subject(plan)
        for title in ("番号", "指標名", "対象名"):
            cell = self.named.get(title, _BLANK)
            owners = plan.named.get(squeeze(cell.text), ())
            if title == "番号":
                owners = (*filter(None, [plan.keys.get(normalise_key(cell.text))]),)
            if owners and own not in owners:
                return title, cell, owners[0]
        return None


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

    def other_units(self, row: TableRow, plan: Plan) -> Iterator[Problem]:
        """Yield each figure of a row under a heading with a unit that is not the indicator's."""
        indicator = plan.indicators.get(row.subject(plan) or "")
        for title, at in self.columns.items():
            match = _WITH_UNIT.fullmatch(squeeze(self.titles[at].text))
            cell = row.named.get(title)
            if match and indicator and cell and match[2] != squeeze(indicator.unit):
                message = (
                    f"見出し{quote(self.titles[at].text)}の単位が、{indicator.id} の単位"
                    f"{quote(indicator.unit)}と違います。"
                )
                hint = "計画の単位の数値に直し、見出しから単位を取ってください。"
                yield Problem(message, hint, cell.place)

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
    titles = {title_of(cell) for cell in line if cell}
    return bool(titles & set(KEYS)) and bool(titles & set(INPUT_TITLES))


def title_of(cell: FoundCell) -> str:
    """Return a heading as it is compared: ``実績値（件）`` is 実績値."""
    title = squeeze(cell.text)
    match = _WITH_UNIT.fullmatch(title)
    return match[1] if match else title


def is_of_a_year(title: FoundCell) -> bool:
    """Tell whether a heading names a year: ``R8実績``, ``令和8年度``."""
    return _OF_A_YEAR.fullmatch(squeeze(title.text)) is not None


def _table(sheet: Sheet, heading: int) -> Table:
    columns: dict[str, int] = {}
    for index, cell in enumerate(sheet.rows[heading]):
        columns.setdefault(title_of(cell), index)
    key = next(title for title in KEYS if title in columns)
    rows = []
    for line in filter(any, sheet.rows[heading + 1 :]):
        named = {title: line[at] for title, at in columns.items() if at < len(line)}
        if not sheet.name:  # a CSV file
            named = {
                title: cell if title in NUMBERS_AND_DAYS else cell.unescaped()
                for title, cell in named.items()
            }
        doubtful = [title for title in KEYS if title in named and named[title].doubt]
        about_row = f"と同じ行の{doubtful[0]}{named[doubtful[0]].doubt}" if doubtful else ""
        for title, cell in named.items():
            about_column = sheet.rows[heading][columns[title]].doubt
            doubt = about_row or (about_column and f"の見出し{about_column}")
            if cell and doubt and not cell.doubt:
                named[title] = cell._replace(doubt=doubt)
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
    lines = [[cell for cell in line if cell] for sheet in book.sheets for line in sheet.rows]
    for line in lines:
        years = [cell for cell in line if is_of_a_year(cell)]
        if years and {title_of(cell) for cell in line} & set(KEYS):
            return _yearly(years[0])
    first = next(filter(None, lines), [])
    text = ",".join(cell.text for cell in first)
    found = f"最初の行は{quote(text)}です" if first else "何も書かれていません"
    message = f"見出しのある表が見つかりません（{found}）。"
    hint = (
        "「指標」（照会票では id）と「実績値」などの見出しが、同じ行に要ります。"
        "照会票なら、見出しを消したり変えたりせずに返してもらってください。"
    )
    used = [name for each, name in SEPARATORS.items() if each in text and len(first) == 1]
    if book.is_csv and used:
        message = f"列の区切りが{used[0]}になっています（最初の行は{quote(text)}です）。"
        hint = "半角のカンマ（,）で区切ってください。Excel では「CSV UTF-8（コンマ区切り）」です。"
    return Problem(message, hint, first[0].place if first else book.name)


def _yearly(title: FoundCell) -> Problem:
    message = f"年度ごとの列（見出し{quote(title.text)}）は読めません。"
    return Problem(message, _ONE_YEAR, title.place)


def table_errors(table: Table) -> Iterator[Problem]:
    """Yield what keeps a table from being read: doubled headings, merged cells."""
    read = {at for title, at in table.columns.items() if title in (*KEYS, *INPUT_TITLES)}
    for index, cell in enumerate(table.titles):
        title = title_of(cell)
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


def unknown_figures(table: Table) -> Iterator[Problem]:
    """Yield each heading that may be meant for the figures, where no column has them.

    One that names a year is an error in any case: whose year it is the file says elsewhere.
    """
    for title in table.titles:
        of_figures = _WITH_UNIT.fullmatch(squeeze(title.text))
        if of_figures and _OF_A_YEAR.fullmatch(of_figures[2]):
            yield _yearly(title)
    if table.has_any(("実績値", "分子", *INTERIM_TITLES, FORECAST_TITLE, "区分")):
        return
    for title in table.titles:
        if "実績" in title.text and not is_known_title(title_of(title)):
            hint = "実績の列であれば、見出しを「実績値」にしてください。"
            yield Problem(f"見出し{quote(title.text)}は読めません。", hint, title.place)


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
