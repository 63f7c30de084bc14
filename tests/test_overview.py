"""``jusou status`` without a year: a successor finds out alone where the folder stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from jusou.plan.remarks import Remark, read_remarks
from jusou.storage.starter import NAME, starter, write_starter
from tests.dialogue import COUNT, RATE
from tests.support import (
    REPOSITORY,
    call,
    fictional_workspace,
    real_workspace,
    record,
    sample_workspace,
    show_json,
    small_workspace,
    tree,
    write_actuals,
)

IN_MAY, IN_JUNE = "2027-05-12", "2028-06-10"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return small_workspace(tmp_path / "workspace", f"{COUNT}, reporter: 甲課", RATE)


def steps(workspace: Path, day: str) -> list[str]:
    found = show_json(workspace, "status", "--date", day)["next"]
    return [each["command"] for each in found]


def section(workspace: Path, title: str, day: str = IN_MAY) -> list[str]:
    """Return the lines below a heading of the screen."""
    out = call(workspace, "status", "--date", day, env={"COLUMNS": "200"}).out
    found = out.partition(f"■ {title}\n")[2].partition("\n\n")[0]
    return [line.strip() for line in found.splitlines()]


def test_what_comes_next_follows_the_year_of_a_planner(workspace: Path) -> None:
    assert steps(workspace, "2026-03-01") == ["jusou list", "jusou export"]
    assert steps(workspace, "2026-06-01") == ["jusou form R8 --interim"]
    ahead = ["jusou report R8 --interim", "jusou form R8"]
    assert steps(workspace, "2026-11-01") == ["jusou form R8 --interim", *ahead]
    assert steps(workspace, "2027-01-15") == ["jusou form R8 --interim", "jusou form R8"]
    assert steps(workspace, IN_MAY)[0] == "jusou form R8"
    record(workspace, "R8 a 60 確定", "R8 b 99.0 確定")
    assert steps(workspace, IN_MAY)[:2] == ["jusou check", "jusou report R8"]
    for option in ("--cause", "--action"):
        assert call(workspace, "note", "R8", "a", option, "文").code == 0
    assert steps(workspace, IN_MAY)[0] == "jusou report R8"
    assert call(workspace, "report", "R8", "--only", "json", "--date", IN_MAY).code == 0
    assert steps(workspace, IN_MAY) == ["jusou form R9 --interim"]


def test_the_screen_says_what_is_in_and_who_has_not_answered(workspace: Path) -> None:
    record(workspace, "R8 a 60 確定", "R9 b 50.0 見込")
    assert section(workspace, "年度") == [
        "R8　令和8年度: 確定・速報 1／2、記録なし 1",
        "R9　令和9年度（年度途中）: 確定・速報 0／2、見込 1、記録なし 1",
    ]
    assert section(workspace, "まだ届いていない照会先") == ["R8: 照会先未設定 1件"]
    assert section(workspace, "残っていること")[0] == (
        "R8 の目標に届かず、要因か改善策のない指標が1件あります。"
    )


def test_the_rules_that_the_city_set_are_told_from_those_it_has_not(tmp_path: Path) -> None:
    workspace = real_workspace(tmp_path)
    assert section(workspace, "市が決めたこと")[0].endswith("（仮の値。まだ決めていません）")
    undecided = section(workspace, "まだ決めていないこと（targets.yaml の「要確認」）")
    assert "照会先（reporter）（19か所）" in undecided
    plan = workspace / "data" / "targets.yaml"
    text = plan.read_text("utf-8").replace("（要確認）", "").replace("要確認", "")
    decided = text.replace("\nrating:", "\nrating:  # 令和8年6月1日 計画見直し会議で決定")
    plan.write_text(decided, "utf-8")
    (scale, *others) = section(workspace, "市が決めたこと")
    assert scale.endswith("D 不十分（0％以上）（令和8年6月1日 計画見直し会議で決定）")
    assert not any("仮の値" in each for each in others)
    assert "要確認" not in call(workspace, "status").out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rating:  # 要確認\n", [Remark(1, "rating", "要確認", True)]),
        ("# 会議で決定\nrating:\n", [Remark(2, "rating", "会議で決定", False)]),
        ("# 会議で決定\n\nrating:\n", []),
        ("  - {id: a, unit: 件}  # 要確認\n", [Remark(1, "id", "要確認", True)]),
        ("# 決めること（要確認）\n# ・区分（rating）: 仮\n#   続き\n#\n# ・別の話\nplan:\n",
         [Remark(2, "rating", "区分（rating）", True)]),
        ("name: 'a#b'\n", []),
    ],
)  # fmt: skip
def test_remarks_are_read_beside_the_keys(text: str, expected: list[Remark]) -> None:
    assert list(read_remarks(text)) == expected


def test_a_successor_reads_what_was_left_for_them(workspace: Path) -> None:
    assert "--handover" in section(workspace, "引継ぎ")[0]
    for year, said in (("R8", "古い"), ("R9", "9月に照会票を送る。\n甲課は遅い。")):
        assert call(workspace, "note", year, "plan", "--handover", said).code == 0
    assert section(workspace, "引継ぎ") == ["9月に照会票を送る。", "甲課は遅い。"]
    record(workspace, "R9 a 100 確定")
    assert call(workspace, "report", "R9", "--only", "md,txt,json", "--date", IN_JUNE).code == 0
    papers = tree(workspace / "reports")
    assert papers
    assert not any("照会票を送る" in content.decode() for content in papers.values())


def test_the_plan_before_and_the_next_are_shown_beside_one_another(tmp_path: Path) -> None:
    before, after = (small_workspace(tmp_path / name, "id: a") for name in ("前", "後"))
    plan = after / "data" / "targets.yaml"
    text = plan.read_text("utf-8").replace("start: R8, end: R10", "start: R11, end: R13")
    plan.write_text(text.replace("R8: 100, R9: 100, R10: 100", "R11: 1, R12: 1, R13: 1"), "utf-8")
    fictional_workspace(tmp_path / "別の計画")
    for here, other in ((before, after), (after, before)):
        (found,) = show_json(here, "status", "--date", IN_MAY)["neighbours"]
        assert Path(found["folder"]) == other
    assert section(before, "隣にある計画") == [f"計画（R11〜R13）: {after}"]
    plan.write_text(plan.read_text("utf-8").replace("start: R11", '"start": "令和11年度"'), "utf-8")
    assert section(before, "隣にある計画") == [f"計画（R11〜R13）: {after}"]
    plan.write_text("plan: [", "utf-8")
    assert show_json(before, "status", "--date", IN_MAY)["neighbours"] == []


def test_jusou_alone_says_it_in_three_lines_before_the_help(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path)
    ran = call(workspace, env={"JUSOU_DATE": IN_JUNE, "COLUMNS": "200"})
    lines = ran.out.splitlines()
    assert ran.code == 2
    assert lines[0] == "釜石市　第2次釜石市重層的支援体制整備事業実施計画（R8〜R12）"
    assert lines[1].startswith("確定・速報の指標: R9 18／19、R10 2／19")
    assert lines[2].startswith("次にすること: ")
    assert lines[3:5] == ["", "使い方: jusou [オプション] コマンド …"]


def test_jusou_alone_is_the_help_where_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert call(tmp_path).out.startswith("使い方: ")
    workspace = real_workspace(tmp_path)
    write_actuals(workspace, "R8", [",,sodan-2,約50"])
    out = call(workspace).out
    assert "データに問題が1件あります。jusou check で確かめてください。\n\n使い方: " in out


def test_a_double_click_opens_a_console_with_jusou(tmp_path: Path) -> None:
    committed = (REPOSITORY / NAME).read_bytes()
    assert committed == starter()
    text = committed.decode("cp932")
    assert text.count("\r\n") == text.count("\n") == len(text.splitlines())
    assert '"%JUSOU_PYTHON%" -m jusou status\r\n' in text
    elsewhere = starter("C:\\50%引き\\python.exe").decode("cp932")
    assert 'set "JUSOU_PYTHON=C:\\50%%引き\\python.exe"\r\n' in elsewhere
    path = write_starter(tmp_path)
    assert path.read_bytes() == committed
    path.write_bytes(b"own")
    assert write_starter(tmp_path).read_bytes() == b"own"
