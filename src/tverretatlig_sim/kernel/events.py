"""Events: the few (entity, run) pairs where something may happen, as lists instead of whole arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tverretatlig_sim.kernel.state import Array
from tverretatlig_sim.world.sparse import Integers


@dataclass(frozen=True)
class Events:
    """Pairs of an entity and a run, shape (event,).

    Attributes:
        runs: number of runs in the block.
    """

    entity: Integers
    run: Integers
    runs: int

    @classmethod
    def of(cls, flags: Array) -> Events:
        """Where flags of shape (entity, run) are set, in order of entity, then run."""
        runs = flags.shape[-1]
        place = flags.reshape(-1).nonzero()[0]
        entity = place // runs
        return cls(entity, place - entity * runs, runs)

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
        return self._place if relation is None else relation.take(self.entity) * self.runs + self.run

    @cached_property
    def _place(self) -> Integers:
        return self.entity * self.runs + self.run
