"""revise: a decision that changes the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence
from datetime import date as Date  # noqa: N812 - `date` is the option's name
from functools import partial
from typing import Annotated, Any, TypeVar

import typer

from jusou.cli import console
from jusou.cli.options import (
    ByOption,
    DateOption,
    DryRunOption,
    complete_indicators,
    flag,
    mention_kept,
    mention_unseen,
    open_workspace,
    option,
    person,
    read_today,
)
from jusou.entry.prompts import Step, read_step, read_yes_or_no
from jusou.entry.revising import (
    TypedRow,
    cancelled,
    find_amendment,
    published,
    read_changes,
    read_item,
)
from jusou.errors import JusouError, UsageError, raise_all
from jusou.logs.amendments import Amendment, amendments, decision_numbers
from jusou.logs.cells import check_published, find_indicator, read_date
from jusou.logs.dataset import Dataset
from jusou.logs.revisions import fold_revisions
from jusou.logs.rows import NAMING
from jusou.logs.schema import Item, Revision
from jusou.plan.model import Indicator, Plan
from jusou.report import words
from jusou.report.sections.revisions import amendment_blocks, revision_table
from jusou.values.dates import wareki
from jusou.values.text import fold, quote
from jusou.workspace import Revised, Workspace

_Said = Mapping[str, Any]  # each a text as it was typed
# What is said of a decision, how it is asked for, and whether it may be left blank.
_SAID = {
    "decided_on": ("決定日（R9.11.20 など。記録した決定の公表日や取消は、第1回 など）", False),
    "decided_by": ("決定機関（計画見直し会議 など）", False),
    "reason": ("変更理由（資料に載ります）", False),
    "consultation": ("意見聴取（だれに、どのように、いつ。なければ Enter）", True),
    "published_on": ("公表日（まだなら Enter）", True),
}
# What is changed beside targets, and how it is asked for.
_ITEMS = {
    Item.BASELINE: "新しい参考値",
    Item.END: "なくなる最初の年度（R11 など）",
    Item.JOIN: "加わる最初の年度（targets.yaml の from と同じ）",
    Item.DEFINITION: "新しい数え方と最初の年度（R10=9月末の数 のように）",
    Item.REPORTER: "新しい照会先と最初の年度（R10=こども課 のように）",
}
T = TypeVar("T")


def revise(
    context: typer.Context,
    changes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="指標 年度=目標 …",
            help="変える指標と新しい目標（sodan-2 R11=2700 R12=2720）。いくつでも続けられます。",
            autocompletion=complete_indicators,
        ),
    ] = None,
    baseline: Annotated[str, option("--baseline", "数値", "参考値: その指標の新しい参考値。")] = "",
    end: Annotated[str, option("--end", "年度", "終了: 指標がなくなる最初の年度（R11）。")] = "",
    start: Annotated[
        str,
        option("--start", "年度", "追加: targets.yaml に from: を付けて足した指標の最初の年度。"),
    ] = "",
    definition: Annotated[
        str,
        option("--definition", "年度=文", "定義: 新しい数え方と最初の年度（R10=9月末の数）。"),
    ] = "",
    department: Annotated[
        str,
        option("--department", "年度=課", "所管課: 新しい照会先と最初の年度（R10=こども課）。"),
    ] = "",
    reason: Annotated[str, option("--reason", "文", "変更理由。資料に載ります。")] = "",
    decided_by: Annotated[str, option("--decided-by", "機関", "決定機関。")] = "",
    decided_on: Annotated[str, option("--decided-on", "年月日", "決定日。")] = "",
    consultation: Annotated[
        str, option("--consultation", "文", "意見聴取の対象・方法・時期。")
    ] = "",
    published_on: Annotated[
        str, option("--published", "年月日", "公表日（記録した決定には --decision も付けます）。")
    ] = "",
    decision: Annotated[
        str,
        option("--decision", "回", "記録した決定（第1回変更なら 1）。公表日か取消を記録します。"),
    ] = "",
    cancel: Annotated[
        bool,
        flag(
            "--cancel",
            "取消: --decision の決定の誤入力を取り消します（指標、年度、項目でしぼれます）。",
        ),
    ] = False,
    correct: Annotated[
        bool, flag("--correct", "公表日: 記録した公表日を、--published の日に置き換えます。")
    ] = False,
    by: ByOption = None,
    dry_run: DryRunOption = False,
    date: DateOption = None,
) -> None:
    """Record one decision with all that it changes, whole or not at all."""
    given: _Said = {
        "decided_on": decided_on, "decided_by": decided_by, "reason": reason,
        "consultation": consultation, "published_on": published_on,
    }  # fmt: skip
    options = {
        Item.BASELINE: baseline,
        Item.END: end,
        Item.JOIN: start,
        Item.DEFINITION: definition,
        Item.REPORTER: department,
    }
    items = {item: text for item, text in options.items() if text}
    workspace, today, name = open_workspace(context), read_today(date), person(by)
    mention_unseen((*given.values(), *options.values()))
    asks = not (changes or items or decision or cancel)
    # What is asked for is shown before it is agreed to.
    record = partial(workspace.revise, recorded_by=name, correct=correct or asks, today=today)
    if asks:
        given, rows = _ask(workspace, given, today, ahead=dry_run)
    elif decision or cancel:
        rows = _of_earlier(workspace.load(), changes or [], decision, given, items, cancel=cancel)
    else:
        rows = _of_new(workspace.plan(), changes or [], given, items)
    done = record(rows, **given, dry_run=asks or dry_run)
    mention_kept(done.kept, written=done.written)
    amendment = _show(done, today)
    if asks and done.rows and not dry_run:
        if not _answer("この内容で記録しますか（y=はい n=やめる）: ", _read_yes):
            raise JusouError("記録していません。", "もう一度、jusou revise からやり直せます。")
        done = record(rows, **given, seen=done.rows)
        mention_kept(done.kept, written=done.written)
    _finish(done, amendment, dry_run=dry_run)


def _of_new(
    plan: Plan, typed: Sequence[str], said: _Said, items: Mapping[Item, str]
) -> list[TypedRow]:
    """Return the changes of a new decision, given by options."""
    errors: list[JusouError] = []
    required = [key for key, (_, may_be_blank) in _SAID.items() if not may_be_blank]
    if lacking := [f"--{key.replace('_', '-')}" for key in required if not said[key].strip()]:
        hint = "付けて実行するか、jusou revise だけで実行すると、1つずつたずねます。"
        errors.append(UsageError(f"{'、'.join(lacking)} がありません。", hint))
    try:
        changes = read_changes(plan, typed, items)
    except JusouError as error:
        errors.append(error)
    raise_all(errors)
    return changes


def _of_earlier(
    dataset: Dataset,
    typed: Sequence[str],
    number: str,
    said: _Said,
    items: Mapping[Item, str],
    *,
    cancel: bool,
) -> list[TypedRow]:
    """Return the rows that speak of a decision that is recorded already, given by options."""
    wanted = {**said, "reason" if cancel else "published_on": ""}
    can_be = "--cancel と --reason（と、指標）" if cancel else "--published"
    if not number:
        hint = "何回目の決定かは、jusou revisions で確かめられます。"
        raise UsageError("--cancel には、--decision 1 のように、決定も付けてください。", hint)
    if any(wanted.values()) or items or (typed and not cancel):
        raise UsageError(
            f"--decision と一緒に使えるのは、{can_be}だけです。", "ほかは消してください。"
        )
    if wanted == said:
        option = "--reason 理由" if cancel else "--published 年月日 か --cancel --reason 理由"
        raise UsageError("記録することがありません。", f"{option} を付けてください。")
    amendment = find_amendment(dataset, number)
    if cancel:
        return cancelled(dataset.plan, amendment, typed)
    return published(dataset.plan, amendment, said["published_on"])


def _show(done: Revised, today: Date) -> str:
    """Show what the rows make of a decision and what looks wrong; return its name."""
    plan, rows = done.dataset.plan, done.rows
    for decision in done.decisions:
        if not decision.verdict.is_written:
            row = decision.row
            year = f" の {row.year}" if row.year else ""
            what = "目標" if row.item is Item.TARGET else row.item
            console.tell(f"{row.indicator}{year} は、今の{what}と同じです。")
    if not rows:
        return ""
    earlier = done.dataset.rows.revisions
    every = (*earlier, *rows)
    number = decision_numbers(every)[rows[0].decided_on, rows[0].decided_by]
    recorded = (each for each in amendments(plan, earlier) if each.number == number)
    for each in recorded:
        _tell_of_earlier(each, rows)
    if rows[0].item is Item.CANCELLED:
        left, reason = {*fold_revisions(plan, every)[0]}, rows[0].reason
        out = (row for row in fold_revisions(plan, earlier)[0] if row not in left)
        if table := revision_table(plan, [row._replace(reason=reason) for row in out]):
            console.show_table(table._replace(caption=Item.CANCELLED))
    for each in amendments(plan, every):
        if each.number == number:
            facts, *tables = amendment_blocks(plan, each, is_draft=each.decided_on > today)
            console.show_folded("\n".join(item.text for item in facts.items))
            for table in tables:
                console.show_table(table)
    for doubt in dict.fromkeys(doubt for each in done.decisions for doubt in each.doubts):
        console.tell(f"確認してください: {doubt}")
    return f"第{number}回変更"


def _tell_of_earlier(amendment: Amendment, rows: Sequence[Revision]) -> None:
    """Say what becomes of a decision that is recorded, and may be published, already."""
    name, published = f"第{amendment.number}回変更（{amendment.decided}）", amendment.published_on
    said = f"{name}は、{wareki(published)}に公表しています。" if published else ""
    items = {row.item for row in rows}
    if Item.CANCELLED in items and said:
        console.tell(f"{said}取り消すことも、公表する必要がないか確かめてください。")
    elif not items & {*NAMING}:
        console.tell(f"{name}に加えます。")
        if said and not all(row.published_on for row in rows):
            command = f"jusou revise --decision {amendment.number} --published 年月日"
            console.tell(f"{said}加える変更は、まだ公表していません。公表したら: {command}")


def _finish(done: Revised, decision: str, *, dry_run: bool) -> None:
    if not done.rows:
        console.show("変わるところがないため、何も書き込みませんでした。")
        return
    items = Counter(row.item for row in done.rows)
    counts = (
        item if item is Item.PUBLISHED else f"{item}{count}件" for item, count in items.items()
    )
    counted = f"{'、'.join(counts)}（{decision}）"
    if dry_run:
        console.show(f"書き込んでいません（記録するもの: {counted}）。")
        return
    console.show(f"記録しました: {counted}")
    console.tell("次: 新旧対照表は jusou revisions --format pdf,xlsx で書き出せます。")


def _ask(
    workspace: Workspace, said: _Said, today: Date, *, ahead: bool
) -> tuple[_Said, list[TypedRow]]:
    """Ask for a decision and what it changes, or for what there is to say of an earlier one."""
    dataset = workspace.load()

    def read_said(key: str, text: str) -> str | Amendment:
        if key == "decided_on" and text.startswith("第"):
            return find_amendment(dataset, text)
        if text and key.endswith("_on"):
            day = read_date("日付", text)
            if key == "decided_on" and day > today and not ahead:
                raise JusouError("決定日が、まだ来ていません。", "決定日を確かめてください。")
            if key == "published_on":
                decided_on = read_date("決定日", said["decided_on"])
                check_published(day, decided_on, None if ahead else today)
        return text

    for key, (question, may_be_blank) in _SAID.items():
        if said[key]:
            read_said(key, said[key])
        else:
            answer = _answer(f"{question}: ", partial(read_said, key), may_be_blank=may_be_blank)
            if isinstance(answer, Amendment):
                return _ask_of_earlier(dataset.plan, answer, said, today)
            said = {**said, key: answer}
    return said, _ask_changes(workspace, dataset, said, today)


def _ask_of_earlier(
    plan: Plan, amendment: Amendment, said: _Said, today: Date
) -> tuple[_Said, list[TypedRow]]:
    """Ask for the day of publication of a decision, or for what of it was typed by mistake."""

    def read_day(text: str) -> str:
        if text != "取消":
            check_published(read_date("公表日", text), amendment.decided_on, today)
        return text

    question = "公表日（R9.12.1 など。誤入力を取り消すなら 取消）: "
    if (day := _answer(question, read_day)) != "取消":
        return {**said, "published_on": day}, published(plan, amendment, day)
    question = "取り消す指標（sodan-2 か sodan-2 R11 など。すべてなら Enter）: "
    rows = _answer(
        question, lambda text: cancelled(plan, amendment, text.split()), may_be_blank=True
    )
    return {**said, "reason": _answer("取り消す理由: ", str)}, rows


def _ask_changes(
    workspace: Workspace, dataset: Dataset, said: _Said, today: Date
) -> list[TypedRow]:
    """Ask for one indicator after another and what changes; each answer is tried at once."""
    plan, found = dataset.plan, list[TypedRow]()

    def tried(changes: list[TypedRow]) -> list[TypedRow]:
        workspace.revise([*found, *changes], **said, dry_run=True, today=today)
        return changes

    def read_new(key: str, text: str) -> list[TypedRow] | Item:
        if item := next((each for each in _ITEMS if fold(text) == each), None):
            return item
        if bare := [word for word in text.split() if "=" not in fold(word)]:
            hint = f"{plan.info.end}=24 のように、年度と新しい目標を = でつないでください。"
            raise JusouError(f"{quote(bare[0])}に、= がありません。", hint)
        return tried(read_changes(plan, [key, *text.split()]))

    def read_other(key: str, item: Item, text: str) -> list[TypedRow]:
        return tried([{"指標": key, **read_item(item, text)}])

    def read_reason(changes: list[TypedRow], text: str) -> list[TypedRow]:
        return tried([{**each, "理由": text} for each in changes]) if text else changes

    def read_indicator(text: str) -> Indicator | None:
        if text in _ITEMS:
            hint = f"指標の後で {text} と入力します。やめるときは q を入力してください。"
            raise JusouError(f"{quote(text)}の前に、指標を入力してください。", hint)
        return find_indicator(plan, text) if text else None

    while True:
        last = "。終わりなら Enter" if found else ""
        question = f"変える指標（id か番号{last}）: "
        indicator = _answer(question, read_indicator, may_be_blank=bool(found), answers=_ITEMS)
        if indicator is None:
            return found
        key = indicator.id
        targets = (
            f"{year} {words.number(target, indicator).text}"
            for year, target in dataset.targets_now(indicator).items()
        )
        shown = "　".join((f"今の目標: {words.subject_name(plan, key)}", *targets))
        console.show_folded(f"  {shown}")
        console.show_folded(
            f"  目標のほかを変えるなら、代わりに {'・'.join(_ITEMS)} と入力します。"
        )
        question = "新しい目標（R11=2700 R12=2720 のように）: "
        new = _answer(question, partial(read_new, key), answers=_ITEMS)
        if isinstance(new, Item):
            new = _answer(f"{_ITEMS[new]}: ", partial(read_other, key, new))
        if found:
            question = "この指標の変更理由（はじめの理由のままなら Enter）: "
            new = _answer(question, partial(read_reason, new), may_be_blank=True)
        found += new


def _answer(
    question: str,
    read: Callable[[str], T],
    *,
    may_be_blank: bool = False,
    answers: Container[str] = (),
) -> T:
    """Return what an answer means; ask again after one that cannot be used, but not a pipe.

    終了 means to quit, but where it is among the ``answers`` that can be given.
    """
    while True:
        try:
            answer = console.ask(question)
        except EOFError:
            answer = "q"
        if answer not in answers and read_step(answer) is Step.QUIT:
            raise JusouError("記録していません。", "決定を記録するには、最後まで答えてください。")
        try:
            if not answer and not may_be_blank:
                raise JusouError("空です。", "入力するか、やめるときは q を入力してください。")
            return read(answer)
        except JusouError as error:
            if not console.is_terminal():
                raise
            console.tell_error(error)


def _read_yes(text: str) -> bool:
    answer = read_yes_or_no(text)
    if answer is None:
        raise JusouError(f"{quote(text)}は、y でも n でもありません。")
    return answer
