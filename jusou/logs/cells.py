"""Reads single cells of a log row: numbers, dates, years, words, ratios, subjects of the plan.

Every reader raises JusouError with the column, what is wrong, and how to mend it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from jusou.errors import JusouError
from jusou.logs.schema import Basis
from jusou.plan.model import (
    EXCEEDING_HINT,
    SIGNED_HINT,
    WHOLE_PLAN,
    Indicator,
    Measure,
    Plan,
)
from jusou.values.dates import parse_date, wareki
from jusou.values.fiscal_year import FiscalYear
from jusou.values.numbers import NEGATIVE_HINT, NIL_HINT, parse_number, round_half_up
from jusou.values.text import fold, normalise_key, quote, visible

_FRACTION = re.compile(r"\s*[\d,，]+\s*[/／]\s*[\d,，]+\s*")
_EXCEL_DATE = re.compile(
    r"\d{1,2}月\d{1,2}日|\d{4}[/-]\d{1,2}[/-]\d{1,2}|\d{1,2}/\d{1,2}|[A-Z][a-z]{2}-\d\d?|\d\d?-[A-Z][a-z]{2}"
)
_EXCEL_ERROR = (  # compiled where a text begins as one
    r"(?i:#(?:NAME|REF|VALUE|DIV/0|NUM|NULL|SPILL|CALC|FIELD|BLOCKED|CONNECT|BUSY|UNKNOWN|EXTERNAL)[?!]"
    r"|#N/A|#GETTING_DATA|(?:Err|エラー):\d{3})"
)
_ERROR_STARTS = frozenset("#＃EeＥｅエ")
_ALSO_CALLED = {"把握困難": Basis.NOT_MEASURABLE}
_WHOLE = (WHOLE_PLAN, "計画", "計画全体")
_STATE_HINT = (
    "実績が無い場合は 0、まだ出ていない場合は区分「未確定」、"
    "数える対象が無い場合は「該当なし」、分からない場合は「測定不能」と入力してください。"
)


class UnknownSubjectError(JusouError):
    """A text is no spelling of any subject of the plan; in a log it may have been one."""


def read_year(text: str, *, calendar: bool) -> FiscalYear:
    """Read a 年度 as a plan counts it."""
    try:
        return FiscalYear.parse(text, calendar=calendar)
    except ValueError:
        hint = "R9 か 令和9年度 のように入力してください。"
        raise JusouError(f"年度{quote(text)}は読めません。", hint, column="年度") from None


def read_basis(text: str) -> Basis:
    """Read a 区分; an empty one is 確定, and 把握困難 is what some cities call 測定不能."""
    if fold(text) in _ALSO_CALLED:
        return _ALSO_CALLED[fold(text)]
    return Basis(read_choice("区分", text, Basis)) if text else Basis.FINAL


def read_choice(column: str, text: str, choices: Iterable[str]) -> str:
    """Return one of some words as it is spelled there, whatever its width, with or without ・."""
    known = {_bare(choice): choice for choice in choices}
    if found := known.get(_bare(text)):
        return found
    hint = f"{'、'.join(known.values())} のどれかを入力してください。"
    raise JusouError(f"{column}{quote(text)}は使えません。", hint, column=column)


def _bare(text: str) -> str:
    return fold(text).replace("・", "")


def read_text(column: str, text: str) -> str:
    """Read a text: without outer spaces and what cannot be seen; an error of Excel is none."""
    if text[:1] in _ERROR_STARTS and re.fullmatch(_EXCEL_ERROR, fold(text)):
        message = f"{column}{quote(text)}は、Excel の計算エラーです。"
        hint = (
            "「-」や「=」で始まる文が数式とみなされたか、数式が壊れています。"
            "元の文を、控えか照会票から入力し直してください。"
        )
        raise JusouError(message, hint, column=column)
    return visible(text).strip()


def check_published(day: date, decided_on: date, today: date | None = None) -> None:
    """Refuse a 公表日 before its decision, or one that has not come yet."""
    if day < decided_on:
        message = f"公表日（{wareki(day)}）が、決定日（{wareki(decided_on)}）より前です。"
        raise JusouError(message, "公表日と決定日を確かめてください。", column="公表日")
    if today and day > today:
        message = f"公表日（{wareki(day)}）は、まだ来ていません。"
        raise JusouError(message, "公表した後に記録してください。", column="公表日")


def read_date(column: str, text: str) -> date:
    """Read a date cell."""
    try:
        return parse_date(text)
    except ValueError:
        message = f"{column}{quote(text)}は日付として読めません。"
        hint = "2027-09-30 か R9.9.30 のように入力してください。"
        raise JusouError(message, hint, column=column) from None


def check_interim_date(as_of: date | None, text: str, year: FiscalYear) -> None:
    """Refuse a 中間 without a 基準日 inside its year."""
    if as_of is None:
        hint = "いつ時点の数値かを基準日に入力してください（例: 2027-09-30）。"
        raise JusouError("区分「中間」の行に基準日がありません。", hint, column="基準日")
    if as_of not in year:
        message = f"基準日{quote(text)}が {year} の中にありません。"
        hint = f"{year} は{wareki(year.first_day)}から{wareki(year.last_day)}までです。"
        raise JusouError(message, hint, column="基準日")


def read_value(column: str, text: str, indicator: Indicator) -> Decimal:
    """Read a figure in the indicator's own unit and decimals."""
    try:
        value = parse_number(text, indicator.decimals, indicator.unit, signed=indicator.signed)
    except JusouError as error:
        hint = _STATE_HINT if error.hint == NIL_HINT and column == "実績値" else error.hint
        is_rate = indicator.measure is Measure.RATE and column == "実績値"
        if is_rate and _FRACTION.fullmatch(text):
            hint = "分子と分母は、実績値ではなく、分子と分母にそれぞれ入力してください。"
        if error.hint == NEGATIVE_HINT:
            hint += f"targets.yaml で、{SIGNED_HINT}"
        if re.fullmatch(_EXCEL_ERROR, fold(text)):
            hint = "Excel の計算エラーです。数値を入力し直してください。"
        raise JusouError(f"{column}{quote(text)}は{error.message}", hint, column=column) from None
    if refusal := indicator.refusal(value):
        raise JusouError(f"{column}{quote(text)}{refusal[0]}", refusal[1], column=column)
    return value


def read_ratio(indicator: Indicator, numerator: str, denominator: str) -> tuple[Decimal, Decimal]:
    """Read 分子 and 分母, which come together and for rates only."""
    if indicator.measure is not Measure.RATE:
        hint = (
            "分子と分母を消し、実績値に数を入力してください。"
            "数値のカンマで列がずれていないかも確かめてください。"
        )
        raise JusouError(f"{indicator.id} は率の指標ではありません。", hint, column="分子")
    if indicator.per is None:
        message = f"{indicator.id} は、何に対する率か（％、人口10万対など）が計画にありません。"
        hint = (
            "率だけを実績値に入力するか、targets.yaml のその指標に"
            " per: 100000（人口10万対の場合）のように書いてください。"
        )
        raise JusouError(message, hint, column="分子")
    values = []
    for column, text in (("分子", numerator), ("分母", denominator)):
        if not text:
            hint = "分子と分母は一緒に入力してください。"
            raise JusouError(f"{column}が空です。", hint, column=column)
        try:
            values.append(parse_number(text))
        except JusouError as error:
            message = f"{column}{quote(text)}は{error.message}"
            raise JusouError(message, error.hint, column=column) from None
    if values[1] == 0:
        hint = "対象が無い場合は、区分に 該当なし と入力してください。"
        raise JusouError("分母が 0 です。", hint, column="分母")
    return values[0], values[1]


def ratio_value(
    indicator: Indicator, numerator: Decimal, denominator: Decimal, text: str
) -> Decimal:
    """Return 分子 ÷ 分母 × 100, or by another ``per``, as the city would publish it.

    A typed 実績値 must equal it.
    """
    assert indicator.per
    exact = numerator * indicator.per / denominator
    value = round_half_up(exact, indicator.decimals)
    if refusal := indicator.refusal(exact):
        message, hint = f"分子÷分母×{indicator.per} の {value} {refusal[0]}", refusal[1]
        if indicator.maximum == indicator.per:
            message = f"分子「{numerator}」が分母「{denominator}」を超えています。"
            hint = f"分子と分母を確かめてください。{EXCEEDING_HINT}"
        raise JusouError(message, hint, column="分子")
    if text and read_value("実績値", text, indicator) != value:
        message = f"実績値{quote(text)}が、分子÷分母×{indicator.per} の {value} と違います。"
        hint = "実績値を空にするか、分子と分母を確かめてください。"
        raise JusouError(message, hint, column="実績値")
    return value


def find_indicator(plan: Plan, text: str, column: str = "指標") -> Indicator:
    """Return the indicator of any of its spellings."""
    subject = find_subject(plan, text, column)
    if subject not in plan.indicators:
        message = f"{quote(text)}は指標ではありません（{plan.subjects[subject]}）。"
        hint = f"指標の id か番号を入力してください{_example(plan)}。"
        raise JusouError(message, hint, column=column)
    return plan.indicators[subject]


def find_subject(plan: Plan, text: str, column: str = "対象") -> str:
    """Return the id of an indicator, programme or initiative, given any of its spellings."""
    if found := plan.keys.get(normalise_key(text)):
        return found
    if not text:
        message = f"{column}が空です。"
        hint = f"{column}の id か番号を入力してください{_example(plan)}。"
    elif _EXCEL_DATE.fullmatch(text):
        message = f"{column}{quote(text)}は日付になっています。"
        hint = (
            "Excel が「1-1」のような番号を日付に変えました。"
            f"番号ではなく id で入力してください{_example(plan)}。"
        )
    else:
        near = difflib.get_close_matches(normalise_key(text), plan.subjects, 3, 0.6)
        names = [f"{each}（{name}）" for each, name in plan.subjects.items() if each in near]
        message = f"{column}{quote(text)}は計画にありません。"
        hint = f"近い名前: {'、'.join(names)}。" if near else ""
        hint += "jusou list で確かめられます。"
        raise UnknownSubjectError(message, hint, column=column)
    raise JusouError(message, hint, column=column)


def find_noted(plan: Plan, text: str) -> str:
    """Return the id of what a text is about: a subject of the plan, or the plan as a whole."""
    return WHOLE_PLAN if is_whole_plan(text) else find_subject(plan, text)


def is_whole_plan(text: str) -> bool:
    """Tell whether a text names the plan itself: ``plan``, ``計画``."""
    return normalise_key(text) in _WHOLE


def _example(plan: Plan) -> str:
    example = next(iter(plan.indicators), "")
    return f"（例: {example}）" if example else ""
