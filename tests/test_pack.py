"""The whole meeting pack, as ``jusou report`` writes it: what is in it, and what never breaks."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt
from python_calamine import CalamineWorkbook

from tests import pages
from tests.handouts import bare, poppler
from tests.packs import DAY, Pack
from tests.spreadsheet import part
from tests.support import REVIEWS_HEADER, Ran, call, run, sample_workspace, small_workspace, tree
from tests.test_hostile_text import Cells

pytestmark = pytest.mark.slow

CHARTS = ("attainment", "sodan", "chiiki", "takikan", "outreach", "sanka")
REVIEWS = {f"review.{kind}" for kind in ("pdf", "xlsx", "html", "md", "txt", "json")}
FILES = REVIEWS | {f"charts/{name}.{kind}" for name in CHARTS for kind in ("png", "svg")}
MISSING = "〓"
BEYOND_THE_FONT = "𠮷👩\u200d👧🎌"


@pytest.fixture
def sample(pack: Callable[[str], Pack]) -> tuple[Path, Ran]:
    """A workspace of the sample with its pack of R9, and what the command said."""
    folder, ran = pack("R9")
    return folder.parents[1], ran


@pytest.fixture
def stress(pack: Callable[[str], Pack]) -> Pack:
    """The same of nasty names and texts, as a numbered draft in another folder."""
    return pack("stress")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return sample_workspace(tmp_path)


def listing(folder: Path) -> set[str]:
    """Return everything in a folder, subfolders too."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def old_pack(workspace: Path) -> dict[str, bytes]:
    """Put files of the pack's names in place, and return the folder as it is now."""
    folder = workspace / "reports" / "R9"
    (folder / "charts").mkdir(parents=True)
    for name in FILES:
        (folder / name).write_bytes(f"old {name}".encode())
    return tree(workspace / "reports")


def text_of(folder: Path, kind: str) -> str:
    """Return what a reader finds in one file of a pack, without spaces."""
    path = folder / f"review.{kind}"
    content = path.read_bytes()
    if kind == "pdf":
        return bare(poppler("pdftotext", path, "-raw"))
    if kind == "xlsx":
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = [
            row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()
        ]
        return bare("\n".join(str(cell) for row in rows for cell in row))
    text = content.decode("utf-8-sig")
    if kind == "html":
        return bare(pages.text(pages.parse(text)))
    if kind == "md":
        shown = Cells()
        rendered = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(text)
        shown.feed(f"<tr><td>{rendered}")  # so that what stands outside the tables counts too
        return bare("\n".join(shown.cells))
    return bare(text)


def test_these_files_make_a_pack(sample: tuple[Path, Ran]) -> None:
    workspace, ran = sample
    assert ran.code == 0, ran.err
    folder = workspace / "reports" / "R9"
    assert set(tree(folder)) == FILES
    assert listing(workspace / "reports") == {f"R9/{name}" for name in FILES} | {"R9", "R9/charts"}
    listed = [line.strip() for line in ran.out.splitlines() if str(folder) in line]
    assert set(listed) == {str(folder / name) for name in FILES}
    assert listed[-1] == str(folder / "review.json")
    assert f"次: {folder / 'review.pdf'}" in ran.err
    assert MISSING not in ran.err


def test_another_process_writes_the_same_bytes(sample: tuple[Path, Ran], tmp_path: Path) -> None:
    again = sample_workspace(tmp_path / "another place")
    assert run(again, "report", "R9", env={**DAY, "PYTHONHASHSEED": "2"}).code == 0
    assert tree(again / "reports") == tree(sample[0] / "reports")


def test_only_some_parts_leave_the_others(workspace: Path) -> None:
    before = old_pack(workspace)
    (workspace / "reports" / "R9" / "charts" / "手書き.png").write_bytes(b"foreign")
    assert call(workspace, "report", "R9", "--only", "xlsx,json", env=DAY).code == 0
    after = tree(workspace / "reports")
    assert after.pop("R9/charts/手書き.png") == b"foreign"
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"R9/review.xlsx", "R9/review.json"}


@pytest.mark.parametrize("output", [".", "..", "会議/第1回"])
def test_any_folder_will_do(workspace: Path, output: str) -> None:
    inner = workspace / "inner"
    inner.mkdir()
    ran = call(inner, "report", "R9", "--only", "txt", "--output", output, env=DAY)
    assert ran.code == 0, ran.err
    assert (inner / output / "review.txt").is_file()
    assert not (workspace / "reports").exists()
    assert not list(workspace.rglob("*.tmp"))


@pytest.mark.parametrize("kind", ["pdf", "xlsx", "html", "md", "txt"])
def test_fictional_data_number_and_draft_are_said(
    sample: tuple[Path, Ran], stress: Pack, kind: str
) -> None:
    plain, draft = text_of(sample[0] / "reports" / "R9", kind), text_of(stress[0], kind)
    assert "架空データ" in plain
    assert "架空データ" in draft
    for mark in ("資料１", "（案）"):
        assert (mark in plain, mark in draft) == (False, True)


NOTED = {
    subject: {
        "評価": mark,
        "評価理由": f"{what}の理由",
        "委員会意見": f"{what}への意見",
        "対応方針": f"{what}の方針",
    }
    for subject, mark, what in (("sodan", "A", "事業"), ("sodan-ini-1", "B", "取組"))
}


@pytest.fixture(scope="module")
def noted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack in which a programme and one of its initiatives have every text."""
    workspace = sample_workspace(tmp_path_factory.mktemp("noted"))
    columns = REVIEWS_HEADER.split(",")
    rows = [
        ",".join({"年度": "R9", "対象": subject, **texts}.get(name, "") for name in columns)
        for subject, texts in NOTED.items()
    ]
    log = workspace / "data" / "reviews" / "R9.csv"
    log.write_bytes(log.read_bytes() + "".join(f"{row}\r\n" for row in rows).encode())
    past = {"年度": "R8", "対象": "sodan-ini-1", "改善策": "去年の策"}
    row = ",".join(past.get(name, "") for name in columns)
    log = log.with_name("R8.csv")
    log.write_bytes(log.read_bytes() + f"{row}\r\n".encode())
    only = ("--only", "pdf,xlsx,html,md,txt,json")
    assert call(workspace, "report", "R9", *only, env=DAY).code == 0
    return workspace


@pytest.mark.parametrize("kind", ["pdf", "xlsx", "html", "md", "txt"])
def test_evaluations_and_opinions_of_programmes_and_initiatives_are_shown(
    noted: Path, kind: str
) -> None:
    found = text_of(noted / "reports" / "R9", kind)
    for texts in NOTED.values():
        assert f"{texts['評価']}（{texts['評価理由']}）" in found
        assert re.search(f"委員会意見.?.?{texts['委員会意見']}", found)
        assert re.search(f"対応方針.?.?{texts['対応方針']}", found)
    assert re.search("前年度の改善策.?.?去年の策", found)


def test_the_screen_and_json_tell_them_too(noted: Path) -> None:
    out = call(noted, "show", "R9", env=DAY | {"COLUMNS": "1000"}).out
    assert "評価：B（取組の理由）　委員会意見：取組への意見　対応方針：取組の方針" in out
    review = json.loads((noted / "reports" / "R9" / "review.json").read_bytes())
    programme = review["programmes"][0]
    for given, each in zip(NOTED.values(), (programme, programme["initiatives"][0]), strict=True):
        assert each["evaluation"] == {"mark": given["評価"], "reason": given["評価理由"]}
        assert each["note"]["committee"] == given["委員会意見"]
        assert each["note"]["response"] == given["対応方針"]
    assert programme["initiatives"][1]["evaluation"] is None


def test_properties_of_files_say_that_data_are_fictional(sample: tuple[Path, Ran]) -> None:
    folder = sample[0] / "reports" / "R9"
    facts = poppler("pdfinfo", folder / "review.pdf")
    assert re.search("Title: .*進捗評価表（架空データ）", facts)
    assert re.search("Author: +釜石市（架空データ）", facts)
    core = part((folder / "review.xlsx").read_bytes(), "docProps/core.xml")
    assert "進捗評価表（架空データ）</dc:title>" in core
    assert "<dc:creator>釜石市（架空データ）<" in core
    assert "進捗評価表（架空データ）</title>" in (folder / "review.html").read_text("utf-8")


def test_charts_and_json_say_that_data_are_fictional(sample: tuple[Path, Ran]) -> None:
    folder = sample[0] / "reports" / "R9"
    assert json.loads((folder / "review.json").read_bytes())["sample"] is True
    for path in (folder / "charts").glob("*.svg"):
        assert "架空データ" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["xlsx", "html", "md", "txt"])
def test_nasty_texts_are_texts(stress: Pack, kind: str) -> None:
    found = text_of(stress[0], kind)
    for text in (*pages.NASTY, f"{pages.NASTY[0]}{pages.NASTY[7]}", pages.LONG_NAME):
        assert bare(text) in found
    assert MISSING not in found


def test_nasty_texts_are_texts_in_json(stress: Pack) -> None:
    review = json.loads((stress[0] / "review.json").read_bytes())
    first = review["indicators"][0]
    assert first["name"] == f"{pages.NASTY[0]}{pages.NASTY[7]}"
    assert first["note"]["activity"] == "\n".join(pages.NASTY)


def test_nasty_texts_are_texts_in_the_pdf(stress: Pack) -> None:
    found = text_of(stress[0], "pdf")
    for text in pages.NASTY:
        if not set(text) & set(BEYOND_THE_FONT):
            assert bare(text) in found
    assert f"{MISSING}野家" in found
    assert not set(found) & set(BEYOND_THE_FONT)


def test_what_the_font_lacks_is_named(stress: Pack) -> None:
    assert stress[1].code == 0, stress[1].err
    _, found, names = stress[1].err.partition("〓 に置き換えました:\n")
    assert found
    assert "𠮷野家" in names.splitlines()[0]


def test_where_the_font_lacks_a_character_is_told(workspace: Path) -> None:
    plan = workspace / "data" / "targets.yaml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("name: 協力団体数", "name: 名前𠮷"), encoding="utf-8")
    columns = REVIEWS_HEADER.split(",")
    long = "あ" * 50
    notes = (
        {
            "対象": "sodan-2",
            "委員会意見": f"{long}𠮷野家{long}と{long}😀",
            "評価": "B",
            "評価理由": "〓👎",
        },
        {"対象": "sodan-ini-1", "実施状況": "一行目\n二行目👍\ufe0f", "対応方針": "方針🎌"},
        {"対象": "sodan", "要因": "🎉", "課題": "葛\U000e0100城市"},
    )
    log = workspace / "data" / "reviews" / "R9.csv"
    with log.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writerows({"年度": "R9", **each} for each in notes)
    ran = call(workspace, "report", "R9", "--only", "pdf", env=DAY)
    assert ran.code == 0, ran.err
    told = ran.err.partition("〓 に置き換えました:\n")[2].partition("次: ")[0]
    ini = "(1) 包括的相談支援事業 釜石市保健福祉センター2階（高齢）"
    assert told.splitlines() == [
        "    (1) 包括的相談支援事業 要因: 「🎉」",
        "    (1)② 所管課評価: 「B（〓👎）」",
        "    (1)② 委員会意見: 「…ああああああああ𠮷野家ああああああ…ああああああああ😀」",
        f"    {ini} 実施状況: 「一行目 二行目👍\ufe0f」",
        f"    {ini} 対応方針: 「方針🎌」",
        "    (5)③: 「名前𠮷」",
    ]


@pytest.mark.parametrize(
    ("only", "named"), [("svg", ["名前𠮷"]), ("html", ["名前𠮷"]), ("md,txt,xlsx,json", [])]
)
def test_only_what_is_printed_with_the_font_is_named(
    workspace: Path, only: str, named: list[str]
) -> None:
    plan = workspace / "data" / "targets.yaml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("name: 協力団体数", "name: 名前𠮷"), encoding="utf-8")
    note = workspace / "data" / "reviews" / "R9.csv"
    note.write_bytes(note.read_bytes() + "t,R9,sanka-3,記述😀\r\n".encode())
    ran = call(workspace, "report", "R9", "--only", only, env=DAY)
    assert ran.code == 0, ran.err
    assert [name for name in ("名前𠮷", "記述😀") if name in ran.err] == named


def test_characters_of_private_use_are_missing_though_the_font_has_some(tmp_path: Path) -> None:
    """No PDF that is to be archived takes them."""
    workspace = small_workspace(tmp_path, "id: a")
    text = "甲\uf860\uf861\uf862\uf87a\uf87f乙"
    assert call(workspace, "note", "R9", "a", "--cause", text).code == 0
    ran = call(workspace, "report", "R9", "--only", "pdf", env=DAY)
    assert (ran.code, "甲〓〓〓〓〓乙" in text_of(workspace / "reports" / "R9", "pdf")) == (0, True)
    assert "要因" in ran.err


def test_charts_of_nasty_names_are_sound(stress: Pack) -> None:
    for path in (stress[0] / "charts").glob("*.svg"):
        texts = "".join(ElementTree.fromstring(path.read_bytes()).itertext())
        assert not set(texts) & set(BEYOND_THE_FONT)


def test_a_folder_in_the_way_is_named_before_anything_is_replaced(workspace: Path) -> None:
    before = old_pack(workspace)
    folder = workspace / "reports" / "R9"
    (folder / "review.json").unlink()
    (folder / "review.json").mkdir()
    ran = call(workspace, "report", "R9", "--only", "md,txt,json", env=DAY)
    assert (ran.code, ran.out) == (1, "")
    assert f"{folder / 'review.json'}: 同じ名前のフォルダー" in ran.err
    assert tree(workspace / "reports").items() <= before.items()
    assert not list(workspace.rglob("*.tmp"))


def test_a_file_in_place_of_a_folder_is_named_before_anything_is_replaced(workspace: Path) -> None:
    old_pack(workspace)
    folder = workspace / "reports" / "R9"
    shutil.rmtree(folder / "charts")
    (folder / "charts").write_bytes(b"foreign")
    before = tree(workspace / "reports")
    ran = call(workspace, "report", "R9", "--only", "xlsx,svg", env=DAY)
    assert (ran.code, ran.out) == (1, "")
    assert f"{folder / 'charts'}: 書き込みできませんでした。" in ran.err
    assert "同じ名前のファイル" in ran.err
    assert tree(workspace / "reports") == before
    assert not list(workspace.rglob("*.tmp"))


@pytest.mark.permissions
@pytest.mark.parametrize("closed", ["R9", "R9/charts", "R9/review.json"])
def test_a_read_only_place_is_named_before_anything_is_replaced(
    workspace: Path, closed: str
) -> None:
    before = old_pack(workspace)
    path = workspace / "reports" / closed
    mode = path.stat().st_mode
    path.chmod(mode & ~0o222)
    try:
        ran = call(workspace, "report", "R9", "--only", "md,svg,json", env=DAY)
    finally:
        path.chmod(mode)
    assert (ran.code, ran.out) == (1, "")
    assert f"{path}: 書き" in ran.err
    assert tree(workspace / "reports") == before


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is missing")
def test_a_full_disk_leaves_the_old_pack(workspace: Path) -> None:
    before, there = old_pack(workspace), listing(workspace / "reports")
    limited = f"ulimit -f 50; exec {sys.executable} -m jusou report R9 --only txt,json,md"
    ran = subprocess.run(
        ["bash", "-c", limited], cwd=workspace, env={**os.environ, **DAY}, capture_output=True,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "ディスクの空きがありません" in ran.stderr.decode()
    assert (tree(workspace / "reports"), listing(workspace / "reports")) == (before, there)


def interrupt(workspace: Path, part: str, *arguments: str) -> tuple[int, str]:
    """Press Ctrl-C when a terminal shows that ``part`` is being made; return code and output."""
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "jusou", "report", "R9", *arguments],
        cwd=workspace, env={**os.environ, **DAY, "PYTHONIOENCODING": "utf-8"},
        stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    with open(ours, "rb", buffering=0) as terminal:  # noqa: PTH123  # a descriptor, not a path
        while f"{part} を作っています".encode() not in shown:
            shown += terminal.read(1024)
        process.send_signal(signal.SIGINT)
        try:
            while chunk := terminal.read(1024):
                shown += chunk
        except OSError:  # what Linux says when the other side is closed
            pass
    return process.wait(), shown.decode("utf-8", "replace")


def test_an_interrupted_run_leaves_the_old_pack(workspace: Path) -> None:
    before, there = old_pack(workspace), listing(workspace / "reports")
    code, shown = interrupt(workspace, "pdf")
    assert (code, "中断しました。" in shown, "Traceback" in shown) == (130, True, False), shown
    assert (tree(workspace / "reports"), listing(workspace / "reports")) == (before, there)


def test_an_interruption_at_the_end_leaves_all_old_or_all_new(workspace: Path) -> None:
    before, there = old_pack(workspace), listing(workspace / "reports")
    interrupt(workspace, "json", "--only", "md,txt,json")
    after = tree(workspace / "reports")
    changed = {name for name in after if after[name] != before[name]}
    assert changed in (set(), {"R9/review.md", "R9/review.txt", "R9/review.json"})
    assert listing(workspace / "reports") == there


def test_progress_is_for_terminals(sample: tuple[Path, Ran]) -> None:
    assert "作っています" not in sample[1].err


@pytest.mark.slow
def test_what_takes_minutes_is_said_with_what_to_leave_out(tmp_path: Path) -> None:
    many = small_workspace(tmp_path, *(f"id: p-{number}" for number in range(501)))
    told = call(many, "report", "R9", "--interim", "--only", "pdf")
    assert told.code == 0
    assert "指標が501あります。" in told.err
    assert "--only xlsx,md,txt" in told.err
    assert "指標が" not in call(many, "report", "R9", "--only", "txt").err
