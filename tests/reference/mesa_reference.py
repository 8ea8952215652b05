"""The scalar reference as a Mesa model in Mesa's usual style: the baseline of the speed comparison.

Ministries and agencies are Mesa agents; forums, projects and recommendations are their environment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import mesa
from mesa.agent import AgentSet

from .entities import Entity, World, mean
from .model import MONTH, ReferenceModel


class Actor(mesa.Agent):
    """A ministry or an agency."""

    def __init__(self, model: MesaReference, entity: Entity) -> None:
        super().__init__(model)
        self.world, self.entity = model.world, entity

    def act(self, rule: Callable[[World, Entity], None]) -> None:
        """Follow a rule of the reference."""
        rule(self.world, self.entity)


class MesaReference(mesa.Model):
    """One run as a Mesa model; arguments as for `ReferenceModel`."""

    def __init__(self, scenario: Any, seed: int, run: int, parameters: Mapping[str, float]) -> None:
        super().__init__(rng=seed)
        self.reference = ReferenceModel(scenario, seed, run, parameters)
        self.world = self.reference.world
        self.actors = {
            kind: AgentSet([Actor(self, entity) for entity in self.world.all(kind)], random=self.random)
            for kind in ("ministries", "agencies")
        }
        reporters = {"mean_trust": _mean_trust, "implemented": _implemented}
        self.datacollector = mesa.DataCollector(model_reporters=reporters)
        self.datacollector.collect(self)

    def step(self) -> None:
        """Simulate one month."""
        self.world.month = self.reference.tally.months
        for rule, who in MONTH:
            if who in self.actors:
                self.actors[who].do("act", rule)
            else:
                self.reference.carry_out(rule, who)
        self.reference.tally.observe(self.world)
        self.datacollector.collect(self)


def _mean_trust(model: MesaReference) -> float:
    return mean((tie.trust for tie in model.world.all("ties")), 0.0)


def _implemented(model: MesaReference) -> int:
    return sum(r.implemented_at >= 0 for r in model.world.all("recommendations"))
