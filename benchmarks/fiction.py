"""Makes workspaces of fictional figures (架空データ), as long as is asked for."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

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
        basis, as_of, "架空 花子", remark, title,
    ]  # fmt: skip


def _names() -> Iterator[tuple[str, str]]:
    counts = {"sodan": 4, "chiiki": 7, "takikan": 2, "outreach": 3, "sanka": 3}
    for programme, count in counts.items():
        for number in range(1, count + 1):
            yield f"{programme}-{number}", f"架空の指標の名称 {programme} の {number}"
