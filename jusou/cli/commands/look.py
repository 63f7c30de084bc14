"""list, status, history, check, export, schema: looking at what is there."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jusou.cli import console
from jusou.cli.options import (
    DateOption,
    FormatOption,
    IndicatorArgument,
    YearArgument,
    choose,
    load,
    mention,
    open_workspace,
    read_today,
    read_year,
    wants_json,
)
from jusou.errors import DataError, Problem, Severity, UsageError

if TYPE_CHECKING:
    from jusou.report.document import Table


def list_(context: typer.Context, format: FormatOption = "text") -> None:
    """Show the plan: programmes, indicators, targets as published."""
    as_json = wants_json(format)
    workspace = open_workspace(context)
    plan = workspace.load_plan()
    if as_json:
        from jusou.report.writers.json import dump, plan_json

        console.show_json(dump(plan_json(plan)))
        return
    from jusou.report.tables.listing import plan_tables, revision_table

    changes = revision_table(plan, workspace.revision_rows(plan, []))
    tables = [*plan_tables(plan), *([changes] if changes else [])]
    title = f"{plan.info.title}{'（公表時の目標。変更は最後の表）' if changes else ''}"
    _show_tables(title, plan.info.sample, tables)


def status(
    context: typer.Context,
    year: YearArgument,
    format: FormatOption = "text",
    date: DateOption = None,
) -> None:
    """Show who has reported what, and word the 再依頼."""
    from jusou.report.tables.status import reminder, status_json, status_tables, too_early
    from jusou.review.build import build_review
    from jusou.review.collection import collect
    from jusou.storage.imports import read_imports

    as_json = wants_json(format)
    chosen, today = read_year(year), read_today(date)
    review = build_review(load(context, today), chosen, today)
    collections = collect(review, read_imports(open_workspace(context), review.plan))
    if early := too_early(review):
        console.tell(early)
    if as_json:
        from jusou.report.writers.json import dump

        console.show_json(dump(status_json(review, collections)))
        return
    title = f"{chosen}（{chosen.long_name}）の回答状況"
    _show_tables(title, review.plan.info.sample, status_tables(collections))
    for text in filter(None, (reminder(review, each) for each in collections)):
        console.show(f"\n〔再依頼の文面〕\n{text}")


def history(
    context: typer.Context, indicator: IndicatorArgument, format: FormatOption = "text"
) -> None:
    """Show every row that was ever recorded for one indicator."""
    from jusou.logs.rows import find_indicator
    from jusou.report.tables.history import history_json, history_table
    from jusou.report.tables.listing import revision_table

    as_json = wants_json(format)
    workspace = open_workspace(context)
    data = workspace.load()
    found = find_indicator(data.plan, indicator)
    problems: list[Problem] = []
    rows = [row for row in workspace.actual_rows(data.plan, problems) if row.indicator == found.id]
    mention(problems)
    if as_json:
        from jusou.report.writers.json import dump

        console.show_json(dump(history_json(data, found, rows)))
        return
    revisions = [each for each in data.revisions if each.indicator == found.id]
    changes = revision_table(data.plan, revisions)
    tables = [history_table(data, found, rows), *([changes] if changes else [])]
    _show_tables("記録の履歴", data.plan.info.sample, tables)


def check(context: typer.Context, format: FormatOption = "text", date: DateOption = None) -> None:
    """Show every problem of the data; exit 1 if one is an error."""
    from jusou.review.checks import check as find_warnings
    from jusou.storage.imports import import_rows

    as_json, today = wants_json(format), read_today(date)
    sample = False
    workspace = open_workspace(context)
    found: list[Problem] = []
    try:
        sample = workspace.load_plan().info.sample
        found += find_warnings(workspace.load(), today)
    except DataError as error:
        found += error.problems
    with suppress(DataError):  # what is wrong with the plan has been said
        list(import_rows(workspace, workspace.load_plan(), found))
    problems = sorted(found, key=lambda each: each.severity)
    wrong = sum(problem.severity is Severity.ERROR for problem in problems)
    if as_json:
        from jusou.report.writers.json import dump

        found_json = [_problem_json(each) for each in problems]
        console.show_json(dump({"sample": sample, "problems": found_json}))
    else:
        _show_notice(sample and not wrong)
        words = {Severity.ERROR: "誤り", Severity.WARNING: "確認"}
        shown = [f"{words[problem.severity]}: {problem}" for problem in problems]
        console.show("\n".join(shown[: console.MAX_PROBLEMS]) if shown else "問題はありません。")
        if len(shown) > console.MAX_PROBLEMS:
            console.show(f"ほかに{len(shown) - console.MAX_PROBLEMS}件あります。")
        _show_notice(sample and wrong > 0)  # behind the errors, which come first
        if problems:
            console.show(f"誤り {wrong}件、確認したほうがよい点 {len(problems) - wrong}件")
    if wrong:
        raise typer.Exit(1)


def _problem_json(problem: Problem) -> dict[str, Any]:
    return {
        "severity": problem.severity.value,
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
        "hint": problem.hint or None,
    }


def export(
    context: typer.Context,
    format: Annotated[
        str, typer.Option("--format", metavar="csv|json", help="出力の形式。省くと csv です。")
    ] = "csv",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", metavar="フォルダー", help="書き出し先。省くと reports/export です。"
        ),
    ] = None,
    date: DateOption = None,
) -> None:
    """Write the long table of all years as CSV, or print it as JSON."""
    from jusou.report.tables.long import csv_package, long_rows
    from jusou.storage.output import write_pack

    kind, today = choose(format, ("csv", "json"), "--format"), read_today(date)
    data = load(context, today)
    if kind == "json":
        from jusou.report.writers.json import dump

        if output:
            hint = "--output を取るか、--format csv を指定してください。"
            raise UsageError("--output は --format csv のときだけ使えます。", hint)
        console.show_json(dump({"rows": long_rows(data, today)}))
        return
    folder = output or open_workspace(context).root / "reports" / "export"
    written = write_pack(folder, csv_package(data, today))
    console.show("\n".join(["書き出しました:", *(f"  {path}" for path in written)]))
    console.tell("次: Excel などで開いて使えます。列の説明は datapackage.json にあります。")


def schema() -> None:
    """Print the JSON Schema of ``targets.yaml``."""
    from jusou.plan.model import plan_schema
    from jusou.report.writers.json import dump

    console.show_json(dump(plan_schema()))


def _show_tables(title: str, sample: bool, tables: Iterable[Table]) -> None:
    console.show(title)
    _show_notice(sample)
    for table in tables:
        console.show("")
        console.show_table(table)


def _show_notice(sample: bool) -> None:
    if sample:
        from jusou.report.words import SAMPLE_NOTICE

        console.show(f"【{SAMPLE_NOTICE}】")
