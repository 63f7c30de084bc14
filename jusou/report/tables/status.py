"""The tables and JSON of ``status``, and the text of a 再依頼."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from jusou.forms.layout import interim_title
from jusou.logs.schema import Basis
from jusou.plan.model import UNASSIGNED
from jusou.report import words
from jusou.report.document import Cell, Column, Columns, Kind, Table, filled
from jusou.report.writers.json import pick
from jusou.review.build import Review
from jusou.review.collection import Asked, Collection, State, may_be_asked, year_meant
from jusou.values.dates import parse_date, wareki

_STATES = {
    State.ANSWERED: "回答済",
    State.INTERIM_AND_FORECAST: "中間・見込あり",
    State.FORECAST_ONLY: "見込のみ",
    State.INTERIM_ONLY: "中間のみ",
    State.PENDING: "未確定",
    State.LEFT_BLANK: "記入漏れ",
    State.ROW_MISSING: "行なし",
    State.NOT_TAKEN: "未取込",
    State.CANCELLED: "取消",
    State.LOST: "記録消失",
    State.UNANSWERED: "未回答",
    State.NOT_ASKED: "対象外の年度",
}
_REASONS = {
    State.LEFT_BLANK: "いただいた照会票では空欄でした",
    State.ROW_MISSING: "いただいた照会票に、この指標の行がありませんでした",
    State.NOT_TAKEN: "いただいた数値に確認したい点があり、まだ記録していません",
    State.CANCELLED: "前にいただいた数値は、取り消しています",
}
_IN_PART = {
    State.FORECAST_ONLY: "{interim}に確認したい点があり、まだ記録していません",
    State.INTERIM_ONLY: "年度末見込に確認したい点があり、まだ記録していません",
}
_COLUMNS: Columns[Asked] = (
    (Column("name", "指標", Kind.NAME), lambda it: words.name_cell(it.review)),
    (Column("state", "状況", Kind.TEXT), lambda it: Cell(_state_words(it))),
    (Column("figure", "内容", Kind.TEXT), lambda it: Cell(_figure_words(it))),
)


def status_tables(collections: Sequence[Collection]) -> tuple[Table, ...]:
    """Return who has reported: one table a reporter."""
    return tuple(
        Table(each.reporter or UNASSIGNED, _caption(each), *filled(_COLUMNS, each.asked))
        for each in collections
    )


def _caption(collection: Collection) -> str:
    answered = f"回答済 {collection.answered}／{collection.due}"
    said = [collection.reporter or UNASSIGNED, answered]
    if both := sum(each.state is State.INTERIM_AND_FORECAST for each in collection.asked):
        said.append(f"{_STATES[State.INTERIM_AND_FORECAST]} {both}件")
    if form := collection.received:
        said.append(f"{form.kind}{form.edition}を{_day(form.recorded_at)}に受領")
    return "　".join(said)


def _day(recorded_at: str) -> str:
    """Return a day in the Japanese calendar; what is no time as it stands."""
    try:
        return wareki(parse_date(recorded_at[:10]))
    except ValueError:
        return recorded_at


def _state_words(asked: Asked) -> str:
    if asked.state is State.NOT_ASKED:
        return words.state(asked.review.current, asked.review.indicator)
    partly = asked.not_taken and asked.state not in (State.NOT_TAKEN, State.ANSWERED)
    return words.bracketed(_STATES[asked.state], "未取込あり" if partly else "")


def _figure_words(asked: Asked) -> str:
    row, indicator, interim = asked.review.current.row, asked.review.indicator, asked.review.interim
    if row is None:
        return words.NO_FIGURE.text
    if asked.state is State.PENDING:  # which says already that it is 未確定
        return row.remark or words.NO_FIGURE.text
    if row.value is None:
        return words.bracketed(row.basis, row.remark)
    shown = words.recorded(row, indicator)
    if interim and asked.state is State.INTERIM_AND_FORECAST:
        return f"{words.amount(interim.value, indicator, Basis.INTERIM).text}、{shown}"
    return shown


def reminder(review: Review, collection: Collection) -> str | None:
    """Return the text of a 再依頼; None when nothing is outstanding, or nobody to write to."""
    outstanding = [each for each in collection.asked if each.outstanding]
    if not outstanding or collection.reporter is None:
        return None
    return "\n".join((f"{collection.reporter} 御中", *_letter(review, outstanding)))


def _letter(review: Review, outstanding: Sequence[Asked]) -> Iterator[str]:
    year = review.year
    what = f"{year.long_name}の{'中間実績と年度末の見込み' if review.is_running else '実績'}"
    pending = [each for each in outstanding if each.state is State.PENDING]
    missing = [each for each in outstanding if each.state is not State.PENDING]
    wanted = (
        "について、次の指標のご回答をお待ちしています。"
        "お手数ですが、ご確認のうえご回答をお願いします。"
    )
    expected = "のうち、次の指標は、確定しましたらお知らせください。"
    for asked, sentence in ((missing, wanted), (pending, expected)):
        if asked:
            yield what + sentence
            yield from (_line(review, each) for each in asked)
    yield "行き違いでご回答いただいている場合は、ご容赦ください。"


def _line(review: Review, asked: Asked) -> str:
    """Return an indicator with what is to be said of it, truly, for it is a letter."""
    said = []
    if asked.state is State.PENDING:
        row = asked.review.current.row
        said.append(row.remark if row else "")
    elif asked.state is State.INTERIM_ONLY and review.is_running and not asked.not_taken:
        said.append("年度末見込をまだいただいていません")
    elif asked.state is not State.UNANSWERED:
        said.append(_REASONS.get(asked.state, _STATES[asked.state]))
    if asked.not_taken and asked.state is not State.NOT_TAKEN:
        in_part = _IN_PART.get(asked.state) if review.is_running else None
        reason = in_part or _REASONS[State.NOT_TAKEN]
        said.append(reason.format(interim=interim_title(review.year)))
    name = words.name_cell(asked.review).text
    return words.bracketed(f"・{name}", "。".join(filter(None, said)))


def lost(collections: Sequence[Collection]) -> str | None:
    """Return what to say where answers that were taken are in no log any more."""
    asked = (each for collection in collections for each in collection.asked)
    if not any(each.state is State.LOST for each in asked):
        return None
    return (
        f"「{_STATES[State.LOST]}」は、回答を取り込んだ後に、その行が記録からなくなった指標です。"
        "jusou check で確かめ、控えを戻すか、取り込み直すか、入力し直してください"
        "（再依頼は要りません）。"
    )


def too_early(review: Review) -> str | None:
    """Return what to say of a year of which nothing can be asked yet; None for any other."""
    if may_be_asked(review):
        return None
    year, meant = review.year, year_meant(review)
    perhaps = f"{meant}（{meant.long_name}）ではありませんか。" if meant else ""
    return (
        f"{year}（{year.long_name}）の数値は、{wareki(year.interim_day)}までの分を"
        f"{year.interim_day.month + 1}月から照会します。{perhaps}"
    )


def status_json(review: Review, collections: Sequence[Collection]) -> dict[str, Any]:
    """Return ``status --format json``: by reporter, the state of each indicator."""
    form = ("recorded_at", "kind", "edition", "file", "filled_by")
    return {
        "year": review.year,
        "today": review.today,
        "sample": review.plan.info.sample,
        "reporters": [
            {
                "reporter": each.reporter,
                "received": each.received and {key: getattr(each.received, key) for key in form},
                "indicators": list(map(_asked_json, each.asked)),
                "reminder": reminder(review, each),
            }
            for each in collections
        ],
    }


def _asked_json(asked: Asked) -> dict[str, Any]:
    review = asked.review
    return {
        "id": review.indicator.id,
        "label": review.label,
        "name": review.indicator.name,
        **pick(asked, "state", "not_taken", "outstanding"),
        **pick(review.current.row, "basis"),
        "value": review.current.value,
        "interim": review.interim and review.interim.value,
        **pick(review.current.row, "remark"),
    }
