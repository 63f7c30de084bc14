"""The next plan from this one: last actuals as baselines, the targets to be filled in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from jusou.errors import UsageError
from jusou.logs.dataset import Dataset
from jusou.logs.schema import Actual, Basis
from jusou.plan.model import Indicator, Loc
from jusou.plan_table.reading import Founding
from jusou.values.fiscal_year import FiscalYear, year_range
from jusou.values.text import fold, quote

_SPAN = re.compile(r"([^~〜-]+)[~〜-]([^~〜-]+)")
# What was said of targets and years that are over.
_OVER = ("published", "acknowledged", "records_from")
_OF_OLD_TARGETS = ("rationale", "acknowledged", "measured", "from", "former_ids")


def read_span(text: str, dataset: Dataset) -> tuple[FiscalYear, FiscalYear]:
    """Return the first and last year of ``R13-R17``. Raises UsageError; it follows this plan."""
    info = dataset.plan.info
    wanted = info.end.following
    hint = f"--next {wanted}-{wanted._replace(number=wanted.number + 4)} のように指定してください。"
    match = _SPAN.fullmatch(fold(text))
    try:
        start, end = (
            FiscalYear.parse(each.strip(), calendar=info.start.calendar)
            for each in (match.groups() if match else ())
        )
    except ValueError:
        raise UsageError(f"--next {quote(text)}は読めません。", hint) from None
    if start != wanted or end < start:
        message = f"--next {quote(text)}は、今の計画（{info.start}〜{info.end}）に続いていません。"
        raise UsageError(message, hint)
    return start, end


def next_plan(root: Mapping[str, Any], dataset: Dataset, span: str) -> Founding:
    """Return the plan of the years after this one's, given what its ``targets.yaml`` holds.

    Names, units and ids stay; reporters and definitions are those of this plan's last year, and
    what has ended by then is left out. Each indicator begins at its last 確定 or 速報. The figures
    of the last year go along, for the first review compares with them. Raises UsageError.
    """
    from jusou.plan.shape import read_plan  # only here: pydantic is slow

    start, end = read_span(span, dataset)
    now = dataset.plan_in(dataset.plan.info.end).indicators
    last = {key: _last_figure(dataset, each) for key, each in now.items() if not each.ended}
    years = Counter(row.year for row in last.values() if row)
    base = years.most_common(1)[0][0] if years else None
    opened: dict[Loc, str] = {("plan", "title"): "計画の名称"}
    head = {key: each for key, each in root["plan"].items() if key not in _OVER}
    head |= {"start": str(start), "end": str(end)}
    head.pop("baseline_year", None)
    if base:
        head["baseline_year"] = str(base)
    new = {**root, "plan": head, "programmes": []}
    targets = dict.fromkeys(map(str, year_range(start, end)))
    for number, programme in enumerate(root["programmes"]):
        indicators: list[Mapping[str, Any]] = []
        for given in programme["indicators"]:
            if given["id"] not in last:
                continue
            indicator, row = now[given["id"]], last[given["id"]]
            kept = {key: each for key, each in given.items() if key not in _OF_OLD_TARGETS}
            held = {"reporter": indicator.reporter, "definition": indicator.definition}
            kept |= {key: each for key, each in held.items() if each}
            loc: Loc = ("programmes", number, "indicators", len(indicators))
            opened[*loc, "targets"] = "目標値"
            if doubt := _doubt(row, base, indicator):
                opened[*loc, "baseline"] = doubt
            indicators.append({**kept, "baseline": _baseline(row, base), "targets": dict(targets)})
        new["programmes"].append({**programme, "indicators": indicators})
    carried = [
        row._replace(path="", line=0)
        for row in last.values()
        if row and row.year in (base, start.previous)
    ]
    return Founding(new, read_plan(new), opened, carried, ())


def _last_figure(dataset: Dataset, indicator: Indicator) -> Actual | None:
    """Return the row with the last 確定 or 速報 of an indicator in the plan's years."""
    found = (dataset.standing(year, indicator).reported for year in reversed(dataset.plan.years))
    return next((row for row in found if row), None)


def _doubt(row: Actual | None, base: FiscalYear | None, indicator: Indicator) -> str:
    """Return what has to be looked at of a new baseline; empty where nothing has."""
    if row and any(row.year < each for each in indicator.redefined):
        return "参考値（集計方法を変える前の数値）"
    if row and row.basis is Basis.PRELIMINARY:
        return "参考値（速報の数値）"
    return "" if row and row.year == base else "参考値"


def _baseline(row: Actual | None, base: FiscalYear | None) -> Any:
    if row is None or row.value is None:
        return None
    value = f"{row.value:f}"
    return value if row.year == base else {"value": value, "year": str(row.year)}
