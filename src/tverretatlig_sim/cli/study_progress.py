"""How far a study has come, how fast it goes and how long it will take, on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tverretatlig_sim.i18n import _, ngettext

if TYPE_CHECKING:
    from tverretatlig_sim.study.run import Progress


@contextmanager
def study_progress() -> Iterator[Callable[[Progress], None]]:
    """Show how far a study has come, how fast it goes, and how long it will take.

    Yields:
        A function to call with the progress whenever a task ends.
    """
    clock = time.perf_counter()
    with _study_bar(clock) if sys.stderr.isatty() else _study_lines(clock) as report:
        yield report


@contextmanager
def _study_bar(clock: float) -> Iterator[Callable[[Progress], None]]:
    from rich import progress as bars
    from rich.console import Console

    columns = (bars.BarColumn(), bars.TaskProgressColumn(), bars.TextColumn("{task.description}"))
    with bars.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def report(progress: Progress) -> None:
            finished = progress.stored_runs + progress.done_runs
            bar.update(task, total=progress.runs, completed=finished, description=_pace(progress, clock))

        yield report


@contextmanager
def _study_lines(clock: float) -> Iterator[Callable[[Progress], None]]:
    shown = -1

    def report(progress: Progress) -> None:
        nonlocal shown
        tenth = 10 * (progress.stored_runs + progress.done_runs) // progress.runs
        if tenth > shown:
            shown = tenth
            finished = progress.stored_runs + progress.done_runs
            said = str(_("{done} of {total} runs", done=finished, total=progress.runs))
            print(f"{said}{_pace(progress, clock)}", file=sys.stderr, flush=True)

    yield report


def _pace(progress: Progress, clock: float) -> str:
    """Rate, time left and failures; nothing before the first task has ended."""
    seconds = time.perf_counter() - clock
    failed = (
        str(ngettext(", {number} task failed", ", {number} tasks failed", progress.failed))
        if progress.failed
        else ""
    )
    if not progress.done_runs:
        return failed
    rate = progress.done_runs / seconds
    left = (progress.runs - progress.stored_runs - progress.done_runs) / rate
    return str(_(", {rate:.0f} runs/s, {time} left", rate=rate, time=_duration(left))) + failed


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
