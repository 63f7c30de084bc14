"""Mutated plans, logs, answers and forms: ``python -m tests.mutations [--count N] [--seed S]``.

Whatever a file or an answer holds, a command gives a result or says what is wrong, in bounded time
and memory. Each mutant follows from the seed and its number alone: ``--only NUMBER`` makes one of
them again and shows what it does.
"""

from __future__ import annotations

import argparse
import atexit
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import yaml

from jusou.logs.schema import Basis
from tests.filled_forms import Paper, csv_text
from tests.mutating import (
    FIGURES,
    SYNTAX,
    WORDS,
    Chance,
    mutate_cells,
    mutate_tree,
    mutated_archive,
    mutated_bytes,
    mutated_table,
    mutated_text,
    times,
)
from tests.support import (
    ACTUALS_HEADER,
    GALLERY,
    REVIEWS_HEADER,
    REVISIONS_HEADER,
    Ran,
    call,
    fictional_workspace,
)

MAX_SECONDS, MAX_BYTES = 10, 1_000_000_000
DAY = ("--date", "2028-06-01")  # R9 is over, R10 is running
PLAN = (GALLERY / "base" / "data" / "targets.yaml").read_text("utf-8")
LOGS = {
    "actuals/R8.csv": (
        ACTUALS_HEADER,
        "2027-05-10T09:00:00+09:00,R8,mado-1,112,,,確定,,山田,,",
        "2027-05-10T09:01:00+09:00,R8,mado-2,91.3,913,1000,速報,,山田,窓口日誌,",
        "2027-05-11T09:00:00+09:00,R8,mado-3,,,,測定不能,,山田,機器の故障,",
        "2027-05-12T09:00:00+09:00,R8,machi-1,20,,,確定,,山田,,",
        "2027-05-12T09:01:00+09:00,R8,machi-2,12,,,確定,,山田,,",
    ),
    "actuals/R9.csv": (
        ACTUALS_HEADER,
        "2027-10-12T09:00:00+09:00,R9,mado-1,61,,,中間,2027-09-30,山田,,",
        "2028-05-10T09:00:00+09:00,R9,mado-1,125,,,確定,,山田,,",
        "2028-05-10T09:01:00+09:00,,mado-2,,905,1000,,2028-03-31,山田,,",
        "2028-05-10T09:02:00+09:00,R9,mado-3,18.4,,,見込,,山田,,",
        "2028-05-10T09:03:00+09:00,R9,machi-1,,,,未確定,,山田,7月に確定予定,",
        ',,(2)②,"1,012人"',
        "2028-05-11T09:03:00+09:00,R9,machi-2,13,,,確定,,山田,／訂正: 転記の誤り,",
    ),
    "reviews/R9.csv": (
        REVIEWS_HEADER,
        '2028-05-20T09:00:00+09:00,R9,mado-1,随時受け付けた。,周知が進んだ。,"一行目\n二行目",'
        "様式を見直す。,現状維持,A,目標を超えたため,,,山田,",
        "2028-05-20T09:01:00+09:00,R9,mado-ini-1,広報した。,,,,,,,,,山田,",
        "2028-05-20T09:02:00+09:00,R9,machi,,,,,拡充,,,よい。,続ける。,山田,",
        "2028-05-21T09:02:00+09:00,R9,mado-1,,（削除）,,,,,,,,山田,",
    ),
    "revisions.csv": (
        REVISIONS_HEADER,
        "2027-10-20T09:00:00+09:00,mado-1,目標値,R9,120,118,見直し,会議,2027-10-20,,,山田",
        "2028-02-20T09:00:00+09:00,mado-1,,R10,130,128,見直し,会議,R10.2.20,意見,R10.3.1,山田",
    ),
}
ANSWERS = (
    "125", "１２５件", "905/1000", "９０５／１０００", "速報 125", "見込　130", "中間 61", "取消",
    "未確定 7月に確定予定", "該当なし", "測定不能", "y", "n", "s", "b", "?", "q", "", "2028-03-31",
    "R10.3.31", "窓口日誌による", "再集計", "18.4分", "12.5", "0", "0/0", "1e3", "約50",
)  # fmt: skip


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="mutations"))
    atexit.register(shutil.rmtree, folder)
    return folder


def _desk(plan: bytes, logs: dict[str, bytes]) -> Path:
    """Return a workspace with this plan and these logs, and nothing that was there before."""
    root = _folder() / "workspace"
    data = root / "data"
    for path in data.rglob("*"):
        if path.is_file():
            path.unlink()
    for name, content in {"targets.yaml": plan, **logs}.items():
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


def _sound_logs() -> dict[str, bytes]:
    return {name: "\r\n".join([*rows, ""]).encode("utf-8-sig") for name, rows in LOGS.items()}


def _likely_logs(chance: Chance) -> dict[str, bytes]:
    """Return logs of rows that may well be taken, so that what they say is computed with."""
    found = {}
    for year in ("R6", "R8", "R9", "R10"):
        rows = [ACTUALS_HEADER.split(",")]
        first = 2018 + int(year[1:])
        for _ in range(chance.randrange(12)):
            indicator = chance.choice(("mado-1", "mado-2", "mado-3", "machi-1", "machi-2"))
            basis = chance.choice(list(Basis))
            value, parts = chance.choice(FIGURES) if basis.needs_value else "", ["", ""]
            if indicator == "mado-2" and value and chance.random() < 0.7:
                value, parts = "", chance.choice((["905", "1000"], ["0", "1"], ["1", "3"]))
            days = ("", f"{first}-09-30", f"{first}-04-01", f"{first + 1}-03-31")
            day = chance.choice(days[basis is Basis.INTERIM :])
            stamp = f"20{chance.randrange(20, 40)}-0{chance.randrange(1, 9)}-10T09:00:00+09:00"
            remark = chance.choice(("理由", *WORDS[:30]))
            rows.append([stamp, year, indicator, value, *parts, str(basis), day, "人", remark, ""])
        found[f"actuals/{year}.csv"] = csv_text(rows).encode("utf-8-sig")
    return found


def _read(root: Path, chance: Chance) -> Iterator[Ran]:
    """Run ``check`` and one of the other commands that read."""
    year = chance.choice(("R8", "R9", "R9", "R10"))
    others: tuple[tuple[str, ...], ...] = (
        ("show", year, *DAY), ("show", year, "--format", "json", *DAY), ("status", year, *DAY),
        ("export", *DAY), ("report", year, "--only", "md,txt,json", *DAY), ("history", "mado-1"),
        ("report", year, "--only", "xlsx", *DAY), ("form", year, "--all", *DAY),
        ("form", year, "--format", "csv", *DAY),
    )  # fmt: skip
    yield call(root, "check", *DAY)
    yield call(root, *chance.choice(others))


def plans(chance: Chance) -> Iterator[Ran]:
    text = PLAN
    match chance.randrange(5):
        case 0:
            content = mutated_bytes(PLAN.encode(), chance)
        case 1:
            for _ in times(chance):
                text = mutated_text(text, chance, (*WORDS, *SYNTAX, *SYNTAX))
            content = text.encode("utf-8", "replace")
        case _:
            tree = yaml.load(PLAN, Loader=yaml.BaseLoader)  # every scalar is the text it was
            for _ in times(chance):
                mutate_tree(tree, chance)
            content = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False).encode()
    yield from _read(_desk(content, _sound_logs()), chance)


def logs(chance: Chance) -> Iterator[Ran]:
    found = _sound_logs()
    if chance.random() < 0.5:
        found |= _likely_logs(chance)
    else:
        for name in chance.sample(list(found), chance.choice((1, 1, 2))):
            found[name] = mutated_table(found[name], chance)
    root = _desk(PLAN.encode(), found)
    yield from _read(root, chance)
    if chance.random() < 0.2:
        yield call(root, "add", "R9", "machi-1", "21", "--correct", "--remark", "再集計", *DAY)


def answers(chance: Chance) -> Iterator[Ran]:
    root = _desk(PLAN.encode(), _sound_logs())
    match chance.randrange(6):
        case 0:
            figure, *more = (_argument(chance) for _ in range(4))
            names = ("--basis", "--as-of", "--remark")
            options = [f"{name}={each}" for name, each in zip(names, more, strict=True) if each]
            indicator = chance.choice(("mado-1", "mado-2", "(2)②"))
            some = chance.sample(options, chance.randrange(len(options) + 1))
            yield call(root, "add", "R9", indicator, *some, *DAY, "--", figure)
        case 1:
            texts = chance.sample(("cause", "issue", "course", "evaluation"), 2)
            given = [f"--{each}={_argument(chance)}" for each in texts]
            yield call(root, "note", "R9", "mado-1", *given)
        case _:
            typed = "".join(f"{chance.choice(ANSWERS)}\n" for _ in range(chance.randrange(15)))
            for _ in times(chance):
                typed = mutated_text(typed, chance, WORDS)
            content = typed.encode("utf-8", "replace")
            if chance.random() < 0.3:
                content = mutated_bytes(content, chance)
            year, everything = chance.choice(("R8", "R9", "R10")), chance.choice(((), ("--all",)))
            stdin = content.decode("utf-8", "surrogateescape")
            yield call(root, "enter", year, *everything, *DAY, stdin=stdin)
    yield call(root, "check", *DAY)  # what was written can be read


def _argument(chance: Chance) -> str:
    return chance.choice((*ANSWERS, *WORDS)).replace("\0", "")


@cache
def _forms() -> dict[str, bytes]:
    """Return forms of every kind, filled in, and a table, by file name."""
    root = fictional_workspace(_folder() / "forms")
    found = {"表.csv": "指標,実績値,区分,備考\nmado-1,120,,\nmado-3,,該当なし,理由\n".encode()}
    typed = {"実績値": 120, "9月末実績": 60, "備考": "窓口日誌", "要因": "周知\n二行目"}
    for options in ("R9", "R10 --interim", "R9 --all", "R9 --format csv"):
        for line in call(root, "form", *options.split(), *DAY).out.splitlines()[1:]:
            path = Path(line.strip())
            if path.suffix == ".xlsx":
                paper = Paper.open(path)
                for title, value in typed.items():
                    if any(title in paper.titles(sheet) for sheet in paper.sheets):
                        paper.put("mado-1", title, value)
                paper.save(path)
            found[path.name] = path.read_bytes()
    return found


def forms(chance: Chance) -> Iterator[Ran]:
    root = _desk(PLAN.encode(), _sound_logs())
    name, content = chance.choice(list(_forms().items()))
    path = _folder() / "返信" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    if path.suffix == ".csv":
        path.write_bytes(mutated_table(content, chance))
    elif chance.random() < 0.4:
        spoil = chance.choice((mutated_bytes, mutated_archive, mutated_archive))
        path.write_bytes(spoil(content, chance))
    else:
        paper = Paper.open(path)
        for _ in times(chance):
            mutate_cells(paper.sheets[chance.choice(list(paper.sheets))], chance)
        paper.save(path)
    options = chance.choice(((), ("--accept-valid",)))
    yield call(root, "import", str(path), *options, "--year", "R9", *DAY)
    yield call(root, "check", *DAY)  # what was written can be read


KINDS: tuple[Callable[[Chance], Iterator[Ran]], ...] = (plans, logs, answers, forms)


def outcome(seed: int, number: int) -> str:
    """Try one mutant; return its kind and how the commands ended. Raises what they should not."""
    kind = KINDS[number % len(KINDS)]
    codes = []
    for ran in kind(Chance(f"{seed}/{number}")):
        assert ran.code in (0, 1, 2), ran
        assert ran.out + ran.err, ran
        codes.append(ran.code)
    return f"{kind.__name__} {'refused' if any(codes) else 'taken'}"


# --- Many of them, in a process of their own: one that aborts or hangs is known by its number ---


def _work(seed: int, first: int, end: int) -> None:
    """Try mutants, saying before each which it is, and after it what became of it."""
    import resource

    for number in range(len(KINDS)):  # what all of them load does not count
        outcome(seed, number)
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    limit = pages * resource.getpagesize() + MAX_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for number in range(first, end):
        _say(number, "", 0)
        started = time.process_time()  # what else the machine does takes only time on the wall
        try:
            found = outcome(seed, number)
        except BaseException:
            found = traceback.format_exc()
        _say(number, found, time.process_time() - started)


def _say(number: int, found: str, seconds: float) -> None:
    print(json.dumps([number, found, seconds]), flush=True)


def run(seed: int, first: int, end: int) -> Iterator[tuple[int, str, float]]:
    """Yield each mutant's number, what became of it, and the seconds it took."""
    while first < end:
        command = [sys.executable, "-m", "tests.mutations", "--seed", str(seed)]
        command += ["--work", str(first), str(end)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for number, found, seconds in _watched(process):
                first = number + 1
                yield number, found, seconds


def _watched(process: subprocess.Popen[bytes]) -> Iterator[tuple[int, str, float]]:
    """Read what the process says; end it if it says nothing for a long time."""
    assert process.stdout is not None
    begun = None
    while True:
        timer = threading.Timer(30 * MAX_SECONDS, process.kill)
        timer.start()
        line = process.stdout.readline()
        timer.cancel()
        if not line:
            break
        number, found, seconds = json.loads(line)
        begun = None if found else number
        if found:
            yield number, found if seconds < MAX_SECONDS else f"slow\n{found}", seconds
    code = process.wait()
    if begun is not None:
        yield begun, f"died ({code})", 0
    elif code:
        raise RuntimeError(code)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number to begin with (0)")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="show what one of them does")
    parser.add_argument("--work", type=int, nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        _work(given.seed, *given.work)
        return 0
    if given.only is not None:
        for ran in KINDS[given.only % len(KINDS)](Chance(f"{given.seed}/{given.only}")):
            print(ran.code, ran.out, ran.err, sep="\n")
        return 0
    counts: Counter[str] = Counter()
    slowest = 0.0
    for number, found, seconds in run(given.seed, given.first, given.first + given.count):
        slowest = max(slowest, seconds)
        is_fine = found.endswith((" taken", " refused")) and not found.startswith("slow")
        counts[found if is_fine else "faults"] += 1
        if not is_fine:
            print(f"--- {number}: {found}", flush=True)
        if number % 1000 == 999:
            print(f"{number + 1:,} …", file=sys.stderr)
    print(*(f"{count:8,} {what}" for what, count in sorted(counts.items())), sep="\n")
    print(f"The slowest took {slowest:.1f} s.")
    return int(bool(counts["faults"]))


if __name__ == "__main__":
    sys.exit(main())
