"""The whole meeting pack against what a user would do instead: a pandas script, LibreOffice.

The workbook that LibreOffice recalculates and prints is the pack's own, made beforehand: the same
figures, live formulas, a native chart. Its profile has never seen a user.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from benchmarks import fiction
from benchmarks.measuring import NotMeasured, Ran, Result, compare, run, run_python

SCRIPT = Path(__file__).with_name("pandas_script.py")
# Without this LibreOffice shows the values that the file brings along.
ALWAYS_RECALCULATE = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
           xmlns:xs="http://www.w3.org/2001/XMLSchema"
           xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
SCRIPT_BUDGET, SCRIPT_WALL_BUDGET, OFFICE_BUDGET = 0.42, 0.35, 1.1
GROWN_BUDGET, GROWN_BYTES = 4.0, 600_000_000
MEMORY_CEILING = 1.5  # no budget of the design: so that growth is seen
MEMORY_REPETITIONS = 3
Work = Callable[[], Ran]


def pandas_time(folder: Path, repetitions: int) -> Result:
    title = ("whole pack", "pandas + pyplot", SCRIPT_BUDGET)
    return _compare_time(title, _pack(folder), _script(folder), repetitions)


def pandas_wall(folder: Path, repetitions: int) -> Result:
    title = ("whole pack, wall time", "pandas + pyplot", SCRIPT_WALL_BUDGET)
    work, base = _pack(folder), _script(folder)
    return compare(title, lambda: 1000 * work().wall, lambda: 1000 * base().wall, repetitions)


def grown_time(folder: Path, repetitions: int) -> Result:
    title = ("pack of 190 indicators", "of 19", GROWN_BUDGET)
    grown, base = (_pack(folder, fiction.grown(folder, times)) for times in (10, 1))
    return _compare_time(title, grown, base, repetitions)


def grown_memory(folder: Path, repetitions: int) -> Result:
    title = ("pack of 190 indicators, memory", "600 MB", 1.0)
    grown = _pack(folder, fiction.grown(folder, 10))
    return _compare_memory(title, grown, lambda: Ran(0, 0, GROWN_BYTES, ""))


def pandas_memory(folder: Path, repetitions: int) -> Result:
    title = ("whole pack, memory", "pandas + pyplot", MEMORY_CEILING)
    return _compare_memory(title, _pack(folder), _script(folder))


def office_time(folder: Path, repetitions: int) -> Result:
    title = ("whole pack", "LibreOffice", OFFICE_BUDGET)
    return _compare_time(title, _pack(folder), _office(folder), repetitions)


def office_memory(folder: Path, repetitions: int) -> Result:
    title = ("whole pack, memory", "LibreOffice", MEMORY_CEILING)
    return _compare_memory(title, _pack(folder), _office(folder))


BENCHMARKS: dict[str, Callable[[Path, int], Result]] = {
    "pack-pandas": pandas_time,
    "pack-pandas-wall": pandas_wall,
    "pack-pandas-memory": pandas_memory,
    "pack-office": office_time,
    "pack-office-memory": office_memory,
    "pack-grown": grown_time,
    "pack-grown-memory": grown_memory,
}


def _compare_time(
    title: tuple[str, str, float], work: Work, base: Work, repetitions: int
) -> Result:
    return compare(title, lambda: 1000 * work().seconds, lambda: 1000 * base().seconds, repetitions)


def _compare_memory(title: tuple[str, str, float], work: Work, base: Work) -> Result:
    return compare(
        title, lambda: work().peak / 1e6, lambda: base().peak / 1e6, MEMORY_REPETITIONS, "MB"
    )


def _pack(folder: Path, workspace: Path | None = None) -> Work:
    """``jusou report R9``, every part of it, of the sample or another workspace."""
    command = _report(folder, workspace or _workspace(folder))
    return lambda: run_python(*command, cwd=folder)


def _report(folder: Path, workspace: Path, *more: str) -> Sequence[str]:
    arguments = ["report", "R9", "--date", "2028-11-10", "--output", str(folder / "pack"), *more]
    return ["-m", "jusou", "--workspace", str(workspace), *arguments]


def _workspace(folder: Path) -> Path:
    """A copy of the sample: nothing is written into the sample itself."""
    return Path(shutil.copytree(fiction.SAMPLE, folder / "sample", dirs_exist_ok=True))


def _script(folder: Path) -> Work:
    """The script, on the same workspace. Raises NotMeasured without what it needs."""
    for name in ("pandas", "openpyxl"):
        if find_spec(name) is None:
            raise NotMeasured(f"{name} is not installed (pip install 'jusou[bench]')")
    arguments = [str(SCRIPT), str(_workspace(folder)), str(folder / "script")]
    return lambda: run_python(*arguments, cwd=folder)


def _office(folder: Path) -> Work:
    """LibreOffice on the pack's workbook. Raises NotMeasured where it is not installed."""
    office = shutil.which("soffice")
    if office is None:
        raise NotMeasured("LibreOffice (soffice) is not installed")
    run_python(*_report(folder, _workspace(folder), "--only", "xlsx"), cwd=folder)
    workbook = shutil.copy(folder / "pack" / "review.xlsx", folder / "figures.xlsx")
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE)
    command = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(folder / "office"), str(workbook)]
    return lambda: run(command, folder)
