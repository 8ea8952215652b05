"""Work shared out to worker processes: to how many, where that pays, and to a pool of which one may die."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial, wraps
from importlib import import_module
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar

from tverretatlig_sim.errors import TverretatligError
from tverretatlig_sim.i18n import _
from tverretatlig_sim.inputs import whole
from tverretatlig_sim.own import OWN, Packed

P = ParamSpec("P")
T = TypeVar("T")
J = TypeVar("J")

VARIABLE = "TVERRETATLIG_WORKERS"
MOST = 10_000
PAYS, PAYS_STARTED = 4.0, 0.5
"""Seconds of work in one process from which on it is shared out: to workers that are yet to be started, which
takes one or two, and to those that are there."""
DEATHS = 2
"""Worker processes a task may cost before it is given up."""
AHEAD = 2
"""Tasks submitted for each of our own workers."""
FAR_AHEAD = 256
"""Tasks submitted to an executor whose number of workers is not known."""
IDLE = 120
"""Seconds after which a worker without work ends; another is started when there is some."""
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Environment of workers: the cores belong to the processes, not to the linear algebra of each."""

_asked: ContextVar[int | None] = ContextVar("workers", default=None)
_pools: dict[int, WorkerPool] = {}
_lock = threading.Lock()


# --- how many


@contextmanager
def using(workers: int | None) -> Iterator[None]:
    """Share work out to so many processes at most; 1: to none, None: as is usual.

    Raises:
        ValueError: it is no such number.
    """
    if workers is None:
        yield
        return
    token = _asked.set(whole("workers", workers, 1, MOST))
    try:
        yield
    finally:
        _asked.reset(token)


def sharing(function: Callable[P, T]) -> Callable[P, T]:
    """Make a function's argument ``workers``, given by name, count for all that it calls."""

    @wraps(function)
    def call(*args: P.args, **named: P.kwargs) -> T:
        with using(named.get("workers")):  # type: ignore[arg-type]
            return function(*args, **named)

    return call


def most_workers() -> int:
    """Processes to share work out to, at most.

    As many as ``using`` or the variable ``TVERRETATLIG_WORKERS`` says, else one a core that this process may
    use (affinity, limits of its container); 1 in a worker process, a Dask task, or a worker of pytest-xdist
    that was not asked for more.

    Raises:
        ValueError: the variable does not hold such a number.
    """
    if parent_process() is not None or _in_dask_task():
        return 1
    if (asked := _asked.get()) is not None:
        return asked
    if "PYTEST_XDIST_WORKER" in os.environ:
        return 1
    if given := os.environ.get(VARIABLE):
        return whole(VARIABLE, int(given) if given.isdecimal() else given, 1, MOST)
    from loky import cpu_count

    return int(cpu_count())


def _in_dask_task() -> bool:
    distributed = sys.modules.get("distributed")
    try:
        return distributed is not None and distributed.get_worker() is not None
    except (AttributeError, ValueError):
        return False


def workers_for(seconds: float) -> int:
    """Processes for work that would take so long in one: 1 where more would not pay."""
    return most_workers() if seconds >= (PAYS_STARTED if _pools else PAYS) else 1


def start_workers(module: str) -> None:
    """Start workers ahead of long work, and have each load a module."""
    if (workers := most_workers()) > 1:
        with kept_pool(workers) as pool:
            for _worker in range(workers):
                pool.submit(import_module, module)


# --- sharing out


def share_out(function: Callable[[J], T], jobs: Iterable[J], workers: int) -> Iterator[T]:
    """What a function makes of every job, in order, made here or by worker processes that are kept.

    Args:
        function: is given a job; both travel to the workers, with all that the user has in use.
        jobs: taken as they are needed.
        workers: processes; 1: everything is done here, as is what cannot travel unless they were asked for.

    Raises:
        WorkerDiedError: a job ended its worker each time it was tried.
        ValueError: the function cannot travel.
    """
    there = None if workers == 1 else _travelling(function)
    if there is None:
        yield from map(function, jobs)
        return
    pending = deque[Future[T]]()
    with kept_pool(workers) as pool:
        try:
            for job in jobs:
                if len(pending) >= AHEAD * workers:
                    yield pending.popleft().result()
                pending.append(pool.submit(there, job))
            while pending:
                yield pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()


def _travelling(function: Callable[[J], T]) -> Callable[[J], T] | None:
    """A function with all that is in use; None where it cannot go to workers that nobody asked for."""
    try:
        packed = Packed.of((function, {kind: dict(own) for kind, own in OWN.items() if own}))
    except ValueError:
        if _asked.get() is not None:
            raise
        return None
    return partial(_there, packed)


def _there(packed: Packed, job: Any) -> Any:  # noqa: ANN401
    """In a worker: put to use what the user has in use, and do a job."""
    function, own = packed.unpacked()
    for kind in {*OWN, *own}:
        OWN[kind].clear()
        OWN[kind].update(own.get(kind, {}))
    return function(job)


@contextmanager
def kept_pool(workers: int) -> Iterator[WorkerPool]:
    """The pool of so many processes, kept for further work; ended at once if this fails or is stopped."""
    with _lock:
        if workers not in _pools:
            _pools[workers] = WorkerPool(workers)
        pool = _pools[workers]
    try:
        yield pool
    except GeneratorExit:  # nobody wants the rest
        raise
    except BaseException:
        with _lock:
            if _pools.get(workers) is pool:
                del _pools[workers]
        pool.shutdown(cancel_futures=True)
        raise


@atexit.register
def end_pools() -> None:
    """End all workers that are kept."""
    while _pools:
        _pools.popitem()[1].shutdown(cancel_futures=True)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pools.clear)  # threads do not live on in a fork


# --- executors


class WorkerDiedError(TverretatligError):
    """A task that ended its worker process each time it was tried."""

    system = True


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
        from loky.backend import get_context

        super().__init__(whole("workers", workers, 1, MOST), thread_name_prefix="tverretatlig-worker")
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

            # A worker keeps worlds and freed memory; where loky restarts it for that, nothing is lost.
            warnings.filterwarnings("ignore", "A worker was restarted", UserWarning)
            self._mine.process = ProcessPoolExecutor(
                1, timeout=IDLE, initializer=_hold, initargs=(self._far_end,), env=ONE_THREAD
            )
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
        with kept_pool(workers) as pool:
            yield pool, window or AHEAD * workers
