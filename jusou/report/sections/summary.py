"""総括: how the programmes stand, what is unmet, what may be revised, what is still to come."""

from __future__ import annotations

from jusou.plan.model import UNASSIGNED
from jusou.report import words
from jusou.report.document import Cell, Kind, Section, Table
from jusou.report.sections.indicators import ATTAINMENT, columns_of, name_cell
from jusou.review.assessment import Status, Tally
from jusou.review.build import Candidate, ProgrammeReview, Review, Side

MOST_UNMET = 5


def summary_section(review: Review) -> Section:
    candidates = (_candidate_table(review),) if review.plan.review_trigger else ()
    blocks = (_roll_up_table(review), _unmet_table(review), *candidates, _pending_table(review))
    return Section("summary", "総括", blocks)


def _roll_up_table(review: Review) -> Table:
    marks = [(f"rating-{each.mark}", each.mark, Kind.NUMBER) for each in review.plan.scale]
    columns = columns_of(
        ("programme", "事業", Kind.NAME),
        ("indicators", "指標数", Kind.NUMBER),
        *marks,
        ("met", "達成／報告", Kind.NUMBER),
        ("forecast", "見込", Kind.NUMBER),
        ("pending", words.COLLECTING, Kind.NUMBER),
        ("excluded", "対象外", Kind.NUMBER),
        ("mean", "平均達成率", Kind.NUMBER),
    )
    rows = tuple(_roll_up_row(each) for each in review.programmes)
    legend = (
        f"{words.scale_words(review.plan)}。"
        "達成／報告: 達成率100％以上の指標数／報告のあった指標数。"
        "対象外: 該当なし・測定不能・目標なし・算定不能。"
        "平均達成率（各指標100％上限・参考）の単位は％。見込は達成度の数と平均に含みません。"
    )
    return Table("roll-up", "事業別の達成状況", columns, rows, legend)


def _roll_up_row(programme: ProgrammeReview) -> tuple[Cell, ...]:
    met = f"{programme.met}／{programme.reported}"
    return (
        Cell(programme.programme.title),
        words.count(len(programme.indicators)),
        *(words.count(number) for number in programme.ratings.values()),
        Cell(met, f"{programme.reported}のうち{programme.met}"),
        words.count(programme.forecast),
        words.count(programme.pending),
        words.count(programme.excluded),
        words.percent(programme.capped_mean),
    )


def _unmet_table(review: Review) -> Table:
    columns = columns_of(
        ("name", "指標", Kind.NAME),
        ("target", "目標", Kind.NUMBER),
        ("actual", "実績", Kind.NUMBER),
        ATTAINMENT,
        ("rating", "達成度", Kind.MARK),
    )
    rated = [each for each in review.indicators if each.current.tally is Tally.REPORTED]
    unmet = [each for each in rated if not each.current.is_met]
    unmet.sort(key=lambda each: each.current.attainment or 0)
    rows = tuple(
        (
            Cell(f"{name_cell(each).text}（{each.indicator.unit}）"),
            words.target_cell(each),
            words.actual_cell(each.current, each.indicator),
            words.attainment_cell(each.current),
            words.rating_cell(each.current),
        )
        for each in unmet[:MOST_UNMET]
    )
    rest = len(unmet) - len(rows)
    legend = (
        f"達成率の低い順。ほかに未達 {rest} 指標（指標一覧のとおり）。"
        if rest
        else "達成率の低い順。"
    )
    empty = "未達の指標はありません。" if rated else "達成率の出た指標は、まだありません。"
    return Table("unmet", "主な未達", columns, rows, legend, empty)


def _candidate_table(review: Review) -> Table:
    columns = columns_of(
        ("name", "指標", Kind.NAME),
        ("kind", "区分", Kind.TEXT),
        ("evidence", "根拠", Kind.REMARK),
    )
    rows = tuple(
        (name_cell(each.review), Cell(_candidate_kind(each)), Cell(_evidence(review, each)))
        for each in review.candidates
    )
    trigger = review.plan.review_trigger
    assert trigger is not None
    legend = (
        f"参考基準: 達成率が{trigger.years}年続けて{trigger.low}％以下、または{trigger.high}％以上"
        "（確定・速報）。見直すかどうかは会議で判断します。"
    )
    judged = any(each.current.status is Status.REPORTED for each in review.indicators)
    empty = "該当する指標はありません。" if judged else "達成率の出た指標は、まだありません。"
    return Table("candidates", "見直し候補・経過観察", columns, rows, legend, empty)


def _candidate_kind(candidate: Candidate) -> str:
    return f"経過観察（{len(candidate.evidence)}年目）" if candidate.watch else "見直し候補"


def _evidence(review: Review, candidate: Candidate) -> str:
    trigger = review.plan.review_trigger
    assert trigger is not None
    low = candidate.side is Side.LOW
    figures = "、".join(
        f"{each.year} {words.percent(each.shown, '％').text}" for each in candidate.evidence
    )
    limit = f"{trigger.low}％以下" if low else f"{trigger.high}％以上"
    parts = [f"達成率 {figures}（{limit}）"]
    indicator = candidate.review.indicator
    if candidate.watch and indicator.baseline is not None:
        baseline = words.amount(indicator.baseline, indicator).text
        value = words.amount(candidate.review.current.value, indicator)
        parts.append(f"{words.baseline_title(review.plan)} {baseline} → 実績 {value.text}")
    if indicator.rationale:
        parts.append(f"目標値の考え方: {indicator.rationale}")
    return "。".join(parts)


def _pending_table(review: Review) -> Table:
    columns = columns_of(
        ("reporter", "照会先", Kind.NAME),
        ("indicator", "指標", Kind.TEXT),
        ("state", "状況", Kind.REMARK),
    )
    pending = [each for each in review.indicators if each.current.tally is Tally.PENDING]
    pending.sort(key=lambda each: each.indicator.reporter or "")
    rows = tuple(
        (
            Cell(each.indicator.reporter or UNASSIGNED),
            name_cell(each),
            Cell(words.waiting_words(each)),
        )
        for each in pending
    )
    return Table("pending", words.COLLECTING, columns, rows, "", "集計中の指標はありません。")
