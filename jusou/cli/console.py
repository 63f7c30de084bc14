"""Printing that survives every console: Japanese, CP932, ASCII, a pipe, a closed pipe."""

from __future__ import annotations

import codecs
import contextlib
import io
import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from jusou.errors import CombinedError, DataError, JusouError, Problem
from jusou.values.columns import wrapped
from jusou.values.text import decoded, is_utf16, without_controls

if TYPE_CHECKING:
    from jusou.report.document import Table

MAX_PROBLEMS = 50
recorded = False  # whether this run has written rows: to be said if nothing else can be
_STDOUT, _STDERR = 1, 2
_HANDLER = "jusou"
_KEPT = "\t\n"
UNREADABLE = re.compile("[\ud800-\udfff]")  # a byte that is no character, by surrogateescape
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
    """Make stdout and stderr replace what their encoding lacks, and stdin mark it, not fail."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        _replace_closed_streams()
    codecs.register_error(_HANDLER, _substitute)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")


def _replace_closed_streams() -> None:
    """Let a stream that was closed refuse what is written to it.

    Its number is taken first, or a log might be opened as the new stdout.
    """
    while (spare := os.open(os.devnull, os.O_RDONLY)) <= _STDERR:
        pass
    os.close(spare)
    if sys.stdout is None:
        sys.stdout = os.fdopen(_STDOUT, "w", encoding="utf-8", closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(_STDERR, "w", encoding="utf-8", closefd=False)


def silence(stream: TextIO) -> None:
    """Let a stream that takes nothing any more lead nowhere, or Python fails when it closes it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class OutputError(Exception):
    """Stdout takes nothing any more; the cause is the OSError.

    Not an OSError itself: Typer would end the program for a pipe that nobody reads.
    """


@contextlib.contextmanager
def _to_stdout() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError from error


def width() -> int:
    """The columns of the terminal; 80 in a pipe."""
    return max(40, shutil.get_terminal_size((80, 24)).columns)


def show(text: str) -> None:
    """Print a result to stdout. Raises OutputError."""
    plain = without_controls(text, _KEPT)
    with _to_stdout():
        sys.stdout.write(plain if plain.endswith("\n") else f"{plain}\n")


def flush() -> None:
    """Bring all results out. Raises OutputError."""
    with _to_stdout():
        sys.stdout.flush()


def show_json(content: Mapping[str, Any]) -> None:
    """Print JSON to stdout: what its encoding lacks is escaped, for a program reads it."""
    from jusou.report.writers.json import dump

    text = dump(content)
    try:
        text.encode(sys.stdout.encoding)
        strange = re.compile(r"[\x7f-\x9f]")  # JSON itself escapes those below
    except UnicodeEncodeError:
        strange = re.compile(r"[^\x00-\x7e]")
    show(strange.sub(lambda found: json.dumps(found[0])[1:-1], text))


def show_table(table: Table) -> None:
    """Print a table as wide as the terminal."""
    from jusou.report.writers.terminal import render_table

    show("\n".join(line.rstrip() for line in render_table(table, width())))


def show_tables(title: str, tables: Iterable[Table], *, sample: bool) -> None:
    """Print tables below a title, with the notice that fictional data bear."""
    show(title)
    if sample:
        show_notice()
    for table in tables:
        show("")
        show_table(table)


def show_notice() -> None:
    """Print that the data are fictional."""
    from jusou.plan.model import SAMPLE_NOTICE

    show_folded(f"【{SAMPLE_NOTICE}】")


def show_written(title: str, files: Iterable[Path]) -> None:
    """Print which files were written."""
    show("\n".join([title, *(f"  {path}" for path in files)]))


def show_folded(text: str) -> None:
    """Print a result folded to the terminal, each line with its own indent."""
    show("\n".join(_folded(text)))


def _folded(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        indent = " " * (len(line) - len(line.lstrip(" ")))
        yield from wrapped(line, width(), f"{indent}  ")


def ask(question: str) -> str:
    """Ask on stdout and return the line typed. Raises EOFError when the input has ended."""
    while True:
        try:
            answer = _typed(question) if is_terminal() else _piped(question)
        except (EOFError, KeyboardInterrupt):
            show("")  # the cursor still stands behind the question
            raise
        if not UNREADABLE.search(answer):
            return answer.strip()
        show("読めない文字があります。入力し直してください。")


def is_terminal() -> bool:
    """Tell whether a person answers, who can answer again; from a pipe each line is final."""
    return sys.stdin is not None and sys.stdin.isatty()


def _typed(question: str) -> str:
    if codecs.lookup(sys.stdin.encoding).name == "utf-8":
        with contextlib.suppress(ImportError):  # the arrow keys, where the system lacks them
            import readline  # noqa: F401
    with _to_stdout():
        return input(question)


def _piped(question: str) -> str:
    """Return the next line of a pipe, shown as a terminal would; UTF-8 on any console, or CP932.

    Raises EOFError at the end, and JusouError for what is neither.
    """
    with _to_stdout():
        sys.stdout.write(question)
        sys.stdout.flush()
    line = sys.stdin.buffer.readline() if sys.stdin else b""
    if not line:
        raise EOFError
    answer = decoded(line)
    show("?" if answer is None else answer.strip())
    if answer is None:
        message = "文字として読めないデータがあります。"
        if is_utf16(line):
            message = "文字コードが UTF-16（Unicode）です。"
        hint = "答えのファイルを、文字コード UTF-8 で保存し直してから渡してください。"
        raise JusouError(message, hint)
    return answer


def has_unread_lines() -> bool:
    """Tell whether a file on stdin goes on; a pipe is not asked, for its writer may be waiting."""
    is_file = sys.stdin is not None and not is_terminal() and sys.stdin.seekable()
    return is_file and bool(sys.stdin.buffer.read().strip())


def tell(text: str) -> None:
    """Print a message to stderr, if it takes any."""
    try:
        sys.stderr.write(f"{without_controls(text, _KEPT)}\n")
        sys.stderr.flush()
    except OSError:
        silence(sys.stderr)


def _tell_folded(text: str) -> None:
    """Print a message, folded on a terminal; a pipe gets each line whole, to be searched."""
    if not sys.stderr.isatty():
        tell(text)
        return
    tell("\n".join(_folded(text)))


def progress(part: str) -> None:
    """Say on a terminal what is being made; nothing in a pipe."""
    if sys.stderr.isatty():
        tell(f"{part} を作っています…")


def tell_error(error: JusouError) -> None:
    """Print an error with its remedy; of many problems the first 50, then the count."""
    if isinstance(error, CombinedError):
        for each in error.errors:
            tell_error(each)
        return
    if not isinstance(error, DataError):
        _tell_folded(f"エラー: {error}")
        return
    errors = [each for each in error.problems if each.is_error]
    tell_problems(errors)
    tell(f"データに問題が{len(errors)}件あります。直してから、もう一度実行してください。")


def tell_problems(problems: Sequence[Problem]) -> None:
    """Print at most 50 problems, then how many are left."""
    for problem in problems[:MAX_PROBLEMS]:
        _tell_folded(str(problem))
    if len(problems) > MAX_PROBLEMS:
        tell(f"ほかに{len(problems) - MAX_PROBLEMS}件あります。")
