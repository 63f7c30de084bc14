"""Runs the benchmarks and prints their ratios: ``python -m benchmarks [name …] [--strict]``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import fiction, many, pack
from benchmarks.measuring import NotMeasured, Result, compare, run_python

BARE = "import typer, yaml; from pydantic import BaseModel"
JUSOU = "from jusou.cli import main; main()"
CSV_PASS = """
import csv, sys, time
started = time.process_time()
with open(sys.argv[1] + "/data/actuals/R9.csv", encoding="utf-8-sig", newline="") as file:
    for row in csv.reader(file):
        pass
print(time.process_time() - started)
"""
LOAD = """
import sys, time
from pathlib import Path
from jusou.workspace import Workspace
workspace = Workspace(Path(sys.argv[1]))
started = time.process_time()
workspace.load()
print(time.process_time() - started)
"""


def bare() -> float:
    return 1000 * run_python("-c", BARE, cwd=fiction.SAMPLE).seconds


def jusou(*arguments: str) -> Callable[[], float]:
    return lambda: 1000 * run_python("-c", JUSOU, *arguments, cwd=fiction.SAMPLE).seconds


def own_time(code: str, path: Path) -> Callable[[], float]:
    """The milliseconds that a child says its work took: without starting and importing."""
    return lambda: 1000 * float(run_python("-c", code, str(path), cwd=path.parent).out)


def show(folder: Path, repetitions: int) -> Result:
    title = ("show R9", "BARE", 1.7)
    return compare(title, jusou("show", "R9", "--date", "2028-11-10"), bare, repetitions)


def help_(folder: Path, repetitions: int) -> Result:
    return compare(("--help", "BARE", 0.8), jusou("--help"), bare, repetitions)


def rows(folder: Path, repetitions: int) -> Result:
    workspace = fiction.workspace(folder, 100_000)
    title = ("loading 10^5 rows", "csv.reader pass", 6.0)
    return compare(title, own_time(LOAD, workspace), own_time(CSV_PASS, workspace), repetitions)


BENCHMARKS: dict[str, Callable[[Path, int], Result]] = {
    "show": show,
    "help": help_,
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
    print(f"{'work':26}{'against':18}{'least of each':>22}{'ratio':>8}{'median':>8}{'budget':>9}")
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.names or BENCHMARKS:
            try:
                result = BENCHMARKS[name](Path(folder), arguments.repetitions)
            except NotMeasured as reason:
                print(f"{name:26}not measured: {reason}", flush=True)
                continue
            print(line(result), flush=True)
            results.append(result)
    return int(arguments.strict and broken(results))


def line(result: Result) -> str:
    costs = f"{result.cost:.1f} / {result.base:.1f} {result.unit}"
    mark = "" if result.is_within else "  over"
    return (
        f"{result.work:26}{result.against:18}{costs:>22}{result.ratio:8.2f}"
        f"{result.median_ratio:8.2f}{'≤':>5}{result.budget:4.1f}{mark}"
    )


def broken(results: Sequence[Result]) -> bool:
    return not all(result.is_within for result in results)


if __name__ == "__main__":
    sys.exit(main())
