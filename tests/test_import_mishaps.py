"""Five hundred forms spoiled at random: each is taken as a person reads it, or named by its cell.

``JUSOU_MISHAPS=5000`` spoils so many.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from datetime import date
from pathlib import Path
from random import Random

import pytest

from jusou.entry.decide import Verdict
from jusou.errors import Severity
from jusou.forms.importing.changes import Allowed
from jusou.forms.importing.outlook import Outlook, Request, look
from jusou.forms.layout import FIGURE_TITLES
from jusou.logs.dataset import Dataset
from jusou.logs.schema import Actual, Stamp
from jusou.storage.inbox import read_books
from jusou.workspace import Workspace
from tests.collecting import send
from tests.filled_forms import Paper
from tests.mishaps import HARMLESS, Entry, heading_of, letters, read_by_a_person, spoil
from tests.support import record, small_workspace

DAY = "2028-06-01"
FORMS = int(os.environ.get("JUSOU_MISHAPS", "500"))
SLICES = 5
INDICATORS = (
    "id: a, reporter: 甲課",
    "id: b, reporter: 甲課",
    "id: c, reporter: 甲課",
    "id: r, reporter: 甲課, unit: ％, decimals: 1, measure: rate, "
    "targets: {R8: 90, R9: 90, R10: 90}",
)
NAMES = {
    spelling: subject
    for number, subject in enumerate("abcr", 1)
    for spelling in (subject, f"(1){number}", f"指標{number}")
}


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> tuple[Dataset, Paper]:
    """Return a workspace's data, and the form of 甲課 as it went out."""
    workspace = small_workspace(tmp_path_factory.mktemp("workspace"), *INDICATORS)
    record(workspace, "R8 a 100", "R8 b 100", "R8 c 100", "R8 r 90")
    (form,) = send(workspace, "R9", DAY)
    return Workspace(workspace).load(), Paper.open(form)


def filled_in(form: Paper, random: Random) -> Paper:
    """Return a form with most of its figures and some of its texts."""
    paper = Paper({name: [list(row) for row in rows] for name, rows in form.sheets.items()})
    for subject in "abc":
        if random.random() < 0.8:
            paper.put(subject, "実績値", random.randrange(90, 110))
            paper.put(subject, "備考", random.choice(["", "", f"備考{subject}"]))
    if random.random() < 0.8:
        paper.put("r", "分子", random.randrange(900, 960))
        paper.put("r", "分母", 1000)
    for subject in "abcr":
        for title in ("実施状況", "要因"):
            if random.random() < 0.4:
                paper.put(subject, title, f"{title}を{subject}に書いた")
    return paper


def outlook(dataset: Dataset, paper: Paper, path: Path) -> Outlook:
    books, unread = read_books([paper.save(path)])
    assert not unread
    today = date.fromisoformat(DAY)
    stamp = Stamp("", "")
    return look(dataset, Request(books, unread, None, Allowed(), True, today, stamp))


def taken_cells(said: Outlook) -> dict[tuple[str, str], str]:
    """Return what an import would write, as it would have been typed."""
    cells: dict[tuple[str, str], str] = {}
    for change in said.changes:
        row, subject = change.row, change.claim.subject
        if change.verdict not in (Verdict.NEW, Verdict.CORRECTED):
            assert change.verdict is not Verdict.SAME
            continue
        if isinstance(row, Actual):
            typed = {"分子": row.numerator, "分母": row.denominator, "備考": row.remark}
            if row.numerator is None:
                typed["実績値"] = row.value
            found = {title: f"{value}" for title, value in typed.items() if value not in (None, "")}
            cells |= {(subject, title): text for title, text in found.items()}
        else:
            cells[subject, change.claim.title] = change.after
    return cells


def is_named(entry: Entry, said: Outlook, paper: Paper) -> bool:
    """Tell whether a cell is told of: by its address, its row, or what keeps its table unread."""
    row = re.compile(rf"{re.escape(entry.sheet)}![A-Z]+{entry.row + 1}(?![0-9])")
    if any(row.search(f"{each.path} {each.message}") for each in said.problems):
        return True
    errors = [each for each in said.problems if each.severity is Severity.ERROR]
    if not said.changes:
        return bool(errors)
    heading = heading_of(paper.sheets[entry.sheet])
    of_table = re.compile(rf" {re.escape(entry.sheet)}![A-Z]+([0-9]+)$")
    places = [match for each in errors if (match := of_table.search(each.path))]
    is_unread = not any(f" {entry.sheet}!" in each.claim.place for each in said.changes)
    merges = {top + 1 for name, top, *_ in paper.merges if name == entry.sheet}
    merges |= {bottom + 1 for name, _, _, bottom, _ in paper.merges if name == entry.sheet}
    whole = {(heading or 0) + 1, *merges}
    return is_unread and any(int(match[1]) in whole for match in places)


def check(dataset: Dataset, paper: Paper, path: Path) -> Outlook:
    """Compare what an import says of a form with what a person reads of it."""
    said = outlook(dataset, paper, path)
    taken = taken_cells(said)
    entries = [*read_by_a_person(paper, NAMES)]
    read: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entry in entries:
        if entry.is_plain:
            read[entry.subject, entry.title].add(entry.text)
    for key, text in taken.items():
        assert text in read[key], (key, text, read[key])
    for subject in {subject for subject, title in taken if title in FIGURE_TITLES}:
        whole = {title for owner, title in read if owner == subject and title in FIGURE_TITLES}
        whole = {title for title in whole if read[subject, title]}
        assert whole == {title for owner, title in taken if owner == subject} & {*FIGURE_TITLES}
    for entry in entries:
        is_taken = taken.get((entry.subject, entry.title)) == entry.text
        if not is_taken or entry.is_struck:
            same = (each for each in entries if each.says == entry.says)
            assert any(is_named(each, said, paper) for each in same), entry
    messages = [f"{each.path} {each.message}" for each in said.problems]
    if said.changes:
        for sheet, row, column, text in paper.notes:
            place = f" {sheet}!{letters(column)}{row + 1} "
            assert any(place in each and text in each for each in messages)
        for sheet, *_, text in paper.boxes:  # beside a hidden column a box begins elsewhere
            assert any(f" {sheet}!" in each and text in each for each in messages)
    return said


@pytest.mark.slow
@pytest.mark.parametrize("part", range(SLICES))
def test_a_spoiled_form_is_never_silently_different(
    part: int, sent: tuple[Dataset, Paper], tmp_path: Path
) -> None:
    taken = 0
    for seed in range(part, FORMS, SLICES):
        random = Random(seed)
        paper = filled_in(sent[1], random)
        happened = spoil(paper, random)
        try:
            said = check(sent[0], paper, tmp_path / "返信.xlsx")
        except BaseException as error:
            error.add_note(f"seed {seed}: {', '.join(happened)}")
            raise
        taken += any(change.verdict.is_written for change in said.changes)
    assert taken > FORMS / SLICES / 3  # it does not simply refuse


@pytest.mark.parametrize("mishap", HARMLESS)
def test_what_is_harmless_keeps_nothing_back(
    mishap: object, sent: tuple[Dataset, Paper], tmp_path: Path
) -> None:
    assert callable(mishap)
    for seed in range(10):
        random = Random(seed)
        paper = filled_in(sent[1], random)
        mishap(paper, random)
        said = check(sent[0], paper, tmp_path / "返信.xlsx")
        entries = [*read_by_a_person(paper, NAMES)]
        assert taken_cells(said) == {(each.subject, each.title): each.text for each in entries}
