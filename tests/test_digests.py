"""Row digests: a row is known again however its log was saved, and only if it says the same."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jusou.logs.digests import digest_of, row_digest
from jusou.logs.schema import ACTUALS, IMPORTS, NOTES, REVISIONS, Actual, Basis, Log, ReviewNote
from jusou.values.fiscal_year import FiscalYear
from jusou.workspace import Workspace
from tests.logs import ACTUAL_COLUMNS, AWKWARD, FIRST, LAST, bytes_of, text_of
from tests.support import small_workspace

LOGS = st.sampled_from([ACTUALS, NOTES, REVISIONS, IMPORTS])
TEXTS = st.text(st.sampled_from("窓口が🈺 '=1-2/\n。"), max_size=6)
NUMBERS = st.decimals(0, 10**9, places=3)


def of(**cells: str) -> str:
    """Return the digest of a row of figures, given some of its cells."""
    return row_digest(ACTUALS, [cells.get(title, "") for title in ACTUAL_COLUMNS])


@pytest.mark.parametrize(
    ("title", "spellings"),
    [
        ("実績値", ("2650", "2,650", "2650.0", "２６５０", " 2650 ", "02650")),
        ("実績値", ("0.5", "0.50", "00.5")),
        ("分母", ("0", "0.0", "00")),
        ("基準日", ("2027-09-30", "2027/9/30", "R9.9.30", "令和9年9月30日", "２０２７／９／３０")),
        ("記録日時", ("2027-09-30", "2027/9/30")),
        ("年度", ("R9", "r9", "Ｒ９", "令和9年度", "2027", "2027年度")),
        ("備考", ("が", unicodedata.normalize("NFD", "が"), " が ")),
        ("備考", ("一\n二", "一\r\n二", "一\r二")),
    ],
)
def test_spellings_of_the_same_have_one_digest(title: str, spellings: tuple[str, ...]) -> None:
    assert len({of(**{title: each}) for each in spellings}) == 1


@pytest.mark.parametrize(
    ("title", "texts"),
    [
        ("実績値", ("100", "10", "1.00", "1000", "約100", "")),
        ("備考", ("1-2", "1月2日", "1.0", "1", "00123", "123", "ｱ", "ア", "=1+1", "2")),
        ("基準日", ("2027-09-30", "2027-09-03", "9月末")),
        ("記録日時", ("2027-09-30T09:00:00+09:00", "2027-09-30T09:00:01+09:00")),
    ],
)
def test_rows_that_say_something_else_have_another(title: str, texts: tuple[str, ...]) -> None:
    assert len({of(**{title: each}) for each in texts}) == len(texts)


def test_it_is_eight_hex_digits_that_stay() -> None:
    """They are kept in files for years: another digest would lose every row."""
    assert row_digest(ACTUALS, AWKWARD) == "c0b6a8b1"


@given(LOGS, st.data())
def test_what_nobody_reads_and_what_is_empty_do_not_count(log: Log, data: st.DataObject) -> None:
    cells = {title: data.draw(TEXTS) for title in log.columns}
    digest = row_digest(log, list(cells.values()))
    if log.unread:
        cells[log.unread] = data.draw(TEXTS)
    wider = log._replace(columns={**log.columns, "新しい列": lambda row, plan: ""})
    assert row_digest(wider, [*cells.values(), " "]) == digest


@given(LOGS, st.data())
def test_the_same_words_in_another_column_are_another_row(log: Log, data: st.DataObject) -> None:
    titles = [each for each in log.columns if each != log.unread]
    one, other = data.draw(st.permutations(titles))[:2]
    text = data.draw(st.sampled_from(["窓口", "1"]))
    digests = {
        row_digest(log, [text if title == each else "" for title in log.columns])
        for each in (one, other)
    }
    assert len(digests) == 2


@given(NUMBERS, st.integers(0, 4))
def test_zeros_behind_a_number_do_not_count(number: Decimal, zeros: int) -> None:
    assert of(実績値=f"{number:f}{'0' * zeros}") == of(実績値=f"{number.normalize():f}")
    assert of(実績値=f"{number:,f}") == of(実績値=f"{number:f}")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return small_workspace(tmp_path, "id: sodan-1, unit: ％, decimals: 1", "id: sodan-2")


def digests(workspace: Path) -> dict[str, list[str]]:
    found = Workspace(workspace).load(imports=True).row_digests
    return {path: list(rows.values()) for path, rows in found.items()}


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp932"])
def test_a_log_saved_otherwise_has_the_digests_it_had(
    workspace: Path, encoding: str, newline: str
) -> None:
    path = workspace / "data" / "actuals" / "R9.csv"
    path.parent.mkdir()
    rows = [FIRST, [*AWKWARD[:4], "", "", *AWKWARD[6:]], LAST]
    wanted = [row_digest(ACTUALS, row) for row in rows]
    path.write_bytes(bytes_of(rows))
    assert digests(workspace) == {"data/actuals/R9.csv": wanted}
    blank = text_of([[""] * len(ACTUAL_COLUMNS)], newline).encode(encoding.removesuffix("-sig"))
    titles = [ACTUAL_COLUMNS[0], *reversed(ACTUAL_COLUMNS[1:])]
    turned = [[row[0], *reversed(row[1:])] for row in rows]
    content = text_of([titles, *turned], newline).encode(encoding)
    path.write_bytes(content + blank + b"2028-06-01T09:00:00+09:00,R9,so")  # cut off
    assert digests(workspace) == {"data/actuals/R9.csv": wanted}


@settings(max_examples=30)
@given(remark=TEXTS, cause=TEXTS.filter(str.strip), value=st.integers(0, 999))
def test_a_row_has_its_digest_before_it_is_written(
    remark: str, cause: str, value: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    workspace = Workspace(small_workspace(tmp_path_factory.mktemp("workspace"), "id: a"))
    year = FiscalYear.parse("R9")
    figure = Actual(year, "a", Basis.FINAL, Decimal(value), remark=remark)
    note = ReviewNote(year, "a", {"cause": cause, "issue": ""})
    with workspace.transaction(recorded_by="'係") as t:
        for row in (figure, note):
            t.append(row)
    wanted = [
        digest_of(row._replace(**t.stamp._asdict()), t.dataset.plan) for row in (figure, note)
    ]
    assert [each for rows in digests(workspace.root).values() for each in rows] == wanted
