"""Which levers can be pulled and which dials set on an arrangement as it is, and why the others cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tverretatlig_sim.app.choice import SIDES, Choice
from tverretatlig_sim.app.library import Arrangement, Library
from tverretatlig_sim.app.refusals import refusal
from tverretatlig_sim.app.settings import dial_of, setting
from tverretatlig_sim.app.shelf import Shelf
from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario.errors import ScenarioError
from tverretatlig_sim.scenario.levers import Dial, with_levers

KEPT = 256


@dataclass(frozen=True)
class Offer:
    """A lever's switch or a dial's slider.

    Attributes:
        lever: name of the lever or dial.
        on: whether it is pulled or set.
        refused: what came of trying to pull it besides those that are; None if it can be pulled.
    """

    lever: str
    on: bool
    refused: ScenarioError | None = None


class Offers:
    """Offers of a library's levers and dials, the latest of which are kept."""

    def __init__(self, library: Library) -> None:
        """Offer a library's levers and dials."""
        self._library = library
        self._kept: Shelf[Arrangement, tuple[Offer, ...]] = Shelf(KEPT)

    def get(self, arrangement: Arrangement) -> tuple[Offer, ...]:
        """One offer a lever and a dial."""
        return self._kept.get(arrangement, lambda: tuple(self._made(arrangement)))

    def _made(self, arrangement: Arrangement) -> Iterator[Offer]:
        for lever in self._library.levers:
            yield self._offer(arrangement, lever)
        for dial in self._library.dials.values():
            yield self._dial(arrangement, dial)

    def _dial(self, arrangement: Arrangement, dial: Dial) -> Offer:
        """Where a dial can be set to anything at all, it can be set; its slider finds out what is refused."""
        if any(dial_of(lever) == dial.name for lever in arrangement.levers):
            return Offer(dial.name, on=True)
        offer = self._offer(arrangement, setting(dial, dial.bounds.high))
        if offer.refused is not None:
            low = self._offer(arrangement, setting(dial, dial.bounds.low))
            offer = offer if low.refused is not None else low
        return replace(offer, lever=dial.name)

    def _offer(self, arrangement: Arrangement, lever: str) -> Offer:
        if lever in arrangement.levers:
            return Offer(lever, on=True)
        levers = [self._library.lever(name) for name in (*arrangement.levers, lever)]
        try:
            with_levers(self._library.scenarios[arrangement.scenario], *levers)
        except ScenarioError as error:
            return Offer(lever, on=False, refused=error)
        return Offer(lever, on=False)


def switches(choice: Choice, offers: Offers) -> dict[str, Any]:
    """What can be pulled and set on each side, by lever and dial."""
    return {side: {offer.lever: _switch(offer) for offer in offers.get(choice.side(side))} for side in SIDES}


def _switch(offer: Offer) -> dict[str, Any]:
    if offer.refused is None:
        return {"on": offer.on, "reason": ""}
    reason = refusal(offer.refused)
    return {"on": offer.on, "reason": label("app.not_here", reason=reason)}
