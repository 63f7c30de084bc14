"""``jusou enter`` in a terminal and over pipes: Ctrl-C, Ctrl-D, other people, any encoding."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dialogue import COUNT, RATE, enter, piped, terminal
from tests.support import (
    call,
    real_workspace,
    rows_of,
    show_json,
    small_workspace,
    tree,
    write_actuals,
)

pytestmark = pytest.mark.slow

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
ENTER = ("enter", "R9", "--by", "釜石 花子", "--date", "2028-05-20")
ASKED = "実績値: "
REMARK = "備考（なければ Enter）: "
DONE = "記録しました。"
YEAR = {  # what is typed, and what stands then
    "sodan-1": ("3882/4205", 92.3),
    "sodan-2": ("２，６４９件", 2649),
    "sodan-3": ("２０／３８", 52.6),
    "sodan-4": ("38", 38),
    "chiiki-1": ("21", 21),
    "chiiki-2": ("14回", 14),
    "chiiki-3": ("350", 350),
    "chiiki-4": ("38", 38),
    "chiiki-5": ("1,540", 1540),
    "chiiki-6": ("1", 1),
    "chiiki-7": ("該当なし 対象となる研修会がなかった", None),
    "takikan-1": ("8", 8),
    "takikan-2": ("速報 17", 17),
    "outreach-1": ("４８", 48),
    "outreach-2": ("224", 224),
    "outreach-3": ("21", 21),
    "sanka-1": ("14枚", 14),
    "sanka-2": ("6", 6),
    "sanka-3": ("4", 4),
}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return small_workspace(tmp_path, COUNT, RATE)


@posix
def test_a_full_year_goes_in_through_one_session(tmp_path: Path) -> None:
    """19 figures of the plan; one is ten times too high, one is found wrong and corrected."""
    workspace = real_workspace(tmp_path)
    with terminal(workspace, *ENTER) as session:
        session.expect("19件の指標をたずねます")
        for count, (indicator, (typed, value)) in enumerate(YEAR.items(), 1):
            session.expect(f"[{count}/19]")
            session.expect(ASKED)
            if indicator == "chiiki-5":  # a digit too many
                session.answer("15,400")
                session.expect("R6（1,537）・目標（1,520）の10倍以上です")
                session.expect("y=はい n=入力し直す）: ")
                session.answer("n")
                session.expect(ASKED)
            session.answer(typed)
            if value is not None:
                session.expect(REMARK)
                session.answer("")
            session.expect(DONE)
            assert len(rows_of(workspace)) == count  # on the disk before the next is asked
        session.expect("19件の指標を記録しました。")
        assert session.end() == 0
    with terminal(workspace, *ENTER, "--all") as session:  # the second: 350 was 305
        for _ in range(7):
            session.expect(ASKED)
            session.answer("")
        session.expect(ASKED)
        session.answer("b")
        session.expect("今の記録: 確定 350人")
        session.expect(ASKED)
        session.answer("305")
        session.expect("すでに「350人（確定）」が記録されています")
        session.expect("訂正の理由（会議資料に載ります）: ")
        session.answer("重複を除いた")
        session.expect(DONE)
        session.answer("終了")
        session.expect("1件の指標を記録しました。")
        assert session.end() == 0
    expected = {indicator: value for indicator, (_, value) in YEAR.items()} | {"chiiki-3": 305}
    found = show_json(workspace, "show", "R9", "--date", "2028-05-20")["indicators"]
    assert {each["id"]: each["actual"] for each in found} == expected
    assert [each["numerator"] for each in found[:3]] == [3882, None, 20]
    assert len(rows_of(workspace)) == 20
    assert rows_of(workspace)[-1]["訂正理由"] == "重複を除いた"


@posix
@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("", ""),
        ("60.0", REMARK),
        ("5.0", "この数値でよいですか"),
        ("中間 60", "基準日"),
        ("取消", "取消の理由（会議資料に載ります）: "),
    ],
)
def test_ctrl_c_at_any_question_loses_nothing(workspace: Path, typed: str, asked: str) -> None:
    write_actuals(workspace, "R9", [",,b,55,,,見込"])
    with terminal(workspace, *ENTER) as session:
        session.expect(ASKED)
        session.answer("120")
        session.expect(REMARK)
        session.answer("")
        session.expect(DONE)
        session.expect(ASKED)
        if typed:
            session.answer(typed)
            session.expect(asked)
        session.interrupt()
        assert session.end() == 130
        assert "1件の指標を記録しました。" in session.said
        assert "中断しました。" in session.said
        assert "Traceback" not in session.said
    assert [row["実績値"] for row in rows_of(workspace)] == ["55", "120"]


@posix
def test_ctrl_d_ends_as_quitting_does(workspace: Path) -> None:
    with terminal(workspace, *ENTER) as session:
        session.expect(ASKED)
        session.answer("120")
        session.expect(REMARK)
        session.write(b"\x04")
        assert session.end() == 0
    assert "「120」は記録していません。" in session.said
    assert "0件の指標を記録しました。" in session.said
    assert rows_of(workspace) == []


@posix
def test_what_was_recorded_outlives_the_terminal(workspace: Path) -> None:
    with terminal(workspace, *ENTER) as session:
        session.expect(ASKED)
        session.answer("120")
        session.expect(REMARK)
        session.answer("備考")
        session.expect(DONE)
        session.process.send_signal(signal.SIGKILL)
        session.end()
    assert [row["備考"] for row in rows_of(workspace)] == ["備考"]


@posix
def test_a_terminal_of_windows_japan(workspace: Path) -> None:
    """CP932 both ways, as a Japanese console of old has it."""
    with terminal(workspace, *ENTER, env={"PYTHONIOENCODING": "cp932"}) as session:
        while b"[1/2]" not in session.read():
            pass
        session.write("１２０件\n窓口日誌\n終了\n".encode("cp932"))
        assert session.end() == 0
    assert [(row["実績値"], row["備考"]) for row in rows_of(workspace)] == [("120", "窓口日誌")]


@posix
def test_a_figure_of_another_person_meanwhile_is_seen(workspace: Path) -> None:
    with terminal(workspace, *ENTER) as session:
        session.expect(ASKED)
        session.answer("120")
        session.expect(REMARK)
        add = ["add", "R9", "a", "118", "--by", "別の人", "--date", "2028-05-20"]
        assert call(workspace, *add).code == 0
        session.answer("窓口日誌")
        session.expect("ほかの人が、この間に「118件（確定）」と記録しました。")
        session.expect(ASKED)
        assert len(rows_of(workspace)) == 1
        session.answer("120")
        session.expect("訂正の理由（会議資料に載ります）: ")
        session.answer("最新の集計")
        session.expect(DONE)
        session.expect("[2/2]")
        session.expect(ASKED)
        assert call(workspace, "add", "R9", "b", "60", *add[4:]).code == 0
        session.answer("b")
        session.expect("今の記録: 確定 120件　最新の集計")
        session.expect(ASKED)
        session.answer("")
        session.expect("今の記録: 確定 60.0％")
        session.answer("")
        assert session.end() == 0
    assert [row["入力者"] for row in rows_of(workspace)] == ["別の人", "釜石 花子", "別の人"]


@pytest.mark.parametrize("at", [ASKED, REMARK])
def test_a_log_that_breaks_meanwhile_is_told_and_left_alone(workspace: Path, at: str) -> None:
    with piped(workspace, *ENTER) as session:
        session.expect(ASKED)
        session.answer("120")
        session.expect(REMARK)
        session.answer("")
        session.expect(DONE)
        session.expect(ASKED)
        if at == REMARK:
            session.answer("60")
            session.expect(REMARK)
        path = workspace / "data" / "actuals" / "R9.csv"
        path.write_bytes(path.read_bytes() + ",,a,約50\r\n".encode())
        before = tree(workspace)
        if at == ASKED:
            session.answer("55")
            session.expect(REMARK)
        session.answer("")
        assert session.end() == 1
    assert "1件の指標を記録しました。" in session.said
    assert "data/actuals/R9.csv:3: 実績値「約50」は数値として読めません。" in session.said
    assert "Traceback" not in session.said
    assert tree(workspace) == before


def through_a_pipe(workspace: Path, typed: bytes, encoding: str) -> tuple[int, str]:
    """Run ``enter`` with bytes on its input; return its code and all it said."""
    done = subprocess.run(
        [sys.executable, "-m", "jusou", *ENTER],
        cwd=workspace,
        env={**os.environ, "PYTHONIOENCODING": encoding, "COLUMNS": "80"},
        input=typed,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.returncode, done.stdout.decode(encoding)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_pipe_in_any_encoding(workspace: Path, encoding: str, newline: str) -> None:
    typed = newline.join(["１２０件", "窓口日誌による ～①", "速報　２０／３８", "", ""])
    code, said = through_a_pipe(workspace, typed.encode(encoding), encoding.removesuffix("-sig"))
    assert (code, "2件の指標を記録しました。" in said) == (0, True)
    assert [(row["実績値"], row["備考"]) for row in rows_of(workspace)] == [
        ("120", "窓口日誌による ～①"), ("52.6", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "ascii"])
@pytest.mark.parametrize("bad", [b"\x81\xfd", b"12\x81\xfd", b"\x81\xfd" * 50, b"\xff", b"caf\xe9"])
def test_bytes_that_are_no_text_end_a_pipe(workspace: Path, bad: bytes, encoding: str) -> None:
    code, said = through_a_pipe(workspace, b"120\nremark\n" + bad + b"\n60\n\n", encoding)
    assert (code, "Traceback" in said) == (1, False)
    if encoding != "ascii":
        assert "入力の3行目で止めました。文字として読めないデータがあります。" in said
    assert [(row["実績値"], row["備考"]) for row in rows_of(workspace)] == [("120", "remark")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le"])
def test_a_pipe_in_utf16_is_told_so(workspace: Path, encoding: str) -> None:
    code, said = through_a_pipe(workspace, "120\n窓口日誌\n".encode(encoding), "utf-8")
    assert (code, rows_of(workspace)) == (1, [])
    assert "入力の1行目で止めました。文字コードが UTF-16（Unicode）です。" in said
    assert "文字コード UTF-8 で保存し直してから渡してください。" in said


@pytest.mark.parametrize("console", ["utf-8", "cp932"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_a_pipe_may_have_another_encoding_than_the_console(
    workspace: Path, encoding: str, console: str
) -> None:
    typed = "１２０件\n窓口日誌による\nq\n".encode(encoding)
    assert through_a_pipe(workspace, typed, console)[0] == 0
    assert [row["備考"] for row in rows_of(workspace)] == ["窓口日誌による"]


@pytest.mark.parametrize("bad", ["\0", "a\0b", "<<<<<<< x"])
def test_a_remark_that_could_not_be_read_again_is_refused(workspace: Path, bad: str) -> None:
    ran = enter(workspace, "120", bad, "120", "よい")
    assert ran.code == 0
    assert "記録できない文字です" in ran.out
    assert [row["備考"] for row in rows_of(workspace)] == ["よい"]


@posix
def test_without_any_input(workspace: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -m jusou {' '.join(ENTER[:2])} <&-",
        shell=True, cwd=workspace, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
