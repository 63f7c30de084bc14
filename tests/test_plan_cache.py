"""The plan that is kept between commands: the same as the one in the YAML, or none at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import jusou
from jusou.plan.model import Plan
from jusou.storage.loading import PLAN_PATH
from jusou.storage.plan_cache import keep_plan, kept_plan
from jusou.storage.plan_file import load_plan
from tests.support import REPOSITORY, SAMPLE, call, run, small_workspace, tree
from tests.test_architecture import loaded
from tests.test_plan_round_trip import plans

CONTENT = b"the YAML of a plan"
DAY = "--date=2028-06-01"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(folder))
    return folder


PLAN, OTHER = (load_plan((each / PLAN_PATH).read_bytes(), "") for each in (SAMPLE, REPOSITORY))


def kept_file(cache: Path) -> Path:
    (path,) = (cache / "jusou").iterdir()
    return path


@given(plan=plans(), content=st.binary())
@settings(max_examples=15)
def test_a_plan_comes_back_as_it_was_read(
    tmp_path_factory: pytest.TempPathFactory, plan: Plan, content: bytes
) -> None:
    root = tmp_path_factory.getbasetemp()
    keep_plan(root, content, plan)
    found = kept_plan(root, content)
    assert found == plan
    assert repr(found) == repr(plan)  # 92.50 is not 92.5, a Measure not its text
    assert kept_plan(root, content + b" ") is None


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_becomes_of_the_file_it_is_the_plan_or_none(
    cache: Path, data: st.DataObject
) -> None:
    keep_plan(cache, b"another YAML", OTHER)
    foreign = kept_file(cache).read_bytes()
    keep_plan(cache, CONTENT, PLAN)
    whole = kept_file(cache).read_bytes()
    at = data.draw(st.integers(0, len(whole)))
    spoiled = data.draw(
        st.sampled_from(
            [
                whole[:at],
                whole[:at] + b"0" + whole[at:],
                whole[:at] + b"0" + whole[at + 1 :],
                whole[:at] + foreign[at:],
                whole.partition(b"\n")[0] + b"\n" + foreign.partition(b"\n")[2],
                foreign,
            ]
        )
        | st.binary()
    )
    kept_file(cache).write_bytes(spoiled)
    assert kept_plan(cache, CONTENT) == (PLAN if spoiled == whole else None)


def test_another_version_has_a_file_of_its_own(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_plan(tmp_path, CONTENT, PLAN)
    ((old, kept),) = tree(cache).items()
    monkeypatch.setattr(jusou, "__version__", "9.9.9")
    assert kept_plan(tmp_path, CONTENT) is None
    keep_plan(tmp_path, CONTENT, OTHER)
    assert kept_plan(tmp_path, CONTENT) == OTHER
    assert tree(cache)[old] == kept
    (new,) = tree(cache).keys() - {old}
    (cache / new).write_bytes(kept)
    assert kept_plan(tmp_path, CONTENT) is None


@pytest.mark.parametrize(
    ("folder", "home"), [("within/the/workspace", "/"), ("", "within/it"), ("{file}", "/")]
)
def test_without_a_folder_for_it_the_yaml_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, home: str
) -> None:
    workspace = small_workspace(tmp_path / "workspace", "id: a")
    (tmp_path / "file").touch()
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, folder.format(file=tmp_path / "file"))
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, home)
    monkeypatch.chdir(workspace)
    before = tree(tmp_path)
    plan = jusou.Workspace(workspace).plan()
    assert list(plan.indicators) == ["a"]
    keep_plan(workspace, CONTENT, plan)
    assert kept_plan(workspace, CONTENT) is None
    assert tree(tmp_path) == before


def test_other_plans_that_lie_around_are_not_read(cache: Path, tmp_path: Path) -> None:
    here, *_ = (small_workspace(tmp_path / name, "id: a") for name in "abcd")
    assert call(here, "status", DAY).code == 0
    kept_file(cache)  # of one plan


@pytest.mark.slow
def test_a_command_takes_the_plan_of_the_last_one_until_it_is_edited(
    cache: Path, tmp_path: Path
) -> None:
    workspace = small_workspace(tmp_path / "workspace", "id: a")
    path = workspace / "data" / "targets.yaml"
    before = tree(workspace)
    assert "pydantic" in loaded(workspace, "list")
    for command in (["show", "R9", DAY], ["check", DAY], ["add", "R9", "a", "5", "--dry-run", DAY]):
        assert not loaded(workspace, *command) & {"pydantic", "yaml"}
    assert tree(workspace) == before
    path.write_bytes(path.read_bytes().replace(b"measure: flow", b"measure: flaw"))
    first, second = (run(workspace, "list") for _ in range(2))
    assert first == second
    assert first.code == 1
    assert "flaw" in first.err


@pytest.mark.slow
def test_commands_that_run_at_once_agree(cache: Path, tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path / "workspace", "id: a")
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: run(workspace, "list"), range(4)))) == 1
    kept_file(cache)  # one for all of them
