"""How the scalars of ``targets.yaml`` are read: exactly, from the characters that were typed.

A reader takes what stands in the file, which may be anything, and returns its value. It raises
JusouError with what it found and how to mend it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from jusou.errors import JusouError
from jusou.values.fiscal_year import FiscalYear
from jusou.values.numbers import MAX_DIGITS
from jusou.values.text import fold, quote

EMPTY = "空欄"
_NUMBER = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")


def describe(value: Any) -> str:
    """Return what stands in the file, as a sentence about it begins."""
    if value in (None, "", [], {}):
        return EMPTY
    if isinstance(value, dict):
        return "「項目名: 値」の並び"
    return "一覧（「- 」の並び）" if isinstance(value, list) else quote(str(value))


def read_decimal(value: Any) -> Decimal:
    """Read a number of at least 0: ``2650``, ``92.50``."""
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise JusouError(f"{describe(value)}は数値として読めません。", _number_hint(value))
    if sum(char.isdigit() for char in value) > MAX_DIGITS:
        hint = f"{MAX_DIGITS}桁以内で書いてください。"
        raise JusouError(f"{describe(value)}は桁が多すぎます。", hint)
    return Decimal(value)


def _number_hint(value: Any) -> str:
    text = fold(value) if isinstance(value, str) else ""
    bare = text.replace(",", "")
    if text in ("-", "—", "―", ""):
        return "数値がない場合は null と書いてください。"
    if "," in text and _NUMBER.fullmatch(bare):
        return f"桁区切りのカンマを取り、{bare} と書いてください。"
    if re.fullmatch(r"0[0-9]+(\.[0-9]+)?", text):
        return f"先頭の 0 を取り、{text.lstrip('0') or '0'} と書いてください。"
    if _NUMBER.fullmatch(text):
        return f"半角で {text} と書いてください。"
    return "0以上の数を半角の数字だけで書いてください（例: 2650、92.5）。"


def read_integer(value: Any) -> int:
    """Read a whole number of at least 0: ``3``, ``3.0``."""
    number = read_decimal(value)
    if number != number.to_integral_value():
        raise JusouError(f"{describe(value)}は整数ではありません。", "整数で書いてください。")
    return int(number)


def read_flag(value: Any) -> bool:
    """Read ``true`` or ``false``."""
    if value not in ("true", "false"):
        message = f"{describe(value)}は true でも false でもありません。"
        raise JusouError(message, "true か false と書いてください。")
    return bool(value == "true")


def read_plan_year(value: Any) -> FiscalYear:
    """Read a year, written only as ``R9``."""
    if not isinstance(value, str) or not re.fullmatch(r"R[1-9][0-9]?", value):
        message = f"{describe(value)}は年度として読めません。"
        raise JusouError(message, "R9 のように書いてください。")
    return FiscalYear.parse(value)
