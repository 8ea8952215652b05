"""Results are kept and computed once; the background pauses for readers and ends with the last of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from tverretatlig_sim.app.scheduler import (
    MOST_STREAMS,
    MOST_STREAMS_A_CLIENT,
    AbandonedError,
    Cache,
    Checkpoint,
    Scheduler,
    visitor,
)


def test_the_least_recently_used_makes_room() -> None:
    cache: Cache[int, int] = Cache(2)
    for key in (1, 2, 1, 3):
        cache.get(key, lambda key: key)
    assert [cache.get(key, lambda _: -1) for key in (1, 3, 2)] == [1, 3, -1]
    with ThreadPoolExecutor(8) as pool:  # a value may make room while another thread looks for it
        assert all(pool.map(lambda n: cache.get(n % 4, lambda key: key) in (n % 4, -1), range(4000)))


def test_threads_that_want_the_same_wait_for_the_first() -> None:
    cache: Cache[str, int] = Cache(4)
    together, made = Barrier(8), iter(range(8))

    def want(_: int) -> int:
        together.wait(10)
        return cache.get("same", lambda _: next(made))

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(want, range(8))) == {0}


def test_the_next_in_line_tries_if_the_first_failed() -> None:
    cache: Cache[str, int] = Cache(4)
    started, fail = Event(), Event()

    def failing(_: str) -> int:
        started.set()
        assert fail.wait(10)
        raise ValueError("failed")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(cache.get, "same", failing)
        assert started.wait(10)
        second = pool.submit(cache.get, "same", lambda _: 7)
        fail.set()
        with pytest.raises(ValueError, match="failed"):
            first.result(10)
        assert second.result(10) == 7


def test_the_background_pauses_for_readers_and_ends_with_its_task() -> None:
    entered, ended, order = Event(), Event(), list[str]()

    def work(checkpoint: Checkpoint) -> None:
        try:
            while True:
                checkpoint()
                entered.set()
        except AbandonedError:
            ended.set()
            raise

    def finish(checkpoint: Checkpoint) -> None:
        checkpoint()
        order.append("background")

    def read() -> None:
        Event().wait(0.2)
        order.append("interactive")

    async def scenario() -> None:
        scheduler = Scheduler()
        task = asyncio.create_task(scheduler.background(work))
        assert await asyncio.to_thread(entered.wait, 10)
        task.cancel()
        assert await asyncio.to_thread(ended.wait, 10)
        reading = asyncio.create_task(scheduler.interactive(read))
        await asyncio.sleep(0.05)
        await asyncio.gather(reading, scheduler.background(finish))

    asyncio.run(scenario())
    assert order == ["interactive", "background"]


@pytest.mark.parametrize(("alone", "most"), [(False, MOST_STREAMS), (True, MOST_STREAMS_A_CLIENT)])
def test_one_stream_too_many_is_told_to_wait(alone: bool, most: int) -> None:
    async def scenario() -> list[str]:
        scheduler, release = Scheduler(), asyncio.Event()

        async def events() -> AsyncIterator[str]:
            await release.wait()
            yield "event"

        async def collected(who: str) -> list[str]:
            visitor.set(who)
            return [event async for event in scheduler.stream(events(), "waiting")]

        whose = ["one" if alone else str(number) for number in range(most + 1)]
        tasks = [asyncio.create_task(collected(who)) for who in whose]
        await asyncio.sleep(0.05)
        release.set()
        return [event for events in await asyncio.gather(*tasks) for event in events]

    assert sorted(asyncio.run(scenario())) == ["event"] * (most + 1) + ["waiting"]


def test_a_stream_that_nobody_reads_lets_others_in() -> None:
    async def scenario() -> list[str]:
        scheduler = Scheduler()

        async def events() -> AsyncIterator[str]:
            yield "first"
            yield "last"

        unread = [scheduler.stream(events(), "waiting") for _ in range(MOST_STREAMS)]
        for number, stream in enumerate(unread):
            visitor.set(str(number))
            assert await anext(stream) == "first"
        seen = [event async for event in scheduler.stream(events(), "waiting")]
        return [*seen, *[await anext(stream) for stream in unread]]

    assert asyncio.run(scenario()) == ["waiting", "first", "last", *["last"] * MOST_STREAMS]


def test_who_asks_for_much_lets_others_in_between() -> None:
    order, gate = list[str](), Event()

    def make(what: str) -> None:
        assert gate.wait(10)
        order.append(what)

    async def scenario() -> None:
        scheduler = Scheduler()
        much = [asyncio.create_task(scheduler.interactive(lambda: make("much"))) for _ in range(20)]
        visitor.set("another")
        little = asyncio.create_task(scheduler.interactive(lambda: make("little")))
        await asyncio.sleep(0.1)
        gate.set()
        await asyncio.gather(*much, little)

    asyncio.run(scenario())
    assert order.index("little") < 10
