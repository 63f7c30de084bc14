"""Finds the table in a file: the row of headings, what each column holds, where the rows begin.

Understood are 目標R8, 目標値（令和8年度）, R8目標 and the like, and headings in two rows, 目標 over
R8, R9, R10, as tables in Excel have them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from jusou.errors import Problem
from jusou.plan_table.columns import BY_HEADING, BY_KEY, DIRECTIONS, KINDS, MEASURES, Column
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import quote, squeeze
from jusou.values.workbook import FoundCell, Sheet, Workbook

TARGET, ACTUAL, BASELINE = "目標", "実績", "参考値"
OUTSIDE, CALENDAR = "計画期間の外", "暦年"
GROUP = "区分"
EXAMPLE_SHEETS = ("記入例", "書き方")
HEAD_LABELS = {"計画の名称": "title", "市町村名": "municipality"}
"""What may stand above a table with its value right of it, and its key in the plan's head."""
_OF_YEARS = {
    **dict.fromkeys(
        ("目標", "計画", "数値目標", "中間目標", "最終目標", "計画量", "目標水準"), TARGET
    ),
    **dict.fromkeys(("実績", "実数", "実績数", "実施実績"), ACTUAL),
    **dict.fromkeys(
        ("参考", "基準", "現状", "策定時", "計画策定時", "当初", "現況", "ベースライン"), BASELINE
    ),
}
_YEAR = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:令和|平成|[RrHh])\.?(?:[0-9]{1,2}|元)|(?:FY)?(?:19|20)[0-9]{2})(?![0-9])"
    r"(?:年度|年)?"
)
_NOISE = re.compile(r"[()（）\[\]【】・:/_*※-]|年度末|年度|末|時点|値|の|各")
_PARTS = {"年度": "の年度", "年": "の年度", "時点": "の年度", "値": "", "数値": ""}
_PUBLISHED = "公表"
_CODED = {*chain(*KINDS.values(), *MEASURES.values(), *DIRECTIONS.values())}
_COURSES = {"新規", "継続", "拡充", "拡大", "縮小", "見直し", "廃止"}
_YEARLESS = re.compile(r"目標値?|実績値?|数値目標")


class Heading(NamedTuple):
    """What a column holds: a ``column`` of the list, or the ``kind`` of figure of a ``year``.

    ``text`` is the heading as people see it, ``cell`` where it stands; ``outside`` tells that the
    year is no year of the plan, ``calendar`` that it runs from January to December.
    """

    text: str
    cell: FoundCell
    column: Column | None = None
    kind: str = ""
    year: FiscalYear | None = None
    outside: bool = False
    calendar: bool = False


class Table(NamedTuple):
    """The table of one sheet: where it begins, what each column holds, the index of its first row.

    ``above`` are the rows over the headings, ``unread`` the headings of columns that hold
    something else, ``problems`` those that cannot be understood.
    """

    sheet: Sheet
    place: str
    first: int
    headings: dict[int, Heading]
    above: tuple[tuple[FoundCell, ...], ...]
    unread: tuple[FoundCell, ...]
    problems: tuple[Problem, ...]


def find_tables(book: Workbook) -> list[Table]:
    """Return the tables of a file that name indicators, one a sheet; examples are none."""
    sheets = (each for each in book.sheets if squeeze(each.name) not in EXAMPLE_SHEETS)
    found = ((sheet, _head_row(sheet)) for sheet in sheets)
    return [_table(sheet, row) for sheet, row in found if row is not None]


def _head_row(sheet: Sheet) -> int | None:
    """Return the first row that names the indicators and something else."""
    for index, line in enumerate(sheet.rows):
        known = [found for cell in line if (found := _column_headed(cell.text))]
        years = [cell for cell in line if any(_years_in(cell.text)[:2])]
        if any(each.key == "name" for each in known) and len(known) + len(years) > 1:
            return index
    return None


def _column_headed(text: str) -> Column | None:
    return BY_HEADING.get(squeeze(text).lower())


def _years_in(text: str) -> tuple[str, set[FiscalYear], str]:
    """Return which figures of which years a heading names, and what else it says."""
    plain = squeeze(text)
    years = set()
    for match in _YEAR.finditer(plain):
        try:
            years.add(FiscalYear.parse(match[0].replace(".", "")))
        except ValueError:
            return "", set(), plain
    said = [word for word in (OUTSIDE, CALENDAR) if word in plain]
    rest = _YEAR.sub("", plain)
    for word in said:
        rest = rest.replace(word, "")
    rest = _NOISE.sub("", rest)
    return _OF_YEARS.get(rest, ""), years, rest


def _is_part(text: str) -> bool:
    """Tell whether a heading only goes on from the one above it: 年度 and 値 under 参考値."""
    return squeeze(text) in _PARTS


def _is_year_alone(text: str) -> bool:
    _, years, rest = _years_in(text)
    return bool(years) and not rest


def _table(sheet: Sheet, head: int) -> Table:
    line = sheet.rows[head]
    below = sheet.rows[head + 1] if head + 1 < len(sheet.rows) else ()
    above = sheet.rows[head - 1] if head else ()
    rows = 2 if _goes_on(line, below) else 1
    titles = _titles(line, below) if rows == 2 else _titles(above, line, alone=True)
    headings: dict[int, Heading] = {}
    unread, problems = [], []
    group_at = _group_at(titles, sheet.rows[head + rows :])
    for index, (text, cell) in enumerate(titles):
        if not text:
            continue
        group = Heading(text, cell, BY_KEY["programme"]) if index == group_at else None
        found = group or _heading(text, cell)
        if isinstance(found, Problem):
            problems.append(found)
        elif found:
            headings[index] = found
        elif squeeze(text).startswith(_PUBLISHED) or any(
            index < len(row) and row[index] for row in sheet.rows[head + rows :]
        ):
            unread.append(cell._replace(text=text))
    problems += _doubled(list(headings.values()))
    over_head = tuple(tuple(filter(None, row)) for row in sheet.rows[:head])
    place = next(filter(None, line)).place
    return Table(sheet, place, head + rows, headings, over_head, tuple(unread), tuple(problems))


def _goes_on(line: Sequence[FoundCell], below: Sequence[FoundCell]) -> bool:
    """Tell whether the headings go on in the row below: it holds nothing but years, 年度 and 値."""
    filled = [(index, cell) for index, cell in enumerate(below) if cell]
    of_years = [at for at, each in filled if any(_years_in(each.text)[:2]) or _is_part(each.text)]
    columns = {at: _column_headed(cell.text) for at, cell in enumerate(line)}
    names = [at for at, each in columns.items() if each and each.key == "name"]
    return bool(filled) and len(of_years) == len(filled) and not {*names} & {*of_years}


def _titles(
    upper: Sequence[FoundCell], lower: Sequence[FoundCell], *, alone: bool = False
) -> list[tuple[str, FoundCell]]:
    """Return the heading of each column: a year alone belongs to 目標 or 実績 above it.

    What stands above may be merged over several columns, and then stands in the first alone; a
    lower row that has the headings ``alone`` takes nothing else from it.
    """
    titles, group = [], ""
    for index, cell in enumerate(lower):
        over = upper[index] if index < len(upper) else None
        group = (over.text if over else "") or group
        title = cell.text
        if _is_year_alone(title) and _years_in(group)[0]:
            title = f"{group}{title}"
        elif group and _is_part(title):
            title = f"{group}{_PARTS[squeeze(title)]}"
        titles.append((title, cell) if title or alone or not over else (over.text, over))
    return titles


def _group_at(
    titles: Sequence[tuple[str, FoundCell]], rows: Sequence[Sequence[FoundCell]]
) -> int | None:
    """Return where a column 区分 names the programmes: no other does, and it stands before 指標.

    It may also hold what else the table knows, 活動指標, 年間, 多いほどよい, or what is new.
    """
    columns = [_column_headed(text) for text, _ in titles]
    names = [each.key if each else "" for each in columns]
    if "programme" in names or "name" not in names:
        return None
    for index, (text, _) in enumerate(titles[: names.index("name")]):
        said = {squeeze(row[index].text) for row in rows if index < len(row)} - {""}
        if squeeze(text) == GROUP and said and said.isdisjoint(_CODED | _COURSES):
            return index
    return None


def _heading(text: str, cell: FoundCell) -> Heading | Problem | None:
    """Return what a column holds; None for one that is not read, a problem for one that may be."""
    if column := _column_headed(text):
        return Heading(text, cell, column)
    plain = squeeze(text)
    kind, years, rest = _years_in(text)
    flags = {"outside": OUTSIDE in plain, "calendar": CALENDAR in plain}
    if kind and len(years) == 1:
        return Heading(text, cell, None, kind, years.pop(), **flags)
    found = f"見出し{quote(text)}"
    if kind and len(years) > 1:
        hint = "1つの列に1つの年度を、「目標R8」のように書いてください。"
        return Problem(f"{found}に年度が2つ以上あります。", hint, cell.place)
    if years and not rest:
        hint = f"「{TARGET}{min(years)}」か「{ACTUAL}{min(years)}」のように書いてください。"
        return Problem(f"{found}が、目標か実績か分かりません。", hint, cell.place)
    if kind in (TARGET, ACTUAL) and _YEARLESS.match(plain):
        hint = f"「{kind}R8」のように、年度を付けてください。"
        return Problem(f"{found}に年度がありません。", hint, cell.place)
    return None


def _doubled(headings: Sequence[Heading]) -> Iterator[Problem]:
    """Yield each column that stands twice: which of them is meant cannot be known."""
    seen: dict[object, Heading] = {}
    for each in headings:
        key = each.column.key if each.column else (each.kind, each.year)
        if each.kind == BASELINE:
            key = "baseline"
        first = seen.setdefault(key, each)
        if first is not each:
            message = f"見出し{quote(each.text)}の列が2つあります（もう1つは{quote(first.text)}）。"
            hint = "要る列だけを残すか、見出しを変えてください。"
            yield Problem(message, hint, each.cell.place)
