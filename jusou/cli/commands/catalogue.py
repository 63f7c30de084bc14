"""The commands by name: where each lives, and its help. Only the one called is imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Command(NamedTuple):
    """A command's function, as ``module:function`` in this package, and its help."""

    place: str
    help: str


COMMANDS: Mapping[str, Command] = {
    "report": Command(
        "report:report", "会議資料（PDF・Excel・HTML・グラフなど）を reports/年度 に書き出します。"
    ),
    "show": Command("report:show", "会議資料と同じ表を画面に表示します。何も書き込みません。"),
    "chart": Command(
        "chart:chart",
        "グラフだけを reports/年度/charts に書き出します。指標を指定すると、その指標だけです。",
    ),
    "add": Command("add:add", "実績を1件記録します。"),
    "enter": Command("enter:enter", "まだ出ていない実績を、1つずつたずねて記録します。"),
    "form": Command("form:form", "照会先ごとの実績等照会票を作ります。"),
    "import": Command("imports:import_", "返ってきた照会票（xlsx・CSV）を取り込みます。"),
    "note": Command("note:note", "評価表の記述を書きます。文を省くと、今の記述を表示します。"),
    "freeze": Command(
        "handouts:freeze", "会議で配った資料の控えを data/handouts に残します（上書きしません）。"
    ),
    "handouts": Command("handouts:handouts", "配った資料の控えの一覧を表示します。"),
    "diff": Command("diff:diff", "配った資料から変わったところを表示します。"),
    "revise": Command(
        "revise:revise",
        "計画の変更（目標値、参考値、終了、追加、定義、所管課）を記録します。"
        "指標を省くと、決定日から順にたずねます。",
    ),
    "revisions": Command(
        "revisions:revisions", "計画の変更の新旧対照表を表示するか、ファイルに書き出します。"
    ),
    "list": Command("plan:list_", "事業、指標、目標値の一覧を表示します。"),
    "status": Command(
        "status:status",
        "今の状況と次にすることを表示します。年度を指定すると、どの部署のどの指標が出ていないかです。",
    ),
    "history": Command("history:history", "1つの指標の、これまでの記録をすべて表示します。"),
    "trace": Command(
        "trace:trace", "1つの数値の計算式、もとの記録と取り込んだファイル、載せた資料を表示します。"
    ),
    "check": Command("check:check", "すべてのデータを確かめます。"),
    "export": Command(
        "export:export", "全年度の目標・実績・達成率を1つの表に書き出します（json は画面に）。"
    ),
    "init": Command(
        "init:init",
        "計画の表（Excel・CSV）から、新しい作業フォルダーを作ります。空の表も作れます。",
    ),
    "schema": Command("plan:schema", "targets.yaml の JSON Schema を表示します。"),
}
