"""What the documents say is what the program does."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jusou.entry.decide import Verdict
from jusou.forms.layout import input_columns
from jusou.logs.schema import (
    ACTUALS,
    IMPORTS,
    NOTES,
    REVISIONS,
    Basis,
    FormKind,
)
from jusou.plan.model import Direction, Grade, Indicator, Measure
from jusou.plan.shape import plan_schema
from jusou.report import words
from jusou.review.attainment import attainment, progress, rating, shown
from jusou.review.flags import Flag
from jusou.values.fiscal_year import FiscalYear
from tests.documents import (
    DOCUMENTS,
    FORMATS,
    FORMULAS,
    README,
    Block,
    blocks,
    prose,
    section,
    spans,
    table,
)
from tests.support import (
    ACTUALS_HEADER,
    REPOSITORY,
    REVISIONS_HEADER,
    SAMPLE_DAY,
    Ran,
    call,
    real_workspace,
    sample_workspace,
    small_workspace,
    write_log,
)

ELISION = "…"


def clone(folder: Path) -> Path:
    """Make what a command finds in a clone: the city's plan without actuals, and the sample."""
    real_workspace(folder)
    sample_workspace(folder / "sample")
    return folder


def run_line(folder: Path, line: str, day: str = SAMPLE_DAY) -> Ran:
    """Run a command line as it stands in a document."""
    program, *arguments = shlex.split(line)
    assert program == "jusou", line
    return call(folder, *arguments, env={"JUSOU_DATE": day})


CONSOLE = [block for path in DOCUMENTS for block in blocks(path, "console")]


def matches(expected: str, found: str) -> bool:
    """Tell whether an output is the one printed; a line 「…」 stands for any lines."""
    lines = (
        "(?:.*\n)*" if line == ELISION else re.escape(f"{line}\n") for line in expected.splitlines()
    )
    return re.fullmatch("".join(lines), found) is not None


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(block, marks=pytest.mark.slow if " report " in block.text else ())
        for block in CONSOLE
    ],
    ids=lambda block: f"{block.path.stem}",
)
def test_an_example_prints_what_the_document_shows(block: Block, tmp_path: Path) -> None:
    folder = clone(tmp_path)
    day = block.info.removeprefix("date=") or SAMPLE_DAY
    head, *examples = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    assert (head, bool(examples)) == ("", True)
    for example in examples:
        line, _, expected = example.partition("\n")
        ran = run_line(folder, line, day)
        found = ran.out or ran.err
        assert matches(expected, found), f"$ {line}\n{found}"


def commands() -> dict[str, str]:
    """Return the help of each command, by name."""
    listing = call(REPOSITORY, "--help").out.split("\nコマンド:\n")[1].split("\n\n")[0]
    names = re.findall(r"^  (\w+)", listing, re.MULTILINE)
    return {name: call(REPOSITORY, name, "--help").out for name in names}


def test_every_command_line_uses_options_that_exist() -> None:
    helps = commands()
    general = call(REPOSITORY, "--help").out
    for path in DOCUMENTS:
        lines = [span for span in spans(prose(path)) if span.startswith("jusou ")]
        for line in lines:
            names = [word for word in shlex.split(line)[1:] if word in helps]
            text = general + "".join(helps[name] for name in names[:1])
            options = re.findall(r"(?<!\S)--?[a-z][a-z-]*", line)
            assert all(re.search(rf"{option}\b", text) for option in options), (path.name, line)
            assert names or options, (path.name, line)


def test_readme_lists_the_commands_that_exist() -> None:
    listed = [spans(row[0])[0].split()[1] for row in table(section(README, "## コマンド"))]
    assert listed == list(commands())


def test_the_entries_of_the_readme_are_taken(tmp_path: Path) -> None:
    folder = clone(tmp_path)
    lines = [spans(row[1])[0] for row in table(section(README, "### コマンドで入力する"))]
    for line in lines:
        ran = run_line(folder, line, "2027-05-12")
        assert (ran.code, ran.out.startswith("記録しました")) == (0, True), (line, ran)
    bases = {match[1] for line in lines if (match := re.search(r"--basis (\S+)", line))}
    year_end = set(Basis) - {Basis.FINAL, Basis.FORECAST, Basis.INTERIM}
    assert bases == year_end


def test_the_session_of_the_readme_is_held(tmp_path: Path) -> None:
    """What is printed behind a question is what is typed; the rest is what the program says."""
    (block,) = blocks(README, "session")
    line, _, said = block.text.removeprefix("$ ").partition("\n")
    question = re.compile(r"(?:実績値|  備考（.*?）|  この数値でよいですか（.*?）): (.*)")
    typed = [match[1] for each in said.splitlines() if (match := question.fullmatch(each))]
    day = {"JUSOU_DATE": block.info.removeprefix("date=")}
    stdin = "".join(f"{answer}\n" for answer in typed)
    ran = call(clone(tmp_path), *shlex.split(line)[1:], env=day, stdin=stdin)
    assert (ran.code, ran.out) == (0, said)


def test_the_texts_of_the_readme_are_taken(tmp_path: Path) -> None:
    folder = clone(tmp_path)
    lines = [spans(row[1])[0] for row in table(section(README, "## 評価表の文章"))]
    lines += [
        each
        for row in table(section(README, "## 10月: 上半期進捗状況"))
        for each in spans(row[1])
        if each.startswith("jusou note ")
    ]
    for line in lines:
        ran = run_line(folder, line.replace(" --edit", ""))
        assert ran.code == 0, (line, ran)
        assert ran.out.startswith(("記録しました", "〔R8 (1)②")), (line, ran)


def test_set_up_and_tests_are_one_line_each() -> None:
    set_up, tests = (block.text.splitlines() for block in blocks(README, "sh"))
    assert len(set_up) == len(tests) == 1
    assert set_up[0].startswith("python3 -m venv .venv && .venv/bin/python -m pip install . && ")
    assert set_up[0].endswith("jusou --workspace sample report R9 --date 2028-11-10")
    assert tests[0].startswith('.venv/bin/python -m pip install ".[dev]" && ')
    assert tests[0].endswith("pytest")


def test_powershell_gets_the_same_lines() -> None:
    translated = {"python3": "py", ".venv/bin/": ".venv\\Scripts\\", " && ": "; "}
    expected = []
    for block in blocks(README, "sh"):
        text = block.text
        for unix, windows in translated.items():
            text = text.replace(unix, windows)
        expected.append(text)
    assert [block.text for block in blocks(README, "powershell")[:2]] == expected
    assert all("&&" not in block.text for block in blocks(README, "powershell"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_links_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", prose(path))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (path.parent / target).exists()] == []


def test_the_example_of_a_plan_loads(tmp_path: Path) -> None:
    (example,) = blocks(FORMATS, "yaml")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "targets.yaml").write_text(example.text, encoding="utf-8")
    assert call(tmp_path, "check").out == "問題はありません。\n"
    assert call(tmp_path, "report", "R8").code == 0


@pytest.mark.parametrize("path", [README, FORMATS], ids=["readme", "formats"])
def test_the_examples_of_logs_load(path: Path, tmp_path: Path) -> None:
    folder = real_workspace(tmp_path)
    written = []
    for block in (each for each in blocks(path, "csv") if each.info.startswith("data/")):
        log = folder / block.info
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(block.text, encoding="utf-8")
        written.append(block.info)
    ran = call(folder, "check", "--date", SAMPLE_DAY, "--format", "json")
    problems = json.loads(ran.out)["problems"]
    assert written
    assert [each for each in problems if each["path"] in written and each["line"]] == []


def test_the_example_of_a_table_is_taken(tmp_path: Path) -> None:
    folder = real_workspace(tmp_path)
    (block,) = (each for each in blocks(FORMATS, "csv") if not each.info.startswith("data/"))
    (folder / block.info).write_text(block.text, encoding="utf-8")
    ran = run_line(folder, f"jusou import {block.info} --year R8")
    assert (ran.code, "取り込みました: 実績 3件、記述 0件。" in ran.err) == (0, True), ran


def test_what_is_filled_in_on_a_form_is_described() -> None:
    text = section(FORMATS, "## 照会票").partition("書き込む前に")[0]
    described: dict[str, dict[str, tuple[str, ...]]] = {}
    current = ""
    for kind, sheet, titles in table(text):
        current = kind or current
        described.setdefault(current, {})[sheet] = tuple(titles.split("、"))
    assert described == {
        kind: {
            sheet: tuple(column.title for column in columns)
            for sheet, columns in input_columns(kind, FiscalYear(9)).items()
        }
        for kind in FormKind
    }


def test_every_outcome_of_an_import_is_described() -> None:
    text = section(FORMATS, "## 照会票").partition("書き込む前に")[2]
    assert [row[0] for row in table(text)] == list(Verdict)


def test_every_field_of_a_plan_is_described() -> None:
    schema = plan_schema()
    parts = {"### 全体": schema, "### `plan`": schema["$defs"]["PlanInfo"]} | {
        f"### `{heading}`": schema["$defs"][name]
        for heading, name in {
            "rating": "Rating",
            "rating.scale[]": "Grade",
            "review_trigger": "ReviewTrigger",
            "programmes[]": "Programme",
            "programmes[].initiatives[]": "Initiative",
            "programmes[].indicators[]": "Indicator",
        }.items()
    }
    for heading, part in parts.items():
        rows = table(section(FORMATS, heading))
        described = {spans(name)[0]: bool(required) for name, required, _ in rows}
        assert described == {name: name in part["required"] for name in part["properties"]}


@pytest.mark.parametrize(
    ("heading", "columns"),
    [
        ("## 実績: actuals/R9.csv", ACTUALS.columns),
        ("## 評価表の文章: reviews/R9.csv", NOTES.columns),
        ("## 取り込みの記録: imports.csv", IMPORTS.columns),
        ("## 計画の変更: revisions.csv", REVISIONS.columns),
    ],
)
def test_every_column_of_a_log_is_described(heading: str, columns: tuple[str, ...]) -> None:
    assert [row[0] for row in table(section(FORMATS, heading))] == list(columns)


def leaves(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from leaves(each, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for each in value:
            yield from leaves(each, f"{path}[]")
    else:
        yield path


def keys_of(outputs: Iterable[Any]) -> set[str]:
    """Return the paths of all values; what is an object in one output and null in another once."""
    found = {path for output in outputs for path in leaves(output)}
    inner = {path.rpartition(".")[0].removesuffix("[]") for path in found}
    return {re.sub(r"\.(R\d+|[A-D])$", ".<>", path) for path in found - inner}


@pytest.mark.parametrize(
    "commands",
    [
        ["list"],
        ["show R9", "show R8", "show R10"],
        ["status"],
        ["status R10"],
        ["history sodan-1", "history takikan-1"],
        ["check"],
        ["export"],
    ],
    ids=lambda commands: commands[0],
)
def test_every_key_of_the_json_is_described(commands: list[str], tmp_path: Path) -> None:
    folder = sample_workspace(tmp_path)
    form = "種類,中間実績照会票\n年度,R10\nid,9月末実績,年度末見込,備考\nsodan-2,,,\n"
    (folder / "返信.csv").write_text(form, encoding="utf-8")
    assert run_line(folder, "jusou import 返信.csv").code == 0
    assert run_line(folder, "jusou init 次期 --next R13-R17").code == 0
    lines = [f"jusou {each} --format json" for each in commands]
    rows = table(section(FORMATS, f"### `{lines[0]}`"))
    described = spans("".join(row[0] for row in rows))
    for subject in ("sodan", "sodan-ini-1"):  # in the sample nobody has evaluated one
        run_line(folder, f"jusou note R9 {subject} --evaluation A --evaluation-reason 理由")
    outputs = [json.loads(run_line(folder, line).out) for line in lines]
    assert {re.sub(r"<.*>", "<>", key) for key in described} == keys_of(outputs)


def test_every_key_of_the_half_year_is_described(tmp_path: Path) -> None:
    line = "jusou show R10 --interim --format json"
    found = json.loads(run_line(sample_workspace(tmp_path), line).out)
    rows = table(section(FORMATS, f"### `{line}`"))
    described = spans("".join(row[0] for row in rows))
    assert set(described) == keys_of([{"half_year": found["half_year"]}])


def test_every_key_of_the_evaluation_of_the_plan_is_described(tmp_path: Path) -> None:
    folder = sample_workspace(tmp_path)
    found = []
    for name, line in (("plan-R9", "--to R9"), ("plan-R10", "--to R10")):
        assert run_line(folder, f"jusou report --plan {line} --only json").code == 0
        found.append(json.loads((folder / "reports" / name / f"{name}.json").read_text("utf-8")))
        del found[-1]["plan"]
    rows = table(section(FORMATS, "### 計画全体の評価: plan.json"))
    assert set(spans("".join(row[0] for row in rows))) == keys_of(found)


@pytest.mark.slow
def test_every_key_of_a_trace_is_described(tmp_path: Path) -> None:
    folder = sample_workspace(tmp_path)
    (folder / "表.csv").write_text("指標,実績値\nsanka-1,9\nsanka-3,9\n", encoding="utf-8")
    for line in (
        "jusou import 表.csv --year R9 --correct sanka-1 --correct sanka-3 --reason 再集計"
        " --accept-suspicious all",
        "jusou report R9 --only pdf",
        "jusou freeze R9 --as 会議",
        "jusou add R9 sanka-3 8 --correct --reason 再集計",
    ):
        assert run_line(folder, line).code == 0, line
    heading = "### `jusou trace R9 outreach-2 --format json`"
    described = spans("".join(row[0] for row in table(section(FORMATS, heading))))
    lines = [f"jusou trace R9 {each} --format json" for each in ("sanka-1", "sanka-3", "takikan-1")]
    assert set(described) == keys_of(json.loads(run_line(folder, line).out) for line in lines)


def test_the_columns_of_the_export_are_described(tmp_path: Path) -> None:
    folder = sample_workspace(tmp_path)
    run_line(folder, "jusou export")
    exported = folder / "reports" / "export" / "indicators.csv"
    heading = exported.read_text(encoding="utf-8-sig").splitlines()[0]
    rows = table(section(FORMATS, "### `jusou export --format json`"))
    assert [row[1] for row in rows] == heading.split(",")


def test_every_flag_is_described_with_the_words_it_prints(tmp_path: Path) -> None:
    rare = small_workspace(
        tmp_path / "rare",
        "id: a, measure: rate, decimals: 1, unit: ％, targets: {R8: 92, R9: 92, R10: 92}",
        "id: b, measure: stock, baseline: 90",
    )
    change = "t,b,定義,R10,,年度末の数,理由,会議,2028-04-01,,,"
    write_log(rare / "data" / "revisions.csv", REVISIONS_HEADER, [change])
    entries = ["t,R9,a,,2299,2500,,,,,", "t,R9,b,90,,,,,,,"]
    write_log(rare / "data" / "actuals" / "R9.csv", ACTUALS_HEADER, entries)
    sample = sample_workspace(tmp_path / "sample")
    printed = ""
    for folder, year in (
        (sample, "R8"),
        (sample, "R9"),
        (sample, "R10"),
        (rare, "R9"),
        (rare, "R10"),
    ):
        run_line(folder, f"jusou report {year} --only txt")
        printed += (folder / "reports" / year / "review.txt").read_text(encoding="utf-8-sig")
    rows = table(section(FORMULAS, "## 備考"))
    assert [spans(row[0])[0] for row in rows] == list(Flag)
    assert [row[1] for row in rows if row[1] not in printed] == []


def test_the_worked_examples_are_right() -> None:
    cuts = {"A": 100, "B": 80, "C": 50, "D": 0}
    scale = [Grade(mark=mark, label=mark, at_least=Decimal(cut)) for mark, cut in cuts.items()]
    for row in table(section(FORMULAS, "### 計算の例")):
        direction, (actual, target, tolerance) = row[0].strip("`"), row[1:4]
        values = (Decimal(text.replace(",", "") or 0) for text in (actual, target, tolerance))
        value, goal, width = values
        percent = attainment(value, goal, Direction(direction), width)
        found = ("算定不能", "—")
        if percent is not None:
            found = (str(shown(percent, scale)), rating(percent, scale))
        assert found == (row[4], row[5]), row


def test_the_worked_examples_of_progress_are_right() -> None:
    for row in table(section(FORMULAS, "### R6からの進捗率")):
        direction, figures, words_said = row[0].strip("`"), row[1:8], row[8]
        baseline, target, actual, decimals, *expected = (
            Decimal(text.replace(",", "")) for text in figures
        )
        indicator = Indicator(
            "a", "①", "名", "人", int(decimals), Measure.STOCK, Direction(direction), Decimal(0),
            baseline, {}, None, None, None, None, (),
        )  # fmt: skip
        found = progress(indicator, actual, target)
        assert found is not None
        assert [found.needed, found.made, found.percent] == expected, row
        said = f"目標（{words.amount(target, indicator).text}）"
        assert words.progress_item(indicator, "R6", found, said, "").cell.text == words_said, row


def test_architecture_names_the_rooms_and_modules_that_exist() -> None:
    path, package = REPOSITORY / "docs" / "architecture.md", REPOSITORY / "jusou"
    named = re.findall(r"(?<![\w/])(?:\w+/)+\w+\.py", path.read_text(encoding="utf-8"))
    assert [each for each in named if not (package / each).exists()] == []
    rooms = {spans(row[0])[0].strip("/") for row in table(section(path, "## The rooms"))}
    assert rooms == {
        each.stem
        for each in package.iterdir()
        if not each.name.startswith("_") and each.suffix != ".typed"
    }


def test_the_examples_of_the_library_print_what_they_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(clone(tmp_path))
    path = REPOSITORY / "docs" / "library.md"
    shown = blocks(path, "text")
    names: dict[str, Any] = {}
    for code, expected in zip(blocks(path, "python"), shown, strict=True):
        exec(code.text, names)
        assert capsys.readouterr().out == expected.text
