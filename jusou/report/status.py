"""The tables and JSON of ``status``, and the text of a 再依頼."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jusou.collection import Asked, Collection, State
from jusou.fiscal_year import FiscalYear
from jusou.report import words
from jusou.report.document import Cell, Column, Kind, Table
from jusou.review import Review

UNASSIGNED = "照会先未設定"
_WORDS = {
    State.ANSWERED: "回答済",
    State.FORECAST_ONLY: "見込のみ",
    State.INTERIM_ONLY: "中間のみ",
    State.PENDING: "未確定",
    State.LEFT_BLANK: "記入漏れ",
    State.UNANSWERED: "未回答",
}


def status_tables(collections: Sequence[Collection]) -> tuple[Table, ...]:
    """Who has reported: one table a reporter."""
    columns = (
        Column("name", "指標", Kind.NAME),
        Column("state", "状況", Kind.TEXT),
        Column("figure", "内容", Kind.TEXT),
    )
    return tuple(
        Table(
            each.reporter or UNASSIGNED,
            f"{each.reporter or UNASSIGNED}　回答済 {each.answered}／{len(each.asked)}",
            columns,
            tuple(_row(asked) for asked in each.asked),
        )
        for each in collections
    )


def _row(asked: Asked) -> tuple[Cell, ...]:
    return (Cell(_name(asked)), Cell(_WORDS[asked.state]), Cell(_figure_words(asked)))


def _name(asked: Asked) -> str:
    return f"{asked.review.label} {asked.review.indicator.name}"


def _figure_words(asked: Asked) -> str:
    row, indicator = asked.review.current.row, asked.review.indicator
    if row is None:
        return words.NO_FIGURE.text
    if row.value is None:
        return f"{row.basis}（{row.remark}）" if row.remark else str(row.basis)
    return f"{words.with_unit(words.figure(row.value, indicator), indicator).text}（{row.basis}）"


def reminders(collections: Sequence[Collection], year: FiscalYear) -> tuple[str, ...]:
    """Return the text of a 再依頼 for each reporter with something outstanding."""
    texts = []
    for each in collections:
        if not each.outstanding:
            continue
        items = [
            f"・{_name(asked)}（{_WORDS[asked.state]}）{_expected(asked)}"
            for asked in each.outstanding
        ]
        texts.append(
            "\n".join(
                [
                    f"{each.reporter or UNASSIGNED} 御中",
                    f"{year.long_name}の実績について、次の指標のご回答をお願いします。",
                    *items,
                    "すでにご回答いただいている場合は、行き違いをお許しください。",
                ]
            )
        )
    return tuple(texts)


def _expected(asked: Asked) -> str:
    row = asked.review.current.row
    return f" {row.remark}" if asked.state is State.PENDING and row and row.remark else ""


def status_json(review: Review, collections: Sequence[Collection]) -> dict[str, Any]:
    """``status --format json``: by reporter, the state of each indicator."""
    return {
        "year": str(review.year),
        "today": review.today.isoformat(),
        "sample": review.plan.info.sample,
        "reporters": [
            {
                "reporter": each.reporter or UNASSIGNED,
                "received_at": each.received.recorded_at if each.received else None,
                "indicators": [_asked_json(asked) for asked in each.asked],
                "reminder": next(iter(reminders([each], review.year)), None),
            }
            for each in collections
        ],
    }


def _asked_json(asked: Asked) -> dict[str, Any]:
    review = asked.review
    row = review.current.row
    return {
        "id": review.indicator.id,
        "label": review.label,
        "name": review.indicator.name,
        "state": asked.state.value,
        "basis": row.basis.value if row else None,
        "value": review.current.value,
        "remark": (row.remark or None) if row else None,
    }
