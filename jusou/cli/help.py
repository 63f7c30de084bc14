"""Japanese help and usage errors: Typer's own are English, and its panels load rich."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command

from jusou.cli import console
from jusou.cli.commands.catalogue import COMMANDS
from jusou.cli.typer_parts import read_plainly
from jusou.errors import UsageError
from jusou.values.columns import columns, wrapped
from jusou.values.text import quote

HELP_FLAGS = ["-h", "--help"]
_WIDTH = 80


class JusouCommand(TyperCommand):
    """A command whose help is Japanese; it is made with ``allow_extra_args``."""

    def get_params(self, ctx: Any) -> Any:
        return read_plainly(super().get_params(ctx))

    def get_help(self, ctx: Any) -> str:
        return _render(self, ctx, ())

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        with _translated(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        if ctx.args:
            raise _usage_error(f"{quote(' '.join(ctx.args))}は余分です。", ctx)
        return super().invoke(ctx)


class JusouGroup(TyperGroup):
    """All commands, with Japanese help: it knows their names, and builds the one called."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module, function = COMMANDS[cmd_name].place.split(":")
        alone = typer.Typer(
            add_completion=False,
            rich_markup_mode=None,
            pretty_exceptions_enable=False,
            # What is too much is told by JusouCommand, in Japanese.
            context_settings={"help_option_names": HELP_FLAGS, "allow_extra_args": True},
        )
        run = getattr(import_module(f"jusou.cli.commands.{module}"), function)
        alone.command(cmd_name, cls=JusouCommand, help=COMMANDS[cmd_name].help)(run)
        return get_command(alone)

    def get_params(self, ctx: Any) -> Any:
        return read_plainly(super().get_params(ctx))

    def get_help(self, ctx: Any) -> str:
        return _render(self, ctx, [(name, each.help) for name, each in COMMANDS.items()])

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:
            from jusou.cli.commands.status import show_in_three_lines

            show_in_three_lines()
            console.show(self.get_help(ctx))
            raise typer.Exit(2)
        with _translated(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except TyperException as error:  # options alone, and nothing to do with them
            raise _usage_error("コマンドを指定してください。", ctx) from error

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-") and not ctx.resilient_parsing:
            near = get_close_matches(name, COMMANDS)
            raise _usage_error(f"コマンド{quote(name)}はありません{_perhaps(near)}。", ctx)
        return super().resolve_command(ctx, args)


def _render(command: Any, ctx: Any, subcommands: Sequence[tuple[str, str]]) -> str:
    params = [param for param in command.get_params(ctx) if not getattr(param, "hidden", False)]
    arguments = [each for each in params if each.param_type_name == "argument"]
    options = [each for each in params if each.param_type_name == "option"]
    words = [_placeholder(each) for each in arguments]
    words += ["コマンド …"] if subcommands else []
    usage = " ".join([ctx.command_path, "[オプション]", *words])
    lines = [f"使い方: {usage}", "", *(f"  {line}" for line in wrapped(command.help, _WIDTH - 2))]
    lines += _listing("コマンド", subcommands)
    lines += _listing("引数", ((each.metavar or each.name, each.help) for each in arguments))
    lines += _listing("オプション", (_option(each) for each in options))
    if subcommands:
        lines += ["", "各コマンドの説明: jusou コマンド --help"]
    return "\n".join(lines)


def _placeholder(argument: Any) -> str:
    name = argument.metavar or argument.name
    return str(name) if argument.required else f"[{name}]"


def _option(option: Any) -> tuple[str, str]:
    if option.name == "help":
        return ", ".join(HELP_FLAGS), "この説明を表示します。"
    flags = ", ".join(option.opts)
    return (flags if option.is_flag else f"{flags} {option.metavar}"), option.help


def _listing(title: str, entries: Iterable[tuple[str, str]]) -> Iterator[str]:
    rows = list(entries)
    if not rows:
        return
    column = min(max(columns(name) for name, _ in rows), 28) + 2
    yield ""
    yield f"{title}:"
    for name, text in rows:
        margin = " " * (column - columns(name))
        head = (
            f"  {name}{margin}"
            if columns(name) + 2 <= column
            else f"  {name}\n{' ' * (column + 2)}"
        )
        first, *rest = wrapped(text, _WIDTH - column - 2)
        yield f"{head}{first}"
        yield from (f"{' ' * (column + 2)}{line}" for line in rest)


@contextlib.contextmanager
def _translated(ctx: Any) -> Iterator[None]:
    """Turn a usage error of Typer's into ours: its fields tell what is wrong."""
    try:
        yield
    except TyperException as error:
        raise _usage_error(_message(error, ctx), ctx) from error


def _message(error: Any, ctx: Any) -> str:
    option, param = getattr(error, "option_name", ""), getattr(error, "param", None)
    if hasattr(error, "possibilities"):
        near = _perhaps(sorted(error.possibilities or ()))
        negative = re.match(r"-\d", option)
        return (
            "負の数は、△5 のように △ を付けて書いてください。"
            if negative
            else f"オプション{quote(option)}はありません{near}。"
        )
    if param:
        return f"{quote(param.metavar or param.opts[0])}を指定してください。"
    known = {name: each for each in ctx.command.get_params(ctx) for name in each.opts}
    if option in known and known[option].is_flag:
        return f"オプション{quote(option)}に値は付けられません。"
    return f"オプション{quote(option)}に値を付けてください。"


def _usage_error(message: str, ctx: Any) -> UsageError:
    return UsageError(message, f"{ctx.command_path} --help で使い方を確かめられます。")


def _perhaps(near: Iterable[str]) -> str:
    names = "、".join(near)
    return f"（{names} ではありませんか）" if names else ""
