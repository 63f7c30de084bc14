"""What has no public way in Typer: the one place that uses private parts of it, under its pin.

Completion in Japanese without Typer's own options, whose help is English, and parameters that are
read without pydantic. Where a release moves these parts, commands run as before, only without
completion, or slower; ``tests/test_process.py`` and ``tests/test_architecture.py`` tell.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from jusou.errors import JusouError

SHELLS = ("powershell", "pwsh", "bash", "zsh")


class _Plain(NamedTuple):
    """Reads the words of one parameter; Typer calls ``coerce``."""

    read: Callable[[Any], Any]

    def coerce(self, value: Any, **_: Any) -> Any:
        return None if value is None else self.read(value)


_READERS: Mapping[Any, _Plain] = {
    bool: _Plain(bool),
    str: _Plain(str),
    Path: _Plain(Path),
    list[str]: _Plain(list),
    list[Path]: _Plain(lambda words: [*map(Path, words)]),
}


def read_plainly(parameters: Sequence[Any]) -> Sequence[Any]:
    """Let Typer take flags, texts and paths as they are typed; return the parameters.

    It has pydantic read each of them: half of BARE (benchmarks/README.md), and nothing else needs
    pydantic where the plan is known from the last command.
    """
    for each in parameters:
        annotation = getattr(getattr(each, "type_descriptor", None), "annotation", None)
        if reader := _READERS.get(annotation):
            each.get_runtime_param = lambda reader=reader: reader
    return parameters


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
