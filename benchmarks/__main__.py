"""Runs the benchmarks: ``python -m benchmarks [name …] [--strict]``.

Prints the table of their ratios as Markdown, as README.md has it.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import fiction, many, pack
from benchmarks.measuring import NotMeasured, Result, compare, run_python

BARE = "import typer, yaml; from pydantic import BaseModel"
JUSOU = "from jusou.cli import main; main()"
DAY = "--date 2028-11-12"
SHOW = f"show R9 {DAY}"
Benchmark = Callable[[Path, int], Result]
CSV_PASS = """
import csv, sys, time
started = time.process_time()
with open(sys.argv[1] + "/data/actuals/R9.csv", encoding="utf-8-sig", newline="") as file:
    for row in csv.reader(file):
        pass
print(time.process_time() - started)
"""
LOAD = """
import gc, sys, time
from pathlib import Path
from jusou.storage.loading import load
gc.set_threshold(200_000)  # as every command does
started = time.process_time()
load(Path(sys.argv[1]))
print(time.process_time() - started)
"""


def bare() -> float:
    return 1000 * run_python("-c", BARE, cwd=fiction.SAMPLE).seconds


def jusou(arguments: str, folder: Path) -> Callable[[], float]:
    """The milliseconds of a command in a folder."""
    return lambda: 1000 * run_python("-c", JUSOU, *arguments.split(), cwd=folder).seconds


def own_time(code: str, path: Path) -> Callable[[], float]:
    """The milliseconds that a child says its work took: without starting and importing."""
    return lambda: 1000 * float(run_python("-c", code, str(path), cwd=path.parent).out)


def command(arguments: str, budget: float) -> Benchmark:
    """A command in a workspace whose pack was handed out, and its plan read before."""

    def measure(folder: Path, repetitions: int) -> Result:
        title = (arguments.partition(" --")[0] or arguments, "BARE", budget)
        return compare(title, jusou(arguments, handed_out(folder)), bare, repetitions)

    return measure


def after_edit(folder: Path, repetitions: int) -> Result:
    workspace = handed_out(folder)
    run_show = jusou(SHOW, workspace)

    def edited() -> float:
        with (workspace / "data" / "targets.yaml").open("a", encoding="utf-8") as plan:
            plan.write("#\n")
        return run_show()

    return compare(("show R9 after an edit", "BARE", 2.0), edited, bare, repetitions)


def handed_out(folder: Path) -> Path:
    """Make a copy of the sample with a pack of R9 that was handed out, and a figure corrected."""
    place = folder / "handed-out" / "sample"
    if not place.exists():
        shutil.copytree(fiction.SAMPLE, place)
        for arguments in (
            "report R9 --date 2028-11-10",
            "freeze R9 --as 会議 --date 2028-11-10",
            "add R9 sodan-2 2500 --correct --reason 集計の誤り --date 2028-11-12",
        ):
            jusou(arguments, place)()
    return place


def rows(folder: Path, repetitions: int) -> Result:
    workspace = fiction.workspace(folder, 100_000)
    title = ("loading 10^5 rows", "csv.reader pass", 6.0)
    return compare(title, own_time(LOAD, workspace), own_time(CSV_PASS, workspace), repetitions)


BENCHMARKS: dict[str, Benchmark] = {
    "show": command(SHOW, 1.4),
    "show-edited": after_edit,
    "help": command("--help", 0.6),
    "add": command(f"add R9 sodan-2 2510 --correct --reason 訂正 --dry-run {DAY}", 1.2),
    "check": command(f"check {DAY}", 1.2),
    "status": command(f"status {DAY}", 1.2),
    "status-year": command(f"status R9 {DAY}", 1.2),
    "trace": command(f"trace R9 sodan-2 {DAY}", 1.4),
    "diff": command(f"diff R9 {DAY}", 1.4),
    "freeze": command("freeze R9 --as 会議 --date 2028-11-10", 1.4),
    "revise": command(
        f"revise sodan-2 R11=2700 --reason 見直し --decided-by 会議 --decided-on R10.11.10"
        f" --dry-run {DAY}",
        1.4,
    ),
    "rows": rows,
    **pack.BENCHMARKS,
    **many.BENCHMARKS,
}


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--repetitions", type=int, default=15, help="counted runs of each (15)")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a budget is broken")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(BENCHMARKS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return arguments


def main() -> int:
    arguments = read_arguments()
    print("| work | against | least of each | ratio | median | budget |\n|---|---|---|---|---|---|")
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.names or BENCHMARKS:
            try:
                result = BENCHMARKS[name](Path(folder), arguments.repetitions)
            except NotMeasured as reason:
                print(f"| {name} | not measured: {reason} | | | | |", flush=True)
                continue
            print(line(result), flush=True)
            results.append(result)
    return int(arguments.strict and broken(results))


def line(result: Result) -> str:
    costs = f"{result.cost:.0f} / {result.base:.0f} {result.unit}"
    over = "" if result.is_within else " (over)"
    ratios = f"{result.ratio:.2f}{over} | {result.median_ratio:.2f}"
    return f"| {result.work} | {result.against} | {costs} | {ratios} | ≤ {result.budget:g} |"


def broken(results: Sequence[Result]) -> bool:
    return not all(result.is_within for result in results)


if __name__ == "__main__":
    sys.exit(main())
