"""Packs that were handed out: kept as they were, and what has changed since is said."""

from __future__ import annotations

import errno
import json
import re
import shutil
import subprocess
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from jusou.workspace import Workspace
from tests.faults import DeadError, Disk, failing
from tests.spreadsheet import needs_office
from tests.support import (
    Ran,
    call,
    record,
    rows_of,
    sample_workspace,
    show_json,
    small_workspace,
    tree,
)

MEETING = "2028-06-10"
LATER = "2028-07-20"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """R9 with a 確定, a 速報 and nothing yet; its pack is in ``reports/R9``."""
    made = small_workspace(tmp_path, "id: a", "id: b", "id: c")
    record(made, "R8 a 90 確定", "R9 a 104 確定", "R9 b 80 速報")
    assert report(made).code == 0
    return made


def report(workspace: Path, *options: str, year: str = "R9", day: str = MEETING) -> Ran:
    given = options or ("--only", "md,txt", "--doc-no", "資料１")
    return call(workspace, "report", year, *given, "--date", day)


def freeze(workspace: Path, day: str = MEETING) -> Ran:
    return call(workspace, "freeze", "R9", "--as", "第1回会議", "--date", day)


def correct(workspace: Path, *more: str) -> Ran:
    given = more or ("--reason", "二重に数えていたため")
    return call(workspace, "add", "R9", "a", "94", "--correct", *given, "--date", LATER)


def kinds(workspace: Path, year: str = "R9") -> dict[tuple[str, str], list[str]]:
    found = show_json(workspace, "diff", year, "--date", LATER)["changes"]
    return {(each["subject"], each["field"]): each["kinds"] for each in found}


def test_a_pack_is_kept_byte_by_byte_and_listed(workspace: Path) -> None:
    pack = tree(workspace / "reports" / "R9")
    ran = freeze(workspace)
    assert ran.code == 0, ran.err
    kept = workspace / "data" / "handouts" / "R9-1"
    assert {name: tree(kept)[name] for name in pack} == pack
    manifest = json.loads((kept / "manifest.json").read_bytes())
    assert (manifest["meeting"], manifest["date"]) == ("第1回会議", MEETING)
    assert "第1回会議" in call(workspace, "handouts").out
    before = tree(kept)
    correct(workspace)
    report(workspace, day=LATER)
    assert freeze(workspace, LATER).code == 0
    assert tree(kept) == before
    found = show_json(workspace, "handouts")["handouts"]
    assert [each["id"] for each in found] == ["R9-1", "R9-2"]


def test_the_same_pack_is_kept_once(workspace: Path) -> None:
    freeze(workspace)
    assert "もう残っています" in freeze(workspace).out
    assert len(show_json(workspace, "handouts")["handouts"]) == 1


def test_files_that_do_not_belong_together_are_refused(workspace: Path) -> None:
    correct(workspace)
    report(workspace, "--only", "txt", "--doc-no", "資料１")
    ran = freeze(workspace)
    assert (ran.code, "review.md と review.json は、一緒に" in ran.err) == (1, True), ran.err
    assert not (workspace / "data" / "handouts").exists()


@pytest.mark.parametrize(("name", "said"), [("review.md", "104"), ("review.json", '"actual": 104')])
def test_a_file_that_was_edited_is_named(workspace: Path, name: str, said: str) -> None:
    path = workspace / "reports" / "R9" / name
    text = path.read_text("utf-8")
    assert said in text
    path.write_text(text.replace(said, said.replace("104", "105")), "utf-8")
    ran = freeze(workspace)
    assert (ran.code, name in ran.err) == (1, True), ran.err


def test_what_was_recorded_since_the_pack_is_said(workspace: Path) -> None:
    correct(workspace)
    ran = freeze(workspace)
    assert ran.code == 0
    assert "data/actuals/R9.csv:4 a" in ran.err


def test_what_a_dead_process_left_is_no_handout(workspace: Path) -> None:
    left = workspace / "data" / "handouts" / ".R9-1.0123abcd.tmp"
    left.mkdir(parents=True)
    (left / "review.md").write_bytes(b"half")
    assert show_json(workspace, "handouts")["handouts"] == []
    assert freeze(workspace).code == 0
    assert not left.exists()


@pytest.mark.slow
@pytest.mark.parametrize("error", [None, errno.ENOSPC], ids=["death", "full"])
def test_whatever_fails_a_handout_is_whole_or_not_there(error: int | None, workspace: Path) -> None:
    """At everything that is done to a file; and once more is enough."""
    disk = Disk()
    wanted, copy = (workspace.with_name(f"{workspace.name}-{name}") for name in ("whole", "copy"))
    shutil.copytree(workspace, wanted)
    with failing(disk):
        assert freeze(wanted).code == 0
    whole = tree(wanted / "data" / "handouts")
    assert {name.partition("/")[0] for name in whole} == {"R9-1"}
    assert disk.count > 10
    points = [
        (at, part)
        for at, what in enumerate(disk.done, 1)
        for part in ((0, 0.5) if what == "write" else (0, 1))
    ]
    for at, part in points:
        shutil.copytree(workspace, copy)
        ran: Ran | None = None
        with suppress(DeadError), failing(Disk(at, error, part)):
            ran = freeze(copy)
        told = (disk.done, at, part, ran)
        listed = [each.name for each in Workspace(copy).handouts()]
        if listed:
            found = tree(copy / "data" / "handouts" / "R9-1")
            assert {f"R9-1/{name}": content for name, content in found.items()} == whole, told
        if ran and ran.code == 0:
            assert listed == ["R9-1"], told
        Workspace(copy).freeze("R9", "第1回会議", today=date.fromisoformat(MEETING))
        assert tree(copy / "data" / "handouts") == whole, told
        shutil.rmtree(copy)


def test_the_meeting_is_the_one_that_the_pack_names(workspace: Path) -> None:
    ran = call(workspace, "freeze", "R9")
    assert (ran.code, "会議名が必要です" in ran.err) == (2, True)
    day = ("--meeting", "第2回会議", "--meeting-date", "2028-06-15")
    assert "jusou freeze R9 で" in report(workspace, "--only", "md,txt", *day).err
    assert "令和10年6月15日 第2回会議" in call(workspace, "freeze", "R9").out
    other = ("--as", "臨時会", "--date", "2028-06-16")
    assert "令和10年6月16日 臨時会" in call(workspace, "freeze", "R9", *other).out


def test_the_pack_of_a_half_is_kept_apart(workspace: Path) -> None:
    interim = ("--interim", "--only", "md", "--meeting", "予算要求説明会")
    ran = report(workspace, *interim, day="2027-11-10")
    assert "jusou freeze R9 --interim で控えを残して" in ran.err
    pack = tree(workspace / "reports" / "R9-interim")
    assert call(workspace, "freeze", "R9", "--interim", "--date", "2027-11-12").code == 0
    kept = tree(workspace / "data" / "handouts" / "R9-interim-1")
    ran = call(workspace, "diff", "R9")
    assert ran.code == 1
    assert "上半期の資料の控えとは比べられません。" in ran.err
    assert {name: kept[name] for name in pack} == pack
    (listed,) = show_json(workspace, "handouts")["handouts"]
    assert (listed["id"], listed["interim"], listed["year"]) == ("R9-interim-1", True, "R9")
    assert "控えがありません" in call(workspace, "diff", "R9").err
    assert freeze(workspace).code == 0
    found = show_json(workspace, "handouts")["handouts"]
    assert [each["id"] for each in found] == ["R9-interim-1", "R9-1"]
    assert kinds(workspace) == {}
    (workspace / "data" / "handouts" / "R9-interim-1" / "review.md").unlink()
    said = "handouts/R9-interim-1/review.md: 令和9年11月12日 予算要求説明会"
    assert said in call(workspace, "check").out


def test_changes_have_their_kind_and_their_reason(workspace: Path) -> None:
    freeze(workspace)
    assert kinds(workspace) == {}
    correct(workspace)
    for figure in (("b", "80"), ("c", "70")):
        assert call(workspace, "add", "R9", *figure, "--date", LATER).code == 0
    found = kinds(workspace)
    assert found["a", "actual"] == found["a", "rating"] == ["訂正"]
    assert found["b", "actual"] == ["確定"]
    assert ("b", "rating") not in found
    assert found["c", "actual"] == ["追加"]
    assert found["p", "met"] == ["訂正", "確定", "追加"]
    ran = call(workspace, "diff", "R9", "--date", LATER)
    assert "前回（資料１）：104件" in ran.out
    assert "理由：二重に数えていたため" in ran.out
    assert not any(f"{title}：-" in ran.out for title in ("理由", "変更日", "所管課"))


def test_a_figure_that_was_put_back_has_not_changed(workspace: Path) -> None:
    freeze(workspace)
    correct(workspace)
    back = ("add", "R9", "a", "104", "--correct", "--reason", "元が正しい", "--date", LATER)
    assert call(workspace, *back).code == 0
    assert kinds(workspace) == {}
    report(workspace, day=LATER)
    assert "※" not in (workspace / "reports" / "R9" / "review.md").read_text("utf-8")


def test_only_a_correction_is_marked_here_and_in_the_next_year(workspace: Path) -> None:
    freeze(workspace)
    correct(workspace)
    assert call(workspace, "add", "R9", "b", "81", "--correct", "--reason", "精査", "--date", LATER)
    for year in ("R9", "R10"):
        report(workspace, year=year, day=LATER)
        text = (workspace / "reports" / year / "review.md").read_text("utf-8")
        shown = call(workspace, "show", year, "--date", LATER).out
        for said, mark in ((text, "※"), (shown, "*")):
            assert (f"94{mark}" in said, f"81{mark}" in said) == (True, False)
            assert f"{mark}: 令和10年6月10日配布資料から訂正した値" in said
        # On the screen the column stays one: ※ is wider on some consoles than on others.
        title = "実績" if year == "R9" else "前年度実績"
        assert re.search(f"^ .* {title} ", shown, re.MULTILINE), shown
        assert ("資料からの変更点" in text) == (year == "R9")


def test_a_year_from_january_is_compared_as_the_plan_counts_it(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, "id: a")
    plan = workspace / "data" / "targets.yaml"
    yearly = plan.read_text("utf-8").replace("start: R8", "period: calendar, start: R8")
    plan.write_text(yearly, "utf-8")
    record(workspace, "R9 a 104 確定", "R10 a 100 確定")
    report(workspace)
    freeze(workspace)
    correct(workspace)
    assert kinds(workspace)["a", "actual"] == ["訂正"]
    report(workspace, day=LATER)
    assert call(workspace, "diff", "R9", "--errata", "--date", LATER).code == 0
    errata = (workspace / "reports" / "errata-R9" / "errata.md").read_text("utf-8")
    assert "令和9年 進捗評価表" in errata
    assert "二重に数えていたため" in errata
    report(workspace, year="R10", day="2029-06-10")
    for year in ("R9", "R10"):
        paper = (workspace / "reports" / year / "review.md").read_text("utf-8")
        assert "94※" in paper


def test_a_correction_without_a_reason_for_papers_says_so(workspace: Path) -> None:
    freeze(workspace)
    call(workspace, "note", "R9", "a", "--cause", "増えたため")
    ran = correct(workspace, "--remark", "内線123の山田さんから")
    assert "「（理由の記載なし）」" in ran.err
    assert "a の要因が、今の数値と合うか読み直してください" in ran.err
    report(workspace, day=LATER)
    text = (workspace / "reports" / "R9" / "review.md").read_text("utf-8")
    assert "（理由の記載なし）" in text
    assert "山田" not in text
    assert correct(workspace).code == 0
    assert rows_of(workspace)[-1]["訂正理由"] == "二重に数えていたため"


def test_a_log_that_was_altered_is_named_with_the_line(workspace: Path) -> None:
    freeze(workspace)
    log = workspace / "data" / "actuals" / "R9.csv"
    whole = log.read_bytes()
    assert "R9-1" not in call(workspace, "check", "--date", LATER).out
    head, *rows = whole.decode("utf-8-sig").splitlines()
    log.write_text("\n".join([head, *reversed(rows)]), "utf-8")
    assert "data/actuals/R9.csv:2: この行から、R9-1" in call(workspace, "check").out
    log.write_text("\n".join([head, *rows]).replace("80", "80.0"), "utf-8")
    assert "R9-1" not in call(workspace, "check", "--date", LATER).out
    log.write_text(head, "utf-8")
    assert "行が少なくなっています" in call(workspace, "check").out


@needs_office
def test_a_log_that_a_spreadsheet_saved_is_not_called_altered(
    workspace: Path, tmp_path: Path
) -> None:
    freeze(workspace)
    log = workspace / "data" / "actuals" / "R9.csv"
    before = log.read_bytes()
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    reads = "--infilter=Text - txt - csv (StarCalc):44,34,76,1,,1041,false,true"
    writes = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1041,false,true,true,false,false,0"
    command += [reads, "--convert-to", writes, "--outdir", str(tmp_path / "out"), str(log)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    log.write_bytes((tmp_path / "out" / "R9.csv").read_bytes())
    assert log.read_bytes() != before
    assert "R9-1" not in call(workspace, "check", "--date", LATER).out
    head, *rows = log.read_text("utf-8-sig").splitlines(keepends=True)
    log.write_text("".join([head, *reversed(rows)]), "utf-8-sig")
    assert "data/actuals/R9.csv:2: この行から、R9-1" in call(workspace, "check").out


def test_a_kept_file_that_was_altered_or_is_gone_is_named(workspace: Path) -> None:
    freeze(workspace)
    kept = workspace / "data" / "handouts" / "R9-1"
    (kept / "review.md").write_bytes(b"")
    (kept / "review.txt").unlink()
    said = call(workspace, "check").out
    assert "R9-1/review.md: 令和10年6月10日 第1回会議で配った資料の控えが書き換えられ" in said
    assert "R9-1/review.txt: 令和10年6月10日 第1回会議で配った資料の控えがありません" in said


@pytest.mark.parametrize(
    ("said", "other"), [('"actual": 104', '"actual": 105'), ("{", ""), ("", "")]
)
def test_what_was_printed_is_never_told_by_an_edited_file(
    workspace: Path, said: str, other: str
) -> None:
    freeze(workspace)
    kept = workspace / "data" / "handouts" / "R9-1" / "review.json"
    kept.write_text(kept.read_text("utf-8").replace(said, other, 1) if said else "", "utf-8")
    for command in (("diff", "R9"), ("diff", "R9", "--errata"), ("trace", "R9", "a")):
        ran = call(workspace, *command, "--date", LATER)
        told = "data/handouts/R9-1/review.json が、控えを残した後に書き換えられています。"
        assert (ran.code, ran.out, told in ran.err) == (1, "", True), ran
    assert "R9-1/review.json: 令和10年6月10日 第1回会議で配っ" in call(workspace, "check").out


@pytest.mark.parametrize("key", ["meeting", "date", "number", "files"])
@pytest.mark.parametrize("value", [5, None, [], {}])
def test_a_manifest_that_says_nothing_is_refused(workspace: Path, key: str, value: object) -> None:
    freeze(workspace)
    path = workspace / "data" / "handouts" / "R9-1" / "manifest.json"
    manifest = json.loads(path.read_bytes())
    path.write_text(json.dumps(manifest | {key: value}), "utf-8")
    ran = call(workspace, "handouts")
    readable = key == "number" and not value
    assert (ran.code == 0, "data/handouts/R9-1/manifest.json を読めません" in ran.err) == (
        readable,
        not readable,
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"source": {"logs": {}}, "files": {}}',
        '{"today": "2028-06-10", "source": {"program": "", "plan": "", "logs": {}, "number": ""},'
        ' "files": {"review.md": 1}}',
    ],
)
def test_a_pack_that_cannot_be_read_is_not_kept(workspace: Path, text: str) -> None:
    (workspace / "reports" / "R9" / "review.json").write_text(text, "utf-8")
    ran = freeze(workspace)
    assert (ran.code, "review.json を読めません。" in ran.err) == (1, True), ran.err
    assert report(workspace).code == 0


def test_a_pack_that_was_never_kept_is_mentioned_before_it_goes(workspace: Path) -> None:
    said = "控えを残していません"
    assert said in report(workspace, day=LATER).err
    assert said not in report(workspace, day=LATER).err
    freeze(workspace, LATER)
    assert said not in report(workspace, day="2028-08-01").err


def test_rows_after_the_day_are_counted_and_named(workspace: Path) -> None:
    correct(workspace)
    ran = report(workspace)
    assert "令和10年6月10日より後に記録された行を1行使っています" in ran.err
    assert "data/actuals/R9.csv に1行" in ran.err


def test_the_screen_counts_the_rows_after_the_day_that_the_paper_counts(tmp_path: Path) -> None:
    """Those that its year takes into account, none of later years or meetings."""
    workspace, day = sample_workspace(tmp_path), ("--date", MEETING)
    counted, more = (
        show_json(workspace, "show", year, *day)["recorded_later"] for year in ("R9", "R10")
    )
    assert 0 < counted < more
    commands = ("show R9", "trace R9 sodan-2", "status R9", "report R9 --only md")
    for ran in (call(workspace, *each.split(), *day) for each in commands):
        assert f"より後に記録された行を{counted}行使っています" in ran.err


def test_a_pack_whose_files_differ_is_made_anew_by_the_command_that_is_named(
    workspace: Path,
) -> None:
    options = ("--doc-no", "資料１", "--meeting", "第1回 会議", "--meeting-date", MEETING)
    assert report(workspace, "--only", "md,txt", *options).code == 0
    record(workspace, "R9 b 61.0 確定")
    assert report(workspace, "--only", "md", *options, "--draft").code == 0
    ran = call(workspace, "freeze", "R9")
    command = (
        f'jusou report R9 --doc-no 資料１ --meeting "第1回 会議" --meeting-date {MEETING}'
        f" --date {MEETING} --draft で、"
    )
    assert (ran.code, command in ran.err) == (1, True), ran.err
    assert "review.txt と review.json は、一緒に作られたものではありません。" in ran.err


def test_diff_says_how_many_of_each_kind_and_the_corrections_first(workspace: Path) -> None:
    assert freeze(workspace).code == 0
    assert call(workspace, "add", "R9", "c", "5", "--date", LATER).code == 0
    correct(workspace)
    out = call(workspace, "diff", "R9", "--date", LATER, env={"COLUMNS": "400"}).out
    assert "からの変更点: 訂正1件、追加1件" in out.splitlines()[0], out
    kinds = [line.split()[0] for line in out.splitlines() if "(1)" in line]
    assert kinds[:2] == ["訂正", "追加"], out
