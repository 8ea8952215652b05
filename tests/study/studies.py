"""Studies that take a fraction of a second, tasks that go wrong, and executors that watch."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pandas as pd

from tverretatlig_sim import Study, study_of
from tverretatlig_sim.study.task import Task, run_task

TABLE: dict[str, Any] = {
    "name": "tiny",
    "arrangements": ["pure-network", "0-24-2015"],
    "runs": 5,
    "months": 8,
    "seed": 7,
    "parameters": {"line_drop": [0.0, 0.05, 0.1], "turnover": {"low": 0.0, "high": 0.1}},
    "design": {"kind": "grid", "levels": 2},
    "record": {"outcomes": ["drafted", "trust_mean", "implemented_rate", "attendance_core"]},
}
"""6 points × 2 arrangements × 5 runs; one outcome is never defined after 8 months."""
SMALL = 5
"""Runs of a task of one point: 12 tasks in all."""


def tiny(**changes: Any) -> Study:
    """The tiny study, changed."""
    return study_of({**TABLE, **changes})


def hits(task: Task) -> bool:
    """Whether a task holds point 2 of the tiny study."""
    return 2 in task.points


def raising(task: Task) -> pd.DataFrame:
    """Fails on point 2."""
    if hits(task):
        raise ZeroDivisionError("no such luck")
    return run_task(task)


def refusing(task: Task) -> pd.DataFrame:
    """Always fails."""
    raise RuntimeError("not now")


def dying(task: Task) -> pd.DataFrame:
    """Takes its process with it on point 2."""
    if hits(task):
        os.kill(os.getpid(), signal.SIGKILL)
    return run_task(task)


def dying_once(folder: str, task: Task) -> pd.DataFrame:
    """Takes its process with it on point 2, the first time."""
    mark = Path(folder) / task.key
    if hits(task) and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return run_task(task)


class Instead(Executor):
    """Runs another function instead of the one submitted, and counts."""

    def __init__(self, inner: Executor, run: Callable[[Task], pd.DataFrame]) -> None:
        self.inner = inner
        self.run = run
        self.submitted = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.submitted += 1
        return self.inner.submit(self.run, *args, **kwargs)
