"""Studies over many scenarios: what a difference between two of them is made of."""

from tverretatlig_sim.scenario.combine import hybrid
from tverretatlig_sim.scenario.fit import PARTS, Part
from tverretatlig_sim.study.explain import Explanation, explain

__all__ = ["PARTS", "Explanation", "Part", "explain", "hybrid"]
