"""jusou: a KPI tracker over flat files for municipal plans.

The library (docs/library.md): a workspace is read, evaluated and added to as the command line
does it. Everything is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jusou.entry.decide import RefusedError
    from jusou.errors import DataError, JusouError, Problem
    from jusou.review.build import IndicatorReview, Review
    from jusou.values.fiscal_year import FiscalYear
    from jusou.workspace import Workspace

__version__ = "0.1.0"
__all__ = [
    "DataError",
    "FiscalYear",
    "IndicatorReview",
    "JusouError",
    "Problem",
    "RefusedError",
    "Review",
    "Workspace",
]
_HOMES = {
    "entry.decide": ("RefusedError",),
    "errors": ("DataError", "JusouError", "Problem"),
    "review.build": ("IndicatorReview", "Review"),
    "values.fiscal_year": ("FiscalYear",),
    "workspace": ("Workspace",),
}


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"jusou.{home}"), name)
    raise AttributeError(f"module 'jusou' has no attribute {name!r}")
