"""``jusou init --next``: the next plan from this one, with its last figures as baselines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import (
    REVISIONS_HEADER,
    call,
    record,
    rows_of,
    sample_workspace,
    show_json,
    small_workspace,
    tree,
    write_log,
)

INDICATORS = (
    "id: a, baseline: 90, rationale: 伸ばす",
    "id: b, measure: stock, unit: 人",
    "id: c",
    "id: d, measure: rate, unit: ％, decimals: 1, targets: {R8: 50, R9: 50, R10: 50}",
)
DAY = ("--date", "2029-06-01")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    workspace = small_workspace(tmp_path / "今の計画", *INDICATORS)
    record(workspace, "R9 b 12 確定", "R10 a 120 確定", "R10 d 55.5 速報", "R10 c 90 見込")
    return workspace


def test_last_figures_are_baselines_and_targets_are_open(workspace: Path) -> None:
    ran = call(workspace, "init", "../次の計画", "--next", "R11-R15", *DAY)
    assert ran.code == 0, ran.err
    made = workspace.parent / "次の計画"
    plan = show_json(made, "list")
    assert (plan["plan"]["start"], plan["plan"]["end"]) == ("R11", "R15")
    assert plan["plan"]["baseline_year"] == "R10"
    found = {each["id"]: each for each in plan["indicators"]}
    assert [found[key]["baseline"] for key in "abcd"] == [120, 12, None, 55.5]
    assert set(found["a"]["targets"].values()) == {None}
    assert [*found["a"]["targets"]] == ["R11", "R12", "R13", "R14", "R15"]
    assert found["a"]["rationale"] is None
    text = (made / "data" / "targets.yaml").read_text("utf-8")
    assert "baseline: {value: 12, year: R9}  # 要確認" in text
    assert text.count("targets: {R11: null") == text.count("null}  # 要確認") == 4
    assert [(row["指標"], row["実績値"], row["区分"]) for row in rows_of(made, "R10")] == [
        ("a", "120", "確定"),
        ("d", "55.5", "速報"),
    ]
    assert call(made, "check", *DAY).code == 0
    assert (made / "はじめに.cmd").exists()
    assert "目標値: " in ran.out


def test_it_begins_where_this_plan_has_come_to(tmp_path: Path) -> None:
    workspace = small_workspace(
        tmp_path / "今の計画",
        "id: a, baseline: 90, reporter: 福祉課, definition: 年度末の数",
        "id: b, reporter: 福祉課",
        "id: c, measure: stock",
    )
    record(workspace, "R10 a 120 速報", "R9 b 12 確定", "R9 c 30 確定", "R10 c -  未確定")
    rows = (
        "a,所管課,R9,福祉課,こども課",
        "a,定義,R10,年度末の数,9月末の数",
        "c,定義,R10,,9月末の数",
        "b,終了,R10,,",
    )
    lines = [f"t,{row},理由,会議,2027-03-20,,2027-04-01,係" for row in rows]
    write_log(workspace / "data" / "revisions.csv", REVISIONS_HEADER, lines)
    ran = call(workspace, "init", "../次", "--next", "R11-R15", *DAY)
    assert ran.code == 0, ran.err
    made = tmp_path / "次"
    found = {each["id"]: each for each in show_json(made, "list")["indicators"]}
    assert [*found] == ["a", "c"]
    held = [(each["reporter"], each["definition"]) for each in found.values()]
    assert held == [("こども課", "9月末の数"), (None, "9月末の数")]
    assert [each["baseline"] for each in found.values()] == [120, 30]
    assert "参考値（速報の数値）: " in ran.out
    assert "参考値（集計方法を変える前の数値）: " in ran.out
    assert call(made, "check", *DAY).code == 0


def test_both_plans_are_shown_and_what_is_to_be_filled_in_comes_first(workspace: Path) -> None:
    def steps(folder: Path) -> list[str]:
        found = show_json(folder, "status", *DAY)["next"]
        return [each["command"] for each in found]

    assert "jusou init 新しいフォルダー --next R11-R13" in steps(workspace)
    assert call(workspace, "init", "../次の計画", "--next", "R11〜R13", *DAY).code == 0
    made = workspace.parent / "次の計画"
    assert not any("--next" in each for each in steps(workspace))
    assert str(made) in call(workspace, "status", *DAY, env={"COLUMNS": "300"}).out
    screen = call(made, "status", *DAY, env={"COLUMNS": "300"}).out
    assert str(workspace) in screen
    assert "目標値（4か所）" in screen
    assert steps(made)[0] == "jusou check"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["../次", "--next", "R12-R16"], 2, "続いていません。"),
        (["../次", "--next", "R11"], 2, "--next R11-R15"),
        (["../次", "--next", "R13-R11"], 2, "続いていません。"),
        (["--next", "R11-R15"], 2, "フォルダーを指定してください。"),
        ([".", "--next", "R11-R15"], 1, "すでに作業フォルダーです。"),
        (["../次", "--next", "R11-R15", "--from", "表.csv"], 2, "一緒に使えません。"),
    ],
)
def test_what_cannot_be_made_is_refused_and_leaves_nothing(
    workspace: Path, words: list[str], code: int, said: str
) -> None:
    before = tree(workspace.parent)
    ran = call(workspace, "init", *words, *DAY)
    assert (ran.code, tree(workspace.parent)) == (code, before)
    assert said in ran.err


def test_of_the_next_plan_of_the_sample_only_what_is_open_is_warned_of(
    tmp_path: Path,
) -> None:
    workspace = sample_workspace(tmp_path / "今")
    assert call(workspace, "init", "../次", "--next", "R13-R17", *DAY).code == 0
    (problem,) = show_json(tmp_path / "次", "check", *DAY)["problems"]
    assert problem["message"].startswith("「# 要確認」の行が残っています（計画の名称 ")
