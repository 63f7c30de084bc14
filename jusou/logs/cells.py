"""Reads single cells of a log row: numbers, dates, years, words, ratios; one error for each."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from jusou.errors import quote
from jusou.logs.schema import Basis
from jusou.plan.model import Indicator, Measure
from jusou.values.dates import parse_date, wareki
from jusou.values.fiscal_year import FiscalYear
from jusou.values.numbers import NIL_HINT, NumberError, parse_number, percentage, round_half_up

_BREAKS = str.maketrans(dict.fromkeys("\r\v\f\x85\u2028\u2029", "\n"))
_FRACTION = re.compile(r"\s*[\d,，]+\s*[/／]\s*[\d,，]+\s*")


_STATE_HINT = (
    "実績が無い場合は 0、まだ出ていない場合は区分「未確定」、"
    "数える対象が無い場合は区分「該当なし」と入力してください。"
)


class CellError(Exception):
    """One cell cannot be read: its column, what is wrong, how to mend it."""

    def __init__(self, column: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.column, self.message, self.hint = column, message, hint


def plain_breaks(text: str) -> str:
    """Return a text in which every kind of line break is a newline, as a log keeps it."""
    return text.replace("\r\n", "\n").translate(_BREAKS)


def plain_text(text: str) -> str:
    """Return a text as it comes back from a cell: no control characters, no spaces around it."""
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", " ", text.replace("\r\n", "\n")).strip()


def read_year(text: str) -> FiscalYear:
    """Read a 年度. Raises CellError."""
    try:
        return FiscalYear.parse(text)
    except ValueError:
        hint = "R9 か 令和9年度 のように入力してください。"
        raise CellError("年度", f"年度{quote(text)}は読めません。", hint) from None


def read_basis(text: str) -> Basis:
    """Read a 区分; an empty one is 確定. Raises CellError."""
    if not text:
        return Basis.FINAL
    try:
        return Basis(unicodedata.normalize("NFKC", text))
    except ValueError:
        hint = f"{'・'.join(Basis)} のどれかを入力してください。"
        raise CellError("区分", f"区分{quote(text)}は使えません。", hint) from None


def read_date(column: str, text: str) -> date:
    """Read a date cell. Raises CellError."""
    try:
        return parse_date(text)
    except ValueError:
        hint = "2027-09-30 か R9.9.30 のように入力してください。"
        raise CellError(column, f"{column}{quote(text)}は日付として読めません。", hint) from None


def check_interim_date(as_of: date | None, text: str, year: FiscalYear) -> None:
    """Raise CellError unless a 中間 has a 基準日 inside its year."""
    if as_of is None:
        hint = "いつ時点の数値かを基準日に入力してください（例: 2027-09-30）。"
        raise CellError("基準日", "区分「中間」の行に基準日がありません。", hint)
    if as_of not in year:
        message = f"基準日{quote(text)}が {year} の中にありません。"
        hint = f"{year} は{wareki(year.first_day)}から{wareki(year.last_day)}までです。"
        raise CellError("基準日", message, hint)


def read_value(column: str, text: str, indicator: Indicator) -> Decimal:
    """Read a figure in the indicator's own unit and decimals. Raises CellError."""
    try:
        value = parse_number(text, indicator.decimals, indicator.unit)
    except NumberError as error:
        hint = _STATE_HINT if error.hint == NIL_HINT and column == "実績値" else error.hint
        if indicator.measure is Measure.RATE and _FRACTION.fullmatch(text):
            hint = "分子と分母は、実績値ではなく、分子と分母にそれぞれ入力してください。"
        raise CellError(column, f"{column}{quote(text)}は{error.reason}", hint) from None
    if value > 100 and indicator.is_percentage:
        raise CellError(
            column, f"{column}{quote(text)}が 100％ を超えています。", "率を確かめてください。"
        )
    return value


def read_ratio(indicator: Indicator, numerator: str, denominator: str) -> tuple[Decimal, Decimal]:
    """Read 分子 and 分母, which come together and for rates only. Raises CellError."""
    if indicator.measure is not Measure.RATE:
        hint = (
            "分子と分母を消し、実績値に数を入力してください。"
            "数値のカンマで列がずれていないかも確かめてください。"
        )
        raise CellError("分子", f"{indicator.id} は率の指標ではありません。", hint)
    values = []
    for column, text in (("分子", numerator), ("分母", denominator)):
        if not text:
            raise CellError(column, f"{column}が空です。", "分子と分母は一緒に入力してください。")
        try:
            values.append(parse_number(text))
        except NumberError as error:
            raise CellError(column, f"{column}{quote(text)}は{error.reason}", error.hint) from None
    if values[1] == 0:
        hint = "対象が無い場合は、区分に 該当なし と入力してください。"
        raise CellError("分母", "分母が 0 です。", hint)
    return values[0], values[1]


def ratio_value(
    indicator: Indicator, numerator: Decimal, denominator: Decimal, text: str
) -> Decimal:
    """Return 分子 ÷ 分母 × 100 as the city would publish it; a typed 実績値 must equal it."""
    value = round_half_up(percentage(numerator, denominator), indicator.decimals)
    if value > 100 and indicator.is_percentage:
        message = f"分子「{numerator}」が分母「{denominator}」を超えています。"
        raise CellError("分子", message, "分子と分母を確かめてください。")
    if text and read_value("実績値", text, indicator) != value:
        message = f"実績値{quote(text)}が、分子÷分母×100 の {value} と違います。"
        raise CellError("実績値", message, "実績値を空にするか、分子と分母を確かめてください。")
    return value
