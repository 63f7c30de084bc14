"""Runs the command line and renders every error in one place."""

from __future__ import annotations

import errno
import os
import sys
from typing import NoReturn

from typer import Abort
from typer.main import get_command

from jusou.cli import console
from jusou.cli.app import app
from jusou.errors import JusouError

INTERRUPTED = 130
_READER_GONE = (errno.EPIPE, errno.EINVAL)  # Windows says EINVAL
# Looking for pydantic's plugins reads the metadata of every installed package: 25 ms a start.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def main() -> NoReturn:
    """Run ``jusou`` and exit: 0 done, 1 a problem in data or request, 2 wrong usage."""
    console.prepare()
    try:
        code = _run()
        sys.stdout.flush()
    except OSError as error:
        if error.filename is not None:
            raise  # a file's: a bug, for storage words its own
        # Stdout's own: point it at nothing so that the interpreter can close it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno not in _READER_GONE:
            hint = f"出力先とディスクの空きを確かめてください（エラー番号 {error.errno}）。"
            console.tell_error(JusouError("結果を出力できませんでした。", hint))
        code = 1
    sys.exit(code)


def _run() -> int:
    try:
        # Windows: a text typed with * or % in it is a text, not a pattern or a variable.
        code = get_command(app)(prog_name="jusou", standalone_mode=False, windows_expand_args=False)
    except JusouError as error:
        console.tell_error(error)
        return error.exit_code
    except (KeyboardInterrupt, Abort):
        code = INTERRUPTED
    if code == INTERRUPTED:  # Typer's own answer to Ctrl-C, too
        console.tell("\n中断しました。")
    return code if isinstance(code, int) else 0
