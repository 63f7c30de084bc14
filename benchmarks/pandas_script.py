"""What one would write without the tool: pandas and pyplot, one script, the same pack.

It reads the sample's files and makes the same tables (総括, 指標一覧, PDCA), the same charts (a
sheet a programme and the attainment of all, SVG and PNG), and of both a PDF, a workbook, an HTML
page, Markdown, text and JSON. It is straightforward and not slow on purpose: the figures are
computed once, each chart is made once and saved to every format, nothing is measured to be laid
out. What the tool does beyond that (checks, flags, candidates, a tagged PDF, live formulas) it
leaves out.

Run as ``python pandas_script.py WORKSPACE OUTPUT``.
"""

from __future__ import annotations

import sys
import textwrap
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import yaml
from matplotlib import font_manager
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

YEAR, PREVIOUS, LAST_DAY = "R9", "R8", "2028-03-31"
LOGS = ("R7", "R8", "R9")
YEARS = ("R6", "R7", "R8", "R9", "R10", "R11", "R12")
A4 = (297 / 25.4, 210 / 25.4)
GRADES = ("A", "B", "C", "D")
PDCA = ("実施状況", "要因", "課題", "改善策", "方向性")


def use_japanese_font() -> None:
    """Take the font by its path: to import matplotlib_fontja only for it would be slower."""
    found = find_spec("matplotlib_fontja")
    assert found is not None
    assert found.origin is not None
    font = str(Path(found.origin).parent / "fonts" / "ipaexg.ttf")
    font_manager.fontManager.addfont(font)
    plt.switch_backend("Agg")
    plt.rcParams["font.family"] = font_manager.FontProperties(fname=font).get_name()
    plt.rcParams["axes.unicode_minus"] = False


def read_plan(data: Path) -> dict[str, Any]:
    with (data / "targets.yaml").open(encoding="utf-8") as file:
        plan: dict[str, Any] = yaml.load(file, yaml.CSafeLoader)
    return plan


def read_actuals(data: Path) -> pd.DataFrame:
    """The figure that stands of each indicator (down) in each year (across)."""
    logs = [pd.read_csv(data / "actuals" / f"{year}.csv", encoding="utf-8-sig") for year in LOGS]
    rows = pd.concat(logs)
    ratio = (rows["分子"] / rows["分母"] * 100).round(1)
    rows["実績値"] = rows["実績値"].fillna(ratio)
    rows = rows[rows["区分"].isin(["確定", "速報", "該当なし", "測定不能"])]
    last = rows.groupby(["指標", "年度"]).tail(1)
    return last.pivot_table(index="指標", columns="年度", values="実績値", dropna=False)


def read_notes(data: Path) -> pd.DataFrame:
    notes = pd.read_csv(data / "reviews" / f"{YEAR}.csv", encoding="utf-8-sig")
    return notes.groupby("対象").last()


def with_revisions(plan: dict[str, Any], data: Path) -> dict[str, dict[str, float]]:
    """The targets of each indicator by year, as they stood when the year ended."""
    targets = {
        indicator["id"]: dict(indicator["targets"])
        for programme in plan["programmes"]
        for indicator in programme["indicators"]
    }
    revisions = pd.read_csv(data / "revisions.csv", encoding="utf-8-sig")
    for row in revisions[revisions["決定日"] <= LAST_DAY].to_dict("records"):
        targets[row["指標"]][row["年度"]] = float(row["変更後"])
    return targets


def indicator_table(plan: dict[str, Any], data: Path) -> pd.DataFrame:
    """指標一覧, with everything that the other tables and the charts are made of."""
    actuals, targets = read_actuals(data), with_revisions(plan, data)
    rows = []
    for programme in plan["programmes"]:
        for indicator in programme["indicators"]:
            key = indicator["id"]
            actual = actuals.reindex([key]).iloc[0]
            rows.append(
                {
                    "id": key,
                    "事業": f"({programme['number']}) {programme['name']}",
                    "指標": f"{indicator['label']} {indicator['name']}",
                    "単位": indicator["unit"],
                    "R6": indicator["baseline"],
                    **{f"実績{year}": actual.get(year) for year in LOGS},
                    **{f"目標{year}": value for year, value in targets[key].items()},
                }
            )
    table = pd.DataFrame(rows).set_index("id")
    cuts = [(grade["mark"], grade["at_least"]) for grade in plan["rating"]["scale"]]
    for year in (PREVIOUS, YEAR):
        table[f"達成率{year}"] = table[f"実績{year}"] / table[f"目標{year}"] * 100
        table[f"達成度{year}"] = [rate(each, cuts) for each in table[f"達成率{year}"]]
    table["前年度差"] = table[f"実績{YEAR}"] - table[f"実績{PREVIOUS}"]
    table["R6差"] = table[f"実績{YEAR}"] - table["R6"]
    return table


def rate(attainment: float, cuts: list[tuple[str, float]]) -> str:
    return next((mark for mark, least in cuts if attainment >= least), "—")


def summary_table(table: pd.DataFrame) -> pd.DataFrame:
    rating = table[f"達成度{YEAR}"]
    groups = table.groupby("事業", sort=False)
    summary = pd.crosstab(table["事業"], rating).reindex(list(groups.groups))
    summary = summary.reindex(columns=GRADES, fill_value=0)
    summary.insert(0, "指標数", groups.size())
    summary["達成"] = groups[f"達成率{YEAR}"].agg(lambda values: int((values >= 100).sum()))
    summary["報告"] = groups[f"実績{YEAR}"].count()
    capped = table[f"達成率{YEAR}"].clip(upper=100)
    summary["平均達成率"] = capped.groupby(table["事業"], sort=False).mean().round(1)
    return summary.reset_index()


def shown_table(table: pd.DataFrame) -> pd.DataFrame:
    """指標一覧 as texts, for paper and the page."""
    columns = {
        "指標": "指標", "単位": "単位", "R6": "R6", f"実績{PREVIOUS}": "前年度",
        f"目標{YEAR}": "目標", f"実績{YEAR}": "実績", f"達成率{YEAR}": "達成率",
        f"達成度{YEAR}": "達成度", "前年度差": "前年度差", "R6差": "R6差",
        "目標R12": "R12目標",
    }  # fmt: skip
    shown = table[list(columns)].rename(columns=columns)
    for name in shown.columns[2:]:
        if name != "達成度":
            shown[name] = [figure(value) for value in shown[name]]
    return shown


def figure(value: float | None) -> str:
    return "—" if value is None or pd.isna(value) else f"{value:,.1f}".removesuffix(".0")


def pdca_table(table: pd.DataFrame, data: Path) -> pd.DataFrame:
    notes = read_notes(data).reindex(table.index)[list(PDCA)].fillna("—")
    return pd.concat([table[["事業", "指標"]], notes], axis=1)


def programme_sheet(name: str, table: pd.DataFrame) -> Figure:
    """Small multiples: actuals as bars, targets as a step, the figures on the bars."""
    columns = min(len(table), 4)
    rows = -(-len(table) // columns)
    sheet, axes = plt.subplots(rows, columns, figsize=(10.1, 6.3), squeeze=False)
    sheet.suptitle(name)
    sheet.subplots_adjust(left=0.06, right=0.98, bottom=0.1, hspace=0.45, wspace=0.3)
    for axis, (_, row) in zip(axes.flat, table.iterrows(), strict=False):
        values = [row["R6"], *(row[f"実績{year}"] for year in LOGS), None, None, None]
        heights = [0.0 if value is None or pd.isna(value) else value for value in values]
        colors = ["#EDEDED", "#EDEDED", *["#0072B2"] * 5]
        bars = axis.bar(range(7), heights, color=colors, edgecolor="#404040", label="実績")
        texts = ["" if value is None else figure(value) for value in values]
        axis.bar_label(bars, texts, fontsize=7)
        targets = [row[f"目標{year}"] for year in YEARS[2:]]
        axis.step(range(2, 7), targets, "D-", where="mid", color="#D55E00", label="目標")
        axis.set_title(textwrap.fill(row["指標"], 20), fontsize=8)
        axis.set_xticks(range(7), YEARS, fontsize=7)
        axis.tick_params("y", labelsize=7)
    for axis in axes.flat[len(table) :]:
        axis.set_axis_off()
    sheet.legend(*axes.flat[0].get_legend_handles_labels(), loc="lower center", ncols=2)
    return sheet


def attainment_sheet(table: pd.DataFrame) -> Figure:
    """A bar an indicator against a line at 100 %, with its figures."""
    sheet, axis = plt.subplots(figsize=(10.1, 3.5), layout="constrained")
    axis.set_title("全指標の達成率")
    percents = table[f"達成率{YEAR}"].fillna(0).clip(upper=200)
    axis.barh([textwrap.shorten(name, 60) for name in table["指標"]], percents)
    axis.axvline(100, color="black")
    axis.set_xlim(0, 230)
    axis.invert_yaxis()
    axis.tick_params("y", labelsize=7)
    for number, (_, row) in enumerate(table.iterrows()):
        said = f"{figure(row[f'達成率{YEAR}'])} {row[f'達成度{YEAR}']}"
        axis.annotate(said, (205, number), fontsize=7, va="center")
    return sheet


def draw_table(axis: Any, cells: Any, names: list[str], widths: list[float]) -> None:
    drawn = axis.table(cells, colLabels=names, colWidths=widths, loc="upper center")
    drawn.auto_set_font_size(False)
    drawn.set_fontsize(7)


def table_page(pdf: PdfPages, title: str, table: pd.DataFrame, widths: list[float]) -> None:
    page, axis = plt.subplots(figsize=A4)
    axis.set_axis_off()
    axis.set_title(title)
    draw_table(axis, table.astype(str).to_numpy(), list(table.columns), widths)
    pdf.savefig(page)  # type: ignore[no-untyped-call]
    plt.close(page)


def pdca_page(pdf: PdfPages, name: str, rows: pd.DataFrame) -> None:
    """A programme's PDCA: four columns of wrapped text under each indicator's name."""
    page = plt.figure(figsize=A4)
    page.text(0.05, 0.95, name, fontsize=12)
    step = 0.9 / len(rows)
    for place, (_, row) in enumerate(rows.iterrows()):
        top = 0.92 - place * step
        page.text(0.05, top, row["指標"], fontsize=8)
        for column, title in enumerate(PDCA):
            text = f"{title}\n{textwrap.fill(row[title], 22)}"
            page.text(0.05 + 0.185 * column, top - 0.02, text, fontsize=6.5, va="top")
    pdf.savefig(page)  # type: ignore[no-untyped-call]
    plt.close(page)


def write_pdf(
    path: Path, tables: dict[str, pd.DataFrame], pdca: pd.DataFrame, charts: dict[str, Figure]
) -> None:
    with PdfPages(path) as pdf:
        table_page(pdf, "総括", tables["総括"], [0.4, *[0.075] * 8])
        table_page(pdf, "指標一覧", tables["指標一覧"], [0.45, *[0.055] * 10])
        for name, rows in pdca.groupby("事業", sort=False):
            pdca_page(pdf, str(name), rows)
        for chart in charts.values():
            pdf.savefig(chart)


def write_workbook(path: Path, tables: dict[str, pd.DataFrame], table: pd.DataFrame) -> None:
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        tables["総括"].to_excel(book, sheet_name="総括", index=False)
        table.to_excel(book, sheet_name="指標一覧")
        for number, (_, rows) in enumerate(tables["PDCA"].groupby("事業", sort=False), 1):
            rows.to_excel(book, sheet_name=f"事業{number}", index=False)
        long = table.drop(columns=["事業", "指標", "単位"]).melt(ignore_index=False)
        long.to_excel(book, sheet_name="一覧")


def write_texts(output: Path, tables: dict[str, pd.DataFrame], pictures: list[Path]) -> None:
    page = ["<!doctype html><html lang=ja><meta charset=utf-8><title>進捗評価表</title>"]
    for name, table in tables.items():
        page += [f"<h2>{name}</h2>", table.to_html(index=False)]
    for picture in pictures:
        svg = picture.read_text(encoding="utf-8")
        page.append(svg[svg.index("<svg") :])
    write(output / "review.html", page)
    marks = [f"## {name}\n\n{table.to_markdown(index=False)}" for name, table in tables.items()]
    write(output / "review.md", marks)
    plain = [f"{name}\n{table.to_string(index=False)}" for name, table in tables.items()]
    write(output / "review.txt", plain)


def write(path: Path, parts: list[str]) -> None:
    path.write_text("\n\n".join(parts), encoding="utf-8")


def main(workspace: Path, output: Path) -> None:
    data, charts_folder = workspace / "data", output / "charts"
    charts_folder.mkdir(parents=True, exist_ok=True)
    use_japanese_font()
    table = indicator_table(read_plan(data), data)
    pdca = pdca_table(table, data)
    tables = {"総括": summary_table(table), "指標一覧": shown_table(table), "PDCA": pdca}
    charts = {"attainment": attainment_sheet(table)}
    for number, (name, rows) in enumerate(table.groupby("事業", sort=False), 1):
        charts[f"programme-{number}"] = programme_sheet(str(name), rows)
    for key, chart in charts.items():
        chart.savefig(charts_folder / f"{key}.svg")
        chart.savefig(charts_folder / f"{key}.png", dpi=150)
    write_pdf(output / "review.pdf", tables, pdca, charts)
    write_workbook(output / "review.xlsx", tables, table)
    write_texts(output, tables, [charts_folder / f"{key}.svg" for key in charts])
    table.to_json(output / "review.json", orient="index", force_ascii=False, indent=1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
