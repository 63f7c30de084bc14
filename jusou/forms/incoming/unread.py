"""What stands on a file where nothing is read: told, for an answer passed over is an answer lost.

The cells that a form was sent out with are compared with what it would be sent out with now, or
could have been before a correction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import product, starmap

from jusou.errors import Problem, warning
from jusou.forms.guide import printed_lines
from jusou.forms.incoming.header import labelled
from jusou.forms.incoming.tables import Table, TableRow, is_of_a_year, title_of
from jusou.forms.layout import ID, Label, Value, is_known_title
from jusou.forms.outgoing import NO_FIGURES, NONE, form_sheets, known_titles, quoted_opinion
from jusou.logs.dataset import Dataset
from jusou.logs.history import figures_ever, texts_ever
from jusou.logs.rows import unseen
from jusou.logs.schema import LAST_ACTION, LAST_OPINION, FormKind, Item
from jusou.plan.model import Plan
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import normalised, quote, squeeze
from jusou.values.workbook import FoundCell, Workbook

_REMARK_LIMIT = 500
_MOVE = "必要な内容であれば、備考などの決まった列に移してください。"
Expected = Mapping[str, Mapping[str, Sequence[Value]]]


def remarks(book: Workbook) -> Iterator[Problem]:
    """Warn of what is stuck on the sheets of a file, and of characters that nobody sees."""
    for kind, text, place in (each for sheet in book.sheets for each in sheet.remarks):
        found = f"{kind}{quote(text, _REMARK_LIMIT)}" if text else kind
        yield warning(f"{found}があります。取り込みません。", _MOVE, place)
    if place := next((sheet.unseen for sheet in book.sheets if sheet.unseen), ""):
        yield unseen(place)


def stray_sheets(book: Workbook, tables: Sequence[Table]) -> Iterator[Problem]:
    """Warn of sheets that hold something but no table."""
    read = [table.sheet for table in tables]
    for sheet in book.sheets:
        cells = [cell for line in sheet.rows for cell in line if cell]
        if cells and sheet not in read:
            more = f"など{len(cells)}個のセル" if len(cells) > 1 else ""
            found = f"シート「{sheet.name}」にある{quote(cells[0].text)}{more}"
            yield warning(f"{found}は取り込みません。", _MOVE, cells[0].place)


def stray_lines(table: Table, plan: Plan, kind: FormKind, year: FiscalYear) -> Iterator[Problem]:
    """Warn of what stands above the table of a form and was not there when it went out."""
    lines = {squeeze(each) for each in printed_lines(kind, year, sample=plan.info.sample)}
    for row in table.sheet.rows[: table.heading]:
        values = [value for _, value in labelled(row)]
        for cell in row:
            text = squeeze(cell.text)
            # Earlier versions printed only the beginning of some lines.
            printed = text in list(Label) or any(line.startswith(text) for line in lines)
            if cell and cell not in values and not printed:
                message = f"表の上にある{quote(cell.text)}は取り込みません。"
                yield warning(message, _MOVE, cell.place)


def stray_columns(table: Table, *, strict: bool, is_plain: bool) -> Iterator[Problem]:
    """Warn of every cell in a column that is not read; right of the headings if not ``strict``.

    The figures of another year were printed on a form; in a plain table somebody sends them.
    """
    width = table.width if strict else len(table.titles)
    for index, title in enumerate(table.titles[:width]):
        if is_known_title(title_of(title)) and not (is_plain and is_of_a_year(title)):
            continue
        name = f"知らない見出し{quote(title.text)}の列" if title else "見出しのない列"
        for cell in (row.cells[index] for row in table.rows if index < len(row.cells)):
            if cell:
                message = f"{name}にある{quote(cell.text)}は取り込みません。"
                yield warning(message, _MOVE, cell.place)


def outside(table: Table, row: TableRow) -> Iterator[Problem]:
    """Warn of the cells of a row that belongs to nobody, in columns that are known."""
    for title, cell in zip(table.titles, row.cells, strict=False):
        if cell and is_known_title(title_of(title)):
            yield warning(f"表の外にある{quote(cell.text)}は取り込みません。", _MOVE, cell.place)


def changed_cells(tables: Sequence[Table], plan: Plan, expected: Expected) -> Iterator[Problem]:
    """Warn of cells that went out filled in and came back otherwise.

    Of a row whose number is another's nothing is told: that is an error by itself.
    """
    for row in (row for table in tables for row in table.rows if not row.other(plan)):
        for title, known in expected.get(row.subject(plan) or "", {}).items():
            cell = row.named.get(squeeze(title))
            if cell and not any(_says(cell, value) for value in known):
                found = f"{title}の{quote(cell.text)}"
                message = f"{found}は、送ったときの内容ではありません。取り込みません。"
                hint = (
                    "回答であれば、決まった列に移してください。"
                    "送ったあとに計画を直した場合は、そのままでかまいません。"
                )
                yield warning(message, hint, cell.place)


def expected_cells(dataset: Dataset, kind: FormKind, year: FiscalYear) -> Expected:
    """Return, by subject and title, what a form may have been sent out with.

    What stood before a correction is as good as what stands: the form may be older.
    """
    plan, rows, last_year = dataset.plan, dataset.rows, year.previous
    found: dict[str, dict[str, list[Value]]] = {}
    for sheet in form_sheets(dataset, kind, year, list(plan.subjects)):
        fixed = [each.title for each in sheet.columns if not each.is_input and each.title != ID]
        for row in sheet.rows:
            known = found.setdefault(str(row.values[ID]), {})
            known |= {title: [row.values[title]] for title in fixed}
    _, previous, target = known_titles(plan, year)
    for subject, known in found.items():
        said = {
            name: [*texts_ever(rows, last_year, subject, name)]
            for name in ("action", "committee", "response")
        }
        if LAST_ACTION in known:
            known[LAST_ACTION] += (NONE, *said["action"])
        if LAST_OPINION in known:
            opinions = product(("", *said["committee"]), ("", *said["response"]))
            known[LAST_OPINION] += starmap(quoted_opinion, opinions)
        if indicator := plan.indicators.get(subject):
            known[previous] += [*figures_ever(rows, last_year, subject), *NO_FIGURES]
            revised = [each for each in dataset.revisions(indicator) if each.year == year]
            changed = (each.after for each in revised if each.item is Item.TARGET)
            targets = (indicator.targets.get(year), *changed)
            known[target] += (NONE if each is None else each for each in targets)
    return found


def _says(cell: FoundCell, value: Value) -> bool:
    """Tell whether a cell holds a value, as Excel and a change of encoding may have left it."""
    if isinstance(value, Decimal):
        try:
            return Decimal(cell.text.replace(",", "")) == value
        except InvalidOperation:
            return False
    return _letters(cell.text) == _letters(value)


def _letters(text: str) -> str:
    return re.sub(r"\W", "", normalised(text))
