"""How every test runs, on whom it cannot prove anything, and what all of them share."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.packs import Pack, made_once

settings.register_profile("jusou", deadline=None, print_blob=True)
settings.load_profile("jusou")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("permissions") and _may_do_everything():
        pytest.skip("the permissions of files do not stop this user")


def _may_do_everything() -> bool:
    """Tell whether a file that nobody may read can be read all the same, as root can."""
    if sys.platform == "win32":
        return True
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).chmod(0)
        return os.access(file.name, os.R_OK)


@pytest.fixture(scope="session", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the plans that are read here apart from those of the person who runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
            patch.setenv(name, str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Pack]:
    """Return a pack by its name in :mod:`tests.packs`, the same one in every process."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    return lambda name: made_once(shared, name)
