"""Completion in the shell: the one place that uses private parts of Typer, under its pin.

There is no public way to complete in Japanese without Typer's own options, whose help is English.
Where a release moves these parts, commands run as before, only without completion;
``tests/test_process.py`` tells.
"""

from __future__ import annotations

import contextlib

from jusou.errors import JusouError

SHELLS = ("powershell", "pwsh", "bash", "zsh")


def prepare_completion() -> None:
    """Make ready to answer a shell that asks what could stand on the command line."""
    with contextlib.suppress(ImportError):
        from typer._completion_classes import completion_init

        completion_init()


def install_completion() -> str:
    """Set up completion for the shell at hand; return what was done. Raises JusouError."""
    from shellingham import ShellDetectionFailure, detect_shell

    hint = "PowerShell・bash・zsh のどれかで、もう一度実行してください。"
    try:
        from typer._completion_shared import install as write_script

        found, _ = detect_shell()
    except (ShellDetectionFailure, ImportError):
        found = ""
    if found not in SHELLS:
        raise JusouError("この端末には入力補完を設定できません。", hint)
    shell, path = write_script(found, prog_name="jusou")
    return f"{shell} の入力補完を {path} に設定しました。端末を開き直すと使えます。"
