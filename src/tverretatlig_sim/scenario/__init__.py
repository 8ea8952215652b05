"""Scenarios: what a user writes in TOML, read, composed, checked and resolved."""

from typing import TYPE_CHECKING

from tverretatlig_sim.lazy import names_from

if TYPE_CHECKING:
    from tverretatlig_sim.scenario.errors import Problem, ScenarioError
    from tverretatlig_sim.scenario.files import list_scenarios
    from tverretatlig_sim.scenario.load import load_scenario, with_levers, with_values
    from tverretatlig_sim.scenario.parameters import ParameterSpec, check_parameters, parameter_specs
    from tverretatlig_sim.scenario.quantity import Quantity
    from tverretatlig_sim.scenario.scenario import Scenario

__all__ = [
    "ParameterSpec",
    "Problem",
    "Quantity",
    "Scenario",
    "ScenarioError",
    "check_parameters",
    "list_scenarios",
    "load_scenario",
    "parameter_specs",
    "with_levers",
    "with_values",
]

__getattr__, __dir__ = names_from(
    __name__,
    {
        "ParameterSpec": "parameters",
        "Problem": "errors",
        "Quantity": "quantity",
        "Scenario": "scenario",
        "ScenarioError": "errors",
        "check_parameters": "parameters",
        "list_scenarios": "files",
        "load_scenario": "load",
        "parameter_specs": "parameters",
        "with_levers": "load",
        "with_values": "load",
    },
)
