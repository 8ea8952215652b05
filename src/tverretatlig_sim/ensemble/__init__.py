"""Many runs: outcomes, monthly series, the funnel, traces, and paired comparison."""

from tverretatlig_sim.ensemble.compare import Comparison, compare
from tverretatlig_sim.ensemble.ensemble import Ensemble, simulate
from tverretatlig_sim.ensemble.readouts import frameworks

__all__ = ["Comparison", "Ensemble", "compare", "frameworks", "simulate"]
