"""Makes workspaces of fictional figures (架空データ), as long as is asked for."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from jusou.logs.schema import ACTUALS

SAMPLE_PLAN = Path(__file__).parent.parent / "sample" / "data" / "targets.yaml"
SAMPLE = SAMPLE_PLAN.parent.parent
_CYCLE = 4000


def workspace(folder: Path, rows: int) -> Path:
    """Make a workspace with the sample's plan and ``rows`` rows in the log of R9."""
    data = folder / f"rows-{rows}" / "data"
    (data / "actuals").mkdir(parents=True)
    shutil.copy(SAMPLE_PLAN, data)
    log(data / "actuals" / "R9.csv", rows)
    return data.parent


def grown(folder: Path, times: int, years: int = 5) -> Path:
    """Make a workspace with the sample ``times`` over, in a plan of ``years`` years from R8.

    Programmes and the rows of every log are repeated under ids of their own; years from R10 on
    have the rows of R9.
    """
    data = folder / f"grown-{times}-{years}" / "data"
    if data.exists():
        return data.parent
    plan = yaml.safe_load(SAMPLE_PLAN.read_text(encoding="utf-8"))
    plan["plan"]["end"] = f"R{7 + years}"
    for programme in plan["programmes"]:
        for each in programme["indicators"]:
            goal = each["targets"]["R12"]
            each["targets"] |= {f"R{year}": goal for year in range(13, 8 + years)}
    plan["programmes"] = [
        {**_renamed(programme, copy), "number": number}
        for number, (copy, programme) in enumerate(product(range(times), plan["programmes"]), 1)
    ]
    for kind in ("actuals", "reviews"):
        (data / kind).mkdir(parents=True)
        for year in range(7, 8 + years):
            source = SAMPLE / "data" / kind / f"R{min(year, 9)}.csv"
            if source.exists():
                _repeat(source, data / kind / f"R{year}.csv", times, year)
    _repeat(SAMPLE / "data" / "revisions.csv", data / "revisions.csv", times)
    text = yaml.safe_dump(plan, allow_unicode=True, sort_keys=False)
    (data / "targets.yaml").write_text(text, encoding="utf-8")
    return data.parent


def prefecture(folder: Path, plans: int) -> Path:
    """Make so many workspaces of the sample's 19 indicators, with figures of five years, R8-R12."""
    root = folder / f"plans-{plans}"
    if root.exists():
        return root
    text = SAMPLE_PLAN.read_text(encoding="utf-8")
    plan = yaml.safe_load(text)
    indicators = [each for programme in plan["programmes"] for each in programme["indicators"]]
    for number in range(plans):
        actuals = root / f"city-{number:04}" / "data" / "actuals"
        actuals.mkdir(parents=True)
        own = text.replace("釜石市", f"架空{number}市")
        (actuals.parent / "targets.yaml").write_text(own, encoding="utf-8")
        for order, year in enumerate(("R8", "R9", "R10", "R11", "R12")):
            rows = [",".join(ACTUALS.columns)]
            for index, each in enumerate(indicators):
                share = 80 + (number * 7 + order * 11 + index * 13) % 41
                value = round(float(each["targets"][year]) * share / 100, each.get("decimals", 0))
                shown = min(value, 100.0) if each["measure"] == "rate" else int(value)
                rows.append(f"2030-05-01T09:00:00+09:00,{year},{each['id']},{shown},,,確定,,,,")
            log_text = "".join(f"{row}\r\n" for row in rows)
            (actuals / f"{year}.csv").write_bytes(log_text.encode("utf-8-sig"))
    return root


def _renamed(part: Any, copy: int) -> Any:
    """Return a part of the plan with the ids of one of its copies; the first keeps them."""
    if isinstance(part, list):
        return [_renamed(each, copy) for each in part]
    if not isinstance(part, dict):
        return part
    named = {key: _renamed(each, copy) for key, each in part.items()}
    return {**named, "id": _id(part["id"], copy)} if "id" in part else named


def _id(name: str, copy: int) -> str:
    return f"{name}-n{copy}" if copy else name


def _repeat(source: Path, path: Path, times: int, year: int | None = None) -> None:
    """Write the rows of a log once for each copy of the sample, as rows of ``year``."""
    text = source.read_text(encoding="utf-8-sig")
    heading, *rows = csv.reader(io.StringIO(text, newline=""))
    if year and source.stem != f"R{year}" and "基準日" in heading:  # 中間 is of its own year
        rows = [row for row in rows if not row[heading.index("基準日")]]
    subject = next(index for index, name in enumerate(heading) if name in ("指標", "対象"))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heading)
        for row, copy in product(rows, range(times)):  # in the order of time
            named = [*row[:subject], _id(row[subject], copy), *row[subject + 1 :]]
            writer.writerow([row[0], f"R{year}", *named[2:]] if year else named)


def log(path: Path, rows: int) -> Path:
    """Write a log of ``rows`` rows as the tool writes it; the rows repeat after 4,000."""
    block = _text([_row(number) for number in range(min(rows, _CYCLE))])
    with path.open("wb") as file:
        file.write(_text([list(ACTUALS.columns)]).decode().encode("utf-8-sig"))
        for _ in range(rows // _CYCLE or 1):
            file.write(block)
    return path


def _text(rows: list[list[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()


def _row(number: int) -> list[str]:
    """A row as it stands after a year of work: mostly 確定, some 中間 and 見込, a few ratios."""
    minute, day = number % 60, 1 + number % 28
    recorded_at = f"2028-05-{day:02}T09:{minute:02}:00+09:00"
    value, numerator, denominator = str(1 + number % 9000), "", ""
    name, title = list(_names())[number % 19]
    if name == "sodan-1":
        value, numerator, denominator = "", str(6000 + number % 900), "7012"
    elif name == "sodan-3":
        value = f"{number % 1000 / 10:.1f}"
    basis = ("確定", "中間", "確定", "見込", "確定", "速報")[number % 6]
    as_of = f"2027-09-{day:02}" if basis == "中間" else ""
    remark = "架空の備考" if number % 5 == 0 else ""
    return [
        recorded_at, "R9", name, value, numerator, denominator,
        basis, as_of, "架空 花子", remark, "", title,
    ]  # fmt: skip


def _names() -> Iterator[tuple[str, str]]:
    counts = {"sodan": 4, "chiiki": 7, "takikan": 2, "outreach": 3, "sanka": 3}
    for programme, count in counts.items():
        for number in range(1, count + 1):
            yield f"{programme}-{number}", f"架空の指標の名称 {programme} の {number}"
