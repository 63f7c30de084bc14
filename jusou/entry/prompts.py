"""What a person types at the prompts of ``enter``: a step to take, or a figure with its 区分."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from jusou.errors import JusouError
from jusou.logs.dataset import Dataset
from jusou.logs.schema import Basis
from jusou.plan.model import Indicator, Measure
from jusou.values.fiscal_year import FiscalYear
from jusou.values.numbers import parse_number
from jusou.values.text import fold


class Step(StrEnum):
    """What to do instead of answering a question."""

    SKIP = "skip"
    BACK = "back"
    QUIT = "quit"
    HELP = "help"


_STEPS = {
    "s": Step.SKIP, "とばす": Step.SKIP,
    "b": Step.BACK, "戻る": Step.BACK,
    "q": Step.QUIT, "終了": Step.QUIT,
    "?": Step.HELP, "h": Step.HELP, "説明": Step.HELP,
}  # fmt: skip
_YES_OR_NO = {"y": True, "yes": True, "はい": True, "n": False, "no": False, "いいえ": False}
_FIGURE = re.compile(r"\d[\d,]*(\.\d+)?( ?/ ?\d[\d,]*(\.\d+)?)?")
# As people write them; the longer spelling comes before the one it begins with.
_BASES = {"見込み": Basis.FORECAST, **{str(each): each for each in Basis}}


def read_step(text: str) -> Step | None:
    """Read ``b``, ``ｂ`` or ``戻る``; None for anything that is not a step."""
    return _STEPS.get(_plain(text))


def read_yes_or_no(text: str) -> bool | None:
    """Read ``y``, ``はい``, ``n``, ``いいえ``; None for anything else."""
    return _YES_OR_NO.get(_plain(text))


def answers_another_question(text: str, units: Iterable[str]) -> bool:
    """Tell whether a text is ``y``, ``n``, a figure in one of the ``units``, or begins with a 区分.

    So it is no remark: ``120``, ``速報 2,655件``, ``20/38``, ``該当なし 対象者がいない``.
    """
    basis = next((each for each in _BASES if text.startswith(each)), "")
    rest = _plain(text.removeprefix(basis))
    bare = {rest, *(rest.removesuffix(_plain(unit)).rstrip() for unit in units)}
    is_figure = any(map(_FIGURE.fullmatch, bare))
    has_basis = not _BASES.keys().isdisjoint(text.split()[:1])
    return has_basis or is_figure or read_yes_or_no(text) is not None


def _plain(text: str) -> str:
    return fold(text).lower()


class Question(NamedTuple):
    """A figure to ask for; one that is typed without a 区分 is of the ``basis``."""

    indicator: Indicator
    basis: Basis

    def is_open(self, dataset: Dataset, year: FiscalYear) -> bool:
        """Tell whether it is due, and nothing answers it yet."""
        standing = dataset.standing(year, self.indicator)
        is_due = self.indicator.is_measured_in(year)
        if self.basis is not Basis.FINAL:
            return is_due and self.basis in standing.missing_in_year
        return standing.closing.basis is Basis.PENDING if standing.closing else is_due


def questions(
    dataset: Dataset, year: FiscalYear, today: date, *, everything: bool
) -> tuple[Question, ...]:
    """Return what to ask for of a year: what is open, or all.

    Once half of a running year is over it is the 中間 and the 見込; else the closing figure.
    """
    at_half = year.interim_day < today and not year.has_ended(today)
    bases = (Basis.INTERIM, Basis.FORECAST) if at_half else (Basis.FINAL,)
    asked = (
        Question(each, basis)
        for each in dataset.plan_in(year).indicators.values()
        for basis in bases
    )
    return tuple(each for each in asked if everything or each.is_open(dataset, year))


def read_figure(text: str, question: Question) -> dict[str, str]:
    """Read ``2,655``, ``20/38`` (a rate), ``速報 2655``, ``未確定``, ``未確定 7月に確定予定``.

    Returns the cells of a row by heading. The figure itself stays as typed, for the rules of a
    row to judge.
    """
    indicator = question.indicator
    typed = text.strip()
    spelling = next((each for each in _BASES if typed.startswith(each)), "")
    basis = _BASES.get(spelling, question.basis)
    rest = typed.removeprefix(spelling).strip()
    cells = {"指標": indicator.id, "区分": basis.value}
    if not basis.needs_value and not _is_number(rest, indicator):
        return {**cells, "備考": rest}
    part, slash, whole = rest.replace("／", "/").partition("/")
    if slash and indicator.measure is Measure.RATE:
        return {**cells, "分子": part.strip(), "分母": whole.strip()}
    return {**cells, "実績値": rest}


def _is_number(text: str, indicator: Indicator) -> bool:
    try:
        parse_number(text, indicator.decimals, indicator.unit, signed=indicator.signed)
    except JusouError:
        return False
    return True
