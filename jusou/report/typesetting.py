"""typst with the one font of PDF and charts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jusou.report.fonts import font_file

_TEMPLATES = Path(__file__).parent / "templates"


def typeset(template: str, inputs: Mapping[str, str], **options: Any) -> tuple[Any, list[Any]]:
    """Return what a template makes of its inputs: a file, and what it tells at ``<places>``.

    ``options`` are those of typst's compile. Raises RuntimeError for whatever it complains of: a
    fault of ours.
    """
    import typst

    compiler = typst.Compiler(
        _TEMPLATES / template,
        root=_TEMPLATES,
        font_paths=_fonts(),
        sys_inputs=dict(inputs),
    )
    made, warnings = compiler.compile_with_warnings(**options)
    if warnings:
        raise RuntimeError("\n".join(warning.diagnostic for warning in warnings))
    return made, json.loads(compiler.query("<places>", field="value"))


@cache
def _fonts() -> Any:
    """Return the font for all that is set: to look through it is a tenth of what a PNG costs."""
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[font_file().parent],
    )
