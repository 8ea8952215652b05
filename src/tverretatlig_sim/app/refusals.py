"""Why something cannot be pulled, in the language of the page: the one place where the app says so."""

from __future__ import annotations

from tverretatlig_sim.scenario.errors import ScenarioError


def refusal(error: ScenarioError) -> str:
    """Why a lever or a dial cannot be pulled.

    Args:
        error: what came of pulling it.
    """
    return str(error.problems[0].what)
