"""A row of the table → an indicator as ``targets.yaml`` has it, with what is open about it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from jusou.errors import JusouError
from jusou.plan.model import Direction, Loc, Measure, usual_maximum
from jusou.plan_table.aims import Aim, direction_said, most_decimals, read_aim, tolerance_said
from jusou.plan_table.columns import (
    BY_KEY,
    COLUMNS,
    DIRECTIONS,
    is_dash,
    read_amount,
)
from jusou.plan_table.draft import Draft
from jusou.plan_table.headings import ACTUAL, TARGET
from jusou.plan_table.rows import Row
from jusou.values.escaping import was_turned
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import fold, quote
from jusou.values.workbook import FoundCell

# Read with others: the programme's own, and those that depend on one another.
_APART = ("programme", "programme_id", "number", "id", "label", "baseline", "decimals")
_RATES = ("%", "‰")
_KEY_ORDER = (
    "id", "label", "name", "unit", "decimals", "measure", "direction", "tolerance",
    "baseline", "baseline_years", "targets", "reporter",
)  # fmt: skip


def read_label(draft: Draft, row: Row) -> str:
    """Return the number that a row bears, empty for none; one that became a date is refused."""
    cell = row.cell("label")
    if cell and (was_turned(cell.text) or _is_date(cell.text)):
        hint = "セルの書式を「文字列」にして、番号を入力し直してください。"
        draft.refuse(cell, JusouError(f"番号{quote(cell.text)}が日付になっています。", hint))
    return cell.text


def _is_date(text: str) -> bool:
    return len(text) >= 10 and text[:4].isdigit() and text[4] == text[7] == "-"


class IndicatorReader:
    """Reads the row of an indicator that has its place in the draft, ``loc``."""

    def __init__(self, draft: Draft, row: Row, loc: Loc) -> None:
        self._draft, self._row, self._loc = draft, row, loc
        self._found: dict[str, Any] = {}
        self._aims: dict[FiscalYear, Aim] = {}

    def read(self, key: str, label: str) -> dict[str, Any]:
        """Return the indicator; what cannot be read is kept in the draft and left out."""
        self._draft.places[self._loc] = self._row.cell("name").place
        for column in COLUMNS:
            if column.key not in _APART and (cell := self._row.cell(column.key)):
                self._take(column.key, cell, column.heading, column.read)
        self._found |= {"id": key, "label": label}
        for name in ("id", "label"):
            self._draft.places[*self._loc, name] = (self._row.cell(name) or self._name).place
        if not self._row.cell("label"):
            self._open("label", "番号（並びの順に付けました）")
        unit = self._found.get("unit") or ""
        figures = [*self._baseline(unit), *self._targets(unit), *self._actuals(unit)]
        self._decimals(figures)
        self._measure(unit)
        self._bounds(unit, [Decimal(each) for each in figures])
        if "reporter" not in self._found:
            self._found["reporter"] = None
            self._open("reporter", "照会先")
        self._pad()
        # What was refused has its problem already: the rest of the plan is to be read as well.
        self._found.setdefault("measure", str(Measure.UNCONFIRMED))
        self._found.setdefault("direction", str(Direction.UP))
        if not unit:
            self._found.pop("unit", None)
        rest = [each for each in self._found if each not in _KEY_ORDER]
        return {each: self._found[each] for each in (*_KEY_ORDER, *rest) if each in self._found}

    @property
    def _name(self) -> FoundCell:
        return self._row.cell("name")

    def _take(self, key: str, cell: FoundCell, heading: str, read: Any) -> Any:
        """Read a cell into its key, unless it cannot be read; return what was read."""
        self._draft.places[*self._loc, key] = cell.place
        if cell.refused:
            return None
        try:
            value = read(heading, cell.text)
        except JusouError as error:
            self._draft.refuse(cell, error, (*self._loc, key))
            return None
        self._found[key] = value
        return value

    def _open(self, key: str, what: str) -> None:
        self._draft.open[*self._loc, key] = what

    def _baseline(self, unit: str) -> list[str]:
        """Read the baseline; 「—」 is none. Return its digits."""
        if self._row.baseline_year and "baseline_years" not in self._found:
            self._found["baseline_years"] = [str(self._row.baseline_year)]
        cell = self._row.cell("baseline")
        if not cell or is_dash(cell.text):
            self._found["baseline"] = None
            return []

        def read(heading: str, text: str) -> str:
            return read_amount(heading, text, unit, signed=True)

        amount = self._take("baseline", cell, BY_KEY["baseline"].heading, read)
        return [amount] if amount else []

    def _targets(self, unit: str) -> list[str]:
        """Read the targets and what they say of direction and tolerance; return their digits."""
        for year, cell in self._row.targets.items():
            loc = (*self._loc, "targets", str(year))
            self._draft.places[loc] = cell.place
            if cell.refused:
                continue
            try:
                aim = read_aim(f"{TARGET}{year}", cell.text, unit)
                if aim is None and not is_dash(cell.text):
                    message = f"{TARGET}{year}{quote(cell.text)}は、目標なしとしました。"
                    self._draft.notice(message, cell)
                elif aim:
                    if aim.amount is None and (amount := self._found.get("baseline")) is None:
                        message = f"{TARGET}{year}{quote(cell.text)}に当たる参考値がありません。"
                        raise JusouError(message, "参考値を書くか、目標を数で書いてください。")
                    self._aims[year] = aim if aim.amount else aim._replace(amount=amount)
            except JusouError as error:
                self._draft.refuse(cell, error, loc)
        self._found["targets"] = {str(year): aim.amount for year, aim in self._aims.items()}
        doubts: dict[str, list[str]] = {}
        for year, aim in self._aims.items():
            doubts.setdefault(aim.doubt, []).append(str(year))
        doubts.pop("", None)
        if doubts:
            said = "、".join(f"{'・'.join(years)}は{doubt}" for doubt, years in doubts.items())
            self._open("targets", f"目標の読み方（{said}）")
        self._direction()
        return [aim.amount for aim in self._aims.values() if aim.amount]

    def _direction(self) -> None:
        """Take direction and tolerance as the row states them, or as its targets say."""
        stated, aims = self._found.get("direction"), [*self._aims.values()]
        telling = (year for year, aim in self._aims.items() if aim.side)
        cell = next((self._row.targets[year] for year in telling), self._name)
        try:
            said = direction_said(aims, stated)
            width = tolerance_said(aims, self._found.get("tolerance"))
        except JusouError as error:
            self._draft.refuse(cell, error)
            return
        if width is not None:
            self._found["tolerance"] = f"{width:f}"
        if stated is None and not self._row.cell("direction"):
            is_kept = any(aim.is_kept for aim in aims)
            guess = Direction.KEEP if is_kept else Direction.UP
            self._found["direction"] = str(said or guess)
            if said is None:
                self._open("direction", f"よい方向（仮に、{DIRECTIONS[guess][0]}）")

    def _actuals(self, unit: str) -> list[str]:
        """Return the digits of the figures of past years; texts are for the rules of the logs."""
        found = []
        for year, cell in self._row.actuals.items():
            amount = _amount_in(f"{ACTUAL}{year}", cell.text, unit)
            found += [amount] if amount else []
        return found

    def _decimals(self, figures: Sequence[str]) -> None:
        if cell := self._row.cell("decimals"):
            self._take("decimals", cell, BY_KEY["decimals"].heading, BY_KEY["decimals"].read)
        else:
            self._found["decimals"] = str(most_decimals(figures))

    def _pad(self) -> None:
        """Write figures with the indicator's decimals; one with more is refused with the plan."""
        places = int(self._found.get("decimals", 0))

        def padded(amount: str | None) -> str | None:
            more = amount is None or most_decimals([amount]) > places
            return amount if more else f"{Decimal(amount or 0):.{places}f}"

        self._found["baseline"] = padded(self._found.get("baseline"))
        self._found["targets"] = {year: padded(it) for year, it in self._found["targets"].items()}

    def _measure(self, unit: str) -> None:
        if self._row.cell("measure"):
            return
        measure = Measure.UNCONFIRMED
        if fold(unit) in _RATES:
            measure = Measure.RATE
        elif "累計" in self._name.text:
            measure = Measure.CUMULATIVE
        self._found["measure"] = str(measure)
        self._open("measure", "数え方")

    def _bounds(self, unit: str, figures: Sequence[Decimal]) -> None:
        """Let an indicator be negative, or a rate exceed 100, where its own figures are and do."""
        if min(figures, default=Decimal(0)) < 0 and "signed" not in self._found:
            self._found["signed"] = "true"
            self._open("signed", "負の数があります（達成率は、参考値からの進みで出します）")
        highest = usual_maximum(self._found.get("measure", ""), unit)
        exceeds = highest is not None and max(figures, default=highest) > highest
        if exceeds and "maximum" not in self._found:
            self._found["maximum"] = None
            self._open("maximum", "100 を超える率があります（上限なしとしました）")


def _amount_in(heading: str, text: str, unit: str) -> str | None:
    try:
        return read_amount(heading, text, unit, signed=True)
    except JusouError:
        return None
