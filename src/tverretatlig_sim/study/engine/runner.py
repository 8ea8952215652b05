"""Running tasks: a bounded window of them, failures as records, every part stored as soon as it is there."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from tverretatlig_sim.i18n import _
from tverretatlig_sim.study.engine.errors import StoreError
from tverretatlig_sim.study.engine.statistics import Part
from tverretatlig_sim.study.engine.store import Store
from tverretatlig_sim.study.engine.task import TaskSpec, run_task

Task = tuple[str, TaskSpec]
"""An arrangement and a task in it."""


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


Report = Callable[[Progress], None]
"""Called whenever a task has finished or failed."""


def run_tasks(
    tasks: Iterable[Task],
    store: Store,
    executor: Executor,
    window: int,
    progress: Progress,
    report: Report | None = None,
) -> Progress:
    """Run tasks and store what they give.

    Args:
        tasks: what is still to be done.
        store: takes parts and failures.
        executor: runs the tasks.
        window: tasks submitted at a time, at most.
        progress: how far the study had come before.
        report: called as tasks end.

    Returns:
        How far it has come.

    Raises:
        StoreError: the store cannot be written, or the executor has broken down. Nothing stored is lost.
    """
    remaining, pending = iter(tasks), dict[Future[Part], Task]()
    try:
        while _fill(pending, remaining, executor, window) or pending:
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                progress = _take(future, pending.pop(future), store, progress)
                if report is not None:
                    report(progress)
    except BrokenExecutor as error:
        reason = str(error) or type(error).__name__
        what = _("{folder}: the executor has broken down: {reason}", folder=store.folder, reason=reason)
        advice = _("Finished parts are kept. Start it again, then resume.")
        raise StoreError(what, advice, system=True) from error
    finally:
        for future in pending:
            future.cancel()
    return progress


def _fill(
    pending: dict[Future[Part], Task], remaining: Iterator[Task], executor: Executor, window: int
) -> bool:
    """Submit tasks until the window is full; whether there were any."""
    chosen = list(islice(remaining, window - len(pending)))
    for task in chosen:
        pending[executor.submit(run_task, task[1])] = task
    return bool(chosen)


def _take(future: Future[Part], task: Task, store: Store, progress: Progress) -> Progress:
    name, spec = task
    try:
        part = future.result()
    except BrokenExecutor:
        raise
    except (Exception, CancelledError) as error:
        store.fail(spec.key, failure_record(name, spec, error))
        return replace(progress, failed=progress.failed + 1)
    store.write(spec.key, part)
    return replace(progress, done=progress.done + 1, done_runs=progress.done_runs + spec.size)


def failure_record(name: str, spec: TaskSpec, error: BaseException) -> dict[str, Any]:
    """Which task failed, and why."""
    last = spec.first_point + len(spec.values) - 1
    reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return {
        "arrangement": name,
        "points": [spec.first_point, last],
        "runs": [spec.first_run, spec.last_run - 1],
        "reason": reason,
        "traceback": "".join(traceback.format_exception(error)),
    }
