"""One session of a study: who runs the tasks, what is still missing, and what is noted of it."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tverretatlig_sim.i18n import Message, _
from tverretatlig_sim.study.engine.pool import SerialExecutor, WorkerPool
from tverretatlig_sim.study.engine.runner import Progress, Report, Task, run_tasks
from tverretatlig_sim.study.engine.store import Store

AHEAD = 2
"""Tasks submitted for each of our own workers."""
FAR_AHEAD = 256
"""Tasks submitted to an executor whose number of workers we do not know."""

Say = Callable[[Message | str], None]
"""Takes warnings, one sentence each."""


@contextmanager
def folder_of(store: str | Path | None) -> Iterator[Path]:
    """The folder of a store; a folder of our own goes if anything goes wrong."""
    if store is not None:
        yield Path(store)
        return
    folder = Path(tempfile.mkdtemp())
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


@contextmanager
def executing(executor: Executor | None, workers: int, window: int | None) -> Iterator[tuple[Executor, int]]:
    """An executor, and the number of tasks to submit to it at a time."""
    if executor is not None:
        yield executor, window or FAR_AHEAD
    elif workers == 1:
        yield SerialExecutor(), 1
    else:
        pool = WorkerPool(workers)
        try:
            yield pool, window or AHEAD * workers
        finally:
            pool.shutdown(cancel_futures=True)


def told(warnings: Sequence[Message | str], warn: Say | None) -> Say:
    """Pass on warnings to who wants them; who takes more."""
    said = warn or (lambda warning: None)
    for warning in warnings:
        said(warning)
    return said


def run_missing(
    tasks: Sequence[Task],
    total: int,
    store: Store,
    executor: Executor,
    window: int,
    report: Report | None,
    warn: Say,
) -> None:
    """Run what is missing or damaged, and note the session in the manifest.

    Args:
        tasks: of the whole study.
        total: runs of the whole study.
        store: whose lock the caller holds.
        executor: runs the tasks.
        window: tasks submitted at a time, at most.
        report: called as tasks end, and once before.
        warn: takes a sentence on every damaged part.

    Raises:
        StoreError: the store cannot be written, or the executor has broken down.
    """
    began, clock = datetime.now(UTC), time.perf_counter()
    store.tidy()
    sound = _sound(tasks, store, warn)
    missing = [(name, spec) for name, spec in tasks if spec.key not in sound]
    stored = sum(spec.size for _, spec in tasks if spec.key in sound)
    progress = Progress(len(tasks), total, len(sound), stored)
    if report is not None:
        report(progress)
    if not missing:
        return
    progress = run_tasks(missing, store, executor, window, progress, report)
    store.add_session(
        {
            "began": began.isoformat(timespec="seconds"),
            "seconds": round(time.perf_counter() - clock, 3),
            "executor": type(executor).__name__,
            "tasks": progress.done,
            "runs": progress.done_runs,
            "failed": progress.failed,
        }
    )


def _sound(tasks: Sequence[Task], store: Store, warn: Say) -> set[str]:
    """Keys of the tasks whose parts are there and whole."""
    there = store.keys() & {spec.key for __, spec in tasks}
    damaged = store.damaged(sorted(there))
    for key, why in damaged.items():
        warn(_("{path}: {why}; computed again", path=store.path(key), why=why))
    return there - set(damaged)
