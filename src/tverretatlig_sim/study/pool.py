"""Executors: in this process, or in worker processes of which one may die."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar

from tverretatlig_sim.i18n import _
from tverretatlig_sim.scenario.errors import at_least

P = ParamSpec("P")
T = TypeVar("T")

DEATHS = 2
"""Worker processes a task may cost before it is given up."""
AHEAD = 2
"""Tasks submitted for each of our own workers."""
FAR_AHEAD = 256
"""Tasks submitted to an executor whose number of workers is not known."""


class WorkerDiedError(Exception):
    """A task that ended its worker process each time it was tried."""


class SerialExecutor(Executor):
    """Runs what is submitted at once, in this process."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The finished future of a call."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class WorkerPool(ThreadPoolExecutor):
    """Threads that each hold one worker process of loky's, so that it is known which task a dead one had.

    A pool of several loky processes fails as a whole when one of them dies. Here the task of a dead worker is
    tried once more in a new process; if that costs another worker, its future raises ``WorkerDiedError``. No
    other task is touched. Workers also end when this process is killed. No ``__main__`` guard is needed, and
    functions defined in a notebook can be submitted.
    """

    def __init__(self, workers: int) -> None:
        """Begin with as many processes, started when first needed.

        Args:
            workers: number of processes, at least 1.

        Raises:
            ValueError: if it is less.
        """
        if workers < 1:
            raise ValueError(at_least("workers", workers, 1))
        from loky.backend import get_context

        super().__init__(workers, thread_name_prefix="tverretatlig-worker")
        self._mine = threading.local()
        self._processes: list[Executor] = []
        self._stopped = False
        self._far_end, self._leash = get_context().Pipe(duplex=False)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue a call."""
        return super().submit(self._run, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers: when everything is done or, with ``cancel_futures``, at once."""
        if cancel_futures:
            self._stopped = True
            self._leash.close()
        super().shutdown(wait=wait, cancel_futures=cancel_futures)
        for process in self._processes:
            process.shutdown(wait=wait)
        self._leash.close()

    def _run(self, fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
        """In a thread: have its process make the call, and replace the process if it dies."""
        for _attempt in range(DEATHS):
            try:
                return self._process().submit(fn, *args, **kwargs).result()
            except BrokenProcessPool:
                self._processes.remove(self._mine.process)
                self._mine.process = None
                if self._stopped:
                    break
        raise WorkerDiedError(
            _("its worker process died {number} times (killed, out of memory, or crashed)", number=DEATHS)
        )

    def _process(self) -> Executor:
        """The process of this thread."""
        if getattr(self._mine, "process", None) is None:
            from loky import ProcessPoolExecutor

            self._mine.process = ProcessPoolExecutor(1, initializer=_hold, initargs=(self._far_end,))
            self._processes.append(self._mine.process)
        process: Executor = self._mine.process
        return process


def _hold(far_end: Connection) -> None:
    """In a worker: end when the other end of the pipe is closed or its process dies; ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(far_end,), daemon=True).start()


def _end_with(far_end: Connection) -> None:
    far_end.poll(None)
    os._exit(1)


@contextmanager
def executing(executor: Executor | None, workers: int, window: int | None) -> Iterator[tuple[Executor, int]]:
    """An executor, and the number of tasks to submit to it at a time.

    Args:
        executor: somebody else's; it is not shut down.
        workers: processes of our own, if there is no other executor; 1: none, everything is run here.
        window: tasks to submit at a time, if given.
    """
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
