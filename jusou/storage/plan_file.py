"""Loads ``targets.yaml``: exact decimals, every mistake at once, each with line and column.

The YAML is read as text only: a scalar stays the characters that were typed until the plan's
own rules read it, so that no figure passes through float and nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import yaml
from pydantic import ValidationError

from jusou.errors import DataError, Problem
from jusou.plan.consistency import Finding, Loc, contradictions
from jusou.plan.model import Plan
from jusou.storage.plan_problems import TOO_DEEP, rule_words, syntax_problem
from jusou.values.text import quote

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_MAX_DEPTH = 32
_MAX_BYTES = 4_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_CONFLICT = re.compile(r"^(<{7}|>{7}) .*", re.MULTILINE)
Position = tuple[int, int]


def load_plan(content: bytes, shown: str) -> Plan:
    """Return the plan, given the bytes of its file; ``shown`` is the path that problems print.

    Raises DataError with every mistake found (a syntax error alone).
    """
    return _read(_decode(content, shown), shown)


@lru_cache(maxsize=1)
def _read(text: str, shown: str) -> Plan:
    """Return the plan in a text; who appends many rows meets the same text each time."""
    tree = _Tree(shown)
    try:
        raw = tree.build(yaml.parse(text, Loader=_Loader))
    except yaml.YAMLError as error:
        raise DataError([syntax_problem(error, text, shown)]) from error
    if raw is None and not tree.problems:
        raise _empty(shown)
    findings = list(contradictions(raw))
    try:
        plan = Plan.model_validate(raw)
    except ValidationError as error:
        findings += _broken_rules(error)
    problems = [*tree.problems, *(tree.problem(*each) for each in findings if tree.has(each[0]))]
    if problems:
        raise DataError(sorted(problems, key=_position))
    return plan


def _broken_rules(error: ValidationError) -> Iterator[Finding]:
    for detail in error.errors(include_url=False):
        loc = tuple(part for part in detail["loc"] if part != "[key]")
        name = next((part for part in reversed(loc) if isinstance(part, str)), "")
        if words := rule_words(dict(detail), name):
            yield (loc, *words)


def _position(problem: Problem) -> tuple[int, int]:
    column = problem.column if isinstance(problem.column, int) else 0
    return problem.line or 0, column


def _decode(content: bytes, shown: str) -> str:
    if len(content) > _MAX_BYTES:
        raise _refused(shown, None, "ファイルが大きすぎます。", "4MB 以内にしてください。")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()
        message = "UTF-8 の文字として読めません。"
        hint = "メモ帳などで開き、文字コードを UTF-8 にして保存し直してください。"
        raise _refused(shown, _end_of(before), message, hint) from error
    if not text.strip():
        raise _empty(shown)
    if control := _CONTROL.search(text):
        message = f"使えない文字（U+{ord(control[0]):04X}）があります。"
        hint = "その文字を消すか、控えから戻してください。"
        raise _refused(shown, _end_of(text[: control.start()]), message, hint)
    if mark := _CONFLICT.search(text):
        message = f"競合の印{quote(mark[0])}が残っています。"
        hint = "2つの版の食い違いが残っています。正しいほうだけを残してください。"
        raise _refused(shown, _end_of(text[: mark.start()]), message, hint)
    return text


def _end_of(text: str) -> Position:
    """Return the line and column that follow a text."""
    return text.count("\n") + 1, len(text) - text.rfind("\n")


def _empty(shown: str) -> DataError:
    return _refused(shown, None, "ファイルに内容がありません。", "控えから戻してください。")


def _refused(shown: str, position: Position | None, message: str, hint: str) -> DataError:
    line, column = position or (None, None)
    return DataError([Problem(message, hint, shown, line, column)])


class _Tree:
    """Builds plain lists, dicts and texts from YAML events, keeping where each part stands."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.problems: list[Problem] = []
        self.places: dict[Loc, Position] = {}
        self.refused: set[Loc] = set()

    def build(self, events: Iterator[Any]) -> Any:
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, ())
                for rest in events:
                    if isinstance(rest, yaml.NodeEvent):
                        hint = "1つの計画だけを残し、「---」の行を取ってください。"
                        self._refuse(rest, "「---」の後に2つ目の内容があります。", hint)
                        return root
                return root
        return None

    def _node(self, event: Any, events: Iterator[Any], loc: Loc) -> Any:
        mark = event.start_mark
        self.places.setdefault(loc, (mark.line + 1, mark.column + 1))
        if isinstance(event, yaml.AliasEvent):
            found = quote(f"*{event.anchor}")
            hint = "同じ内容をもう一度書いてください。"
            self._refuse(event, f"別名{found}は使えません。", hint)
            self.refused.add(loc)
            return None
        if event.anchor is not None:
            found = quote(f"&{event.anchor}")
            self._refuse(event, f"アンカー{found}は使えません。", f"{found}を取ってください。")
        if event.tag is not None:
            found = quote(event.tag.replace("tag:yaml.org,2002:", "!!"))
            self._refuse(event, f"タグ{found}は使えません。", f"{found}を取ってください。")
        if isinstance(event, yaml.ScalarEvent):
            return None if event.implicit[0] and event.value in _NULLS else event.value
        if len(loc) > _MAX_DEPTH:
            self._refuse(event, *TOO_DEEP)
            raise DataError(self.problems)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, loc)
        return self._mapping(events, loc)

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
            mark = event.start_mark
            key = self._node(event, events, (*loc, "(key)"))
            self.places.pop((*loc, "(key)"), None)
            if not isinstance(key, str):
                self._refuse(event, "項目名がありません。", "「項目名: 値」の形で書いてください。")
                self._node(next(events), events, (*loc, "(key)"))
                continue
            if key in mapping:
                hint = "どちらか1つだけを残してください。"
                self._refuse(event, f"項目{quote(key)}が重複しています。", hint)
            self.places.setdefault((*loc, key), (mark.line + 1, mark.column + 1))
            mapping.setdefault(key, self._node(next(events), events, (*loc, key)))
        return mapping

    def _refuse(self, event: Any, message: str, hint: str) -> None:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        self.problems.append(Problem(message, hint, self.shown, line, column))

    def has(self, loc: Loc) -> bool:
        """Tell whether the part at ``loc`` was read: what is said of a refused one is an echo."""
        return loc not in self.refused

    def problem(self, loc: Loc, message: str, hint: str) -> Problem:
        """Return a problem at ``loc``, or at the nearest part around it that stands in the file."""
        while loc and loc not in self.places:
            loc = loc[:-1]
        line, column = self.places.get(loc, (1, 1))
        return Problem(message, hint, self.shown, line, column)
