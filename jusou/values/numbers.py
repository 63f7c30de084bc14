"""Exact figures: the one place where numbers are read, rounded and written out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

MAX_DIGITS = 15
HUNDRED = Decimal(100)
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")
_DIGITS = frozenset("0123456789０１２３４５６７８９")
NIL_HINT = "無い場合は 0、分からない場合は空欄にしてください。"
_NIL = frozenset((*"-—―‐–ー－−─", "なし", "無し", "無"))


class NumberError(ValueError):
    """A text is not a number as the logs write them.

    ``reason`` follows the text in a sentence; ``hint`` says how to mend it.
    """

    def __init__(self, hint: str, reason: str = "数値として読めません。") -> None:
        super().__init__(hint)
        self.hint, self.reason = hint, reason


def parse_number(text: str, decimals: int = 0, unit: str = "") -> Decimal:
    """Read a non-negative number: ``2650``, ``2,650``, ``２，６５０件`` (with its own unit).

    At most ``decimals`` decimal places (trailing zeros are free) and 15 digits.
    Raises NumberError for anything else: nothing is guessed.
    """
    if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS:
        return Decimal(text)
    plain = _strip_unit(unicodedata.normalize("NFKC", text).strip(), unit)
    ornamental = not text.isascii() and any(
        char.isnumeric() and char not in _DIGITS and char not in unit for char in text
    )
    if ornamental or not (_PLAIN.fullmatch(plain) or _GROUPED.fullmatch(plain)):
        raise NumberError(_hint_for(plain, text, unit))
    if sum(char.isdigit() for char in plain) > MAX_DIGITS:
        raise NumberError(f"{MAX_DIGITS}桁以内で入力してください。", "桁が多すぎます。")
    value = Decimal(plain.replace(",", ""))
    if value != round_half_up(value, decimals):
        places = f"小数第{decimals}位まで" if decimals else "整数"
        raise NumberError(f"{places}で入力してください。", "小数点以下の桁が多すぎます。")
    return round_half_up(value, decimals)


def _strip_unit(plain: str, unit: str) -> str:
    own = unicodedata.normalize("NFKC", unit)
    return plain.removesuffix(own).rstrip() if own else plain


def _hint_for(plain: str, text: str, unit: str) -> str:
    if text.strip() in _NIL:
        return NIL_HINT
    if plain[:1] in ("△", "▲", "-", "−") and _PLAIN.fullmatch(plain[1:].strip()):
        return "負の数は入力できません。0以上の数を入力してください。"
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
        return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_DOWN)
    return rounded


def percentage(part: Decimal, whole: Decimal) -> Decimal:
    """Return part ÷ whole × 100, multiplied first so that exact results stay exact."""
    return part * HUNDRED / whole


def format_number(value: Decimal, decimals: int = 0) -> str:
    """Write a figure with thousands separators and exactly ``decimals`` places."""
    return f"{round_half_up(value, decimals):,f}"


def format_difference(value: Decimal, decimals: int = 0) -> str:
    """Write a difference: ``+44``, ``0``, ``△44``."""
    rounded = round_half_up(value, decimals)
    sign = "△" if rounded < 0 else "+" if rounded > 0 else ""
    return f"{sign}{abs(rounded):,f}"
