"""The commands by name: where each lives, and its help. Only the one called is imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.main import get_command

from jusou.cli.usage import HELP_FLAGS, JusouCommand


@dataclass(frozen=True)
class Entry:
    """A command's function, as ``module:function`` in this package, and its help."""

    place: str
    help: str


ENTRIES: Mapping[str, Entry] = {
    "report": Entry(
        "pack:report", "会議資料（PDF・Excel・HTML・グラフなど）を reports/年度 に書き出します。"
    ),
    "show": Entry("pack:show", "会議資料と同じ表を画面に表示します。何も書き込みません。"),
    "chart": Entry(
        "chart:chart",
        "グラフだけを reports/年度/charts に書き出します。指標を指定すると、その指標だけです。",
    ),
    "add": Entry("entry:add", "実績を1件記録します。"),
    "enter": Entry("enter:enter", "まだ出ていない実績を、1つずつたずねて記録します。"),
    "form": Entry("forms:form", "照会先ごとの実績等照会票を作ります。"),
    "import": Entry("forms:import_", "返ってきた照会票（xlsx・CSV）を取り込みます。"),
    "note": Entry("note:note", "評価表の記述を書きます。文を省くと、今の記述を表示します。"),
    "list": Entry("look:list_", "事業、指標、目標値の一覧を表示します。"),
    "status": Entry("look:status", "どの部署のどの指標が出ていないかを表示します。"),
    "history": Entry("look:history", "1つの指標の、これまでの記録をすべて表示します。"),
    "check": Entry("look:check", "すべてのデータを確かめます。"),
    "export": Entry(
        "look:export", "全年度の目標・実績・達成率を1つの表に書き出します（json は画面に）。"
    ),
    "schema": Entry("look:schema", "targets.yaml の JSON Schema を表示します。"),
}


class Commands(Mapping[str, Any]):
    """The command group's commands, each built when it is first asked for."""

    def __getitem__(self, name: str) -> Any:
        entry = ENTRIES[name]
        module, function = entry.place.split(":")
        alone = typer.Typer(
            add_completion=False,
            rich_markup_mode=None,
            pretty_exceptions_enable=False,
            context_settings={"help_option_names": HELP_FLAGS},
        )
        run = getattr(import_module(f"jusou.cli.{module}"), function)
        alone.command(name, cls=JusouCommand, help=entry.help)(run)
        return get_command(alone)

    def __iter__(self) -> Iterator[str]:
        return iter(ENTRIES)

    def __len__(self) -> int:
        return len(ENTRIES)
