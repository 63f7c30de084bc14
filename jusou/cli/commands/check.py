"""check: every problem of the data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import typer

from jusou.cli import console
from jusou.cli.options import DateOption, FormatOption, open_workspace, read_today, wants_json
from jusou.entry.plausibility import slips_that_stand
from jusou.errors import DataError, Problem, Severity
from jusou.logs.dataset import Dataset
from jusou.review.checks import find_warnings
from jusou.review.order import repeated_rows, rows_behind_their_correction
from jusou.review.unfinished import unfinished
from jusou.workspace import Workspace

_WORDS = {Severity.ERROR: "誤り", Severity.WARNING: "確認"}


def check(context: typer.Context, format: FormatOption = "text", date: DateOption = None) -> None:
    """Show every problem of the data and what is still open; exit 1 if one is an error."""
    as_json, today = wants_json(format), read_today(date)
    workspace = open_workspace(context)
    found: Sequence[Problem]
    try:
        dataset = workspace.load(imports=True)
        sample = dataset.plan.info.sample
        found = [
            *find_warnings(dataset, today),
            *repeated_rows(dataset.rows),
            *rows_behind_their_correction(dataset),
            *slips_that_stand(dataset, today),
            *unfinished(dataset, today),
            *altered(workspace, dataset),
        ]
    except DataError as error:
        sample, found = _is_sample(workspace), error.problems
    problems = sorted(found, key=lambda each: each.severity)
    wrong = sum(problem.is_error for problem in problems)
    if as_json:
        console.show_json({"sample": sample, "problems": list(map(_json, problems))})
    else:
        _show(problems, wrong, sample=sample)
    if wrong:
        raise typer.Exit(1)


def altered(workspace: Workspace, dataset: Dataset) -> Iterator[Problem]:
    """Yield what is not as it was when a pack was handed out: rows of the logs, and kept files."""
    handouts = workspace.handouts()
    if not handouts:
        return
    from jusou.handouts.manifest import altered_files, altered_rows
    from jusou.storage.handouts import digests_in, place_of

    if handouts[-1].is_whole:  # where not, it is named with its file
        yield from altered_rows(handouts[-1], dataset.row_digests)
    for each in handouts:
        found = digests_in(place_of(workspace.root, each.name), each.files)
        yield from altered_files(each, found)


def _show(problems: Sequence[Problem], wrong: int, *, sample: bool) -> None:
    if sample and not wrong:
        console.show_notice()
    shown = [f"{_WORDS[problem.severity]}: {problem}" for problem in problems]
    console.show("\n".join(shown[: console.MAX_PROBLEMS]) if shown else "問題はありません。")
    if len(shown) > console.MAX_PROBLEMS:
        console.show(f"ほかに{len(shown) - console.MAX_PROBLEMS}件あります。")
    if sample and wrong:  # behind the errors, which come first
        console.show_notice()
    if problems:
        console.show(f"誤り {wrong}件、確認したほうがよい点 {len(problems) - wrong}件")


def _is_sample(workspace: Workspace) -> bool:
    """Tell whether the data are fictional; of a plan that cannot be read it is not known."""
    try:
        return workspace.plan().info.sample
    except DataError:
        return False


def _json(problem: Problem) -> dict[str, Any]:
    return {
        "severity": problem.severity.value,
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
        "hint": problem.hint or None,
    }
