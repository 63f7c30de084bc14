"""The cells of one row → claims: a figure, texts; each read by the rules of a log's row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from jusou.errors import JusouError, Problem, warning
from jusou.forms.layout import (
    BASES,
    FIELDS,
    FIGURE_TITLES,
    FIGURES,
    FORECAST_TITLE,
    INTERIM_TITLES,
    REMARK,
)
from jusou.logs.rows import missing_remark, read_actual, read_texts
from jusou.logs.schema import Actual, Basis, FormKind, ReviewNote
from jusou.logs.slots import Slot, slot_of
from jusou.plan.model import Plan
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import fold, quote, unkeepable
from jusou.values.workbook import FoundCell

_NUMBERS = ("実績値", "分子", "分母")
_STEAD = {"基準日": "区分"}  # most forms have no column for it
_DATE = re.compile(r"\d{4}-\d\d-\d\d.*")
_SHARE = re.compile(r"0?\.\d+")
Cells = Mapping[str, FoundCell]


class Claim(NamedTuple):
    """One thing that a file says: the figure (``title`` 実績), or one text, of one subject.

    ``doubts`` are why a person who looks at the file may not read it so, in sentences: part of it
    is struck through (``is_struck``), or it is hidden.
    """

    subject: str
    title: str
    row: Actual | ReviewNote
    place: str
    doubts: tuple[str, ...] = ()
    is_struck: bool = False

    @property
    def slot(self) -> Slot:
        """What tells claims apart that speak of different things."""
        if isinstance(self.row, Actual):
            return slot_of(self.row)
        return (self.row.year, self.subject, self.title)


class ClaimReader(NamedTuple):
    """Reads the cells of a row, given what its file is about; ``kind`` is None for a plain table.

    With the claims come the problems, each naming the subject: of a cell with an error nothing is
    claimed, of a figure with an error in one of its cells nothing either.
    """

    plan: Plan
    year: FiscalYear
    kind: FormKind | None

    def figures(self, subject: str, cells: Cells) -> Iterator[Claim | Problem]:
        """Yield the figures that a row holds: at half-year there may be two, with one remark."""
        filled = {title: cells[title] for title in FIGURE_TITLES if cells.get(title)}
        if not filled:
            return
        if unusable := [*filter(None, (_unusable(subject, *each) for each in filled.items()))]:
            yield from unusable
            return
        if subject not in self.plan.indicators:
            first = next(iter(filled.values()))
            name = self.plan.subjects[subject]
            message = f"指標ではない行（{name}）に{quote(first.text)}があります。"
            yield Problem(message, "数値は、指標の行に入力してください。", first.place)
            return
        texts = {title: cell.text for title, cell in filled.items()}
        remark = texts.pop(REMARK, "")
        if not texts:
            yield self._lone_remark(subject, filled[REMARK])
        interims = (
            (title, Basis.INTERIM, date(self.year.western, month, 30).isoformat())
            for title, month in INTERIM_TITLES.items()
        )
        for title, basis, as_of in (*interims, (FORECAST_TITLE, Basis.FORECAST, "")):
            if value := texts.pop(title, ""):
                given = {"実績値": value, "区分": basis.value, "基準日": as_of, REMARK: remark}
                yield from self._figure(subject, given, {**cells, "実績値": cells[title]})
        if texts:
            yield from self._figure(subject, {**texts, REMARK: remark}, cells)

    def texts(self, subject: str, cells: Cells) -> Iterator[Claim | Problem]:
        """Yield the texts that a row holds."""
        for title in FIELDS:
            if cell := cells.get(title):
                yield _unusable(subject, title, cell) or self._text(subject, title, cell)

    def _text(self, subject: str, title: str, cell: FoundCell) -> Claim | Problem:
        years = self.plan.years
        if self.year not in years:
            found = f"{subject} の{title}{quote(cell.text)}"
            hint = f"記述を取り込めるのは {years[0]} から {years[-1]} までです。"
            return Problem(f"{found}は、計画期間の外の {self.year} のものです。", hint, cell.place)
        try:
            texts = read_texts(self.plan, subject, {FIELDS[title]: cell.text})
        except JusouError as refused:
            return self._placed(refused.problem, subject, {}, cell)
        return _claim(subject, title, ReviewNote(self.year, subject, texts), {title: cell})

    def _figure(
        self, subject: str, texts: Mapping[str, str], cells: Cells
    ) -> Iterator[Claim | Problem]:
        used = {each: cells[each] for each in FIGURE_TITLES if texts.get(each) and each in cells}
        first = next(iter(used.values()))
        try:
            self._check_basis(subject, texts.get("区分", ""))
            row = read_actual(self.plan, self.year, {**texts, "指標": subject})
        except JusouError as refused:
            yield self._placed(refused.problem, subject, cells, first)
            return
        if problem := missing_remark(row):
            yield self._placed(problem, subject, cells, first)
        yield _claim(subject, FIGURES, row, used)

    def _lone_remark(self, subject: str, cell: FoundCell) -> Problem:
        message = f"{subject} の備考{quote(cell.text)}だけが入力されています。"
        if self.kind is FormKind.INTERIM:
            hint = "数値のない備考は取り込みません。必要なら、数値も入力してもらってください。"
            return warning(message, hint, cell.place)
        hint = "実績値を入力するか、区分（未確定・該当なし・測定不能）を選んでください。"
        return Problem(message, hint, cell.place)

    def _check_basis(self, subject: str, text: str) -> None:
        """Refuse a 区分 that this form cannot take. Raises JusouError."""
        bases = BASES[self.kind or FormKind.ALL]
        plain = fold(text)
        if not text or plain in (*bases, Basis.FORECAST) or self.kind is FormKind.INTERIM:
            return
        hint = f"{'・'.join(bases)} のどれかを選んでください。"
        if plain == Basis.CANCELLED:
            command = f"jusou add {self.year} {subject} --basis 取消 --remark 理由"
            hint += f"記録を取り消すなら {command} とします。"
        raise JusouError(f"区分{quote(text)}は使えません。", hint, column="区分")

    def _placed(self, problem: Problem, subject: str, cells: Cells, first: FoundCell) -> Problem:
        """Return what the reader of a row found wrong, at the place of its cell."""
        column = str(problem.column)
        cell = cells.get(_STEAD.get(column, column), first)
        message = problem.message
        if not message.startswith(subject):
            message = f"{subject} の{message}"
        hint = self._hint(subject, problem, cell.text)
        message += _sight(cell)
        return problem._replace(message=message, path=cell.place, line=None, hint=hint)

    def _hint(self, subject: str, problem: Problem, text: str) -> str:
        if not problem.is_error or problem.column not in _NUMBERS:
            return problem.hint
        plain = fold(text)
        if _DATE.fullmatch(text):
            return "日付になっています。セルの書式を「標準」にして、入力し直してください。"
        if _SHARE.fullmatch(text) and self.plan.indicators[subject].is_percentage:
            return "91.5％ なら 0.915 ではなく 91.5 と入力してください。" + problem.hint
        if self.kind is FormKind.INTERIM and "/" in plain:
            return "分子÷分母×100 を計算した数値（46.2 など）を入力してもらってください。"
        if self.kind is FormKind.INTERIM and (plain in list(Basis) or "区分" in problem.hint):
            return "実績がないときは 0、まだ分からないときは空欄にしてもらってください。"
        if plain in list(Basis):
            return f"数値の欄は空欄にし、{quote(plain)}は区分の欄で選んでください。"
        return problem.hint


def _claim(subject: str, title: str, row: Actual | ReviewNote, cells: Cells) -> Claim:
    """Return what some cells say, at the place of the first that gives reason to doubt it."""
    struck = {each: cell for each, cell in cells.items() if cell.doubt}
    hidden = {each: cell for each, cell in cells.items() if cell.hidden}
    doubts = [f"{each}のセル{cell.doubt}。" for each, cell in struck.items()]
    doubts += [f"{each}のセル{cell.hidden}。" for each, cell in hidden.items()][:1]
    first = next(iter((struck or hidden or cells).values()))
    return Claim(subject, title, row, first.place, tuple(doubts), bool(struck))


def _sight(cell: FoundCell) -> str:
    """Say of a cell with a mistake why it is not found on the screen."""
    return f"このセル{cell.hidden}。" if cell.hidden else ""


def _unusable(subject: str, title: str, cell: FoundCell) -> Problem | None:
    """Say so if what stands in a cell can be kept in no log."""
    if cell.refused:
        message = f"{subject} の{title}のセルが{cell.refused}。{_sight(cell)}"
        return Problem(message, "数値または文字を直接入力してください。", cell.place)
    if strange := unkeepable(cell.text):
        found = f"記録できない文字{quote(strange)}があります（{quote(cell.text)}）"
        message = f"{subject} の{title}に{found}。"
        return Problem(message, "その文字を消してください。", cell.place)
    return None
