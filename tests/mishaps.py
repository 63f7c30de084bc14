"""What happens to a form on desks, at random, and what a careful person reads of it afterwards.

The model of the reader is plain on purpose: every cell that is filled in, whether it can be seen,
whose it is and what it says. It knows nothing of the package but the titles of the columns.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, NamedTuple

from jusou.forms.layout import ID, INPUT_TITLES
from tests.filled_forms import STRIKE, Paper, Struck, Styled

WHITE = {"font_color": "#FFFFFF"}
KEYS = (ID, "番号", "指標名")
WORD = "余談{}"


class Entry(NamedTuple):
    """A cell that is filled in: where it is, whose it is as far as is known, what it says.

    ``is_plain`` tells whether a person who looks at the sheet would read it without a question,
    ``is_struck`` whether it looks as if it were to go.
    """

    sheet: str
    row: int
    column: int
    subject: str
    title: str
    text: str
    is_plain: bool
    is_struck: bool

    @property
    def says(self) -> tuple[str, str, str]:
        return self.subject, self.title, self.text


def letters(column: int) -> str:
    return chr(ord("A") + column) if column < 26 else f"A{chr(ord('A') + column - 26)}"


def plain(value: Any) -> Any:
    """Return what a cell holds, whatever it looks like."""
    match value:
        case Styled():
            return value.value
        case Struck():
            return value.before + value.struck + value.after
    return value


def is_odd(value: Any) -> bool:
    """Tell whether a cell is struck or cannot be seen."""
    return isinstance(value, Struck | Styled) and plain(value) != ""


def is_struck(value: Any) -> bool:
    return is_odd(value) and not (isinstance(value, Styled) and value.look == WHITE)


def base(title: Any) -> str:
    """Return a heading without the unit behind it."""
    return re.sub(r"^(実績値)（[件％]）$", r"\1", str(plain(title)))


def heading_of(rows: list[list[Any]]) -> int | None:
    """Return the row with the headings."""
    for at, row in enumerate(rows):
        titles = {base(each) for each in row}
        if titles & {*KEYS} and titles & {*INPUT_TITLES}:
            return at
    return None


def read_by_a_person(paper: Paper, names: dict[str, str]) -> Iterator[Entry]:
    """Yield what stands in the cells to fill in; ``names`` has the id of every spelling."""
    for sheet, rows in paper.sheets.items():
        heading = heading_of(rows)
        if heading is None:
            continue
        titles = {base(title): at for at, title in reversed([*enumerate(rows[heading])])}
        merged = {
            (row, column)
            for name, top, left, bottom, right in paper.merges
            if name == sheet
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        }
        for at in range(heading + 1, len(rows)):
            row = rows[at]
            keys = [row[titles[key]] for key in KEYS if key in titles and titles[key] < len(row)]
            owners = [names.get(str(plain(key)), "") for key in keys if plain(key) != ""]
            seen = sheet not in paper.shut and (sheet, at) not in paper.hidden
            sure = len(set(owners)) == 1 and owners[0] != "" and not any(map(is_odd, keys))
            for title, column in titles.items():
                if title not in INPUT_TITLES or column >= len(row) or plain(row[column]) == "":
                    continue
                odd = is_odd(row[column]) or is_odd(rows[heading][column])
                out = (sheet, column) in paper.narrow or (at, column) in merged
                text, owner = str(plain(row[column])), owners[0] if owners else ""
                is_plain = seen and sure and not odd and not out
                looks = (*keys, row[column], rows[heading][column])
                yield Entry(
                    sheet, at, column, owner, title, text, is_plain, any(map(is_struck, looks))
                )


Mishap = Callable[[Paper, Random], None]


def _sheet(paper: Paper, random: Random) -> tuple[str, int]:
    """Return a sheet with a table that has rows, and where its headings are."""
    able = {name: heading_of(rows) for name, rows in paper.sheets.items()}
    found = [(name, at) for name, at in able.items() if at is not None]
    return random.choice([each for each in found if len(paper.sheets[each[0]]) > each[1] + 2])


def _cell(paper: Paper, random: Random, *, filled: bool) -> tuple[str, int, int]:
    """Return a cell of a table's body, if wanted one that is filled in."""
    sheet, heading = _sheet(paper, random)
    rows = paper.sheets[sheet]
    inputs = [at for at, title in enumerate(rows[heading]) if base(title) in INPUT_TITLES]
    body = [(row, at) for row in range(heading + 1, len(rows)) for at in inputs]
    able = [(row, at) for row, at in body if plain(rows[row][at]) != ""]
    return (sheet, *random.choice(able if filled and able else body))


def sort_rows(paper: Paper, random: Random) -> None:
    sheet, heading = _sheet(paper, random)
    body = paper.sheets[sheet][heading + 1 :]
    random.shuffle(body)
    paper.sheets[sheet][heading + 1 :] = body


def sort_a_column(paper: Paper, random: Random) -> None:
    sheet, heading = _sheet(paper, random)
    body = paper.sheets[sheet][heading + 1 :]
    column = random.randrange(3)
    values = [row[column] for row in body]
    random.shuffle(values)
    for row, value in zip(body, values, strict=True):
        row[column] = value


def insert_row(paper: Paper, random: Random) -> None:
    sheet, heading = _sheet(paper, random)
    rows = paper.sheets[sheet]
    row: list[Any] = [""] * len(rows[heading])
    if random.random() < 0.5:
        row[random.randrange(len(row))] = WORD.format(random.randrange(10**6))
    rows.insert(random.randrange(heading + 1, len(rows) + 1), row)


def insert_column(paper: Paper, random: Random) -> None:
    sheet, heading = _sheet(paper, random)
    rows = paper.sheets[sheet]
    column = random.randrange(len(rows[heading]) + 1)
    for row in rows:
        row.insert(column, "")
    if random.random() < 0.5:
        rows[heading][column] = random.choice(["メモ", "内訳"])
        rows[-1][column] = WORD.format(random.randrange(10**6))


def delete_row(paper: Paper, random: Random) -> None:
    sheet, heading = _sheet(paper, random)
    del paper.sheets[sheet][random.randrange(heading + 1, len(paper.sheets[sheet]))]


def delete_column(paper: Paper, random: Random) -> None:
    sheet, heading = _sheet(paper, random)
    column = random.randrange(len(paper.sheets[sheet][heading]))
    for row in paper.sheets[sheet]:
        del row[column]


def copy_row(paper: Paper, random: Random) -> None:
    sheet, row, column = _cell(paper, random, filled=True)
    rows = paper.sheets[sheet]
    rows.append(list(rows[row]))
    if random.random() < 0.5:
        rows[-1][column] = random.randrange(90, 110)


def copy_sheet(paper: Paper, random: Random) -> None:
    sheet, row, column = _cell(paper, random, filled=True)
    other = copy.deepcopy(paper.sheets[sheet])
    if random.random() < 0.7:
        other[row][column] = random.randrange(90, 110)
    name = f"{sheet} ({len(paper.sheets)})"
    if random.random() < 0.5:
        paper.sheets = {name: other, **paper.sheets}
    else:
        paper.sheets[name] = other


def rename_sheet(paper: Paper, random: Random) -> None:
    old = random.choice([*paper.sheets])
    paper.sheets = {(f"{n}（最新）" if n == old else n): rows for n, rows in paper.sheets.items()}


def rename_heading(paper: Paper, random: Random) -> None:
    sheet, heading = _sheet(paper, random)
    titles = paper.sheets[sheet][heading]
    at = random.randrange(len(titles))
    titles[at] = f"{plain(titles[at])}{random.choice(['（件）', '（％）', '数', '（再）'])}"


def other_year(paper: Paper, random: Random) -> None:
    able = [name for name, rows in paper.sheets.items() if any("R9" in row for row in rows)]
    if len(able) > 1:
        for row in paper.sheets[random.choice(able)]:
            row[:] = ["R8" if each == "R9" else each for each in row]


def strike_cell(paper: Paper, random: Random) -> None:
    sheet, row, column = _cell(paper, random, filled=True)
    cells = paper.sheets[sheet][row]
    cells[column] = Styled(plain(cells[column]), STRIKE)


def strike_part(paper: Paper, random: Random) -> None:
    sheet, row, column = _cell(paper, random, filled=True)
    text = str(plain(paper.sheets[sheet][row][column]))
    at = random.randrange(len(text)) if text else 0
    if len(text) > 1:
        paper.sheets[sheet][row][column] = Struck(text[:at], text[at : at + 1], text[at + 1 :])


def strike_row(paper: Paper, random: Random) -> None:
    sheet, heading = _sheet(paper, random)
    row = random.choice(paper.sheets[sheet][heading + 1 :])
    row[:] = [Styled(plain(each), STRIKE) if plain(each) != "" else "" for each in row]


def strike_key(paper: Paper, random: Random) -> None:
    sheet, heading = _sheet(paper, random)
    row = random.choice(paper.sheets[sheet][heading + 1 :])
    titles = [base(each) for each in paper.sheets[sheet][heading]]
    able = [at for at, title in enumerate(titles) if title in KEYS and plain(row[at]) != ""]
    for at in random.sample(able, min(1, len(able))):
        row[at] = Styled(plain(row[at]), STRIKE)


def strike_heading(paper: Paper, random: Random) -> None:
    sheet, _, column = _cell(paper, random, filled=True)
    titles = paper.sheets[sheet][heading_of(paper.sheets[sheet]) or 0]
    titles[column] = Styled(plain(titles[column]), STRIKE)


def whiten_cell(paper: Paper, random: Random) -> None:
    sheet, row, column = _cell(paper, random, filled=True)
    cells = paper.sheets[sheet][row]
    cells[column] = Styled(plain(cells[column]), WHITE)


def hide_row(paper: Paper, random: Random) -> None:
    sheet, row, _ = _cell(paper, random, filled=True)
    paper.hidden.add((sheet, row))


def filter_rows(paper: Paper, random: Random) -> None:
    sheet, row, _ = _cell(paper, random, filled=True)
    heading = heading_of(paper.sheets[sheet]) or 0
    others = {*range(heading + 1, len(paper.sheets[sheet]))} - {row}
    paper.hidden |= {(sheet, each) for each in others}


def hide_column(paper: Paper, random: Random) -> None:
    sheet, heading = _sheet(paper, random)
    paper.narrow.add((sheet, random.randrange(len(paper.sheets[sheet][heading]))))


def hide_sheet(paper: Paper, random: Random) -> None:
    able = [each for each in paper.sheets if each not in paper.shut]
    if len(able) > 1:
        paper.shut[random.choice(able)] = random.choice(["hide", "very_hidden"])


def merge_cells(paper: Paper, random: Random) -> None:
    sheet, heading = _sheet(paper, random)
    rows = paper.sheets[sheet]
    row = random.randrange(heading + 1, len(rows) - 1)
    column = random.randrange(len(rows[heading]))
    if all(name != sheet for name, *_ in paper.merges):
        rows[row + 1][column] = ""  # so Excel does
        paper.merges.append((sheet, row, column, row + 1, column))


def comment(paper: Paper, random: Random) -> None:
    sheet, row, column = _cell(paper, random, filled=False)
    if all(note[:3] != (sheet, row, column) for note in paper.notes):
        paper.notes.append((sheet, row, column, WORD.format(random.randrange(10**6))))


def text_box(paper: Paper, random: Random) -> None:
    sheet, row, column = _cell(paper, random, filled=False)
    paper.boxes.append((sheet, row, column, WORD.format(random.randrange(10**6))))


# What moves cells comes first, for what is hidden or stuck on has an address.
MOVES: tuple[Mishap, ...] = (
    sort_rows, sort_a_column, insert_row, insert_column, delete_row, delete_column, copy_row,
    copy_sheet, rename_sheet, rename_heading, other_year,
)  # fmt: skip
MARKS: tuple[Mishap, ...] = (
    strike_cell, strike_part, strike_row, strike_key, strike_heading, whiten_cell, hide_row,
    filter_rows, hide_column, hide_sheet, merge_cells, comment, text_box,
)  # fmt: skip
HARMLESS: tuple[Mishap, ...] = (sort_rows, rename_sheet, comment, text_box)


def spoil(paper: Paper, random: Random) -> list[str]:
    """Let some things happen to a form; return their names."""
    moves = random.choices(MOVES, k=random.choice([0, 0, 1, 1, 2]))
    marks = random.choices(MARKS, k=random.choice([0, 1, 1, 2, 3]))
    for mishap in (*moves, *marks):
        mishap(paper, random)
    return [mishap.__name__ for mishap in (*moves, *marks)]
