"""Scheduling: interactive requests first, batches in the background; and a bounded cache for both."""

from __future__ import annotations

from asyncio import Semaphore, get_running_loop
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Hashable
from contextvars import ContextVar
from threading import Condition, Event, Lock
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from tverretatlig_sim.errors import TverretatligError

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

INTERACTIVE_THREADS = 2
MOST_STREAMS, MOST_STREAMS_A_CLIENT = 8, 4
"""Pages whose bands are computed in turn, of all and of one address; others wait for one of them to end."""
PATIENCE = 0.5
"""Time in seconds after which a page that has not taken what was computed for it lets another one in."""
LONGEST_PAUSE = 0.5
"""Longest time in seconds for which a month of a batch waits for interactive requests."""

visitor: ContextVar[str] = ContextVar("visitor", default="")
"""For whom this request is; who asks for much does not keep others waiting for more than a turn."""

Checkpoint = Callable[[], None]
"""Called between the months of a simulation; ends it by raising ``AbandonedError``."""


class AbandonedError(TverretatligError):
    """Nobody waits for this result any longer."""


class Cache(Generic[K, V]):
    """Keeps the most recently used values; threads that ask for the same one wait for the first of them."""

    def __init__(self, size: int) -> None:
        """Make an empty cache.

        Args:
            size: values kept, at least 1.
        """
        self._size = size
        self._values: OrderedDict[K, V] = OrderedDict()
        self._making: dict[K, Lock] = {}
        self._lock = Lock()

    def __contains__(self, key: K) -> bool:
        with self._lock:
            return key in self._values

    def get(self, key: K, make: Callable[[K], V]) -> V:
        """The value of a key, made of it if it is not there; if that fails, the next thread in line tries."""
        with self._lock:
            making = self._making.setdefault(key, Lock())
        with making:
            try:
                with self._lock:
                    if key in self._values:
                        self._values.move_to_end(key)
                        return self._values[key]
                value = make(key)
                with self._lock:
                    self._values[key] = value
                    while len(self._values) > self._size:
                        self._values.popitem(last=False)
                return value
            finally:
                with self._lock:
                    self._making.pop(key, None)


class Scheduler:
    """Runs functions in a bounded number of threads: interactive ones at once, one in the background."""

    def __init__(self) -> None:
        self._interactive = CapacityLimiter(INTERACTIVE_THREADS)
        self._background, self._long = CapacityLimiter(1), CapacityLimiter(1)
        self._streams = Semaphore(MOST_STREAMS)
        self._turns: WeakValueDictionary[tuple[str, int], Semaphore] = WeakValueDictionary()
        self._running = 0
        self._changed = Condition()

    async def interactive(self, make: Callable[[], V]) -> V:
        """Do something that somebody waits for; the background pauses meanwhile."""
        async with self._turn(INTERACTIVE_THREADS):
            return await run_sync(self._counted, make, limiter=self._interactive)

    async def background(self, make: Callable[[Checkpoint], V], *, long: bool = False) -> V:
        """Do something that yields to interactive requests, and ends if the task that awaits it is cancelled.

        Args:
            make: calls the checkpoint it is given often.
            long: whether it may take a minute; others then do not queue behind it.
        """
        cancelled = Event()

        def checkpoint() -> None:
            with self._changed:
                self._changed.wait_for(lambda: not self._running, LONGEST_PAUSE)
            if cancelled.is_set():
                raise AbandonedError

        try:
            return await run_sync(
                make, checkpoint, abandon_on_cancel=True, limiter=self._long if long else self._background
            )
        finally:
            cancelled.set()

    async def stream(self, events: AsyncIterator[V], waiting: V) -> AsyncIterator[V]:
        """A stream of events; a limited number of them run at a time.

        Args:
            events: what the stream consists of.
            waiting: event that comes first if the stream must wait for others to end.
        """
        place = _Place(self._turn(MOST_STREAMS_A_CLIENT), self._streams)
        if place.taken:
            yield waiting
        await place.take()
        try:
            async for event in events:
                lending = get_running_loop().call_later(PATIENCE, place.leave)
                try:
                    yield event
                finally:
                    lending.cancel()
                await place.take()
        finally:
            place.leave()

    def _turn(self, most: int) -> Semaphore:
        """What lets the visitor do so many things at once; kept as long as somebody holds it."""
        return self._turns.setdefault((visitor.get(), most), Semaphore(most))

    def _counted(self, make: Callable[[], V]) -> V:
        with self._changed:
            self._running += 1
        try:
            return make()
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()


class _Place:
    """A place among a client's own and one among all, which can be left and taken again."""

    def __init__(self, own: Semaphore, shared: Semaphore) -> None:
        self._own, self._shared, self._held = own, shared, False

    @property
    def taken(self) -> bool:
        """Whether one must wait for it."""
        return self._own.locked() or self._shared.locked()

    async def take(self) -> None:
        if not self._held:
            await self._own.acquire()
            try:
                await self._shared.acquire()
            except BaseException:
                self._own.release()
                raise
            self._held = True

    def leave(self) -> None:
        if self._held:
            self._own.release()
            self._shared.release()
            self._held = False
