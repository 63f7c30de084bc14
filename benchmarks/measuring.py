"""Measures work against other work: child processes, interleaved, by the time they used."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
# As a user runs it: no PYTHONDONTWRITEBYTECODE (modules are cached), no JUSOU_DATE.
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JUSOU_"))
}


@dataclass(frozen=True, slots=True)
class Ran:
    """What a child process used: seconds of user and system time, and of the clock; bytes."""

    seconds: float
    wall: float
    peak: int
    out: str


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table: some work against other work, and the ratio it may reach."""

    work: str
    against: str
    budget: float
    cost: float
    base: float
    median_ratio: float
    unit: str

    @property
    def ratio(self) -> float:
        return self.cost / self.base

    @property
    def is_within(self) -> bool:
        return self.ratio <= self.budget


class NotMeasured(Exception):  # noqa: N818 (it is no error)
    """Something that this benchmark compares with is not installed."""


def run_python(*arguments: str, cwd: Path) -> Ran:
    """Run Python with arguments (``-c``, code, …) and return what it used. Raises if it fails."""
    return run([sys.executable, *arguments], cwd)


def run(command: Sequence[str], cwd: Path) -> Ran:
    """Run a command and return what it and its children used. Raises if it fails."""
    started = time.perf_counter()
    with subprocess.Popen(
        command, cwd=cwd, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None
        out = process.stdout.read().decode()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} failed:\n{out}")
    wall = time.perf_counter() - started
    return Ran(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * MAXRSS_UNIT, out)


def compare(
    title: tuple[str, str, float],
    work: Callable[[], float],
    base: Callable[[], float],
    repetitions: int,
    unit: str = "ms",
) -> Result:
    """Measure ``work`` and ``base`` in turn; ``title`` says what they are and the budget.

    A first run of each, not counted, warms every cache. Whatever else the machine does only adds
    time, so the least of each is compared; the median of the ratios is there to be doubted by.
    """
    measures: Mapping[str, Callable[[], float]] = {"work": work, "base": base}
    found: dict[str, list[float]] = {name: [] for name in measures}
    for repetition in range(repetitions + 1):
        for name, measure in measures.items():
            value = measure()
            if repetition:
                found[name].append(value)
    ratios = [each / other for each, other in zip(found["work"], found["base"], strict=True)]
    what, against, budget = title
    return Result(
        what, against, budget, min(found["work"]), min(found["base"]), median(ratios), unit
    )
