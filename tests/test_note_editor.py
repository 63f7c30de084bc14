"""``jusou note --edit``: the draft in an editor; whatever goes wrong, what was typed is kept."""

from __future__ import annotations

import re
import shlex
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jusou.entry.notes import draft_of, read_draft
from jusou.logs.dataset import Note
from jusou.logs.schema import NOTE_FIELDS, fields_of
from jusou.plan.model import WHOLE_PLAN
from jusou.workspace import Workspace
from tests.dialogue import terminal
from tests.support import SAMPLE, Ran, call, real_workspace, record, rows_of, show_json, tree

Editor = Callable[..., Ran]
SUBJECT = ("R9", "sodan-2")
PLAN = Workspace(SAMPLE).plan()
BREAKS = "\n\r\v\f\x85\u2028\u2029"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return real_workspace(tmp_path / "作業 フォルダー")


@pytest.fixture
def drafts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where drafts are kept."""
    folder = tmp_path / "下書き"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def edit(workspace: Path, drafts: Path, tmp_path: Path) -> Editor:
    """Run ``note --edit`` with an editor that runs ``change`` on the draft's text."""

    def run(change: str, *options: str) -> Ran:
        script = tmp_path / "an editor.py"
        script.write_text(
            "import sys, subprocess\nfrom pathlib import Path\npath = Path(sys.argv[-1])\n"
            f"copy = Path({str(tmp_path / 'saved')!r})\n"
            "def save(content):\n    for each in (path, copy): each.write_bytes(content)\n"
            f"text = path.read_bytes().decode('utf-8-sig')\n{change}\n"
            "save(text if isinstance(text, bytes) else text.encode('utf-8-sig'))\n",
            encoding="utf-8",
        )
        quoted = [f'"{each}"' if " " in each else each for each in (sys.executable, str(script))]
        environment = {"VISUAL": "", "EDITOR": f" {' '.join(quoted)} --wait "}
        return call(workspace, "note", *SUBJECT, "--edit", *options, env=environment)

    return run


def under(heading: str, text: str) -> str:
    """What the editor does to put a text under a heading."""
    return f"text = text.replace('## {heading}\\n', '## {heading}\\n' + {text!r}, 1)"


def noted(workspace: Path) -> list[dict[str, str]]:
    return rows_of(workspace, "R9", "reviews")


def kept(ran: Ran, drafts: Path) -> bytes:
    """Return the draft that an edit that failed has left, where its message says."""
    assert ran.code == 1, ran
    assert ran.out == ""
    assert "Traceback" not in ran.err
    found = re.search(r"書いた内容は (.*) に残しました。\n", ran.err)
    assert found
    (path,) = drafts.iterdir()
    assert Path(found[1]) == path
    return path.read_bytes()


def test_what_is_typed_under_a_heading_is_recorded(
    workspace: Path, edit: Editor, drafts: Path
) -> None:
    own = "一行目\n# 見出しのような行\n## 別の見出し\n\n  字下げした行  \n- 最後"
    ran = edit(f"{under('要因', own)}\n{under('方向性', '拡充')}")
    assert ran.code == 0, ran.err
    (row,) = noted(workspace)
    assert {title for title in NOTE_FIELDS.values() if row[title]} == {"要因", "方向性"}
    assert (row["要因"], row["方向性"]) == (own, "拡充")
    assert list(drafts.iterdir()) == []


def test_the_draft_holds_what_stands(workspace: Path, edit: Editor, tmp_path: Path) -> None:
    call(workspace, "note", *SUBJECT, "--cause", "前の要因", "--issue", "前の課題")
    ran = edit(
        f"Path({str(tmp_path / 'seen')!r}).write_text(text, 'utf-8')\n"
        "text = text.replace('前の要因', '次の要因').replace('前の課題', '')"
    )
    seen = (tmp_path / "seen").read_text("utf-8")
    head = "# 令和9年度 (1)② 障がい者（児）の総合窓口相談件数\n# 実績 未記録　目標 2,650\n# "
    assert seen.startswith(head)
    assert "\n## 要因\n前の要因\n\n## 課題\n前の課題\n" in seen
    assert all(f"\n## {title}\n" in seen for title in fields_of("sodan-2").values())
    assert ran.code == 0
    row = noted(workspace)[-1]
    assert (row["要因"], row["課題"]) == ("次の要因", "（削除）")


def test_closing_the_editor_unchanged_writes_nothing(
    workspace: Path, edit: Editor, drafts: Path
) -> None:
    call(workspace, "note", *SUBJECT, "--cause", "要因\n# です")
    before = tree(workspace)
    ran = edit("pass")
    assert (ran.code, "何も書き込みませんでした" in ran.out) == (0, True)
    assert (tree(workspace), list(drafts.iterdir())) == (before, [])


def test_options_stand_in_the_draft(workspace: Path, edit: Editor) -> None:
    call(workspace, "note", *SUBJECT, "--issue", "前の課題")
    change = "text = text.replace('要因の案', '要因の清書')"
    ran = edit(change, "--cause", "要因の案", "--activity", "実施した", "--clear", "課題")
    assert ran.code == 0
    row = noted(workspace)[-1]
    assert [row[each] for each in ("実施状況", "要因", "課題")] == [
        "実施した", "要因の清書", "（削除）",
    ]  # fmt: skip


@pytest.mark.slow
def test_a_text_written_meanwhile_by_another_is_not_undone(workspace: Path, edit: Editor) -> None:
    """Not even by an editor that saves every line with another end."""
    call(workspace, "note", *SUBJECT, "--issue", "前の課題\n二行目")
    other = [sys.executable, "-m", "jusou", "note", *SUBJECT]
    other += ["--committee", "委員会の意見", "--issue", "直した課題"]
    change = f"subprocess.run({other!r}, check=True)\n{under('要因', '要因です')}"
    assert edit(f"{change}\ntext = text.replace('\\n', '\\r\\n')").code == 0
    found = show_json(workspace, "show", "R9")["indicators"][1]["note"]
    assert [found[each] for each in ("cause", "issue", "committee")] == [
        "要因です", "直した課題", "委員会の意見",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("text = text.replace('## 課題\\n', '')", "見出し「## 課題」がありません"),
        ("text = text.replace('## 課題', '##課題')", "見出し「## 課題」がありません"),
        ("text = text.replace('## 課題', '## 要因')", "見出し「## 要因」が2つあります"),
        ("text = '書き出し\\n' + text", "最初の見出しより前に「書き出し」があります"),
        ("text = ''", "見出し「## 実施状況」がありません"),
        (under("方向性", "拡大"), "方向性「拡大」は使えません"),
        (under("評価", "B"), "評価理由"),
        (under("課題", "\0"), "記録できない文字です"),
        ("save(text.encode())\nsys.exit(3)", "終了コードは 3 です"),
        ("text = b'\\x82\\xa0' + text.encode('cp932')", "文字を読み取れません"),
    ],
)
def test_a_draft_that_cannot_be_taken_is_kept(
    workspace: Path, edit: Editor, drafts: Path, change: str, words: str
) -> None:
    before = tree(workspace)
    ran = edit(f"{under('要因', '長い時間をかけて書いた文')}\n{change}")
    assert words in ran.err
    assert kept(ran, drafts) == (drafts.parent / "saved").read_bytes()
    assert tree(workspace) == before


def test_a_draft_is_kept_when_the_log_has_broken_meanwhile(
    workspace: Path, edit: Editor, drafts: Path
) -> None:
    log = workspace / "data" / "reviews" / "R9.csv"
    call(workspace, "note", *SUBJECT, "--issue", "前の課題")
    change = f"Path({str(log)!r}).open('ab').write(b',,sodan-99,x')"
    ran = edit(f"{under('要因', '書いた要因')}\n{change}")
    assert "data/reviews/R9.csv:3" in ran.err
    assert "書いた要因" in kept(ran, drafts).decode()


def test_what_another_person_wrote_meanwhile_is_not_replaced(
    workspace: Path, edit: Editor, drafts: Path
) -> None:
    call(workspace, "note", *SUBJECT, "--issue", "前の課題")
    log = workspace / "data" / "reviews" / "R9.csv"
    row = ",,sodan-2,,,同僚の課題\r\n".encode()
    change = f"Path({str(log)!r}).open('ab').write({row!r})"
    ran = edit(f"{under('課題', '自分の課題')}\n{change}")
    assert "ほかの人が課題を「同僚の課題」にしました。" in ran.err
    assert "自分の課題" in kept(ran, drafts).decode()
    assert [each["課題"] for each in noted(workspace)] == ["前の課題", "同僚の課題"]


def test_the_draft_names_the_choices(edit: Editor, tmp_path: Path) -> None:
    edit("")
    draft = (tmp_path / "saved").read_text("utf-8-sig")
    assert "# 評価は A・B・C・D のどれかで、評価理由も書きます。" in draft
    assert "# 方向性は 拡充、現状維持、改善・見直し、縮小、休止・廃止、完了 のどれかです。" in draft


def test_half_a_character_in_an_option_is_refused(edit: Editor, drafts: Path) -> None:
    ran = edit("", "--cause", "要因\udcff")
    assert "記録できない文字です" in ran.err
    assert kept(ran, drafts)


def test_a_draft_is_kept_after_a_dry_run(workspace: Path, edit: Editor, drafts: Path) -> None:
    ran = edit(under("要因", "書いた要因"), "--dry-run")
    assert (ran.code, noted(workspace)) == (0, [])
    assert "要因: 書いた要因" in ran.out
    (path,) = drafts.iterdir()
    assert str(path) in ran.err


@pytest.mark.parametrize(
    ("editor", "words"),
    [
        ("no-such-editor --wait", "編集ソフト「no-such-editor」を起動できません"),
        ("'vim", "環境変数 EDITOR「'vim」は読めません"),
    ],
)
@pytest.mark.parametrize("variable", ["EDITOR", "VISUAL"])
@pytest.mark.skipif(sys.platform == "win32", reason="the words of the shell differ there")
def test_an_editor_that_cannot_be_started(
    workspace: Path, drafts: Path, editor: str, words: str, variable: str
) -> None:
    env = {"EDITOR": "false", "VISUAL": "", variable: editor}
    ran = call(workspace, "note", *SUBJECT, "--edit", "--cause", "書いた要因", env=env)
    assert words in ran.err
    assert "書いた要因" in kept(ran, drafts).decode()
    assert noted(workspace) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\\n", "\\r\\n"])
def test_a_draft_as_any_editor_saves_it(
    workspace: Path, edit: Editor, encoding: str, newline: str
) -> None:
    written = "一行目　\n二行目 𠮷"
    saved = f"text = text.replace('\\n', '{newline}').rstrip().encode('{encoding}')"
    assert edit(f"{under('要因', written)}\n{saved}").code == 0
    assert noted(workspace)[0]["要因"] == written


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_an_editor_that_returns_at_once_is_waited_for(workspace: Path, tmp_path: Path) -> None:
    """Some editors hand the draft to a window that is open already."""
    script = tmp_path / "opens.py"
    script.write_text("import sys; print('開いた:', sys.argv[1])", encoding="utf-8")
    env = {"EDITOR": shlex.join([sys.executable, str(script)]), "TMPDIR": str(tmp_path)}
    with terminal(workspace, "note", *SUBJECT, "--edit", env=env) as session:
        session.expect("開いた: ")
        path = Path(session.expect("\n").strip())
        session.expect("書き終えて保存したら、Enter を押してください: ")
        draft = path.read_text("utf-8-sig")
        path.write_text(draft.replace("## 要因\n", "## 要因\n後から書いた\n"), "utf-8")
        session.answer("")
        assert session.end() == 0
    assert [row["要因"] for row in noted(workspace)] == ["後から書いた"]
    assert not path.exists()


def test_the_draft_shows_the_figures(edit: Editor, workspace: Path, tmp_path: Path) -> None:
    record(workspace, "R9 sodan-2 2649 確定")
    edit("")
    draft = (tmp_path / "saved").read_text("utf-8-sig")
    assert "\n# 実績 2,649件（確定）　目標 2,650　達成率 99.9％　達成度 B\n" in draft


CAUSE = "## 要因\n長い文\n\n## 課題"
COURSE = "## 方向性\n拡充\n\n## 評価"


def slips_first(tmp_path: Path, right: str, slip: str) -> dict[str, str]:
    """Return an environment whose editor writes a slip at first, and mends it the next time."""
    heading, _, *rest = right.split("\n")
    blank = "\n".join((heading, "", *rest))
    script = tmp_path / "slips.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\npath = Path(sys.argv[1])\n"
        "text = path.read_text('utf-8-sig')\n"
        f"if {slip!r} in text: text = text.replace({slip!r}, {right!r})\n"
        f"else: text = text.replace({blank!r}, {slip!r})\n"
        "print('開いた'); path.write_text(text, 'utf-8')\n",
        encoding="utf-8",
    )
    return {"EDITOR": shlex.join([sys.executable, str(script)]), "TMPDIR": str(tmp_path)}


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    ("right", "slip", "words"),
    [
        (CAUSE, "## 要因\n長い文\n\n## 方向性\n\n## 課題", "見出し「## 方向性」が2つあります"),
        (CAUSE, "## 要因\n長い文\n\n##課題", "見出し「## 課題」がありません"),
        (COURSE, "## 方向性\n拡大\n\n## 評価", "方向性「拡大」は使えません"),
        (COURSE, "## 方向性\n拡充\n\n## 評価\nA", "評価「A」に評価理由がありません"),
    ],
)
def test_at_a_terminal_the_draft_is_opened_again(
    workspace: Path, tmp_path: Path, right: str, slip: str, words: str
) -> None:
    env = slips_first(tmp_path, right, slip)
    with terminal(workspace, "note", *SUBJECT, "--edit", env=env) as session:
        session.expect("開いた")
        session.expect(words)
        session.expect("下書きをもう一度開くには Enter")
        assert noted(workspace) == []
        session.answer("")
        session.expect("開いた")
        assert session.end() == 0
    heading, text, *_ = right.split("\n")
    assert [row[heading.removeprefix("## ")] for row in noted(workspace)] == [text]
    assert not list(tmp_path.glob("jusou-*"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_the_draft_is_kept_by_who_does_not_want_to_mend_it(workspace: Path, tmp_path: Path) -> None:
    env = slips_first(tmp_path, CAUSE, "## 要因\n長い文\n\n##課題")
    with terminal(workspace, "note", *SUBJECT, "--edit", env=env) as session:
        session.expect("下書きをもう一度開くには Enter")
        session.answer("ｑ")
        session.expect("に残しました。")
        assert session.end() == 1
    (path,) = tmp_path.glob("jusou-*")
    assert "長い文" in path.read_text("utf-8")
    assert noted(workspace) == []


LINES = st.lists(
    st.one_of(
        st.sampled_from(["## 要因", "\\## 要因", "\\\\## 課題 ", "# x", "##要因", "", " ## 評価"]),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters=BREAKS), max_size=9),
    ),
    max_size=6,
).map("\n".join)


@given(
    st.sampled_from(["sodan-2", WHOLE_PLAN]), st.builds(Note, **dict.fromkeys(NOTE_FIELDS, LINES))
)
def test_any_text_passes_through_a_draft(subject: str, note: Note) -> None:
    expected = {name: getattr(note, name).strip() for name in fields_of(subject)}
    assert read_draft(subject, draft_of(PLAN, subject, ["題", "二行目"], note)) == expected


def test_a_draft_that_cannot_be_kept_is_said(edit: Editor, drafts: Path) -> None:
    drafts.rmdir()
    ran = edit("text = ''")
    assert (ran.code, ran.err.splitlines()[0]) == (1, "エラー: 下書き: 書き込みできませんでした。")
