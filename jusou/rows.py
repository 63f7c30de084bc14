"""Reads the cells of a log row: every rule of a row stands here once.

The same readers serve the loading of logs and every command that appends, so a row typed in
Excel is as good as one the tool wrote.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache

from jusou.dates import parse_date
from jusou.errors import JusouError, Problem, Severity, quote
from jusou.fiscal_year import FiscalYear
from jusou.keys import normalise_key
from jusou.numbers import NumberError, parse_number, percentage, round_half_up
from jusou.plan import Indicator, Measure, Plan
from jusou.records import (
    CLEAR,
    NOTE_FIELDS,
    REVISABLE,
    Actual,
    Basis,
    Place,
    ReviewNote,
    Revision,
)

Report = Callable[[int, str, str, str], None]
_EXCEL_DATE = re.compile(
    r"\d{1,2}月\d{1,2}日|\d{4}/\d{1,2}/\d{1,2}|\d{1,2}/\d{1,2}|[A-Z][a-z]{2}-\d\d?|\d\d?-[A-Z][a-z]{2}"
)
_REMARK_WANTED = {
    Basis.PENDING: "いつ確定するか",
    Basis.NOT_APPLICABLE: "対象がない理由",
    Basis.NOT_MEASURABLE: "測定できない理由",
}


class CellError(Exception):
    """One cell cannot be read: its column, what is wrong, how to mend it."""

    def __init__(self, column: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.column, self.message, self.hint = column, message, hint


def find_indicator(plan: Plan, text: str) -> Indicator:
    """Return the indicator of any of its spellings. Raises JusouError when there is none."""
    try:
        return RowReader(plan, "", []).indicator(text)
    except CellError as refused:
        raise JusouError(refused.message, refused.hint) from None


class RowReader:
    """Reads the rows of one file. Problems are collected, not raised; a bad row is None."""

    def __init__(
        self, plan: Plan, path: str, problems: list[Problem], year: FiscalYear | None = None
    ) -> None:
        self.plan = plan
        self.path = path
        self.problems = problems
        self.year = year
        self._year_text = str(year)
        self._indicator = cache(self.indicator)
        self._basis = cache(_read_basis)
        self._date = cache(_read_date)

    def refuse(self, line: int, refused: CellError, severity: Severity = Severity.ERROR) -> None:
        """Record a problem in a row."""
        self.problems.append(
            Problem(severity, self.path, line, refused.column, refused.message, refused.hint)
        )

    def actual(self, line: int, cells: Sequence[str]) -> Actual | None:
        """Read a row of an actuals log; None when it breaks a rule."""
        try:
            return self._actual(line, list(map(str.strip, cells)))
        except CellError as refused:
            self.refuse(line, refused)
            return None

    def _actual(self, line: int, cells: Sequence[str]) -> Actual:
        recorded_at, year_text, key, value, numerator, denominator = cells[:6]
        basis_text, as_of_text, recorded_by, remark = cells[6:10]
        year = self._file_year(year_text)
        indicator = self._indicator(key)
        basis = self._basis(basis_text)
        as_of = self._date("基準日", as_of_text) if as_of_text else None
        if basis is Basis.INTERIM:
            _check_interim_date(as_of, year)
        if not basis.needs_value and (value or numerator or denominator):
            raise CellError(
                "実績値",
                f"区分「{basis}」の行に数値{quote(value or numerator or denominator)}があります。",
                "数値を消すか、区分を見直してください。",
            )
        if not remark and basis in _REMARK_WANTED:
            message = f"区分「{basis}」の備考が空です。"
            wanted = CellError("備考", message, f"{_REMARK_WANTED[basis]}を備考に書いてください。")
            self.refuse(line, wanted, Severity.WARNING)
        part = whole = amount = None
        if numerator or denominator:
            part, whole = _read_ratio(indicator, numerator, denominator)
            amount = _ratio_value(indicator, part, whole, value)
        elif value:
            amount = _read_value("実績値", value, indicator)
        elif basis.needs_value:
            hint = (
                "数値が無い場合は、区分に 未確定・該当なし・測定不能 のどれかを入力してください。"
            )
            raise CellError("実績値", "実績値が空です。", hint)
        return Actual(
            year, indicator.id, basis, amount, part, whole, as_of,
            recorded_at, recorded_by, remark, self.path, line,
        )  # fmt: skip

    def note(self, line: int, cells: Sequence[str]) -> ReviewNote | None:
        """Read a row of a review log; None when it breaks a rule."""
        texts = dict(zip(NOTE_FIELDS, (cell.strip() for cell in cells[3:12]), strict=True))
        try:
            year = self._file_year(cells[1].strip())
            subject = self.subject("対象", cells[2].strip())
            self._check_choices(texts)
        except CellError as refused:
            self.refuse(line, refused)
            return None
        given = {name: "" if text == CLEAR else text for name, text in texts.items() if text}
        place = Place(self.path, line)
        return ReviewNote(year, subject, given, cells[0].strip(), cells[12].strip(), place)

    def _check_choices(self, texts: dict[str, str]) -> None:
        courses = self.plan.courses
        marks = [grade.mark for grade in self.plan.rating.scale]
        for name, choices in (("course", courses), ("evaluation", marks)):
            text = texts[name]
            if text and text != CLEAR and choices and text not in choices:
                column = NOTE_FIELDS[name]
                message = f"{column}{quote(text)}は使えません。"
                raise CellError(
                    column, message, f"{'・'.join(choices)} のどれかを入力してください。"
                )

    def revision(self, line: int, cells: Sequence[str]) -> Revision | None:
        """Read a row of ``revisions.csv``; None when it breaks a rule."""
        try:
            return self._revision(line, [cell.strip() for cell in cells])
        except CellError as refused:
            self.refuse(line, refused)
            return None

    def _revision(self, line: int, cells: Sequence[str]) -> Revision:
        recorded_at, key, item, year_text, before, after, reason, decided_by = cells[:8]
        decided_on, consultation, published_on, recorded_by = cells[8:12]
        indicator = self._indicator(key)
        if item and unicodedata.normalize("NFKC", item) != REVISABLE:
            hint = f"変更できる項目は「{REVISABLE}」だけです。"
            raise CellError("項目", f"項目{quote(item)}は変更できません。", hint)
        year = _read_year(year_text)
        if year not in self.plan.years:
            span = f"{self.plan.info.start}から{self.plan.info.end}まで"
            raise CellError("年度", f"{year} は計画期間の外です。", f"計画期間は {span}です。")
        for column, text in (("理由", reason), ("決定日", decided_on), ("変更後", after)):
            if not text:
                raise CellError(column, f"{column}が空です。", f"{column}を入力してください。")
        decision = self._date("決定日", decided_on)
        if year.has_ended(decision):
            message = f"{year} は決定日{quote(decided_on)}より前に終わっています。"
            raise CellError("年度", message, "終わった年度の目標値は変更できません。")
        return Revision(
            indicator.id,
            year,
            _read_value("変更前", before, indicator) if before else None,
            _read_value("変更後", after, indicator),
            reason,
            decided_by,
            decision,
            consultation,
            self._date("公表日", published_on) if published_on else None,
            recorded_at,
            recorded_by,
            Place(self.path, line),
        )

    def _file_year(self, text: str) -> FiscalYear:
        """Return the year of the file, which a typed 年度 must equal."""
        assert self.year is not None
        if text and text != self._year_text and (found := _read_year(text)) != self.year:
            message = f"年度{quote(text)}が、ファイル名の {self.year} と違います。"
            hint = (
                f"{found} の行なら {found}.csv に移し、{self.year} の行なら年度を直してください。"
            )
            raise CellError("年度", message, hint)
        return self.year

    def indicator(self, text: str) -> Indicator:
        """Return the indicator of any of its spellings. Raises CellError."""
        subject = self.subject("指標", text)
        if subject not in self.plan.indicators:
            message = f"{quote(text)}は指標ではありません（{self.plan.subjects[subject]}）。"
            raise CellError("指標", message, "指標の id か番号を入力してください（例: sodan-2）。")
        return self.plan.indicators[subject]

    def subject(self, column: str, text: str) -> str:
        """Return the id of an indicator, programme or initiative from any of its spellings.

        Raises CellError when there is none.
        """
        if found := self.plan.keys.get(normalise_key(text)):
            return found
        if not text:
            raise CellError(
                column, f"{column}が空です。", f"{column}の id か番号を入力してください。"
            )
        if _EXCEL_DATE.fullmatch(text):
            hint = (
                "Excel が「1-1」のような番号を日付に変えました。"
                "sodan-1 のような id で入力してください。"
            )
            raise CellError(column, f"{column}{quote(text)}は日付になっています。", hint)
        near = difflib.get_close_matches(normalise_key(text), self.plan.subjects, 3, 0.6)
        names = [f"{each}（{self.plan.subjects[each]}）" for each in near]
        hint = f"近い名前: {'、'.join(names)}。" if near else ""
        raise CellError(
            column,
            f"{column}{quote(text)}は計画にありません。",
            f"{hint}jusou list で確かめられます。",
        )


def _read_year(text: str) -> FiscalYear:
    try:
        return FiscalYear.parse(text)
    except ValueError:
        hint = "R9 か 令和9年度 のように入力してください。"
        raise CellError("年度", f"年度{quote(text)}は読めません。", hint) from None


def _read_basis(text: str) -> Basis:
    if not text:
        return Basis.FINAL
    try:
        return Basis(unicodedata.normalize("NFKC", text))
    except ValueError:
        hint = f"{'・'.join(Basis)} のどれかを入力してください。"
        raise CellError("区分", f"区分{quote(text)}は使えません。", hint) from None


def _read_date(column: str, text: str) -> date:
    try:
        return parse_date(text)
    except ValueError:
        hint = "2027-09-30 か R9.9.30 のように入力してください。"
        raise CellError(column, f"{column}{quote(text)}は日付として読めません。", hint) from None


def _check_interim_date(as_of: date | None, year: FiscalYear) -> None:
    if as_of is None:
        hint = "いつ時点の数値かを基準日に入力してください（例: 2027-09-30）。"
        raise CellError("基準日", "区分「中間」の行に基準日がありません。", hint)
    if as_of not in year:
        message = f"基準日「{as_of}」が {year} の中にありません。"
        hint = f"{year} は {year.first_day} から {year.last_day} までです。"
        raise CellError("基準日", message, hint)


def _read_value(column: str, text: str, indicator: Indicator) -> Decimal:
    try:
        value = parse_number(text, indicator.decimals, indicator.unit)
    except NumberError as error:
        raise CellError(
            column, f"{column}{quote(text)}は数値として読めません。", error.hint
        ) from None
    if value > 100 and indicator.is_percentage:
        raise CellError(
            column, f"{column}{quote(text)}が 100％ を超えています。", "率を確かめてください。"
        )
    return value


def _read_ratio(indicator: Indicator, numerator: str, denominator: str) -> tuple[Decimal, Decimal]:
    if indicator.measure is not Measure.RATE:
        hint = "分子と分母を消し、実績値に数を入力してください。"
        raise CellError("分子", f"{indicator.id} は率の指標ではありません。", hint)
    values = []
    for column, text in (("分子", numerator), ("分母", denominator)):
        if not text:
            raise CellError(column, f"{column}が空です。", "分子と分母は一緒に入力してください。")
        try:
            values.append(parse_number(text))
        except NumberError as error:
            message = f"{column}{quote(text)}は数値として読めません。"
            raise CellError(column, message, error.hint) from None
    if values[1] == 0:
        hint = "対象が無い場合は、区分に 該当なし と入力してください。"
        raise CellError("分母", "分母が 0 です。", hint)
    return values[0], values[1]


def _ratio_value(
    indicator: Indicator, numerator: Decimal, denominator: Decimal, text: str
) -> Decimal:
    """Return 分子 ÷ 分母 × 100 as the city would publish it; a typed 実績値 must equal it."""
    value = round_half_up(percentage(numerator, denominator), indicator.decimals)
    if value > 100 and indicator.is_percentage:
        message = f"分子「{numerator}」が分母「{denominator}」を超えています。"
        raise CellError("分子", message, "分子と分母を確かめてください。")
    if text and _read_value("実績値", text, indicator) != value:
        message = f"実績値{quote(text)}が、分子÷分母×100 の {value} と違います。"
        raise CellError("実績値", message, "実績値を空にするか、分子と分母を確かめてください。")
    return value
