"""Japanese help and usage errors: Typer's own are English, and its panels load rich."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from typer.core import TyperCommand, TyperGroup

from jusou.errors import UsageError
from jusou.values.text import quote

HELP_FLAGS = ["-h", "--help"]
_WIDTH = 80
_QUOTES = "'\"."


class JusouCommand(TyperCommand):
    """A command whose help is Japanese."""

    def get_help(self, ctx: Any) -> str:
        return _render(self, ctx)


class JusouGroup(TyperGroup):
    """The command group whose help is Japanese."""

    def get_help(self, ctx: Any) -> str:
        return _render(self, ctx)

    def summaries(self) -> list[tuple[str, str]]:
        """Return each command's name and help."""
        return [(name, str(command.help)) for name, command in self.commands.items()]


def _render(command: Any, ctx: Any) -> str:
    params = [param for param in command.get_params(ctx) if not getattr(param, "hidden", False)]
    arguments = [each for each in params if each.param_type_name == "argument"]
    options = [each for each in params if each.param_type_name == "option"]
    subcommands = command.summaries() if isinstance(command, JusouGroup) else []
    words = [_placeholder(each) for each in arguments]
    usage = " ".join(
        [ctx.command_path, "[オプション]", *words, *["コマンド …"][: len(subcommands)]]
    )
    lines = [f"使い方: {usage}", "", *(f"  {line}" for line in _fold(command.help, _WIDTH - 2))]
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
    column = min(max(_columns(name) for name, _ in rows), 28) + 2
    yield ""
    yield f"{title}:"
    for name, text in rows:
        margin = " " * (column - _columns(name))
        head = (
            f"  {name}{margin}"
            if _columns(name) + 2 <= column
            else f"  {name}\n{' ' * (column + 2)}"
        )
        first, *rest = _fold(text, _WIDTH - column - 2)
        yield f"{head}{first}"
        yield from (f"{' ' * (column + 2)}{line}" for line in rest)


def _fold(text: str, width: int) -> list[str]:
    lines = [""]
    for token in re.findall(r"[（「]*(?:[!-~]+|.)[、。）」]*", text):
        if _columns(lines[-1]) + _columns(token) > width:
            lines.append("")
        lines[-1] += token
    return lines


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def translate(error: Any) -> UsageError:
    """Return Typer's usage error as ours, in Japanese."""
    command = error.ctx.command_path if error.ctx else _called()
    return UsageError(_message(error), f"{command} --help で使い方を確かめられます。")


def _called() -> str:
    """The command on the command line, for an error that does not know its own."""
    from jusou.cli.commands.catalogue import COMMANDS

    name = next((word for word in sys.argv[1:] if word in COMMANDS), "")
    return f"jusou {name}".strip()


def _message(error: Any) -> str:
    message = str(error.message)
    match type(error).__name__:
        case "NoSuchOption" if re.match(r"-\d", error.option_name):
            return "負の数は指定できません。"
        case "NoSuchOption":
            near = _perhaps(sorted(error.possibilities or ()))
            return f"オプション{quote(error.option_name)}はありません{near}。"
        case "MissingParameter":
            return f"{quote(error.param.metavar or error.param.opts[0])}を指定してください。"
        case "BadOptionUsage" if "does not take a value" in message:
            return f"オプション{quote(error.option_name)}に値は付けられません。"
        case "BadOptionUsage":
            return f"オプション{quote(error.option_name)}に値を付けてください。"
    if "No such command" in message:
        name, _, near = message.removeprefix("No such command ").partition(". Did you mean ")
        names = re.findall(r"'([^']*)'", near)
        return f"コマンド{quote(name.strip(_QUOTES))}はありません{_perhaps(names)}。"
    if "unexpected extra" in message:
        return f"{quote(message.partition('(s) (')[2][:-1])}は余分です。"
    if "Missing command" in message:
        return "コマンドを指定してください。"
    return f"指定が正しくありません: {message}"


def _perhaps(near: Iterable[str]) -> str:
    names = "、".join(near)
    return f"（{names} ではありませんか）" if names else ""
