"""What is typed of a decision: ``sodan-2 R11=2700``, an end, a definition, an earlier row.

Each change is given as the cells of its row in ``revisions.csv`` by heading; its rules stand with
the reader of the log.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from jusou.entry.decide import Decision, Permission, RefusedError, decide
from jusou.errors import JusouError, UsageError, raise_all
from jusou.logs.amendments import Amendment, amendments
from jusou.logs.cells import find_indicator
from jusou.logs.dataset import Dataset
from jusou.logs.rows import NAMING, read_revision
from jusou.logs.schema import REVISIONS, TEXT_ITEMS, Item, Revision
from jusou.plan.model import Plan
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import fold, quote

TypedRow = Mapping[str, str]
"""The cells of a row that are typed, by heading; those of the decision stand apart."""
_DIGITS = re.compile(r"[0-9.]+")
_EXAMPLE = "sodan-2 R11=2700 のように、指標と、年度=新しい目標 を続けて入力してください。"
_ONE_ONLY = (Item.BASELINE, Item.DEFINITION)
_NAMES = ("指標", "年度", "決定日", "決定機関")  # by these a row names an earlier one


def read_changes(
    plan: Plan, words: Iterable[str], items: Mapping[Item, str] | None = None
) -> list[TypedRow]:
    """Return the changes that words and options say, a target for each 年度=目標.

    What ``items`` say holds for every indicator among the words. Raises JusouError for what is
    neither, above all for a figure that a shell split at its comma: of ``R11=2,700`` PowerShell
    makes ``R11=2`` and ``700``.
    """
    items = items or {}
    found: dict[str, list[TypedRow]] = {}
    errors: list[JusouError] = []
    indicator, last = "", ""
    for word in words:
        name, mark, value = fold(word).partition("=")
        try:
            if not mark and _DIGITS.fullmatch(name):
                raise _split(last, word)
            if not mark:
                indicator = find_indicator(plan, word).id
                found.setdefault(indicator, [])
            elif not indicator:
                raise JusouError(f"{quote(word)}の前に、指標がありません。", _EXAMPLE)
            elif not value:
                raise JusouError(f"{quote(word)}に、新しい目標がありません。", _EXAMPLE)
            else:
                cells = {"項目": Item.TARGET.value, "年度": name, "変更後": value}
                found[indicator].append({"指標": indicator, **cells})
        except JusouError as error:
            errors.append(error)
        last = word if mark else ""
    for item, text in items.items():
        try:
            other = read_item(item, text)
            for key, changes in found.items():
                changes.append({"指標": key, **other})
        except JusouError as error:
            errors.append(error)
    raise_all(errors or _unclear(found, items))
    return [each for changes in found.values() for each in changes]


def _split(last: str, word: str) -> JusouError:
    hint = "PowerShell は、カンマのところで値を分けます。"
    if not last:
        message = f"{quote(word)}だけでは、何の数か分かりません。"
        return JusouError(message, f"{hint}カンマを取るか、引用符で囲んでください。")
    hint += f'カンマを取るか、"{last},{word}" のように引用符で囲んでください。'
    return JusouError(f"{quote(last)}の後に{quote(word)}があります。", hint)


def _unclear(
    found: Mapping[str, Sequence[TypedRow]], items: Mapping[Item, str]
) -> list[JusouError]:
    """Return what is wrong with changes of which it cannot be told what they are of."""
    errors = [
        JusouError(f"{key} の新しい目標がありません。", _EXAMPLE)
        for key, changes in found.items()
        if not changes
    ]
    targets = any(len(changes) > len(items) for changes in found.values())
    if not found:
        errors.append(JusouError("変える指標がありません。", _EXAMPLE))
    elif len(found) > 1 and ((targets and items) or items.keys() & _ONE_ONLY):
        what = "、".join([*(["目標値"] if targets else []), *items])
        message = f"{what}は、指標が2つ以上あると、どの指標のものか分かりません。"
        hint = (
            "指標ごとに分けて実行してください。決定日と決定機関が同じなら、1つの決定になります。"
            "jusou revise だけで実行すると、1つずつたずね、まとめて記録します。"
        )
        errors.append(JusouError(message, hint))
    return errors


def read_item(item: Item, text: str) -> TypedRow:
    """Return what is typed of another change than a target: ``60``, ``R11``, ``R10=年度末の数``."""
    if item is Item.BASELINE:
        return {"項目": item.value, "変更後": text}
    if item not in TEXT_ITEMS:
        return {"項目": item.value, "年度": text}
    year, mark, after = text.replace("＝", "=", 1).partition("=")
    if not mark:
        hint = "R10=新しい内容 のように、始まる年度を前に付けてください。"
        raise JusouError(f"{item}{quote(text)}に、年度がありません。", hint)
    return {"項目": item.value, "年度": year.strip(), "変更後": after.strip()}


def find_amendment(dataset: Dataset, number: str) -> Amendment:
    """Return a decision by its number, ``1`` or ``第1回変更``. Raises UsageError without one."""
    wanted = fold(number).strip("第回変更 ")
    for each in amendments(dataset.plan, dataset.rows.revisions):
        if str(each.number) == wanted:
            return each
    hint = "jusou revisions で、すべての変更を確かめられます。"
    raise UsageError(f"変更{quote(number)}はありません。", hint)


def published(plan: Plan, amendment: Amendment, day: str) -> list[TypedRow]:
    """Return the rows that say when a decision was published: what of it has no day, else all."""
    rows = [row for row in amendment.revisions if not row.published_on] or amendment.revisions
    named = {(row.indicator, row.year): row for row in rows}
    cells = {"項目": Item.PUBLISHED.value, "変更後": day}
    return [{**_cells(plan, row, *_NAMES), **cells} for row in named.values()]


def cancelled(plan: Plan, amendment: Amendment, words: Iterable[str]) -> list[TypedRow]:
    """Return the rows that take changes of a decision out again, the last change first.

    Words name which: indicators, behind them years or 項目; without any it is the whole decision.
    Raises JusouError for a word that names none of its changes.
    """
    rows = amendment.revisions[::-1]
    chosen: dict[str, list[str]] = {}
    indicator = ""
    for word in words:
        key = _year_or_item(plan, word)
        if key and indicator:
            chosen[indicator].append(key)
        else:
            indicator = find_indicator(plan, word).id
            chosen[indicator] = []
    wanted = [(key, part) for key, parts in chosen.items() for part in parts or ("",)]
    for key, part in wanted:
        if not any(_is_meant(row, key, part) for row in rows):
            named = f"{key} {part}".strip()
            message = f"第{amendment.number}回変更に、{named} の変更はありません。"
            hint = f"jusou revisions {amendment.number} で確かめてください。"
            raise JusouError(message, hint)
    return [
        {**_cells(plan, row, *_NAMES, "変更前", "変更後"), "項目": Item.CANCELLED.value}
        for row in rows
        if not wanted or any(_is_meant(row, *each) for each in wanted)
    ]


def _is_meant(row: Revision, indicator: str, part: str) -> bool:
    return row.indicator == indicator and part in ("", str(row.year), row.item)


def _cells(plan: Plan, row: Revision, *titles: str) -> TypedRow:
    return {title: REVISIONS.columns[title](row, plan) for title in titles}


def _year_or_item(plan: Plan, word: str) -> str:
    """Read a year or the name of a 項目; nothing of what is neither."""
    try:
        return str(FiscalYear.parse(word, calendar=plan.info.start.calendar))
    except ValueError:
        return next((each for each in Item if fold(each) == fold(word)), "")


def decide_changes(
    dataset: Dataset, changes: Iterable[TypedRow], permission: Permission, today: date
) -> list[Decision[Revision]]:
    """Return what becomes of each change of a decision, those before it taken as recorded.

    Raises JusouError with all that may not be recorded.
    """
    decisions: list[Decision[Revision]] = []
    errors: dict[str, JusouError] = {}
    seen = set()
    for cells in changes:
        try:
            row = read_revision(dataset.plan, cells)
            thing = (row.indicator, row.item, row.year if row.item is Item.TARGET else None)
            if thing in seen and row.item not in NAMING:
                message = f"{row.indicator} の {thing[2] or row.item} が2つあります。"
                raise JusouError(message, "どちらか1つにしてください。")
            seen.add(thing)
            decision = decide(dataset, row, permission, today)
            if decision.obstacle:
                raise RefusedError(decision)
        except JusouError as error:
            if error.problem.column in ("年度", "変更後"):
                error = JusouError(f"{cells['指標']} の {error.message}", error.hint)
            errors.setdefault(str(error), error)
            continue
        decisions.append(decision)
        if decision.verdict.is_written:
            dataset = dataset.with_change(decision.row)
    raise_all([*errors.values()])
    return decisions
