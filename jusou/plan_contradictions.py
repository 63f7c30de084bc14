"""What contradicts itself across parts of a plan, found in the raw data before validation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic_core import PydanticCustomError

from jusou.fiscal_year import year_range
from jusou.plan_values import read_plan_year

Loc = tuple[str | int, ...]


def contradictions(raw: Any) -> Iterator[tuple[Loc, str, str]]:
    """Yield what contradicts itself across parts of an unvalidated plan: place, message, hint.

    Works on raw data, so that these are found together with the mistakes inside the parts.
    """
    yield from _repeated_ids(raw)
    info = raw.get("plan") if isinstance(raw, dict) else None
    try:
        years = year_range(read_plan_year(info["start"]), read_plan_year(info["end"]))  # type: ignore[index]
    except (PydanticCustomError, TypeError, KeyError):
        return
    expected = [str(year) for year in years]
    for place, indicator in _raw_entries(raw, "indicators"):
        targets = indicator.get("targets")
        if not isinstance(targets, dict):
            continue
        if missing := [year for year in expected if year not in targets]:
            hint = "目標がない年度は null と書いてください。"
            yield (*place, "targets"), f"{'、'.join(missing)} の目標値がありません。", hint
        for year in targets:
            if re.fullmatch(r"R[1-9][0-9]?", year) and year not in expected:
                span = f"{expected[0]}から{expected[-1]}まで"
                yield (*place, "targets", year), f"{year} は計画期間（{span}）の外です。", ""


def _repeated_ids(raw: Any) -> Iterator[tuple[Loc, str, str]]:
    seen: Counter[str] = Counter()
    for kind in ("", "indicators", "initiatives"):
        for place, entry in _raw_entries(raw, kind):
            identifier = entry.get("id")
            if isinstance(identifier, str):
                seen[identifier] += 1
                if seen[identifier] > 1:
                    message = f"id「{identifier}」が重複しています。"
                    yield (*place, "id"), message, "id は計画全体で1つずつにしてください。"


def _raw_entries(raw: Any, kind: str) -> Iterator[tuple[Loc, dict[str, Any]]]:
    """Yield the programmes (``kind`` empty), or their indicators or initiatives, with places."""
    programmes = raw.get("programmes") if isinstance(raw, dict) else None
    for number, programme in enumerate(programmes if isinstance(programmes, list) else ()):
        if not isinstance(programme, dict):
            continue
        if not kind:
            yield ("programmes", number), programme
            continue
        entries = programme.get(kind)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict):
                yield ("programmes", number, kind, index), entry
