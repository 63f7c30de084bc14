"""総括: how the programmes stand, what is unmet, what may be revised, what is still to come."""

from __future__ import annotations

from collections.abc import Callable

from jusou.plan.model import UNASSIGNED, Grade, ReviewTrigger
from jusou.report import words
from jusou.report.document import (
    SUMMARY,
    Cell,
    Column,
    ColumnOf,
    Columns,
    Kind,
    Section,
    Table,
    filled,
)
from jusou.report.sections.indicators import ATTAINMENT
from jusou.review.assessment import Status, Tally
from jusou.review.build import Candidate, IndicatorReview, ProgrammeReview, Review, Side

ROLL_UP = "roll-up"
MOST_UNMET = 5
_NONE_RATED = "達成率の出た指標は、まだありません。"


def summary_section(review: Review) -> Section:
    """Return what stands on the first page; 見直し候補 only where the plan has a trigger."""
    trigger = review.plan.review_trigger
    candidates = (_candidates(review, trigger),) if trigger else ()
    return Section(
        SUMMARY, "総括", (_roll_up(review), _unmet(review), *candidates, _pending(review))
    )


def _roll_up(review: Review) -> Table:
    def graded(grade: Grade) -> ColumnOf[ProgrammeReview]:
        return _count(rating_key(grade), grade.mark, lambda it: it.ratings[grade.mark])

    columns: Columns[ProgrammeReview] = (
        (Column("programme", "事業", Kind.NAME), lambda it: Cell(it.programme.title)),
        _count("indicators", "指標数", lambda it: len(it.indicators)),
        *map(graded, review.plan.scale),
        (Column("met", "達成／報告", Kind.NUMBER), _met_cell),
        _count("forecast", "見込", lambda it: it.forecast),
        _count("pending", words.COLLECTING, lambda it: it.pending),
        _count("excluded", "対象外", lambda it: it.excluded),
        (Column("mean", "平均達成率", Kind.NUMBER), lambda it: words.percent(it.capped_mean)),
    )
    legend = (
        f"{words.scale_words(review.plan)}。"
        "達成／報告: 達成率100％以上の指標数／報告のあった指標数。"
        "対象外: 該当なし・測定不能・目標なし・算定不能。"
        "平均達成率（各指標100％上限・参考）の単位は％。見込は達成度の数と平均に含みません。"
    )
    return Table(ROLL_UP, "事業別の達成状況", *filled(columns, review.programmes), legend=legend)


def rating_key(grade: Grade) -> str:
    """Return the key of the column that counts a grade."""
    return f"rating-{grade.mark}"


def _count(
    key: str, title: str, counted: Callable[[ProgrammeReview], int]
) -> ColumnOf[ProgrammeReview]:
    return Column(key, title, Kind.NUMBER), lambda it: words.count(counted(it))


def _met_cell(each: ProgrammeReview) -> Cell:
    return Cell(f"{each.met}／{each.reported}", f"{each.reported}のうち{each.met}")


def _unmet(review: Review) -> Table:
    columns: Columns[IndicatorReview] = (
        (Column("name", "指標", Kind.NAME), words.title_cell),
        (Column("target", "目標", Kind.NUMBER), words.target_cell),
        *ATTAINMENT,
    )
    rated = [each for each in review.indicators if each.current.tally is Tally.REPORTED]
    unmet = [each for each in rated if not each.current.is_met]
    unmet.sort(key=lambda each: each.current.attainment or 0)
    rest = len(unmet) - MOST_UNMET
    more = f"ほかに未達 {rest} 指標（指標一覧のとおり）。" if rest > 0 else ""
    return Table(
        "unmet",
        "主な未達",
        *filled(columns, unmet[:MOST_UNMET]),
        legend=f"達成率の低い順。{more}",
        empty="未達の指標はありません。" if rated else _NONE_RATED,
    )


def _candidates(review: Review, trigger: ReviewTrigger) -> Table:
    columns: Columns[Candidate] = (
        (Column("name", "指標", Kind.NAME), lambda it: words.name_cell(it.review)),
        (Column("kind", "区分", Kind.TEXT), _candidate_cell),
        (Column("evidence", "根拠", Kind.REMARK), lambda it: _evidence_cell(review, trigger, it)),
    )
    legend = (
        f"参考基準: 達成率が{trigger.years}年続けて{trigger.low}％以下、または{trigger.high}％以上"
        "（確定・速報）。見直すかどうかは会議で判断します。"
    )
    judged = any(each.current.status is Status.REPORTED for each in review.indicators)
    return Table(
        "candidates",
        "見直し候補・経過観察",
        *filled(columns, review.candidates),
        legend=legend,
        empty="該当する指標はありません。" if judged else _NONE_RATED,
    )


def _candidate_cell(each: Candidate) -> Cell:
    return Cell(f"経過観察（{len(each.evidence)}年目）" if each.watch else "見直し候補")


def _evidence_cell(review: Review, trigger: ReviewTrigger, each: Candidate) -> Cell:
    percents = (f"{past.year} {words.percent_words(past.shown)}" for past in each.evidence)
    limit = f"{trigger.low}％以下" if each.side is Side.LOW else f"{trigger.high}％以上"
    said = [f"達成率 {'、'.join(percents)}（{limit}）"]
    indicator = each.review.indicator
    if each.watch and indicator.baseline is not None:
        baseline = words.amount(indicator.baseline, indicator).text
        actual = words.amount(each.review.current.value, indicator).text
        said.append(f"{words.own_baseline_title(indicator)} {baseline} → 実績 {actual}")
    if indicator.rationale:
        said.append(f"目標値の考え方: {indicator.rationale}")
    return Cell("。".join(said))


def _pending(review: Review) -> Table:
    columns: Columns[IndicatorReview] = (
        (
            Column("reporter", "照会先", Kind.NAME),
            lambda it: Cell(it.indicator.reporter or UNASSIGNED),
        ),
        (Column("indicator", "指標", Kind.TEXT), words.name_cell),
        (Column("state", "状況", Kind.REMARK), lambda it: Cell(_waiting(it))),
    )
    pending = [each for each in review.indicators if each.current.tally is Tally.PENDING]
    pending.sort(key=lambda each: each.indicator.reporter or "")
    empty = "集計中の指標はありません。"
    return Table("pending", words.COLLECTING, *filled(columns, pending), empty=empty)


def _waiting(each: IndicatorReview) -> str:
    said = words.state_words(each)
    return f"中間のみ: {said}" if each.current.status is Status.INTERIM else said
