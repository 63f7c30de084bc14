"""What the commands share: arguments, the workspace, the day, formats, warnings."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jusou.cli import console
from jusou.errors import JusouError, Problem, UsageError
from jusou.values.dates import parse_date, wareki
from jusou.values.text import quote, visible
from jusou.workspace import Workspace

if TYPE_CHECKING:
    from jusou.logs.dataset import Dataset
    from jusou.plan.model import Plan
    from jusou.report.fonts import Replaced
    from jusou.values.fiscal_year import FiscalYear


def option(name: str, metavar: str, help: str, **more: Any) -> Any:
    """Return an option that takes a value, for a command's signature."""
    readable = False  # a place that may not be read is named where it is
    return typer.Option(name, metavar=metavar, help=help, readable=readable, **more)


def flag(name: str, help: str) -> Any:
    """Return an option without a value, for a command's signature."""
    return typer.Option(name, help=help)


def complete_years(context: typer.Context, incomplete: str) -> list[str]:
    plan = _plan_for_completion(context)
    return [str(year) for year in plan.years if str(year).startswith(incomplete)] if plan else []


def complete_indicators(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    plan = _plan_for_completion(context)
    found = plan.indicators.values() if plan else ()
    return [(each.id, each.name) for each in found if each.id.startswith(incomplete)]


def _years_and_indicators(context: typer.Context, incomplete: str) -> list[str | tuple[str, str]]:
    return [*complete_years(context, incomplete), *complete_indicators(context, incomplete)]


def _plan_for_completion(context: typer.Context) -> Plan | None:
    try:
        return open_workspace(context).plan()
    except JusouError:
        return None


YearArgument = Annotated[
    str,
    typer.Argument(
        metavar="年度", help="対象の年度（R9、令和9年度）。", autocompletion=complete_years
    ),
]
IndicatorArgument = Annotated[
    str,
    typer.Argument(
        metavar="指標",
        help="指標の id か番号（sodan-2、1-2）。",
        autocompletion=complete_indicators,
    ),
]
YearAndIndicators = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="年度 指標 …",
        help="年度（省くと、記録のある最後の年度）と、指標の id か番号。",
        autocompletion=_years_and_indicators,
    ),
]
DateOption = Annotated[
    str | None,
    option("--date", "年月日", "基準とする日（2028-06-01）。省くと今日です。", envvar="JUSOU_DATE"),
]
FormatOption = Annotated[str, option("--format", "text|json", "出力の形式。省くと text です。")]
ByOption = Annotated[str | None, option("--by", "名前", "入力者。省くとパソコンの利用者名です。")]
DryRunOption = Annotated[bool, flag("--dry-run", "書き込まずに、書き込む内容だけを表示します。")]


def open_workspace(context: typer.Context) -> Workspace:
    """Return the workspace of the command. Raises JusouError when there is none."""
    from jusou.storage.files import translated

    with translated(Path(), "読み込み"):
        here = Path.cwd()
    return Workspace.find(context.find_root().params.get("workspace"), here, console.tell)


def read_today(text: str | None) -> date:
    """Return the day given by ``--date`` or JUSOU_DATE, else the clock's. Raises UsageError."""
    return read_day(text) if text else date.today()


def read_day(text: str) -> date:
    """Read a date option. Raises UsageError."""
    try:
        return parse_date(text)
    except ValueError:
        raise UsageError(
            f"日付{quote(text)}は読めません。", "2028-06-01 か R10.6.1 のように指定してください。"
        ) from None


def read_text(text: str, name: str) -> str:
    """Return an option's text. Raises UsageError for bytes that are none: no file takes them."""
    if console.UNREADABLE.search(text):
        message = f"{name} の値{quote(text)}に、読めない文字があります。"
        raise UsageError(message, "その文字を消して、もう一度実行してください。")
    return text


def choose(text: str, choices: Sequence[str], name: str) -> str:
    """Return one of ``choices``. Raises UsageError."""
    if text.lower() in choices:
        return text.lower()
    raise UsageError(f"{name} {quote(text)}は使えません。", f"{'、'.join(choices)} のどれかです。")


def choose_some(text: str, choices: Sequence[str], name: str) -> list[str]:
    """Return those of ``choices`` that a comma-separated option names. Raises UsageError."""
    named = [choose(each.strip().lower(), choices, name) for each in text.split(",")]
    return [each for each in choices if each in named]


def wants_json(text: str) -> bool:
    """Read ``--format``. Raises UsageError."""
    return choose(text, ("text", "json"), "--format") == "json"


def load(
    context: typer.Context, today: date, year: FiscalYear | None = None, *, imports: bool = False
) -> Dataset:
    """Load the data, for a year or all; say on stderr how many warnings there are.

    Raises DataError.
    """
    dataset = open_workspace(context).load(imports=imports)
    mention_order(dataset)
    mention_later(dataset, today, year)
    mention(warnings_of(dataset, today))
    return dataset


def warnings_of(dataset: Dataset, today: date) -> tuple[Problem, ...]:
    """Every warning about what was entered; those about the plan are for ``check`` alone."""
    from jusou.review.checks import find_warnings

    found = find_warnings(dataset, today)
    return tuple(each for each in found if each.path != "data/targets.yaml")


def mention_order(dataset: Dataset) -> None:
    """Say where a log may have been sorted: what stands may not be what was recorded last."""
    from jusou.review.order import rows_that_go_back

    console.tell_problems([*rows_that_go_back(dataset.rows)])


def mention_later(dataset: Dataset, today: date, year: FiscalYear | None = None) -> None:
    """Say which rows, used for a year, were recorded after the day that is taken as today."""
    from jusou.review.order import rows_after

    if later := rows_after(dataset, today, year and dataset.plan.own(year)):
        logs = Counter(row.path for row in later)
        named = "、".join(f"{path} に{count}行" for path, count in logs.items())
        console.tell(
            f"{wareki(today)}より後に記録された行を{len(later)}行使っています（{named}）。"
            "その日の資料とは違うものになります。"
        )


def mention(warnings: Sequence[Problem]) -> None:
    """Say how many warnings there are."""
    if warnings:
        console.tell(
            f"確認したほうがよい点が{len(warnings)}件あります（jusou check で表示します）。"
        )


def mention_replaced(texts: Sequence[Replaced]) -> None:
    """Say where a character became 〓."""
    if texts:
        console.tell("グラフと PDF の書体にない文字を 〓 に置き換えました:")
        console.tell("\n".join(f"    {each.where}: {quote(each.excerpt)}" for each in texts))


def mention_kept(files: Sequence[Path], *, written: bool) -> None:
    """Say what had to be put beside a log before it could be appended to.

    To be called before anything else is printed: whether rows were ``written`` is remembered, to
    be said where the rest cannot be.
    """
    console.recorded = console.recorded or written
    for path in files:
        if path.suffix == ".torn":
            console.tell(f"書きかけの最後の行を {path.name} に移しました。")
        elif path.suffix == ".csv":
            console.tell(
                f"{path.name} は、書き込みが途中で止まった後に書き換えられています。"
                "終わりのほうに、重なった行や余分な行がないか確かめてください。"
            )
        else:
            console.tell(
                "記録のファイルの文字コードか見出しを、今の形に直しました。誤りではなく、"
                f"行の内容は1つも変わっていません（元のファイルは {path.name} です）。"
            )


def mention_unseen(texts: Iterable[str]) -> None:
    """Say that what was typed is recorded without the characters that nobody sees in it."""
    if any(visible(text) != text for text in texts):
        console.tell("目に見えない文字を除きました。")


def person(by: str | None) -> str:
    """The person who enters: the one given, else the name of the account."""
    name = by
    if name is None:
        name = os.environ.get("USERNAME") or os.environ.get("USER") or ""
    return name.strip()
