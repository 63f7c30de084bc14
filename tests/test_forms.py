"""Forms go out, are filled in by LibreOffice, come back, and the logs hold what was filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.collecting import (
    IN_AUTUMN,
    LATER,
    Typed,
    figures,
    fill_in,
    interim_figures,
    logged,
    needs_officer,
    on_sheets,
    open_year,
    opinions,
    recorded_as,
    send,
    take,
    texts,
)
from tests.filled_forms import Paper, as_csv, csv_text
from tests.support import sample_workspace, show_json, tree

NEVER_FILLED = {"記録日時", "年度", "指標", "対象", "入力者", "指標名", "対象名"}


@dataclass
class Round:
    """A workspace, the forms that went out of it, and what is typed into them."""

    workspace: Path
    forms: list[Path]
    figures: Typed
    texts: Typed
    day: str

    def jobs(self, folder: Path) -> list[Mapping[str, Any]]:
        return [
            {
                "source": str(form),
                "target": str(folder / form.name),
                "cells": on_sheets(Paper.open(form), self.figures, self.texts),
            }
            for form in self.forms
        ]


def indicators(workspace: Path) -> list[str]:
    return [each["id"] for each in show_json(workspace, "list")["indicators"]]


def subjects(workspace: Path) -> list[str]:
    listed = show_json(workspace, "list")
    inner = [each["id"] for part in listed["programmes"] for each in part["initiatives"]]
    return [*(part["id"] for part in listed["programmes"]), *indicators(workspace), *inner]


def closing(folder: Path, *options: str) -> Round:
    workspace = open_year(folder, "R9", "R10")
    forms = send(workspace, "R9", LATER, *options)
    told = texts(indicators(workspace))
    return Round(workspace, forms, figures(workspace, "R9"), told, LATER)


def interim(folder: Path) -> Round:
    workspace = open_year(folder, "R10")
    forms = send(workspace, "R10", IN_AUTUMN, "--interim")
    return Round(workspace, forms, interim_figures(workspace), {}, IN_AUTUMN)


def everything(folder: Path) -> Round:
    workspace = open_year(folder, "R9", "R10")
    forms = send(workspace, "R9", LATER, "--all")
    told = texts(subjects(workspace))
    judged = opinions(subjects(workspace))
    both = {subject: {**told[subject], **judged[subject]} for subject in told}
    return Round(workspace, forms, figures(workspace, "R9"), both, LATER)


def untouched(folder: Path) -> Round:
    """The 取りまとめ票 with all that stands, opened and saved again."""
    workspace = sample_workspace(folder)
    return Round(workspace, send(workspace, "R9", "2028-11-10", "--all"), {}, {}, "2028-11-10")


def locked_cells(form: Path) -> dict[str, list[str]]:
    """Return addresses that an officer has no business with: head, prefilled, no rate's parts."""
    paper = Paper.open(form)
    figures_, texts_ = "実績", "取組の記述"
    return {
        figures_: [
            "A1",
            "B2",
            paper.address(figures_, "sodan-2", "R9目標"),
            paper.address(figures_, "sodan-2", "分子"),
        ],
        texts_: [paper.address(texts_, "sodan-2", "前年度の改善策")],
    }


@dataclass
class Session:
    """What came out of LibreOffice: each round with the folder of its answers."""

    rounds: dict[str, tuple[Round, Path]]
    locked: dict[str, list[str]]
    refused: list[list[str]]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Fill in all forms in one session of LibreOffice."""
    made = {}
    jobs: list[Mapping[str, Any]] = []
    for make in (closing, interim, everything, untouched):
        folder = tmp_path_factory.mktemp(make.__name__)
        answers = folder / "返信"
        answers.mkdir()
        made[make.__name__] = (make(folder / "workspace"), answers)
        jobs += made[make.__name__][0].jobs(answers)
    office = tmp_path_factory.mktemp("office")
    form = next(path for path in made["closing"][0].forms if path.stem.endswith("総合福祉課"))
    locked = locked_cells(form)
    cells = {sheet: dict.fromkeys(addresses, "x") for sheet, addresses in locked.items()}
    jobs.append({"source": str(form), "target": str(office / "locked.xlsx"), "cells": cells})
    return Session(made, locked, fill_in(office, jobs))


def by_indicator(workspace: Path, log: str) -> dict[str, dict[str, str]]:
    rows = logged(workspace, log)
    assert len({row["指標"] for row in rows}) == len(rows)
    return {
        row["指標"]: {title: text for title, text in row.items() if title not in NEVER_FILLED}
        for row in rows
    }


def by_subject(workspace: Path, log: str) -> dict[str, dict[str, str]]:
    return {
        row["対象"]: {title: text for title, text in row.items() if title not in NEVER_FILLED}
        for row in logged(workspace, log)
    }


def check_nothing_new(workspace: Path, answers: Path, day: str) -> None:
    before = tree(workspace)
    ran = take(workspace, answers, day=day)
    assert (ran.code, "何も書き込みませんでした" in ran.err) == (0, True), ran
    assert tree(workspace) == before


@needs_officer
def test_the_answers_of_all_reporters_are_taken(session: Session) -> None:
    made, answers = session.rounds["closing"]
    assert len(made.forms) == 4
    ran = take(made.workspace, answers, day=made.day)
    assert (ran.code, "取込不可" in ran.out) == (0, False), ran
    assert by_indicator(made.workspace, "actuals/R9.csv") == recorded_as(made.figures)
    assert by_subject(made.workspace, "reviews/R9.csv") == made.texts
    received = logged(made.workspace, "imports.csv")
    assert sorted(row["ファイル名"] for row in received) == sorted(p.name for p in made.forms)
    check_nothing_new(made.workspace, answers, made.day)


@needs_officer
def test_the_answers_at_half_year_are_taken(session: Session) -> None:
    made, answers = session.rounds["interim"]
    ran = take(made.workspace, answers, day=made.day)
    assert ran.code == 0, ran.err
    expected = []
    for subject, typed in made.figures.items():
        remark = {"備考": typed["備考"]} if "備考" in typed else {}
        if "9月末実績" in typed:
            day = {"区分": "中間", "基準日": "2028-09-30"}
            expected.append((subject, float(typed["9月末実績"]), day | remark))
        expected.append((subject, float(typed["年度末見込"]), {"区分": "見込"} | remark))
    found = [
        (
            row["指標"],
            float(row["実績値"]),
            {title: row[title] for title in ("区分", "基準日", "備考") if title in row},
        )
        for row in logged(made.workspace, "actuals/R10.csv")
    ]
    assert sorted(found, key=str) == sorted(expected, key=str)
    check_nothing_new(made.workspace, answers, made.day)


@needs_officer
def test_the_planners_own_form_is_taken(session: Session) -> None:
    made, answers = session.rounds["everything"]
    ran = take(made.workspace, answers, day=made.day)
    assert ran.code == 0, ran.err
    assert by_indicator(made.workspace, "actuals/R9.csv") == recorded_as(made.figures)
    assert by_subject(made.workspace, "reviews/R9.csv") == made.texts
    check_nothing_new(made.workspace, answers, made.day)


@needs_officer
def test_what_stands_comes_back_the_same(session: Session) -> None:
    made, answers = session.rounds["untouched"]
    before = tree(made.workspace)
    ran = take(made.workspace, answers, day=made.day)
    assert (ran.code, "〔取り込みの内容（同じ " in ran.out) == (0, True), ran
    after = tree(made.workspace)
    assert after.pop("data/imports.csv")
    assert after == before
    check_nothing_new(made.workspace, answers, made.day)


@needs_officer
def test_only_the_open_cells_can_be_typed_into(session: Session) -> None:
    expected = [[sheet, each] for sheet, cells in session.locked.items() for each in cells]
    assert [[Path(target).name, *cell] for target, *cell in session.refused] == [
        ["locked.xlsx", *cell] for cell in expected
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp932"])
@pytest.mark.parametrize("make", [closing, everything], ids=["closing", "all"])
def test_forms_go_out_and_come_back_as_csv(make: Any, encoding: str, tmp_path: Path) -> None:
    made = make(tmp_path / "workspace")
    options = ["--all"] if make is everything else []
    for path in send(made.workspace, "R9", LATER, "--format", "csv", *options):
        paper = as_csv(path)
        (rows,) = paper.sheets.values()
        for values in (made.figures, made.texts):
            for subject in paper.subjects("実績"):
                for title, value in values.get(subject, {}).items():
                    paper.put(subject, title, value)
        text = csv_text(rows).replace("—", "―")  # as Excel writes it in CP932
        (tmp_path / "返信").mkdir(exist_ok=True)
        (tmp_path / "返信" / path.name).write_bytes(text.encode(encoding))
    ran = take(made.workspace, tmp_path / "返信")
    assert ran.code == 0, ran.err
    assert by_indicator(made.workspace, "actuals/R9.csv") == recorded_as(made.figures)
    assert by_subject(made.workspace, "reviews/R9.csv") == made.texts
    check_nothing_new(made.workspace, tmp_path / "返信", LATER)
