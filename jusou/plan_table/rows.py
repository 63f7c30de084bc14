"""The file → the rows of its table that name an indicator, and what else stands in it.

A programme stands in each row, in the first of its rows, or above them in a row of its own.
Totals and notes are passed over with a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from jusou.errors import DataError, JusouError, Problem
from jusou.plan_table.columns import BY_KEY, is_dash
from jusou.plan_table.draft import Draft
from jusou.plan_table.headings import ACTUAL, BASELINE, GROUP, TARGET, Table, find_tables
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import fold, quote, squeeze
from jusou.values.workbook import FoundCell, Sheet, Workbook

BLANK = FoundCell("", "")
_TOTALS = ("計", "合計", "小計", "総計", "総合計", "平均")
_NOTE = re.compile(r"[※*(\[【・]|注|備考|出典|資料|凡例|単位")
_BLANK_BY_DASH = ("label", "decimals", "measure", "direction")
_SEPARATORS = {"\t": "タブ", ";": "「;」", "，": "全角の「，」", "、": "「、」"}


class Row(NamedTuple):
    """A row of an indicator: its cells that are not blank by the keys of their columns, or year.

    ``baseline_year`` is the one in the heading of the baseline.
    """

    programme: FoundCell
    cells: Mapping[str, FoundCell]
    targets: Mapping[FiscalYear, FoundCell]
    actuals: Mapping[FiscalYear, FoundCell]
    baseline_year: FiscalYear | None = None

    def cell(self, key: str) -> FoundCell:
        return self.cells.get(key, BLANK)

    @property
    def says_something(self) -> bool:
        """Whether anything is said of an indicator beside its name."""
        facts = self.cells.keys() - {"programme", "name"}
        return bool(facts or self.targets or self.actuals)


def only_table(book: Workbook) -> Table:
    """Return the table of a file. Raises DataError where there is none, or more than one."""
    tables = find_tables(book)
    shown = [each for each in tables if not _is_hidden(each.sheet)] or tables
    if len(shown) == 1:
        return shown[0]
    if shown:
        names = "、".join(f"「{each.sheet.name}」" for each in shown)
        message = f"指標の表が{len(shown)}つのシートにあります（{names}）。"
        raise DataError([Problem(message, "1つの表にまとめてください。", book.name)])
    cells = (cell for sheet in book.sheets for row in sheet.rows for cell in row)
    first = next(filter(None, cells), None)
    found = f"最初のセルは{quote(first.text)}です" if first else "何も書かれていません"
    message = f"指標の表が見つかりません（{found}）。"
    hint = (
        "「指標」「単位」「目標R8」のような見出しを、1行に並べてください。"
        "空の表は jusou init --table 表.xlsx で作れます。"
    )
    used = next((each for each in _SEPARATORS if first and each in first.text), "")
    if book.is_csv and used and len([*filter(None, book.sheets[0].rows[0])]) == 1:
        message = f"列の区切りが{_SEPARATORS[used]}になっています。"
        hint = "半角のコンマで区切り、「CSV UTF-8（コンマ区切り）」で保存し直してください。"
    raise DataError([Problem(message, hint, first.place if first else book.name)])


def _is_hidden(sheet: Sheet) -> bool:
    return all("シート" in cell.hidden for row in sheet.rows for cell in row if cell)


def mention_unread(draft: Draft, book: Workbook, table: Table) -> None:
    """Keep the columns, sheets and remarks that are not read, each kind named once."""
    for each in table.headings.values():
        if squeeze(each.text) == GROUP:
            draft.notice("「区分」の列を、事業として読みます。", each.cell)
    if table.unread:
        names = "、".join(each.text for each in table.unread)
        draft.notice(f"次の列は読みません: {names}", table.unread[0])
    for sheet in book.sheets:
        first = next((cell for row in sheet.rows for cell in row if cell), None)
        if first and sheet is not table.sheet:
            draft.notice(f"シート「{sheet.name}」は読みません。", first)
    for kind, text, place in table.sheet.remarks:
        draft.notice(f"{kind}{quote(text) if text else ''}は読みません。", FoundCell("", place))


def rows_of(draft: Draft, table: Table) -> Iterator[Row]:
    """Yield the rows that name an indicator."""
    name_at = next(at for at, each in table.headings.items() if each.column is BY_KEY["name"])
    head = [cell.text for cell in table.sheet.rows[table.first - 1]]
    programme = above = BLANK
    rest: list[FoundCell] = []
    for line in table.sheet.rows[table.first :]:
        texts = [cell for cell in line if cell]
        if not texts or [cell.text for cell in line] == head:
            continue
        row = _row(table, line)
        name, own = row.cell("name"), row.cell("programme")
        if any(squeeze(cell.text) in _TOTALS for cell in texts[:2]):
            rest.append(texts[0])
        elif name and row.says_something:
            programme, above = own or above or programme, BLANK
            _check_sight(draft, row)
            yield row._replace(programme=programme)
        elif not name and len(texts) == 1 and line.index(texts[0]) <= name_at:
            if _NOTE.match(fold(texts[0].text)):
                rest += texts
            else:
                rest += [above] if above else []
                above = texts[0]
        elif row.says_something:
            message = f"指標の名前がありません（{quote(texts[0].text)}の行）。"
            hint = "指標の欄に名前を書くか、行を消してください。1つの指標は1行に書きます。"
            draft.refuse(texts[0], JusouError(message, hint))
        else:
            rest += texts
    for cell in (*rest, *([above] if above else [])):
        draft.notice(f"{quote(cell.text)}の行は読みません。", cell)


def _row(table: Table, line: Sequence[FoundCell]) -> Row:
    cells: dict[str, FoundCell] = {}
    figures: dict[str, dict[FiscalYear, FoundCell]] = {TARGET: {}, ACTUAL: {}}
    baseline_year = None
    for index, heading in table.headings.items():
        cell = line[index] if index < len(line) else BLANK
        if not cell:
            continue
        if not table.sheet.name:  # a CSV file
            cell = cell.unescaped()
        if heading.column and heading.column.key in _BLANK_BY_DASH and is_dash(cell.text):
            continue
        if heading.column:
            cells[heading.column.key] = cell
        elif heading.kind == BASELINE:
            cells["baseline"], baseline_year = cell, heading.year
        elif heading.year:
            figures[heading.kind][heading.year] = cell
    return Row(BLANK, cells, figures[TARGET], figures[ACTUAL], baseline_year)


def _check_sight(draft: Draft, row: Row) -> None:
    """Refuse what people would not take as it stands: struck through, hidden, an error."""
    told = ""  # of a row that is hidden, one cell tells
    for cell in (*row.cells.values(), *row.targets.values(), *row.actuals.values()):
        found = f"セル{quote(cell.text) if cell.text else ''}"
        if cell.refused:
            hint = "値だけを入力し直してください。"
            draft.refuse(cell, JusouError(f"{found}が{cell.refused}。", hint))
        elif cell.doubt:
            hint = "要らなければ消し、要るなら書式を直してください。"
            draft.refuse(cell, JusouError(f"{found}{cell.doubt}。", hint))
        elif cell.hidden and cell.hidden != told:
            told = cell.hidden
            hint = "表示するか、要らなければ消してください。"
            draft.refuse(cell, JusouError(f"{found}{cell.hidden}。", hint))
