"""What a change gives: seen at a glance, run by run, while its lines are chosen; and its brief, as files."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from math import isfinite
from pathlib import Path

from anyio.to_thread import run_sync

from tverretatlig_sim.app.change import Form
from tverretatlig_sim.app.library import Arrangement, Library
from tverretatlig_sim.app.query import SIDES, Change
from tverretatlig_sim.app.scheduler import Cache, Checkpoint, Scheduler
from tverretatlig_sim.app.simulation import Batch, Simulator
from tverretatlig_sim.app.view import Document
from tverretatlig_sim.errors import TverretatligError
from tverretatlig_sim.i18n import _, current_language, joined, label
from tverretatlig_sim.inputs import plain
from tverretatlig_sim.scenario.errors import Origin, Problem, ScenarioError
from tverretatlig_sim.scenario.files import table_of
from tverretatlig_sim.scenario.overlay import HEX, Overlay, fingerprint, lines_of
from tverretatlig_sim.scenario.validate import checked
from tverretatlig_sim.show.brief import Brief
from tverretatlig_sim.show.changes import overlay_text
from tverretatlig_sim.show.render import texts
from tverretatlig_sim.show.rows import percent
from tverretatlig_sim.study.briefing import Briefing, gather, glance
from tverretatlig_sim.study.history_matching import read_stored
from tverretatlig_sim.study.sampling import Progress

GLANCED = ((0, 16), (16, 64), (64, 128))
"""Runs of each batch of a glance: something is seen at once, and soon more surely."""
BRIEFS_KEPT = 8
STEPS = ("compare", "explain", "barriers", "robust")
"""Steps of a brief, in order."""
PATIENCE = 0.4
"""Seconds between words on how far a brief has come."""

LONGEST_FILE = 60_000
"""Most bytes of a file that are read."""
Key = tuple[Arrangement, Arrangement, int, bool]


class NothingChangedError(TverretatligError):
    """There is nothing that a brief could be about."""


async def glances(form: Form, simulator: Simulator, scheduler: Scheduler) -> AsyncIterator[Document]:
    """What a change gives after each batch of runs, on the same draws as its base.

    Args:
        form: what is changed.
        simulator: simulates it.
        scheduler: says when.
    """
    batches: dict[str, list[Batch]] = {side: [] for side in SIDES}
    for first, end in GLANCED:
        spans = simulator.spans(form.choice, first, end)
        for side, batch in (await scheduler.background(partial(simulator.batches, spans, 1))).items():
            batches[side].append(batch)
        yield await run_sync(_glance, form, {side: list(own) for side, own in batches.items()}, simulator)


def _glance(form: Form, batches: dict[str, list[Batch]], simulator: Simulator) -> Document:
    comparison = simulator.comparison(form.choice, batches)
    told = Brief(glance(comparison, [*form.lines.values()]))
    sentences = told.answer if form.lines else []
    cost = told.cost
    return {
        "runs": comparison.runs,
        "of": GLANCED[-1][1],
        "answer": sentences,
        "verdict": told.judged(told.told) if form.lines else "",
        "workload": told.workload if form.lines else [],
        "bars": [*_bars(told)],
        "heads": [*cost.columns.values()],
        "cost": [row for group in texts(cost) for row in group],
    }


def _bars(told: Brief) -> Iterator[Document]:
    """The measure of the answer, as it is and changed."""
    for key, share in zip(("without", "with"), reversed(told.means(told.told)), strict=True):
        if isfinite(share):
            words = {"title": label(f"brief.head.{key}"), "shown": f"{percent(share)} %"}
            yield {**words, "percent": round(100 * share, 1)}


class Briefs:
    """Makes briefs of a library's arrangements; the latest results are kept."""

    def __init__(self, library: Library) -> None:
        """Make none yet.

        Args:
            library: what can be chosen.
        """
        self.library = library
        self._made: Cache[Key, Briefing] = Cache(BRIEFS_KEPT)

    def file(self, choice: Change, ending: str, checkpoint: Checkpoint) -> bytes:
        """A brief, in the current language.

        Args:
            choice: the base and its change.
            ending: ``.html``, ``.docx`` or ``.xlsx``.
            checkpoint: called often; what it raises ends the work.

        Raises:
            OfficeError: what the file needs is not installed.
            NothingChangedError: there is no line that could be made.
        """
        from tverretatlig_sim.show.report import Page  # matplotlib is slow to import

        results = self.results(choice, checkpoint)
        form, name = Form(choice, self.library), label("change.file")
        again = ["tverretatlig", "brief", choice.a.scenario, f"{name}.toml", "--runs", str(choice.runs)]
        again += [] if choice.robust else ["--no-robust"]
        again += ["--seed", str(choice.seed), "--lang", current_language(), "--out", f"{name}{ending}"]
        return Page(results, f"{form.command(name)} && {shlex.join(again)}").data(ending)

    def results(self, choice: Change, checkpoint: Checkpoint, told: Progress = lambda done: None) -> Briefing:
        """Everything that a brief rests on.

        Args:
            choice: the base and its change.
            checkpoint: called often; what it raises ends the work.
            told: called with how many per cent are done.
        """
        base, change = self.library.scenario(choice.a), self.library.scenario(choice.b)
        if base is change:
            raise NothingChangedError(_("nothing is changed yet"))

        @contextmanager
        def progress(total: int, what: str) -> Iterator[Progress]:
            finished = 0

            def report(number: int) -> None:
                nonlocal finished
                finished += number
                checkpoint()
                told(round(100 * (STEPS.index(what) + min(finished / total, 1)) / len(STEPS)))

            yield report

        def make(_key: Key) -> Briefing:
            stored = read_stored() if choice.robust else None
            return gather(base, change, choice.runs, choice.seed, stored=stored, progress=progress)

        return self._made.get((choice.a, choice.b, choice.runs, choice.robust), make)

    async def making(self, choice: Change, scheduler: Scheduler) -> AsyncIterator[Document]:
        """How far a brief has come, until it can be had at once; it ends if nobody listens any longer.

        Args:
            choice: the base and its change.
            scheduler: says when.
        """
        done = [0]
        work: Callable[[Checkpoint], Briefing] = lambda go_on: self.results(choice, go_on, done.append)  # noqa: E731
        task = asyncio.create_task(scheduler.background(work, long=True))
        try:
            while not task.done():
                yield {"done": done[-1]}
                await asyncio.wait([task], timeout=PATIENCE)
            if (error := task.exception()) is None:
                yield {"ready": True}
            else:
                yield {"failed": str(error) if isinstance(error, TverretatligError) else label("app.failed")}
        finally:
            task.cancel()


def overlay_file(form: Form, name: str) -> bytes:
    """The file that ``tverretatlig edit`` would write, to the byte.

    Args:
        form: what is changed.
        name: of the changed scenario.
    """
    since = form.choice.b.since or None
    return overlay_text(form.base, form.lines.values(), name, since=since).encode()


def restored(text: bytes, choice: Change, library: Library) -> Document:
    """The query of the form that a file such as ``overlay_file`` gives, or what is wrong with the file.

    Args:
        text: of the file, which is not kept.
        choice: whose language and theme the page has.
        library: what can be chosen.
    """
    name, problems = label("change.the_file"), list[Problem]()
    try:
        table = plain(table_of(text.decode(), Path(name)))
        found = checked(Overlay, {"name": name, **table}, Origin(name), problems)
    except (ScenarioError, UnicodeDecodeError) as error:
        return {"fault": label("change.file.wrong", reason=error)}
    if found is None or found.base not in library.scenarios:
        unknown = label("change.file.base") if found else joined("; ", map(str, problems))
        return {"fault": label("change.file.wrong", reason=unknown)}
    base = str(found.base)
    lines = tuple(line.text for line in lines_of(found.change))
    made = replace(choice, a=Arrangement(base), b=Arrangement(base, lines=lines, since=found.since or ""))
    stale = found.base_hash and found.base_hash != fingerprint(library.scenarios[base])[:HEX]
    return {"query": made.query(), "notice": label("change.file.stale") if stale else ""}
