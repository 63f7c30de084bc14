"""The reader of workbooks: what Excel and others may write, what is crafted, what is no file."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from jusou.errors import JusouError
from jusou.storage.spreadsheet import read_book
from jusou.values.workbook import FoundCell, Workbook
from tests.collecting import logged, send, take
from tests.support import sample_workspace, small_workspace

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
    '<sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELS = (
    '<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="rId2" Type="x/sharedStrings" Target="sharedStrings.xml"/>'
    '<Relationship Id="rId3" Type="x/styles" Target="styles.xml"/></Relationships>'
)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts>'
    '<numFmt numFmtId="164" formatCode="[$-411]ggge&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/>'
    '<numFmt numFmtId="165" formatCode="0.0_ ;[Red]\\-0.0\\ "/>'
    '<numFmt numFmtId="166" formatCode="0&quot;days&quot;"/></numFmts><cellXfs>'
    '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="57"/><xf numFmtId="164"/>'
    '<xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="46"/><xf numFmtId="22"/>'
    "</cellXfs></styleSheet>"
)


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return buffer.getvalue()


def book(cells: str | bytes = "", strings: str | bytes = "", **parts: str | bytes) -> bytes:
    """Return a workbook of one sheet; ``cells`` are its rows."""
    sheet = cells
    if isinstance(cells, str):
        sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'
    if isinstance(strings, str):
        strings = f'<sst xmlns="{MAIN}">{strings}</sst>'
    given: dict[str, str | bytes] = {
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": RELS,
        "xl/worksheets/sheet1.xml": sheet,
        "xl/sharedStrings.xml": strings,
        "xl/styles.xml": STYLES,
    }
    return archive(given | parts)


def read(folder: Path, content: bytes) -> Workbook:
    path = folder / "表.xlsx"
    path.write_bytes(content)
    return read_book(path, "表.xlsx")


def only(found: Workbook) -> FoundCell:
    """Return the one cell that is not blank."""
    (cell,) = (each for line in found.sheets[0].rows for each in line if each)
    return cell


@pytest.mark.parametrize(
    ("cell", "text", "refused"),
    [
        ('<c r="B3"><v>37</v></c>', "37", ""),
        ('<c r="B3" t="n"><v>3.7E1</v></c>', "37", ""),
        ('<c r="B3"><v>0.30000000000000004</v></c>', "0.3", ""),
        ('<c r="B3"><v>91.859999999999999</v></c>', "91.86", ""),
        ('<c r="B3"><v>1E-3</v></c>', "0.001", ""),
        ('<c r="B3" s="4"><v>37</v></c>', "37", ""),
        ('<c r="B3" s="5"><v>37</v></c>', "37days", ""),
        ('<c r="B3" s="99"><v>37</v></c>', "37", ""),
        ('<c r="B3" t="str"><f>A1&amp;""</f><v>37</v></c>', "37", ""),
        ('<c r="B3"><f>SUM(A1:A2)</f><v>37</v></c>', "37", ""),
        ('<c r="B3"><f t="shared" si="0"/><v>37</v></c>', "37", ""),
        ('<c r="B3"><f>SUM(A1:A2)</f><v></v></c>', "", "計算結果のない数式です"),
        ('<c r="B3"><f>SUM(A1:A2)</f></c>', "", "計算結果のない数式です"),
        ('<c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "", "エラー値 #DIV/0! です"),
        ('<c r="B3" t="b"><v>1</v></c>', "TRUE", "「TRUE」になっています"),
        ('<c r="B3" t="b"><v>0</v></c>', "FALSE", "「FALSE」になっています"),
        ('<c r="B3" t="s"><v>0</v></c>', "窓口", ""),
        ('<c r="B3" t="s"><v>1</v></c>', "周知し、増えた", ""),
        ('<c r="B3" t="s"><v>2</v></c>', "一行目\n二行目", ""),
        ('<c r="B3" t="s"><v>3</v></c>', "_x000D_", ""),
        ('<c r="B3" t="s"><v>4</v></c>', "前 後", ""),
        ('<c r="B3" t="inlineStr"><is><t xml:space="preserve"> 窓口 </t></is></c>', "窓口", ""),
        ('<c r="B3" t="inlineStr"><is><r><t>窓</t></r><r><t>口</t></r></is></c>', "窓口", ""),
        ('<c r="B3" t="d"><v>2027-09-30T00:00:00</v></c>', "2027-09-30", ""),
        ('<c r="B3" s="1"><v>46660</v></c>', "2027-09-30", ""),
        ('<c r="B3" s="2"><v>46660</v></c>', "2027-09-30", ""),
        ('<c r="B3" s="3"><v>46660</v></c>', "2027-09-30", ""),
        ('<c r="B3" s="7"><v>46660.5</v></c>', "2027-09-30 12:00:00", ""),
        ('<c r="B3" s="1"><v>59</v></c>', "1900-02-28", ""),
        ('<c r="B3" s="1"><v>61</v></c>', "1900-03-01", ""),
        ('<c r="B3" s="1"><v>-3</v></c>', "-3", ""),
        ('<c r="B3" s="7"><v>0.4375</v></c>', "10:30:00", "時刻（10:30:00）になっています"),
        ('<c r="B3" s="6"><v>1.5</v></c>', "12:00:00", "時刻（12:00:00）になっています"),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_a_person_sees_it(
    cell: str, text: str, refused: str, tmp_path: Path
) -> None:
    strings = (
        "<si><t>窓口</t><rPh sb='0' eb='2'><t>マドグチ</t></rPh><phoneticPr fontId='1'/></si>"
        "<si><r><t>周知し、</t></r><r><rPr><b/></rPr><t>増えた</t></r><rPh><t>シュウチ</t></rPh></si>"
        "<si><t>一行目_x000D_\n二行目</t></si><si><t>_x005F_x000D_</t></si>"
        "<si><t xml:space='preserve'> 前 後 </t></si>"
    )
    found = only(read(tmp_path, book(f'<row r="3">{cell}</row>', strings)))
    assert found == FoundCell(text, "表.xlsx 表!B3", refused)


def test_days_may_be_counted_from_1904(tmp_path: Path) -> None:
    workbook = BOOK.replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    cell = '<row r="3"><c r="B3" s="1"><v>45198</v></c></row>'
    assert only(read(tmp_path, book(cell, **{"xl/workbook.xml": workbook}))).text == "2027-09-30"


ONE = '<row r="3"><c r="B3"><v>37</v></c></row>'
SHAPES: dict[str, dict[str, str]] = {
    "strict": {
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{STRICT}"><sheetData>{ONE}</sheetData>'
        "</worksheet>",
        "xl/workbook.xml": BOOK.replace(MAIN, STRICT),
    },
    "prefix": {
        "xl/worksheets/sheet1.xml": f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="3">'
        '<x:c r="B3"><x:v>37</x:v></x:c></x:row></x:sheetData></x:worksheet>',
    },
    "no addresses": {
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData><row/><row/>'
        "<row><c/><c><v>37</v></c></row></sheetData></worksheet>",
    },
    "absolute": {"xl/_rels/workbook.xml.rels": RELS.replace('"worksheets', '"/xl/worksheets')},
    "upwards": {"xl/_rels/workbook.xml.rels": RELS.replace('"worksheets', '"../xl/worksheets')},
    "case": {"xl/_rels/workbook.xml.rels": RELS.replace('"worksheets', '"Worksheets')},
    "no strings": {
        "xl/_rels/workbook.xml.rels": RELS.replace("x/sharedStrings", "x/other"),
    },
    "no styles": {"xl/_rels/workbook.xml.rels": RELS.replace("x/styles", "x/other")},
    "a chart sheet": {
        "xl/_rels/workbook.xml.rels": RELS.replace("x/styles", "x/chartsheet"),
        "xl/workbook.xml": BOOK.replace(
            "</sheets>", '<sheet name="図" sheetId="2" r:id="rId3"/></sheets>'
        ),
    },
    "far blanks": {
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{ONE}'
        '<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData></worksheet>',
    },
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_workbook_may_have_other_shapes(shape: str, tmp_path: Path) -> None:
    found = only(read(tmp_path, book(ONE, **SHAPES[shape])))
    assert found == FoundCell("37", "表.xlsx 表!B3")


def test_another_way_to_the_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(book(ONE))) as opened:
        parts = {name.replace("xl/", "mine/"): opened.read(name) for name in opened.namelist()}
    target = "x/officeDocument" + '" Target="mine/workbook.xml'
    rels = f'<Relationships><Relationship Id="a" Type="{target}"/></Relationships>'
    assert only(read(tmp_path, archive({**parts, "_rels/.rels": rels}))).text == "37"


def test_threads_are_comments_and_their_notes_are_not_told_twice(tmp_path: Path) -> None:
    rels = (
        '<Relationships><Relationship Id="a" Type="x/comments" Target="../comments1.xml"/>'
        '<Relationship Id="b" Type="y/threadedComment" Target="../threads.xml"/>'
        '<Relationship Id="c" Type="x/drawing" Target="../drawing.xml"/></Relationships>'
    )
    comments = (
        '<comments><commentList><comment ref="B3"><text><t>[スレッド化されたコメント] 見込み</t>'
        '</text></comment><comment ref="C3"><text><r><t>別の</t></r><r><t>注記</t></r></text>'
        "</comment></commentList></comments>"
    )
    threads = (
        '<ThreadedComments><threadedComment ref="B3" id="1"><text>38件になる見込み</text>'
        '</threadedComment><threadedComment ref="B3" parentId="1"><text>了解</text>'
        "</threadedComment></ThreadedComments>"
    )
    box = (
        "<txBody><p><r><t>四角の</t></r><r><t>文字</t></r></p><p><r><t>二行目</t></r></p></txBody>"
    )
    drawing = (
        f"<wsDr><twoCellAnchor><from><col>1</col><row>4</row></from><sp>{box}</sp></twoCellAnchor>"
        f"<twoCellAnchor><from><col>0</col><row>0</row></from><AlternateContent><Choice>{box}"
        f"</Choice><Fallback>{box}</Fallback></AlternateContent></twoCellAnchor>"
        "<absoluteAnchor><pic/></absoluteAnchor></wsDr>"
    )
    more = {
        "xl/worksheets/_rels/sheet1.xml.rels": rels,
        "xl/comments1.xml": comments,
        "xl/threads.xml": threads,
        "xl/drawing.xml": drawing,
    }
    (sheet,) = read(tmp_path, book(ONE, **more)).sheets
    assert sorted(sheet.remarks) == [
        ("コメント", "38件になる見込み\n了解", "表.xlsx 表!B3"),
        ("コメント", "別の注記", "表.xlsx 表!C3"),
        ("図形の文字", "四角の文字\n二行目", "表.xlsx 表!A1"),
        ("図形の文字", "四角の文字\n二行目", "表.xlsx 表!B5"),
        ("画像", "", "表.xlsx 表"),
    ]


def rows(count: int, row: str) -> bytes:
    return f"<worksheet><sheetData>{row * count}</sheetData></worksheet>".encode()


FAR = "表から離れたセル"
LARGE = "中身が大きすぎます。"
NO_BOOK = "Excel ブックとして開けません。"
CRAFTED: dict[str, tuple[bytes, str]] = {
    "cell in the last corner": (book('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), FAR),
    "sparse": (book('<row r="4000"><c r="GR4000"><v>1</v></c></row>'), FAR),
    "many cells": (book(rows(1100, f"<row>{'<c><v>1</v></c>' * 100}</row>")), LARGE),
    "many blanks": (book(rows(600, f"<row>{'<c/>' * 1000}</row>")), LARGE),
    "many merges": (
        book(
            b'<worksheet><sheetData><row r="500"><c r="CV500"><v>1</v></c></row></sheetData>'
            b"<mergeCells>" + b'<mergeCell ref="A1:XFD1048576"/>' * 9 + b"</mergeCells></worksheet>"
        ),
        "結合したセルか、条件付き書式が多すぎます。",
    ),
    "one text in many cells": (
        book(rows(90, '<row><c t="s"><v>0</v></c></row>'), f"<si><t>{'x' * 200_000}</t></si>"),
        LARGE,
    ),
    "claims a billion texts": (
        book(ONE, b'<sst count="4000000000" uniqueCount="4000000000"><si><t>x</t></si></sst>'),
        "",
    ),
    "zip bomb": (book(b" " * 50_000_000), LARGE),
    "deep": (book(b"<a>" * 100_000 + b"</a>" * 100_000), ""),
    "billion laughs": (
        book(
            b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
            b"<worksheet><sheetData>&b;</sheetData></worksheet>"
        ),
        NO_BOOK,
    ),
    "outer entity": (
        book(b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><worksheet>&x;</worksheet>'), NO_BOOK,
    ),
    "unknown encoding": (
        book(b'<?xml version="1.0" encoding="klingon"?><worksheet/>'), NO_BOOK,
    ),
    "wide encoding": (book(b'<?xml version="1.0" encoding="utf-7"?><worksheet/>'), NO_BOOK),
    "no text of that number": (book('<row><c t="s"><v>5</v></c></row>'), NO_BOOK),
    "text before the first": (book('<row><c t="s"><v>-1</v></c></row>', "<si/>"), NO_BOOK),
    "infinite": (book("<row><c><v>inf</v></c></row>"), NO_BOOK),
    "no number": (book("<row><c><v>x</v></c></row>"), NO_BOOK),
    "a cell twice": (book('<row><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'), NO_BOOK),
    "a row before the first": (book('<row r="0"><c><v>1</v></c></row>'), NO_BOOK),
    "no address": (book('<row><c r="1A"><v>1</v></c></row>'), NO_BOOK),
    "no sheet": (archive({"xl/workbook.xml": BOOK, "xl/_rels/workbook.xml.rels": RELS}), NO_BOOK),
    "no relations": (archive({"xl/workbook.xml": BOOK}), NO_BOOK),
    "a long number": (book(f"<row><c><v>{'9' * 100_000}</v></c></row>"), NO_BOOK),
}  # fmt: skip


@pytest.mark.parametrize("case", CRAFTED)
def test_a_crafted_workbook_is_bounded_and_named(case: str, tmp_path: Path) -> None:
    content, message = CRAFTED[case]
    if not message:
        read(tmp_path, content)
        return
    with pytest.raises(JusouError) as refused:
        read(tmp_path, content)
    assert refused.value.message.startswith(message)
    assert refused.value.hint


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compressions_are_no_workbook(method: int, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(book(ONE))) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    with pytest.raises(JusouError, match=NO_BOOK):
        read(tmp_path, buffer.getvalue())


def test_no_cut_or_flipped_byte_is_more_than_a_refusal(tmp_path: Path) -> None:
    (form, *_) = send(sample_workspace(tmp_path / "workspace"), "R9", "2028-06-01")
    content = form.read_bytes()
    refused = 0
    for at in range(0, len(content), len(content) // 40):
        for spoiled in (content[:at], content[:at] + b"\xff" + content[at + 1 :]):
            with contextlib.suppress(JusouError):
                read(tmp_path, spoiled)
                continue
            refused += 1
    assert refused > 40


def test_one_bad_file_does_not_stop_the_folder(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path / "workspace", "id: a")
    folder = tmp_path / "返信"
    folder.mkdir()
    (folder / "良い.csv").write_text("年度,指標,実績値\nR8,a,100\n", "utf-8")
    (folder / "爆弾.xlsx").write_bytes(CRAFTED["zip bomb"][0])
    (folder / "離れた.xlsx").write_bytes(CRAFTED["cell in the last corner"][0])
    (folder / "文字.xlsx").write_bytes(CRAFTED["unknown encoding"][0])
    (folder / "空の.xlsx").mkdir()
    with (folder / "大きな.xlsx").open("wb") as file:
        file.truncate(6_000_000_000)
    named = ["爆弾.xlsx", "離れた.xlsx", "文字.xlsx", "大きな.xlsx"]
    if sys.platform != "win32":
        os.mkfifo(folder / "管.xlsx")
        (folder / "装置.csv").symlink_to("/dev/zero")
        (folder / "輪.xlsx").symlink_to("輪.xlsx")
        named += ["管.xlsx", "装置.csv", "輪.xlsx"]
    ran = take(workspace, folder, "--accept-valid")
    assert ran.code == 0, ran.err
    refused = [line for line in ran.err.splitlines() if not line.startswith(" ")]
    for name in named:
        assert sum(line.startswith(f"{name}: ") for line in refused) == 1, name
    assert "大きな.xlsx: ファイルが大きすぎます（6,000MB）。" in ran.err
    assert "空の.xlsx: フォルダーの中は取り込みません。" in ran.err
    assert [row["実績値"] for row in logged(workspace, "actuals/R8.csv")] == ["100"]


def test_another_reader_finds_the_same_in_our_forms(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path / "workspace")
    forms = [*send(workspace, "R9", "2028-06-01"), *send(workspace, "R9", "2028-06-01", "--all")]
    assert len(forms) > 4
    for form in forms:
        other = CalamineWorkbook.from_path(str(form))
        found = read_book(form, form.name)
        assert [sheet.name for sheet in found.sheets] == other.sheet_names
        for sheet in found.sheets:
            cells = other.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            assert [[cell.text for cell in line] for line in sheet.rows] == [
                [f"{each:.15g}" if isinstance(each, float) else str(each).strip() for each in line]
                for line in cells
            ]
            assert not [cell for line in sheet.rows for cell in line if cell.doubt or cell.hidden]
            assert (sheet.remarks, sheet.unseen) == ((), "")
    shutil.rmtree(workspace)
