"""The cells of one row → claims: a figure, texts; each read by the rules of a log's row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from jusou.errors import JusouError, Problem, Severity, warning
from jusou.forms.layout import (
    BASES,
    FIELDS,
    FIGURE_TITLES,
    FIGURES,
    FORECAST_TITLE,
    INTERIM_TITLE,
    REMARK,
)
from jusou.logs.rows import missing_remark, read_actual, read_texts
from jusou.logs.schema import Actual, Basis, FormKind, ReviewNote
from jusou.logs.slots import Slot, slot_of
from jusou.plan.model import Plan
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import fold, quote
from jusou.values.workbook import FoundCell

_NUMBERS = ("実績値", "分子", "分母")
_STEAD = {"基準日": "区分"}  # most forms have no column for it
_DATE = re.compile(r"\d{4}-\d\d-\d\d.*")
_SHARE = re.compile(r"0?\.\d+")
_CONFLICT = re.compile(r"^(?:<<<<<<<|>>>>>>>) ", re.MULTILINE)
Cells = Mapping[str, FoundCell]


class Claim(NamedTuple):
    """One thing that a file says: the figure (``title`` 実績), or one text, of one subject."""

    subject: str
    title: str
    row: Actual | ReviewNote
    place: str

    @property
    def slot(self) -> Slot:
        """What tells claims apart that speak of different things."""
        if isinstance(self.row, Actual):
            return slot_of(self.row)
        return (self.row.year, self.subject, self.title)


class ClaimReader:
    """Reads rows of one file. Problems are collected; a cell with one is never half taken.

    ``unread`` are the indicators that have a figure, or a part of one, that cannot be taken.
    """

    def __init__(
        self, plan: Plan, year: FiscalYear, kind: FormKind | None, problems: list[Problem]
    ) -> None:
        self._plan, self._year, self._kind, self._problems = plan, year, kind, problems
        self.unread: set[str] = set()

    def claims(self, subject: str, inputs: Cells) -> list[Claim]:
        """Return what a row says of a subject; the problems in it name the subject."""
        before = len(self._problems)
        found = list(self._claims(subject, inputs))
        self._problems[before:] = [_named(subject, each) for each in self._problems[before:]]
        return found

    def _claims(self, subject: str, inputs: Cells) -> Iterator[Claim]:
        filled = {title: cell for title, cell in inputs.items() if cell}
        readable = {title: self._is_readable(title, cell) for title, cell in filled.items()}
        figures = {title: cell for title, cell in filled.items() if title in FIGURE_TITLES}
        if all(readable[title] for title in figures):
            yield from self._figures(subject, inputs, figures) if figures else ()
        else:
            self.unread.add(subject)
        for title in FIELDS:
            if readable.get(title):
                yield from self._text(subject, title, filled[title])

    def _is_readable(self, title: str, cell: FoundCell) -> bool:
        """Tell whether a text can be kept at all; if not, say why."""
        if cell.refused:
            message = f"{title}のセルが{cell.refused}。"
            hint = "数値または文字を直接入力してください。"
        elif strange := _strange_text(cell.text):
            message = f"{title}に記録できない文字{quote(strange)}があります（{quote(cell.text)}）。"
            hint = "その文字を消してください。"
        else:
            return True
        self._problems.append(Problem(message, hint, cell.place))
        return False

    def _figures(self, subject: str, inputs: Cells, filled: Cells) -> Iterator[Claim]:
        texts = {title: cell.text for title, cell in filled.items()}
        first = next(iter(filled.values()))
        remark = texts.pop(REMARK, "")
        if subject not in self._plan.indicators:
            name = self._plan.subjects[subject]
            message = f"指標ではない行（{name}）に{quote(first.text)}があります。"
            hint = "数値は、指標の行に入力してください。"
            self._problems.append(Problem(message, hint, first.place))
            return
        if not texts:
            self._refuse_lone_remark(subject, first)
        for title, basis, as_of in (
            (INTERIM_TITLE, Basis.INTERIM, self._year.interim_day.isoformat()),
            (FORECAST_TITLE, Basis.FORECAST, ""),
        ):
            if value := texts.pop(title, ""):
                given = {"実績値": value, "区分": basis.value, "基準日": as_of, REMARK: remark}
                yield from self._figure(subject, given, {**inputs, "実績値": inputs[title]})
        if texts:
            yield from self._figure(subject, {**texts, REMARK: remark}, inputs)

    def _refuse_lone_remark(self, subject: str, cell: FoundCell) -> None:
        message = f"備考{quote(cell.text)}だけが入力されています。"
        if self._kind is FormKind.INTERIM:
            hint = "数値のない備考は取り込みません。必要なら、数値も入力してもらってください。"
            self._problems.append(warning(message, hint, cell.place))
        else:
            hint = "実績値を入力するか、区分（未確定・該当なし・測定不能）を選んでください。"
            self._problems.append(Problem(message, hint, cell.place))
            self.unread.add(subject)

    def _figure(self, subject: str, texts: Mapping[str, str], cells: Cells) -> Iterator[Claim]:
        given = [cells[title] for title in FIGURE_TITLES if texts.get(title) and title in cells]
        try:
            self._check_basis(subject, texts.get("区分", ""))
            row = read_actual(self._plan, self._year, {**texts, "指標": subject})
        except JusouError as refused:
            self._keep(refused.problem, subject, cells, given[0])
            self.unread.add(subject)
            return
        if problem := missing_remark(row):
            self._keep(problem, subject, cells, given[0])
        yield Claim(subject, FIGURES, row, given[0].place)

    def _check_basis(self, subject: str, text: str) -> None:
        """Refuse a 区分 that this form cannot take. Raises JusouError."""
        bases = BASES[self._kind or FormKind.ALL]
        plain = fold(text)
        if not text or plain in (*bases, Basis.FORECAST) or self._kind is FormKind.INTERIM:
            return
        hint = f"{'・'.join(bases)} のどれかを選んでください。"
        if plain == Basis.CANCELLED:
            command = f"jusou add {self._year} {subject} --basis 取消 --remark 理由"
            hint += f"記録を取り消すなら {command} とします。"
        raise JusouError(f"区分{quote(text)}は使えません。", hint, column="区分")

    def _text(self, subject: str, title: str, cell: FoundCell) -> Iterator[Claim]:
        years = self._plan.years
        if self._year not in years:
            message = f"{title}{quote(cell.text)}は、計画期間の外の {self._year} のものです。"
            hint = f"記述を取り込めるのは {years[0]} から {years[-1]} までです。"
            self._problems.append(Problem(message, hint, cell.place))
            return
        try:
            texts = read_texts(self._plan, {FIELDS[title]: cell.text})
        except JusouError as refused:
            self._keep(refused.problem, subject, {}, cell)
        else:
            yield Claim(subject, title, ReviewNote(self._year, subject, texts), cell.place)

    def _keep(self, problem: Problem, subject: str, cells: Cells, first: FoundCell) -> None:
        """Keep what a row's reader found wrong, at the place of its cell."""
        column = str(problem.column)
        cell = cells.get(_STEAD.get(column, column), first)
        hint = self._hint(subject, problem, cell.text)
        self._problems.append(problem._replace(path=cell.place, line=None, hint=hint))

    def _hint(self, subject: str, problem: Problem, text: str) -> str:
        if problem.severity is not Severity.ERROR or problem.column not in _NUMBERS:
            return problem.hint
        plain = fold(text)
        if _DATE.fullmatch(text):
            return "日付になっています。セルの書式を「標準」にして、入力し直してください。"
        if _SHARE.fullmatch(text) and self._plan.indicators[subject].is_percentage:
            return "91.5％ なら 0.915 ではなく 91.5 と入力してください。" + problem.hint
        if self._kind is FormKind.INTERIM and "/" in plain:
            return "分子÷分母×100 を計算した数値（46.2 など）を入力してもらってください。"
        if self._kind is FormKind.INTERIM and (plain in list(Basis) or "区分" in problem.hint):
            return "実績がないときは 0、まだ分からないときは空欄にしてもらってください。"
        if plain in list(Basis):
            return f"数値の欄は空欄にし、{quote(plain)}は区分の欄で選んでください。"
        return problem.hint


def _named(subject: str, problem: Problem) -> Problem:
    if problem.message.startswith((subject, "指標ではない行")):
        return problem
    return problem._replace(message=f"{subject} の{problem.message}")


def _strange_text(text: str) -> str:
    """Return what in a text a log cannot keep: a control character, a conflict marker."""
    if found := _CONFLICT.search(text):
        return found[0]
    strange = (each for each in text if unicodedata.category(each) in ("Cc", "Cs"))
    return next((each for each in strange if each not in "\n\t"), "")
