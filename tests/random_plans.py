"""Random plans with all that may be typed of them, what is recorded of them and decided since.

They are what ``model`` takes; ``workspace_of`` writes one as a city would.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from tests import model
from tests.support import ACTUALS_HEADER, REVISIONS_HEADER, write_log

START = 8
SCALES = (
    [("A", "100"), ("B", "80"), ("C", "50"), ("D", "0")],
    [("◎", "110"), ("○", "99.5"), ("△", "0")],
    [("済", "75"), ("未", "0")],
)
TRIGGERS = (
    None,
    {"low": Fraction(90), "high": Fraction(110), "years": 2},
    {"low": Fraction("80.5"), "high": Fraction(120), "years": 1},
    {"low": Fraction("99.9"), "high": Fraction(100), "years": 3},
)
UNITS = {"flow": "件", "stock": "m2", "cumulative": "", "unconfirmed": "人"}
RATES = (("％", None), ("％", 100), ("‰", None), ("", 1), ("人口10万対", 100_000), ("倍", None))
BASELINE_YEARS = (None, None, {"year": -6}, {"year": 7}, {"years": [-6, 0]}, {"years": [5, 6, 7]})
PLANS_TEXTS = {"period": ("fiscal", "calendar"), "between": ("none", "next", "linear"),
               "attainment": ("ratio", "progress")}  # fmt: skip
BASES = (*5 * ("確定",), *2 * ("見込", "中間"), "速報", "未確定", "該当なし", "測定不能", "取消")
INTERIM_DAYS = ((4, 30), (6, 30), (9, 30), (10, 15), (12, 31), (2, 29))


def one_in(draw: st.DrawFn, times: int) -> bool:
    return draw(st.integers(1, times)) == 1


# -------------------------------------------------------------------------------- what is planned


@st.composite
def plans(draw: st.DrawFn) -> model.Given:
    """A plan with all that may be typed of it, and what is recorded of it and decided since."""
    end = draw(st.integers(START, START + 3))
    plan: model.Given = {
        "start": START,
        "end": end,
        "baseline_year": draw(st.sampled_from([6, 6, 5, None])),
        "records_from": draw(st.sampled_from([None, None, 3])),
        "scale": [(mark, Fraction(cut)) for mark, cut in draw(st.sampled_from(SCALES))],
        "trigger": draw(st.sampled_from(TRIGGERS)),
        "numbers": draw(st.sampled_from([(1, 2), ("1-2", 3), ("基本目標1", "基本目標2")])),
        **{key: draw(st.sampled_from(texts)) for key, texts in PLANS_TEXTS.items()},
    }
    count, in_first = draw(st.integers(3, 10)), draw(st.integers(1, 10))
    plan["indicators"] = [
        draw(indicators(plan, number, "pq"[number >= in_first])) for number in range(count)
    ]
    for each in plan["indicators"]:
        figure = figures(plan, each)
        for year in model.log_years(plan)[-5:]:
            each["rows"][year] = draw(recorded(plan, each, year, figure))
        for order in range(draw(st.sampled_from([0, 0, 1, 3, 6]))):
            _revise(draw, plan, each, order, figure)
    return plan


def figures(plan: model.Given, typed: model.Given) -> st.SearchStrategy[Fraction]:
    """Figures of about the same size, so that each comparison comes out."""
    found = model.resolved(plan, {**typed, "baseline": None})
    step, size = 10 ** typed["decimals"], typed["size"]
    most = size if found["maximum"] is None else min(size, found["maximum"])
    lowest = -size * step if found["signed"] else 0
    return st.integers(lowest, int(most * step)).map(lambda it: Fraction(it, step))


@st.composite
def indicators(draw: st.DrawFn, plan: model.Given, number: int, programme: str) -> model.Given:
    """An indicator as it is typed: what it leaves out is not in it."""
    measure = draw(st.sampled_from([*UNITS, "rate"]))
    unit, per = draw(st.sampled_from(RATES)) if measure == "rate" else (UNITS[measure], None)
    direction = draw(st.sampled_from(["up", "up", "up", "down", "down", "keep", "none"]))
    mark = draw(st.sampled_from(["①②③④⑤⑥⑦⑧⑨⑩"[number], str(number + 1)]))
    found: model.Given = {
        "id": f"i{number}", "label": mark, "unit": unit, "measure": measure,
        "direction": direction, "decimals": draw(st.integers(0, 2)), "rows": {}, "revisions": [],
        "size": draw(st.sampled_from([3, 12, 40, 99, 400])), "former": f"old-{number}",
        "programme": programme,
    }  # fmt: skip
    title = plan["numbers"]["pq".index(programme)]
    joint = "-" if isinstance(title, str) and mark.isascii() else ""
    found["full_label"] = f"{f'({title})' if isinstance(title, int) else title}{joint}{mark}"
    may = {
        "maximum": st.sampled_from([None, Fraction(500)]),
        "signed": st.just(True),
        "between": st.sampled_from(PLANS_TEXTS["between"]),
        "attainment": st.sampled_from(["ratio", "progress"][: 1 + (direction != "keep")]),
        "from": st.integers(START, plan["end"]),
        "kind": st.sampled_from(["output", "outcome"]),
        "source": st.just("県の統計"),
        "reporter": st.sampled_from(["総務課", "福祉課"]),
        "definition": st.just("年度末の数"),
    }  # fmt: skip
    found |= {key: draw(strategy) for key, strategy in may.items() if one_in(draw, 4)}
    if per:
        found["per"] = per
    if direction == "keep":
        found.pop("signed", None)
    if found.get("signed"):
        found.pop("attainment", None)
    if one_in(draw, 4):
        years = st.integers(found.get("from", START), plan["end"] + 3)
        found["measured"] = sorted(draw(st.sets(years, min_size=1, max_size=2)))
    some = st.none() | figures(plan, found) | figures(plan, found) | figures(plan, found)
    if direction == "keep":
        found["tolerance"] = Fraction(draw(st.integers(0, 10)))
    value, when = draw(some), draw(st.sampled_from(BASELINE_YEARS))
    found["baseline"] = value if value is None or when is None else {"value": value, **when}
    aimed = [*range(START, plan["end"] + 1), START - 1, plan["end"] + 2]
    if draw(st.booleans()):
        aimed = draw(st.lists(st.sampled_from(aimed), max_size=3, unique=True))
    found["targets"] = {year: draw(some) for year in aimed}
    return found


# ------------------------------------------------------------------------------- what is recorded


@st.composite
def recorded(
    draw: st.DrawFn, plan: model.Given, typed: model.Given, year: int, figure: Any
) -> list[model.Given]:
    """The rows of one year in the order of the file; a later one replaces what stands."""
    likely = ["確定"] * 5 + [
        "速報",
        "見込",
        "見込",
        "中間",
        "中間",
        "未確定",
        "該当なし",
        "測定不能",
    ]
    bases = draw(st.lists(st.sampled_from([*likely, "取消"]), max_size=4))
    if not bases and not one_in(draw, 3):
        bases = ["確定"]
    rows = []
    for basis in bases:
        row: model.Given = {"basis": basis, "value": None, "parts": None, "day": None}
        if basis in ("確定", "速報", "見込", "中間"):
            row["value"] = draw(figure)
            if not one_in(draw, 3):
                row |= draw(parts(plan, typed))
        if basis == "中間":
            month, day = draw(st.sampled_from(INTERIM_DAYS))
            row["day"] = day_in(model.Year(plan, year), month, day)
        elif basis == "確定" and one_in(draw, 5):
            row["day"] = model.Year(plan, year).last_day
        rows.append(row)
    return rows


def day_in(year: model.Year, month: int, day: int) -> date:
    western = 2018 + year.number + (month < year.first_day.month)
    is_leap = western % 4 == 0
    return date(western, month, day if (month, day) != (2, 29) or is_leap else 28)


@st.composite
def parts(draw: st.DrawFn, plan: model.Given, typed: model.Given) -> model.Given:
    """A part and a whole with the rate that they make; nothing where such are not recorded."""
    found = model.resolved(plan, typed)
    if found["per"] is None:
        return {}
    whole = draw(st.integers(1, 200)) * draw(st.sampled_from([1, max(1, found["per"] // 100)]))
    highest = whole if found["maximum"] is None else whole * found["maximum"] / found["per"]
    part = draw(st.integers(0, int(highest)))
    exact = Fraction(part * found["per"], whole)
    return {"parts": (part, whole), "value": model.half_up(exact, found["decimals"])}


# -------------------------------------------------------------------------------- what is decided

ITEMS = ("目標値", "目標値", "目標値", "参考値", "終了", "追加", "定義", "所管課", "公表日",
         "取消（誤入力）")  # fmt: skip


def _revise(
    draw: st.DrawFn, plan: model.Given, typed: model.Given, order: int, figure: Any
) -> None:
    """Append a change that fits what stands; none where it cannot be made."""
    item, stands = draw(st.sampled_from(ITEMS)), model.changes(typed)
    by = "会議" if item in ("参考値", "定義") else f"会議{order}"  # those are often one decision
    change: model.Given = {"item": item, "by": by}
    change |= dict.fromkeys(("before", "after", "year"))
    if item in model.NAMES_ANOTHER_ROW:
        last = {_thing(each): each for each in stands}  # of each thing changed
        if stands:
            named = draw(st.sampled_from(list(last.values())))
            published = {"before": None, "after": date(2035, 1, 1)} if item == "公表日" else {}
            typed["revisions"].append({**named, "item": item, **published})
        return
    if item == "追加":
        change["year"] = typed.get("from")
    elif item != "参考値":
        own = list(typed["targets"]) if item == "目標値" else []
        change["year"] = draw(st.sampled_from([*range(START, plan["end"] + 1), *own]))
    earlier = [each for each in stands if _thing(each) == _thing(change)]
    year = change["year"]
    latest = model.Year(plan, plan["end"] if year is None else year).last_day
    if item == "追加":
        latest = date(2030, 1, 1)
    first = max([date(2026, 1, 5), *(each["day"] for each in earlier)])
    too_early = item in ("定義", "所管課") and earlier and change["year"] < earlier[-1]["year"]
    ends = [each["year"] for each in stands if each["item"] == "終了"]
    if item == "目標値" and ends and change["year"] >= ends[0]:
        return
    once = item in ("終了", "追加") and earlier
    if first > latest or too_early or once or (item == "追加" and not change["year"]):
        return
    if item in ("目標値", "参考値"):
        given = model.resolved(plan, typed)
        stood = typed["targets"].get(change["year"]) if item == "目標値" else given["baseline"]
        change["before"] = earlier[-1]["after"] if earlier else stood
        change["after"] = draw(figure)
    elif item in ("定義", "所管課"):
        key = "definition" if item == "定義" else "reporter"
        change["before"] = earlier[-1]["after"] if earlier else typed.get(key)
        change["after"] = f"新しい{item}{order}"
    days = [each["day"] for each in stands if first <= each["day"] <= latest]
    days.append(first + timedelta(draw(st.integers(0, (latest - first).days))))
    change["day"] = draw(st.sampled_from(days))
    typed["revisions"].append(change)


def _thing(change: model.Given) -> tuple[Any, ...]:
    return (change["item"], change["year"] if change["item"] == "目標値" else None)


# ------------------------------------------------------------------------------------ on the disk


def text(value: Any, decimals: int = 0) -> str:
    """Write what stands in a cell."""
    if isinstance(value, Fraction):
        return f"{Decimal(value.numerator) / value.denominator:.{decimals}f}"
    return "" if value is None else str(value)


def workspace_of(folder: Path, plan: model.Given) -> Path:
    """Write a plan and its logs as a city would."""
    data = folder / "data"
    data.mkdir(parents=True)
    typed = yaml.safe_dump(_typed_plan(plan), allow_unicode=True, sort_keys=False)
    (data / "targets.yaml").write_text(typed, encoding="utf-8")
    for year in model.log_years(plan)[-5:]:
        name = model.name_of(year)
        rows = [
            ",".join(cell)
            for each in plan["indicators"]
            for cell in _actual_cells(each, name, each["rows"][year])
        ]
        write_log(data / "actuals" / f"{name}.csv", ACTUALS_HEADER, rows)
    changes = [
        ",".join(
            ("t", each["id"], it["item"], "" if it["year"] is None else model.name_of(it["year"]),
             text(it["before"], each["decimals"]), text(it["after"], each["decimals"]), "理由",
             it["by"], str(it["day"]), "", "", "人")
        )
        for each in plan["indicators"]
        for it in each["revisions"]
    ]  # fmt: skip
    write_log(data / "revisions.csv", REVISIONS_HEADER, changes)
    return folder


def _actual_cells(each: model.Given, year: str, rows: list[model.Given]) -> Iterator[list[str]]:
    for order, row in enumerate(rows):
        part, whole = row["parts"] or ("", "")
        key = each["former" if order % 3 == 2 else "id"]
        figure = text(row["value"], each["decimals"])
        yield ["t", year, key, figure, str(part), str(whole), row["basis"], text(row["day"]),
               "", "備考"]  # fmt: skip


def _typed_plan(plan: model.Given) -> model.Given:
    info = {"title": "計画", "municipality": "市", **{key: plan[key] for key in PLANS_TEXTS}}
    for key in ("start", "end", "baseline_year", "records_from"):
        if plan[key] is not None:
            info[key] = model.name_of(plan[key])
    trigger = plan["trigger"]
    return {
        "plan": info,
        "rating": {"scale": [
            {"mark": mark, "label": mark, "at_least": text(cut, 1)} for mark, cut in plan["scale"]
        ]},
        "review_trigger": trigger
        and {key: text(value, 0 if key == "years" else 1) for key, value in trigger.items()},
        "programmes": [
            {"id": key, "number": number, "name": f"事業{key}", "indicators": [
                _typed(each) for each in plan["indicators"] if each["programme"] == key
            ]}
            for key, number in zip("pq", plan["numbers"], strict=True)
            if any(each["programme"] == key for each in plan["indicators"])
        ],
    }  # fmt: skip


def _typed(each: model.Given) -> model.Given:
    keys = each.keys() - {"rows", "revisions", "size", "former", "programme", "full_label"}
    found = {"name": f"指標{each['id']}", **{key: each[key] for key in keys}}

    def plain(value: Any) -> Any:
        return None if value is None else text(value, each["decimals"])

    for key in ("maximum", "tolerance"):
        if key in found:
            found[key] = plain(found[key])
    found["targets"] = {model.name_of(year): plain(it) for year, it in each["targets"].items()}
    found["former_ids"] = [each["former"]]
    if isinstance(each["baseline"], dict):
        when = {key: model.name_of(it) if key == "year" else list(map(model.name_of, it))
                for key, it in each["baseline"].items() if key != "value"}  # fmt: skip
        found["baseline"] = {"value": plain(each["baseline"]["value"]), **when}
    else:
        found["baseline"] = plain(each["baseline"])
    if "from" in found:
        found["from"] = model.name_of(found["from"])
    if "measured" in found:
        found["measured"] = list(map(model.name_of, found["measured"]))
    return found
