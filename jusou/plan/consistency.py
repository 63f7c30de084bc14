"""What contradicts itself across the parts of a plan, found in the raw data before validation.

Works on raw data, so that these are found together with the mistakes inside the parts. A part
that cannot be read is passed over: pydantic says so itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, TypeVar

from pydantic_core import PydanticCustomError

from jusou.plan.scalars import (
    MAX_DECIMALS,
    is_percentage,
    read_decimal,
    read_integer,
    read_plan_year,
)
from jusou.values.fiscal_year import FiscalYear, year_range
from jusou.values.numbers import MAX_DIGITS, round_half_up
from jusou.values.text import normalise_key, quote

Loc = tuple[str | int, ...]
Finding = tuple[Loc, str, str]
_T = TypeVar("_T")


def contradictions(raw: Any) -> Iterator[Finding]:
    """Yield what contradicts itself in an unvalidated plan: place, message, hint."""
    if not isinstance(raw, dict):
        return
    yield from _repeated_ids(raw)
    yield from _repeated_numbers(raw)
    yield from _scale(raw)
    yield from _trigger(_mapping(raw.get("review_trigger")))
    info = _mapping(raw.get("plan"))
    start, end = (_known(read_plan_year, info.get(name)) for name in ("start", "end"))
    if start and end:
        yield from _plan_years(info, start, end)
    for place, indicator in _entries(raw, "indicators"):
        yield from _figures(place, indicator)
        yield from _tolerance(place, indicator)
        if start and end and start <= end:
            yield from _target_years(place, indicator, year_range(start, end))


def _known(read: Callable[[Any], _T], value: Any) -> _T | None:
    try:
        return read(value)
    except PydanticCustomError:
        return None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _entries(raw: Mapping[str, Any], kind: str) -> Iterator[tuple[Loc, dict[str, Any]]]:
    """Yield the programmes (``kind`` empty), or their indicators or initiatives, with places."""
    for number, programme in enumerate(_list(raw.get("programmes"))):
        if not isinstance(programme, dict):
            continue
        if not kind:
            yield ("programmes", number), programme
            continue
        for index, entry in enumerate(_list(programme.get(kind))):
            if isinstance(entry, dict):
                yield ("programmes", number, kind, index), entry


def _repeated(
    found: Iterable[tuple[Loc, Any]], hint: str, spelling: Callable[[str], str] = str.strip
) -> Iterator[Finding]:
    """Yield a finding for each text that stood before."""
    seen: set[str] = set()
    for loc, text in found:
        if not isinstance(text, str):
            continue
        if (key := spelling(text)) in seen:
            yield loc, f"{loc[-1]}: {quote(text)}が重複しています。", hint
        seen.add(key)


def _repeated_ids(raw: Mapping[str, Any]) -> Iterator[Finding]:
    kinds = ("", "indicators", "initiatives")
    ids = (((*loc, "id"), entry.get("id")) for kind in kinds for loc, entry in _entries(raw, kind))
    yield from _repeated(ids, "id は計画全体で1つずつ変えてください。")


def _repeated_numbers(raw: Mapping[str, Any]) -> Iterator[Finding]:
    """Whatever people may type to name a subject must name one: numbers, labels and marks."""
    numbers = (((*loc, "number"), entry.get("number")) for loc, entry in _entries(raw, ""))
    yield from _repeated(numbers, "事業の番号は1つずつ変えてください。")
    for place, programme in _entries(raw, ""):
        labels = (
            ((*place, kind, index, name), _mapping(entry).get(name))
            for kind, name in (("indicators", "label"), ("initiatives", "mark"))
            for index, entry in enumerate(_list(programme.get(kind)))
        )
        hint = "番号や記号は、事業の中で1つずつ変えてください。"
        yield from _repeated(labels, hint, normalise_key)


def _scale(raw: Mapping[str, Any]) -> Iterator[Finding]:
    place = ("rating", "scale")
    scale = [_mapping(grade) for grade in _list(_mapping(raw.get("rating")).get("scale"))]
    marks = (((*place, index, "mark"), grade.get("mark")) for index, grade in enumerate(scale))
    yield from _repeated(marks, "達成度の記号は1つずつ変えてください。")
    cuts = [_known(read_decimal, grade.get("at_least")) for grade in scale]
    for index, (above, cut) in enumerate(pairwise(cuts), 1):
        if above is not None and cut is not None and cut >= above:
            message = f"at_least: 「{cut}」が、1つ上の「{above}」より小さくありません。"
            hint = "達成度は、at_least の大きい順に並べてください。"
            yield (*place, index, "at_least"), message, hint
    if cuts and cuts[-1]:
        message = f"at_least: いちばん下の達成度が「{cuts[-1]}」になっています。"
        yield (*place, len(cuts) - 1, "at_least"), message, "いちばん下は 0 にしてください。"


def _trigger(trigger: Mapping[str, Any]) -> Iterator[Finding]:
    low, high = (_known(read_decimal, trigger.get(name)) for name in ("low", "high"))
    if low is not None and high is not None and low >= high:
        message = f"low: 「{low}」が、high の「{high}」より小さくありません。"
        yield ("review_trigger", "low"), message, "low は high より小さくしてください。"


def _plan_years(info: Mapping[str, Any], start: FiscalYear, end: FiscalYear) -> Iterator[Finding]:
    if end < start:
        message = f"end: 最後の年度 {end} が、最初の年度 {start} より前です。"
        yield ("plan", "end"), message, "start と end を確かめてください。"
    baseline_year = _known(read_plan_year, info.get("baseline_year"))
    if baseline_year and baseline_year >= start:
        message = f"baseline_year: {baseline_year} が、最初の年度 {start} より前ではありません。"
        yield ("plan", "baseline_year"), message, "計画が始まる前の年度を書いてください。"


def _figures(place: Loc, indicator: Mapping[str, Any]) -> Iterator[Finding]:
    """The figures of an indicator fit its decimals, and the hundred of a percentage."""
    decimals = _known(read_integer, indicator.get("decimals", "0"))
    if decimals is None or decimals > MAX_DECIMALS:
        decimals = MAX_DIGITS  # pydantic refuses it; every figure fits
    percentage = is_percentage(indicator.get("measure"), indicator.get("unit"))
    targets = _mapping(indicator.get("targets"))
    places: list[Loc] = [("baseline",), *(("targets", year) for year in targets)]
    for loc, text in zip(places, [indicator.get("baseline"), *targets.values()], strict=True):
        value = _known(read_decimal, text)
        if value is None:
            continue
        if value != round_half_up(value, decimals):
            message = f"{loc[-1]}: {quote(text)}は小数点以下の桁が多すぎます。"
            hint = f"decimals（今は {decimals}）を増やすか、数値を確かめてください。"
            yield (*place, *loc), message, hint
        if percentage and value > 100:
            message = f"{loc[-1]}: {quote(text)}が 100％ を超えています。"
            yield (*place, *loc), message, "率を確かめてください。"


def _tolerance(place: Loc, indicator: Mapping[str, Any]) -> Iterator[Finding]:
    tolerance = _known(read_decimal, indicator.get("tolerance"))
    if tolerance and indicator.get("direction") in ("up", "down"):
        message = f"tolerance: 「{tolerance}」は direction: keep のときだけ書けます。"
        hint = "tolerance の行を取るか、direction を確かめてください。"
        yield (*place, "tolerance"), message, hint


def _target_years(
    place: Loc, indicator: Mapping[str, Any], years: tuple[FiscalYear, ...]
) -> Iterator[Finding]:
    targets = indicator.get("targets")
    if not isinstance(targets, dict):
        return
    expected = [str(year) for year in years]
    if missing := [year for year in expected if year not in targets]:
        hint = "目標がない年度は null と書いてください。"
        yield (*place, "targets"), f"targets: {'、'.join(missing)} の目標値がありません。", hint
    for year in targets:
        if re.fullmatch(r"R[1-9][0-9]?", year) and year not in expected:
            hint = f"計画期間は {expected[0]} から {expected[-1]} までです。"
            yield (*place, "targets", year), f"targets: {year} は計画期間の外です。", hint
