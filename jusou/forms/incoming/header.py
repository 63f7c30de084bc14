"""The head of a form that came back: what it says of itself, checked against the plan."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from jusou.errors import Problem, Severity, warning
from jusou.forms.incoming.tables import Table, heading_index, title_of
from jusou.forms.layout import Label, input_columns, is_known_title
from jusou.logs.schema import NOTES, FormKind
from jusou.plan.model import UNASSIGNED, Plan, years_hint
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import quote, squeeze
from jusou.values.workbook import FoundCell, Workbook

_OWN_LABELS = (Label.YEAR, Label.REPORTER, Label.KIND, Label.PLAN)


class Header(NamedTuple):
    """The labelled cells above the tables; a plain table has none."""

    cells: Mapping[Label, FoundCell]

    def text(self, label: Label) -> str:
        """What stands beside a label; empty if nothing does."""
        return self.cells[label].text if label in self.cells else ""

    @property
    def kind(self) -> FormKind | None:
        """Which form it is; None for a plain table."""
        text = squeeze(self.text(Label.KIND))
        return FormKind(text) if text in list(FormKind) else None


def read_header(book: Workbook) -> Header:
    """Read the labelled cells above the tables: the value stands right of its label."""
    found: dict[Label, FoundCell] = {}
    for sheet in book.sheets:
        for line in sheet.rows[: heading_index(sheet)]:
            for label, value in labelled(line):
                found.setdefault(label, value.unescaped() if book.is_csv else value)
    return Header(found)


def contradictions(book: Workbook, header: Header) -> Iterator[Problem]:
    """Yield what the heads of the sheets say that cannot hold for all of them."""
    for sheet in book.sheets:
        for line in sheet.rows[: heading_index(sheet)]:
            for label, cell in labelled(line):
                first = header.cells[label]
                found = f"{label}{quote(cell.text)}"
                severity = Severity.ERROR if label in _OWN_LABELS else Severity.WARNING
                if _meaning(label, cell.text) != _meaning(label, first.text):
                    message = f"{found}が、ほかのシートの{quote(first.text)}と違います。"
                    hint = "別の照会票のシートが混ざっていないか確かめ、1つにそろえてください。"
                    yield Problem(message, hint, cell.place, severity=severity)
                elif cell.doubt:
                    hint = "正しい内容だけを残してください。"
                    message = f"{found}のセル{cell.doubt}。"
                    yield Problem(message, hint, cell.place, severity=severity)


def _meaning(label: Label, text: str) -> object:
    """Return what two spellings have in common: R9 and 令和9年度 are one year."""
    if label is Label.YEAR:
        with contextlib.suppress(ValueError):
            return FiscalYear.parse(text)
    return squeeze(text)


def labelled(line: Sequence[FoundCell]) -> Iterator[tuple[Label, FoundCell]]:
    """Yield each label of a row with the value right of it."""
    cells = [cell for cell in line if cell]
    for cell, following in pairwise(cells):
        if squeeze(cell.text) in list(Label) and squeeze(following.text) not in list(Label):
            yield Label(squeeze(cell.text)), following


def year_of(
    book: Workbook, header: Header, tables: Sequence[Table], year: FiscalYear | None, plan: Plan
) -> FiscalYear | Problem:
    """Return the one year that head, rows and request agree on, or what is wrong with it."""
    cells = [header.cells[Label.YEAR]] if Label.YEAR in header.cells else []
    cells += [row.named["年度"] for table in tables for row in table.rows if row.named.get("年度")]
    found = year = plan.own(year) if year else None
    for cell in cells:
        try:
            here = plan.own(FiscalYear.parse(cell.text))
        except ValueError:
            hint = "年度は、送ったときのままにしてください（例: R9）。"
            return Problem(f"年度{quote(cell.text)}は読めません。", hint, cell.place)
        if found and here != found:
            other = "--year で指定した年度" if year else "ほかの年度"
            message = f"年度{quote(cell.text)}が、{other}「{found}」と違います。"
            hint = "どの年度の数値か確かめ、何年度分もある表は年度ごとのファイルに分けてください。"
            return Problem(message, hint, cell.place)
        found = here
    if found is None:
        message = "どの年度の数値か分かりません（年度の欄がありません）。"
        return Problem(message, "--year R9 のように指定してください。", book.name)
    years = plan.years if header.kind else plan.log_years
    if found not in years:
        place = cells[0].place if cells else book.name
        message = f"{quote(str(found))}は計画の年度ではありません。"
        return Problem(message, years_hint(years), place)
    return found


def another_plan(header: Header, plan: Plan) -> Problem | None:
    """Say so if a form is one of another plan."""
    title = header.text(Label.PLAN)
    if not title or squeeze(title) == squeeze(plan.info.title):
        return None
    hint = f"この計画は「{plan.info.title}」です。"
    message = f"別の計画{quote(title)}の照会票です。"
    return Problem(message, hint, header.cells[Label.PLAN].place)


def indicators_of(header: Header, plan: Plan, year: FiscalYear) -> set[str]:
    """Return what the reporter that a form names was asked for; nothing for a plain table."""
    reporter = squeeze(header.text(Label.REPORTER))
    return {
        each.id
        for each in plan.indicators.values()
        if squeeze(each.reporter or UNASSIGNED) == reporter and each.is_measured_in(year)
    }


def missing_parts(
    book: Workbook, header: Header, tables: Sequence[Table], year: FiscalYear
) -> Iterator[Problem]:
    """Yield the sheets and columns that a form went out with and came back without.

    Each is an error, but for a sheet that a CSV file lacks: Excel writes only the one it shows.
    What forms of earlier versions went out without may be missing as a whole, and is told.
    """
    if header.kind is None:
        return
    for sheet, columns in input_columns(header.kind, year).items():
        titles = [column.title for column in columns if not column.answers]
        own = [table for table in tables if table.has_any(titles)]
        missing = [title for title in titles if all(title not in each.columns for each in own)]
        later = [title for title in titles if title in NOTES.optional]
        if own and missing:
            problem = _no_columns(missing, own[0])
            unknown = any(_unknown_titles(each) for each in own)
            yield _earlier(problem) if missing == later and not unknown else problem
        elif not own and book.is_csv:
            message = f"シート「{sheet}」の内容が、この CSV にはありません。"
            hint = (
                "Excel の CSV には、開いているシートだけが入ります。ほかのシートにも記入があれば、"
                "Excel ブック（.xlsx）で返してもらってください。"
            )
            yield warning(message, hint, tables[0].titles[0].place)
        elif not own:
            problem = _no_sheet(book, sheet)
            is_there = any(each.name == sheet for each in book.sheets)
            yield _earlier(problem) if titles == later and not is_there else problem


def _earlier(problem: Problem) -> Problem:
    """Return what is missing as a warning: forms of an earlier version went out without it."""
    hint = "以前の版で作った照会票であれば、そのままでかまいません。そうでなければ、"
    return warning(problem.message, f"{hint}{problem.hint}", problem.path)


def _no_sheet(book: Workbook, name: str) -> Problem:
    there = next((each for each in book.sheets if each.name == name), None)
    if there is None:
        hint = "シートを消さずに返してもらってください。"
        return Problem(f"シート「{name}」がありません。", hint, book.name)
    place = next((cell.place for line in there.rows for cell in line if cell), book.name)
    hint = "見出しの行を消したり変えたりせずに返してもらってください。"
    return Problem(f"シート「{name}」に、見出しの行がありません。", hint, place)


def _no_columns(titles: Sequence[str], table: Table) -> Problem:
    unknown = _unknown_titles(table)
    found = f"知らない見出し{quote(unknown[0].text)}があります。" if unknown else ""
    message = f"見出し「{'」「'.join(titles)}」の列がありません。{found}"
    hint = "列を消したり、見出しを変えたりせずに返してもらってください。"
    return Problem(message, hint, (unknown or table.titles)[0].place)


def _unknown_titles(table: Table) -> list[FoundCell]:
    return [cell for cell in table.titles if cell and not is_known_title(title_of(cell))]
