"""A run of the reference, month by month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any

from tverretatlig_sim.scenario.history import phases
from tverretatlig_sim.scenario.parameters import parameter_specs

from .change import turned
from .entities import World
from .outcomes import Tally, outcomes
from .rules import PHASES

KINDS = {"ministry": "ministries", "agency": "agencies", "_": "world"}


def kind(rule: Callable[..., None]) -> str:
    """The kind of entity a rule is carried out for, as its second argument names it."""
    _, name = signature(rule).parameters
    return KINDS.get(name, f"{name}s")


MONTH = [(rule, kind(rule)) for rules in PHASES.values() for rule in rules]


class ReferenceModel:
    """One run; seed and run from 0 up to 2⁶⁴ (excluded), all parameters by name."""

    def __init__(
        self, scenario: Any, seed: int, run: int, parameters: Mapping[str, float], months: int | None = None
    ) -> None:
        self.changes = [*phases(scenario)]
        self.world = World(self.changes.pop(0)[1], seed, run, parameters, months)
        self.tally = Tally(self.world)

    def step(self) -> None:
        """Simulate one month."""
        while self.changes and self.world.index(self.changes[0][0]) == self.tally.months:
            self.world = turned(self.world, self.changes.pop(0)[1])
        self.world.month = self.tally.months
        for rule, who in MONTH:
            self.carry_out(rule, who)
        self.tally.observe(self.world)

    def carry_out(self, rule: Callable[..., None], who: str) -> None:
        """Carry out a rule for all entities of its kind."""
        for entity in self.world.all(who):
            rule(self.world, entity)

    def outcomes(self) -> dict[str, float]:
        """Outcomes of the months so far, by name; NaN where missing."""
        return outcomes(self.world, self.tally)


def default_parameters(scenario: Any = None) -> dict[str, float]:
    """All parameters by name: the defaults, replaced by what a scenario says."""
    own = {} if scenario is None else scenario.parameters
    specs = parameter_specs()
    return {name: float(own[name]) if name in own else spec.value for name, spec in specs.items()}
