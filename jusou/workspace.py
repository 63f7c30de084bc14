"""A workspace as an object: the folder with a plan and its logs, read, evaluated and added to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jusou import __version__
from jusou.errors import JusouError, UsageError
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import quote

if TYPE_CHECKING:
    from jusou.entry.decide import Decision
    from jusou.handouts.changes import Change
    from jusou.handouts.manifest import Handout
    from jusou.logs.dataset import Dataset
    from jusou.logs.schema import Actual
    from jusou.plan.model import Plan
    from jusou.report.document import Document
    from jusou.report.fonts import Replaced
    from jusou.review.build import Review
    from jusou.storage.transaction import Transaction


Typed = str | int | float | Decimal


class Added(NamedTuple):
    """What became of a figure: the decision, the data it was made on, and what was written.

    ``kept`` are the files in which something was put aside to make room for the row.
    """

    decision: Decision[Actual]
    dataset: Dataset
    written: bool
    kept: Sequence[Path]


class Pack(NamedTuple):
    """A meeting pack that was written: what it was made of, its files in the order of writing.

    ``replaced`` are the texts in which a character that the font lacks is printed as 〓.
    """

    dataset: Dataset
    document: Document
    files: Sequence[Path]
    replaced: Sequence[Replaced]


class Frozen(NamedTuple):
    """A pack that was kept, unless it had been already; the rows recorded since it was made."""

    handout: Handout
    dataset: Dataset
    moved: frozenset[tuple[str, int]]
    plan_changed: bool
    written: bool


class Workspace:
    """A folder that holds ``data/targets.yaml`` and the logs beside it.

    Nothing is read before it is asked for, and nothing is kept: each method reads what is there
    now. All of them raise JusouError, with words and a remedy in Japanese; data with a mistake
    raise DataError with every problem found.
    """

    def __init__(self, path: str | Path, on_wait: Callable[[str], None] | None = None) -> None:
        """``on_wait`` is told, in words, when another writer keeps this one waiting."""
        self.root = Path(path)
        self._on_wait = on_wait

    @classmethod
    def find(
        cls, given: Path | None, start: Path, on_wait: Callable[[str], None] | None = None
    ) -> Workspace:
        """Return the workspace ``given``, or the nearest one upward from ``start``."""
        from jusou.storage.loading import find_root

        return cls(find_root(given, start), on_wait)

    def plan(self) -> Plan:
        """Return the plan alone."""
        from jusou.storage.loading import read_plan

        return read_plan(self.root)

    def load(self, *, imports: bool = False, closely: bool = False) -> Dataset:
        """Return all that was read; the log of imports only where it is asked for.

        With it, or where it is read ``closely``, come the digests of all rows.
        """
        from jusou.storage.loading import load

        return load(self.root, imports=imports, closely=closely)

    def handouts(self, year: FiscalYear | None = None) -> list[Handout]:
        """Return the packs that were kept, of one year or all, in the order of their meetings."""
        from jusou.handouts.manifest import MANIFEST, NAME, REVIEW, read_handout
        from jusou.storage.files import read_bytes
        from jusou.storage.handouts import folders

        found = []
        for folder in folders(self.root):
            match = NAME.fullmatch(folder.name)
            if match and (year is None or match[1] == str(year)):
                contents = (read_bytes(folder / name) for name in (MANIFEST, REVIEW))
                found.append((int(match[2]), read_handout(folder.name, *contents)))
        found.sort(key=lambda each: (each[1].day, each[1].year, each[0]))
        return [handout for _, handout in found]

    def since_handout(
        self, year: FiscalYear, today: date
    ) -> tuple[Dataset, Handout | None, list[Change]]:
        """Return the data, the newest handout of a year, and what has changed since.

        The figures to mark as corrected are among the data.
        """
        dataset = self.load(closely=True)
        handouts = self.handouts()
        own = [each for each in handouts if each.year == year]
        if not handouts:
            return dataset, None, []
        from jusou.handouts.changes import changes_since, corrected_figures

        dataset = replace(dataset, corrected=corrected_figures(dataset, year, handouts))
        if not own:
            return dataset, None, []
        now = plain_review(dataset, year, today)
        return dataset, own[-1], changes_since(own[-1], now, dataset)

    def state(self, dataset: Dataset, number: str = "", *, draft: bool = False) -> dict[str, Any]:
        """Return what a pack is made from, beside its review: program, plan, rows, options."""
        return {
            "program": f"jusou {__version__}",
            "number": number or None,
            "draft": draft,
            "plan": self._plan_text(),
            "logs": {path: [*rows.values()] for path, rows in dataset.row_digests.items()},
        }

    def unkept_since(self, year: FiscalYear, today: date) -> date | None:
        """Return the day of a pack in ``reports/R9`` that was made before today and never kept."""
        import hashlib

        from jusou.handouts.manifest import REVIEW

        pack = _earlier(self.root / "reports" / str(year))
        if not pack or pack["today"] >= today.isoformat():
            return None
        content = (self.root / "reports" / str(year) / REVIEW).read_bytes()
        kept = hashlib.sha256(content).hexdigest() in {
            each.files[REVIEW] for each in self.handouts(year)
        }
        return None if kept else date.fromisoformat(pack["today"])

    def freeze(self, year: str | FiscalYear, meeting: str, *, today: date | None = None) -> Frozen:
        """Keep the pack in ``reports/R9`` as it was handed out at a meeting, held on ``today``.

        Raises JusouError where a file was edited since, or files were not made together.
        """
        from jusou.handouts.manifest import (
            MANIFEST,
            REVIEW,
            Handout,
            check_pack,
            manifest_of,
            read_review,
            rows_since,
        )
        from jusou.storage.files import read_bytes
        from jusou.storage.handouts import keep
        from jusou.storage.transaction import hold

        chosen = read_year(year)
        folder = self.root / "reports" / str(chosen)
        if not (folder / REVIEW).exists():
            message = f"{folder} に会議資料がありません。"
            raise JusouError(message, f"先に jusou report {chosen} で作ってください。")
        content = read_bytes(folder / REVIEW)
        review = read_review(content)
        files = {
            name: read_bytes(folder / name) for name in review["files"] if (folder / name).exists()
        }
        digests = check_pack(chosen, content, files)
        day, number = today or date.today(), review["source"]["number"] or ""
        with hold(self.root, self._on_wait):
            dataset = self.load(closely=True)
            kept = self.handouts(chosen)
            wanted = (meeting, day, digests)
            for each in kept:
                if (each.meeting, each.day, each.files) == wanted:
                    return Frozen(each, dataset, frozenset(), plan_changed=False, written=False)
            last = max((int(each.name.partition("-")[2]) for each in kept), default=0)
            name = f"{chosen}-{last + 1}"
            handout = Handout(name, meeting, day, number, digests, content)
            keep(self.root, name, {**files, REVIEW: content, MANIFEST: manifest_of(handout)})
        moved = rows_since(dataset.row_digests, review["source"]["logs"])
        plan_changed = self._plan_text() != review["source"]["plan"]
        return Frozen(handout, dataset, moved, plan_changed=plan_changed, written=True)

    def _plan_text(self) -> str:
        from jusou.storage.files import read_bytes
        from jusou.storage.loading import PLAN_PATH

        return read_bytes(self.root / PLAN_PATH).decode("utf-8-sig")

    def transaction(
        self,
        *,
        recorded_by: str = "",
        imports: bool = False,
        dry_run: bool = False,
        today: date | None = None,
    ) -> AbstractContextManager[Transaction]:
        """Hold the workspace for writing: ``with workspace.transaction() as t``.

        ``t.dataset`` is what stands; rows given to ``t.append`` are written when the block is
        left, each with the time now, on ``today`` (else the clock's day), and ``recorded_by``, all
        or none. A dry run locks and writes nothing.
        """
        from jusou.storage.transaction import hold, transaction

        now = datetime.now().astimezone()
        day = today or now.date()
        at = now.replace(year=day.year, month=day.month, day=day.day).isoformat(timespec="seconds")
        lock = None if dry_run else hold(self.root, self._on_wait)
        return transaction(self.root, at, recorded_by, imports=imports, lock=lock)

    def review(self, year: str | FiscalYear, *, today: date | None = None) -> Review:
        """Return the review of a year of the plan, as seen on ``today`` (else the clock's day)."""
        from jusou.review.build import build_review

        return build_review(self.load(), read_year(year), today or date.today())

    def table(self, *, today: date | None = None) -> list[dict[str, Any]]:
        """Return one row an indicator and year, as ``export`` does, for a DataFrame.

        Figures are Decimals, what is missing is None (docs/formats.md has the columns).
        """
        from jusou.report.tables.long import long_rows

        return long_rows(self.load(), today or date.today())

    def add(
        self,
        year: str | FiscalYear,
        indicator: str,
        value: Typed = "",
        *,
        basis: str = "",
        as_of: str = "",
        numerator: Typed = "",
        denominator: Typed = "",
        remark: str = "",
        reason: str = "",
        recorded_by: str = "",
        correct: bool = False,
        before_year_end: bool = False,
        dry_run: bool = False,
        today: date | None = None,
    ) -> Added:
        """Record one figure, given as it would be typed or as a number.

        With ``correct`` it takes the place of another; ``reason`` says why, as papers will print
        it. Raises RefusedError for one that may not be recorded as it is.
        """
        from jusou.entry.decide import EVERYTHING, Permission, RefusedError, decide
        from jusou.logs.rows import read_actual

        cells = {
            "指標": indicator,
            "実績値": _typed(value), "分子": _typed(numerator), "分母": _typed(denominator),
            "区分": basis, "基準日": as_of, "備考": remark,
        }  # fmt: skip
        allowed = EVERYTHING if correct else frozenset()
        permission = Permission(allowed, reason.strip(), before_year_end)
        with self.transaction(recorded_by=recorded_by, dry_run=dry_run, today=today) as t:
            row = read_actual(t.dataset.plan, read_year(year), cells)
            decision = decide(t.dataset, row, permission, today or date.today())
            if decision.obstacle:
                raise RefusedError(decision)
            if decision.verdict.is_written:
                t.append(decision.row)
        return Added(decision, t.dataset, t.written, t.kept)

    def write_pack(
        self,
        year: str | FiscalYear,
        folder: Path | None = None,
        *,
        today: date | None = None,
        parts: Sequence[str] | None = None,
        number: str = "",
        draft: bool = False,
        progress: Callable[[str], None] = lambda part: None,
    ) -> Pack:
        """Write the meeting pack of a year into ``folder`` (else ``reports/R9``).

        ``parts`` are the formats wanted (``pdf``, ``xlsx``, …; all without it), ``number`` is the
        handout's, ``draft`` marks the title; ``progress`` is told each part before it is made.
        """
        from jusou.report.pack import PARTS, Source, build_pack, replaced_texts
        from jusou.report.sections.assembly import build_document
        from jusou.review.build import build_review
        from jusou.storage.output import write_files

        chosen, wanted = read_year(year), PARTS if parts is None else parts
        dataset, handout, changes = self.since_handout(chosen, today or date.today())
        review = build_review(dataset, chosen, today or date.today())
        document = build_document(
            review, number=number, draft=draft, handout=handout, changes=changes
        )
        place = folder or self.root / "reports" / str(chosen)
        source = Source(
            review,
            document,
            dataset.digests,
            self.state(dataset, number, draft=draft),
            _earlier(place),
        )
        files = build_pack(source, wanted, progress)
        written = write_files(place, files)
        return Pack(dataset, document, written, replaced_texts(source, wanted))


def plain_review(dataset: Dataset, year: FiscalYear, today: date) -> dict[str, Any]:
    """Return the review of a year as plain data, as its ``review.json`` is read back."""
    import json

    from jusou.report.writers.json import dump, review_json
    from jusou.review.build import build_review

    review = review_json(build_review(dataset, year, today))
    plain: dict[str, Any] = json.loads(dump(review), parse_float=Decimal)
    return plain


def _earlier(folder: Path) -> Mapping[str, Any]:
    """Return the ``review.json`` of the pack in a folder; nothing where there is none to read."""
    from jusou.handouts.manifest import REVIEW, read_review

    try:
        return read_review((folder / REVIEW).read_bytes())
    except (OSError, JusouError):
        return {}


def _typed(value: Typed) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def read_year(year: str | FiscalYear) -> FiscalYear:
    """Return a fiscal year, given in any spelling. Raises UsageError."""
    if isinstance(year, FiscalYear):
        return year
    try:
        return FiscalYear.parse(year)
    except ValueError:
        message = f"年度{quote(year)}は読めません。"
        raise UsageError(message, "R9 か 令和9年度 のように指定してください。") from None
