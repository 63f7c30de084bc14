"""The comments of ``targets.yaml``: what a city has not decided yet, and who decided the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from jusou.errors import Problem, warning

_UNDECIDED = "要確認"
_LIST = "（要確認）"
_COMMENT = re.compile(r"\s*#\s?(.*)")
_KEY = re.compile(r"\s*(?:- )?\{?\s*([a-z_]+):(?:.*?\s#\s*(.*))?")
_BULLET = re.compile(r"[・*-]\s*([^:：。]+)")
_NAMED = re.compile(r"[（(]([a-z_]+)[)）]")
_MARKED = re.compile(rf"\s*[^\s#].*\s#.*{_UNDECIDED}.*")
_TITLES = {
    "title": "計画の名称", "municipality": "市町村名", "start": "計画の最初の年度",
    "published": "公表年月", "scale": "達成度の区分", "rating": "達成度の区分",
    "review_trigger": "見直しを検討する基準", "courses": "今後の方向性の選択肢", "name": "名前",
    "label": "番号", "unit": "単位", "measure": "数え方", "direction": "よい方向",
    "reporter": "照会先", "baseline": "参考値", "targets": "目標値", "signed": "負の数",
    "maximum": "上限",
}  # fmt: skip


class Remark(NamedTuple):
    """A comment: its line, the key that it is about (or nothing), its words."""

    line: int
    key: str
    text: str
    undecided: bool


def read_remarks(text: str) -> Iterator[Remark]:
    """Yield the comments behind a key, or right above it, and the items of lists of 要確認.

    Such a list begins with a line that says （要確認）. Its items name what is meant, mostly with
    the key: 「達成度の区分（rating）: …」.
    """
    is_list, above = False, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        if comment := _COMMENT.fullmatch(line):
            said = comment[1]
            if bullet := _BULLET.match(said):
                if is_list:
                    key = _NAMED.search(bullet[1])
                    yield Remark(number, key[1] if key else "", bullet[1].strip(), True)
            elif not said[:1].isspace():
                is_list = _LIST in said
                above = [*above, said] if said and not is_list else []
            continue
        found = _KEY.match(line)
        if found and (words := "、".join(filter(None, (*above, found[2])))):
            yield Remark(number, found[1], words, _UNDECIDED in words)
        is_list, above = False, []


def title_of(key: str) -> str:
    """Return what a key of the plan is called where it is listed as undecided."""
    return _TITLES.get(key, key)


def undecided_values(text: str, path: str) -> Iterator[Problem]:
    """Yield one warning if values are still marked 要確認 behind them, with the lines of each key.

    What only a comment says is no value: a city's own list of what it has to decide.
    """
    lines: dict[str, list[int]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if _MARKED.fullmatch(line):
            key = _KEY.match(line)
            lines.setdefault(title_of(key[1]) if key else "そのほか", []).append(number)
    if lines:
        said = "、".join(
            f"{title} {'・'.join(map(str, found))}行目" for title, found in lines.items()
        )
        hint = "正しい内容に直し、「# 要確認」を消してください。"
        yield warning(f"「# 要確認」の行が残っています（{said}）。", hint, path)
