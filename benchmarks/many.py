"""Many plans: what ``export FOLDER…`` costs for every municipality, and DuckDB's answer."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from benchmarks import fiction
from benchmarks.measuring import NotMeasured, Result, compare, run_python

MUNICIPALITIES = 1741
PART = 4
_EXPORT = "from jusou.cli import main; main()"
_DAY = "2031-06-01"
_ASK = """
import duckdb
query = duckdb.connect()
query.execute("CREATE VIEW plans AS SELECT * FROM 'plans.csv'")
print(query.sql(
    "SELECT year, programme_name, COUNT(*), SUM(CASE WHEN met THEN 1 ELSE 0 END), AVG(attainment) "
    "FROM plans WHERE met IS NOT NULL GROUP BY year, programme_name ORDER BY 1, 2"
).fetchall()[:2])
"""
_REPETITIONS = 2  # of minutes each


def _plans(folder: Path, part: int) -> Path:
    return fiction.prefecture(folder, MUNICIPALITIES // part)


def _export(folder: Path, part: int, of: str) -> Callable[[], float]:
    """Export the plans, all of them or a part; return seconds or megabytes."""
    root = _plans(folder, part)

    def measured() -> float:
        arguments = ("export", str(root), "--output", str(root.parent / f"of-{part}"))
        ran = run_python("-c", _EXPORT, *arguments, "--date", _DAY, cwd=folder)
        return ran.seconds if of == "s" else ran.peak / 1_000_000

    return measured


def _ask(folder: Path, part: int, of: str) -> Callable[[], float]:
    _export(folder, part, of)()

    def measured() -> float:
        ran = run_python("-c", _ASK, cwd=folder / f"of-{part}")
        return 1000 * ran.seconds if of == "ms" else ran.peak / 1_000_000

    return measured


def export(folder: Path, repetitions: int) -> Result:
    title = ("export 1,741 plans", "a quarter", 4.4)
    whole, part = (_export(folder, part, "s") for part in (1, PART))
    return compare(title, whole, part, min(repetitions, _REPETITIONS), "s")


def export_memory(folder: Path, repetitions: int) -> Result:
    title = ("export, memory", "a quarter", 1.2)
    whole, part = (_export(folder, part, "MB") for part in (1, PART))
    return compare(title, whole, part, min(repetitions, _REPETITIONS), "MB")


def ask(folder: Path, repetitions: int) -> Result:
    return _asked(folder, repetitions, "DuckDB's answer", "ms")


def ask_memory(folder: Path, repetitions: int) -> Result:
    return _asked(folder, repetitions, "DuckDB, memory", "MB")


def _asked(folder: Path, repetitions: int, name: str, unit: str) -> Result:
    if find_spec("duckdb") is None:
        raise NotMeasured("duckdb is not installed")
    whole, part = (_ask(folder, part, unit) for part in (1, PART))
    return compare((name, "a quarter", 4.4), whole, part, repetitions, unit)


BENCHMARKS = {
    "plans-export": export,
    "plans-export-memory": export_memory,
    "plans-duckdb": ask,
    "plans-duckdb-memory": ask_memory,
}
