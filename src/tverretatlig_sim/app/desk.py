"""Who computes when: single histories at once, bands in the background, and nothing that nobody waits for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from threading import Condition, Event
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from tverretatlig_sim.app.bands import Block, Blocks, GivenUpError, Span, spans
from tverretatlig_sim.app.choice import SIDES, Choice, Side, months
from tverretatlig_sim.app.frames import Histories
from tverretatlig_sim.app.frameworks import Given, Givens
from tverretatlig_sim.app.library import Library
from tverretatlig_sim.app.offers import Offers
from tverretatlig_sim.app.spread import spread
from tverretatlig_sim.app.view import Document

T = TypeVar("T")

STREAMS = 8
"""Pages whose bands are computed in turn; the others wait for one of them to end."""
COURTESY = 0.5
"""Longest time in seconds for which a month of the bands waits for single histories."""


class Desk:
    """Does what the pages ask for, a bounded number of things at a time."""

    def __init__(self, library: Library) -> None:
        """Open it.

        Args:
            library: what can be chosen.
        """
        self.library = library
        self.histories = Histories(library)
        self.offers = Offers(library)
        self._blocks, self._givens = Blocks(library), Givens(library)
        self._at_once, self._background = CapacityLimiter(2), CapacityLimiter(1)
        self._streams = asyncio.Semaphore(STREAMS)
        self._quiet = _Quiet()

    async def at_once(self, make: Callable[[], T]) -> T:
        """Do something that somebody looks at; the bands wait meanwhile."""
        return await run_sync(self._quiet.during, make, limiter=self._at_once)

    async def bands(self, choice: Choice) -> AsyncIterator[str]:
        """Server-sent events: what is known after each block, or that others are before us.

        Ends early, and with it the simulation, if whoever reads it goes away.
        """
        if self._streams.locked():
            yield _event({"waiting": True})
        async with self._streams:
            gone = Event()
            try:
                blocks: dict[Side, list[Block]] = {side: [] for side in SIDES}
                length = months(choice, self.library)
                for first, end in spans(choice.runs):
                    for side in SIDES:
                        span = Span(choice.side(side), length, choice.seed, first, end)
                        blocks[side].append(await self._block(span, gone))
                    yield _event(await run_sync(self._spread, choice, blocks, length))
            finally:
                gone.set()

    def _spread(self, choice: Choice, blocks: Mapping[Side, Sequence[Block]], length: int) -> Document:
        givens: dict[Side, Given] = {side: self._givens.get(choice.side(side), length) for side in SIDES}
        return spread(choice, blocks, givens)

    async def _block(self, span: Span, gone: Event) -> Block:
        def given_up() -> bool:
            self._quiet.wait(COURTESY)
            return gone.is_set()

        while True:
            try:
                return await run_sync(
                    self._blocks.get, span, given_up, abandon_on_cancel=True, limiter=self._background
                )
            except GivenUpError:  # somebody else's, who was computing the same block
                await asyncio.sleep(0)


class _Quiet:
    """Lets the background wait while something urgent is done."""

    def __init__(self) -> None:
        self._urgent = 0
        self._changed = Condition()

    def during(self, make: Callable[[], T]) -> T:
        with self._changed:
            self._urgent += 1
        try:
            return make()
        finally:
            with self._changed:
                self._urgent -= 1
                self._changed.notify_all()

    def wait(self, longest: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._urgent, longest)


def _event(document: object) -> str:
    return f"data: {json.dumps(document, allow_nan=False)}\n\n"
