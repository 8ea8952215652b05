"""Simulate how government agencies coordinate on wicked problems.

Names load when first used, so that light uses stay light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tverretatlig_sim.ensemble import Comparison, Ensemble, compare, simulate
    from tverretatlig_sim.kernel import PHASES
    from tverretatlig_sim.mesa_model import CoordinationModel
    from tverretatlig_sim.scenario import Scenario, ScenarioError, list_scenarios, load_scenario

__version__ = "0.1.0"

_HOME = {
    "Comparison": "ensemble",
    "CoordinationModel": "mesa_model",
    "Ensemble": "ensemble",
    "PHASES": "kernel",
    "Scenario": "scenario",
    "ScenarioError": "scenario",
    "compare": "ensemble",
    "list_scenarios": "scenario",
    "load_scenario": "scenario",
    "simulate": "ensemble",
}

__all__ = [
    "PHASES",
    "Comparison",
    "CoordinationModel",
    "Ensemble",
    "Scenario",
    "ScenarioError",
    "__version__",
    "compare",
    "list_scenarios",
    "load_scenario",
    "simulate",
]


def __getattr__(name: str) -> object:
    """Import a public name from its home."""
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Public names."""
    return sorted(__all__)
