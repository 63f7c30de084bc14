"""How every test runs, and on whom it cannot prove anything."""

from __future__ import annotations

import os
import sys

import pytest
from hypothesis import settings

settings.register_profile("jusou", deadline=None, print_blob=True)
settings.load_profile("jusou")


def pytest_runtest_setup(item: pytest.Item) -> None:
    bound = sys.platform != "win32" and os.geteuid() != 0
    if item.get_closest_marker("permissions") and not bound:
        pytest.skip("the permissions of files do not stop this user")
