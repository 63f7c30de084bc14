"""What an import would do, as tables: what stands, what files claim, what is allowed → changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from jusou.forms.importing.changes import Allowed, Change, plan_changes
from jusou.forms.incoming.claims import Claim
from jusou.logs.dataset import Dataset, Rows, build_dataset
from jusou.logs.rows import read_actual
from jusou.logs.schema import NOTE_FIELDS, Actual, ReviewNote
from jusou.values.fiscal_year import FiscalYear
from jusou.workspace import Workspace
from tests.support import SAMPLE

PLAN = Workspace(SAMPLE).plan()
AFTER, INSIDE = date(2028, 5, 12), date(2027, 11, 6)
FIELDS = {title: field for field, title in NOTE_FIELDS.items()}
NOTHING = Allowed()
LONG = "長" * 2001


def claim(text: str, place: str = "") -> Claim:
    """Read ``sodan-2 確定 2649 注記`` or ``sodan-2 要因 周知``; R8 before it is another year."""
    year = FiscalYear(8 if text.startswith("R8 ") else 9)
    subject, title, *rest = [*text.removeprefix("R8 ").split(), "", ""]
    if title in FIELDS:
        row = ReviewNote(year, subject, {FIELDS[title]: rest[0]})
        return Claim(subject, title, row, place)
    cells = {"指標": subject, "区分": title, "実績値": rest[0].strip("-"), "備考": rest[1]}
    if title == "中間":
        cells["基準日"] = "2027-09-30"
    return Claim(subject, "実績", read_actual(PLAN, year, cells), place)


def holding(*texts: str) -> Dataset:
    rows = [claim(text).row for text in texts]
    actuals = tuple(sorted((row for row in rows if isinstance(row, Actual)), key=lambda r: r.year))
    notes = tuple(row for row in rows if isinstance(row, ReviewNote))
    return build_dataset(PLAN, Rows(actuals, notes), (), {})


def changes(
    stands: Sequence[str],
    fresh: Sequence[str],
    earlier: Sequence[Sequence[str]] = (),
    allowed: Allowed = NOTHING,
    today: date = AFTER,
) -> tuple[Change, ...]:
    """Return what importing would do; every claim has a place of its own."""
    new = [claim(text, f"新{number}") for number, text in enumerate(fresh)]
    old = [
        [claim(text, f"旧{file}-{number}") for number, text in enumerate(texts)]
        for file, texts in enumerate(earlier)
    ]
    return plan_changes(holding(*stands), new, old, allowed, today)


def told(found: Sequence[Change]) -> list[str]:
    return [f"{each.claim.place} {each.verdict}" for each in found]


def correcting(*items: str) -> Allowed:
    """Allow ``sodan-2:実績``; without an item, all of the subject."""
    named = (each.partition(":") for each in items)
    return Allowed(frozenset((subject, title) for subject, _, title in named), "精査")


@pytest.mark.parametrize(
    ("stands", "fresh", "allowed", "expected"),
    [
        ([], ["sodan-2 確定 2649", "sodan-2 要因 周知"], NOTHING, ["新0 新規", "新1 新規"]),
        (["sodan-2 確定 2649"], ["sodan-2 確定 2649"], NOTHING, ["新0 同じ"]),
        (["sodan-2 確定 2649"], ["sodan-2 確定 2650"], NOTHING, ["新0 食い違い"]),
        (["sodan-2 確定 2649", "sodan-2 要因 一"], ["sodan-2 確定 2650", "sodan-2 要因 二"],
         correcting("sodan-2"), ["新0 訂正", "新1 訂正"]),
        (["sodan-2 確定 2649", "sodan-2 要因 一"], ["sodan-2 確定 2650", "sodan-2 要因 二"],
         correcting("sodan-2:要因"), ["新0 食い違い", "新1 訂正"]),
        (["sodan-2 確定 2649"], ["sodan-2 見込 2700"], NOTHING, ["新0 取込不可"]),
        ([], ["sodan-2 確定 26490"], NOTHING, ["新0 要確認"]),
        ([], ["sodan-2 確定 26490"], Allowed(suspicious=frozenset({"sodan-2"})), ["新0 新規"]),
        ([], ["sodan-2 確定 26490"], Allowed(suspicious=frozenset({"sodan-4"})), ["新0 要確認"]),
        ([], [f"sodan-2 要因 {LONG}"], NOTHING, ["新0 要確認"]),
        ([], [f"sodan-2 確定 2649 {LONG}"], NOTHING, ["新0 要確認"]),
    ],
)  # fmt: skip
def test_a_claim_beside_what_stands(
    stands: list[str], fresh: list[str], allowed: Allowed, expected: list[str]
) -> None:
    assert told(changes(stands, fresh, (), allowed)) == expected


@pytest.mark.parametrize(
    ("fresh", "expected"),
    [
        (["sodan-2 確定 2649", "sodan-2 確定 2649"], ["新0 新規"]),
        (["sodan-2 確定 2649", "sodan-2 確定 2650"], ["新0 食い違い", "新1 食い違い"]),
        (["sodan-2 要因 一", "sodan-2 要因 一"], ["新0 新規"]),
        (["sodan-2 要因 一", "sodan-2 要因 二"], ["新0 食い違い", "新1 食い違い"]),
        (["sodan-2 要因 一", "sodan-2 課題 二"], ["新0 新規", "新1 新規"]),
        # A closing figure shuts out what comes after it, so it is taken last.
        (["sodan-2 確定 2649", "sodan-2 見込 2700", "sodan-2 中間 1298"],
         ["新2 新規", "新1 新規", "新0 新規"]),
        # Figures before texts, an earlier year before a later one, which is compared with it.
        (["sodan-2 要因 一", "sodan-2 確定 26000", "R8 sodan-2 確定 2600"],
         ["新2 新規", "新1 要確認", "新0 新規"]),
    ],
)  # fmt: skip
def test_claims_beside_one_another(fresh: list[str], expected: list[str]) -> None:
    assert told(changes([], fresh)) == expected


def test_what_one_file_adds_to_the_figure_of_another_is_kept() -> None:
    (change,) = changes([], ["sodan-2 確定 2649", "sodan-2 確定 2649 注記"])
    assert isinstance(change.row, Actual)
    assert (change.row.value, change.row.remark) == (Decimal(2649), "注記")


def test_files_that_disagree_point_at_one_another() -> None:
    one, other = changes([], ["sodan-2 確定 2649", "sodan-2 確定 2650"])
    assert one.reason == "新1 では「2,650件（確定）」です。"
    assert other.reason == "新0 では「2,649件（確定）」です。"


@pytest.mark.parametrize(
    ("stands", "fresh", "allowed", "expected"),
    [
        ([], ["評価 B"], NOTHING, ["新0 取込不可"]),
        ([], ["評価 B", "評価理由 差"], NOTHING, ["新0 新規", "新1 新規"]),
        ([], ["評価 B", "評価理由 差", "評価理由 別"], NOTHING,
         ["新0 取込不可", "新1 食い違い", "新2 食い違い"]),
        (["評価理由 差", "評価 B"], ["評価 C", "評価理由 別"], correcting("sodan-2:評価"),
         ["新0 取込不可", "新1 食い違い"]),
        (["評価理由 差", "評価 B"], ["評価 C", "評価理由 差"], correcting("sodan-2:評価"),
         ["新0 取込不可", "新1 同じ"]),
        (["評価理由 差", "評価 B"], ["評価 C", "評価理由 別"], correcting("sodan-2"),
         ["新0 訂正", "新1 訂正"]),
    ],
)  # fmt: skip
def test_an_evaluation_goes_with_its_reason(
    stands: list[str], fresh: list[str], allowed: Allowed, expected: list[str]
) -> None:
    held, said = ([f"sodan-2 {text}" for text in texts] for texts in (stands, fresh))
    assert told(changes(held, said, (), allowed)) == expected


@pytest.mark.parametrize(
    ("stands", "fresh", "earlier", "allowed", "expected"),
    [
        # What followed since a file was taken stays, unless the person names it.
        (["2660"], [], [["2649"]], NOTHING, ["旧0-0 取込済"]),
        (["2660"], [], [["2649"], ["2660"]], NOTHING, ["旧0-0 取込済", "旧1-0 同じ"]),
        (["2660"], [], [["2649"]], correcting("sodan-2"), ["旧0-0 訂正"]),
        (["2660"], [], [["2649"], ["2655"]], correcting("sodan-2:実績"), ["旧1-0 訂正"]),
        # The new file alone speaks of what it names.
        (["2649"], ["2660"], [["2649"]], correcting("sodan-2"), ["新0 訂正"]),
        # It is corrected already: the same command again changes nothing.
        (["2660"], [], [["2649"], ["2660"]], correcting("sodan-2"),
         ["旧0-0 取込済", "旧1-0 同じ"]),
    ],
)  # fmt: skip
def test_files_that_were_taken_before(
    stands: list[str],
    fresh: list[str],
    earlier: list[list[str]],
    allowed: Allowed,
    expected: list[str],
) -> None:
    held, said = ([f"sodan-2 確定 {value}" for value in values] for values in (stands, fresh))
    old = [[f"sodan-2 確定 {value}" for value in values] for values in earlier]
    assert told(changes(held, said, old, allowed)) == expected


def test_an_old_file_speaks_of_what_a_new_one_does_not() -> None:
    held, new, old = ["sodan-4 確定 37"], ["sodan-4 課題 様式"], [["sodan-4 確定 38"]]
    found = changes(held, new, old, correcting("sodan-4:実績"))
    assert told(found) == ["旧0-0 訂正", "新0 新規"]
    assert told(changes(held, new, old, correcting("sodan-4"))) == ["新0 新規", "旧0-0 取込済"]


def test_a_figure_before_the_years_end_is_taken_on_purpose() -> None:
    (change,) = changes([], ["sodan-2 確定 2649"], today=INSIDE)
    assert (change.verdict, "--before-year-end" in change.hint) == ("取込不可", True)
    allowed = Allowed(before_year_end=True)
    assert told(changes([], ["sodan-2 確定 2649"], (), allowed, INSIDE)) == ["新0 新規"]


@pytest.mark.parametrize(
    ("stands", "fresh", "hint"),
    [
        ("sodan-2 確定 2649", "sodan-2 確定 2650", "--correct sodan-2:実績 --reason 理由"),
        ("sodan-2 要因 一", "sodan-2 要因 二", "--correct sodan-2:要因 --reason 理由"),
        ("sodan-2 確定 2649", "sodan-2 見込 2700", "要らなければ消してください。"),
        ("sodan-4 確定 37", "sodan-2 確定 26490", "--accept-suspicious sodan-2 を付けて"),
        ("sodan-4 確定 37", "sodan-2 評価 B", "評価理由も入力するか、評価も消してください。"),
    ],
)
def test_what_stops_a_claim_says_how_to_go_on(stands: str, fresh: str, hint: str) -> None:
    (change,) = changes([stands], [fresh])
    assert hint in change.hint
    assert change.reason
