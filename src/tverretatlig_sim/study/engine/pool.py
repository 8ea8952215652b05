"""Executors: in this process, or in worker processes of which one may die."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar

from tverretatlig_sim.i18n import _
from tverretatlig_sim.scenario.errors import at_least

P = ParamSpec("P")
T = TypeVar("T")

DEATHS = 2
"""Workers a task may cost before it is given up."""
HOPELESS = 5
"""Workers that may die before any of them has finished a task."""
NEVER = _(
    "worker processes end before they finish anything; a script that uses several must call the study inside "
    "“if __name__ == '__main__':”"
)


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


@dataclass(eq=False)
class _Job:
    """A call, the future its caller holds, and the number of workers it has cost."""

    call: _Call
    future: Future[Any]
    deaths: int = 0


@dataclass(frozen=True)
class _Call:
    """A call that can travel to another process."""

    fn: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def __call__(self) -> Any:  # noqa: ANN401
        return self.fn(*self.args, **self.kwargs)


class _Worker:
    """One process at a time, and what it is at. It ends when its leash is let go, however that happens."""

    def __init__(self) -> None:
        self.job: _Job | None = None
        self.start()

    def start(self) -> None:
        """Have a new process; it starts when it is first needed."""
        context = multiprocessing.get_context("spawn")
        end, self.leash = context.Pipe(duplex=False)
        self.pool = ProcessPoolExecutor(1, context, initializer=_hold, initargs=(end,))

    def submit(self, job: _Job) -> Future[Any]:
        """Begin a job."""
        self.job = job
        try:
            return self.pool.submit(job.call)
        except BrokenProcessPool:  # it died while it had nothing to do
            self.start()
            return self.pool.submit(job.call)


class WorkerPool(Executor):
    """Worker processes, each given one task at a time, so that it is known which task a dead one was at.

    A dead worker is replaced, and the task it was at tried once more; if that costs another worker, its
    future raises ``WorkerDiedError``. No other task is touched. Workers also end when this process is killed.
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
        self._lock = threading.RLock()
        self._closed = False
        self._succeeded = False
        self._deaths = 0
        self._waiting: deque[_Job] = deque()
        self._workers = [_Worker() for _ in range(workers)]

    def __len__(self) -> int:
        """Number of processes."""
        return len(self._workers)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue a call."""
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("cannot schedule new futures after shutdown")
            self._waiting.append(_Job(_Call(fn, args, kwargs), future))
            self._dispatch()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers: when everything is done or, with ``cancel_futures``, at once."""
        with self._lock:
            self._closed = True
            jobs = [worker.job for worker in self._workers if worker.job] + list(self._waiting)
            if cancel_futures:
                self._waiting.clear()
                for worker in self._workers:
                    worker.leash.close()
        for job in jobs if cancel_futures else ():
            job.future.cancel()
        if wait and not cancel_futures:
            _wait_for(jobs)
        for worker in self._workers:
            worker.pool.shutdown(wait=wait, cancel_futures=cancel_futures)
            worker.leash.close()

    def _dispatch(self) -> None:
        """Give idle workers something to do."""
        while self._waiting and (idle := [worker for worker in self._workers if worker.job is None]):
            worker, job = idle[0], self._waiting.popleft()
            worker.submit(job).add_done_callback(partial(self._finished, worker, job))

    def _finished(self, worker: _Worker, job: _Job, done: Future[Any]) -> None:
        error = None if done.cancelled() else done.exception()
        with self._lock:
            worker.job = None
            died = isinstance(error, BrokenProcessPool) and not self._closed
            self._succeeded |= not died
            if died:
                error = self._bury(worker, job)
            self._dispatch()
        if not died or error is not None:
            _settle(job.future, done, error)
        if isinstance(error, BrokenExecutor):
            self._give_up()

    def _bury(self, worker: _Worker, job: _Job) -> Exception | None:
        """Replace a dead worker and queue its job again; or the reason why not."""
        job.deaths += 1
        self._deaths += 1
        worker.start()
        if not self._succeeded and self._deaths >= HOPELESS:
            return BrokenExecutor(NEVER)
        if job.deaths >= DEATHS:
            said = _(
                "its worker process died {number} times (killed, out of memory, or crashed)",
                number=job.deaths,
            )
            return WorkerDiedError(said)
        self._waiting.appendleft(job)
        return None

    def _give_up(self) -> None:
        with self._lock:
            waiting = list(self._waiting)
            self._waiting.clear()
        for job in waiting:
            job.future.set_exception(BrokenExecutor(NEVER))


def _settle(future: Future[Any], done: Future[Any], error: BaseException | None) -> None:
    if done.cancelled():
        future.cancel()
    elif future.set_running_or_notify_cancel():
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(done.result())


def _wait_for(jobs: list[_Job]) -> None:
    wait([job.future for job in jobs])


def _hold(end: Connection) -> None:
    """In a worker: end with whoever holds the leash; leave Ctrl-C to them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_after, args=(end,), daemon=True).start()


def _end_after(end: Connection) -> None:
    end.poll(None)
    os._exit(1)
