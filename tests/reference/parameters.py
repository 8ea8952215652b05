"""A complete set of parameters."""

from __future__ import annotations

from tverretatlig_sim.scenario.parameters import parameter_specs
from tverretatlig_sim.scenario.scenario import Scenario


def default_parameters(scenario: Scenario | None = None) -> dict[str, float]:
    """All parameters by name: the defaults, replaced by what a scenario says."""
    values = {name: spec.value for name, spec in parameter_specs().items()}
    own = {} if scenario is None else scenario.parameters
    return values | {name: float(quantity) for name, quantity in own.items()}
