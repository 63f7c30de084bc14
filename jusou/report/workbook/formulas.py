"""The live formulas of the workbook, in the language that Excel and LibreOffice share.

``{key}`` stands for the cell in column ``key`` of the same row, ``{table.key}`` for a whole column
of another table. They follow :mod:`jusou.review.attainment`: the percentage is computed first, with
``EXACT_DECIMALS`` places to rid it of binary noise, and all that is shown follows from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from jusou.plan.model import Direction, Formula, Grade, Indicator
from jusou.report.document import INDICATORS, NONE
from jusou.review.attainment import SMALL
from jusou.values.numbers import HUNDRED

EXACT_DECIMALS = 10
# A mean of figures that were rounded to EXACT_DECIMALS is exact to one place less.
MEAN_DECIMALS = EXACT_DECIMALS - 1


def quoted(text: str) -> str:
    """Write a text as a literal of a formula or a number format."""
    return '"' + text.replace('"', '""') + '"'


def exact_attainment(
    indicator: Indicator, unrated: Decimal | None, key: str = "actual", target: str = "target"
) -> str:
    """Return the attainment before rounding for print, by direction.

    The figure and its target stand in columns; ``unrated`` is a figure that is not rated (中間):
    any other would be.
    """
    actual, aim = f"{{{key}}}", f"{{{target}}}"
    rises, falls = f"{actual}*100/{aim}", f"{aim}*100/{actual}"
    conditions = [*_given(key, unrated), *_given(target)]
    is_way = indicator.attainment is Formula.PROGRESS
    if is_way and not indicator.is_baseline_alike:
        return quoted(NONE)
    if is_way and indicator.direction is not Direction.NONE:
        return _where([*conditions, *_given("baseline")], _way(indicator, actual, aim))
    match indicator.direction:
        case Direction.UP:
            conditions.append(f"{aim}<>0")
            formula = _rounded(rises)
        case Direction.DOWN:
            formula = f"IF({actual}=0,100,{_rounded(falls)})"
        case Direction.KEEP:
            distance = f"ROUND(ABS({actual}-{aim}),{indicator.decimals})"
            ratio = _rounded(f"IF({actual}<{aim},{rises},{falls})")
            formula = f"IF({distance}<={indicator.tolerance:f},100,{ratio})"
        case Direction.NONE:
            return quoted(NONE)
    return _where(conditions, formula)


def _way(indicator: Indicator, actual: str, aim: str) -> str:
    """Return the way from the baseline in percent of the way to the target."""
    sign = "" if indicator.direction is Direction.UP else "-"
    made, needed = (
        f"ROUND({sign}({end}-{{baseline}}),{indicator.decimals})" for end in (actual, aim)
    )
    met = f"IF({made}>={needed},100,{quoted(NONE)})"
    return f"IF({needed}>0,{_rounded(f'{made}*100/{needed}')},{met})"


def standing_still(indicator: Indicator) -> str:
    """Return the attainment, before rounding, of the baseline against a target beyond it."""
    return _where(_beyond(indicator, "{target}"), exact_attainment(indicator, None, "baseline"))


def _beyond(indicator: Indicator, target: str) -> list[str]:
    """Return the conditions under which a target asks for more than the baseline."""
    side = ">" if indicator.direction is Direction.UP else "<"
    return [*_given("baseline"), f"ISNUMBER({target})", f"{target}{side}{{baseline}}"]


def progress(indicator: Indicator, target: str, unrated: Decimal | None) -> str:
    """Return the share of the way from the baseline to a target, as shown.

    ``target`` is a cell or a number, ``unrated`` a figure that cannot be compared.
    """
    conditions = [*_given("actual", unrated), *_beyond(indicator, target), "{baseline}<>0"]
    share = _rounded(f"({{actual}}-{{baseline}})*100/({target}-{{baseline}})")
    return _where(conditions, _below(share, [HUNDRED, Decimal(0)]))


def one_case_points(per: int | None, denominator: Decimal | None) -> str:
    """Return the points that one case moves the attainment by: of a count, or of a rate's parts."""
    conditions = [*_given("target"), "{target}>0"]
    if denominator is None or per is None:
        return _where([*conditions, f"{{target}}<={SMALL:f}"], "ROUND(100/{target},1)")
    return _where(conditions, f"ROUND({100 * per}/{denominator:f}/{{target}},1)")


def _given(key: str, unrated: Decimal | None = None) -> list[str]:
    """Return the conditions under which a cell holds a figure that counts."""
    other = [] if unrated is None else [f"{{{key}}}<>{unrated:f}"]
    return [f"ISNUMBER({{{key}}})", *other]


def _where(conditions: Sequence[str], formula: str, missing: str = NONE) -> str:
    return f"IF(AND({','.join(conditions)}),{formula},{quoted(missing)})"


def where_given(key: str, formula: str) -> str:
    """Return what a formula gives where another cell holds a figure."""
    return _where(_given(key), formula)


def _rounded(expression: str) -> str:
    return f"ROUND({expression},{EXACT_DECIMALS})"


def shown(
    key: str, scale: Sequence[Grade], missing: str = NONE, *, may_be_negative: bool = False
) -> str:
    """Return a percentage as printed: half up to one decimal, never onto a cut it has not reached.

    The cuts are those of the scale, and 100; of what may be negative, 0 as well.
    """
    return _where(_given(key), _below(f"{{{key}}}", _cuts(scale, zero=may_be_negative)), missing)


def share_of_target(key: str, scale: Sequence[Grade]) -> str:
    """Return a part of a year in percent of its target, as shown; none of a small target."""
    conditions = [*_given(key), *_given("target"), f"{{target}}>{SMALL:f}"]
    return _where(conditions, _below(_rounded(f"{{{key}}}*100/{{target}}"), _cuts(scale)))


def _cuts(scale: Sequence[Grade], *, zero: bool = False) -> list[Decimal]:
    marks = {grade.at_least for grade in scale if grade.at_least or zero}
    return sorted({*marks, HUNDRED}, reverse=True)


def _below(exact: str, cuts: Sequence[Decimal]) -> str:
    """Return a figure half up to one decimal, and down where that would reach a cut."""
    listed = "{" + ",".join(f"{cut:f}" for cut in cuts) + "}"
    lifted = f"SUMPRODUCT(({exact}<{listed})*(ROUND({exact},1)>={listed}))>0"
    return f"IF({lifted},INT(10*{exact})/10,ROUND({exact},1))"


def rating(key: str, scale: Sequence[Grade]) -> str:
    """Return the mark of an unrounded percentage."""
    *upper, lowest = scale
    formula = quoted(lowest.mark)
    for grade in reversed(upper):
        formula = f"IF({{{key}}}>={grade.at_least:f},{quoted(grade.mark)},{formula})"
    return _where(_given(key), formula)


def marked(formula: str, value: Decimal, suffix: str, key: str = "actual") -> str:
    """Return a text with what is printed behind it, 「（見込）」, while a figure is ``value``."""
    return f'{formula}&IF({{{key}}}={value:f},{quoted(suffix)},"")'


def state(rated: str, provisional: tuple[Decimal, str] | None, unrated: str) -> str:
    """Return in which count a row is: ``rated`` with an attainment, else ``unrated``.

    ``provisional`` is an actual that counts elsewhere (見込), and where.
    """
    with_rating = quoted(rated)
    if provisional:
        value, name = provisional
        with_rating = f"IF({{actual}}={value:f},{quoted(name)},{with_rating})"
    return f"IF(ISNUMBER({{exact}}),{with_rating},{quoted(unrated)})"


def difference(earlier: str, decimals: int, unrated: Decimal | None) -> str:
    """Return the actual less an earlier figure; ``unrated`` is one that cannot be compared."""
    conditions = [*_given("actual", unrated), *_given(earlier)]
    return _where(conditions, f"ROUND({{actual}}-{{{earlier}}},{decimals})")


def count(
    number: int | None, state: str = "", low: Decimal | None = None, high: Decimal | None = None
) -> str:
    """Return how many indicators of a programme are in a state, from ``low`` to below ``high``.

    Without a ``number``, those of the plan.
    """
    pairs = _of_programme(number)
    if state:
        pairs += [_column("state"), quoted(state)]
    if low is not None:
        pairs += [_column("exact"), quoted(f">={low:f}")]
    if high is not None:
        pairs += [_column("exact"), quoted(f"<{high:f}")]
    return f"COUNTIFS({','.join(pairs)})"


def capped_mean(number: int | None, state: str, excluded: Sequence[str]) -> str:
    """Return the mean of the attainments of a programme, each from 0 to 100, before rounding.

    There is none where fewer than half of those not ``excluded`` are in the ``state``.
    """
    pairs = [*_of_programme(number), _column("state"), quoted(state)]
    for limit in (">0", f"<{HUNDRED:f}"):
        pairs += [_column("exact"), quoted(limit)]
    total = f"SUMIFS({','.join([_column('exact'), *pairs])})"
    counted, met = count(number, state), count(number, state, HUNDRED)
    mean = f"ROUND(({total}+{HUNDRED:f}*{met})/{counted},{MEAN_DECIMALS})"
    others = "".join(f"-{count(number, each)}" for each in excluded)
    half = f"2*{counted}>={count(number)}{others}"
    return _where([f"{counted}>0", half], mean)


def _of_programme(number: int | None) -> list[str]:
    """Return the first pair of a criterion: the indicators of a programme, or all."""
    return [_column("number"), quoted("<>") if number is None else str(number)]


def _column(key: str) -> str:
    return f"{{{INDICATORS}.{key}}}"
