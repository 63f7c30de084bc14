"""The plan file: exact figures, defaults, any city's plan, and the city's own to the letter."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jusou.errors import JusouError
from jusou.plan.model import Direction, Measure, Plan
from jusou.storage.plan_file import load_plan
from jusou.values.fiscal_year import FiscalYear
from tests.support import GALLERY, REPOSITORY, call, show_json, small_workspace

YEARS = ["R8", "R9", "R10", "R11", "R12"]
# Section VI as published: id, label, name, unit, R8 … R12, R6（参考）; None is 「—」.
SECTION_VI: list[tuple[Any, ...]] = [
    ("sodan-1", "①", "高齢者現況調査回収率", "％", 91.5, 92.0, 92.5, 93.0, 93.5, 91.0),
    ("sodan-2", "②", "障がい者（児）の総合窓口相談件数", "件", 2600, 2650, 2700, 2750, 2800, 2529),
    (
        "sodan-3",
        "③",
        "子ども家庭センターの要保護・要支援児童及び特定妊婦へのサポートプラン手交率",
        "％", 50, 50, 50, 50, 50, 0,
    ),
    ("sodan-4", "④", "くらし・しごと相談所の支援プラン作成件数", "件", 36, 36, 39, 39, 42, 33),
    (
        "chiiki-1",
        "①",
        "地域介護予防活動支援事業　活動支援を行った自主活動グループの累計団体数",
        "団体", 20, 21, 22, 23, 24, 18,
    ),
    (
        "chiiki-2",
        "②",
        "生活支援コーディネーター等が実施する「生活支援の担い手養成事業」講座開催回数",
        "回", 10, 10, 10, 10, 10, 13,
    ),
    (
        "chiiki-3",
        "③",
        "生活支援コーディネーター等が実施する「生活支援の担い手養成事業」参加者数",
        "人", 150, 150, 150, 150, 150, 341,
    ),
    ("chiiki-4", "④", "住民主体のサービス・活動事業 訪問型登録者数", "人", 38, 40, 42, 44, 46, 34),
    (
        "chiiki-5",
        "⑤",
        "生活支援コーディネーター業務　住民との面談・調整件数(延べ件数)",
        "件", 1510, 1520, 1530, 1540, 1550, 1537,
    ),
    ("chiiki-6", "⑥", "子育て支援センター職員対象の研修回数", "回", 1, 1, 1, 1, 1, 0),
    (
        "chiiki-7",
        "⑦",
        "生活困窮者支援等のための地域づくり事業　地域を対象とした研修会の実施件数",
        "件", 1, 1, 1, 1, 1, 1,
    ),
    ("takikan-1", "①", "重層的支援会議等開催回数", "回", 10, 10, 10, 10, 10, 1),
    ("takikan-2", "②", "支援プラン作成件数", "件", 20, 20, 20, 20, 20, 2),
    ("outreach-1", "①", "支援対象者把握件数", "件", 50, 55, 60, 65, 70, None),
    ("outreach-2", "②", "訪問活動回数", "回", 200, 230, 260, 290, 320, 5),
    ("outreach-3", "③", "支援プラン作成件数", "件", 20, 22, 24, 26, 28, 1),
    ("sanka-1", "①", "つながり支援チケット発行数", "枚", 15, 15, 15, 15, 15, 10),
    ("sanka-2", "②", "社会資源につなげた人数", "人", 5, 5, 5, 5, 5, 6),
    ("sanka-3", "③", "協力団体数", "団体", 2, 4, 6, 8, 10, 0),
]  # fmt: skip
PROGRAMMES = {
    "sodan": "包括的相談支援事業",
    "chiiki": "地域づくり事業",
    "takikan": "多機関協働事業及び支援プランの作成",
    "outreach": "アウトリーチ等を通じた継続的支援事業",
    "sanka": "参加支援事業",
}
LAWS = {
    "sodan": "1号",
    "chiiki": "3号",
    "takikan": "5号及び第6号",
    "outreach": "4号",
    "sanka": "2号",
}
NOTES = {
    "chiiki-2": "支え合い養成講座、つながりサポーター養成講座、認知症サポーター養成講座 等",
    "chiiki-4": "年度当初の届出数ではなく、年度末時点の従事者数",
    "takikan-1": "重層的支援会議、支援会議",
    "takikan-2": "1世帯でプラン2人分（2件）を想定",
    "sanka-1": "手交のみ",
    "sanka-2": "つながり支援(チケット・その他)により地域活動等に参加が確認できた人数",
}
OTHER_CITY = """\
plan: {title: 見本市地域福祉計画, municipality: 見本市, start: R7, end: R9}
rating:
  scale:
    - {mark: ◎, label: 順調, at_least: 90}
    - {mark: ○, label: 概ね順調, at_least: 70}
    - {mark: △, label: 遅れ, at_least: 0}
programmes:
  - id: mimamori
    number: 3
    name: 見守り
    indicators:
      - {id: hanzai, label: '1.1', name: 被害件数, unit: 件, measure: flow, direction: down,
         baseline: 80, targets: {R7: 70, R8: 60, R9: null}}
      - {id: shokuin, label: '1.2', name: 職員数, unit: 人, measure: stock, direction: keep,
         tolerance: 1, targets: {R7: 12, R8: 12, R9: 12}}
"""


def load(folder: Path, text: str) -> Plan:
    path = folder / "targets.yaml"
    path.write_text(text, encoding="utf-8")
    return load_plan(path.read_bytes(), "data/targets.yaml")


def figures(folder: Path, text: str, decimals: int = 6) -> tuple[Decimal | None, ...]:
    """Read one indicator whose baseline and targets are written as ``text``."""
    fields = (
        f"id: a, decimals: {decimals}, baseline: {text}, targets: {{R8: {text}, R9: 1, R10: 1}}"
    )
    workspace = small_workspace(folder, fields)
    indicator = load_plan((workspace / "data" / "targets.yaml").read_bytes(), "x").indicators["a"]
    return indicator.baseline, indicator.targets[FiscalYear(8)]


def listed(workspace: Path) -> dict[str, Any]:
    return {each["id"]: each for each in show_json(workspace, "list")["indicators"]}


@pytest.mark.parametrize("text", ["91.50", "0.1", "0", "123456789012345", "0.000001", '"92.5"'])
def test_a_figure_is_exactly_what_was_typed(tmp_path: Path, text: str) -> None:
    exact = Decimal(text.strip('"'))
    assert figures(tmp_path, text) == (exact, exact)


def test_figures_add_up_as_on_paper(tmp_path: Path) -> None:
    (tenth, _), (fifth, _) = figures(tmp_path / "a", "0.1"), figures(tmp_path / "b", "0.2")
    assert tenth is not None
    assert fifth is not None
    assert tenth + fifth == Decimal("0.3")


@pytest.mark.parametrize("text", ["null", "~", "Null", ""])
def test_no_figure_is_not_zero(tmp_path: Path, text: str) -> None:
    assert figures(tmp_path, text) == (None, None)


def test_what_may_be_left_out(tmp_path: Path) -> None:
    plan = load(tmp_path, OTHER_CITY)
    shokuin = plan.indicators["shokuin"]
    assert (plan.review_trigger, plan.courses, plan.info.sample) == (None, (), False)
    assert (plan.info.baseline_year, plan.info.published) == (None, None)
    assert (shokuin.decimals, shokuin.baseline) == (0, None)
    assert plan.indicators["hanzai"].tolerance == 0
    assert plan.programmes[0].initiatives == ()
    assert (shokuin.reporter, shokuin.definition, shokuin.note, shokuin.rationale) == (None,) * 4


def other_city(folder: Path) -> Path:
    (folder / "data" / "actuals").mkdir(parents=True)
    (folder / "data" / "targets.yaml").write_text(OTHER_CITY, encoding="utf-8")
    for entry in (["hanzai", "80"], ["(3)1.2", "13"]):
        ran = call(folder, "add", "R7", *entry, env={"JUSOU_DATE": "2026-06-01"})
        assert ran.code == 0, ran.err
    return folder


def test_another_city_is_listed(tmp_path: Path) -> None:
    document = show_json(other_city(tmp_path), "list")
    hanzai, shokuin = document["indicators"]
    assert document["plan"]["municipality"] == "見本市"
    assert (hanzai["label"], hanzai["direction"], hanzai["baseline"]) == ("1.1", "down", 80)
    assert hanzai["targets"] == {"R7": 70, "R8": 60, "R9": None}
    assert (shokuin["label"], shokuin["direction"], shokuin["tolerance"]) == ("1.2", "keep", 1)


def test_another_city_is_rated_by_its_own_scale(tmp_path: Path) -> None:
    review = show_json(other_city(tmp_path), "show", "R7", "--date", "2026-06-01")
    hanzai, shokuin = review["indicators"]
    assert (hanzai["label"], hanzai["attainment"], hanzai["rating"]) == ("(3)1.1", 87.5, "○")
    assert (shokuin["attainment"], shokuin["rating"]) == (100, "◎")
    assert review["programmes"][0]["ratings"] == {"◎": 1, "○": 1, "△": 0}
    assert review["candidates"] == []


def test_another_city_shows_nothing_of_this_one(tmp_path: Path) -> None:
    workspace = other_city(tmp_path)
    for arguments in (["list"], ["show", "R7"], ["status", "R7"], ["check"], ["history", "hanzai"]):
        ran = call(workspace, *arguments, env={"JUSOU_DATE": "2026-06-01"})
        assert ran.code == 0, ran.err
        assert not re.search("釜石|sodan|重層|R12|R6|拡充", ran.out + ran.err)


PLAN_TEXT = (GALLERY / "base" / "data" / "targets.yaml").read_text(encoding="utf-8")
PIECES = [
    "：", "\t", "- ", "{", "]", "&a ", "*a", "!x ", "'", '"', "#", ": ", "null", "-1", "1e9", "~",
    "? ", "%", "　", "①", "\n", "---\n", "<<: ", "\u2028", "\x85", "\0", "\x1b", "😀", "R8", "0",
]  # fmt: skip
SLIPS = st.tuples(st.integers(0, len(PLAN_TEXT)), st.integers(0, 9), st.sampled_from(PIECES))


@given(st.lists(SLIPS, min_size=1))
def test_however_mistyped_the_plan_loads_or_says_where_not(
    tmp_path_factory: pytest.TempPathFactory, slips: list[tuple[int, int, str]]
) -> None:
    text = PLAN_TEXT
    for start, length, piece in slips:
        text = text[:start] + piece + text[start + length :]
    try:
        load(tmp_path_factory.getbasetemp(), text)
    except JusouError as error:
        for problem in getattr(error, "problems", ()):
            assert problem.hint
            assert problem.line is None or 1 <= problem.line <= len(text.splitlines()) + 1


def test_the_schema_is_the_one_in_the_repository() -> None:
    text = (REPOSITORY / "data" / "targets.schema.json").read_text(encoding="utf-8")
    assert call(REPOSITORY, "schema").out == text


def test_the_schema_allows_every_key_of_the_plan_and_asks_for_what_is_required() -> None:
    schema = json.loads((REPOSITORY / "data" / "targets.schema.json").read_text(encoding="utf-8"))
    parts = schema["$defs"]
    text = (REPOSITORY / "data" / "targets.yaml").read_text(encoding="utf-8")
    used = set(re.findall(r"(?:^[ -]*|[{,] ?)([a-z_]+):", text, re.MULTILINE))
    allowed = {
        *schema["properties"],
        *(key for part in parts.values() for key in part.get("properties", {})),
    }
    assert {"plan", "title", "mark", "low", "initiatives", "note"} < used <= allowed
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == {"plan", "rating", "programmes"}
    assert set(parts["PlanInfo"]["required"]) == {"title", "municipality", "start", "end"}
    assert set(parts["Programme"]["required"]) == {"id", "number", "name", "indicators"}
    assert set(parts["Baseline"]["required"]) == {"value"}
    assert set(parts["Indicator"]["required"]) == {
        "id", "label", "name", "measure", "direction", "targets",
    }  # fmt: skip
    assert parts["Measure"]["enum"] == list(Measure)
    assert parts["Direction"]["enum"] == list(Direction)


def test_the_city_s_plan_is_section_vi_figure_by_figure() -> None:
    found = [
        (
            *(each[field] for field in ("id", "label", "name", "unit")),
            *(each["targets"][year] for year in YEARS),
            each["baseline"],
        )
        for each in listed(REPOSITORY).values()
    ]
    assert found == SECTION_VI
    assert all(list(each["targets"]) == YEARS for each in listed(REPOSITORY).values())


def test_the_city_s_programmes_and_notes_are_verbatim() -> None:
    document = show_json(REPOSITORY, "list")
    assert document["plan"]["title"] == "第2次釜石市重層的支援体制整備事業実施計画"
    assert {each["id"]: each["name"] for each in document["programmes"]} == PROGRAMMES
    for each in document["programmes"]:
        assert each["law"] == f"社会福祉法第106条の4第2項第{LAWS[each['id']]}"
    notes = {each["id"]: each["note"] for each in document["indicators"] if each["note"]}
    assert notes == NOTES


def test_the_city_s_measures() -> None:
    measures = {key: each["measure"] for key, each in listed(REPOSITORY).items()}
    others = {key: measure for key, measure in measures.items() if measure != "flow"}
    assert others == {
        "sodan-1": "rate",
        "sodan-3": "rate",
        "chiiki-1": "cumulative",
        "chiiki-4": "stock",
        "outreach-1": "unconfirmed",
        "sanka-3": "unconfirmed",
    }
    assert {each["direction"] for each in listed(REPOSITORY).values()} == {"up"}
    decimals = {key for key, each in listed(REPOSITORY).items() if each["decimals"] == 1}
    assert decimals == {"sodan-1", "sodan-3"}
