"""A new ``targets.yaml`` as a person would type it, with 「# 要確認」 where something is open."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from jusou.plan.model import Loc

OPEN = "# 要確認"
# Anything else is quoted: a text that stands alone must not be a sign of YAML, nor begin with one.
_PLAIN = re.compile(
    r"(?:[^\W_]|[％‰（○]|-(?=\d))(?:[\w・、。（）％‰〜○／./%+-]|[ 　](?=[\w（「]))*"
)
_NULLS = ("null", "Null", "NULL")


class Written(NamedTuple):
    """A text of YAML, and the line of each part that is open, counted from 1."""

    text: str
    lines: Mapping[Loc, int]


def comments(source: str) -> tuple[str, ...]:
    """Return what stands at the head of a plan made from the file ``source``, or from none."""
    made = f"{source} から jusou init が作った計画です。" if source else "書き換えて使う例です。"
    return (
        "yaml-language-server: $schema=targets.schema.json",
        made,
        f"「{OPEN}」の行は、表に書かれていないために仮の値を入れたか、確かめてほしいところです。",
        f"正しい内容に直し、「{OPEN}」を消してください。直したら jusou check で確かめます。",
        "・文字コードは UTF-8 で保存し、字下げには半角の空白を使います（タブは使えません）。",
        "・数値は半角で、桁区切りのカンマや単位を付けずに書きます（例 2600）。",
        "・id は実績の記録と結び付くため、実績を記録した後は変えないでください。",
    )


def plan_yaml(root: Mapping[str, Any], opened: Mapping[Loc, str], head: Sequence[str]) -> Written:
    """Return a plan as YAML below comments; the parts that are ``opened`` are marked."""
    lines = [f"# {each}" for each in head]
    found: dict[Loc, int] = {}
    for key, value in root.items():
        lines.append("")
        for loc, line in _entry((key,), key, value, ""):
            is_open = loc in opened and loc not in found
            lines.append(f"{line}  {OPEN}" if is_open else line)
            if is_open:
                found[loc] = len(lines)
    return Written("".join(f"{each}\n" for each in lines), found)


def _entry(loc: Loc, key: str, value: Any, indent: str) -> Iterator[tuple[Loc, str]]:
    """Yield the lines of ``key: value``, each with the part that begins in it."""
    if _is_flow(loc, value):
        yield loc, f"{indent}{key}: {_flow(value)}"
        return
    yield loc, f"{indent}{key}:"
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _entry((*loc, name), name, each, f"{indent}  ")
        return
    for index, each in enumerate(value):
        own = (*loc, index)
        if _is_flow(own, each):
            yield own, f"{indent}  - {_flow(each)}"
            continue
        entries = (_entry((*own, name), name, part, "") for name, part in each.items())
        for order, (part_loc, line) in enumerate(chain.from_iterable(entries)):
            yield part_loc, f"{indent}  {'  ' if order else '- '}{line}"


def _is_flow(loc: Loc, value: Any) -> bool:
    """Tell whether a value stands on one line: all but the plan's head, programmes, indicators."""
    if isinstance(value, Mapping):
        nested = any(isinstance(each, list | Mapping) for each in value.values())
        return not nested and loc != ("plan",)
    return not (isinstance(value, list) and any(isinstance(each, Mapping) for each in value))


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if value is None:
        return "null"
    if _PLAIN.fullmatch(value) and value not in _NULLS:
        return str(value)
    return json.dumps(value, ensure_ascii=False)
