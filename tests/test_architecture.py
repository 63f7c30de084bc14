"""The shape of the code: imports flow one way, and the everyday commands load nothing heavy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import REPOSITORY, SAMPLE_DAY, sample_workspace

HEAVY = {"matplotlib", "xlsxwriter", "jinja2", "typst", "numpy", "pandas", "PIL"}
SHOW_MODULES = """\
import sys
from jusou.cli import main
sys.argv = ["jusou", *sys.argv[1:]]
try:
    main()
finally:
    sys.stderr.write("LOADED " + " ".join(sorted(sys.modules)) + "\\n")
"""


def loaded(workspace: Path, *arguments: str) -> set[str]:
    """Run a command that must succeed; return the modules it has loaded, packages included."""
    done = subprocess.run(
        [sys.executable, "-c", SHOW_MODULES, *arguments],
        cwd=workspace,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    modules = set(done.stderr.rpartition("LOADED ")[2].split())
    assert "jusou" in modules
    return modules


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    ["show R9 --date {day}", "show R9 --format json --date {day}", "list", "status R9 --date {day}",
     "add R9 sanka-3 4 --correct --remark 訂正 --date {day}"],
)  # fmt: skip
def test_everyday_commands_load_no_heavy_library(tmp_path: Path, command: str) -> None:
    workspace = sample_workspace(tmp_path)
    modules = loaded(workspace, *command.format(day=SAMPLE_DAY).split())
    assert not modules & HEAVY
    assert "rich" not in modules
    assert ("filelock" in modules) is command.startswith("add")  # only where it is written


@pytest.mark.slow
def test_show_prepares_no_charts(tmp_path: Path) -> None:
    modules = loaded(sample_workspace(tmp_path), "show", "R9", "--date", SAMPLE_DAY)
    assert "jusou.report.document" in modules
    assert not modules & {"jusou.report.charts.series", "jusou.report.charts.content"}


@pytest.mark.slow
def test_help_loads_neither_the_plan_nor_yaml(tmp_path: Path) -> None:
    modules = loaded(tmp_path, "--help")
    assert not modules & (HEAVY | {"rich", "yaml", "pydantic", "tabulate", "filelock"})


def test_pydantic_and_yaml_wait_until_a_plan_is_read() -> None:
    script = "import jusou.plan.consistency, jusou.storage.loading, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True
    )
    modules = set(done.stdout.split())
    assert "jusou.plan.model" in modules
    assert not modules & {"pydantic", "pydantic_core", "yaml"}


def test_imports_flow_one_way() -> None:
    """The contracts of ``.importlinter``; their text tells which import breaks which."""
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"],
        cwd=REPOSITORY,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " kept, 0 broken" in done.stdout
