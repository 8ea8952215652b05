"""Events: the few (entity, run) pairs where something may happen, as lists instead of whole arrays."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.kernel.state import Array
from tverretatlig_sim.world.sparse import Integers


class Events:
    """Pairs of an entity and a run, shape (event,).

    Attributes:
        runs: number of runs in the block.
    """

    __slots__ = ("_place", "entity", "run", "runs")

    def __init__(self, entity: Integers, run: Integers, runs: int, place: Integers | None = None) -> None:
        """Pairs, and their places if they are known already; see ``at``."""
        self.entity, self.run, self.runs, self._place = entity, run, runs, place

    @classmethod
    def of(cls, flags: Array) -> Events:
        """Where flags of shape (entity, run) are set, in order of entity, then run."""
        runs = flags.shape[-1]
        place = flags.reshape(-1).nonzero()[0]
        entity = place // runs
        return Events(entity, place - entity * runs, runs, place)

    def __len__(self) -> int:
        """Number of events."""
        return len(self.run)

    def only(self, chosen: Array) -> Events:
        """Some of the events, by flags or by positions."""
        kept = chosen.nonzero()[0] if chosen.dtype == np.bool_ else chosen
        return Events(self.entity.take(kept), self.run.take(kept), self.runs)

    def at(self, relation: Integers | None = None) -> Integers:
        """Where to ``take`` from or ``put`` into an array of shape (entity, run).

        Args:
            relation: for each entity the one it relates to; default: the entity itself.
        """
        if relation is not None:
            return relation.take(self.entity) * self.runs + self.run
        if self._place is None:
            self._place = self.entity * self.runs + self.run
        return self._place
