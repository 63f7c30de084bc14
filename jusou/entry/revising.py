"""What is typed to change targets: ``sodan-2 R11=2700 R12=2720 chiiki-1 R11=20``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jusou.errors import JusouError
from jusou.logs.cells import find_indicator, read_year
from jusou.logs.schema import Item
from jusou.plan.model import Plan
from jusou.values.text import fold, quote

_DIGITS = re.compile(r"[0-9.]+")
_EXAMPLE = "sodan-2 R11=2700 のように、指標と、年度=新しい目標 を続けて入力してください。"


def read_targets(plan: Plan, words: Iterable[str]) -> list[dict[str, str]]:
    """Return the cells of a change for each 年度=目標, with the indicator that stands before it.

    Raises JusouError for what is neither, above all for a figure that a shell split at its comma:
    of ``R11=2,700`` PowerShell makes ``R11=2`` and ``700``.
    """
    found: dict[tuple[str, str], dict[str, str]] = {}
    indicator, assigned = "", ""
    for word in words:
        name, mark, value = fold(word).partition("=")
        if not mark and assigned and _DIGITS.fullmatch(name):
            message = f"{quote(assigned)}の後に{quote(word)}があります。"
            hint = (
                "PowerShell は、カンマのところで値を分けます。"
                f'カンマを取るか、"{assigned},{word}" のように引用符で囲んでください。'
            )
            raise JusouError(message, hint)
        if not mark:
            if indicator and not assigned:
                raise JusouError(f"{indicator} の新しい目標がありません。", _EXAMPLE)
            indicator, assigned = find_indicator(plan, word).id, ""
            continue
        if not indicator:
            raise JusouError(f"{quote(word)}の前に、指標がありません。", _EXAMPLE)
        year, assigned = str(read_year(name, calendar=plan.info.start.calendar)), word
        if not value:
            raise JusouError(f"{quote(word)}に、新しい目標がありません。", _EXAMPLE)
        if (indicator, year) in found:
            hint = "どちらか1つにしてください。"
            raise JusouError(f"{indicator} の {year} が2つあります。", hint)
        cells = {"指標": indicator, "項目": Item.TARGET.value, "年度": year, "変更後": value}
        found[indicator, year] = cells
    if not assigned:
        raise JusouError("新しい目標がありません。", _EXAMPLE)
    return [*found.values()]
