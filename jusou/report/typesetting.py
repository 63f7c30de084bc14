"""typst with the one font of PDF and charts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jusou.report.fonts import font_file

_TEMPLATES = Path(__file__).parent / "templates"


def typeset(template: str, inputs: Mapping[str, str], **options: Any) -> Any:
    """Return what a template makes of its inputs: a file.

    ``options`` are those of typst's compile. Raises RuntimeError for whatever it complains of: a
    fault of ours.
    """
    import typst

    made, warnings = typst.compile_with_warnings(
        _TEMPLATES / template,
        root=_TEMPLATES,
        font_paths=[font_file().parent],
        ignore_system_fonts=True,
        sys_inputs=dict(inputs),
        **options,
    )
    if warnings:
        raise RuntimeError("\n".join(warning.diagnostic for warning in warnings))
    return made
