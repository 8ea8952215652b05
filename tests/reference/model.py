"""A run of the reference, month by month."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from inspect import signature
from typing import Any

from tverretatlig_sim.scenario.parameters import parameter_specs

from .entities import World
from .outcomes import Tally, outcomes
from .rules import PHASES

PLURALS = {
    "ministry": "ministries", "agency": "agencies", "forum": "forums", "secretariat": "secretariats",
    "project": "projects", "recommendation": "recommendations", "tie": "ties",
}  # fmt: skip


def kind(rule: Callable[..., None]) -> str | None:
    """The kind of entity a rule is carried out for, as its second argument names it; None: once."""
    _, *of = signature(rule).parameters
    return PLURALS[of[0]] if of else None


MONTH = [(rule, kind(rule)) for rules in PHASES.values() for rule in rules]


class ReferenceModel:
    """One run."""

    def __init__(self, scenario: Any, seed: int, run: int, parameters: Mapping[str, float]) -> None:
        """Set up the start state; seed and run from 0 up to 2⁶⁴ (excluded), all parameters by name."""
        self.world = World(scenario, seed, run, parameters)
        self.tally = Tally(self.world)

    def step(self) -> None:
        """Simulate one month."""
        self.world.month = self.tally.months
        for rule, who in MONTH:
            self.carry_out(rule, who)
        self.tally.observe(self.world)

    def carry_out(self, rule: Callable[..., None], who: str | None) -> None:
        """Carry out a rule for all entities of its kind, in order of names."""
        for entity in () if who is None else getattr(self.world, who).values():
            rule(self.world, entity)
        if who is None:
            rule(self.world)

    def outcomes(self) -> dict[str, float]:
        """Outcomes of the months so far, by name; NaN where missing."""
        return outcomes(self.world, self.tally)


def run_reference(
    scenario: Any, *, seed: int, run: int, months: int, parameters: Mapping[str, float]
) -> Iterator[ReferenceModel]:
    """The model of one run after each of some months."""
    model = ReferenceModel(scenario, seed, run, parameters)
    for _ in range(months):
        model.step()
        yield model


def default_parameters(scenario: Any = None) -> dict[str, float]:
    """All parameters by name: the defaults, replaced by what a scenario says."""
    own = {} if scenario is None else scenario.parameters
    specs = parameter_specs()
    return {name: float(own[name]) if name in own else spec.value for name, spec in specs.items()}
