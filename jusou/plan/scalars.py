"""How the scalars of ``targets.yaml`` are read: exactly, from the characters that were typed.

A reader takes what stands in the file, which may be anything, and returns its value. It raises
JusouError with what it found and how to mend it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

from jusou.errors import JusouError
from jusou.plan.model import WHOLE_PLAN
from jusou.values.fiscal_year import FiscalYear
from jusou.values.numbers import MAX_DIGITS
from jusou.values.text import fold, quote

EMPTY = "空欄"
PERS = (1, 100, 1_000, 10_000, 100_000)
_DEVICE = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")  # no file can be named so there
YEAR_PATTERN = r"^((R|H|令和|平成)([1-9][0-9]?|元)|(FY)?(1989|199[0-9]|20[0-9]{2}))(年度|年)?$"
"""How a plan writes its years, since 平成元年度."""
DIGITS = r"(0|[1-9][0-9]*)(\.[0-9]+)?"
_OTHERS = {
    "attainment": "全体のグラフの名前",
    "all": "「すべて」を表すことば",
    WHOLE_PLAN: "計画全体を表すことば",
}
_NUMBER = re.compile(DIGITS)
_WITH_UNIT = r"([0-9]+(?:\.[0-9]+)?)\D{0,4}?"
_BOUND = re.compile(rf"{_WITH_UNIT}(以上|超|以下|未満)")
_SPAN = re.compile(rf"{_WITH_UNIT}[~〜-]{_WITH_UNIT}")
_SIDES = {"以上": "up", "超": "up", "以下": "down", "未満": "down"}


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


def read_signed(value: Any) -> Decimal:
    """Read a number that may lie below 0: ``-353``, ``△353``. Whether it may is another rule."""
    if isinstance(value, str) and (match := re.fullmatch(r"[-△▲−](.+)", value)):
        return -read_decimal(match[1])
    return read_decimal(value)


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


def read_target(value: Any) -> Decimal:
    """Read a target: a number, though plans often print words around it."""
    try:
        return read_signed(value)
    except JusouError as error:
        raise JusouError(error.message, _target_hint(value) or error.hint) from None


def _target_hint(value: Any) -> str:
    text = fold(value).replace(",", "") if isinstance(value, str) else ""
    if bound := _BOUND.fullmatch(text):
        return f"{bound[1]} とだけ書き、direction を {_SIDES[bound[2]]} にしてください。"
    if span := _SPAN.fullmatch(text):
        low, high = map(Decimal, span.groups())
        middle, half = ((each / 2).normalize() for each in (low + high, high - low))
        return (
            "幅のある目標は、direction を keep にし、中央の値と幅で書いてください"
            f"（目標 {middle:f}、tolerance: {half:f}）。"
        )
    if re.fullmatch(r"[^\W_]{2,}", text) and not any(map(str.isnumeric, text)):
        return "数値で表せない目標は、取組（initiatives）に書いてください。"
    return ""


def read_integer(value: Any) -> int:
    """Read a whole number of at least 0: ``3``, but not ``3.0``, which people may mean apart."""
    number = read_decimal(value)
    if "." in value:
        whole = number == number.to_integral_value()
        hint = f"{number:.0f} と書いてください。" if whole else "整数で書いてください。"
        raise JusouError(f"{describe(value)}は整数ではありません。", hint)
    return int(number)


def read_number(value: Any) -> int | str:
    """Read the number of a programme: a whole number, or a text: ``1-2``, 基本目標1."""
    if isinstance(value, str) and value.strip() and not re.fullmatch(r"[\d,]+", fold(value)):
        return value.strip()
    return read_integer(value)


def read_per(value: Any) -> int:
    """Read how many a rate is counted per: 1, 100, 1000, 10000 or 100000."""
    per = read_integer(value)
    if per not in PERS:
        hint = f"{'、'.join(map(str, PERS))} のどれかを書いてください。"
        raise JusouError(f"{describe(value)}は使えません。", hint)
    return per


def read_id(value: Any) -> Any:
    """Refuse an id that names something else as well: a device of Windows, a file, a year, 全部.

    Plans from before years of 平成 could be typed have ids like ``h1``: where a year and a subject
    may stand, the subject comes first.
    """
    if isinstance(value, str):
        other = "Windows が使う名前" if _DEVICE.fullmatch(value) else _OTHERS.get(value, "")
        with suppress(ValueError):
            if not value.startswith("h"):
                other = f"年度（{FiscalYear.parse(value)}）"
        if other:
            hint = f"{value}-1 のように、ほかの名前にしてください。"
            raise JusouError(f"{quote(value)}は、{other}と同じになるため使えません。", hint)
    return value


def read_published(value: Any) -> Any:
    """Refuse a month or day that does not exist in what is written like a date."""
    if isinstance(value, str) and (match := re.fullmatch(r"(\d{4}-\d{2})(-\d{2})?", value)):
        try:
            date.fromisoformat(f"{match[1]}{match[2] or '-01'}")
        except ValueError:
            message = f"{quote(value)}という月や日はありません。"
            raise JusouError(message, "2026-03 か 2026-03-31 の形で書いてください。") from None
    return value


def read_flag(value: Any) -> bool:
    """Read ``true`` or ``false``."""
    if value not in ("true", "false"):
        message = f"{describe(value)}は true でも false でもありません。"
        raise JusouError(message, "true か false と書いてください。")
    return bool(value == "true")


def read_plan_year(value: Any) -> FiscalYear:
    """Read a year in plain half-width letters: ``R9``, ``H30``, ``2019``, ``平成31年度``."""
    if isinstance(value, str) and re.fullmatch(YEAR_PATTERN, value):
        return FiscalYear.parse(value)
    hint = "R9 のように書いてください。"
    with suppress(ValueError):
        hint = f"{FiscalYear.parse(str(value))} と書いてください。"
    raise JusouError(f"{describe(value)}は年度として読めません。", hint)


def check_years_once(years: Iterable[str]) -> None:
    """Refuse a year that is named twice, in two spellings that can be read."""
    seen: dict[FiscalYear, str] = {}
    for text in years:
        first = seen.setdefault(read_plan_year(text), text)
        if first is not text:
            message = f"{first} と {text} は同じ年度です。"
            raise JusouError(message, "どちらか1つだけを残してください。")
