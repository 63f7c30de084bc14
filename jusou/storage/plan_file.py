"""Loads ``targets.yaml``: exact figures, every mistake at once, each with line and column.

The YAML is read as it was typed: plain lists, dicts and texts, with the place of each part. A
scalar stays the characters that were typed until the plan's own rules read it, so that no figure
passes through float and nothing is guessed. Null alone is read: it is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from operator import attrgetter
from typing import Any

import yaml

from jusou.errors import DataError, Problem
from jusou.plan.consistency import Finding
from jusou.plan.model import Loc, Plan
from jusou.plan.shape import FULL_WIDTH_COLON_HINT, PlanError, read_plan
from jusou.values.text import quote, visible

_MAX_BYTES = 4_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_CONFLICT = re.compile(r"^(<{7}|>{7}) .*", re.MULTILINE)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_MAX_DEPTH = 32
_TOO_DEEP = ("入れ子が深すぎます。", "字下げと括弧を確かめてください。")
_START = yaml.Mark("", 0, 0, 0, None, 0)
_LINE_FAULTS = (
    (r" *\t", "行の始めにタブがあります。字下げは半角の空白にしてください。"),
    (r" *　", "行の始めに全角の空白があります。半角の空白にしてください。"),
    (r"""[^:：#"']*：""", FULL_WIDTH_COLON_HINT),
    (r"""[^:#"']*:\s+[%@`]""", '「%」や「@」で始まる値は、"%" のように引用符で囲んでください。'),
    (r"[\w\s-]*:(?=\S)", "「:」の後に半角の空白を1つ入れてください。"),
)
_CONTEXT_FAULTS = {
    "quoted scalar": "引用符（\" や '）を閉じてください。",
    "flow mapping": "「{」に合う「}」と、間の「,」を確かめてください。",
    "flow sequence": "「[」に合う「]」と、間の「,」を確かめてください。",
}


def load_plan(content: bytes, shown: str) -> Plan:
    """Return the plan, given the bytes of its file; ``shown`` is the path that problems print.

    Raises DataError with every mistake of the YAML and of the plan's shape, or with every
    contradiction in a plan without such.
    """
    try:
        return _plan(content)
    except DataError as error:
        raise DataError(each._replace(path=shown) for each in error.problems) from error


def _plan(content: bytes) -> Plan:
    tree = Tree(visible(_decode(content)))
    problems = tree.problems
    if tree.root is None and not problems:
        raise _empty()
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


def _decode(content: bytes) -> str:
    if len(content) > _MAX_BYTES:
        raise _refused("ファイルが大きすぎます。", "4MB 以内にしてください。")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = "UTF-8 の文字として読めません。"
        hint = "メモ帳などで開き、文字コードを UTF-8 にして保存し直してください。"
        raise _refused(message, hint, error.object[: error.start].decode()) from error
    if not text.strip():
        raise _empty()
    if control := _CONTROL.search(text):
        message = f"使えない文字（U+{ord(control[0]):04X}）があります。"
        hint = "その文字を消すか、控えから戻してください。"
        raise _refused(message, hint, text[: control.start()])
    if mark := _CONFLICT.search(text):
        message = f"競合の印{quote(mark[0])}が残っています。"
        hint = "2つの版の食い違いが残っています。正しいほうだけを残してください。"
        raise _refused(message, hint, text[: mark.start()])
    return text


def _empty() -> DataError:
    return _refused("ファイルに内容がありません。", "控えから戻してください。")


def _refused(message: str, hint: str, before: str | None = None) -> DataError:
    """Return why a file is not read on: as a whole, or at the end of the text ``before``."""
    line = column = None
    if before is not None:
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return DataError([Problem(message, hint, line=line, column=column)])


class Tree:
    """What a text holds: ``root``, and the ``problems`` of what must not stand in a plan.

    Raises DataError with the syntax error that keeps the text from being YAML.
    """

    def __init__(self, text: str) -> None:
        self.problems: list[Problem] = []
        self._marks: dict[Loc, yaml.Mark] = {}
        self._refused: set[Loc] = set()
        try:
            self.root = self._document(yaml.parse(text, Loader=_LOADER))
        except yaml.YAMLError as error:
            raise DataError([_syntax_problem(error, text)]) from error

    def located(self, findings: Iterable[Finding]) -> Iterator[Problem]:
        """Yield each finding where its part stands, or the nearest part around it in the file.

        What is said of a part that was refused already is passed over: it is an echo.
        """
        for loc, message, hint in findings:
            if loc not in self._refused:
                yield _problem(self._mark(loc), message, hint)

    def line(self, loc: Loc) -> int:
        """Return the line of a part, or of the nearest part around it in the file."""
        line: int = self._mark(loc).line + 1
        return line

    def _mark(self, loc: Loc) -> yaml.Mark:
        ends = range(len(loc), -1, -1)
        return next(self._marks[loc[:end]] for end in ends if loc[:end] in self._marks)

    def _document(self, events: Iterator[Any]) -> Any:
        nodes = (event for event in events if isinstance(event, yaml.NodeEvent))
        first = next(nodes, None)
        if first is None:
            return None
        root = self._node(first, events, ())
        if second := next(nodes, None):
            hint = "1つの計画だけを残し、「---」の行を取ってください。"
            self._refuse(second, "「---」の後に2つ目の内容があります。", hint)
        return root

    def _node(self, event: Any, events: Iterator[Any], loc: Loc) -> Any:
        """Return what starts with an event, and take its other events from ``events``."""
        self._marks.setdefault(loc, event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            hint = "同じ内容をもう一度書いてください。"
            self._refuse(event, f"別名{quote(f'*{event.anchor}')}は使えません。", hint)
            self._refused.add(loc)
            return None
        if event.anchor is not None:
            found = quote(f"&{event.anchor}")
            self._refuse(event, f"アンカー{found}は使えません。", f"{found}を取ってください。")
        if event.tag is not None:
            found = quote(event.tag.replace("tag:yaml.org,2002:", "!!"))
            self._refuse(event, f"タグ{found}は使えません。", f"{found}を取ってください。")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if len(loc) > _MAX_DEPTH:
            self._refuse(event, *_TOO_DEEP)
            raise DataError(self.problems)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, loc)
        return self._mapping(events, loc)

    def _scalar(self, event: Any) -> str | None:
        """Return what was typed; what an escape stands for is held to the rules of the file."""
        text: str = event.value
        if event.implicit[0] and text in _NULLS:
            return None
        if event.style != '"':  # no escape can stand there
            return text
        if control := _CONTROL.search(text):
            message = f"使えない文字（U+{ord(control[0]):04X}）があります。"
            self._refuse(event, message, "「\\」で始まる、その文字の指定を消してください。")
        return visible(text)

    def _sequence(self, events: Iterator[Any], loc: Loc) -> list[Any]:
        items: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, events, (*loc, len(items))))
        return items

    def _mapping(self, events: Iterator[Any], loc: Loc) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, events, (*loc, -1))  # beside the places of all values
            if not isinstance(key, str):
                self._refuse(event, "項目名がありません。", "「項目名: 値」の形で書いてください。")
                self._node(next(events), events, (*loc, -1))
                continue
            if key in mapping:
                hint = "どちらか1つだけを残してください。"
                self._refuse(event, f"項目{quote(key)}が重複しています。", hint)
            self._marks.setdefault((*loc, key), event.start_mark)
            mapping.setdefault(key, self._node(next(events), events, (*loc, key)))
        return mapping

    def _refuse(self, event: Any, message: str, hint: str) -> None:
        self.problems.append(_problem(event.start_mark, message, hint))


def _problem(mark: yaml.Mark, message: str, hint: str) -> Problem:
    return Problem(message, hint, line=mark.line + 1, column=mark.column + 1)


def _syntax_problem(error: yaml.YAMLError, text: str) -> Problem:
    """Return what keeps a text from being YAML, where it most probably is."""
    lines = text.splitlines()
    end = getattr(error, "problem_mark", None) or _START
    begin = getattr(error, "context_mark", None) or end
    if "nesting depth" in str(getattr(error, "problem", "")):  # libyaml's own limit
        return _problem(end, *_TOO_DEEP)
    line, column = end.line, end.column
    hint = "字下げ、「:」の後の空白、引用符の閉じ忘れを確かめてください。"
    for words, remedy in _CONTEXT_FAULTS.items():
        if words in str(getattr(error, "context", "")):
            line, column, hint = begin.line, begin.column, remedy
    for number in (end.line, begin.line, end.line - 1):
        if 0 <= number < len(lines) and (fault := _line_fault(lines[number])):
            line, (column, hint) = number, fault
            break
    found = f"{quote(lines[line].strip())}は " if line < len(lines) else ""
    mark = yaml.Mark("", 0, line, column, None, 0)
    return _problem(mark, f"{found}YAML として読めません。", hint)


def _line_fault(line: str) -> tuple[int, str] | None:
    """Return the column and the remedy of what people commonly mistype in a line."""
    for pattern, remedy in _LINE_FAULTS:
        if match := re.match(pattern, line):
            return match.end() - 1, remedy
    return None
