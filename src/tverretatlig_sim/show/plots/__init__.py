"""Figures: functions that take results, a scenario or a table and return a figure."""

from tverretatlig_sim.show.plots.differences import plot_differences, plot_robustness
from tverretatlig_sim.show.plots.ensembles import plot_frameworks, plot_funnel, plot_meetings, plot_series
from tverretatlig_sim.show.plots.gantt import plot_gantt
from tverretatlig_sim.show.plots.ranked import plot_pareto, plot_sobol, plot_tornado
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
