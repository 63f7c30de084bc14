"""The head of a form that came back: what it says of itself, checked against the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from jusou.errors import Problem, warning
from jusou.forms.incoming.tables import Table, heading_index
from jusou.forms.layout import Label, input_columns, is_known_title
from jusou.logs.schema import FormKind
from jusou.plan.model import Plan
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import quote, squeeze
from jusou.values.workbook import FoundCell, Workbook


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
                found.setdefault(label, value)
    return Header(found)


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
    cells += [row.year for table in tables for row in table.rows() if row.year]
    found = year
    for cell in cells:
        try:
            here = FiscalYear.parse(cell.text)
        except ValueError:
            hint = "年度は、送ったときのままにしてください（例: R9）。"
            return Problem(f"年度{quote(cell.text)}は読めません。", hint, cell.place)
        if found and here != found:
            other = "--year で指定した年度" if year else "ほかの年度"
            message = f"年度{quote(cell.text)}が、{other}「{found}」と違います。"
            return Problem(message, "どの年度の数値か確かめてください。", cell.place)
        found = here
    if found is None:
        message = "どの年度の数値か分かりません（年度の欄がありません）。"
        return Problem(message, "--year R9 のように指定してください。", book.name)
    years = plan.years if header.kind else plan.log_years
    if found not in years:
        place = cells[0].place if cells else book.name
        hint = f"使える年度は {years[0]} から {years[-1]} までです。"
        return Problem(f"{quote(str(found))}は計画の年度ではありません。", hint, place)
    return found


def form_errors(
    book: Workbook, header: Header, tables: Sequence[Table], plan: Plan
) -> list[Problem]:
    """Return what keeps a form as a whole from being taken: another plan, a missing column."""
    title = header.text(Label.PLAN)
    if title and squeeze(title) != squeeze(plan.info.title):
        message = f"別の計画{quote(title)}の照会票です。"
        hint = f"この計画は「{plan.info.title}」です。"
        return [Problem(message, hint, header.cells[Label.PLAN].place)]
    if header.kind is None:
        return []
    there = {title for table in tables for title in table.columns}
    problems = []
    for sheet, columns in input_columns(header.kind).items():
        titles = [column.title for column in columns]
        missing = [title for title in titles if title not in there]
        if len(missing) == len(titles) and not book.is_csv:
            problems.append(_no_sheet(book, sheet))
        elif len(missing) == len(titles):
            continue  # told by left_out
        elif missing:
            problems.append(_missing(missing, sheet, titles, tables))
    return problems


def left_out(book: Workbook, header: Header, tables: Sequence[Table]) -> Iterator[Problem]:
    """Warn of the sheets of a form that a CSV file lacks: Excel writes only the one it shows."""
    if header.kind is None or not book.is_csv:
        return
    there = {title for table in tables for title in table.columns}
    for sheet, columns in input_columns(header.kind).items():
        if not there & {column.title for column in columns}:
            message = f"シート「{sheet}」の内容が、この CSV にはありません。"
            hint = (
                "Excel の CSV には、開いているシートだけが入ります。ほかのシートにも記入があれば、"
                "Excel ブック（.xlsx）で返してもらってください。"
            )
            yield warning(message, hint, tables[0].titles[0].place)


def _no_sheet(book: Workbook, name: str) -> Problem:
    there = next((each for each in book.sheets if each.name == name), None)
    if there is None:
        hint = "シートを消さずに返してもらってください。"
        return Problem(f"シート「{name}」がありません。", hint, book.name)
    place = next((cell.place for line in there.rows for cell in line if cell), book.name)
    hint = "見出しの行を消したり変えたりせずに返してもらってください。"
    return Problem(f"シート「{name}」に、見出しの行がありません。", hint, place)


def _missing(
    missing: Sequence[str], sheet: str, titles: Sequence[str], tables: Sequence[Table]
) -> Problem:
    table = next(each for each in tables if set(each.columns) & set(titles))
    unknown = [cell for cell in table.titles if cell and not is_known_title(squeeze(cell.text))]
    found = f"知らない見出し{quote(unknown[0].text)}があります。" if unknown else ""
    place = unknown[0].place if unknown else table.titles[0].place
    message = f"見出し「{'」「'.join(missing)}」の列がありません。{found}"
    hint = "列を消したり、見出しを変えたりせずに返してもらってください。"
    return Problem(message, hint, place)
