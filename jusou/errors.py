"""What can be wrong, as data: problems with place and remedy, and the errors that carry them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """An error stops a command; a warning is printed and the command goes on."""

    ERROR = "error"
    WARNING = "warning"


class Problem(NamedTuple):
    """One finding: what it is, how to mend it, and where it is, as far as that is known yet.

    A hint may be several lines: one command each.

    The reader of a cell knows its column, the reader of the file its line and path: each adds its
    part with ``_replace``. ``path`` is relative to the workspace, with forward slashes, or the
    place in a file that came back (``照会票.xlsx 実績!B3``). ``line`` counts from 1. ``column`` is
    a character position (plan file) or the heading of a column (logs, forms).
    """

    message: str
    hint: str = ""
    path: str = ""
    line: int | None = None
    column: int | str | None = None
    severity: Severity = Severity.ERROR

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

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
        return "\n    ".join([head, *self.hint.splitlines()])


def warning(
    message: str,
    hint: str,
    path: str,
    line: int | None = None,
    column: int | str | None = None,
) -> Problem:
    """Return a problem that stops nothing."""
    return Problem(message, hint, path, line, column, Severity.WARNING)


class JusouError(Exception):
    """Anything a user can cause and mend. Rendered in one place; never a traceback."""

    exit_code = 1

    def __init__(
        self, message: str, hint: str = "", *, line: int | None = None, column: str | None = None
    ) -> None:
        super().__init__(message)
        self.problem = Problem(message, hint, line=line, column=column)

    @property
    def message(self) -> str:
        return self.problem.message

    @property
    def hint(self) -> str:
        return self.problem.hint

    def __str__(self) -> str:
        return f"{self.message}\n    {self.hint}" if self.hint else self.message


class UsageError(JusouError):
    """The command was typed wrongly: unknown option, unreadable year, unknown format."""

    exit_code = 2


class CombinedError(JusouError):
    """Several things that are wrong with one request, each with its own remedy."""

    def __init__(self, errors: Iterable[JusouError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, self.errors)))


def raise_all(errors: Sequence[JusouError]) -> None:
    """Raise what is wrong, if anything is; a single error as it is."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise CombinedError(errors)


class DataError(JusouError):
    """The data cannot be used. Carries every problem found, warnings included."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
