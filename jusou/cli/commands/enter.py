"""enter: asks for the figures of a year, one indicator at a time; each is saved as it is taken."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date as Date  # noqa: N812 - `date` is the option's name
from typing import TYPE_CHECKING, Annotated

import typer

from jusou.cli import console
from jusou.cli.options import (
    ByOption,
    DateOption,
    YearArgument,
    mention_kept,
    open_workspace,
    person,
    read_today,
    read_year,
    stamp_now,
)
from jusou.errors import DataError, JusouError, quote

if TYPE_CHECKING:
    from jusou.entry.decide import Entry
    from jusou.entry.prompts import Figure, Step
    from jusou.logs.dataset import Dataset
    from jusou.logs.schema import Actual
    from jusou.plan.model import Indicator
    from jusou.storage.workspace import Workspace
    from jusou.values.fiscal_year import FiscalYear


class StepError(Exception):
    """A question was answered with a step: skip, back or quit."""

    def __init__(self, step: Step) -> None:
        super().__init__(step)
        self.step = step


@dataclass(frozen=True, slots=True)
class Session:
    """Where and when figures are entered, by whom, and the indicators recorded so far."""

    workspace: Workspace
    year: FiscalYear
    today: Date
    recorded_by: str
    recorded: set[str] = field(default_factory=set)


def enter(
    context: typer.Context,
    year: YearArgument,
    everything: Annotated[
        bool, typer.Option("--all", help="記録のある指標も含め、すべての指標をたずねます。")
    ] = False,
    by: ByOption = None,
    date: DateOption = None,
) -> None:
    """Ask for what is missing, one indicator at a time, and append each figure as it is taken."""
    from jusou.entry.prompts import to_enter
    from jusou.plan.model import check_log_year
    from jusou.report.tables.receipt import next_step

    name = person(by)
    session = Session(open_workspace(context), read_year(year), read_today(date), name)
    dataset = session.workspace.load()
    check_log_year(dataset.plan, session.year)
    indicators = to_enter(dataset, session.year, everything=everything)
    _greet(session, dataset, len(indicators))
    if not indicators:
        return
    try:
        _walk(session, indicators)
    finally:  # also when interrupted, and when the data has become unreadable
        console.show(f"\n{len(session.recorded)}件の指標を記録しました。")
    console.tell(next_step(dataset.plan, session.year))


def _greet(session: Session, dataset: Dataset, count: int) -> None:
    from jusou.entry.plausibility import old_year
    from jusou.report.words import SAMPLE_NOTICE
    from jusou.values.dates import wareki

    year = session.year
    console.show(f"{year}（{year.long_name}）の実績を入力します。")
    if dataset.plan.info.sample:
        console.show_folded(f"【{SAMPLE_NOTICE}】")
    if not count:
        console.show("すべての指標に記録があります。直すときは --all を付けてください。")
        return
    console.show(f"{count}件の指標をたずねます。1件ごとに保存します。")
    console.show("いつでも: ?=説明　s=とばす　b=戻る　q=終了")
    if not year.has_ended(session.today):
        console.show_folded(
            f"{year} は{wareki(year.last_day)}まで続いています。"
            "途中の数値は「中間 1300」「見込 2700」のように入力してください。"
        )
    elif doubt := old_year(dataset.plan, year, session.today):
        console.show_folded(f"確認してください: {doubt}")


def _walk(session: Session, indicators: tuple[Indicator, ...]) -> None:
    """Ask for each indicator in turn, until the last or until the person quits."""
    from jusou.entry.prompts import Step

    at = 0
    while at < len(indicators):
        try:
            _ask_one(session, indicators[at], f"{at + 1}/{len(indicators)}")
        except StepError as taken:
            if taken.step is Step.QUIT:
                return
            at = max(at - 1, 0) if taken.step is Step.BACK else at + 1
        else:
            at += 1


def _ask_one(session: Session, indicator: Indicator, progress: str) -> None:
    """Show an indicator and ask until its figure is settled. Raises StepError."""
    from jusou.entry.prompts import Step, read_figure
    from jusou.report.tables.receipt import entry_card

    card = entry_card(session.workspace.load(), session.year, indicator, progress)
    console.show_folded(f"\n{card}")
    while True:
        answer = _ask("実績値: ")
        if not answer:
            raise StepError(Step.SKIP)
        try:
            _take(session, indicator, read_figure(answer, indicator))
        except StepError as taken:
            console.show_folded(f"  {quote(answer)}は記録していません。")
            if taken.step is not Step.BACK:
                raise
        except DataError:
            raise  # a log has become unreadable: no answer can mend that
        except JusouError as error:
            console.show_folded(f"  {error}")
        else:
            return


def _take(session: Session, indicator: Indicator, figure: Figure) -> None:
    """Read, show, question and record one figure. Raises JusouError and StepError."""
    from jusou.entry.decide import Entry, read_entry
    from jusou.logs.slots import standing_row

    dataset = session.workspace.load()
    entry = Entry(
        year=session.year,
        indicator=indicator.id,
        value=figure.value,
        basis=figure.basis,
        numerator=figure.numerator,
        denominator=figure.denominator,
        remark=figure.remark,
        recorded_by=session.recorded_by,
        before_year_end=True,  # asked about, like all that looks wrong
    )
    entry = _dated(session, dataset, entry)
    actual = read_entry(dataset, entry)
    _confirm(session, dataset, actual)
    _record(session, _explained(session, dataset, entry, actual), standing_row(dataset, actual))


def _dated(session: Session, dataset: Dataset, entry: Entry) -> Entry:
    """Ask for the 基準日 of a 中間, once its figure has been read."""
    from jusou.entry.decide import read_entry
    from jusou.logs.schema import Basis

    if entry.basis != Basis.INTERIM:
        return entry
    middle = Date(session.year.first_day.year, 9, 30)
    read_entry(dataset, replace(entry, as_of=middle.isoformat()))
    usual = min(middle, session.today).isoformat()
    while True:
        dated = replace(entry, as_of=_ask(f"  基準日（Enter で {usual}）: ") or usual)
        try:
            read_entry(dataset, dated)
        except JusouError as error:
            console.show_folded(f"  {error}")
        else:
            return dated


def _confirm(session: Session, dataset: Dataset, actual: Actual) -> None:
    """Show the figure as it was read, and ask about what looks wrong. Raises StepError."""
    from jusou.entry.plausibility import suspicions
    from jusou.entry.prompts import Step, read_yes_or_no
    from jusou.report.tables.receipt import figure_words, rating_words

    rated = rating_words(dataset, actual)
    console.show_folded(f"  → {figure_words(dataset, actual)}{'　' if rated else ''}{rated}")
    doubts = suspicions(dataset, actual, session.today)
    for doubt in doubts:
        console.show_folded(f"  確認: {doubt}")
    sure = None if doubts else True
    while sure is None:
        sure = read_yes_or_no(_ask("  この数値でよいですか（y=はい n=入力し直す）: "))
        if sure is None:
            console.show("  y か n を入力してください。")
    if not sure:
        raise StepError(Step.BACK)


def _explained(session: Session, dataset: Dataset, entry: Entry, actual: Actual) -> Entry:
    """Ask for the reason of a correction or cancellation, or for a remark."""
    from jusou.entry.decide import Refusal, RefusedError, row_to_record
    from jusou.logs.rows import REMARK_WANTED

    try:
        if row_to_record(dataset, actual, entry, session.today) is None:
            return entry
    except RefusedError as refused:
        if refused.refusal not in (Refusal.CONFLICT, Refusal.NO_REASON):
            raise
        if refused.refusal is Refusal.CONFLICT:
            console.show_folded(f"  {refused.message}")
        reason = entry.remark
        while not reason:
            word = "訂正" if refused.refusal is Refusal.CONFLICT else "取消"
            reason = _ask_text(f"  {word}の理由: ")
        return replace(entry, remark=reason, correct=True)
    if entry.remark:
        return entry
    wanted = REMARK_WANTED.get(actual.basis, "なければ Enter")
    return replace(entry, remark=_ask_text(f"  備考（{wanted}）: "))


def _ask_text(question: str) -> str:
    """Ask for a text; what answers another question is not taken for one. Raises StepError."""
    from jusou.entry.prompts import answers_another_question

    while answers_another_question(text := _ask(question)):
        console.show_folded(f"  {quote(text)}は文として記録しません。文を入力してください。")
    return text


def _record(session: Session, entry: Entry, seen: Actual | None) -> None:
    """Append the figure to what the person saw. Raises JusouError if another stands by now."""
    from jusou.entry.decide import cells_of, read_entry, row_to_record
    from jusou.logs.slots import figure_words, standing_row
    from jusou.report.tables.receipt import SAME

    def compose(dataset: Dataset) -> list[list[str]]:
        actual = read_entry(dataset, entry)
        if (stands := standing_row(dataset, actual)) != seen:
            message = f"ほかの人が、この間に「{figure_words(dataset, stands)}」と記録しました。"
            raise JusouError(message, "今の記録を確かめ、もう一度入力してください。")
        row = row_to_record(dataset, actual, entry, session.today)
        return [cells_of(dataset, row, stamp_now())] if row else []

    appended = session.workspace.append_actuals(session.year, compose)
    mention_kept(appended.kept)
    if appended.written:
        session.recorded.add(entry.indicator)
        console.show("  記録しました。")
    else:
        console.show(f"  {SAME}。")


def _ask(question: str) -> str:
    """Ask, with help on request. Raises StepError for a step and at the end of the input."""
    from jusou.entry.prompts import Step, read_step
    from jusou.report.tables.receipt import HELP

    while True:
        try:
            answer = console.ask(question)
        except EOFError:
            raise StepError(Step.QUIT) from None
        step = read_step(answer)
        if step is None:
            return answer
        if step is not Step.HELP:
            raise StepError(step)
        console.show_folded(HELP)
