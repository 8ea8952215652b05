"""Which levers can be pulled on an arrangement as it is, and why the others cannot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tverretatlig_sim.app.choice import SIDES, Choice
from tverretatlig_sim.app.library import Arrangement, Library
from tverretatlig_sim.app.refusals import refusal
from tverretatlig_sim.app.shelf import Shelf
from tverretatlig_sim.scenario.errors import ScenarioError
from tverretatlig_sim.show.labels import Language, label

KEPT = 256


@dataclass(frozen=True)
class Offer:
    """A lever's switch.

    Attributes:
        lever: name of the lever.
        on: whether it is pulled.
        refused: what came of trying to pull it besides those that are; None if it can be pulled.
    """

    lever: str
    on: bool
    refused: ScenarioError | None = None


class Offers:
    """Offers of a library's levers, the latest of which are kept."""

    def __init__(self, library: Library) -> None:
        """Offer a library's levers."""
        self._library = library
        self._kept: Shelf[Arrangement, tuple[Offer, ...]] = Shelf(KEPT)

    def get(self, arrangement: Arrangement) -> tuple[Offer, ...]:
        """One offer a lever, by name."""
        return self._kept.get(
            arrangement, lambda: tuple(self._offer(arrangement, lever) for lever in self._library.levers)
        )

    def _offer(self, arrangement: Arrangement, lever: str) -> Offer:
        if lever in arrangement.levers:
            return Offer(lever, on=True)
        levers = [self._library.levers[name] for name in (*arrangement.levers, lever)]
        try:
            self._library.scenarios[arrangement.scenario].with_levers(*levers)
        except ScenarioError as error:
            return Offer(lever, on=False, refused=error)
        return Offer(lever, on=False)


def switches(choice: Choice, offers: Offers) -> dict[str, Any]:
    """What can be pulled on each side, by lever."""
    return {
        side: {offer.lever: _switch(offer, choice.lang) for offer in offers.get(choice.side(side))}
        for side in SIDES
    }


def _switch(offer: Offer, lang: Language) -> dict[str, Any]:
    if offer.refused is None:
        return {"on": offer.on, "reason": ""}
    reason = refusal(offer.refused, lang)
    return {"on": offer.on, "reason": label("app.not_here", lang).format(reason=reason)}
