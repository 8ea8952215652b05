"""Patterns: what the sources report, as checks on ensembles over parameter sets."""

from tverretatlig_sim.study.patterns.context import Context
from tverretatlig_sim.study.patterns.evaluation import Finding, evaluate, evaluate_switched, table
from tverretatlig_sim.study.patterns.pattern import Pattern, Switch, Text, switch
from tverretatlig_sim.study.patterns.registry import load_module, patterns, register
from tverretatlig_sim.study.patterns.variations import Variation, variation

__all__ = [
    "Context",
    "Finding",
    "Pattern",
    "Switch",
    "Text",
    "Variation",
    "evaluate",
    "evaluate_switched",
    "load_module",
    "patterns",
    "register",
    "switch",
    "table",
    "variation",
]
