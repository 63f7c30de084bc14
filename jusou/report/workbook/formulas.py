"""The live formulas of the workbook, in the language that Excel and LibreOffice share.

``{key}`` stands for the cell in column ``key`` of the same row, ``{table.key}`` for a whole column
of another table. They follow :mod:`jusou.review.attainment`: the percentage is computed first, with
``EXACT_DECIMALS`` places to rid it of binary noise, and all that is shown follows from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from jusou.plan.model import Direction, Grade, Indicator
from jusou.values.numbers import HUNDRED

EXACT_DECIMALS = 10
# A mean of figures that were rounded to EXACT_DECIMALS is exact to one place less.
MEAN_DECIMALS = EXACT_DECIMALS - 1
_INDICATORS = "indicators"


def exact_attainment(indicator: Indicator, unrated: Decimal | None, missing: str) -> str:
    """The attainment before rounding for print, by direction; ``missing`` where there is none.

    ``unrated`` is an actual that is not rated (中間): any other would be.
    """
    rises, falls = "{actual}*100/{target}", "{target}*100/{actual}"
    conditions = [*_given("actual", unrated), *_given("target")]
    match indicator.direction:
        case Direction.UP:
            conditions.append("{target}<>0")
            formula = _rounded(rises)
        case Direction.DOWN:
            formula = f"IF({{actual}}=0,100,{_rounded(falls)})"
        case Direction.KEEP:
            distance = f"ROUND(ABS({{actual}}-{{target}}),{indicator.decimals})"
            ratio = _rounded(f"IF({{actual}}<{{target}},{rises},{falls})")
            formula = f"IF({distance}<={indicator.tolerance:f},100,{ratio})"
    return _where(conditions, formula, missing)


def _given(key: str, unrated: Decimal | None = None) -> list[str]:
    """The conditions under which a cell holds a figure that counts."""
    other = [] if unrated is None else [f"{{{key}}}<>{unrated:f}"]
    return [f"ISNUMBER({{{key}}})", *other]


def _where(conditions: Sequence[str], formula: str, missing: str) -> str:
    return f"IF(AND({','.join(conditions)}),{formula},{quoted(missing)})"


def _rounded(expression: str) -> str:
    return f"ROUND({expression},{EXACT_DECIMALS})"


def shown(key: str, scale: Sequence[Grade], missing: str) -> str:
    """A percentage as printed: half up to one decimal, never onto a cut or 100 not reached."""
    cuts = sorted({*(grade.at_least for grade in scale if grade.at_least), HUNDRED}, reverse=True)
    listed = "{" + ",".join(f"{cut:f}" for cut in cuts) + "}"
    exact = f"{{{key}}}"
    lifted = f"SUMPRODUCT(({exact}<{listed})*(ROUND({exact},1)>={listed}))>0"
    return _where(_given(key), f"IF({lifted},ROUNDDOWN({exact},1),ROUND({exact},1))", missing)


def rating(key: str, scale: Sequence[Grade], missing: str) -> str:
    """The mark of an unrounded percentage."""
    *upper, lowest = scale
    formula = quoted(lowest.mark)
    for grade in reversed(upper):
        formula = f"IF({{{key}}}>={grade.at_least:f},{quoted(grade.mark)},{formula})"
    return _where(_given(key), formula, missing)


def marked(formula: str, value: Decimal, suffix: str) -> str:
    """A text with what is printed behind it as long as the actual is ``value``: 「（見込）」."""
    return f'{formula}&IF({{actual}}={value:f},{quoted(suffix)},"")'


def state(rated: str, provisional: tuple[Decimal, str] | None, unrated: str) -> str:
    """In which count a row is: ``rated`` with an attainment, else ``unrated``.

    ``provisional`` is an actual that counts elsewhere (見込), and where.
    """
    if provisional:
        value, name = provisional
        with_rating = f"IF({{actual}}={value:f},{quoted(name)},{quoted(rated)})"
    else:
        with_rating = quoted(rated)
    return f"IF(ISNUMBER({{exact}}),{with_rating},{quoted(unrated)})"


def quoted(text: str) -> str:
    """Write a text as a literal of a formula or a number format."""
    return '"' + text.replace('"', '""') + '"'


def difference(earlier: str, decimals: int, unrated: Decimal | None, missing: str) -> str:
    """The actual less an earlier figure; ``unrated`` is an actual that cannot be compared."""
    conditions = [*_given("actual", unrated), *_given(earlier)]
    return _where(conditions, f"ROUND({{actual}}-{{{earlier}}},{decimals})", missing)


def count(number: int, state: str = "", *criteria: str) -> str:
    """How many indicators of programme ``number`` are in a state, with attainments as given."""
    pairs = [_column("number"), str(number)]
    if state:
        pairs += [_column("state"), quoted(state)]
    for criterion in criteria:
        pairs += [_column("exact"), quoted(criterion)]
    return f"COUNTIFS({','.join(pairs)})"


def between(low: Decimal, high: Decimal | None) -> tuple[str, ...]:
    """The criteria of ``count`` for attainments from ``low`` up to, not including, ``high``."""
    return (f">={low:f}",) if high is None else (f">={low:f}", f"<{high:f}")


def capped_mean(number: int, state: str, missing: str) -> str:
    """The mean of the attainments of a programme, each capped at 100, before rounding."""
    below = f"<{HUNDRED:f}"
    total = (
        f"SUMIFS({_column('exact')},{_column('number')},{number},"
        f"{_column('state')},{quoted(state)},{_column('exact')},{quoted(below)})"
    )
    met = count(number, state, f">={HUNDRED:f}")
    counted = count(number, state)
    mean = f"ROUND(({total}+{HUNDRED:f}*{met})/{counted},{MEAN_DECIMALS})"
    return _where([f"{counted}>0"], mean, missing)


def _column(key: str) -> str:
    return f"{{{_INDICATORS}.{key}}}"
