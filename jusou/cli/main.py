"""Runs the command line and renders every error in one place."""

from __future__ import annotations

import atexit
import errno
import gc
import os
import sys
from typing import NoReturn

INTERRUPTED = 130
_READER_GONE = (errno.EPIPE, errno.EINVAL)  # Windows says EINVAL
# Looking for pydantic's plugins reads the metadata of every installed package: 25 ms a start.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def main() -> NoReturn:
    """Run ``jusou`` and exit: 0 done, 1 a problem in data or request, 2 wrong usage."""
    # What a short command makes, it needs to its end: looking through it for garbage is 1/25,
    # and looking through all of it once more when Python ends, 1/20.
    gc.set_threshold(200_000)
    atexit.register(gc.freeze)
    try:
        # Loading is most of what a command takes: Ctrl-C may well come so early.
        from jusou.cli import console

        console.prepare()
        code = _run()
    except KeyboardInterrupt:
        print("\n中断しました。", file=sys.stderr)
        code = INTERRUPTED
    sys.exit(code)


def _run() -> int:
    """Run the command and bring all that it says out; return the exit code."""
    from jusou.cli import console
    from jusou.errors import JusouError

    console.recorded = False
    try:
        code = _call()
        console.flush()
    except console.OutputError as error:
        console.silence(sys.stdout)
        stands = "記録は済んでいます。" if console.recorded else ""
        number = getattr(error.__cause__, "errno", None)
        if stands or number not in _READER_GONE:
            hint = f"{stands}出力先とディスクの空きを確かめてください（エラー番号 {number}）。"
            console.tell_error(JusouError("結果を出力できませんでした。", hint))
        code = 1
    return code


def _call() -> int:
    from typer import Abort
    from typer.main import get_command

    from jusou.cli import console
    from jusou.cli.app import app
    from jusou.errors import JusouError

    try:
        # Windows: a text typed with * or % in it is a text, not a pattern or a variable.
        code = get_command(app)(prog_name="jusou", standalone_mode=False, windows_expand_args=False)
    except JusouError as error:
        console.tell_error(error)
        return error.exit_code
    except (KeyboardInterrupt, Abort):
        code = INTERRUPTED
    if code == INTERRUPTED:  # Typer's own answer to Ctrl-C, too
        stands = "ここまでの記録は済んでいます。" if console.recorded else ""
        console.tell(f"\n中断しました。{stands}")
    return code if isinstance(code, int) else 0
