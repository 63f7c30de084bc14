"""Loads ``targets.yaml``: exact decimals, every mistake at once, each with line and column.

The YAML is read as text only: a scalar stays the characters that were typed until the plan's
own rules read it, so that no figure passes through float and nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from jusou.errors import DataError, Problem, Severity, quote
from jusou.plan import Plan
from jusou.plan_contradictions import Loc, contradictions
from jusou.storage.files import read_bytes

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_MAX_DEPTH = 32
_MAX_BYTES = 4_000_000
Position = tuple[int, int]


def load_plan(path: Path, shown: str) -> Plan:
    """Return the plan in ``path``; ``shown`` is the path that problems print.

    Raises DataError with every mistake found (a syntax error alone), JusouError when the file
    cannot be read.
    """
    text = _decode(read_bytes(path), shown)
    tree = _Tree(shown)
    try:
        raw = tree.build(yaml.parse(text, Loader=_Loader))
    except yaml.YAMLError as error:
        raise DataError([_syntax_problem(error, text, shown)]) from error
    problems = list(tree.problems)
    for loc, message, hint in contradictions(raw):
        problems.append(tree.problem(loc, message, hint))
    try:
        plan = Plan.model_validate(raw)
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems += [_rule_problem(tree, dict(detail)) for detail in details]
    if problems:
        raise DataError(sorted(problems, key=lambda found: (found.line or 0, str(found.column))))
    return plan


def _decode(content: bytes, shown: str) -> str:
    if len(content) > _MAX_BYTES:
        raise _whole_file(shown, "ファイルが大きすぎます。", "4MB 以内にしてください。")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _whole_file(
            shown, "UTF-8 の文字として読めません。", "文字コード UTF-8 で保存してください。", line
        ) from error
    if not text.strip():
        raise _whole_file(shown, "ファイルが空です。", "控えから戻してください。")
    for number, line_text in enumerate(text.splitlines(), 1):
        if line_text.startswith(("<<<<<<< ", ">>>>>>> ")):
            hint = "2つの版の食い違いが残っています。正しいほうだけを残してください。"
            raise _whole_file(shown, "競合の印が残っています。", hint, number)
    return text


def _whole_file(shown: str, message: str, hint: str, line: int | None = None) -> DataError:
    return DataError([Problem(Severity.ERROR, shown, line, None, message, hint)])


class _Tree:
    """Builds plain lists, dicts and texts from YAML events, keeping where each part stands."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.problems: list[Problem] = []
        self.places: dict[Loc, Position] = {}

    def build(self, events: Iterator[Any]) -> Any:
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, ())
                for rest in events:
                    if isinstance(rest, yaml.NodeEvent):
                        self._refuse(rest, "文書が2つあります。", "「---」の行を取ってください。")
                        return root
                return root
        return None

    def _node(self, event: Any, events: Iterator[Any], loc: Loc) -> Any:
        mark = event.start_mark
        self.places.setdefault(loc, (mark.line + 1, mark.column + 1))
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, "別名（*）は使えません。", "同じ内容をもう一度書いてください。")
            return None
        if event.anchor is not None:
            self._refuse(event, "アンカー（&）は使えません。", "& で始まる名前を取ってください。")
        if event.tag is not None:
            self._refuse(event, "タグ（!）は使えません。", "! で始まることばを取ってください。")
        if isinstance(event, yaml.ScalarEvent):
            return None if event.implicit[0] and event.value in _NULLS else event.value
        if len(loc) > _MAX_DEPTH:
            self._refuse(event, "入れ子が深すぎます。", "字下げを確かめてください。")
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
                key = ""
            repeated = key in mapping
            if repeated:
                hint = "どちらか1つだけを残してください。"
                self._refuse(event, f"項目{quote(key)}が重複しています。", hint)
            self.places[(*loc, key)] = (mark.line + 1, mark.column + 1)
            value = self._node(next(events), events, (*loc, key))
            if not repeated:
                mapping[key] = value
        return mapping

    def _refuse(self, event: Any, message: str, hint: str) -> None:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        self.problems.append(Problem(Severity.ERROR, self.shown, line, column, message, hint))

    def problem(self, loc: Loc, message: str, hint: str) -> Problem:
        """Return a problem at ``loc``, or at the nearest part around it that stands in the file."""
        while loc and loc not in self.places:
            loc = loc[:-1]
        line, column = self.places.get(loc, (1, 1))
        return Problem(Severity.ERROR, self.shown, line, column, message, hint)


def _rule_problem(tree: _Tree, detail: dict[str, Any]) -> Problem:
    loc = tuple(part for part in detail["loc"] if part != "[key]")
    name = next((part for part in reversed(loc) if isinstance(part, str)), "")
    found = detail["input"]
    context = detail.get("ctx", {})
    shown = quote(found) if isinstance(found, str) else "空欄" if found is None else "この内容"
    match detail["type"]:
        case "jusou" if isinstance(found, str) or found is None:
            return tree.problem(loc, f"{name}: {shown}は{context['message']}", context["hint"])
        case "jusou":
            return tree.problem(loc, context["message"], context["hint"])
        case "missing":
            return tree.problem(
                loc, f"必要な項目 {name} がありません。", f"{name}: を書いてください。"
            )
        case "extra_forbidden":
            message = f"項目{quote(name)}は使えません。"
            return tree.problem(loc, message, _unknown_key_hint(name))
        case "enum":
            words = str(context["expected"]).replace("'", "").replace(" or ", ", ")
            return tree.problem(loc, f"{name}: {shown}は使えません。", f"{words} のどれかです。")
        case "string_pattern_mismatch":
            hint = "published は 2026-03 の形です。"
            if name == "id":
                hint = "英小文字で始め、英小文字・数字・_・- だけを使ってください（例: sodan-1）。"
            return tree.problem(loc, f"{name}: {shown}は使えない書き方です。", hint)
        case "string_type" | "string_too_short":
            return tree.problem(
                loc, f"{name}: {shown}は文字として読めません。", "文字を書いてください。"
            )
        case "tuple_type" | "too_short":
            hint = "「- 」で始まる行を1つ以上並べてください。"
            return tree.problem(loc, f"{name}: 一覧になっていません。", hint)
        case "less_than_equal":
            return tree.problem(
                loc, f"{name}: {shown}は大きすぎます。", f"{context['le']} 以下です。"
            )
        case _:
            hint = "字下げと「項目名: 値」の形を確かめてください。"
            return tree.problem(loc, f"{name or 'ファイル全体'}: 形が正しくありません。", hint)


def _unknown_key_hint(name: str) -> str:
    if "：" in name:
        return "全角の「：」を、半角の「:」と空白1つに変えてください。"
    return "つづりを確かめてください。使える項目は docs/formats.md にあります。"


def _syntax_problem(error: yaml.YAMLError, text: str, shown: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.splitlines()
    hint = "字下げ、「:」の後の空白、引用符の閉じ忘れを確かめてください。"
    for number in (line, line - 1):
        found = lines[number - 1] if 0 < number <= len(lines) else ""
        if specific := _syntax_hint(found):
            line, hint = number, specific
            column = 1
            break
    message = (
        f"YAML として読めません。{quote(lines[line - 1].strip()) if line <= len(lines) else ''}"
    )
    return Problem(Severity.ERROR, shown, line, column, message, hint)


def _syntax_hint(line: str) -> str:
    if re.match(r"[ ]*\t", line):
        return "行の始めにタブがあります。字下げは半角の空白にしてください。"
    if "：" in line:
        return "全角の「：」を、半角の「:」と空白1つに変えてください。"
    if "　" in line[: len(line) - len(line.lstrip())]:
        return "行の始めに全角の空白があります。半角の空白にしてください。"
    if re.search(r":\s+[%@`]", unicodedata.normalize("NFC", line)):
        return '「%」「@」で始まる値は、"%" のように引用符で囲んでください。'
    return ""
