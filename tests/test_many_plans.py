"""Many plans in one table: what ``export FOLDER…`` writes, what docs/many-plans.md asks of it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.documents import blocks, spans, table
from tests.support import REPOSITORY, call, record, show_json, small_workspace, tree

DOCUMENT = REPOSITORY / "docs" / "many-plans.md"
DAY = "2027-05-12"


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the table of the document; return its folder."""
    folder = tmp_path_factory.mktemp("many")
    for source in sorted((REPOSITORY / "tests" / "cities").glob("*.csv")):
        ran = call(folder, "init", f"plans/{source.stem}", "--from", str(source), "--date", DAY)
        assert ran.code == 0, ran.err
    ran = call(folder, "export", "plans", "--output", ".", "--date", DAY)
    assert ran.code == 0, ran.err
    return folder


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "plans.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_questions_of_the_document_have_the_answers_it_shows(
    plans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    duckdb = pytest.importorskip("duckdb")
    monkeypatch.chdir(plans)
    (opening,) = blocks(DOCUMENT, "python")
    names: dict[str, object] = {}
    exec(opening.text, names)
    query = names["query"]
    assert isinstance(query, duckdb.DuckDBPyConnection)
    questions, answers = blocks(DOCUMENT, "sql"), blocks(DOCUMENT, "csv")
    assert len(questions) == len(answers) > 2
    for question, answer in zip(questions, answers, strict=True):
        found = query.execute(question.text)
        heads = [each[0] for each in found.description]
        cells = [[str(each) for each in row] for row in found.fetchall()]
        assert list(csv.reader(io.StringIO(answer.text))) == [heads, *cells]


def test_the_table_says_of_each_plan_what_its_own_export_says(plans: Path) -> None:
    everything = rows(plans)
    for source in {each["source"] for each in everything}:
        own = show_json(plans / source, "export", "--date", DAY)["rows"]
        many = [each for each in everything if each["source"] == source]
        assert len(many) == len(own)
        for found, line in zip(many, own, strict=True):
            for key, value in line.items():
                if isinstance(value, bool):
                    assert found[key] == str(value).lower()
                elif isinstance(value, float | int):
                    assert float(found[key]) == value
                else:
                    assert found[key] == (value or "")


def test_the_columns_are_documented(plans: Path) -> None:
    described = [spans(row[0])[0] for row in table(DOCUMENT.read_text(encoding="utf-8"))]
    own = show_json(plans / "plans" / "osaka", "export", "--date", DAY)["rows"][0]
    assert {*rows(plans)[0]} - {*own} == {*described}


def test_codes_stand_beside_their_words_and_only_what_is_rated_is_met(tmp_path: Path) -> None:
    """A figure of 確定 and 速報 is met or not; a forecast is neither."""
    indicators = ("id: a", "id: b, measure: stock", "id: c", "id: d, kind: outcome")
    workspace = small_workspace(tmp_path / "ws", *indicators)
    record(workspace, "R8 a 100", "R8 b 50 速報", "R8 c 120 見込", "R8 d - 測定不能")
    assert call(tmp_path, "export", "ws", "--date", DAY).code == 0
    found = {each["indicator"]: each for each in rows(tmp_path / "export") if each["year"] == "R8"}
    assert [found[each]["met"] for each in "abcd"] == ["true", "false", "", ""]
    assert (found["b"]["measure"], found["b"]["measure_name"]) == ("stock", "年度末時点")
    assert (found["d"]["kind"], found["d"]["kind_name"]) == ("outcome", "成果指標")


def test_plans_that_cannot_be_read_are_all_named_and_nothing_is_written(tmp_path: Path) -> None:
    for name in ("good", "bad", "worse"):
        small_workspace(tmp_path / "ws" / name, "id: a")
    record(tmp_path / "ws" / "bad", "R8 a 約5")
    (tmp_path / "ws" / "worse" / "data" / "targets.yaml").write_text("plan: {}", encoding="utf-8")
    before = tree(tmp_path)
    ran = call(tmp_path, "export", "ws")
    assert ran.code == 1
    assert "ws/bad/data/actuals/R8.csv:2" in ran.err
    assert "ws/worse/data/targets.yaml" in ran.err
    assert tree(tmp_path) == before
    (tmp_path / "none").mkdir()
    assert "作業フォルダーがありません" in call(tmp_path, "export", "none").err
    assert call(tmp_path, "export", "ws/good", "--format", "json").code == 2
