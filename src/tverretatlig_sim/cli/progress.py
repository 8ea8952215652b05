"""How far a simulation has come, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from tverretatlig_sim.i18n import Message, _

RUNS = _("runs")


@contextmanager
def progress(total: int | None, what: Message | str = RUNS) -> Iterator[Callable[[int], None]]:
    """Show how many runs are finished: a bar on a terminal, else a line for every tenth.

    Args:
        total: runs of all scenarios together; None if nobody knows.
        what: they are counted in, if not runs.

    Yields:
        A function to call with the number of runs finished since the last call.
    """
    with _bar(total) if sys.stderr.isatty() else _lines(total, what) as report:
        yield report


@contextmanager
def _bar(total: int | None) -> Iterator[Callable[[int], None]]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(str(_("Simulating")), total=total)
        yield lambda finished: bar.advance(task, finished)


@contextmanager
def _lines(total: int | None, what: Message | str) -> Iterator[Callable[[int], None]]:
    done, often = 0, 5000 if total is None else total / 10

    def report(finished: int) -> None:
        nonlocal done
        before, done = done, done + finished
        if before // often < done // often:
            print(str(_simulated(done, total, what)), file=sys.stderr, flush=True)

    yield report


def _simulated(done: int, total: int | None, what: Message | str) -> Message | str:
    if total is None:
        return _("Simulated {done} {what}", done=done, what=what)
    return _("Simulated {done} of {total} {what}", done=done, total=total, what=what)


@contextmanager
def progress_of_total() -> Iterator[Callable[[int, int], None]]:
    """Progress of runs whose number is known only when the first are finished."""
    with ExitStack() as stack:
        bars: list[Callable[[int], None]] = []

        def report(finished: int, total: int) -> None:
            if not bars:
                bars.append(stack.enter_context(progress(total)))
            bars[0](finished)

        yield report
