"""A row of ``imports.csv``: its rules, for reading and for writing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jusou.errors import quote
from jusou.logs.cells import CellError, read_year
from jusou.logs.rows import RowReader
from jusou.logs.schema import FormKind, Import
from jusou.plan.model import Plan
from jusou.values.fiscal_year import FiscalYear

PLAIN_TABLE = "表"
_DIGEST = re.compile("[0-9a-f]{64}")
_HINT = "jusou が書いた行です。控えから戻してください。"


def read_received(plan: Plan, cells: Sequence[str]) -> Import:
    """Read a row of the log of imports. Raises CellError."""
    (
        recorded_at, year, reporter, kind, edition, asked, blank, missing, pending,
        left, file, digest, filled_by, recorded_by, remark,
    ) = map(str.strip, cells)  # fmt: skip
    indicators = _ids(plan, "指標", asked)
    return Import(
        year=_year(plan, year),
        reporter=reporter,
        kind=_kind(kind),
        edition=edition,
        indicators=indicators,
        blank=_some("空欄", _ids(plan, "空欄", blank), indicators),
        missing=_some("行なし", _ids(plan, "行なし", missing), indicators),
        pending=_some("未取込", _ids(plan, "未取込", pending), indicators),
        left=_count(left),
        file=file,
        digest=_digest(digest),
        filled_by=filled_by,
        recorded_at=recorded_at,
        recorded_by=recorded_by,
        remark=remark,
    )


def received_cells(received: Import) -> list[str]:
    """Return the row as it is written to the log."""
    return [
        received.recorded_at,
        str(received.year),
        received.reporter,
        str(received.kind or PLAIN_TABLE),
        received.edition,
        " ".join(received.indicators),
        " ".join(received.blank),
        " ".join(received.missing),
        " ".join(received.pending),
        str(received.left),
        received.file,
        received.digest,
        received.filled_by,
        received.recorded_by,
        received.remark,
    ]


def _year(plan: Plan, text: str) -> FiscalYear:
    year = read_year(text)
    if year not in plan.log_years:
        years = plan.log_years
        hint = f"使える年度は {years[0]} から {years[-1]} までです。"
        raise CellError("年度", f"年度{quote(text)}は計画の年度ではありません。", hint)
    return year


def _kind(text: str) -> FormKind | None:
    if text == PLAIN_TABLE:
        return None
    if text not in list(FormKind):
        hint = f"{'・'.join((*FormKind, PLAIN_TABLE))} のどれかです。"
        raise CellError("種類", f"種類{quote(text)}は使えません。", hint)
    return FormKind(text)


def _ids(plan: Plan, column: str, text: str) -> tuple[str, ...]:
    reader = RowReader(plan, "", [])
    try:
        return tuple(reader.indicator(each).id for each in text.split())
    except CellError as refused:
        raise CellError(column, refused.message, refused.hint) from None


def _some(column: str, found: tuple[str, ...], asked: tuple[str, ...]) -> tuple[str, ...]:
    """Return ids that must be among those asked for."""
    if strange := [each for each in found if each not in asked]:
        message = f"{column}の {strange[0]} が、列「指標」にありません。"
        raise CellError(column, message, _HINT)
    return found


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        hint = "取り込めなかったものの数です。なければ 0 としてください。"
        raise CellError("取込不可", f"取込不可{quote(text)}は数ではありません。", hint)
    return int(text)


def _digest(text: str) -> str:
    if _DIGEST.fullmatch(text) is None:
        raise CellError("SHA256", f"SHA256{quote(text)}は64桁の16進数ではありません。", _HINT)
    return text
