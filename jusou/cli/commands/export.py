"""export: the figures of all years as one long table, of one plan or of many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date as Date  # noqa: N812 - `date` is the option's name
from pathlib import Path
from typing import Annotated

import typer

from jusou.cli import console
from jusou.cli.options import DateOption, choose, load, open_workspace, option, read_today
from jusou.errors import UsageError
from jusou.report.tables.long import PACKAGE, csv_package, long_rows
from jusou.storage.output import write_files


def export(
    context: typer.Context,
    folders: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="フォルダー …",
            help="作業フォルダーか、その並ぶフォルダー。指定すると、多くの計画を1つの表にします。",
        ),
    ] = None,
    format: Annotated[str, option("--format", "csv|json", "出力の形式。省くと csv です。")] = "csv",
    output: Annotated[
        Path | None,
        option(
            "--output",
            "フォルダー",
            "書き出し先。省くと reports/export です（多くの計画では export）。",
        ),
    ] = None,
    date: DateOption = None,
) -> None:
    """Write the long table of all years as CSV, or print it as JSON."""
    kind, today = choose(format, ("csv", "json"), "--format"), read_today(date)
    if folders:
        _export_many(folders, kind, output or Path("export"), today)
        return
    dataset = load(context, today)
    if kind == "json":
        if output:
            hint = "--output を取るか、--format csv を指定してください。"
            raise UsageError("--output は --format csv のときだけ使えます。", hint)
        console.show_json({"rows": long_rows(dataset, today)})
        return
    folder = output or open_workspace(context).root / "reports" / "export"
    console.show_written("書き出しました:", write_files(folder, csv_package(dataset, today)))
    console.tell("次: Excel などで開いて使えます。列の説明は datapackage.json にあります。")


def _export_many(folders: Sequence[Path], kind: str, output: Path, today: Date) -> None:
    """Write the tidy table of many plans."""
    from jusou.report.tables.many import NAME, csv_chunks, description
    from jusou.storage.loading import find_workspaces, load_all

    if kind == "json":
        hint = "--format json を取ってください。"
        raise UsageError("多くの計画の表は CSV だけです。", hint)
    roots = find_workspaces(folders)
    files: dict[str, bytes | Iterable[bytes]] = {
        f"{NAME}.csv": csv_chunks(load_all(roots), today),
        PACKAGE: description(today),
    }
    console.show_written(f"{len(roots)}の計画を書き出しました:", write_files(output, files))
    console.tell("次: DuckDB や Spark でそのまま読めます。例は docs/many-plans.md にあります。")
