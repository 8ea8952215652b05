"""The rules of the model, once: a list of rules for each of eight phases a month, on arrays (entity, run)."""

from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.month import RULES, advance, initial_state
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.rules import Rule, RuleSet, rule
from tverretatlig_sim.kernel.state import State, flow, stock

__all__ = [
    "RULES",
    "Draws",
    "Parameters",
    "Rule",
    "RuleSet",
    "State",
    "advance",
    "flow",
    "initial_state",
    "rule",
    "stock",
]
