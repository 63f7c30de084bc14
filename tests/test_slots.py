"""The slots of an actuals log: what stands after any sequence of rows, against the design's words.

The model below is the design's paragraph, not the program's fold: 取消 empties all three slots, so
only rows after the last one count; within a slot the later row stands; the review takes the
closing slot if filled, else the forecast, else the latest interim.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support import show_json, small_workspace, write_actuals

CLOSING = ("確定", "速報", "未確定", "該当なし", "測定不能")
STATUS = {
    "確定": "reported",
    "速報": "reported",
    "未確定": "pending",
    "該当なし": "not_applicable",
    "測定不能": "not_measurable",
    "見込": "forecast",
    "中間": "interim",
    None: "unreported",
}
DAYS = ("2026-05-31", "2026-06-30", "2026-09-30", "2026-12-31")
LINE_OF_FIRST_ROW = 2


@dataclass(frozen=True)
class Row:
    """A row as it is written: of the indicator under test, or of its neighbour."""

    basis: str
    value: int
    day: str
    mine: bool = True

    @property
    def has_value(self) -> bool:
        return self.basis in ("確定", "速報", "見込", "中間")

    @property
    def line(self) -> str:
        value = str(self.value) if self.has_value else ""
        day = self.day if self.basis == "中間" else ""
        basis = "" if self.basis == "確定" and self.value % 2 else self.basis  # 確定 is the default
        return f"t,R8,{'a' if self.mine else 'b'},{value},,,{basis},{day},人,備考,"


ROWS = st.builds(
    Row,
    st.sampled_from([*CLOSING, "見込", "中間", "取消"]),
    st.integers(0, 300),
    st.sampled_from(DAYS),
    st.sampled_from([True, True, True, False]),
)


def after_last_cancelling(rows: list[Row]) -> list[tuple[int, Row]]:
    """The rows of the indicator that still matter, with their lines in the file."""
    mine = [(line, row) for line, row in enumerate(rows, LINE_OF_FIRST_ROW) if row.mine]
    cancelled = [line for line, row in mine if row.basis == "取消"]
    return [(line, row) for line, row in mine if not cancelled or line > cancelled[-1]]


def last_of(rows: list[tuple[int, Row]], *bases: str, day: str = "") -> tuple[int, Row] | None:
    """The later row of a slot stands."""
    slot = [each for each in rows if each[1].basis in bases and day in ("", each[1].day)]
    return slot[-1] if slot else None


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_workspace(tmp_path_factory.mktemp("slots"), "id: a", "id: b")


@settings(max_examples=60)
@given(st.lists(ROWS, max_size=14))
@example([Row("中間", 1, DAYS[2]), Row("中間", 2, DAYS[0])])  # the latest day, not the latest row
@example([Row("未確定", 0, DAYS[0]), Row("見込", 5, DAYS[0])])  # closing, though without a value
@example([Row("確定", 4, DAYS[0]), Row("取消", 0, DAYS[0]), Row("中間", 3, DAYS[1])])
def test_what_stands_after_any_sequence(workspace: Path, rows: list[Row]) -> None:
    write_actuals(workspace, "R8", [row.line for row in rows])
    alive = after_last_cancelling(rows)
    closing, forecast = last_of(alive, *CLOSING), last_of(alive, "見込")
    interims = [last_of(alive, "中間", day=day) for day in DAYS]
    latest = next((each for each in reversed(interims) if each), None)
    taken = closing or forecast or latest

    shown = show_json(workspace, "show", "R8", "--date", "2027-06-01")["indicators"][0]
    assert shown["basis"] == (taken[1].basis if taken else None)
    assert shown["status"] == STATUS[shown["basis"]]
    assert shown["actual"] == (taken[1].value if taken and taken[1].has_value else None)
    assert shown["forecast"] == (forecast and {"value": forecast[1].value})
    found = shown["interim"] and (shown["interim"]["value"], shown["interim"]["as_of"])
    assert found == (latest and (latest[1].value, latest[1].day))

    history = show_json(workspace, "history", "a")["rows"]
    assert [each["line"] for each in history] == [
        line for line, row in enumerate(rows, LINE_OF_FIRST_ROW) if row.mine
    ]
    standing = {each["line"] for each in history if each["stands"]}
    assert standing == {slot[0] for slot in (closing, forecast, *interims) if slot}


def indicator(workspace: Path, *rows: Row) -> dict[str, Any]:
    write_actuals(workspace, "R8", [row.line for row in rows])
    found: dict[str, Any]
    found, _ = show_json(workspace, "show", "R8", "--date", "2027-06-01")["indicators"]
    return found


def test_a_correction_replaces_and_cancelling_leaves_nothing(workspace: Path) -> None:
    first, second = Row("確定", 40, DAYS[0]), Row("確定", 60, DAYS[0])
    assert indicator(workspace, first, second)["actual"] == 60
    cancelled = indicator(workspace, first, second, Row("取消", 0, DAYS[0]))
    assert (cancelled["actual"], cancelled["status"]) == (None, "unreported")
    again = indicator(workspace, first, Row("取消", 0, DAYS[0]), second)
    assert (again["actual"], again["status"]) == (60, "reported")


def test_forecast_and_interim_remain_visible_behind_a_closing_figure(workspace: Path) -> None:
    rows = [Row("中間", 30, DAYS[2]), Row("見込", 70, DAYS[0]), Row("確定", 64, DAYS[0])]
    shown = indicator(workspace, *rows)
    assert (shown["actual"], shown["basis"], shown["rating"]) == (64, "確定", "C")
    assert shown["forecast"] == {"value": 70}
    assert shown["interim"]["value"] == 30
    withdrawn = indicator(workspace, *rows, Row("未確定", 0, DAYS[0]))
    assert (withdrawn["actual"], withdrawn["status"]) == (None, "pending")
    assert withdrawn["forecast"] == {"value": 70}
