"""What ``add``, ``enter`` and ``note`` say: what stands, what was taken, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jusou.entry.decide import Decision, Verdict
from jusou.logs.dataset import Dataset
from jusou.logs.schema import (
    CLEAR,
    LAST_ACTION,
    LAST_OPINION,
    NOTE_FIELDS,
    Actual,
    Basis,
    ReviewNote,
    fields_of,
)
from jusou.logs.slots import Standing
from jusou.plan.model import SAMPLE_NOTICE, WHOLE_PLAN, Indicator, Plan
from jusou.report import words
from jusou.report.document import Cell, Column, Columns, Kind, Table, filled
from jusou.review.assessment import assess
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear

NO_REASON = "「（理由の記載なし）」"
SAME = "同じ内容がすでに記録されているため、何も書き込みませんでした"
HELP = """\
数値: 2655　2,655　２６５５件。率は 20/38（分子/分母）でもかまいません。
区分: 速報 2655　見込 2700　中間 1300　取消　（付けないと、たずねているものになります）
数値がないとき: 未確定 7月に確定予定　該当なし 理由　測定不能 理由
b=戻る（数値の後の質問では、数値からやり直し）
s=とばす　q=終了（記録した分は保存されています）"""
"""What can be typed at the questions of ``enter``."""
_HEADS = {True: "記録しました", False: "記録する内容（書き込んでいません）"}


def receipt(dataset: Dataset, decision: Decision[Actual], *, written: bool) -> str:
    """Return the confirmation of one figure, with its attainment and rating where it has one."""
    actual = decision.row
    head = _HEADS[written] if decision.verdict.is_written else SAME
    subject = f"{actual.year} {words.subject_name(dataset.plan, actual.indicator)}"
    said = words.recorded(actual, dataset.plan.indicators[actual.indicator])
    rated = rating_words(dataset, actual)
    lines = [f"{head}: {subject}  {said}", *([f"  {rated}"] if rated else [])]
    return _with_notice(dataset, lines)


def after_correction(dataset: Dataset, decision: Decision[Actual]) -> list[str]:
    """Return what to see to once a figure took the place of another, or was withdrawn."""
    row = decision.row
    is_correction = decision.verdict is Verdict.CORRECTED
    if not is_correction and (row.basis is not Basis.CANCELLED or decision.stands is None):
        return []
    said = []
    if not row.reason:
        said.append(
            f"理由が訂正理由の列にないため、会議資料には{NO_REASON}と載ります。"
            "載せるときは、同じ数値を --correct --reason 理由 で入力してください。"
        )
    return [*said, *texts_to_read_again(dataset, row.year, row.indicator)]


def texts_to_read_again(dataset: Dataset, year: FiscalYear, subject: str) -> Iterator[str]:
    """Yield which texts speak of a figure that was corrected: they may be wrong now."""
    note = dataset.note(year, subject)
    if written := [title for name, title in NOTE_FIELDS.items() if getattr(note, name)]:
        yield (
            f"{subject} の{'・'.join(written)}が、今の数値と合うか読み直してください"
            f"（jusou note {year} {subject}）。"
        )


def _with_notice(dataset: Dataset, lines: Iterable[str]) -> str:
    notice = [f"【{SAMPLE_NOTICE}】"] if dataset.plan.info.sample else []
    return "\n".join([*lines, *notice])


def rating_words(dataset: Dataset, actual: Actual) -> str:
    """``目標 2,650　達成率 100.2％　達成度 A``; empty where there is no attainment."""
    if actual.value is None:
        return ""
    indicator = dataset.in_year(dataset.plan.indicators[actual.indicator], actual.year)
    aim = dataset.aim(indicator, actual.year)
    current = assess(dataset.plan, indicator, actual.year, Standing(actual), aim)
    target = words.aim_cell(aim, indicator).text
    if current.plan_ratio is not None:
        return f"計画 {target}　{words.PLAN_RATIO} {words.percent_words(current.plan_ratio)}"
    if current.shown is None:
        return ""
    rating = words.rating_cell(current).text
    return f"目標 {target}　達成率 {words.percent_words(current.shown)}　達成度 {rating}"


def next_step(plan: Plan, year: FiscalYear, indicator: str = "") -> str:
    """Return where to look next; outside the plan there is no review and no status."""
    if year in plan.years:
        return f"次: まだ出ていない指標は jusou status {year} で確かめられます。"
    return f"次: これまでの記録は jusou history {indicator or '指標'} で確かめられます。"


def wanted(basis: Basis, year: FiscalYear) -> str:
    """Return what ``enter`` asks for: 実績値, 9月末実績, 年度末見込."""
    from jusou.forms.layout import FORECAST_TITLE, interim_title

    titles = {Basis.INTERIM: interim_title(year), Basis.FORECAST: FORECAST_TITLE}
    return titles.get(basis, "実績値")


def entry_card(dataset: Dataset, year: FiscalYear, indicator: Indicator, progress: str) -> str:
    """Return what ``enter`` shows of an indicator before it asks: what it is, what is known."""
    plan = dataset.plan
    last = dataset.standing(year.previous, indicator).closing
    figure = words.number(last.value if last else None, indicator).text
    before = str(last.basis) if last and last.value is None else figure
    known = {
        words.own_baseline_title(indicator): words.number(indicator.baseline, indicator).text,
        f"前年度（{year.previous}）": before,
        f"{year}の目標": words.aim_cell(dataset.aim(indicator, year), indicator).text,
    }
    lines = [
        f"[{progress}] {words.bracketed(words.subject_name(plan, indicator.id), indicator.unit)}",
        f"  数え方: {indicator.definition or words.MEASURES[indicator.measure]}",
        *([f"  ※{indicator.note}"] if indicator.note else []),
        f"  {'　'.join(f'{label} {said}' for label, said in known.items())}",
        *(f"  今の記録: {_row(row, indicator)}" for row in dataset.standing(year, indicator).rows),
    ]
    return "\n".join(lines)


def _row(row: Actual, indicator: Indicator) -> str:
    amount = "" if row.value is None else f" {words.amount(row.value, indicator).text}"
    with_parts = words.bracketed(f"{row.basis}{amount}", words.parts(row, "/"))
    day = f"{wareki(row.as_of)}現在" if row.as_of else ""
    return "　".join(filter(None, (words.bracketed(with_parts, day), row.remark, row.reason)))


def note_table(dataset: Dataset, year: FiscalYear | None, subject: str) -> Table:
    """Return the texts that stand for a subject in a year; of the plan, without one, the latest."""
    note = dataset.note(year, subject) if year else dataset.plan_note(dataset.plan.info.end)
    columns: Columns[str] = (
        (Column("field", "項目", Kind.NAME), lambda it: Cell(NOTE_FIELDS[it])),
        (Column("text", "記述", Kind.REMARK), lambda it: words.text_cell(getattr(note, it))),
    )
    caption = f"{year or ''} {words.subject_name(dataset.plan, subject)}".strip()
    legend = SAMPLE_NOTICE if dataset.plan.info.sample else ""
    return Table("note", caption, *filled(columns, fields_of(subject)), legend=legend)


def draft_head(dataset: Dataset, year: FiscalYear, subject: str) -> list[str]:
    """Return what a writer must have in view: the subject with its number, its figures."""
    lines = [f"{year.long_name} {words.subject_name(dataset.plan, subject)}"]
    if indicator := dataset.plan.indicators.get(subject):
        row = dataset.standing(year, indicator).shown
        figure = words.recorded(row, indicator) if row else "未記録"
        target = words.number(dataset.targets(indicator, year).get(year), indicator)
        rated = rating_words(dataset, row) if row else ""
        lines.append(f"実績 {figure}　{rated or f'目標 {target.text}'}")
    last = dataset.note(year.previous, subject)
    for title, text in ((LAST_ACTION, last.action), (LAST_OPINION, last.committee)):
        if text:
            lines.append(f"{title}: {' '.join(text.split())}")
    return lines


def note_receipt(dataset: Dataset, decision: Decision[ReviewNote], *, dry_run: bool) -> str:
    """Return the texts that were taken: each field as it was and as it is now."""
    note = decision.row
    head = (
        _HEADS[not dry_run]
        if decision.verdict.is_written
        else "今の記述と同じため、何も書き込みませんでした"
    )
    lines = [f"{head}: {note.year} {words.subject_name(dataset.plan, note.subject)}"]
    standing = dataset.note(note.year, note.subject)
    if note.subject == WHOLE_PLAN:
        name = words.subject_name(dataset.plan, note.subject)
        lines = [f"{head}: {name}（計画全体の文。{note.year} の記録に入ります）"]
        standing = dataset.plan_note(note.year)
    for field, text in note.texts.items():
        lines.append(f"  {NOTE_FIELDS[field]}: {text or CLEAR}")
        if before := getattr(standing, field):
            lines.append(f"    変更前: {before}")
    return _with_notice(dataset, lines)
