"""Figures: functions that take an ensemble or a comparison and return a matplotlib figure."""

from tverretatlig_sim.show.plots.differences import plot_differences
from tverretatlig_sim.show.plots.funnel import plot_funnel
from tverretatlig_sim.show.plots.series import plot_series
from tverretatlig_sim.show.plots.style import save_figure

__all__ = ["plot_differences", "plot_funnel", "plot_series", "save_figure"]
