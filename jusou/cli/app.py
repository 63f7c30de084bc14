"""The Typer application: options that stand before a command, and the commands by module."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from jusou import __version__
from jusou.cli import chart, console, enter, entry, forms, look, note, pack
from jusou.cli.usage import HELP_FLAGS, JusouCommand, JusouGroup

app = typer.Typer(
    cls=JusouGroup,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": HELP_FLAGS},
)
if "_JUSOU_COMPLETE" in os.environ:
    from typer._completion_classes import completion_init

    completion_init()


def _print_version(value: bool) -> None:
    if value:
        console.show(f"jusou {__version__}")
        raise typer.Exit()


def _install_completion(value: bool) -> None:
    if value:
        from typer._completion_shared import install

        shell, path = install(prog_name="jusou")
        console.show(f"{shell} の入力補完を {path} に設定しました。端末を開き直すと使えます。")
        raise typer.Exit()


@app.callback(help="計画の指標の実績を記録し、達成率を計算して、評価表を作ります。")
def options(
    context: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace",
            metavar="フォルダー",
            envvar="JUSOU_WORKSPACE",
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
    """Keep the workspace given for the command that follows."""
    context.obj = workspace


for command in (
    *pack.COMMANDS,
    *chart.COMMANDS,
    *entry.COMMANDS,
    *enter.COMMANDS,
    *forms.COMMANDS,
    *note.COMMANDS,
    *look.COMMANDS,
):
    app.command(cls=JusouCommand, help=command.__doc__)(command)
