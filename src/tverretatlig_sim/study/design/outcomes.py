"""Names of the outcomes a study can record."""

from __future__ import annotations

from tverretatlig_sim.ensemble import ensemble
from tverretatlig_sim.ensemble.ensemble import resolve_parameters
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.world import build_world


def outcome_names(scenario: Scenario) -> tuple[str, ...]:
    """Names of a scenario's outcomes, in the order of the ODD document."""
    return ensemble.outcome_names(build_world(scenario, 1), resolve_parameters(scenario, None, 1))
