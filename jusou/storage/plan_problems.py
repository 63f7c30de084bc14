"""What is wrong in ``targets.yaml``, in words: from the YAML reader's and pydantic's errors."""

from __future__ import annotations

import difflib
import re
from typing import Any

import yaml

from jusou.errors import Problem
from jusou.plan.model import (
    Grade,
    Indicator,
    Initiative,
    Plan,
    PlanInfo,
    Programme,
    Rating,
    ReviewTrigger,
)
from jusou.values.text import quote

_START = yaml.Mark("", 0, 0, 0, None, 0)
_PARTS = (Plan, PlanInfo, Rating, Grade, ReviewTrigger, Programme, Initiative, Indicator)
_COLON_HINT = "全角の「：」を、半角の「:」と空白1つに変えてください。"
TOO_DEEP = ("入れ子が深すぎます。", "字下げと括弧を確かめてください。")
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_LINE_FAULTS = (
    (r" *\t", "行の始めにタブがあります。字下げは半角の空白にしてください。"),
    (r" *　", "行の始めに全角の空白があります。半角の空白にしてください。"),
    (r"""[^:：#"']*：""", _COLON_HINT),
    (r"""[^:#"']*:\s+[%@`]""", '「%」や「@」で始まる値は、"%" のように引用符で囲んでください。'),
    (r"[\w\s-]*:(?=\S)", "「:」の後に半角の空白を1つ入れてください。"),
)
_CONTEXT_FAULTS = {
    "quoted scalar": "引用符（\" や '）を閉じてください。",
    "flow mapping": "「{」に合う「}」と、間の「,」を確かめてください。",
    "flow sequence": "「[」に合う「]」と、間の「,」を確かめてください。",
}


def rule_words(detail: dict[str, Any], name: str) -> tuple[str, str] | None:
    """Return message and hint for a finding of pydantic on the part called ``name``.

    None when it only echoes another: to pydantic a list with mistakes inside is also too short.
    """
    found = detail["input"]
    context = detail.get("ctx", {})
    kind = detail["type"]
    if kind == "too_short" and len(found) >= context["min_length"]:
        return None
    match kind:
        case "jusou" if "[key]" in detail["loc"]:
            return f"targets: 項目{quote(name)}は{context['message']}", _year_hint(name, context)
        case "jusou":
            return f"{name}: {_shown(found)}は{context['message']}", context["hint"]
        case "missing":
            return f"必要な項目 {name} がありません。", f"「{name}:」を書いてください。"
        case "extra_forbidden":
            return f"項目{quote(name)}は使えません。", _unknown_key_hint(name)
        case "enum":
            words = "・".join(re.findall(r"'(\w+)'", str(context["expected"])))
            return f"{name}: {_shown(found)}は使えません。", f"{words} のどれかを書いてください。"
        case "string_pattern_mismatch" if name == "id":
            hint = "英小文字で始め、英小文字・数字・_・- だけで書いてください（例: jigyo-1）。"
            return f"id: {quote(found)}は使えない書き方です。", hint
        case "string_pattern_mismatch":
            hint = "2026-03 か 2026-03-31 の形で書いてください。"
            return f"{name}: {quote(found)}は使えない書き方です。", hint
        case "less_than_equal":
            hint = f"{context['le']} 以下の数を書いてください。"
            return f"{name}: {_shown(found)}は大きすぎます。", hint
        case "greater_than_equal":
            hint = f"{context['ge']} 以上の数を書いてください。"
            return f"{name}: {_shown(found)}は小さすぎます。", hint
    return _shape_words(kind, name or "ファイル全体", found)


def _shown(found: Any) -> str:
    if found in _EMPTY:
        return "空欄"
    if isinstance(found, dict):
        return "「項目名: 値」の並び"
    return "一覧（「- 」の並び）" if isinstance(found, list) else quote(str(found))


def _shape_words(kind: str, name: str, found: Any) -> tuple[str, str]:
    if kind.startswith("string"):
        wanted, hint = "文字", "文字を書いてください。"
    elif kind in ("tuple_type", "too_short"):
        wanted, hint = "一覧", "「- 」で始まる行か [ ] の中に、1つ以上並べてください。"
    else:
        wanted, hint = "「項目名: 値」の形", "字下げと「項目名: 値」の形を確かめてください。"
    if isinstance(found, str) and "：" in found:
        hint = _COLON_HINT
    instead = "" if found in _EMPTY else f"{wanted}ではなく、"
    return f"{name}: {instead}{_shown(found)}になっています。", hint


def _year_hint(name: str, context: dict[str, Any]) -> str:
    if name.isdigit():
        return "2,600 のような桁区切りのカンマは使えません。2600 のように書いてください。"
    if re.match(r"R\d+:", name):
        return "「:」の後に半角の空白を1つ入れてください。"
    return str(context["hint"])


def _unknown_key_hint(name: str) -> str:
    if "：" in name:
        return _COLON_HINT
    known = [field.alias or key for part in _PARTS for key, field in part.model_fields.items()]
    near = difflib.get_close_matches(name, known, 1, 0.6)
    perhaps = f"{near[0]} ではありませんか。" if near else ""
    return f"{perhaps}使える項目は docs/formats.md にあります。"


def syntax_problem(error: yaml.YAMLError, text: str, shown: str) -> Problem:
    """Return what keeps a text from being YAML, where it most probably is."""
    lines = text.splitlines()
    end = getattr(error, "problem_mark", None) or _START
    begin = getattr(error, "context_mark", None) or end
    line, column = end.line, end.column
    if "nesting depth" in str(getattr(error, "problem", "")):  # libyaml's own limit
        return Problem(*TOO_DEEP, shown, line + 1, column + 1)
    hint = "字下げ、「:」の後の空白、引用符の閉じ忘れを確かめてください。"
    for words, remedy in _CONTEXT_FAULTS.items():
        if words in str(getattr(error, "context", "")):
            line, column, hint = begin.line, begin.column, remedy
    for number in (end.line, begin.line, end.line - 1):
        if 0 <= number < len(lines) and (fault := _line_fault(lines[number])):
            line, (column, hint) = number, fault
            break
    found = f"{quote(lines[line].strip())}は " if line < len(lines) else ""
    message = f"{found}YAML として読めません。"
    return Problem(message, hint, shown, line + 1, column + 1)


def _line_fault(line: str) -> tuple[int, str] | None:
    """Return the column and the remedy of what people commonly mistype in a line."""
    for pattern, remedy in _LINE_FAULTS:
        if match := re.match(pattern, line):
            return match.end() - 1, remedy
    return None
