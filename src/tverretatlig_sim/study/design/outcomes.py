"""Names of the outcomes a study can record."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.ensemble.ensemble import resolve_parameters
from tverretatlig_sim.ensemble.run import begin
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.world import build_world


def outcome_names(scenario: Scenario) -> tuple[str, ...]:
    """Names of a scenario's outcomes, in the order of the ODD document."""
    world = build_world(scenario, 1)
    start = begin(world, resolve_parameters(scenario, None, 1), Draws(0, np.arange(1)), 1)
    return tuple(start.outcomes(world))
