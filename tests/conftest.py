"""How every test runs, on whom it cannot prove anything, and what all of them share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import pytest
from hypothesis import settings

from tests.packs import Pack, made_once

settings.register_profile("jusou", deadline=None, print_blob=True)
settings.load_profile("jusou")


def pytest_runtest_setup(item: pytest.Item) -> None:
    bound = sys.platform != "win32" and os.geteuid() != 0
    if item.get_closest_marker("permissions") and not bound:
        pytest.skip("the permissions of files do not stop this user")


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Pack]:
    """Return a pack by its name in :mod:`tests.packs`, the same one in every process."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    return lambda name: made_once(shared, name)
