"""What the order of a log's rows tells: that it was sorted, or merged with an older copy.

記録日時 never decides what stands, for people leave it out and clocks are wrong. But rows are only
ever appended, so where it goes back something has happened to the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import chain, groupby
from typing import Any

from jusou.errors import Problem, warning
from jusou.logs.dataset import Dataset, Rows, fold_notes
from jusou.logs.schema import (
    CLEAR,
    NOTE_FIELDS,
    OPINION_FIELDS,
    Actual,
    Basis,
    ReviewNote,
    Revision,
    Row,
)
from jusou.logs.slots import figure_words, slot_of
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear
from jusou.values.moments import parse_moment
from jusou.values.text import quote

_DAY = timedelta(days=1)


def rows_that_go_back(rows: Rows) -> Iterator[Problem]:
    """Yield a warning for each log in which a 記録日時 is over a day before that of the row above.

    What cannot be read is passed over.
    """
    for path, log in _logs(rows):
        if found := _first_back(log):
            above, row = found
            before = f"{above.line}行目（{_day(above)}）"
            message = f"記録日時（{_day(row)}）が、{before}より前に戻っています。"
            hint = (
                "並べ替えたり、古い控えの行を足したりすると、有効な行が変わります。"
                "控え（.bak など）か記録日時の順に戻してください。"
                "パソコンの時計が違っていただけなら、そのままでかまいません。"
            )
            yield warning(message, hint, path, row.line, "記録日時")


def rows_after(dataset: Dataset, today: date, year: FiscalYear | None = None) -> list[Row]:
    """Return the rows that are used although they were recorded after the day taken as today.

    Of a ``year`` they are those that its review takes into account.
    """
    rows = without_later_opinions(dataset, today).rows
    every = chain[Actual | ReviewNote | Revision](rows.actuals, rows.notes, rows.revisions)

    def is_used(row: Actual | ReviewNote | Revision) -> bool:
        if year is None:
            return True
        return row.decided_on <= year.last_day if isinstance(row, Revision) else row.year <= year

    return [row for row in every if is_used(row) and _is_after(row, today)]


def _is_after(row: Row, today: date) -> bool:
    moment = parse_moment(row.recorded_at)
    return moment is not None and moment.first.date() > today


def without_later_opinions(dataset: Dataset, today: date) -> Dataset:
    """Return the data without what meetings said after a day: no paper of that day can know it."""

    def known(row: ReviewNote) -> ReviewNote:
        if row.texts.keys().isdisjoint(OPINION_FIELDS) or not _is_after(row, today):
            return row
        rest = {name: text for name, text in row.texts.items() if name not in OPINION_FIELDS}
        return row._replace(texts=rest)

    notes = tuple(each for each in map(known, dataset.rows.notes) if each.texts)
    if notes == dataset.rows.notes:
        return dataset
    return replace(dataset, rows=dataset.rows._replace(notes=notes), texts=fold_notes(notes))


def _logs(rows: Rows) -> Iterator[tuple[str, Iterator[Row]]]:
    """Yield each log that has rows, by its path."""
    every = chain[Row](rows.actuals, rows.notes, rows.revisions, rows.imports)
    return groupby(every, key=lambda row: row.path)


def _first_back(rows: Iterator[Row]) -> tuple[Row, Row] | None:
    above, stamp = None, ""
    for row in rows:
        if row.recorded_at[:10] == stamp:  # of the same day
            above = row
            continue
        moment = parse_moment(row.recorded_at)
        if moment is None:
            continue
        before = parse_moment(above.recorded_at) if above else None
        if above and before and before.first - moment.last > _DAY:
            return above, row
        above, stamp = row, row.recorded_at[:10]
    return None


def _day(row: Row) -> str:
    moment = parse_moment(row.recorded_at)
    assert moment
    return wareki(moment.first.date())


def repeated_rows(rows: Rows) -> Iterator[Problem]:
    """Yield a warning for each log in which rows stand twice, at the first of them."""
    for path, log in _logs(rows):
        seen: dict[str, int] = {}
        again = []
        for row in log:
            first = seen.setdefault(str(row._replace(line=0)), row.line)
            if first != row.line:
                again.append((row.line, first))
        if again:
            line, first = again[0]
            more = f"ほかにも、同じ行が{len(again) - 1}行あります。" if again[1:] else ""
            message = f"{first}行目とまったく同じ行です。{more}"
            hint = "控えの行をもう一度足していないか確かめ、余分な行は消してください。"
            yield warning(message, hint, path, line)


def rows_behind_their_correction(dataset: Dataset) -> Iterator[Problem]:
    """Yield a warning for each row that stands though one above it was recorded later.

    Both speak of the same figure or text, so the one above is most probably its correction.
    """
    figures: dict[Hashable, list[Actual]] = defaultdict(list)
    for row in dataset.rows.actuals:
        figures[row.year, row.indicator].append(row)
    for own in figures.values():
        indicator = dataset.plan.indicators[own[0].indicator]
        cancelled = Basis.CANCELLED  # it empties every slot
        for slot in dict.fromkeys(slot_of(each) for each in own if each.basis is not cancelled):
            rivals = [each for each in own if slot_of(each) == slot or each.basis is cancelled]
            yield from _behind(rivals, partial(figure_words, indicator))
    notes: dict[Hashable, list[ReviewNote]] = defaultdict(list)
    for note in dataset.rows.notes:
        notes[note.year, note.subject].append(note)
    for given in notes.values():
        for name, title in NOTE_FIELDS.items():
            texts = [each for each in given if name in each.texts]
            yield from _behind(texts, partial(_text_words, name, title))


def _text_words(name: str, title: str, note: ReviewNote) -> str:
    return f"{title}{quote(note.texts[name] or CLEAR)}"


def _behind(
    rivals: Sequence[Actual | ReviewNote], words: Callable[[Any], str]
) -> Iterator[Problem]:
    """Yield a warning if the last of some rows is not the newest, and says something else."""
    if len(rivals) < 2:
        return
    *above, row = rivals
    own = parse_moment(row.recorded_at)
    later = [
        (moment.first, each.line, each)
        for each in above
        if own and (moment := parse_moment(each.recorded_at)) and moment.first > own.last
    ]
    if not later:
        return
    newest = max(later)[-1]
    said, stands = words(newest), words(row)
    if said != stands:
        line = newest.line
        message = f"この行の「{stands}」が有効ですが、後から記録された{line}行目は「{said}」です。"
        hint = f"{line}行目が正しければ、元の順に戻すか、その内容をもう一度記録してください。"
        yield warning(message, hint, row.path, row.line)
