"""総括: what the figures come to in sentences, and how the programmes stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import compress
from typing import NamedTuple

from jusou.plan.model import Direction, Grade
from jusou.report import words
from jusou.report.document import (
    SUMMARY,
    Bullets,
    Cell,
    Column,
    ColumnOf,
    Columns,
    Kind,
    Section,
    Table,
    filled,
)
from jusou.review.assessment import Status, Tally, Unrated
from jusou.review.attainment import Judgement
from jusou.review.build import Review
from jusou.review.flags import Flag
from jusou.review.roll_up import Moves, RollUp

ROLL_UP = "roll-up"
NOT_DUE = "後年度"


class Line(NamedTuple):
    """A line of the roll-up: the programme of a number, or without one the whole plan."""

    title: str
    number: int | None
    counts: RollUp


def summary_section(review: Review) -> Section:
    """Return what stands on the first page: what the figures come to, and of which programmes."""
    return Section(SUMMARY, "総括", (Bullets(conclusion_words(review)), _roll_up(review)))


def conclusion_words(review: Review) -> tuple[str, ...]:
    """Return what the figures come to, in a few sentences, so that no good one stands alone."""
    summary, counts = review.summary, review.summary.roll_up
    if not counts.reported:
        return (_unrated_words(counts),)
    base = review.plan.baseline_name
    open_ = f"（ほかに見込・{words.COLLECTING}{counts.open}指標）" if counts.open else ""
    met = f"評価した{counts.reported}指標のうち{counts.met}指標が目標達成{open_}。"
    ways = "".join(
        f"{than}と比べ{_moves_words(moves)}。"
        for than, moves in (("前年度", summary.against_previous), (base, summary.against_baseline))
        if moves.incomparable < counts.indicators
    )
    if ways and counts.reported < counts.indicators:
        ways = f"全{counts.indicators}指標では、{ways}"
    return (
        f"{met}{ways}",
        *_met_words(review, base),
        *_standing_still_words(review, base),
        *_doubtful_words(review),
    )


def _unrated_words(counts: RollUp) -> str:
    """Return why nothing is rated: figures are still to come, or no target is due this year."""
    if counts.forecast:
        return (
            "確定・速報の値による評価はこれからです。"
            f"見込による達成率を{counts.forecast}指標で示します。"
        )
    if counts.not_due and not counts.open:
        return (
            "この年度に達成率を出す指標はありません"
            f"（目標か調査が後の年度にあるもの{counts.not_due}、対象外{counts.excluded}）。"
        )
    later = f"（ほかに、目標か調査が後の年度にあるもの{counts.not_due}）" if counts.not_due else ""
    return f"達成率の出た指標は、まだありません{later}。"


def _without_direction(review: Review) -> str:
    """Return what is said of planned volumes where there are any."""
    indicators = review.plan.indicators.values()
    planned = any(each.direction is Direction.NONE for each in indicators)
    return f"・{words.UNRATED[Unrated.NO_DIRECTION]}（計画量）" if planned else ""


def _moves_words(moves: Moves) -> str:
    """「改善12、悪化5、比較できないもの2」; what is neither better nor worse only where it is."""
    said = [f"改善{moves.improved}", f"悪化{moves.worsened}"]
    said += [f"増減なし{moves.unchanged}"] if moves.unchanged else []
    return "、".join([*said, f"比較できないもの{moves.incomparable}"])


def _met_words(review: Review, base: str) -> Iterator[str]:
    """Yield what has to be known of the targets that were met: they were low, or were lowered."""
    met = [each for each in review.indicators if each.current.is_met]
    ups = all(each.indicator.direction is Direction.UP for each in met)
    said = {
        f"は{base}{'を下回る' if ups else 'より悪化'}": Judgement.WORSE,
        f"は{base}から増減なし": Judgement.SAME,
    }
    parts = [
        f"{words.counted(found)}{what}"
        for what, judgement in said.items()
        if (found := [each for each in met if each.against_baseline is judgement])
    ]
    if lowered := [each for each in met if each.is_met_by_revision]:
        first = "、".join(f"{each.label}は{words.former_words(each)}" for each in lowered)
        shown = first if len(lowered) <= words.MOST_NAMED else ""
        what = f"{len(lowered)}指標は年度途中に変更した目標による達成"
        parts.append(words.bracketed(what, shown))
    if parts:
        yield f"達成した{len(met)}指標のうち{'、'.join(parts)}。"


def _doubtful_words(review: Review) -> Iterator[str]:
    """Yield which of the rated figures are open to doubt themselves."""
    rated = [each for each in review.indicators if each.current.tally is Tally.REPORTED]
    parts = [
        f"{words.labels(found) or f'{len(found)}指標'}は{words.FLAGS[flag]}"
        for flag in (Flag.AGGREGATION_UNCONFIRMED, Flag.CUMULATIVE_FELL)
        if (found := [each for each in rated if flag in each.flags])
    ]
    if parts:
        yield f"評価した指標のうち、{'、'.join(parts)}。"


def _standing_still_words(review: Review, base: str) -> Iterator[str]:
    """Yield how many targets are so near the baseline that standing still would be rated well."""
    there = [
        (each, each.standing_still.rating)
        for each in review.indicators
        if each.standing_still and each.current.status is not Status.ENDED
    ]
    ups = all(each.indicator.direction is Direction.UP for each, _ in there)
    *upper, _ = review.plan.scale
    for grade in upper:
        if found := [each for each, mark in there if mark == grade.mark]:
            yield (
                f"目標が{base}より{'高い' if ups else 'よい'}{len(there)}指標のうち"
                f"{words.counted(found)}は、{base}の値のままでも{grade.mark}になります。"
            )
            return


def _roll_up(review: Review) -> Table:
    def graded(grade: Grade) -> ColumnOf[Line]:
        return _count(rating_key(grade), grade.mark, lambda it: it.ratings[grade.mark])

    not_due = review.summary.roll_up.not_due
    columns: Columns[Line] = (
        (Column("programme", "事業", Kind.NAME), lambda it: Cell(it.title)),
        (Column("indicators", "指標数", Kind.NUMBER), _indicators_cell),
        *map(graded, review.plan.scale),
        (Column("met", "達成数／評価指標数", Kind.NUMBER, "達成／評価"), _met_cell),
        _count("forecast", "見込", lambda it: it.forecast),
        _count("pending", words.COLLECTING, lambda it: it.pending),
        _count("excluded", "対象外", lambda it: it.excluded),
        *([_count("not-due", NOT_DUE, lambda it: it.not_due)] if not_due else []),
        (Column("mean", "平均達成率", Kind.NUMBER), _mean_cell),
        _count("mean-of", "平均の指標数", lambda it: it.mean_of, "平均の数"),
    )
    counted = lines(review)
    said = {
        f"{words.scale_words(review.plan)}。"
        "達成数: 達成率100％以上の指標数。評価指標数: 確定・速報の値で達成度を付けた指標数。"
        f"対象外: 該当なし・測定不能・目標なし・算定不能{_without_direction(review)}。": True,
        f"{NOT_DUE}: 目標か調査が後の年度にある指標。": not_due,
        "平均達成率（各指標100％上限・参考）: 指標の単純平均（％）。": True,
        f"評価指標数が、対象外{f'と{NOT_DUE}' if not_due else ''}を除く指標数の"
        "半数に満たないときは示しません。": any(it.counts.capped_mean is None for it in counted),
        "見込は達成度の数と平均に含みません。": review.summary.roll_up.forecast,
    }
    legend = "".join(compress(said, said.values()))
    table = filled(columns, counted)
    return Table(ROLL_UP, "事業別の達成状況", *table, legend=legend, total=True)


def lines(review: Review) -> list[Line]:
    """Return what the roll-up counts: a line a programme, and their total."""
    numbers = review.plan.numbers
    programmes = ((each.programme, each.roll_up) for each in review.programmes)
    found = [Line(each.title, numbers[each.id], counts) for each, counts in programmes]
    return [*found, Line("計", None, review.summary.roll_up)]


def rating_key(grade: Grade) -> str:
    """Return the key of the column that counts a grade."""
    return f"rating-{grade.mark}"


def _count(
    key: str, title: str, counted: Callable[[RollUp], int | None], short: str = ""
) -> ColumnOf[Line]:
    return Column(key, title, Kind.NUMBER, short), lambda it: words.count(counted(it.counts))


def _indicators_cell(line: Line) -> Cell:
    """``18``, or where some have ended ``18（当初19、終了1）``."""
    counts, ended = line.counts, line.counts.ended
    aside = f"当初{counts.indicators + ended}、終了{ended}" if ended else ""
    return words.figure(Decimal(counts.indicators), aside=aside)


def _met_cell(line: Line) -> Cell:
    counts = line.counts
    return Cell(f"{counts.met}／{counts.reported}", f"{counts.reported}のうち{counts.met}")


def _mean_cell(line: Line) -> Cell:
    return words.percent(line.counts.capped_mean)
