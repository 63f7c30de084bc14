"""``jusou history``: who recorded what, when and why, through whichever command."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.dialogue import AFTER_R9, enter
from tests.support import call, show_json, small_workspace

RATE = "id: a, unit: ％, decimals: 1, measure: rate, targets: {R8: 50, R9: 50, R10: 50}"


def test_tells_who_and_when_and_why(tmp_path: Path) -> None:
    """Nobody who corrects or cancels hides what stood before."""
    workspace = small_workspace(tmp_path, RATE)
    add = ["add", "R9", "a", "--denominator", "38", "--date", AFTER_R9, "--numerator"]
    assert call(workspace, *add, "20", "--by", "花子").code == 0
    why = ["--correct", "--remark", "集計漏れ"]
    assert call(workspace, *add, "21", "--by", "太郎", *why).code == 0
    assert enter(workspace, "取消 別の指標の値", options="R9 --all --by 次郎").code == 0
    assert enter(workspace, "速報 20/38", "再集計").code == 0
    found = show_json(workspace, "history", "a")["rows"]
    keys = ("numerator", "denominator", "value", "recorded_by", "remark", "stands")
    assert [tuple(each[key] for key in keys) for each in found] == [
        (20, 38, 52.6, "花子", None, False),
        (21, 38, 55.3, "太郎", "集計漏れ", False),
        (None, None, None, "次郎", "別の指標の値", False),
        (20, 38, 52.6, "釜石 花子", "再集計", True),
    ]
    text = " ".join(call(workspace, "history", "a").out.split())
    for row in found:
        assert datetime.fromisoformat(row["recorded_at"]).tzinfo is not None
        parts = f"{row['numerator']}/{row['denominator']}" if row["value"] else "-"
        told = (
            f"分子/分母：{parts}　場所：{row['path']}:{row['line']} 記録日時：{row['recorded_at']}"
            f"　入力者：{row['recorded_by']} 備考：{row['remark'] or '-'}"
        )
        assert " ".join(told.split()) in text


def test_parts_are_shown_of_rates_alone(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a")
    assert enter(workspace, "90", "").code == 0
    assert "分子" not in call(workspace, "history", "a").out
