"""revise and revisions: a decision that changes the plan, and the 新旧対照表."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date as Date  # noqa: N812 - `date` is the option's name
from functools import partial
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar

import typer

from jusou.cli import console
from jusou.cli.options import (
    ByOption,
    DateOption,
    DryRunOption,
    choose_some,
    complete_indicators,
    mention_kept,
    mention_unseen,
    open_workspace,
    option,
    person,
    read_today,
)
from jusou.entry.prompts import Step, read_step, read_yes_or_no
from jusou.entry.revising import read_targets
from jusou.errors import JusouError, UsageError
from jusou.logs.amendments import Amendment, amendments
from jusou.logs.cells import find_indicator, read_date
from jusou.logs.schema import Revision
from jusou.report import words
from jusou.report.sections.revisions import amendment_blocks, revisions_document
from jusou.values.text import quote
from jusou.workspace import Revised, Workspace

_QUESTIONS = {
    "decided_on": "決定日（R9.11.20 など）",
    "decided_by": "決定機関（計画見直し会議 など）",
    "reason": "変更理由（資料に載ります）",
    "consultation": "意見聴取（だれに、どのように、いつ。なければ Enter）",
    "published_on": "公表日（まだなら Enter）",
}
_OPTIONAL = ("consultation", "published_on")
T = TypeVar("T")


class _Said(NamedTuple):
    """What is said of a decision, as it was typed."""

    decided_on: str
    decided_by: str
    reason: str
    consultation: str
    published_on: str

    @property
    def lacking(self) -> list[str]:
        """The options without which there is no decision."""
        return [
            "--" + key.replace("_", "-")
            for key, text in self._asdict().items()
            if not text.strip() and key not in _OPTIONAL
        ]


def revise(
    context: typer.Context,
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="指標 年度=目標 …",
            help="変える指標と新しい目標（sodan-2 R11=2700 R12=2720）。いくつでも続けられます。",
            autocompletion=complete_indicators,
        ),
    ] = None,
    reason: Annotated[str, option("--reason", "文", "変更理由。資料に載ります。")] = "",
    decided_by: Annotated[str, option("--decided-by", "機関", "決定機関。")] = "",
    decided_on: Annotated[str, option("--decided-on", "年月日", "決定日。")] = "",
    consultation: Annotated[
        str, option("--consultation", "文", "意見聴取の対象・方法・時期。")
    ] = "",
    published_on: Annotated[str, option("--published", "年月日", "公表日。")] = "",
    by: ByOption = None,
    dry_run: DryRunOption = False,
    date: DateOption = None,
) -> None:
    """Record one decision with all that it changes, whole or not at all."""
    given = _Said(decided_on, decided_by, reason, consultation, published_on)
    workspace, today, name = open_workspace(context), read_today(date), person(by)
    if targets:
        read_targets(workspace.plan(), targets)
        if lacking := given.lacking:
            hint = "付けて実行するか、jusou revise だけで実行すると、1つずつたずねます。"
            raise UsageError(f"{'、'.join(lacking)} がありません。", hint)
        done = _revise(workspace, targets, given, today, by=name, dry_run=dry_run)
        _show(done)
    else:
        given = _ask_decision(given, today)
        typed = _ask_targets(workspace, given, today)
        done = _revise(workspace, typed, given, today, dry_run=True)
        _show(done)
        if done.rows and not dry_run:
            if not _agreed():
                raise JusouError("記録していません。", "もう一度、jusou revise からやり直せます。")
            done = _revise(workspace, typed, given, today, by=name, seen=done.rows)
    _finish(done, given, dry_run=dry_run)


def _revise(
    workspace: Workspace,
    targets: Sequence[str],
    said: _Said,
    today: Date,
    *,
    by: str = "",
    seen: Sequence[Revision] | None = None,
    dry_run: bool = False,
) -> Revised:
    return workspace.revise(
        targets,
        reason=said.reason,
        decided_by=said.decided_by,
        decided_on=said.decided_on,
        consultation=said.consultation,
        published_on=said.published_on,
        recorded_by=by,
        seen=seen,
        dry_run=dry_run,
        today=today,
    )


def _show(done: Revised) -> None:
    """Show what the decision makes of the plan, and what looks wrong about it."""
    for decision in done.decisions:
        if not decision.verdict.is_written:
            row = decision.row
            console.tell(f"{row.indicator} の {row.year} は、今の目標と同じです。")
    if not done.rows:
        return
    facts, table = amendment_blocks(done.dataset.plan, _amendment(done))
    console.show_folded("\n".join(item.text for item in facts.items))
    console.show_table(table)
    for decision in done.decisions:
        for doubt in decision.doubts:
            console.tell(f"確認してください: {doubt}")


def _amendment(done: Revised) -> Amendment:
    """Return the decision as it stands once its rows are recorded."""
    plan, new = done.dataset.plan, done.rows
    found = amendments(plan, (*done.dataset.rows.revisions, *new))
    key = (new[0].decided_on, new[0].decided_by)
    return next(each for each in found if (each.decided_on, each.decided_by) == key)


def _finish(done: Revised, said: _Said, *, dry_run: bool) -> None:
    mention_kept(done.kept, written=done.written)
    mention_unseen(said)
    if not done.rows:
        console.show("変わるところがないため、何も書き込みませんでした。")
        return
    counted = f"目標{len(done.rows)}件（第{_amendment(done).number}回変更）"
    if dry_run:
        console.show(f"書き込んでいません（記録するもの: {counted}）。")
        return
    console.show(f"記録しました: {counted}")
    console.tell("次: 新旧対照表は jusou revisions --format pdf,xlsx で書き出せます。")


def _ask_decision(said: _Said, today: Date) -> _Said:
    """Ask for what is not said of the decision, until it can be used."""

    def read_text(key: str, text: str) -> str:
        if not text and key not in _OPTIONAL:
            raise JusouError("空です。", "入力するか、やめるときは q を入力してください。")
        if text and key.endswith("_on"):
            day = read_date("日付", text)
            if key == "decided_on" and day > today:
                raise JusouError("決定日が、まだ来ていません。", "決定日を確かめてください。")
        return text

    for key, question in _QUESTIONS.items():
        if not getattr(said, key):
            said = said._replace(**{key: _ask(f"{question}: ", partial(read_text, key))})
    return said


def _ask_targets(workspace: Workspace, said: _Said, today: Date) -> list[str]:
    """Ask for one indicator after another and its new targets; each is tried at once."""
    dataset, found = workspace.load(), list[str]()
    plan = dataset.plan

    def read_indicator(text: str) -> str:
        return "" if found and not text else find_indicator(plan, text).id

    def read_new(key: str, text: str) -> list[str]:
        typed = [key, *text.split()]
        _revise(workspace, [*found, *typed], said, today, dry_run=True)
        return typed

    while True:
        last = "。終わりなら Enter" if found else ""
        key = _ask(f"変える指標（id か番号{last}）: ", read_indicator)
        if not key:
            return found
        indicator = plan.indicators[key]
        targets = (
            f"{year} {words.number(target, indicator).text}"
            for year, target in dataset.targets_now(indicator).items()
        )
        shown = "　".join((f"今の目標: {words.subject_name(plan, key)}", *targets))
        console.show_folded(f"  {shown}")
        found += _ask("新しい目標（R11=2700 R12=2720 のように）: ", partial(read_new, key))


def _ask(question: str, read: Callable[[str], T]) -> T:
    """Return what an answer means; ask again after one that cannot be used, but not a pipe."""
    while True:
        try:
            answer = console.ask(question)
        except EOFError:
            answer = "q"
        if read_step(answer) is Step.QUIT:
            raise JusouError("記録していません。", "決定を記録するには、最後まで答えてください。")
        try:
            return read(answer)
        except JusouError as error:
            if not console.is_terminal():
                raise
            console.tell_error(error)


def _agreed() -> bool:
    def read(text: str) -> bool:
        answer = read_yes_or_no(text)
        if answer is None:
            raise JusouError(f"{quote(text)}は、y でも n でもありません。")
        return answer

    return _ask("この内容で記録しますか（y=はい n=やめる）: ", read)


def revisions(
    context: typer.Context,
    number: Annotated[
        str | None, typer.Argument(metavar="回", help="何回目の変更か（省くと、すべて）。")
    ] = None,
    format: Annotated[
        str,
        option(
            "--format",
            "text|pdf,xlsx,md",
            "画面（text）か、書き出すファイルの形式。省くと text です。",
        ),
    ] = "text",
    output: Annotated[
        Path | None, option("--output", "フォルダー", "書き出し先。省くと reports/revisions です。")
    ] = None,
    date: DateOption = None,
) -> None:
    """Show the 新旧対照表 of every decision or of one, or write it as files."""
    from jusou.report.pack import paper_files
    from jusou.report.writers.terminal import render_screen
    from jusou.storage.output import write_files

    chosen, today = choose_some(format, ("text", "pdf", "xlsx", "md"), "--format"), read_today(date)
    workspace = open_workspace(context)
    dataset = workspace.load()
    found = amendments(dataset.plan, dataset.rows.revisions)
    if number is not None:
        found = tuple(each for each in found if str(each.number) == number.strip("第回変更"))
        if not found:
            hint = "jusou revisions で、すべての変更を確かめられます。"
            raise UsageError(f"変更{quote(number)}はありません。", hint)
    document = revisions_document(dataset.plan, found, today)
    if "text" in chosen:
        console.show(render_screen(document, console.width()))
    parts = [each for each in chosen if each != "text"]
    if parts:
        folder = output or workspace.root / "reports" / "revisions"
        files = write_files(folder, paper_files("revisions", document, parts, today))
        console.show_written("書き出しました:", files)
