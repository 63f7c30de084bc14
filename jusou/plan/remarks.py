"""The comments of ``targets.yaml``: what a city has not decided yet, and who decided the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_UNDECIDED = "要確認"
_LIST = "（要確認）"
_COMMENT = re.compile(r"\s*#\s?(.*)")
_KEY = re.compile(r"\s*(?:- )?\{?\s*([a-z_]+):(?:.*?\s#\s*(.*))?")
_BULLET = re.compile(r"[・*-]\s*([^:：。]+)")
_NAMED = re.compile(r"[（(]([a-z_]+)[)）]")


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
