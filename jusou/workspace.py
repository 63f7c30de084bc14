"""A workspace as an object: the folder with a plan and its logs, read, evaluated and added to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jusou import __version__
from jusou.errors import JusouError, Problem, UsageError
from jusou.values.fiscal_year import FiscalYear
from jusou.values.text import quote

if TYPE_CHECKING:
    from jusou.entry.decide import Decision
    from jusou.handouts.changes import Change
    from jusou.handouts.manifest import Handout
    from jusou.logs.dataset import Dataset
    from jusou.logs.schema import Actual, Revision, Stamp
    from jusou.plan.model import Plan
    from jusou.plan_table.reading import Founding
    from jusou.report.document import Document
    from jusou.report.fonts import Replaced
    from jusou.report.tables.trace import Trace
    from jusou.review.build import Review
    from jusou.review.overview import Neighbour, Overview
    from jusou.storage.transaction import Transaction


_WHOLE = "review.json"  # the last file of a pack to be put in place
Typed = str | int | float | Decimal


class Added(NamedTuple):
    """What became of a figure: the decision, the data it was made on, and what was written.

    ``kept`` are the files in which something was put aside to make room for the row.
    """

    decision: Decision[Actual]
    dataset: Dataset
    written: bool
    kept: Sequence[Path]


class Revised(NamedTuple):
    """What became of a change of the plan: a decision a row, all of them made on ``dataset``."""

    decisions: Sequence[Decision[Revision]]
    dataset: Dataset
    written: bool
    kept: Sequence[Path]

    @property
    def rows(self) -> tuple[Revision, ...]:
        """What is new: a target that is as it was is no change."""
        return tuple(each.row for each in self.decisions if each.verdict.is_written)


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


class Founded(NamedTuple):
    """A new workspace: its plan and files, and how many figures of past years are recorded.

    ``open`` tells what has to be confirmed in ``targets.yaml``, with the lines where it stands;
    ``notices`` tell what of the table was not read.
    """

    plan: Plan
    files: Sequence[Path]
    figures: int
    open: Mapping[str, Sequence[int]]
    notices: Sequence[Problem]


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

    def found(
        self, table: Path | None = None, *, recorded_by: str = "", today: date | None = None
    ) -> Founded:
        """Make the workspace, from the table of a plan (xlsx or CSV), else from an example.

        Nothing is replaced: raises JusouError where there are data, and for a table that cannot be
        read whole.
        """
        from jusou.plan_table.example import MUNICIPALITY, TITLE, example_book
        from jusou.plan_table.reading import read_plan_table
        from jusou.storage.founding import check_free
        from jusou.storage.spreadsheet import read_book

        day = today or date.today()
        check_free(self.root)
        if table is None:
            info = {"title": TITLE, "municipality": MUNICIPALITY, "sample": "true"}
            founding = read_plan_table(example_book(), day, info)
        else:
            founding = read_plan_table(read_book(table, table.name), day)
        return self._found(founding, table.name if table else "", _stamp(recorded_by, today))

    def found_next(
        self, folder: Path, span: str, *, recorded_by: str = "", today: date | None = None
    ) -> Founded:
        """Make the workspace of the next plan, of the years ``R13-R17``, from this one's.

        Its baselines are the last figures; its targets are left open.
        """
        from jusou.plan_table.next_plan import next_plan
        from jusou.storage.founding import check_free
        from jusou.storage.loading import plan_root

        check_free(folder)
        dataset = self.load()
        founding = next_plan(plan_root(self.root), dataset, span)
        source = f"{dataset.plan.info.title}（{dataset.plan.info.start}〜{dataset.plan.info.end}）"
        return Workspace(folder)._found(founding, source, _stamp(recorded_by, today))

    def _found(self, founding: Founding, source: str, stamp: Stamp) -> Founded:
        """Write a workspace, and the file that opens a console with it."""
        from jusou.plan.shape import plan_schema
        from jusou.plan_table.yaml_text import comments, plan_yaml
        from jusou.report.writers.json import dump
        from jusou.storage.founding import found_workspace
        from jusou.storage.starter import write_starter

        written = plan_yaml(founding.root, founding.open, comments(source))
        schema = dump(plan_schema())
        files = found_workspace(self.root, written.text, schema, founding.actuals, stamp)
        lines: dict[str, list[int]] = {}
        for loc, what in founding.open.items():
            lines.setdefault(what, []).append(written.lines[loc])
        every = [write_starter(self.root), *files]
        return Founded(founding.plan, every, len(founding.actuals), lines, founding.notices)

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

    def handouts(self, pack: str = "") -> list[Handout]:
        """Return the packs that were kept in the order of their meetings: all, or those of ``R9``.

        Those for the half of a year are ``R9-interim``.
        """
        from jusou.storage.handouts import folders

        if not (kept := folders(self.root)):
            return []
        from jusou.handouts.manifest import MANIFEST, NAME, REVIEW, read_handout
        from jusou.storage.files import read_bytes

        found = []
        for folder in kept:
            match = NAME.fullmatch(folder.name)
            if match and pack in ("", match[1]):
                contents = (read_bytes(folder / name) for name in (MANIFEST, REVIEW))
                found.append((int(match[2]), read_handout(folder.name, *contents)))
        found.sort(key=lambda each: (each[1].day, each[1].pack, each[0]))
        return [handout for _, handout in found]

    def since_handout(
        self, year: FiscalYear, today: date, name: str = ""
    ) -> tuple[Dataset, Handout | None, list[Change]]:
        """Return the data, a handout of a year (else its newest), and what has changed since.

        The figures to mark as corrected are among the data. Raises UsageError for the name of none.
        """
        dataset, own = self.marked(self.load(closely=True), year)
        if not own:
            return dataset, None, []
        from jusou.handouts.changes import changes_since

        handouts = {each.name: each for each in own}
        if name and name not in handouts:
            hint = f"{year} の控えは {'、'.join(handouts)} です。"
            raise UsageError(f"控え{quote(name)}はありません。", hint)
        handout = handouts[name or own[-1].name]
        return dataset, handout, changes_since(handout, plain_review(dataset, year, today), dataset)

    def marked(self, dataset: Dataset, year: FiscalYear) -> tuple[Dataset, Sequence[Handout]]:
        """Return the data with the figures that a paper of a year marks, and its handouts."""
        packs = [str(each) for each in (year.previous, year)]
        handouts = [each.read_by(dataset.plan) for pack in packs for each in self.handouts(pack)]
        if not handouts:
            return dataset, []
        from jusou.handouts.changes import corrected_figures

        dataset = replace(dataset, corrected=corrected_figures(dataset, year, handouts))
        return dataset, [each for each in handouts if each.pack == packs[1]]

    def state(self, dataset: Dataset) -> dict[str, Any]:
        """Return what a pack is made from, beside its review: program, plan, rows."""
        from jusou.storage.loading import plan_text

        return {
            "program": f"jusou {__version__}",
            "plan": plan_text(self.root),
            "logs": {path: [*rows.values()] for path, rows in dataset.row_digests.items()},
        }

    def trace(self, year: str | FiscalYear, indicator: str, *, today: date | None = None) -> Trace:
        """Return where the figure of an indicator in a year comes from, and who was given it."""
        from jusou.plan.model import check_log_year
        from jusou.report.tables.trace import build_trace, find_traced

        dataset = self.load(imports=True)
        chosen = check_log_year(dataset.plan, read_year(year))
        day = today or date.today()
        found = find_traced(dataset, chosen, indicator, day)
        handouts = [
            each.read_by(dataset.plan)
            for each in self.handouts()
            if each.year.number >= chosen.number
        ]
        return build_trace(dataset, handouts, chosen, found.id, day)

    def unkept_since(self, pack: str, today: date) -> date | None:
        """Return the day of a pack in ``reports`` that was made before today and never kept."""
        import hashlib

        from jusou.handouts.manifest import REVIEW

        folder = self._reports(pack)
        there = _earlier(folder)
        if not there or there["today"] >= today.isoformat():
            return None
        content = (folder / REVIEW).read_bytes()
        kept = hashlib.sha256(content).hexdigest() in {
            each.files[REVIEW] for each in self.handouts(pack)
        }
        return None if kept else date.fromisoformat(there["today"])

    def freeze(
        self,
        year: str | FiscalYear,
        meeting: str = "",
        *,
        interim: bool = False,
        today: date | None = None,
    ) -> Frozen:
        """Keep the pack in ``reports/R9`` as it was handed out at a meeting, held on ``today``.

        Without a ``meeting`` it is the one that the pack names, and held on the day it names. With
        ``interim`` it is the pack of the half of the year. Raises JusouError where a file was
        edited since, or files were not made together, UsageError where no meeting is named.
        """
        from jusou.handouts.manifest import (
            MANIFEST,
            REVIEW,
            Handout,
            arguments,
            check_pack,
            manifest_of,
            pack_name,
            read_review,
            rows_since,
        )
        from jusou.storage.files import read_bytes
        from jusou.storage.handouts import keep
        from jusou.storage.loading import plan_text
        from jusou.storage.transaction import hold

        pack = pack_name(read_year(year), interim=interim)
        folder = self._reports(pack)
        if not (folder / REVIEW).exists():
            message = f"{folder} に会議資料がありません。"
            raise JusouError(message, f"先に jusou report {arguments(pack)} で作ってください。")
        content = read_bytes(folder / REVIEW)
        review = read_review(content)
        files = {
            name: read_bytes(folder / name) for name in review["files"] if (folder / name).exists()
        }
        digests = check_pack(pack, content, files)
        printed = review["source"]
        if not meeting:
            meeting, held = printed.get("meeting", ""), printed.get("meeting_day")
            today = today or (date.fromisoformat(held) if held else None)
        if not meeting:
            hint = "--as 第1回計画見直し会議 のように指定してください。"
            raise UsageError("資料に会議名がないため、会議名が必要です。", hint)
        day = today or date.today()
        with hold(self.root, self._on_wait):
            dataset = self.load(closely=True)
            kept = self.handouts(pack)
            wanted = (meeting, day, digests)
            for each in kept:
                if (each.meeting, each.day, each.files) == wanted:
                    return Frozen(each, dataset, frozenset(), plan_changed=False, written=False)
            last = max((int(each.name.rpartition("-")[2]) for each in kept), default=0)
            name = f"{pack}-{last + 1}"
            handout = Handout(name, meeting, day, printed["number"] or "", digests, content)
            keep(self.root, name, {**files, REVIEW: content, MANIFEST: manifest_of(handout)})
        moved = rows_since(dataset.row_digests, printed["logs"])
        plan_changed = plan_text(self.root) != printed["plan"]
        return Frozen(handout, dataset, moved, plan_changed=plan_changed, written=True)

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

        lock = None if dry_run else hold(self.root, self._on_wait)
        stamp = _stamp(recorded_by, today)
        return transaction(self.root, *stamp, imports=imports, lock=lock)

    def review(self, year: str | FiscalYear, *, today: date | None = None) -> Review:
        """Return the review of a year of the plan, as seen on ``today`` (else the clock's day)."""
        from jusou.review.build import build_review

        return build_review(self.load(), read_year(year), today or date.today())

    def overview(self, *, today: date | None = None) -> Overview:
        """Return where the folder stands, and the plan before or after it that lies beside it."""
        from jusou.plan.remarks import read_remarks
        from jusou.review.overview import build_overview
        from jusou.storage.loading import plan_text

        dataset = self.load(imports=True)
        return build_overview(
            dataset,
            today or date.today(),
            [year for year in dataset.plan.years if (self._reports(str(year)) / _WHOLE).exists()],
            [*read_remarks(plan_text(self.root))],
            [*self._neighbours(dataset.plan)],
        )

    def _reports(self, pack: str) -> Path:
        return self.root / "reports" / pack

    def _neighbours(self, plan: Plan) -> Iterator[Neighbour]:
        """Yield the plan that follows this one, and the one before it, in a folder beside it."""
        from jusou.errors import DataError
        from jusou.review.overview import Neighbour
        from jusou.storage.loading import plans_beside, read_plan

        for folder in plans_beside(self.root, plan):
            with suppress(DataError):  # it is said where somebody works in that folder
                other = read_plan(folder)
                years = (plan.info, other.info)
                follows = any(one.end == two.start.previous for one, two in permutations(years))
                if follows and other.info.municipality == plan.info.municipality:
                    yield Neighbour(folder, other)

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

    def revise(
        self,
        changes: Sequence[Mapping[str, str]],
        *,
        reason: str = "",
        decided_by: str = "",
        decided_on: str = "",
        consultation: str = "",
        published_on: str = "",
        recorded_by: str = "",
        correct: bool = False,
        seen: Sequence[Revision] | None = None,
        dry_run: bool = False,
        today: date | None = None,
    ) -> Revised:
        """Record one decision whole: the cells of each change by heading, as they would be typed.

        What is said of the decision goes into every row that does not say it itself. ``correct``
        allows another 公表日 in place of one that was recorded. ``seen`` is what the person agreed
        to: rows of a dry run, which may be of a day to come. Raises JusouError where they would be
        others by now, and for all that may not be recorded at once.
        """
        from jusou.entry.decide import PUBLICATION, Permission
        from jusou.entry.revising import decide_changes

        permission = Permission(frozenset((PUBLICATION,) if correct else ()), ahead=dry_run)
        said = {
            "理由": reason, "決定機関": decided_by, "決定日": decided_on,
            "意見聴取": consultation, "公表日": published_on,
        }  # fmt: skip
        typed = [{**said, **cells} for cells in changes]
        with self.transaction(recorded_by=recorded_by, dry_run=dry_run, today=today) as t:
            decisions = decide_changes(t.dataset, typed, permission, today or date.today())
            revised = Revised(decisions, t.dataset, False, t.kept)
            if seen is not None and revised.rows != tuple(seen):
                message = "確かめている間に、ほかの人が計画の変更を記録しました。"
                raise JusouError(message, "もう一度、はじめから実行してください。")
            for row in revised.rows:
                t.append(row)
        return revised._replace(written=t.written)

    def write_pack(
        self,
        year: str | FiscalYear,
        folder: Path | None = None,
        *,
        today: date | None = None,
        parts: Sequence[str] | None = None,
        number: str = "",
        meeting: str = "",
        meeting_day: date | None = None,
        draft: bool = False,
        interim: bool = False,
        progress: Callable[[str], None] = lambda part: None,
    ) -> Pack:
        """Write the meeting pack of a year into ``folder`` (else ``reports/R9``).

        With ``interim`` it is that of its half (else into ``reports/R9-interim``).

        ``parts`` are the formats wanted (``pdf``, ``xlsx``, …; all without it), ``number`` is the
        handout's, ``meeting`` and its day are where it is handed out, ``draft`` marks the title;
        ``progress`` is told each part before it is made.
        """
        from jusou.handouts.manifest import pack_name
        from jusou.report.pack import (
            HALF_YEAR_PARTS,
            PARTS,
            build_pack,
            replaced_texts,
            source_of,
        )
        from jusou.report.sections.assembly import Occasion
        from jusou.storage.output import write_files

        chosen, day = read_year(year), today or date.today()
        dataset, handout, changes = self.since_handout(chosen, day)
        wanted = (HALF_YEAR_PARTS if interim else PARTS) if parts is None else parts
        occasion = Occasion(number, meeting, meeting_day, draft)
        place = folder or self._reports(pack_name(chosen, interim=interim))
        source = replace(
            source_of(dataset, chosen, day, interim=interim),
            occasion=occasion,
            handout=handout,
            changes=changes,
            state={**self.state(dataset), **occasion._asdict()},
            earlier=_earlier(place),
        )
        files = build_pack(source, wanted, progress)
        written = write_files(place, files)
        return Pack(dataset, source.document, written, replaced_texts(source, wanted))

    def write_whole_plan(
        self,
        to: str | FiscalYear | None = None,
        folder: Path | None = None,
        *,
        today: date | None = None,
        parts: Sequence[str] = ("pdf", "xlsx", "html", "md", "json"),
    ) -> tuple[Document, Sequence[Path]]:
        """Write the evaluation of the whole plan, up to a year (else its last).

        It goes into ``reports/plan``, that up to R10 into ``reports/plan-R10``.
        """
        from jusou.report.pack import paper_files
        from jusou.report.sections.whole import whole_plan_document
        from jusou.report.writers.json import dump, whole_plan_json
        from jusou.review.whole import build_whole_plan
        from jusou.storage.output import write_files

        dataset, day = self.load(), today or date.today()
        end = dataset.plan.info.end
        whole = build_whole_plan(dataset, read_year(to) if to else end, day)
        document = whole_plan_document(whole)
        name = "plan" if whole.is_final else f"plan-{whole.review.year}"
        files = paper_files(name, document, [each for each in parts if each != "json"], day)
        if "json" in parts:
            files[f"{name}.json"] = dump(whole_plan_json(whole)).encode()
        return document, write_files(folder or self.root / "reports" / name, files)

    def write_errata(
        self, dataset: Dataset, handout: Handout, changes: Sequence[Change], *, today: date
    ) -> tuple[Sequence[Document], Sequence[Path]]:
        """Write the 正誤表 of a handout and 「数値の確定について」, given what has changed since.

        They go into a folder of their own, each as PDF, Excel and Markdown; what has nothing to
        say is not written. Raises JusouError where the logs no longer tell how the handout was
        made.
        """
        from jusou.handouts.changes import figures_between, remade
        from jusou.handouts.manifest import rows_since
        from jusou.report.pack import paper_files, source_of
        from jusou.report.sections import errata
        from jusou.storage.loading import plan_in
        from jusou.storage.output import write_files

        day = date.fromisoformat(handout.review["today"])
        then = plan_in(self.root, handout.review["source"]["plan"].encode())
        printed, right, reasons, mistyped = remade(handout, then, dataset)
        plan, year = printed.plan, dataset.plan.own(handout.year)
        again, without_errors = (plain_review(each, year, day) for each in (printed, right))
        errata.check_remade(plan, handout, figures_between(handout.review, again, printed))
        now = plain_review(dataset, year, today)
        since = rows_since(dataset.row_digests, handout.logs)
        others = figures_between(without_errors, now, dataset, since)
        wrong, mended = (source_of(each, year, day).illustrated for each in (printed, right))
        pair = errata.Pair(plan, wrong, mended, reasons, mistyped)
        sheets = {
            "errata": errata.errata_document(dataset.plan, handout, pair, others, today),
            "settled": errata.settled_document(dataset.plan, handout, changes, now, today),
        }
        files: dict[str, bytes] = {}
        for name, document in sheets.items():
            if document:
                files |= paper_files(name, document, ("pdf", "xlsx", "md"), today)
        written = write_files(self.errata_folder(handout), files) if files else []
        return [*filter(None, sheets.values())], written

    def errata_folder(self, handout: Handout) -> Path:
        """Where the 正誤表 goes: ``errata-R9``, of an earlier handout ``errata-R9-1``."""
        is_newest = handout.name == self.handouts(str(handout.year))[-1].name
        name = str(handout.year) if is_newest else handout.name
        return self.root / "reports" / f"errata-{name}"


def _stamp(recorded_by: str, today: date | None) -> Stamp:
    """Return what rows are recorded with: the time now, on ``today`` where that is another day."""
    from jusou.logs.schema import Stamp

    now = datetime.now().astimezone()
    day = today or now.date()
    at = now.replace(year=day.year, month=day.month, day=day.day)
    return Stamp(at.isoformat(timespec="seconds"), recorded_by)


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
