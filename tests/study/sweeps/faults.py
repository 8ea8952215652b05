"""Tasks that go wrong, and executors that watch: importable, so that worker processes find them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

from tverretatlig_sim.study.engine.statistics import Part
from tverretatlig_sim.study.engine.task import TaskSpec, run_task


def hits(spec: TaskSpec) -> bool:
    """Whether a task holds point 2 of the tiny study."""
    return 2 in spec.points


def raising(spec: TaskSpec) -> Part:
    """Fails on point 2."""
    if hits(spec):
        raise ZeroDivisionError("no such luck")
    return run_task(spec)


def dying(spec: TaskSpec) -> Part:
    """Takes its process with it on point 2."""
    if hits(spec):
        os.kill(os.getpid(), signal.SIGKILL)
    return run_task(spec)


def dying_once(folder: str, spec: TaskSpec) -> Part:
    """Takes its process with it on point 2, the first time."""
    mark = Path(folder) / spec.key
    if hits(spec) and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return run_task(spec)


class Instead(Executor):
    """Runs another function instead of the one submitted, and counts."""

    def __init__(self, inner: Executor, run: Callable[[TaskSpec], Part]) -> None:
        self.inner = inner
        self.run = run
        self.submitted = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.submitted += 1
        return self.inner.submit(self.run, *args, **kwargs)
