"""Scenarios: what a user writes in TOML, read, composed, checked and resolved."""

from tverretatlig_sim.scenario.errors import Problem, ScenarioError
from tverretatlig_sim.scenario.load import list_scenarios, load_scenario
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
]
