"""What matters in a study: sensitivity, dependence, conditions, and how many runs it takes.

Every function takes a tidy table, the names of its factors and the name of an outcome, and returns a tidy
table. See ``response`` for what the table must hold.
"""

from tverretatlig_sim.study.analysis.convergence import convergence
from tverretatlig_sim.study.analysis.dependence import dependence
from tverretatlig_sim.study.analysis.discovery import Discovery, discover
from tverretatlig_sim.study.analysis.morris import morris
from tverretatlig_sim.study.analysis.noise import noise
from tverretatlig_sim.study.analysis.pawn import pawn
from tverretatlig_sim.study.analysis.response import paired
from tverretatlig_sim.study.analysis.sobol import sobol

__all__ = [
    "Discovery",
    "convergence",
    "dependence",
    "discover",
    "morris",
    "noise",
    "paired",
    "pawn",
    "sobol",
]
