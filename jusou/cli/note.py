"""note: the human text of the review, by options or in an editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jusou.cli import console
from jusou.cli.common import (
    DryRunOption,
    YearArgument,
    open_workspace,
    read_year,
    stamp_now,
    user_name,
)
from jusou.errors import JusouError, UsageError

if TYPE_CHECKING:
    from jusou.data import Data
    from jusou.records import Import
    from jusou.storage.collection import Batch


def note(
    context: typer.Context,
    year: YearArgument,
    subject: Annotated[
        str, typer.Argument(metavar="対象", help="指標・事業・取組の id か番号（sodan-2、(1)）。")
    ],
    activity: Annotated[
        str | None, typer.Option("--activity", metavar="文", help="実施状況。")
    ] = None,
    cause: Annotated[str | None, typer.Option("--cause", metavar="文", help="要因。")] = None,
    issue: Annotated[str | None, typer.Option("--issue", metavar="文", help="課題。")] = None,
    action: Annotated[str | None, typer.Option("--action", metavar="文", help="改善策。")] = None,
    course: Annotated[
        str | None, typer.Option("--course", metavar="語", help="方向性（拡充、現状維持など）。")
    ] = None,
    evaluation: Annotated[
        str | None, typer.Option("--evaluation", metavar="記号", help="評価。評価理由が必要です。")
    ] = None,
    evaluation_reason: Annotated[
        str | None, typer.Option("--evaluation-reason", metavar="文", help="評価理由。")
    ] = None,
    committee: Annotated[
        str | None, typer.Option("--committee", metavar="文", help="委員会意見。")
    ] = None,
    response: Annotated[
        str | None, typer.Option("--response", metavar="文", help="対応方針。")
    ] = None,
    clear: Annotated[
        list[str] | None,
        typer.Option("--clear", metavar="項目", help="消す項目（要因など。くり返せます）。"),
    ] = None,
    edit: Annotated[
        bool, typer.Option("--edit", help="編集ソフト（EDITOR、Windows ではメモ帳）で書きます。")
    ] = False,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="名前", help="入力者。省くとパソコンの利用者名です。"),
    ] = None,
    dry_run: DryRunOption = False,
) -> None:
    """評価表の記述（実施状況、要因、課題、改善策など）を書きます。省くと今の記述を表示します。"""
    from jusou.notes import draft_of, note_cells, read_draft, read_note
    from jusou.report.note_table import note_receipt, note_table
    from jusou.report.screen import render_table
    from jusou.rows import find_subject
    from jusou.storage.collection import Batch, append_batch

    chosen = read_year(year)
    given = {
        "activity": activity, "cause": cause, "issue": issue, "action": action,
        "course": course, "evaluation": evaluation, "evaluation_reason": evaluation_reason,
        "committee": committee, "response": response,
    }  # fmt: skip
    texts = {name: text for name, text in given.items() if text is not None}
    texts |= dict.fromkeys(_fields(clear or ()), "")
    workspace = open_workspace(context)
    data = workspace.load()
    found = find_subject(data.plan, subject)
    if edit:
        title = f"{chosen.long_name} {data.plan.subjects[found]}"
        texts |= _edited(draft_of(title, data.note(chosen, found)), read_draft)
    if not texts:
        table = note_table(data, chosen, found)
        console.show("\n".join(line.rstrip() for line in render_table(table, console.width())))
        return
    said = ""

    def compose(data: Data, imports: Sequence[Import]) -> Batch:
        nonlocal said
        row = read_note(data, chosen, found, texts)
        said = note_receipt(data, row, dry_run=dry_run)
        if dry_run or not row.texts:
            return Batch()
        name = user_name() if by is None else by
        return Batch(notes={chosen: [note_cells(data, row, stamp_now(), name)]})

    append_batch(workspace, compose)
    console.show(said)


def _fields(titles: Sequence[str]) -> list[str]:
    from jusou.records import NOTE_FIELDS

    names = {heading: name for name, heading in NOTE_FIELDS.items()}
    for title in titles:
        if title not in names:
            raise UsageError(
                f"--clear の項目「{title}」はありません。", f"{'、'.join(names)} のどれかです。"
            )
    return [names[title] for title in titles]


def _edited(draft: str, read: Callable[[str], dict[str, str]]) -> dict[str, str]:
    """Open a draft in the editor and read it back; what cannot be read is kept in its file."""
    with tempfile.NamedTemporaryFile("wb", suffix=".txt", delete=False) as file:
        file.write(draft.encode("utf-8-sig"))
    path = Path(file.name)
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    command = shlex.split(editor) if editor else ["notepad" if sys.platform == "win32" else "vi"]
    try:
        done = subprocess.run([*command, str(path)], check=False)
    except OSError as error:
        raise JusouError(
            f"編集ソフト「{command[0]}」を起動できません。",
            "EDITOR に編集ソフトを設定するか、--activity などで入力してください。",
        ) from error
    try:
        if done.returncode:
            raise JusouError("編集ソフトがエラーで終わりました。", "もう一度実行してください。")
        texts = read(path.read_text(encoding="utf-8-sig"))
    except (JusouError, UnicodeDecodeError) as error:
        hint = error.hint if isinstance(error, JusouError) else "UTF-8 で保存してください。"
        message = error.message if isinstance(error, JusouError) else "文字を読み取れません。"
        raise JusouError(message, f"{hint}書いた内容は {path} に残しました。") from error
    path.unlink()
    return texts


COMMANDS = (note,)
