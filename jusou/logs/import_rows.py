"""Reads the rows of ``imports.csv``: which files came back, and what of them was taken."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from jusou.errors import JusouError
from jusou.logs.cells import find_indicator, read_year
from jusou.logs.schema import IMPORTS, PLAIN_TABLE, FormKind, Import, Taken
from jusou.plan.model import Plan
from jusou.values.text import quote

_COUNT = re.compile("[0-9]{1,9}")
_DIGEST = re.compile("[0-9a-f]{64}")
_TAKEN = re.compile("(\\S+) (\\S+) ([0-9a-f]{8}) (.+)")
_HINT = "jusou が書いた行です。控えから戻してください。"


def read_import(plan: Plan, cells: Sequence[str], path: str = "", line: int = 0) -> Import:
    """Return a row of the log of imports, given its cells in the log's order.

    Raises JusouError with the column of what is wrong.
    """
    texts = dict(zip(IMPORTS.columns, map(str.strip, cells), strict=True))
    year = read_year(texts["年度"], calendar=plan.info.start.calendar)
    years = plan.log_years
    if year not in years:
        message = f"年度{quote(texts['年度'])}は計画の年度ではありません。"
        hint = f"使える年度は {years[0]} から {years[-1]} までです。"
        raise JusouError(message, hint, column="年度")
    kind, left, digest = texts["種類"], texts["取込不可"], texts["SHA256"]
    if kind not in (*FormKind, PLAIN_TABLE):
        hint = f"{'・'.join((*FormKind, PLAIN_TABLE))} のどれかです。"
        raise JusouError(f"種類{quote(kind)}は使えません。", hint, column="種類")
    indicators = _ids(plan, texts, "指標")
    blank, missing, pending = (_ids(plan, texts, each) for each in ("空欄", "行なし", "未取込"))
    for column, found in (("空欄", blank), ("行なし", missing), ("未取込", pending)):
        if strange := [each for each in found if each not in indicators]:
            message = f"{column}の {strange[0]} が、列「指標」にありません。"
            raise JusouError(message, _HINT, column=column)
    if _COUNT.fullmatch(left) is None:
        hint = "取り込めなかったものの数です。なければ 0 としてください。"
        raise JusouError(f"取込不可{quote(left)}は数ではありません。", hint, column="取込不可")
    if _DIGEST.fullmatch(digest) is None:
        message = f"SHA256{quote(digest)}は64桁の16進数ではありません。"
        raise JusouError(message, _HINT, column="SHA256")
    return Import(
        year=year,
        reporter=texts["照会先"],
        kind=None if kind == PLAIN_TABLE else FormKind(kind),
        edition=texts["版"],
        indicators=indicators,
        blank=blank,
        missing=missing,
        pending=pending,
        left=int(left),
        file=texts["ファイル名"],
        digest=digest,
        filled_by=texts["記入者"],
        recorded_at=texts["記録日時"],
        recorded_by=texts["入力者"],
        remark=texts["備考"],
        taken=_taken(texts["記録"]),
        path=path,
        line=line,
    )


def _ids(plan: Plan, texts: Mapping[str, str], column: str) -> tuple[str, ...]:
    return tuple(find_indicator(plan, each, column).id for each in texts[column].split())


def _taken(text: str) -> tuple[Taken, ...]:
    """Read what was taken of a file; see ``schema.Taken``."""
    found = []
    for each in text.split("; ") if text else ():
        match = _TAKEN.fullmatch(each)
        if match is None:
            raise JusouError(f"記録{quote(each)}は読めません。", _HINT, column="記録")
        subject, items, digest, cell = match.groups()
        found.append(Taken(subject, tuple(items.split("・")), digest, cell))
    return tuple(found)
