"""Review → Document: the sections of the meeting pack, in the order they are read."""

from __future__ import annotations

from jusou.plan.model import UNASSIGNED
from jusou.report import words
from jusou.report.document import (
    NONE,
    Cell,
    Column,
    Document,
    Kind,
    Properties,
    Section,
    Table,
)
from jusou.report.sections.method import method_section
from jusou.report.sections.programme import programme_section
from jusou.review.assessment import Status, Tally
from jusou.review.build import Candidate, IndicatorReview, ProgrammeReview, Review, Side
from jusou.values.dates import wareki

MOST_UNMET = 5
ATTAINMENT = Column("attainment", "達成率（％）", Kind.NUMBER, "達成率")
MARKS = f"{NONE}: 数値なし　△: 減・マイナス"


def build_document(review: Review, *, number: str = "", draft: bool = False) -> Document:
    """Settle every word and figure of the meeting pack.

    ``number`` is printed as the handout's number (資料１); ``draft`` marks the title （案）.
    """
    plan = review.plan
    title = f"{plan.info.title}　{review.year.long_name} 進捗評価表{'（案）' if draft else ''}"
    programmes = tuple(programme_section(review, each) for each in review.programmes)
    return Document(
        title=title,
        year=review.year.long_name,
        number=number,
        subtitle=plan.info.municipality,
        as_of=f"{wareki(review.today)}現在",
        notices=_notices(review),
        sections=(
            _summary_section(review),
            Section("indicators", "指標一覧", (_indicator_table(review),)),
            *programmes,
            method_section(plan),
        ),
        properties=_properties(review, title),
    )


def _properties(review: Review, title: str) -> Properties:
    info = review.plan.info
    fictional = f"（{words.FICTIONAL}）" if info.sample else ""
    return Properties(f"{title}{fictional}", f"{info.municipality}{fictional}")


def _notices(review: Review) -> tuple[str, ...]:
    notices = [words.SAMPLE_NOTICE] if review.plan.info.sample else []
    if review.is_running:
        notices.append(
            f"年度途中: {review.year.long_name}は{wareki(review.year.last_day)}までです。"
            "確定していない数値を含みます。"
        )
    return tuple(notices)


def _columns(*columns: tuple[str, str, Kind] | Column) -> tuple[Column, ...]:
    return tuple(each if isinstance(each, Column) else Column(*each) for each in columns)


def _name_cell(review: IndicatorReview) -> Cell:
    return Cell(f"{review.label} {review.indicator.name}")


def _summary_section(review: Review) -> Section:
    candidates = (_candidate_table(review),) if review.plan.review_trigger else ()
    blocks = (_roll_up_table(review), _unmet_table(review), *candidates, _pending_table(review))
    return Section("summary", "総括", blocks)


def _roll_up_table(review: Review) -> Table:
    marks = [(f"rating-{each.mark}", each.mark, Kind.NUMBER) for each in review.plan.scale]
    columns = _columns(
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
    columns = _columns(
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
            Cell(f"{_name_cell(each).text}（{each.indicator.unit}）"),
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
    columns = _columns(
        ("name", "指標", Kind.NAME),
        ("kind", "区分", Kind.TEXT),
        ("evidence", "根拠", Kind.REMARK),
    )
    rows = tuple(
        (_name_cell(each.review), Cell(_candidate_kind(each)), Cell(_evidence(review, each)))
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
    columns = _columns(
        ("reporter", "照会先", Kind.NAME),
        ("indicator", "指標", Kind.TEXT),
        ("state", "状況", Kind.REMARK),
    )
    pending = [each for each in review.indicators if each.current.tally is Tally.PENDING]
    pending.sort(key=lambda each: each.indicator.reporter or "")
    rows = tuple(
        (
            Cell(each.indicator.reporter or UNASSIGNED),
            _name_cell(each),
            Cell(words.waiting_words(each)),
        )
        for each in pending
    )
    return Table("pending", words.COLLECTING, columns, rows, "", "集計中の指標はありません。")


def _indicator_table(review: Review) -> Table:
    plan = review.plan
    columns = _columns(
        ("name", "指標", Kind.NAME),
        ("unit", "単位", Kind.TEXT),
        words.baseline_column(plan),
        ("previous", "前年度実績", Kind.NUMBER),
        ("target", "目標", Kind.NUMBER),
        ("actual", "実績", Kind.NUMBER),
        ATTAINMENT,
        ("rating", "達成度", Kind.MARK),
        ("vs-previous", "前年度差", Kind.DIFFERENCE),
        ("vs-baseline", f"{plan.info.baseline_year or '参考'}差", Kind.DIFFERENCE),
        ("final-target", words.final_title(plan), Kind.NUMBER),
        ("remarks", "備考", Kind.REMARK),
    )
    rows = tuple(_indicator_row(review, each) for each in review.indicators)
    legend = f"達成度 {words.scale_words(plan)}。"
    return Table("indicators", "指標一覧", columns, rows, legend, marks=MARKS)


def _indicator_row(review: Review, each: IndicatorReview) -> tuple[Cell, ...]:
    indicator = each.indicator
    versus = each.vs_baseline.difference if each.vs_baseline else None
    target = words.number(each.current.target, indicator)
    remarks = words.remarks(each, review.plan)
    return (
        _name_cell(each),
        Cell(indicator.unit),
        words.number(indicator.baseline, indicator),
        words.number(each.previous, indicator),
        target,
        words.actual_cell(each.current, indicator),
        words.attainment_cell(each.current),
        words.rating_cell(each.current),
        words.difference(each.vs_previous, indicator),
        words.difference(versus, indicator),
        words.number(each.final_target, indicator),
        Cell(remarks, "備考なし" if remarks == NONE else ""),
    )
