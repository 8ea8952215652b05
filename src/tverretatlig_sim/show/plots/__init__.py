"""Figures: functions that take an ensemble, a comparison, a scenario or a table and return a figure."""

from tverretatlig_sim.show.plots.bars import plot_sobol, plot_tornado
from tverretatlig_sim.show.plots.differences import plot_differences
from tverretatlig_sim.show.plots.frameworks import plot_frameworks
from tverretatlig_sim.show.plots.funnel import plot_funnel
from tverretatlig_sim.show.plots.gantt import plot_gantt
from tverretatlig_sim.show.plots.meetings import plot_meetings
from tverretatlig_sim.show.plots.pareto import plot_pareto
from tverretatlig_sim.show.plots.robustness import plot_robustness
from tverretatlig_sim.show.plots.series import plot_series
from tverretatlig_sim.show.plots.structure import plot_structure
from tverretatlig_sim.show.plots.style import save_figure
from tverretatlig_sim.show.plots.trust import plot_trust

__all__ = [
    "plot_differences",
    "plot_frameworks",
    "plot_funnel",
    "plot_gantt",
    "plot_meetings",
    "plot_pareto",
    "plot_robustness",
    "plot_series",
    "plot_sobol",
    "plot_structure",
    "plot_tornado",
    "plot_trust",
    "save_figure",
]
