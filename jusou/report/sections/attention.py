"""検討を要する指標: what is unmet, what may be revised, what is still to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from jusou.logs.schema import NOTE_FIELDS
from jusou.plan.model import UNASSIGNED, ReviewTrigger
from jusou.report import words
from jusou.report.document import (
    ATTENTION,
    Block,
    Bullets,
    Cell,
    Column,
    Columns,
    Kind,
    Notation,
    Section,
    Table,
    filled,
    filled_where_said,
)
from jusou.report.sections.indicators import ATTAINMENT
from jusou.report.sections.summary import NOT_DUE
from jusou.review.assessment import Status, Tally
from jusou.review.build import Candidate, IndicatorReview, Review, Side
from jusou.values.numbers import HUNDRED, round_half_up

MOST_UNMET = 5
_COUNTED_AS = {Tally.NOT_DUE: NOT_DUE, Tally.EXCLUDED: "対象外"}


def attention_section(review: Review) -> Section:
    """Return what a meeting has to talk about; of rated figures only where there is one."""
    trigger = review.plan.review_trigger
    candidates = [_candidates(review, trigger, side) for side in Side] if trigger else []
    counts = review.summary.roll_up
    rated = counts.reported
    unmet = [_unmet(review)] if rated else []
    if not (rated or review.candidates):
        candidates = []
    waiting = [
        each
        for each in review.indicators
        if words.state(each.current, each.indicator) == words.COLLECTING
    ]
    pending = [_pending(waiting)] if waiting or not rated else []
    blocks: tuple[Block, ...] = (*unmet, *candidates, *pending, *_evaluated_otherwise(review))
    return Section(ATTENTION, "検討を要する指標", blocks)


def _evaluated_otherwise(review: Review) -> Iterator[Bullets]:
    """Yield one line of the indicators that their department rates otherwise."""
    said = "、".join(
        f"{each.label} {each.current.rating}→{each.note.evaluation}"
        for each in review.indicators
        if each.current.rating and each.note.evaluation not in ("", each.current.rating)
    )
    if said:
        yield Bullets(
            (f"達成度と{words.EVALUATION}が違う指標: {said}（理由は各事業の表のとおり）。",)
        )


def _unmet(review: Review) -> Table:
    columns: Columns[IndicatorReview] = (
        (Column("name", "指標", Kind.NAME), words.title_cell),
        (Column("target", "目標", Kind.NUMBER), words.target_cell),
        *ATTAINMENT,
        (
            Column("cause", NOTE_FIELDS["cause"], Kind.REMARK),
            lambda it: words.text_cell(it.note.cause),
        ),
        (
            Column("action", NOTE_FIELDS["action"], Kind.REMARK),
            lambda it: words.text_cell(it.note.action),
        ),
    )
    rated = [each for each in review.indicators if each.current.tally is Tally.REPORTED]
    unmet = [each for each in rated if not each.current.is_met]
    unmet.sort(key=lambda each: each.current.attainment or 0)
    rest = len(unmet) - MOST_UNMET
    more = f"ほかに未達 {rest} 指標（指標一覧のとおり）。" if rest > 0 else ""
    return Table(
        "unmet",
        "主な未達",
        *filled_where_said(columns, unmet[:MOST_UNMET]),
        legend=words.legend(
            f"達成率の低い順。{more}",
            words.corrected_words(unmet[:MOST_UNMET], previous=False),
        ),
        empty="未達の指標はありません。",
    )


CANDIDATES = {
    Side.LOW: "目標に届かない状態が続く指標（取組の見直しを検討）",
    Side.HIGH: "目標を大きく上回る指標（目標の見直しを検討）",
}


def candidates_key(side: Side) -> str:
    """Return the key of the table of the candidates on a side."""
    return f"candidates-{side}"


def _candidates(review: Review, trigger: ReviewTrigger, side: Side) -> Table:
    base = review.plan.baseline_name
    columns: Columns[Candidate] = (
        (Column("name", "指標", Kind.NAME), lambda it: words.name_cell(it.review)),
        (Column("evidence", "達成率", Kind.TEXT), _evidence_cell),
        (Column("change", f"{base} → 実績", Kind.REMARK), _change_cell),
        (
            Column("target-share", f"目標÷{base}", Kind.NUMBER),
            lambda it: _share_cell(it.target_share),
        ),
        (Column("rationale", "目標値の考え方", Kind.REMARK), _rationale_cell),
    )
    limit = f"{trigger.low}％以下" if side is Side.LOW else f"{trigger.high}％以上"
    others = f"、または{trigger.years}年続けて測定不能・該当なし" if side is Side.LOW else ""
    found = [each for each in review.candidates if each.side is side]
    watched = {f"{len(each.evidence)}年目" for each in found if each.watch}
    legend = words.legend(
        *(f"いずれも経過観察（{years}）です。" for years in watched),
        f"参考基準: 達成率が{trigger.years}年続けて{limit}（確定・速報）{others}。"
        "見直すかどうかは会議で判断します。",
    )
    return Table(
        candidates_key(side),
        CANDIDATES[side],
        *filled_where_said(columns, found),
        legend=legend,
        empty="該当する指標はありません。",
    )


def _share_cell(share: Decimal | None) -> Cell:
    """``44.0％``, from ten times on ``46倍``."""
    if share is None or share < 10 * HUNDRED:
        return words.percent(share, "％")
    times = round_half_up(share / HUNDRED, 1)
    return words.figure(times, 0 if times == int(times) else 1, "倍")


def _evidence_cell(each: Candidate) -> Cell:
    said = (
        f"{past.year} {words.state(past, each.review.indicator) or words.percent_words(past.shown)}"
        for past in each.evidence
    )
    return Cell("、".join(said))


def _change_cell(each: Candidate) -> Cell:
    """「341人 → 198人（△41.9％、R6を下回る）」; nothing where a figure is missing."""
    review, versus = each.review, each.review.vs_baseline
    base = review.indicator.baseline_name
    if versus is None:
        return words.NO_FIGURE
    ends = (review.indicator.baseline, review.current.value)
    before, after = (words.amount(value, review.indicator).text for value in ends)
    beside = [words.difference(versus.difference, review.indicator)]
    if versus.change_rate is not None:
        beside = [words.percent(versus.change_rate, "％", Notation.SIGNED)]
    if versus.judgement:
        beside.append(Cell(words.moved_words(versus.judgement, review.indicator, base)))
    text, aloud = "、".join(it.text for it in beside), "、".join(it.aloud for it in beside)
    return Cell(f"{before} → {after}（{text}）", f"{before}から{after}、{aloud}")


def _rationale_cell(each: Candidate) -> Cell:
    return words.text_cell(each.review.indicator.rationale)


def _pending(waiting: Sequence[IndicatorReview]) -> Table:
    """Return all that is 集計中 in the list, with or without a target.

    How the rest is counted is said below, so that the numbers of the first page can be followed.
    """
    columns: Columns[IndicatorReview] = (
        (
            Column("reporter", "照会先", Kind.NAME),
            lambda it: Cell(it.indicator.reporter or UNASSIGNED),
        ),
        (Column("indicator", "指標", Kind.TEXT), words.name_cell),
        (Column("state", "状況", Kind.REMARK), lambda it: Cell(_waiting(it))),
    )
    pending = sorted(waiting, key=lambda each: each.indicator.reporter or "")
    empty = "集計中の指標はありません。"
    days = {
        words.elapsed_words(each.interim)
        for each in pending
        if each.interim and each.current.status is Status.INTERIM
    }
    caption = "　".join([words.COLLECTING, *sorted(days)])
    counts = Counter(each.current.tally for each in pending)
    others = "、".join(
        f"{counts[tally]}指標は{title}" for tally, title in _COUNTED_AS.items() if counts[tally]
    )
    legend = f"うち{others}（事業別の達成状況での数え方）。" if others else ""
    return Table("pending", caption, *filled(columns, pending), legend=legend, empty=empty)


def _waiting(each: IndicatorReview) -> str:
    said = words.state_words(each)
    return f"中間のみ: {said}" if each.current.status is Status.INTERIM else said
