"""The Typer application: the options that stand before a command."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from jusou import __version__
from jusou.cli import console, typer_parts
from jusou.cli.help import HELP_FLAGS, JusouGroup

app = typer.Typer(
    cls=JusouGroup,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": HELP_FLAGS},
)
if "_JUSOU_COMPLETE" in os.environ:
    typer_parts.prepare_completion()


def _print_version(value: bool) -> None:
    if value:
        console.show(f"jusou {__version__}")
        raise typer.Exit()


def _install_completion(value: bool) -> None:
    if value:
        console.show(typer_parts.install_completion())
        raise typer.Exit()


@app.callback(help="計画の指標の実績を記録し、達成率を計算して、評価表を作ります。")
def options(
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace",
            metavar="フォルダー",
            envvar="JUSOU_WORKSPACE",
            readable=False,
            help="data フォルダーのある作業フォルダー。省くと、今のフォルダーから上へ探します。",
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="版を表示します。"),
    ] = False,
    install_completion: Annotated[
        bool,
        typer.Option(
            "--install-completion",
            callback=_install_completion,
            is_eager=True,
            help="入力補完（PowerShell・bash・zsh）を設定します。",
        ),
    ] = False,
) -> None:
    """Take the options before a command; ``open_workspace`` finds the workspace among them."""
