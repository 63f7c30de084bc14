"""enter: asks for the figures of a year, one indicator at a time; each is saved as it is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as Date  # noqa: N812 - `date` is the option's name
from typing import Annotated

import typer

from jusou.cli import console
from jusou.cli.options import (
    ByOption,
    DateOption,
    YearArgument,
    flag,
    mention_kept,
    mention_unseen,
    open_workspace,
    person,
    read_today,
)
from jusou.entry.decide import (
    EVERYTHING,
    Decision,
    Obstacle,
    Permission,
    RefusedError,
    decide,
)
from jusou.entry.plausibility import doubts_about, old_year
from jusou.entry.prompts import (
    Question,
    Step,
    answers_another_question,
    questions,
    read_figure,
    read_step,
    read_yes_or_no,
)
from jusou.errors import DataError, JusouError
from jusou.logs.dataset import Dataset
from jusou.logs.rows import read_actual
from jusou.logs.schema import REMARK_WANTED, Actual, Basis
from jusou.logs.slots import figure_words
from jusou.plan.model import check_log_year
from jusou.report.tables.receipt import (
    HELP,
    SAME,
    entry_card,
    next_step,
    rating_words,
    wanted,
)
from jusou.report.words import recorded
from jusou.values.dates import wareki
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import quote, visible
from jusou.workspace import Workspace, read_year

# A figure before the year's end is asked about, like all that looks wrong.
ALLOWED = Permission(before_year_end=True)
CHECK = "次: 入力した数値と、まだ書いていない文は jusou check で確かめられます。"


class StepError(Exception):
    """A question was answered with a step: skip, back or quit. The input's end is quit, too."""

    def __init__(self, step: Step, *, ended: bool = False) -> None:
        super().__init__(step)
        self.step, self.ended = step, ended


@dataclass
class Session:
    """Where and when figures are entered, by whom; the data as last seen; what was recorded.

    ``line`` is the line of the input that was read last.
    """

    workspace: Workspace
    dataset: Dataset
    year: FiscalYear
    today: Date
    recorded_by: str
    everything: bool
    recorded: set[str] = field(default_factory=set)
    line: int = 0


def enter(
    context: typer.Context,
    year: YearArgument,
    everything: Annotated[
        bool, flag("--all", "記録のある指標も含め、すべての指標をたずねます。")
    ] = False,
    by: ByOption = None,
    date: DateOption = None,
) -> None:
    """Ask for what is missing, one indicator at a time, and append each figure as it is taken."""
    workspace, chosen, today = open_workspace(context), read_year(year), read_today(date)
    dataset = workspace.load()
    chosen = check_log_year(dataset.plan, chosen)
    session = Session(workspace, dataset, chosen, today, person(by), everything)
    asked = questions(dataset, chosen, today, everything=everything)
    _greet(session, len({each.indicator.id for each in asked}))
    if not asked:
        console.tell(CHECK)
        return
    try:
        _walk(session, asked)
    finally:  # also when interrupted, and when the data has become unreadable
        console.show(f"\n{len(session.recorded)}件の指標を記録しました。")
    left = questions(workspace.load(), chosen, today, everything=False)
    missing = {each.indicator.id for each in left}
    console.tell(next_step(dataset.plan, chosen) if missing - session.recorded else CHECK)


def _greet(session: Session, count: int) -> None:
    year, plan = session.year, session.dataset.plan
    console.show(f"{year}（{year.long_name}）の実績を入力します。")
    if plan.info.sample:
        console.show_notice()
    if not count:
        console.show("すべての指標に記録があります。直すときは --all を付けてください。")
        return
    console.show(f"{count}件の指標をたずねます。1件ごとに保存します。")
    console.show("いつでも: ?=説明　s=とばす　b=戻る　q=終了")
    if not year.has_ended(session.today):
        ahead = "途中の数値は「中間 1300」「見込 2700」のように入力してください。"
        if session.today > year.interim_day:
            ahead = f"{year.interim_day.month}月末の実績と、年度末の見込みをたずねます。"
        console.show_folded(f"{year} は{wareki(year.last_day)}まで続いています。{ahead}")
    elif doubt := old_year(plan, year, session.today):
        console.show_folded(f"確認してください: {doubt}")


def _walk(session: Session, asked: Sequence[Question]) -> None:
    """Ask each question in turn, until the last or until the person quits."""
    at, is_back = 0, False
    while at < len(asked):
        if is_back or not _is_settled(session, asked[at]):
            try:
                _ask_one(session, asked[at], f"{at + 1}/{len(asked)}")
                is_back = False
            except StepError as taken:
                if taken.step is Step.QUIT:
                    return
                is_back = taken.step is Step.BACK
            session.dataset = session.workspace.load()  # others record, too
        at = max(at - 1, 0) if is_back else at + 1
    if console.has_unread_lines():
        message = f"入力の{session.line + 1}行目から後は、たずねる指標がなく、使っていません。"
        raise JusouError(message, "答えがずれていないか、上の記録を確かめてください。")


def _is_settled(session: Session, question: Question) -> bool:
    """Tell whether an answer to the other question about an indicator has answered this one too."""
    answered = question.indicator.id in session.recorded and not session.everything
    is_other = answered and question.basis is not Basis.FINAL
    return is_other and not question.is_open(session.dataset, session.year)


def _ask_one(session: Session, question: Question, progress: str) -> None:
    """Show an indicator and ask until its figure is settled. Raises StepError.

    From a pipe, JusouError for the first answer that cannot be used: what follows it was meant for
    the questions after it.
    """
    card = entry_card(session.dataset, session.year, question.indicator, progress)
    console.show_folded(f"\n{card}")
    while True:
        answer = ""
        try:
            answer = _ask(session, f"{wanted(question.basis, session.year)}: ")
            if not answer:
                raise StepError(Step.SKIP)
            _take(session, read_figure(answer, question))
        except StepError as taken:
            if not answer:
                raise
            console.show_folded(f"  {quote(answer)}は記録していません。")
            if taken.ended and not console.is_terminal():
                hint = "この後の質問への答えがありません。"
                raise _stopped(session, JusouError("入力が途中で終わりました。", hint)) from None
            if taken.step is not Step.BACK:
                raise
        except DataError:
            raise  # a log has become unreadable: no answer can mend that
        except JusouError as error:
            if not console.is_terminal():
                raise _stopped(session, error) from error
            console.show_folded(f"  {error}")
        else:
            return


def _stopped(session: Session, error: JusouError) -> JusouError:
    """Return why a pipe is not read on, and what stands of it."""
    saved = f"ここまでの{len(session.recorded)}件は記録しました。" if session.recorded else ""
    again = "もう一度実行すると、記録のない指標だけを初めからたずねます。"
    return JusouError(
        f"入力の{session.line}行目で止めました。{error.message}",
        f"{error.hint}{saved}{again}答えも、その分だけを渡してください。",
    )


def _take(session: Session, cells: Mapping[str, str]) -> None:
    """Read, show, question and record one figure. Raises JusouError and StepError."""
    row = _read(session, cells)
    decision = decide(session.dataset, row, ALLOWED, session.today)
    if decision.obstacle not in (None, Obstacle.ANOTHER_STANDS, Obstacle.NO_REASON):
        raise RefusedError(decision)
    _confirm(session, decision, row)
    row, permission = _explained(session, decision, row)
    _record(session, row, permission, decision.stands)


def _read(session: Session, cells: Mapping[str, str]) -> Actual:
    """Read a figure, and ask for the 基準日 of a 中間 once the figure itself can be read."""
    plan, year = session.dataset.plan, session.year
    if cells["区分"] != Basis.INTERIM:
        return read_actual(plan, year, cells)
    read_actual(plan, year, {**cells, "基準日": year.interim_day.isoformat()})
    usual = min(year.interim_day, session.today).isoformat()
    while True:
        day = _ask(session, f"  基準日（Enter で {usual}）: ") or usual
        try:
            return read_actual(plan, year, {**cells, "基準日": day})
        except JusouError as error:
            _ask_again(error)


def _confirm(session: Session, decision: Decision[Actual], row: Actual) -> None:
    """Show the figure as it was read, and ask about what looks wrong. Raises StepError."""
    indicator = session.dataset.plan.indicators[row.indicator]
    rated = rating_words(session.dataset, row)
    console.show_folded(f"  → {recorded(row, indicator)}{'　' if rated else ''}{rated}")
    doubts = decision.doubts
    if decision.obstacle:  # what takes the place of another is asked about, too
        doubts = doubts_about(session.dataset, row, session.today)
    for doubt in doubts:
        console.show_folded(f"  確認: {doubt}")
    sure = None if doubts else True
    while sure is None:
        answer = _ask(session, "  この数値でよいですか（y=はい n=入力し直す）: ")
        sure = read_yes_or_no(answer)
        if sure is None:
            message = f"{quote(answer)}は y でも n でもありません。"
            _ask_again(JusouError(message, "y か n を入力してください。"))
    if not sure:
        raise StepError(Step.BACK)


def _explained(
    session: Session, decision: Decision[Actual], row: Actual
) -> tuple[Actual, Permission]:
    """Ask for the reason of a correction or cancellation, or for a remark. Raises JusouError."""
    match decision.obstacle:
        case None if row.remark or not decision.verdict.is_written:
            return row, ALLOWED
        case None:
            wanted = REMARK_WANTED.get(row.basis, "なければ Enter")
            return row._replace(remark=_ask_text(session, f"  備考（{wanted}）: ")), ALLOWED
        case Obstacle.ANOTHER_STANDS:
            console.show_folded(f"  {decision.message}")
            question = "  訂正の理由: "
        case _:
            question = "  取消の理由: "
    reason = row.remark
    while not reason:
        reason = _ask_text(session, question)
        if not reason:
            _ask_again(JusouError("理由が空です。", "理由を入力してください。"))
    return row._replace(remark=reason), ALLOWED._replace(correct=EVERYTHING, reason=reason)


def _ask_text(session: Session, question: str) -> str:
    """Ask for a text; what answers another question is not taken for one. Raises StepError."""
    units = {each.unit for each in session.dataset.plan.indicators.values()}
    while answers_another_question(text := visible(_ask(session, question)).strip(), units):
        message = f"{quote(text)}は文として記録しません。"
        _ask_again(JusouError(message, "文を入力してください。"))
    return text


def _ask_again(error: JusouError) -> None:
    """Say why an answer cannot be used, to somebody who can give another. Raises it otherwise."""
    if not console.is_terminal():
        raise error
    console.show_folded(f"  {error.message}{error.hint}")


def _record(session: Session, row: Actual, permission: Permission, seen: Actual | None) -> None:
    """Append the figure to what the person saw. Raises JusouError if another stands by now."""
    by, today = session.recorded_by, session.today
    with session.workspace.transaction(recorded_by=by, today=today) as t:
        session.dataset = t.dataset
        decision = decide(t.dataset, row, permission, session.today)
        if decision.stands != seen:
            words = figure_words(t.dataset.plan.indicators[row.indicator], decision.stands)
            message = f"ほかの人が、この間に「{words}」と記録しました。"
            raise JusouError(message, "今の記録を確かめ、もう一度入力してください。")
        if decision.obstacle:
            raise RefusedError(decision)
        if decision.verdict.is_written:
            t.append(decision.row)
    mention_kept(t.kept, written=t.written)
    if t.written:
        session.recorded.add(row.indicator)
        console.show("  記録しました。")
    else:
        console.show(f"  {SAME}。")


def _ask(session: Session, question: str) -> str:
    """Ask, with help on request. Raises StepError for a step and at the end of the input."""
    while True:
        try:
            session.line += 1
            answer = console.ask(question)
        except EOFError:
            raise StepError(Step.QUIT, ended=True) from None
        mention_unseen([answer])
        step = read_step(answer)
        if step is None:
            return answer
        if step is not Step.HELP:
            raise StepError(step)
        console.show_folded(HELP)
