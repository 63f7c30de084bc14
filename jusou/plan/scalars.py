"""How the scalars of ``targets.yaml`` are read: exactly, from the characters that were typed."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from jusou.values.fiscal_year import FiscalYear
from jusou.values.numbers import MAX_DIGITS

MAX_DECIMALS = 6
_NUMBER = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")


def wrong(message: str, hint: str = "") -> PydanticCustomError:
    """Return a validation error that carries our own words; ``hint`` says how to mend it."""
    return PydanticCustomError("jusou", "{message}", {"message": message, "hint": hint})


def read_decimal(value: Any) -> Decimal:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        if sum(char.isdigit() for char in value) <= MAX_DIGITS:
            return Decimal(value)
        raise wrong("桁が多すぎます。", f"{MAX_DIGITS}桁以内で書いてください。")
    raise wrong("数値として読めません。", _number_hint(value))


def _number_hint(value: Any) -> str:
    text = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""
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
    number = read_decimal(value)
    if number != number.to_integral_value():
        raise wrong("整数ではありません。", "整数で書いてください。")
    return int(number)


def _read_flag(value: Any) -> bool:
    if value in ("true", "false"):
        return bool(value == "true")
    raise wrong(" true でも false でもありません。", "true か false と書いてください。")


def is_percentage(measure: Any, unit: Any) -> bool:
    """Tell whether figures are a rate in ％, which cannot exceed 100."""
    percent = isinstance(unit, str) and unicodedata.normalize("NFKC", unit).strip() == "%"
    return bool(measure == "rate") and percent


def read_plan_year(value: Any) -> FiscalYear:
    if isinstance(value, str) and re.fullmatch(r"R[1-9][0-9]?", value):
        return FiscalYear.parse(value)
    raise wrong("年度として読めません。", "R9 のように書いてください。")


_NUMBER_SCHEMA = {"type": "number", "minimum": 0}
Number = Annotated[Decimal, BeforeValidator(read_decimal), WithJsonSchema(_NUMBER_SCHEMA)]
Integer = Annotated[
    int, BeforeValidator(read_integer), WithJsonSchema({"type": "integer", "minimum": 0})
]
Flag = Annotated[bool, BeforeValidator(_read_flag), WithJsonSchema({"type": "boolean"})]
Year = Annotated[
    FiscalYear,
    BeforeValidator(read_plan_year),
    WithJsonSchema({"type": "string", "pattern": "^R[1-9][0-9]?$"}),
]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(-[a-z0-9_]+)*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
OptionalText = Annotated[
    Text | None,
    BeforeValidator(lambda value: None if value == "" else value),
    WithJsonSchema({"type": ["string", "null"]}),
]
"""A text that may be left empty until somebody writes it."""
