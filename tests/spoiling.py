"""Ways to spoil a form that was filled in, a table, and a whole file, by name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, time
from typing import Any

from tests.filled_forms import Formula, Paper

Spoil = Callable[[Paper], None]


def typed(subject: str, **cells: Any) -> Spoil:
    """Type into the cells of a subject, by title."""

    def spoil(paper: Paper) -> None:
        row = {title: paper.row(_sheet(paper, title), subject) for title in cells}
        for title, value in cells.items():
            sheet = _sheet(paper, title)
            paper.sheets[sheet][row[title]][paper.column(sheet, title)] = value

    return spoil


def rate(value: float) -> Spoil:
    """Type a rate in place of its parts."""
    return typed("sodan-1", 実績値=value, 分子="", 分母="")


def head(label: str, value: Any) -> Spoil:
    return lambda paper: paper.label(label, value)


def _sheet(paper: Paper, title: str) -> str:
    return next(name for name in paper.sheets if title in paper.titles(name))


def without_columns(*titles: str) -> Spoil:
    def spoil(paper: Paper) -> None:
        for sheet, rows in paper.sheets.items():
            gone = [at for at, title in enumerate(paper.titles(sheet)) if title in titles]
            for row in rows:
                for at in reversed(gone):
                    del row[at]

    return spoil


def renamed(title: str, other: str) -> Spoil:
    def spoil(paper: Paper) -> None:
        titles = paper.titles("実績")
        titles[titles.index(title)] = other

    return spoil


def without_sheet(name: str) -> Spoil:
    def spoil(paper: Paper) -> None:
        del paper.sheets[name]

    return spoil


def row_copied(paper: Paper) -> None:
    rows = paper.sheets["実績"]
    rows.append(list(rows[paper.row("実績", "sodan-4")]))


def row_added(paper: Paper) -> None:
    rows = paper.sheets["実績"]
    row: list[Any] = [""] * len(rows[-1])
    row[2], row[paper.column("実績", "実績値")] = "新しい指標", 5
    rows.append(row)


def sorted_in_part(paper: Paper) -> None:
    """Turn round the column of ids, but not the others."""
    column = paper.column("実績", "id")
    body = paper.sheets["実績"][paper.heading("実績") + 1 :]
    for row, key in zip(body, [row[column] for row in reversed(body)], strict=True):
        row[column] = key


def heading_twice(paper: Paper) -> None:
    paper.sheets["実績"].append(list(paper.titles("実績")))


def column_copied(paper: Paper) -> None:
    at = paper.column("実績", "実績値")
    for row in paper.sheets["実績"]:
        row.append(row[at])


def cells_merged(paper: Paper) -> None:
    row, column = paper.row("実績", "sodan-4"), paper.column("実績", "実績値")
    paper.merges.append(("実績", row, column, row + 1, column))


def sheet_copied(paper: Paper) -> None:
    copy = [list(row) for row in paper.sheets["実績"]]
    copy[paper.row("実績", "sodan-4")][paper.column("実績", "実績値")] = 38
    paper.sheets["実績 (2)"] = copy


def cell_far_away(paper: Paper) -> None:
    paper.sheets["実績"][0] += [""] * 300 + ["迷子"]


def evaluated_without_reason(paper: Paper) -> None:
    told = paper.sheets["取組の記述"]
    for row in told:
        row.append("")
    at = paper.heading("取組の記述")
    told[at][-1], told[at + 1][-1] = "評価", "B"


FORMS: dict[str, Spoil] = {
    "head-year-outside": head("年度", "R20"),
    "head-year-unreadable": head("年度", "九年度"),
    "head-other-plan": head("計画", "第3次計画"),
    "column-deleted": without_columns("区分"),
    "columns-deleted": without_columns("分子", "分母"),
    "ids-deleted": without_columns("id", "番号", "指標名"),
    "heading-renamed": renamed("実績値", "実績数"),
    "heading-twice": heading_twice,
    "column-copied": column_copied,
    "sheet-deleted": without_sheet("取組の記述"),
    "sheet-copied": sheet_copied,
    "cells-merged": cells_merged,
    "cell-far-away": cell_far_away,
    "sorted-in-part": sorted_in_part,
    "row-added": row_added,
    "row-copied": row_copied,
    "id-unknown": typed("sodan-4", id="sodan-9"),
    "id-date": typed("sodan-4", id="1月4日"),
    "id-of-an-initiative": typed("sodan-4", id="sodan-ini-1", 番号=""),
    "figure-about": typed("sodan-4", 実績値="約37"),
    "figure-other-unit": typed("sodan-4", 実績値="2,655人"),
    "figure-dash": typed("sodan-4", 実績値="—"),
    "figure-negative": typed("sodan-4", 実績値=-3),
    "figure-fraction": typed("sodan-4", 実績値=37.5),
    "figure-date": typed("sodan-4", 実績値=date(2028, 3, 31)),
    "figure-time": typed("sodan-4", 実績値=time(10, 30)),
    "figure-truth": typed("sodan-4", 実績値=True),
    "figure-error": typed("sodan-4", 実績値=Formula("=1/0", "#DIV/0!")),
    "figure-formula": typed("sodan-4", 実績値=Formula("=SUM(A1:A2)")),
    "text-formula": typed("sodan-1", 要因=Formula('=IF(A1,"x","y")')),
    "figure-tenfold": typed("sodan-4", 実績値=370),
    "figure-of-one-year": typed("chiiki-1", 実績値=2),
    "rate-decimals": rate(91.86),
    "rate-percent-format": rate(0.915),
    "rate-percent-format-round": rate(0.9),
    "rate-above-100": rate(930),
    "ratio-of-a-count": typed("sodan-4", 分子=3),
    "ratio-half": typed("sodan-1", 分母=""),
    "ratio-of-nothing": typed("sodan-1", 分母=0),
    "ratio-above-one": typed("sodan-1", 分子=1001),
    "ratio-beside-rate": typed("sodan-1", 実績値=93.1),
    "basis-unknown": typed("sodan-4", 区分="暫定"),
    "basis-with-figure": typed("sodan-4", 区分="未確定"),
    "basis-without-figure": typed("sodan-4", 区分="速報", 実績値=""),
    "basis-interim": typed("sodan-4", 区分="中間"),
    "basis-cancelled": typed("sodan-4", 区分="取消", 実績値=""),
    "remark-alone": typed("sodan-4", 備考="集計中", 実績値=""),
    "course-unknown": typed("sodan-1", 方向性="様子見"),
    "evaluation-without-reason": evaluated_without_reason,
    "text-of-a-book": typed("sodan-1", 要因="長" * 30_000),
    "text-control-character": typed("sodan-1", 要因="改\x01行"),
    "text-conflict-marker": typed("sodan-1", 要因="一行目\n<<<<<<< HEAD"),
}

# Text, then options.
TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "quote-unclosed": ('指標,実績値\na,100\nb,"90\n', ("--year", "R8")),
    "quote-inside": ('指標,実績値\na,10"0"\n"b"x,1\n', ("--year", "R8")),
    "no-heading": ("a,100\nb,90\n", ("--year", "R8")),
    "heading-unknown": ("指標,実績\na,100\n", ("--year", "R8")),
    "tabs": ("指標\t実績値\na\t100\n", ("--year", "R8")),
    "heading-beside": ("指標,実績（件）,備考\na,100,再集計\n", ("--year", "R8")),
    "heading-other-unit": ("指標,実績値（千件）\na,100\n", ("--year", "R8")),
    "semicolons": ("指標;実績値\na;100\n", ("--year", "R8")),
    "full-width-semicolons": ("指標；実績値\na；100\n", ("--year", "R8")),
    "full-width-commas": ("指標，実績値\na，100\n", ("--year", "R8")),
    "figure-with-remark": ("指標,実績値\na,36（うち新規5）\n", ("--year", "R8")),
    "figure-ellipsis": ("指標,実績値\na,…\n", ("--year", "R8")),
    "figure-stars": ("指標,実績値\na,***\n", ("--year", "R8")),
    "nothing": ("\n,,\n", ("--year", "R8")),
    "no-year": ("指標,実績値\na,100\n", ()),
    "year-contradicts": ("年度,指標,実績値\nR8,a,100\n", ("--year", "R9")),
    "two-years": ("年度,指標,実績値\nR8,a,100\nR9,b,90\n", ()),
    "year-unreadable": ("年度,指標,実績値\n八,a,100\n", ()),
    "year-outside": ("指標,実績値\na,100\n", ("--year", "R5")),
    "year-running": ("指標,実績値\na,100\n", ("--year", "R10")),
    "text-before-the-plan": ("指標,要因\na,周知\n", ("--year", "R7")),
    "indicator-unknown": ("指標,実績値\naa,100\n", ("--year", "R8")),
    "indicator-date": ("指標,実績値\n1月1日,100\n", ("--year", "R8")),
    "indicator-missing": ("指標,実績値\n,100\n", ("--year", "R8")),
    "indicator-twice": ("指標,実績値\na,100\n(1)1,100\n", ("--year", "R8")),
    "figure-of-a-programme": ("指標,実績値\np,100\n", ("--year", "R8")),
    "several": ("指標,実績値,区分\na,約100,\nb,90,仮\nc,—,\n", ("--year", "R8")),
    "stands-otherwise": ("指標,実績値\nd,120\n", ("--year", "R8")),
    "forecast-after-closing": ("指標,実績値,区分\nd,120,見込\n", ("--year", "R8")),
}


def archive(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
# File name, and what is in it; a form that is whole stands in for ``FORM``.
FORM = b"FORM"
FILES: dict[str, tuple[str, bytes]] = {
    "xls": ("回答.xls", OLE),
    "xls-named-xlsx": ("回答.xlsx", OLE),
    "password": ("回答.xlsx", OLE + "EncryptedPackage".encode("utf-16-le")),
    "docx": ("回答.docx", archive(word=b"x")),
    "docx-named-xlsx": ("回答.xlsx", archive(word=b"x")),
    "xlsm": ("回答.xlsm", FORM),
    "empty": ("回答.xlsx", b""),
    "empty-csv": ("回答.csv", b""),
    "text-named-xlsx": ("回答.xlsx", b"a,100\n"),
    "xlsx-named-csv": ("回答.csv", FORM),
    "too-large": ("回答.csv", b"x" * 20_000_001),
    "too-many-characters": ("回答.csv", "指標,備考\n".encode() + b"a,x\n" * 250_000),
    "too-many-rows": ("回答.csv", "指標,実績値\n".encode() + b"a,1\n" * 5_000),
    "too-many-cells": ("回答.csv", "指標,実績値\n".encode() + b"," * 100_000),
    "utf-16": ("回答.csv", "指標,実績値\na,100\n".encode("utf-16")),
    "euc-jp": ("回答.csv", "指標,実績値,備考\na,100,①".encode("euc_jp", "replace")),
    "nul": ("回答.csv", "指標,実績値\na,100\0\n".encode()),
}
