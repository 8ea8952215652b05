"""Studies over many scenarios: what a difference between two of them is made of."""

from tverretatlig_sim.study.explain import Explanation, explain
from tverretatlig_sim.study.hybrid import hybrid
from tverretatlig_sim.study.parts import PARTS, Part

__all__ = ["PARTS", "Explanation", "Part", "explain", "hybrid"]
