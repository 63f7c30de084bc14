"""Loads ``targets.yaml``: exact figures, every mistake at once, each with line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter

from jusou.errors import DataError, Problem
from jusou.logs.rows import unseen
from jusou.plan.model import Plan
from jusou.values.text import quote, visible

_MAX_BYTES = 4_000_000
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_CONFLICT = re.compile(r"^(<{7}|>{7}) .*", re.MULTILINE)


def load_plan(content: bytes, shown: str) -> Plan:
    """Return the plan, given the bytes of its file; ``shown`` is the path that problems print.

    Raises DataError with every mistake of the YAML and of the plan's shape, or with every
    contradiction in a plan without such.
    """
    from jusou.plan.shape import PlanError, read_plan  # only here: pydantic and yaml are slow
    from jusou.storage.plan_yaml import Tree

    tree = Tree(visible(_decode(content, shown)), shown)
    problems = tree.problems
    if tree.root is None and not problems:
        raise _empty(shown)
    try:
        plan = read_plan(tree.root)
    except PlanError as error:
        problems += tree.located(error.findings)
    if problems:
        raise DataError(sorted(problems, key=attrgetter("line", "column")))
    lines = {
        each.subject: tree.line((*each.part, "targets"))
        for each in plan.names
        if each.subject in plan.indicators
    }
    return replace(plan, lines=lines)


def unseen_in_plan(content: bytes, shown: str) -> Iterator[Problem]:
    """Yield a warning where characters that nobody sees stand in a plan that can be read."""
    text = content.decode("utf-8-sig")
    for number, line in enumerate(text.split("\n"), 1) if visible(text) != text else ():
        if visible(line) != line:
            yield unseen(shown, number)
            return


def _decode(content: bytes, shown: str) -> str:
    if len(content) > _MAX_BYTES:
        raise _refused(shown, "ファイルが大きすぎます。", "4MB 以内にしてください。")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = "UTF-8 の文字として読めません。"
        hint = "メモ帳などで開き、文字コードを UTF-8 にして保存し直してください。"
        raise _refused(shown, message, hint, error.object[: error.start].decode()) from error
    if not text.strip():
        raise _empty(shown)
    if control := CONTROL.search(text):
        message = f"使えない文字（U+{ord(control[0]):04X}）があります。"
        hint = "その文字を消すか、控えから戻してください。"
        raise _refused(shown, message, hint, text[: control.start()])
    if mark := _CONFLICT.search(text):
        message = f"競合の印{quote(mark[0])}が残っています。"
        hint = "2つの版の食い違いが残っています。正しいほうだけを残してください。"
        raise _refused(shown, message, hint, text[: mark.start()])
    return text


def _empty(shown: str) -> DataError:
    return _refused(shown, "ファイルに内容がありません。", "控えから戻してください。")


def _refused(shown: str, message: str, hint: str, before: str | None = None) -> DataError:
    """Return why a file is not read on: as a whole, or at the end of the text ``before``."""
    line = column = None
    if before is not None:
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return DataError([Problem(message, hint, shown, line, column)])
