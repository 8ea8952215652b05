"""Small changes of a resolved scenario, each named, for experiments with all else equal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tverretatlig_sim.scenario import Scenario

Change = Callable[[Scenario], Scenario]


def unchanged(scenario: Scenario) -> Scenario:
    """The scenario as it is."""
    return scenario


@dataclass(frozen=True, eq=False)
class Variation:
    """A named change of a scenario and of parameters.

    Two variations are the same only if they are the same object: an ensemble is kept for each.

    Attributes:
        name: what is changed, in words.
        change: of the scenario.
        parameters: values that replace those of every parameter set.
    """

    name: str
    change: Change = unchanged
    parameters: Mapping[str, float] = field(default_factory=dict)


def variation(
    name: str, change: Change | None = None, parameters: Mapping[str, float] | None = None
) -> Variation:
    """Name a change of a scenario, of parameters, or of both."""
    return Variation(name, change or unchanged, dict(parameters or {}))
