"""What was computed is kept, within bounds, and computed once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from tverretatlig_sim.app.shelf import Shelf


def test_the_least_recently_used_makes_room() -> None:
    shelf: Shelf[int, int] = Shelf(2)
    for key in (1, 2, 1, 3):
        shelf.get(key, lambda key=key: key)  # type: ignore[misc]
    assert len(shelf) == 2
    assert [shelf.get(key, lambda: -1) for key in (1, 3)] == [1, 3]
    assert shelf.get(2, lambda: -1) == -1


def test_threads_that_want_the_same_wait_for_the_first() -> None:
    shelf: Shelf[str, int] = Shelf(4)
    together, made = Barrier(8), []

    def make() -> int:
        made.append(1)
        return len(made)

    def want(_: int) -> int:
        together.wait(10)
        return shelf.get("same", make)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(want, range(8))) == {1}


def test_who_waited_tries_anew_if_the_first_failed() -> None:
    shelf: Shelf[str, int] = Shelf(4)
    started, fail = Event(), Event()

    def failing() -> int:
        started.set()
        assert fail.wait(10)
        raise ValueError("given up")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(shelf.get, "same", failing)
        assert started.wait(10)
        second = pool.submit(shelf.get, "same", lambda: 7)
        fail.set()
        with pytest.raises(ValueError, match="given up"):
            first.result(10)
        assert second.result(10) == 7
