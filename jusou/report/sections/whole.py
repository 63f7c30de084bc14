"""最終評価・中間評価: the whole plan in one paper, from the baseline to its last year so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from jusou.logs.schema import LAST_ACTION, NOTE_FIELDS, PLAN_FIELDS
from jusou.plan.model import Initiative
from jusou.report import words
from jusou.report.document import (
    NONE,
    REVISIONS,
    SUMMARY,
    Block,
    Bullets,
    Cell,
    Column,
    ColumnOf,
    Columns,
    Document,
    Facts,
    Kind,
    Section,
    Table,
    filled,
)
from jusou.report.sections.method import method_section
from jusou.report.sections.paper import paper
from jusou.report.sections.programme import plan_to_date_cell
from jusou.report.sections.revisions import amendment_blocks
from jusou.report.sections.years import years_section
from jusou.review.assessment import Status
from jusou.review.attainment import Judgement
from jusou.review.whole import Chain, Outcome, Step, WholeIndicator, WholePlan
from jusou.values.dates import wareki

_OUTCOMES = {
    Outcome.MET: "達成",
    Outcome.IMPROVED: "改善（未達）",
    Outcome.SAME: "変わらない",
    Outcome.WORSE: "悪化",
    Outcome.UNKNOWN: "評価困難",
}
_PRINTED = [name for name in PLAN_FIELDS if name != "handover"]


class _Line(NamedTuple):
    """A line of the counts: a programme, or the plan."""

    title: str
    outcomes: Counter[Outcome]


def whole_plan_document(whole: WholePlan) -> Document:
    """Settle every word and figure of the evaluation of a whole plan."""
    review = whole.review
    info = review.plan.info
    kind = "最終評価" if whole.is_final else f"中間評価（{info.start}〜{review.year}）"
    until = f"{review.year.long_name}は{wareki(review.year.last_day)}までです。"
    sections = (
        _summary(whole),
        Section("outcomes", "指標ごとの評価", (_indicators(whole),), tab="指標"),
        years_section(review),
        *_changes(whole),
        *_actions(whole),
        method_section(review.plan),
    )
    notices = [f"{until}見込の数値を含みます。"] if review.is_running else ()
    made = paper(review.plan, f"{info.title}　{kind}", sections, review.today, notices)
    return replace(made, year=review.year.long_name)


def _summary(whole: WholePlan) -> Section:
    counts = Counter(each.outcome for each in whole.indicators)
    said = "、".join(f"{name}{counts[outcome]}" for outcome, name in _OUTCOMES.items())
    conclusion = Bullets((f"{len(whole.indicators)}指標のうち、{said}。", *_beside(whole)))
    written = {NOTE_FIELDS[name]: getattr(whole.note, name) for name in _PRINTED}
    facts = Facts(words.written_items(written))
    blocks: tuple[Block, ...] = (conclusion, _counts(whole))
    if facts.items:
        blocks = (*blocks, facts)
    return Section(SUMMARY, "計画期間の評価", blocks, tab="総括")


def _beside(whole: WholePlan) -> Iterator[str]:
    """Yield what has to be known of the counts: figures that may change, targets that were low."""
    forecasts = [
        each.review
        for each in whole.indicators
        if each.last.status is Status.FORECAST and each.outcome is not Outcome.UNKNOWN
    ]
    if forecasts:
        yield f"うち{words.counted(forecasts)}は、見込による評価。"
    met = [each for each in whole.indicators if each.outcome is Outcome.MET]
    if worse := [each.review for each in met if each.moved is Judgement.WORSE]:
        base = whole.review.plan.baseline_name
        yield f"達成した{len(met)}指標のうち{words.counted(worse)}は、{base}より後退。"


def _counts(whole: WholePlan) -> Table:
    by_id = {each.review.indicator.id: each.outcome for each in whole.indicators}
    lines = [
        _Line(it.programme.title, Counter(by_id[one.indicator.id] for one in it.indicators))
        for it in whole.review.programmes
    ]
    lines.append(_Line("計", Counter(by_id.values())))

    def counted(outcome: Outcome) -> ColumnOf[_Line]:
        column = Column(outcome.value, _OUTCOMES[outcome], Kind.NUMBER)
        return column, lambda it: words.count(it.outcomes[outcome])

    columns: Columns[_Line] = (
        (Column("programme", "事業", Kind.NAME), lambda it: Cell(it.title)),
        (
            Column("indicators", "指標数", Kind.NUMBER),
            lambda it: words.count(it.outcomes.total()),
        ),
        *map(counted, Outcome),
    )
    base = whole.review.plan.baseline_name
    legend = (
        f"達成: 目標に届いた指標。改善・変わらない・悪化: 目標に届かず、{base}の値と比べたもの。"
        "評価困難: 数値、目標、参考値のどれかがないか、参考値と集計方法が違うもの。"
    )
    return Table(
        "outcomes", "評価区分別の指標数", *filled(columns, lines), legend=legend, total=True
    )


def _indicators(whole: WholePlan) -> Table:
    plan, year = whole.review.plan, whole.review.year

    def target(it: WholeIndicator) -> Cell:
        cell = words.target_cell(it.review, it.target_year)
        if it.target_year == year or cell.value is None:
            return cell
        aside = "、".join(filter(None, (str(it.target_year), cell.aside)))
        return words.number(cell.value, it.review.indicator, aside)

    def actual(it: WholeIndicator) -> Cell:
        cell = words.actual_cell(it.last, it.review.indicator)
        if it.last.year == year or cell.value is None:
            return cell
        aside = "、".join(filter(None, (str(it.last.year), cell.aside)))
        return words.number(cell.value, it.review.indicator, aside)

    columns: Columns[WholeIndicator] = (
        (Column("name", "指標", Kind.NAME), lambda it: words.title_cell(it.review)),
        (
            words.baseline_column(plan),
            lambda it: words.baseline_cell(plan, it.review.indicator),
        ),
        (Column("target", f"{year}目標", Kind.NUMBER), target),
        (Column("actual", f"{year}実績", Kind.NUMBER), actual),
        (
            Column("attainment", "達成率", Kind.NUMBER),
            lambda it: words.percent(it.rated.shown if it.rated else None, "％"),
        ),
        (
            Column("progress", f"{plan.baseline_name}からの進捗率", Kind.NUMBER, "進捗率"),
            _progress,
        ),
        (Column("outcome", "評価", Kind.TEXT), _outcome),
        (Column("to-date", "計画期間累計", Kind.REMARK), _to_date),
    )
    table = filled(columns, whole.indicators)
    legend = "目標は、変更した後の目標です。計画期間累計は、年間の数の指標だけです。"
    return Table("whole", "指標ごとの評価", *table, legend=legend, marks=f"{NONE}: 数値なし")


def _progress(it: WholeIndicator) -> Cell:
    progress = it.review.progress if it.last is it.review.current else None
    if progress is None or progress.made < 0:
        return words.NO_FIGURE
    return words.percent(progress.percent, "％")


def _outcome(it: WholeIndicator) -> Cell:
    aside = words.provisional(it.last.row) if it.last.value is not None else ""
    return Cell(words.bracketed(_OUTCOMES[it.outcome], aside))


def _to_date(it: WholeIndicator) -> Cell:
    total = it.review.plan_to_date
    return plan_to_date_cell(it.review, total) if total else words.NO_FIGURE


def _changes(whole: WholePlan) -> Iterator[Section]:
    """Yield every decision that changed the plan."""
    changes = whole.review.amendments
    blocks = [block for each in changes for block in amendment_blocks(whole.review.plan, each)]
    if blocks:
        yield Section(REVISIONS, "計画の変更（新旧対照表）", tuple(blocks), tab="変更")


def _actions(whole: WholePlan) -> Iterator[Section]:
    """Yield each indicator's 改善策, year after year, and what became of them."""
    tables = tuple(map(_chain, whole.chains))
    if tables:
        yield Section("actions", "改善策とその後", tables, tab="改善策")


def _chain(chain: Chain) -> Table:
    subject = chain.subject
    if isinstance(subject, Initiative):
        key, name = subject.id, f"{chain.programme} {subject.name}"
    else:
        key, name = subject.indicator.id, words.name_cell(subject).text
    figures: Sequence[ColumnOf[Step]] = (
        (Column("attainment", "達成率", Kind.TEXT), _attained),
        (
            Column("cause", NOTE_FIELDS["cause"], Kind.REMARK),
            lambda it: words.text_cell(it.note.cause),
        ),
    )
    columns: Columns[Step] = (
        (Column("year", "年度", Kind.NAME), lambda it: Cell(str(it.year))),
        *(figures if not isinstance(subject, Initiative) else ()),
        (Column("action", "改善策", Kind.REMARK), lambda it: words.text_cell(it.note.action)),
        (
            Column("status", f"その後（翌年度の「{LAST_ACTION}の状況」）", Kind.REMARK, "その後"),
            lambda it: words.text_cell(it.following.action_status),
        ),
    )
    steps = [each for each in chain.steps if each.note.action or each.note.cause]
    return Table(f"actions-{key}", name, *filled(columns, steps), marks=f"{NONE}: 記入なし")


def _attained(step: Step) -> Cell:
    if step.assessed is None or step.assessed.shown is None:
        return words.NO_FIGURE
    shown = words.percent_words(step.assessed.shown)
    return Cell(f"{shown}　{words.rating_cell(step.assessed).text}")
