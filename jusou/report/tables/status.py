"""The tables and JSON of ``status``, and the text of a 再依頼."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from jusou.logs.schema import Basis
from jusou.plan.model import UNASSIGNED
from jusou.report import words
from jusou.report.document import Cell, Column, Kind, Table
from jusou.review.build import Review
from jusou.review.collection import Asked, Collection, State, may_be_asked, year_meant
from jusou.values.dates import parse_date, wareki

_WORDS = {
    State.ANSWERED: "回答済",
    State.INTERIM_AND_FORECAST: "中間・見込あり",
    State.FORECAST_ONLY: "見込のみ",
    State.INTERIM_ONLY: "中間のみ",
    State.PENDING: "未確定",
    State.LEFT_BLANK: "記入漏れ",
    State.ROW_MISSING: "行なし",
    State.NOT_TAKEN: "未取込",
    State.CANCELLED: "取消",
    State.UNANSWERED: "未回答",
}
_REASONS = {
    State.LEFT_BLANK: "いただいた照会票では空欄でした",
    State.ROW_MISSING: "いただいた照会票に、この指標の行がありませんでした",
    State.NOT_TAKEN: "いただいた数値に確認したい点があり、まだ記録していません",
    State.CANCELLED: "前にいただいた数値は、取り消しています",
}
_IN_PART = {
    State.FORECAST_ONLY: "9月末実績に確認したい点があり、まだ記録していません",
    State.INTERIM_ONLY: "年度末見込に確認したい点があり、まだ記録していません",
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
    if both := sum(each.state is State.INTERIM_AND_FORECAST for each in collection.asked):
        caption += f"　{_WORDS[State.INTERIM_AND_FORECAST]} {both}件"
    if form := collection.received:
        caption += f"　{form.kind}{form.edition}を{_day(form.recorded_at)}に受領"
    return caption


def _day(recorded_at: str) -> str:
    """Return a day in the Japanese calendar; what is no time as it stands."""
    try:
        return wareki(parse_date(recorded_at[:10]))
    except ValueError:
        return recorded_at


def _name(collection: Collection) -> str:
    return collection.reporter or UNASSIGNED


def _row(asked: Asked) -> tuple[Cell, ...]:
    state = _WORDS[asked.state]
    if asked.not_taken and asked.state not in (State.NOT_TAKEN, State.ANSWERED):
        state += "（未取込あり）"
    return (Cell(_title(asked)), Cell(state), Cell(_figure_words(asked)))


def _title(asked: Asked) -> str:
    return f"{asked.review.label} {asked.review.indicator.name}"


def _figure_words(asked: Asked) -> str:
    row, indicator = asked.review.current.row, asked.review.indicator
    if row is None:
        return words.NO_FIGURE.text
    if row.value is None:
        if asked.state is State.PENDING:  # which says already that it is 未確定
            return words.text_cell(row.remark).text
        return words.bracketed(row.basis, row.remark)
    shown = words.recorded(row, indicator)
    interim = asked.review.interim
    if asked.state is not State.INTERIM_AND_FORECAST or interim is None:
        return shown
    return f"{words.amount(interim.value, indicator, Basis.INTERIM).text}、{shown}"


def reminder(review: Review, collection: Collection) -> str | None:
    """Return the text of a 再依頼; None when nothing is outstanding, or nobody to write to."""
    outstanding = [each for each in collection.asked if each.outstanding]
    if not outstanding or collection.reporter is None:
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
            f"{year.long_name}の{what}について、次の指標のご回答をお待ちしています。"
            "お手数ですが、ご確認のうえご回答をお願いします。"
        )
        yield from (f"・{_title(each)}{_why(review, each)}" for each in missing)
    if pending:
        yield f"{year.long_name}の{what}のうち、次の指標は、確定しましたらお知らせください。"
        yield from (f"・{_title(each)}{_why(review, each)}" for each in pending)
    yield "行き違いでご回答いただいている場合は、ご容赦ください。"


def _why(review: Review, asked: Asked) -> str:
    """Return what is to be said of an indicator, in brackets: truly, it is a letter."""
    said = []
    if asked.state is State.PENDING:
        row = asked.review.current.row
        said = [row.remark] if row and row.remark else []
    elif asked.state is not State.UNANSWERED:
        said = [_REASONS.get(asked.state, _WORDS[asked.state])]
    if asked.not_taken and asked.state is not State.NOT_TAKEN:
        in_part = {} if review.year.has_ended(review.today) else _IN_PART
        said.append(in_part.get(asked.state, _REASONS[State.NOT_TAKEN]))
    return f"（{'。'.join(said)}）" if said else ""


def too_early(review: Review) -> str | None:
    """Return what to say of a year of which nothing can be asked yet; None for any other."""
    if may_be_asked(review):
        return None
    year, meant = review.year, year_meant(review)
    perhaps = f"{meant}（{meant.long_name}）ではありませんか。" if meant else ""
    return (
        f"{year}（{year.long_name}）の数値は、{wareki(year.interim_day)}までの分を"
        f"10月から照会します。{perhaps}"
    )


def status_json(review: Review, collections: Sequence[Collection]) -> dict[str, Any]:
    """``status --format json``: by reporter, the state of each indicator."""
    return {
        "year": str(review.year),
        "today": review.today.isoformat(),
        "sample": review.plan.info.sample,
        "reporters": [
            {
                "reporter": each.reporter,
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
        "not_taken": asked.not_taken,
        "outstanding": asked.outstanding,
        "basis": row.basis.value if row else None,
        "value": review.current.value,
        "interim": review.interim.value if review.interim else None,
        "remark": (row.remark or None) if row else None,
    }
