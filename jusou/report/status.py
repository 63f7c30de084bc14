"""The tables and JSON of ``status``, and the text of a 再依頼."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from jusou.collection import Asked, Collection, State
from jusou.forms.shape import UNASSIGNED
from jusou.records import Actual
from jusou.report import words
from jusou.report.document import Cell, Column, Kind, Table
from jusou.review import Review

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
            _caption(each),
            columns,
            tuple(_row(asked) for asked in each.asked),
        )
        for each in collections
    )


def _caption(collection: Collection) -> str:
    caption = f"{_name(collection)}　回答済 {collection.answered}／{len(collection.asked)}"
    if form := collection.received:
        caption += f"　{form.kind}{form.edition}を {form.recorded_at[:10]} に受領"
    return caption


def _name(collection: Collection) -> str:
    return collection.reporter or UNASSIGNED


def _row(asked: Asked) -> tuple[Cell, ...]:
    return (Cell(_title(asked)), Cell(_WORDS[asked.state]), Cell(_figure_words(asked)))


def _title(asked: Asked) -> str:
    return f"{asked.review.label} {asked.review.indicator.name}"


def _figure_words(asked: Asked) -> str:
    row, indicator = asked.review.current.row, asked.review.indicator
    if row is None:
        return words.NO_FIGURE.text
    if row.value is None:
        expected = asked.state is State.PENDING  # its state says already that it is 未確定
        return (row.remark or words.NO_FIGURE.text) if expected else _with_remark(row)
    return f"{words.with_unit(words.figure(row.value, indicator), indicator).text}（{row.basis}）"


def _with_remark(row: Actual) -> str:
    return f"{row.basis}（{row.remark}）" if row.remark else str(row.basis)


def reminder(review: Review, collection: Collection) -> str | None:
    """Return the text of a 再依頼 to a reporter; None when nothing is outstanding."""
    outstanding = [each for each in collection.asked if each.outstanding]
    if not outstanding:
        return None
    return "\n".join(_reminder(review, collection, outstanding))


def _reminder(
    review: Review, collection: Collection, outstanding: Sequence[Asked]
) -> Iterator[str]:
    year = review.year
    yield f"{_name(collection)} 御中"
    what = "実績" if year.has_ended(review.today) else "中間実績と年度末の見込み"
    pending = [each for each in outstanding if each.state is State.PENDING]
    missing = [each for each in outstanding if each.state is not State.PENDING]
    if missing:
        yield (
            f"{year.long_name}の{what}について、次の指標のご回答がまだ届いていないようです。"
            "お手数ですが、ご確認のうえご回答をお願いします。"
        )
        yield from (f"・{_title(each)}{_why(each)}" for each in missing)
    if pending:
        yield f"{year.long_name}の{what}のうち、次の指標は、確定しましたらお知らせください。"
        yield from (f"・{_title(each)}{_why(each)}" for each in pending)
    yield "行き違いでご回答いただいている場合は、ご容赦ください。"


def _why(asked: Asked) -> str:
    match asked.state:
        case State.UNANSWERED:
            return ""
        case State.LEFT_BLANK:
            return "（いただいた照会票では空欄でした）"
        case State.PENDING:
            row = asked.review.current.row
            return f"（{row.remark}）" if row and row.remark else ""
    return f"（{_WORDS[asked.state]}）"


def status_json(review: Review, collections: Sequence[Collection]) -> dict[str, Any]:
    """``status --format json``: by reporter, the state of each indicator."""
    return {
        "year": str(review.year),
        "today": review.today.isoformat(),
        "sample": review.plan.info.sample,
        "reporters": [
            {
                "reporter": _name(each),
                "received": _received_json(each),
                "indicators": [_asked_json(asked) for asked in each.asked],
                "reminder": reminder(review, each),
            }
            for each in collections
        ],
    }


def _received_json(collection: Collection) -> dict[str, Any] | None:
    form = collection.received
    if form is None:
        return None
    return {
        "recorded_at": form.recorded_at,
        "kind": str(form.kind),
        "edition": form.edition,
        "file": form.file,
        "filled_by": form.filled_by,
    }


def _asked_json(asked: Asked) -> dict[str, Any]:
    review = asked.review
    row = review.current.row
    return {
        "id": review.indicator.id,
        "label": review.label,
        "name": review.indicator.name,
        "state": asked.state.value,
        "outstanding": asked.outstanding,
        "basis": row.basis.value if row else None,
        "value": review.current.value,
        "remark": (row.remark or None) if row else None,
    }
