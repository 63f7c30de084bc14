"""はじめに.cmd: opens a console on Windows with ``jusou`` ready and its status on the screen."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from jusou.storage.files import translated

NAME = "はじめに.cmd"
# The console's own language: a file of commands is read in the code page that Windows starts with.
_ENCODING = "cp932"
_LINES = """\
@echo off
rem ダブルクリックすると、jusou を使える画面を開き、今の状況と次にすることを表示します。
title jusou
pushd "%~dp0"
set "JUSOU_PYTHON=%~dp0.venv\\Scripts\\python.exe"
{elsewhere}if not exist "%JUSOU_PYTHON%" set "JUSOU_PYTHON=py.exe"
for %%I in ("%JUSOU_PYTHON%") do set "PATH=%%~dpI;%PATH%"
rem 署名のないプログラムを止めているパソコンでも動くように、python から呼びます。
doskey jusou="%JUSOU_PYTHON%" -m jusou $*
"%JUSOU_PYTHON%" -m jusou status
if errorlevel 9009 echo jusou の準備ができていません。README の「準備」の1行を実行してください。
cmd /k
"""


def starter(python: str = "") -> bytes:
    """Return the file, given where Python is if that is not the ``.venv`` beside the file."""
    quoted = python.replace("%", "%%")
    line = f'if not exist "%JUSOU_PYTHON%" set "JUSOU_PYTHON={quoted}"\n' if python else ""
    text = _LINES.format(elsewhere=line)
    return text.replace("\n", "\r\n").encode(_ENCODING)


def write_starter(root: Path) -> Path:
    """Write the file into a workspace, unless it is there; return its path. Raises JusouError."""
    path = root / NAME
    python = Path(sys.executable)
    own = root.resolve() / ".venv" in python.parents
    try:
        content = starter("" if own or os.name != "nt" else str(python))
    except UnicodeEncodeError:  # a name that this code page lacks: py.exe has to find Python
        content = starter()
    with translated(path, "書き込み"):
        if not path.exists():
            path.write_bytes(content)
    return path
