"""Names of the outcomes a study can record."""

from __future__ import annotations

from tverretatlig_sim.ensemble.outcomes import OUTCOMES
from tverretatlig_sim.scenario import Scenario


def outcome_names(scenario: Scenario) -> tuple[str, ...]:
    """Names of a scenario's outcomes, in the order of the ODD document."""
    return tuple(OUTCOMES)
