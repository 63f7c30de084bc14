"""note: the human text of the review, by options or in an editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date as Date  # noqa: N812 - `date` is the option's name
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from jusou.cli import console
from jusou.cli.options import (
    ByOption,
    DateOption,
    DryRunOption,
    YearArgument,
    flag,
    mention_kept,
    mention_unseen,
    open_workspace,
    option,
    person,
    read_today,
)
from jusou.errors import DataError, JusouError, UsageError
from jusou.values.text import fold, quote, visible
from jusou.workspace import Workspace, read_year

if TYPE_CHECKING:
    from jusou.logs.dataset import Dataset, Note
    from jusou.values.fiscal_year import FiscalYear


class Writing(NamedTuple):
    """Whose texts are written, and how; ``subject`` is in any spelling."""

    workspace: Workspace
    year: FiscalYear
    subject: str
    recorded_by: str
    dry_run: bool
    today: Date


def note(
    context: typer.Context,
    year: YearArgument,
    subject: Annotated[
        str,
        typer.Argument(
            metavar="対象",
            help="指標・事業・取組の id か番号（sodan-2、(1)）。計画全体は plan。",
        ),
    ] = "",
    activity: Annotated[str | None, option("--activity", "文", "実施状況。")] = None,
    cause: Annotated[str | None, option("--cause", "文", "要因。")] = None,
    issue: Annotated[str | None, option("--issue", "文", "課題。")] = None,
    action: Annotated[str | None, option("--action", "文", "改善策。")] = None,
    course: Annotated[
        str | None, option("--course", "語", "方向性（拡充、現状維持など）。")
    ] = None,
    evaluation: Annotated[
        str | None, option("--evaluation", "記号", "評価。評価理由が必要です。")
    ] = None,
    evaluation_reason: Annotated[
        str | None, option("--evaluation-reason", "文", "評価理由。")
    ] = None,
    meeting: Annotated[
        str | None, option("--meeting", "文", "委員会意見の出た会議（第1回計画見直し会議など）。")
    ] = None,
    committee: Annotated[str | None, option("--committee", "文", "委員会意見。")] = None,
    response: Annotated[str | None, option("--response", "文", "対応方針。")] = None,
    action_status: Annotated[
        str | None, option("--action-status", "文", "前年度の改善策の状況。")
    ] = None,
    follow_up: Annotated[
        str | None, option("--follow-up", "文", "前年度の委員会意見の、その後の状況。")
    ] = None,
    first_half: Annotated[str | None, option("--first-half", "文", "上半期の取組状況。")] = None,
    forecast_cause: Annotated[
        str | None, option("--forecast-cause", "文", "年度末に目標を下回る見込みの要因。")
    ] = None,
    second_half: Annotated[str | None, option("--second-half", "文", "下半期の対応。")] = None,
    next_year: Annotated[
        str | None, option("--next-year", "文", "次年度への反映（予算・事業）。")
    ] = None,
    plan_summary: Annotated[
        str | None, option("--plan-summary", "文", "計画期間の総括（plan だけ）。")
    ] = None,
    next_plan_issues: Annotated[
        str | None, option("--next-plan-issues", "文", "次期計画に向けた課題（plan だけ）。")
    ] = None,
    handover: Annotated[
        str | None, option("--handover", "文", "引継ぎ（plan だけ。資料には載りません）。")
    ] = None,
    clear: Annotated[
        list[str] | None, option("--clear", "項目", "消す項目（要因など。くり返せます）。")
    ] = None,
    edit: Annotated[
        bool, flag("--edit", "編集ソフト（EDITOR、Windows ではメモ帳）で書きます。")
    ] = False,
    by: ByOption = None,
    dry_run: DryRunOption = False,
    date: DateOption = None,
) -> None:
    """Append texts of the review, from options or an editor; without any, show what stands."""
    from jusou.logs.cells import is_whole_plan

    # Each text is an option of its field's name: by name they are in the context.
    texts = _texts(context.params, clear or ())
    workspace, today = open_workspace(context), read_today(date)
    if not subject and not is_whole_plan(year):
        raise UsageError(
            "「対象」を指定してください。", "jusou note --help で使い方を確かめられます。"
        )
    chosen = read_year(year) if subject else _last_year(workspace, today)
    writing = Writing(workspace, chosen, subject or year, person(by), dry_run, today)
    if edit:
        _write_edited(writing, texts)
    elif texts:
        _write(writing, texts)
    else:
        from jusou.report.tables.receipt import note_table

        dataset, found = _find(writing)
        shown = dataset.plan.own(writing.year) if subject else None
        console.show_table(note_table(dataset, shown, found))


def _last_year(workspace: Workspace, today: Date) -> FiscalYear:
    """Return the year in which the whole plan is spoken of where none is given: the last over."""
    plan = workspace.plan()
    return max((each for each in plan.years if each.has_ended(today)), default=plan.info.start)


def _find(writing: Writing) -> tuple[Dataset, str]:
    """Return the data and the id of the subject. Raises JusouError."""
    from jusou.logs.cells import find_noted
    from jusou.plan.model import check_plan_year

    dataset = writing.workspace.load()
    check_plan_year(dataset.plan, writing.year)
    return dataset, find_noted(dataset.plan, writing.subject)


def _texts(given: Mapping[str, str | None], clear: Sequence[str]) -> dict[str, str]:
    """Return the texts given by field; those to clear are empty. Raises UsageError."""
    from jusou.logs.schema import NOTE_FIELDS

    texts = {name: text for name in NOTE_FIELDS if (text := given[name]) is not None}
    for name, text in texts.items():
        if not visible(text).strip():
            title = NOTE_FIELDS[name]
            raise UsageError(f"{title}が空です。", f"消すときは --clear {title} としてください。")
    names = {title: name for name, title in NOTE_FIELDS.items()}
    for title in clear:
        if title not in names:
            hint = f"{'、'.join(names)} のどれかです。"
            raise UsageError(f"--clear の項目{quote(title)}はありません。", hint)
        if texts.setdefault(names[title], ""):
            hint = "どちらか1つにしてください。"
            raise UsageError(f"{title}に、文と --clear の両方があります。", hint)
    return texts


def _write(writing: Writing, texts: Mapping[str, str], seen: Note | None = None) -> None:
    """Append what differs from what stands, and say so; ``seen`` is what the writer had before.

    Raises JusouError when a field has been changed since.
    """
    from jusou.entry.decide import EVERYTHING, Permission, RefusedError, decide
    from jusou.entry.notes import check_unchanged, read_note
    from jusou.logs.cells import find_noted
    from jusou.plan.model import WHOLE_PLAN
    from jusou.report.tables.receipt import note_receipt

    dry_run = writing.dry_run
    with writing.workspace.transaction(
        recorded_by=writing.recorded_by, dry_run=dry_run, today=writing.today
    ) as t:
        year = t.dataset.plan.own(writing.year)
        subject = find_noted(t.dataset.plan, writing.subject)
        if seen is not None:
            check_unchanged(seen, t.dataset.note(year, subject), texts)
        row = read_note(t.dataset.plan, year, subject, texts)
        decision = decide(t.dataset, row, Permission(EVERYTHING), writing.today)
        if decision.obstacle:
            raise RefusedError(decision)
        if decision.verdict.is_written:
            t.append(decision.row)
    mention_kept(t.kept, written=t.written)
    mention_unseen(texts.values())
    console.show_folded(note_receipt(t.dataset, decision, dry_run=dry_run))
    where = "引継ぎは jusou status" if subject == WHOLE_PLAN else f"評価表は jusou show {year}"
    console.tell(f"次: {where} で確かめられます。")


def _write_edited(writing: Writing, texts: Mapping[str, str]) -> None:
    """Let a person change the texts in an editor, those given as options on top, and write them.

    At a terminal the draft is opened again after a mistake. It is removed once its texts are
    written; until then it stays, and it is said where. Raises JusouError.
    """
    from jusou.entry.notes import draft_of, read_draft
    from jusou.report.tables.receipt import draft_head
    from jusou.storage.files import translated

    dataset, subject = _find(writing)
    year = dataset.plan.own(writing.year)
    seen = dataset.note(year, subject)
    about = draft_head(dataset, year, subject)
    draft = draft_of(dataset.plan, subject, about, seen._replace(**texts)).encode(
        "utf-8-sig", "replace"
    )
    with (
        translated(Path("下書き"), "書き込み"),
        tempfile.NamedTemporaryFile("wb", prefix="jusou-", suffix=".txt", delete=False) as file,
    ):
        file.write(draft)
    path = Path(file.name)
    before = read_draft(subject, draft.decode("utf-8-sig"))
    written = False
    try:
        while not written:
            content = _edit(path)
            try:
                after = read_draft(subject, _decoded(content))
                changed = {name: text for name, text in after.items() if text != before[name]}
                _write(writing, {**texts, **changed}, seen=seen)
                written = True
            except DataError:
                raise  # the draft cannot mend a log
            except JusouError as error:
                _offer_again(error)
    finally:
        if written and not writing.dry_run:
            with suppress(OSError):  # the editor may still hold it
                path.unlink()
        elif path.exists():
            console.tell(f"書いた内容は {path} に残しました。")
            console.tell("もう一度 --edit を付けて実行し、そこから写してください。")


def _offer_again(error: JusouError) -> None:
    """Ask whether to open the draft once more. Raises the error where nobody wants or can."""
    if not console.is_terminal():
        raise error
    console.tell_error(error)
    try:
        answer = console.ask("下書きをもう一度開くには Enter、やめるときは q を押してください: ")
    except EOFError:
        answer = "q"
    if fold(answer).lower() == "q":
        raise JusouError("記録していません。", "下書きは残っています。")


def _edit(path: Path) -> bytes:
    """Open a draft in the editor and return what it holds afterwards. Raises JusouError."""
    from jusou.storage.files import read_bytes

    before = read_bytes(path)
    command = _editor_command(path)
    try:
        done = subprocess.run(command, check=False)
    except OSError as error:
        name = command if isinstance(command, str) else command[0]
        hint = "環境変数 EDITOR に編集ソフトを設定するか、--activity などで入力してください。"
        raise JusouError(f"編集ソフト{quote(name)}を起動できません。", hint) from error
    if done.returncode:
        hint = f"編集ソフトの終了コードは {done.returncode} です。もう一度実行してください。"
        raise JusouError("編集ソフトがエラーで終わりました。", hint)
    content = read_bytes(path)
    if content == before and console.is_terminal():
        with suppress(EOFError):  # some editors return at once
            console.ask("書き終えて保存したら、Enter を押してください: ")
        content = read_bytes(path)
    return content


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise JusouError("下書きの文字を読み取れません。", "UTF-8 で保存してください。") from error


def _editor_command(path: Path) -> str | list[str]:
    editor = (os.environ.get("VISUAL") or os.environ.get("EDITOR") or "").strip()
    if sys.platform == "win32":  # a path there has backslashes, and its own rules of quoting
        return f'{editor or "notepad"} "{path}"'
    try:
        return [*shlex.split(editor or "vi"), str(path)]
    except ValueError as error:
        hint = "引用符が閉じているか確かめてください。"
        raise JusouError(f"環境変数 EDITOR{quote(editor)}は読めません。", hint) from error
