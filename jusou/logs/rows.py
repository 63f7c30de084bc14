"""Reads the cells of a log row: every rule of a row stands here once.

The same readers serve the loading of logs and every command that appends, so a row typed in
Excel is as good as one the tool wrote.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

from jusou.errors import JusouError, Problem, Severity, quote
from jusou.logs.cells import (
    CellError,
    check_interim_date,
    ratio_value,
    read_basis,
    read_date,
    read_ratio,
    read_value,
    read_year,
)
from jusou.logs.schema import (
    CLEAR,
    NOTE_FIELDS,
    REVISABLE,
    Actual,
    Basis,
    Place,
    ReviewNote,
    Revision,
)
from jusou.plan.model import Indicator, Plan
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import normalise_key

_EXCEL_DATE = re.compile(
    r"\d{1,2}月\d{1,2}日|\d{4}[/-]\d{1,2}[/-]\d{1,2}|\d{1,2}/\d{1,2}|[A-Z][a-z]{2}-\d\d?|\d\d?-[A-Z][a-z]{2}"
)
REMARK_WANTED = {
    Basis.PENDING: "いつ確定するか",
    Basis.NOT_APPLICABLE: "対象がない理由",
    Basis.NOT_MEASURABLE: "測定できない理由",
}


def find_indicator(plan: Plan, text: str) -> Indicator:
    """Return the indicator of any of its spellings. Raises JusouError when there is none."""
    try:
        return RowReader(plan, "", []).indicator(text)
    except CellError as refused:
        raise JusouError(refused.message, refused.hint) from None


def find_subject(plan: Plan, text: str) -> str:
    """Return the id of any spelling of an indicator, programme or initiative.

    Raises JusouError when there is none.
    """
    try:
        return RowReader(plan, "", []).subject("対象", text)
    except CellError as error:
        raise JusouError(error.message, error.hint) from None


def _plain_clear(cell: str) -> str:
    """Return a text without spaces around it; ``(削除)`` is （削除） too."""
    text = cell.strip()
    plain = unicodedata.normalize("NFKC", text)
    return CLEAR if plain == unicodedata.normalize("NFKC", CLEAR) else text


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
        self._basis = cache(read_basis)
        self._date = cache(read_date)

    def refuse(self, line: int, refused: CellError, severity: Severity = Severity.ERROR) -> None:
        """Record a problem in a row."""
        self.problems.append(
            Problem(severity, self.path, line, refused.column, refused.message, refused.hint)
        )

    def actual(self, line: int, cells: Sequence[str]) -> Actual | None:
        """Read a row of an actuals log; None when it breaks a rule."""
        try:
            return self._actual(line, map(str.strip, cells))
        except CellError as refused:
            self.refuse(line, refused)
            return None

    def _actual(self, line: int, cells: Iterable[str]) -> Actual:
        (
            recorded_at, year_text, key, value, numerator, denominator,
            basis_text, as_of_text, recorded_by, remark, *_,
        ) = cells  # fmt: skip
        year = self._file_year(year_text)
        indicator = self._indicator(key)
        basis = self._basis(basis_text)
        as_of = self._date("基準日", as_of_text) if as_of_text else None
        if basis is Basis.INTERIM:
            check_interim_date(as_of, as_of_text, year)
        if not basis.needs_value and (value or numerator or denominator):
            raise CellError(
                "実績値",
                f"区分「{basis}」の行に数値{quote(value or numerator or denominator)}があります。",
                "数値を消すか、区分を見直してください。",
            )
        if not remark and basis in REMARK_WANTED:
            message = f"区分「{basis}」の備考が空です。"
            wanted = CellError("備考", message, f"{REMARK_WANTED[basis]}を備考に書いてください。")
            self.refuse(line, wanted, Severity.WARNING)
        part = whole = amount = None
        if numerator or denominator:
            part, whole = read_ratio(indicator, numerator, denominator)
            amount = ratio_value(indicator, part, whole, value)
        elif value:
            amount = read_value("実績値", value, indicator)
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
        texts = dict(zip(NOTE_FIELDS, map(_plain_clear, cells[3:12]), strict=True))
        try:
            year = self._file_year(cells[1].strip())
            subject = self.subject("対象", cells[2].strip())
            texts |= self._choices(texts)
        except CellError as refused:
            self.refuse(line, refused)
            return None
        given = {name: "" if text == CLEAR else text for name, text in texts.items() if text}
        place = Place(self.path, line)
        return ReviewNote(year, subject, given, cells[0].strip(), cells[12].strip(), place)

    def _choices(self, texts: dict[str, str]) -> dict[str, str]:
        """Return the words chosen from a list as the plan spells them. Raises CellError."""
        chosen = {}
        marks = [grade.mark for grade in self.plan.scale]
        for name, choices in (("course", self.plan.courses), ("evaluation", marks)):
            text = texts[name]
            if not text or text == CLEAR or not choices:
                continue
            known = {unicodedata.normalize("NFKC", choice): choice for choice in choices}
            found = known.get(unicodedata.normalize("NFKC", text))
            if found is None:
                column = NOTE_FIELDS[name]
                message = f"{column}{quote(text)}は使えません。"
                raise CellError(
                    column, message, f"{'・'.join(choices)} のどれかを入力してください。"
                )
            chosen[name] = found
        return chosen

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
        wanted = {"年度": year_text, "理由": reason, "決定日": decided_on, "変更後": after}
        if empty := [column for column, text in wanted.items() if not text]:
            columns = "と".join(empty)
            raise CellError(empty[0], f"{columns}が空です。", f"{columns}を入力してください。")
        year = read_year(year_text)
        if year not in self.plan.years:
            hint = f"計画期間は {self.plan.info.start} から {self.plan.info.end} までです。"
            raise CellError("年度", f"年度{quote(year_text)}は計画期間の外です。", hint)
        decision = self._date("決定日", decided_on)
        if year.has_ended(decision):
            message = f"{year} は決定日{quote(decided_on)}より前に終わっています。"
            raise CellError("年度", message, "終わった年度の目標値は変更できません。")
        return Revision(
            indicator.id,
            year,
            read_value("変更前", before, indicator) if before else None,
            read_value("変更後", after, indicator),
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
        if text and text != self._year_text and (found := read_year(text)) != self.year:
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
            raise CellError("指標", message, f"指標の id か番号を入力してください{self._example}。")
        return self.plan.indicators[subject]

    def try_subject(self, line: int, column: str, text: str) -> str | None:
        """Return the id of a subject, or None with the problem recorded."""
        try:
            return self.subject(column, text)
        except CellError as error:
            self.refuse(line, error)
            return None

    @property
    def _example(self) -> str:
        example = next(iter(self.plan.indicators), "")
        return f"（例: {example}）" if example else ""

    def subject(self, column: str, text: str) -> str:
        """Return the id of an indicator, programme or initiative from any of its spellings.

        Raises CellError when there is none.
        """
        if found := self.plan.keys.get(normalise_key(text)):
            return found
        if not text:
            raise CellError(
                column,
                f"{column}が空です。",
                f"{column}の id か番号を入力してください{self._example}。",
            )
        if _EXCEL_DATE.fullmatch(text):
            hint = (
                "Excel が「1-1」のような番号を日付に変えました。"
                f"番号ではなく id で入力してください{self._example}。"
            )
            raise CellError(column, f"{column}{quote(text)}は日付になっています。", hint)
        near = difflib.get_close_matches(normalise_key(text), self.plan.subjects, 3, 0.6)
        subjects = self.plan.subjects.items()
        names = [f"{each}（{name}）" for each, name in subjects if each in near]
        hint = f"近い名前: {'、'.join(names)}。" if near else ""
        raise CellError(
            column,
            f"{column}{quote(text)}は計画にありません。",
            f"{hint}jusou list で確かめられます。",
        )
