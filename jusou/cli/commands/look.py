"""list, status, history, check, export, schema: looking at what is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    wants_json,
)
from jusou.errors import DataError, Problem, Severity, UsageError
from jusou.workspace import Workspace, read_year

if TYPE_CHECKING:
    from jusou.report.document import Table


def list_(context: typer.Context, format: FormatOption = "text") -> None:
    """Show the plan: programmes, indicators, targets as published."""
    as_json = wants_json(format)
    workspace = open_workspace(context)
    plan = workspace.plan()
    if as_json:
        from jusou.report.writers.json import dump, plan_json

        console.show_json(dump(plan_json(plan)))
        return
    from jusou.report.tables.listing import plan_tables, revision_table
    from jusou.storage.loading import read_revisions

    changes = revision_table(plan, read_revisions(workspace.root, plan))
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

    as_json = wants_json(format)
    chosen, today = read_year(year), read_today(date)
    dataset = load(context, today, imports=True)
    review = build_review(dataset, chosen, today)
    collections = collect(review, dataset.rows.imports)
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
    from jusou.logs.cells import find_indicator
    from jusou.report.tables.listing import history_json, history_table, revision_table

    as_json = wants_json(format)
    dataset = open_workspace(context).load()
    mention(dataset.warnings)
    found = find_indicator(dataset.plan, indicator)
    rows = [row for row in dataset.rows.actuals if row.indicator == found.id]
    if as_json:
        from jusou.report.writers.json import dump

        console.show_json(dump(history_json(dataset, found, rows)))
        return
    changes = revision_table(dataset.plan, dataset.revisions(found))
    tables = [history_table(dataset, found, rows), *([changes] if changes else [])]
    _show_tables("記録の履歴", dataset.plan.info.sample, tables)


def check(context: typer.Context, format: FormatOption = "text", date: DateOption = None) -> None:
    """Show every problem of the data; exit 1 if one is an error."""
    from jusou.review.checks import check as find_warnings

    as_json, today = wants_json(format), read_today(date)
    workspace = open_workspace(context)
    found: Sequence[Problem]
    try:
        dataset = workspace.load(imports=True)
        sample, found = dataset.plan.info.sample, find_warnings(dataset, today)
    except DataError as error:
        sample, found = _is_sample(workspace), error.problems
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


def _is_sample(workspace: Workspace) -> bool:
    """Tell whether the data are fictional; of a plan that cannot be read it is not known."""
    try:
        return workspace.plan().info.sample
    except DataError:
        return False


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
    from jusou.report.tables.export import csv_package, long_rows
    from jusou.storage.output import write_files

    kind, today = choose(format, ("csv", "json"), "--format"), read_today(date)
    dataset = load(context, today)
    if kind == "json":
        from jusou.report.writers.json import dump

        if output:
            hint = "--output を取るか、--format csv を指定してください。"
            raise UsageError("--output は --format csv のときだけ使えます。", hint)
        console.show_json(dump({"rows": long_rows(dataset, today)}))
        return
    folder = output or open_workspace(context).root / "reports" / "export"
    written = write_files(folder, csv_package(dataset, today))
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
