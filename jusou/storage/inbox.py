"""What a person hands to ``import``: files and folders → books, and what in them is not one."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from jusou.errors import JusouError, Problem, warning
from jusou.storage.files import translated
from jusou.storage.spreadsheet import read_book
from jusou.values.workbook import Workbook

_PERHAPS_ANSWERS = (
    ".xlsx", ".csv", ".xls", ".xlsm", ".xlsb", ".xltx", ".ods", ".tsv",
    ".doc", ".docx", ".odt", ".rtf", ".zip",
)  # fmt: skip
_NOBODYS = ("thumbs.db", "desktop.ini")


def read_books(paths: Sequence[Path]) -> tuple[list[Workbook], list[Problem]]:
    """Return the books of files and folders, in order of name, and what could not be read.

    A folder is not searched deeper; what in it is no table is told, for a figure that is passed
    over is a figure lost. Raises JusouError when there is nothing to read.
    """
    problems: list[Problem] = []
    found = [file for path in paths for file in _files(path, problems)]
    files: dict[str, Path] = {}
    for path in found:
        files.setdefault(os.path.realpath(path), path)  # one may be named twice, once by a link
    books: dict[str, Workbook] = {}
    for path, shown in _names(files.values()).items():
        try:
            book = read_book(path, _printable(shown))
        except JusouError as refused:
            problems.append(refused.problem._replace(path=_printable(shown)))
        else:
            books.setdefault(book.digest, book)
    if not files:
        hint = "フォルダーの場所と、ファイルの種類を確かめてください。"
        raise JusouError("取り込むファイル（.xlsx・.csv）がありません。", hint)
    return list(books.values()), problems


def _files(path: Path, problems: list[Problem]) -> list[Path]:
    """Return a file, or those in a folder that may be answers; tell what else is there.

    ``*`` and ``?`` in a name are understood here: the shells of Windows leave them as they are.
    """
    with translated(path, "読み込み"):
        if path.is_dir():
            entries = sorted(path.iterdir())
        elif set(path.name) & set("*?") and not path.exists():
            pattern = path.name.replace("[", "[[]")
            entries = sorted(each for each in path.parent.glob(pattern) if each.is_file())
        else:
            path.stat()  # a name typed wrongly is not one of many files that cannot be read
            return [path]
        folders = [entry for entry in entries if entry.is_dir()]
    files = []
    for entry in entries:
        if entry.name.startswith(("~$", ".")) or entry.name.lower() in _NOBODYS:
            continue
        if entry in folders:
            message = "フォルダーの中は取り込みません。"
            hint = "中のファイルも取り込むときは、そのフォルダーも指定してください。"
        elif entry.suffix.lower() in _PERHAPS_ANSWERS:
            files.append(entry)
            continue
        else:
            message = "Excel ブックでも CSV でもないので、取り込みません。"
            hint = "照会票の回答であれば、Excel ブックか CSV で送り直してもらってください。"
        problems.append(warning(message, hint, _printable(entry.name)))
    return files


def _names(files: Iterable[Path]) -> dict[Path, str]:
    """Return what each file is called: its name, with as much of its path as tells it apart."""
    names = {path: path.name for path in files}
    for longer in (lambda path: "/".join(path.parts[-2:]), Path.as_posix):
        counts = Counter(names.values())
        names = {path: longer(path) if counts[name] > 1 else name for path, name in names.items()}
    return names


def _printable(name: str) -> str:
    """Return a name without what a file system may hold and no terminal can print."""
    return name.encode("utf-8", "replace").decode()
