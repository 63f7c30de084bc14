"""Printing that survives every console: Japanese, CP932, ASCII, a pipe, a closed pipe."""

from __future__ import annotations

import codecs
import io
import shutil
import sys
from collections.abc import Sequence

from jusou.errors import DataError, JusouError, Problem, Severity

MAX_PROBLEMS = 50
_HANDLER = "jusou"
_SUBSTITUTES = {
    "—": "-", "―": "-", "−": "-", "–": "-", "～": "~", "〜": "~", "△": "-", "※": "*",
    "⁄": "/", "…": "..", "□": "#", "■": "#", "〔": "[", "〕": "]", "→": "->", "　": " ",
    **{chr(ord("①") + index): f"({index + 1})" for index in range(20)},
}  # fmt: skip


def _substitute(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_SUBSTITUTES.get(char, "?") for char in text), error.end


def prepare() -> None:
    """Make stdout and stderr replace what their encoding lacks instead of failing."""
    codecs.register_error(_HANDLER, _substitute)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def width() -> int:
    """The columns of the terminal; 80 in a pipe."""
    return max(40, shutil.get_terminal_size((80, 24)).columns)


def show(text: str) -> None:
    """Print a result to stdout."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def tell(text: str) -> None:
    """Print a message to stderr."""
    sys.stderr.write(f"{text}\n")


def tell_error(error: JusouError) -> None:
    """Print an error with its remedy; of many problems the first 50, then the count."""
    if not isinstance(error, DataError):
        tell(f"エラー: {error}")
        return
    errors = [each for each in error.problems if each.severity is Severity.ERROR]
    tell_problems(errors)
    tell(f"データに問題が{len(errors)}件あります。直してから、もう一度実行してください。")


def tell_problems(problems: Sequence[Problem]) -> None:
    """Print at most 50 problems, then how many are left."""
    for problem in problems[:MAX_PROBLEMS]:
        tell(str(problem))
    if len(problems) > MAX_PROBLEMS:
        tell(f"ほかに{len(problems) - MAX_PROBLEMS}件あります。")
