"""Exact figures: the one place where numbers are read, rounded and written out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from jusou.errors import JusouError
from jusou.values.text import fold, quote

MAX_DIGITS = 15
HUNDRED = Decimal(100)
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")
_NUMBER_AT_FIRST = re.compile(rf"({_GROUPED.pattern}|{_PLAIN.pattern})(?![0-9])")
_DIGITS = frozenset("0123456789０１２３４５６７８９")
_CONTINUES = frozenset("0123456789.,")  # a figure: a unit that begins so stands apart
_REVERSING = "\u202e"  # 521 behind it is seen as 125
_MINUS_SIGNS = "-−△▲"
NEGATIVE_HINT = "負の数は入力できません。0以上の数を入力してください。"
NIL_HINT = "無い場合は 0、分からない場合は空欄にしてください。"
_NIL = re.compile(r"[-—―‐–ー−─.*x×]+|なし|無し|無|不明|不詳|秘匿")  # as tables print it, folded
_REMARK = re.compile(r"[(※*〔\[]|[、,]?うち")


def parse_number(text: str, decimals: int = 0, unit: str = "", *, signed: bool = False) -> Decimal:
    """Read a number: ``2650``, ``2,650``, ``２，６５０件`` (with its own unit).

    One below 0, ``△353`` or ``-353``, only where it is ``signed``. At most ``decimals`` decimal
    places (trailing zeros are free) and 15 digits. Raises JusouError for anything else, for nothing
    is guessed; its message is the end of a sentence that begins with the text.
    """
    if not decimals and text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS:
        return Decimal(text)
    # With 1000人 for a unit, 51000人 may be 5 of them or 51,000人; with 2, the 2 of 12 is no unit.
    apart = " " if fold(unit)[:1] in _CONTINUES else ""
    bare = text.strip().removesuffix(apart + unit)
    plain = fold(bare)
    if bare == text.strip():  # the unit may stand there in another width
        plain = plain.removesuffix(apart + fold(unit)).rstrip()
    ornamental = any(  # ①, ², 五
        char == _REVERSING or (char.isnumeric() and char not in _DIGITS) for char in bare
    )
    negative = signed and plain[:1] in _MINUS_SIGNS
    if negative:
        plain = plain[1:].lstrip()
    if ornamental or not (_PLAIN.fullmatch(plain) or _GROUPED.fullmatch(plain)):
        raise JusouError("数値として読めません。", _hint_for(plain, text, unit))
    if sum(char.isdigit() for char in plain) > MAX_DIGITS:
        raise JusouError("桁が多すぎます。", f"{MAX_DIGITS}桁以内で入力してください。")
    value = Decimal(plain.replace(",", ""))
    value = -value if negative else value  # of 0 the minus is dropped
    if value != round_half_up(value, decimals):
        places = f"小数第{decimals}位まで" if decimals else "整数"
        raise JusouError("小数点以下の桁が多すぎます。", f"{places}で入力してください。")
    return round_half_up(value, decimals)


def bare_number(text: str) -> str:
    """Return a number without what may be written or left out; another text as it is.

    ``2,650``, ``２６５０`` and ``2650.0`` are the same number.
    """
    plain = fold(text)
    if not (_PLAIN.fullmatch(plain) or _GROUPED.fullmatch(plain)):
        return text
    whole, _, part = plain.replace(",", "").partition(".")
    return f"{whole.lstrip('0') or '0'}.{part}".rstrip("0").rstrip(".")


def _hint_for(plain: str, text: str, unit: str) -> str:
    if _NIL.fullmatch(plain.lower()):
        return NIL_HINT
    number = _NUMBER_AT_FIRST.match(plain)
    rest = plain[number.end() :].lstrip().removeprefix(fold(unit)).lstrip() if number else ""
    if number and _REMARK.match(rest):
        return f"{number[0]} とだけ入力し、{quote(rest)}は備考に書いてください。"
    figure = plain.lstrip(_MINUS_SIGNS).strip()
    if figure != plain and (_PLAIN.fullmatch(figure) or _GROUPED.fullmatch(figure)):
        return NEGATIVE_HINT
    if "," in plain and plain.replace(",", "").replace(".", "").isdigit():
        return "桁区切りのカンマは3桁ごとに付けるか、付けずに入力してください。"
    own = f"付けてよい単位は「{unit}」だけです。" if unit else ""
    return f"半角または全角の数字だけで入力してください（例: 2650）。{own}"


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """Round half away from zero to ``decimals`` places; never minus zero."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP) + 0


def round_below(value: Decimal, decimals: int, thresholds: Iterable[Decimal]) -> Decimal:
    """Round half up, but never lift a figure onto a threshold it has not reached.

    2,649/2,650 is 99.96…: with 100 among the thresholds it shows as 99.9.
    """
    rounded = round_half_up(value, decimals)
    if any(value < threshold <= rounded for threshold in thresholds):
        return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_FLOOR)
    return rounded


def percentage(part: Decimal, whole: Decimal) -> Decimal:
    """Return part ÷ whole × 100, multiplied first so that exact results stay exact."""
    return part * HUNDRED / whole


def format_number(value: Decimal, decimals: int = 0) -> str:
    """Write a figure with thousands separators and exactly ``decimals`` places: ``△353``."""
    rounded = round_half_up(value, decimals)
    return f"{'△' if rounded < 0 else ''}{abs(rounded):,f}"


def format_difference(value: Decimal, decimals: int = 0) -> str:
    """Write a difference: ``+44``, ``0``, ``△44``."""
    rounded = round_half_up(value, decimals)
    return f"{'+' if rounded > 0 else ''}{format_number(rounded, decimals)}"
