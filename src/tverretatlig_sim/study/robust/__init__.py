"""Comparisons over all parameter sets that agree with the evidence."""

from tverretatlig_sim.study.robust.compare import RobustComparison, compare_robustly
from tverretatlig_sim.study.robust.explain import RobustExplanation, explain_robustly
from tverretatlig_sim.study.robust.retain import History, match_history
from tverretatlig_sim.study.robust.store import Stored, read_stored, stored_sets, write_stored

__all__ = [
    "History",
    "RobustComparison",
    "RobustExplanation",
    "Stored",
    "compare_robustly",
    "explain_robustly",
    "match_history",
    "read_stored",
    "stored_sets",
    "write_stored",
]
