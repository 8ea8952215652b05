"""Running a study: a bounded window of tasks, failures as records, every part kept as soon as it is there."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice

import pandas as pd

from tverretatlig_sim.i18n import _
from tverretatlig_sim.scenario.files import shown
from tverretatlig_sim.study.store import Document, Memory, Store, StoreError
from tverretatlig_sim.study.task import Task, run_task


@dataclass(frozen=True)
class Progress:
    """How far a study has come.

    Attributes:
        tasks, runs: in all.
        stored, stored_runs: finished before this session began.
        done, done_runs: finished in this session.
        failed: tasks that failed in this session.
    """

    tasks: int
    runs: int
    stored: int = 0
    stored_runs: int = 0
    done: int = 0
    done_runs: int = 0
    failed: int = 0


OnProgress = Callable[[Progress], None]
"""Called whenever a task has finished or failed."""
Warn = Callable[[str], None]
"""Takes warnings, one sentence each."""


def run_missing(
    tasks: Sequence[Task],
    store: Store | Memory,
    executor: Executor,
    window: int,
    on_progress: OnProgress,
    warn: Warn,
) -> None:
    """Run what is missing or damaged, and note the session in the manifest.

    Args:
        tasks: of the whole study.
        store: takes parts and failures; the caller holds its lock.
        executor: runs the tasks.
        window: tasks submitted at a time, at most.
        on_progress: called once before, and as tasks end.
        warn: takes a sentence on every damaged part.

    Raises:
        StoreError: the store cannot be written, or the executor has broken down. Nothing stored is lost.
    """
    began, clock = datetime.now(UTC), time.perf_counter()
    sound = _sound(tasks, store, warn)
    missing = [task for task in tasks if task.key not in sound]
    stored = sum(task.size for task in tasks if task.key in sound)
    progress = Progress(len(tasks), sum(task.size for task in tasks), len(sound), stored)
    on_progress(progress)
    for reached in _run(missing, store, executor, window, progress):
        progress = reached
        on_progress(progress)
    if missing and isinstance(store, Store):
        store.manifest["sessions"].append(
            {
                "began": began.isoformat(timespec="seconds"),
                "seconds": round(time.perf_counter() - clock, 3),
                "executor": type(executor).__name__,
                "tasks": progress.done,
                "runs": progress.done_runs,
                "failed": progress.failed,
            }
        )
        store.save()


def _sound(tasks: Sequence[Task], store: Store | Memory, warn: Warn) -> set[str]:
    """Keys of the tasks whose parts are there and whole."""
    there = store.keys() & {task.key for task in tasks}
    if isinstance(store, Memory):
        return there
    store.tidy()
    damaged = store.damaged(sorted(there))
    for key, why in damaged.items():
        warn(str(_("{path}: {why}; computed again", path=shown(store.path(key)), why=why)))
    return there - set(damaged)


def _run(
    tasks: Iterable[Task], store: Store | Memory, executor: Executor, window: int, progress: Progress
) -> Iterator[Progress]:
    """Run tasks and keep what they give; yields how far the study has come."""
    remaining, pending = iter(tasks), dict[Future[pd.DataFrame], Task]()
    try:
        while True:
            for task in islice(remaining, window - len(pending)):
                pending[executor.submit(run_task, task)] = task
            if not pending:
                return
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                progress = _take(future, pending.pop(future), store, progress)
                yield progress
    except BrokenExecutor as error:
        reason = str(error) or type(error).__name__
        folder = shown(store.folder) if isinstance(store, Store) else _("the study")
        what = _("{folder}: the executor has broken down: {reason}", folder=folder, reason=reason)
        advice = _("Finished parts are kept. Start it again, then resume.")
        raise StoreError(what, advice, system=True) from error
    finally:
        for future in pending:
            future.cancel()


def _take(future: Future[pd.DataFrame], task: Task, store: Store | Memory, progress: Progress) -> Progress:
    try:
        part = future.result()
    except BrokenExecutor:
        raise
    except (Exception, CancelledError) as error:
        store.fail(task.key, _failure(task, error))
        return replace(progress, failed=progress.failed + 1)
    store.write(task.key, part)
    return replace(progress, done=progress.done + 1, done_runs=progress.done_runs + task.size)


def _failure(task: Task, error: BaseException) -> Document:
    """Which task failed, and why."""
    return {
        **task.place(),
        "reason": f"{type(error).__name__}: {error}" if str(error) else type(error).__name__,
        "traceback": "".join(traceback.format_exception(error)),
    }
