"""What stands of the changes of a plan, and an indicator with those that hold for a year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from jusou.errors import JusouError, Problem
from jusou.logs.cells import read_value
from jusou.logs.rows import NAMING
from jusou.logs.schema import TEXT_ITEMS, Item, Revision
from jusou.plan.model import Indicator, Plan
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import squeeze


def fold_revisions(
    plan: Plan, rows: Iterable[Revision]
) -> tuple[tuple[Revision, ...], list[Problem]]:
    """Return the changes that stand, in the order of the log, and what does not follow in it.

    A 変更前 must be what stood, and a 決定日 not before that of an earlier change of the same
    thing, for a review takes the decisions up to a day. A 取消 takes an earlier row out, a 公表日
    completes what has none, and replaces that of rows that all have one.
    """
    standing: dict[int, Revision] = {}
    # A change concerns those of its own indicator only: a decision may change hundreds of targets.
    places: dict[str, list[int]] = {}
    problems: list[Problem] = []
    for place, row in enumerate(rows):
        indicator = plan.indicators[row.indicator]
        own = places.setdefault(row.indicator, [])
        if row.item not in NAMING:
            problems += _misplaced(indicator, row, [standing[each] for each in own])
            standing[place] = row
            own.append(place)
            continue
        named = [each for each in own if _is_named(indicator, row, standing[each])]
        if not named:
            message = f"{row.indicator} の「{row.item}」が指す行が、これより上にありません。"
            hint = (
                "年度・決定日・決定機関（取消では変更前・変更後も）を、元の行と同じにしてください。"
            )
            problems.append(_problem(row, "項目", message, hint))
        elif row.item is Item.PUBLISHED:
            for each in [it for it in named if not standing[it].published_on] or named:
                standing[each] = standing[each]._replace(published_on=row.published_on)
        elif any(
            _same_thing(standing[named[-1]], standing[each]) for each in own if each > named[-1]
        ):
            hint = "後の変更を先に取り消してください。"
            message = f"{row.indicator} の取り消す行より後に、同じものの変更があります。"
            problems.append(_problem(row, "項目", message, hint))
        else:
            del standing[named[-1]]
            own.remove(named[-1])
    return tuple(standing.values()), problems


def _problem(row: Revision, column: str, message: str, hint: str) -> Problem:
    return Problem(message, hint, row.path, row.line, column)


def _is_named(indicator: Indicator, row: Revision, each: Revision) -> bool:
    """Tell whether a row that names another means this one, of the same indicator."""
    same = all(
        getattr(row, key) == getattr(each, key) for key in ("year", "decided_on", "decided_by")
    )
    if row.item is Item.PUBLISHED:
        return same
    own = each.texts if each.before is None and each.after is None else (each.before, each.after)
    return same and all(map(partial(_says, indicator), row.texts, own))


def _says(indicator: Indicator, typed: str, value: Decimal | str | None) -> bool:
    """Tell whether what was typed is a value: 2,700 is 2700, and 50 is 50.0."""
    if not isinstance(value, Decimal):
        return squeeze(typed) == squeeze(value or "")
    try:
        return read_value("変更前", typed, indicator) == value
    except JusouError:
        return False


def _same_thing(row: Revision, each: Revision) -> bool:
    """Tell whether two rows change the same: of targets, that of the same year."""
    own_year = row.item is not Item.TARGET or row.year == each.year
    return (row.indicator, row.item) == (each.indicator, each.item) and own_year


def on_what_stood(indicator: Indicator, row: Revision, standing: Sequence[Revision]) -> Revision:
    """Return a change with what it replaces as its 変更前, given the changes that stand."""
    last = next((each for each in reversed(standing) if _same_thing(row, each)), None)
    match row.item:
        case Item.TARGET:
            given = indicator.targets.get(row.year) if row.year else None
            return row._replace(before=last.after if last else given)
        case Item.BASELINE:
            return row._replace(before=last.after if last else indicator.baseline)
        case Item.DEFINITION | Item.REPORTER:
            own = indicator.definition if row.item is Item.DEFINITION else indicator.reporter
            return row._replace(texts=(last.texts[1] if last else own or "", row.texts[1]))
        case _:
            return row


def _misplaced(
    indicator: Indicator, row: Revision, standing: Sequence[Revision]
) -> Iterable[Problem]:
    """Yield what a change says that is not so of what stood of its indicator before."""
    earlier = [each for each in standing if _same_thing(row, each)]
    year = f"{row.year} の" if row.item is Item.TARGET else ""
    stood = on_what_stood(indicator, row, standing)
    if row.item in TEXT_ITEMS:
        text = stood.texts[0]
        is_other = bool(text) and squeeze(row.texts[0]) != squeeze(text)
        before = (row.texts[0] or "空欄", text)
    else:
        is_other, before = row.before != stood.before, (_words(row.before), _words(stood.before))
    if is_other:
        message = (
            f"変更前（{before[0]}）が、{row.indicator} の {year}{row.item} {before[1]} と違います。"
        )
        hint = f"変更前には、その時点の{row.item}を入力してください。"
        yield _problem(row, "変更前", message, hint)
    if earlier and row.item in (Item.END, Item.JOIN):
        message = f"{row.indicator} の「{row.item}」は、すでに{earlier[-1].line}行目にあります。"
        yield _problem(row, "項目", message, "どちらかを取り消してください。")
    yield from _after_the_end(row, standing)
    held_from = earlier[-1].year if earlier and row.item in TEXT_ITEMS else None
    if row.year and held_from and row.year < held_from:
        message = f"年度（{row.year}）が、{row.indicator} の前の変更（{held_from}）より前です。"
        yield _problem(row, "年度", message, "年度の古い順に書いてください。")
    last = max((each.decided_on for each in earlier), default=row.decided_on)
    if row.decided_on < last:
        message = (
            f"決定日（{wareki(row.decided_on)}）が、{row.indicator} の "
            f"{year or f'{row.item}の'}前の変更（{wareki(last)}）より前です。"
        )
        hint = "決定日を確かめ、決定した順に書いてください。"
        yield _problem(row, "決定日", message, hint)


def _after_the_end(row: Revision, standing: Sequence[Revision]) -> Iterable[Problem]:
    """Yield what is wrong with a target of a year in which its indicator has ended.

    One that was decided before the end was another decision.
    """
    if row.item is Item.TARGET:
        ends, targets = [each for each in standing if each.item is Item.END], [row]
    else:
        ends = [row] if row.item is Item.END else []
        targets = [
            each
            for each in standing
            if each.item is Item.TARGET
            and (each.decided_on, each.decided_by) == (row.decided_on, row.decided_by)
        ]
    for end in ends:
        for target in targets:
            if target.year and end.year and target.year >= end.year:
                message = f"{row.indicator} は {end.year} から終了のため、{target.year} の目標値は"
                hint = "終了の年度か、目標値の年度を確かめてください。"
                yield _problem(row, "年度", f"{message}変えられません。", hint)


def _words(value: Decimal | None) -> str:
    return "空欄" if value is None else f"{value:f}"


def first_year(row: Revision, revisions: Iterable[Revision], *, calendar: bool) -> FiscalYear:
    """Return the first year in which a change holds, given those of its indicator that stand.

    A baseline holds from the year of its decision; after a decision on the definition it is counted
    in the new way, so it waits for the year in which that begins.
    """
    if row.year:
        return row.year
    recounted = (
        each.year
        for each in revisions
        if each.item is Item.DEFINITION and each.year and each.decided_on <= row.decided_on
    )
    return max([FiscalYear.of(row.decided_on, calendar=calendar), *recounted])


def revised(indicator: Indicator, revisions: Sequence[Revision], year: FiscalYear) -> Indicator:
    """Return an indicator as the review of a year takes it, given the changes that stand."""
    counted = recounted = date.min
    for each in revisions:
        if first_year(each, revisions, calendar=year.calendar) > year:
            continue
        if each.item is Item.BASELINE:
            indicator, counted = indicator._replace(baseline=each.after), each.decided_on
        elif each.item is Item.END:
            indicator = indicator._replace(ended=each.year)
        elif each.item is Item.DEFINITION:
            redefined = (*indicator.redefined, *([each.year] if each.year else []))
            indicator = indicator._replace(definition=each.texts[1], redefined=redefined)
            recounted = each.decided_on
        elif each.item is Item.REPORTER:
            indicator = indicator._replace(reporter=each.texts[1])
    return indicator._replace(is_baseline_alike=counted >= recounted)
