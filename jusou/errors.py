"""What can be wrong, as data: problems with place and remedy, and the errors that carry them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

QUOTE_LIMIT = 40


class Severity(StrEnum):
    """An error stops a command; a warning is printed and the command goes on."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding in the data: where it is, what it is, how to mend it.

    ``path`` is relative to the workspace, with forward slashes. ``line`` counts from 1.
    ``column`` is a character position (plan file) or a column's name (logs).
    """

    severity: Severity
    path: str
    line: int | None
    column: int | str | None
    message: str
    hint: str = ""

    @property
    def place(self) -> str:
        """``path``, ``path:line`` or ``path:line:column``, as editors understand it."""
        parts = [self.path]
        if self.line is not None:
            parts.append(str(self.line))
            if isinstance(self.column, int):
                parts.append(str(self.column))
        return ":".join(parts)

    def __str__(self) -> str:
        head = f"{self.place}: {self.message}"
        return f"{head}\n    {self.hint}" if self.hint else head


class JusouError(Exception):
    """Anything a user can cause and mend. Rendered in one place; never a traceback."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n    {self.hint}" if self.hint else self.message


class UsageError(JusouError):
    """The command was typed wrongly: unknown option, unreadable year, unknown format."""

    exit_code = 2


class DataError(JusouError):
    """The data cannot be used. Carries every problem found, warnings included."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def quote(text: str) -> str:
    """Return the text found, in 「」, on one line, at most 40 characters, without control codes."""
    shown = "".join(_visible(char) for char in text[: QUOTE_LIMIT + 1])
    return f"「{shown[:QUOTE_LIMIT]}…」" if len(text) > QUOTE_LIMIT else f"「{shown}」"


def _visible(char: str) -> str:
    if char in "\r\n\t":
        return " "
    return "?" if unicodedata.category(char) in ("Cc", "Cf", "Cs") else char
